import pandas as pd
import pytest
from matplotlib.axes import Axes
from tests.factory import make_dataset

from ties.figures.stock import draw_stock
from ties.figures.style import STATUS_COLOURS
from ties.lifecycle.episodes import lifecycle
from ties.schema.vocabulary import STATUSES
from ties.stats.decline import observation, stock_by_status


def stock(**columns: list[int]) -> pd.DataFrame:
    n_years = len(next(iter(columns.values())))
    table = pd.DataFrame(0, index=pd.RangeIndex(2000, 2000 + n_years), columns=[*STATUSES])
    table = table.assign(**columns)
    return table.assign(total=table.sum(axis=1))


def title(ax: Axes) -> str:
    return " ".join(ax.get_title(loc="left").split())


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (
            {"active": [3, 1], "revived": [0, 1], "dormant": [0, 4]},
            "Of 6 ties, 2 were known to be alive in 2001",
        ),
        (
            {"active": [5, 5, 0], "no_information": [0, 0, 7]},
            "Of 7 ties, no sign of life was known in 2002; of 7 there is no information",
        ),
        (
            {"active": [2, 2], "suspended": [0, 1]},
            "Of 3 ties, 2 were known to be alive in 2001",
        ),
        (
            {"active": [0, 1]},
            "Of 1 tie, 1 was known to be alive in 2001",
        ),
        ({"dormant": [1]}, "Of 1 tie, no sign of life was known in 2000"),
        ({"dormant": [1, 1]}, "Of 1 tie, no sign of life was known in 2001"),
        ({"active": [0, 0]}, "No ties to draw"),
    ],
)
def test_the_title_follows_the_table(columns: dict[str, list[int]], expected: str):
    assert title(draw_stock(stock(**columns))) == expected


def test_steps_that_are_only_days_of_observation_are_marked():
    events = [("t0", "1991-05-01", "founded", "both")]
    events += [(f"t{i}", "2016-09-12", "listed", "none") for i in range(1, 6)]
    record = make_dataset(events, searches=[("t1", "2026-11-01"), ("t2", "2026-11-01")])
    episodes = lifecycle(record)
    seen = observation(episodes)
    assert seen["named"][seen["named"] > 0].to_dict() == {2016: 5}
    assert seen["searched"][seen["searched"] > 0].to_dict() == {2026: 2}
    table = stock_by_status(episodes)
    assert table["dormant"].sum() == 0 and table["no_information"].iloc[-1] == 6
    ax = draw_stock(table, observed=seen)
    marked = {tuple(line.get_xdata()) for line in ax.lines if line.get_marker() in ("v", "^")}
    assert marked == {(2016,), (2026,)}
    words = " ".join(text.get_text() for text in ax.texts)
    assert "first names so many" in words and "searches of 2026" in words


def test_the_bars_of_each_year_add_up_to_the_total():
    table = stock(active=[3, 1], dormant=[0, 2], no_information=[1, 4], terminated=[0, 1])
    ax = draw_stock(table)
    drawn = pd.DataFrame({c.get_label(): [b.get_height() for b in c] for c in ax.containers})
    assert drawn.sum(axis=1).tolist() == table["total"].tolist()
    tops = [max(c[year].get_y() + c[year].get_height() for c in ax.containers) for year in (0, 1)]
    assert tops == table["total"].tolist()


def test_no_information_is_a_hatched_band_of_its_own():
    ax = draw_stock(stock(active=[1], no_information=[2]))
    band = next(c for c in ax.containers if c.get_label() == "no_information")
    assert band[0].get_hatch()
    assert len(set(STATUS_COLOURS.values())) == len(STATUS_COLOURS)


def test_every_status_that_ever_was_is_named_with_its_last_number():
    ax = draw_stock(stock(active=[3, 0], dormant=[0, 3]))
    labels = [text.get_text() for text in ax.texts]
    assert "Active 0" in labels
    assert "Dormant 3" in labels
    assert not any("Revived" in label for label in labels)


def test_a_table_without_rows_draws_an_empty_frame():
    assert title(draw_stock(stock(active=[]))) == "No ties to draw"
