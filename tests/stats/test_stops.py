"""Stops after a day: who counts, when each came, and whose act it was."""

import pandas as pd
import pytest
from tests.factory import make_dataset

from ties.stats.stops import days_to, stop_curve, stops

DAY = "2022-02-24"
EVENTS = [
    ("council", "1990-01-01", "founded", "both"),
    ("council", "2022-02-28", "suspended", "b"),
    ("vague", "1990-01-01", "founded", "both"),
    ("vague", "2022-01/2022-06-30", "terminated", "a"),
    ("told", "1990-01-01", "founded", "both"),
    ("told", "2023-02-24", "reported", "none", None, "suspended"),
    ("silent", "1990-01-01", "founded", "both"),
    ("gone", "1990-01-01", "founded", "both"),
    ("gone", "2014-03-18", "suspended", "b"),
    ("later", "2024-01-01", "founded", "both"),
    ("back", "1990-01-01", "founded", "both"),
    ("back", "2022-03-01", "suspended", "a"),
    ("back", "2023-03-01", "reinstated", "a"),
]


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    return stops(make_dataset(EVENTS), DAY, "2026-02-24")


def test_ties_that_had_stopped_or_did_not_yet_stand_are_left_out(found):
    assert [*found.index] == ["back", "council", "silent", "told", "vague"]


def test_an_act_lies_between_the_days_of_its_date_and_a_report_after_the_first_day(found):
    days = found[["days_earliest", "days_latest"]].apply(tuple, axis=1).to_dict()
    assert days == {
        "back": (5, 5),
        "council": (4, 4),
        "silent": (1461, 1461),
        "told": (0, 365),
        "vague": (0, 126),
    }
    assert found["event"].to_dict() == {
        "back": "suspended",
        "council": "suspended",
        "silent": "censored",
        "told": "suspended",
        "vague": "terminated",
    }
    assert found.loc[["silent", "told", "vague"], "basis"].tolist() == ["", "report", "act"]
    assert found.index[found["is_since"]].tolist() == ["back", "council"]


def test_whose_act_it_was(found):
    assert found["side"].to_dict()["council"] == "b"
    assert found.loc[["silent", "told"], ["side", "actor_kind"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("actor", "kind"),
    [
        ("Berkeley City Council", "council"),
        ("mayor with the council alliance", "mayor"),
        ("Board of Supervisors", "council"),
        ("city", "government"),
        (None, "government"),
    ],
)
def test_the_first_word_that_names_a_body_says_what_it_is(actor, kind):
    record = make_dataset(EVENTS[:2])
    record.events["actor"] = pd.Series([None, actor], dtype="str")
    assert stops(record, DAY, "2026-02-24")["actor_kind"].tolist() == [kind]


def test_several_records_are_a_level_more():
    records = {"one": make_dataset(EVENTS), "two": make_dataset(EVENTS[:2])}
    both = stops(records, DAY, "2026-02-24")
    assert both.index.names == ["record", "tie_id"]
    assert both.loc["two"].index.tolist() == ["council"]


def test_the_curve_is_the_share_that_is_left_since_nobody_is_lost_before_the_end(found):
    curve, is_gone = stop_curve(found), found["event"] != "censored"
    could_stop = found[found["is_since"] | ~is_gone]
    for day in curve.index:
        for name, rows, ends in (
            ("lower", found, "days_earliest"),
            ("upper", could_stop, "days_latest"),
        ):
            left = 1 - (is_gone[rows.index] & (rows[ends] <= day)).mean()
            assert curve.loc[day, name] == pytest.approx(left)
    assert days_to(curve, 0.4).tolist() == [0, 5]
    assert days_to(curve, 0.9).isna().all()


def test_a_day_after_the_last_is_refused():
    with pytest.raises(ValueError, match="2022-02-24 lies after 2020-01-01"):
        stops(make_dataset(EVENTS), DAY, "2020-01-01")
