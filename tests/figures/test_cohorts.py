import pandas as pd
import pytest

from ties.figures.cohorts import draw_cohorts
from ties.schema.vocabulary import STATUSES


def cohorts(*rows: dict, decades: tuple) -> pd.DataFrame:
    columns = ["n", "n_possible", *STATUSES]
    columns += [f"{name}_{end}" for name in ("alive", "stopped") for end in ("lower", "upper")]
    index = pd.Index(decades, dtype="Int64", name="decade")
    return pd.DataFrame([*rows], index=index).reindex(columns=columns).fillna(0).astype("Int64")


@pytest.fixture
def table() -> pd.DataFrame:
    return cohorts(
        {"n": 4, "n_possible": 5, "active": 1, "suspended": 3, "alive_lower": 1, "alive_upper": 1}
        | {"stopped_lower": 3, "stopped_upper": 3},
        {"n": 0, "n_possible": 1},
        {"n": 2, "n_possible": 2, "no_information": 1, "alive_upper": 2},
        decades=(1990, 2000, pd.NA),
    )


def heights(ax, code):
    return [
        bar.get_height() for group in ax.containers if group.get_label() == code for bar in group
    ]


def test_bars_are_the_shares_of_each_decade(table):
    ax = draw_cohorts(table)
    assert heights(ax, "active") == [0.25, 0, 0]
    assert heights(ax, "suspended") == [0.75, 0, 0]
    assert heights(ax, "no_information") == [0, 0, 1]


def test_counts_stand_in_the_bars_and_n_below_them(table):
    ax = draw_cohorts(table)
    assert [text.get_text() for text in ax.texts] == ["1", "1", "3"]
    below = [label.get_text() for label in ax.get_xticklabels()]
    assert below == ["1990s\nn = 4\nto 5", "2000s\nn = 0\nto 1", "not one\ndecade\nn = 2"]


def test_the_rest_stands_apart_from_the_decades(table):
    places = draw_cohorts(table).get_xticks()
    assert places[2] - places[1] > places[1] - places[0]


def test_a_span_shows_what_may_be_alive_only_where_it_is_open(table):
    (spans,) = [c for c in draw_cohorts(table).collections if c.get_label() == "may be alive"]
    assert [span.tolist() for span in spans.get_segments()] == [[[201.92, 0.0], [201.92, 1.0]]]


def test_the_title_says_what_is_certain_of_the_fullest_decade(table):
    title = " ".join(draw_cohorts(table).get_title(loc="left").split())
    assert title == (
        "Of 4 ties certainly founded in the 1990s, at least 3 were suspended or ended, "
        "and at least 1 alive"
    )
    undated = draw_cohorts(table[table.index.isna()]).get_title(loc="left")
    assert undated == "No tie is certainly of one decade"
