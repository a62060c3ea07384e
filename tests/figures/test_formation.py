import pandas as pd
from matplotlib.axes import Axes

from ties.bounds import Bounds
from ties.figures.formation import draw_formation


def per_year(certain: list[int], possible: list[int], n_open: int = 0) -> pd.DataFrame:
    index = pd.Index([*range(1988, 1988 + len(certain)), pd.NA], dtype="Int64", name="year")
    columns = {"n_certain": [*certain, n_open], "n_possible": [*possible, n_open]}
    return pd.DataFrame(columns, index=index)


def share(n: int, n_in: int, n_unknown: int) -> Bounds:
    ids = [str(i) for i in range(n_in + n_unknown)]
    upper = (n_in + n_unknown) / n
    return Bounds(n_in / n, upper, n, tuple(ids[:n_in]), tuple(ids[n_in:]))


def title(ax: Axes) -> str:
    return " ".join(ax.get_title(loc="left").split())


def heights(ax: Axes, label: str) -> float:
    return sum(bar.get_height() for c in ax.containers if c.get_label() == label for bar in c)


def test_the_title_says_the_share_with_its_bounds():
    drawn = draw_formation(per_year([1, 2, 3], [1, 4, 5]), share=share(10, 3, 4))
    assert title(drawn) == "Of 10 ties, 3 to 7 (30% to 70%) were founded in the 1990s"


def test_the_title_has_one_number_where_nothing_is_unknown():
    drawn = draw_formation(per_year([1], [1]), share=share(4, 1, 0), decade=1980)
    assert title(drawn) == "Of 4 ties, 1 (25%) was founded in the 1980s"


def test_without_a_share_the_title_names_the_fullest_year_or_years():
    assert title(draw_formation(per_year([1, 3], [1, 3]))) == "At least 3 ties were founded in 1989"
    even = title(draw_formation(per_year([2, 2], [2, 2])))
    assert even == "At least 2 ties each were founded in 1988 and 1989"
    flat = title(draw_formation(per_year([1] * 5, [1] * 5)))
    assert flat == "5 years have 1 certain founding each, and none has more"
    vague = title(draw_formation(per_year([0, 0], [1, 1])))
    assert vague == "No tie can be dated to a single year"


def test_solid_bars_add_up_to_the_ties_placed_and_outlines_to_the_rest():
    ax = draw_formation(per_year([1, 2, 0], [2, 2, 3], n_open=4))
    assert heights(ax, "certain") == 3
    assert heights(ax, "possible") == 4


def test_the_block_of_the_undated_has_their_number_as_its_area():
    ax = draw_formation(per_year([1, 20], [1, 20], n_open=30))
    block = next(patch for patch in ax.patches if patch.get_label() == "undated")
    assert abs(block.get_width() * block.get_height() - 30) < 1e-9
    assert block.get_x() > 1990
    assert any("30 ties" in text.get_text() for text in ax.texts)
    assert max(ax.get_xticks()) < block.get_x()


def test_no_ties_and_all_undated_draw_an_empty_frame_that_says_so():
    assert title(draw_formation(per_year([], []))) == "No ties to draw"
    ax = draw_formation(per_year([0], [0], n_open=7))
    assert title(ax) == "None of 7 ties has a known date of founding"
    assert [text.get_text() for text in ax.texts] == ["no ties"]


def test_a_year_that_is_not_over_is_hatched():
    ax = draw_formation(per_year([1], [1]), open_year=1990)
    assert any(patch.get_hatch() for patch in ax.patches)
    assert ax.get_xlim()[1] > 1990
