import pandas as pd
from matplotlib.axes import Axes

from ties.figures.coverage import draw_coverage


def coverage(**columns: list[int]) -> pd.DataFrame:
    n_years = len(next(iter(columns.values())))
    table = pd.DataFrame(columns, index=pd.RangeIndex(2019, 2019 + n_years))
    table.attrs = {"as_of": "2022-06-01"}
    return table


def title(ax: Axes) -> str:
    return " ".join(ax.get_title(loc="left").split())


def test_the_bars_of_a_row_add_up_to_its_column_and_start_at_its_base():
    table = coverage(news=[1, 8, 0], paper=[0, 1, 1], blog=[0, 0, 0])
    ax = draw_coverage(table)
    rows = {c.get_label(): c for c in ax.containers}
    assert {k: sum(b.get_height() for b in c) for k, c in rows.items()} == {"news": 9, "paper": 2}
    news_top = max(bar.get_y() + bar.get_height() for bar in rows["paper"])
    assert news_top <= min(bar.get_y() for bar in rows["news"])  # rows do not overlap


def test_the_title_names_the_leading_kind_and_year():
    one = title(draw_coverage(coverage(news=[1, 4], paper=[0, 1])))
    assert one == "Most evidence comes from news (5 events), and most is about 2020"
    even = title(draw_coverage(coverage(news=[1, 0], paper=[0, 1])))
    assert (
        even
        == "Most evidence comes from news and paper (1 event each), and most is about 2019 and 2020"
    )


def test_the_last_two_years_are_marked_as_of_the_day_looked_from():
    ax = draw_coverage(coverage(news=[1, 4]))
    band = next(patch for patch in ax.patches if patch.get_label() == "incomplete")
    assert (band.get_x(), band.get_x() + band.get_width()) == (2020.5, 2022.5)


def test_no_events_draw_an_empty_frame():
    assert title(draw_coverage(coverage(news=[0, 0]))) == "No events to draw"
    assert title(draw_coverage(coverage(news=[]))) == "No events to draw"


def test_a_kind_that_nobody_stated_has_a_name():
    ax = draw_coverage(coverage(not_stated=[2]))
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Kind not stated (2)"]
