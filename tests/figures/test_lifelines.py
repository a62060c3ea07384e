import pandas as pd
import pytest
from matplotlib.axes import Axes

from ties.figures.lifelines import draw_lifelines, layout, story_order
from ties.figures.style import MIN_TEXT


def title(ax: Axes) -> str:
    return " ".join(ax.get_title(loc="left").split())


def bars(ax: Axes, label: str) -> list[tuple[float, float]]:
    found = [bar for c in ax.containers if c.get_label() == label for bar in c]
    return [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in found]


def segments(ax: Axes, label: str) -> list:
    return [s for c in ax.collections if c.get_label() == label for s in c.get_segments()]


def test_each_tie_that_stands_has_one_row(episodes, events, tie_table):
    ax = draw_lifelines(episodes, events, tie_table)
    assert len(ax.get_yticks()) == tie_table["status"].notna().sum() == 3
    assert sum(len(bars(ax, state)) for state in episodes["state"].unique()) == len(episodes)


def test_the_title_counts_the_living_and_the_returned(episodes, events, tie_table):
    expected = (
        "Of 3 ties, 1 is known to be alive on 2023-01-03; 1 has come back to life at some time"
    )
    assert title(draw_lifelines(episodes, events, tie_table)) == expected
    fallen = tie_table.assign(status=tie_table["status"].replace({"revived": "suspended"}))
    never = episodes.assign(state=episodes["state"].replace({"revived": "suspended"}))
    assert title(draw_lifelines(never, events, fallen)) == (
        "Of 3 ties, none is known to be alive on 2023-01-03; no return to life is on record"
    )


def test_a_selection_says_that_it_is_one(episodes, events, tie_table):
    ax = draw_lifelines(episodes, events, tie_table, first=1)
    assert title(ax).startswith("Of 1 of the 3 ties, 1 is known")
    assert [label.get_text() for label in ax.get_yticklabels()] == ["Magadan – Cañon City"]
    ax = draw_lifelines(episodes, events, tie_table, only=["c-izhevsk", "b-tomsk"])
    assert len(ax.get_yticks()) == 2


def test_a_line_runs_to_the_day_looked_from(episodes, events, tie_table):
    ax = draw_lifelines(episodes, events, tie_table)
    assert bars(ax, "no_information")[0][1] == pytest.approx(2023, abs=0.01)


def test_an_uncertain_start_has_a_lead_in_and_an_unknown_one_a_dotted_one(
    episodes, events, tie_table
):
    ax = draw_lifelines(episodes, events, tie_table)
    assert len(segments(ax, "bounded start")) == 2  # a month in 1991, and the 1990s
    (unknown,) = segments(ax, "open start")
    assert unknown[1][0] == pytest.approx(2016.33, abs=0.01)


def test_rows_stand_by_status_then_by_founding_with_the_undated_last(tie_table):
    same = tie_table.assign(status="active").assign(status=lambda t: t["status"].astype("str"))
    assert story_order(tie_table)["tie_id"].tolist() == ["a-magadan", "b-tomsk", "c-izhevsk"]
    assert story_order(same)["tie_id"].tolist()[-1] == "d-sochi"


def test_names_are_never_read_as_mathematics_and_keep_their_letters(episodes, events, tie_table):
    ax = draw_lifelines(episodes, events, tie_table)
    ax.get_figure().canvas.draw()
    labels = {label.get_text(): label for label in ax.get_yticklabels()}
    assert "Томск – A_$B$ and $x_1$" in labels
    assert not any(label.get_parse_math() for label in labels.values())


def test_no_events_and_no_ties_draw_too(episodes, events, tie_table):
    assert len(draw_lifelines(episodes, events.head(0), tie_table).get_yticks()) == 3
    ax = draw_lifelines(episodes.head(0), events.head(0), tie_table.head(0))
    assert title(ax) == "No ties to draw"


def test_a_hundred_and_forty_names_stay_readable(tie_table):
    many = pd.concat([tie_table.head(1)] * 140, ignore_index=True)
    many["tie_id"] = [f"tie-{i}" for i in range(140)]
    room = layout(many)
    per_row = (room.height - room.top - room.bottom) / 140
    assert per_row * 72 > MIN_TEXT * 1.1
