"""From a record to durations: what bounds them, and nobody lost on the way."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from tests.factory import make_dataset
from tests.test_lifecycle import records
from validation.simulate import simulate

from ties.stats.spells import (
    ENTRIES,
    EXITS,
    READINGS,
    duration_bounds,
    durations,
    lifetimes,
)


def life_of(events: list[tuple[str, ...]], **options: object) -> pd.Series:
    return lifetimes(make_dataset(events, **options)).iloc[0]


def day(life: pd.Series, column: str) -> str | None:
    return None if pd.isna(life[column]) else str(life[column].date())


def test_silence_began_after_the_last_sign_of_life_and_by_the_search():
    life = life_of(
        [("t", "1990", "founded", "both"), ("t", "1995-06", "visit", "none")],
        searches=[("t", "2020-05-01")],
    )
    assert day(life, "dormant_after") == "1995-06-01"
    assert day(life, "dormant_by") == "2020-05-01"
    assert life["dormant_basis"] == "inferred"


def test_silence_that_the_record_dates_began_no_earlier():
    life = life_of([("t", "1990", "founded", "both"), ("t", "1997", "dormant", "none")])
    assert (day(life, "dormant_after"), day(life, "dormant_by")) == ("1996-12-31", "1997-12-31")


def test_silence_dated_only_by_when_began_after_the_last_sign():
    life = life_of([("t", "1990-05-01", "founded", "both"), ("t", "../1997", "dormant", "none")])
    assert (day(life, "dormant_after"), day(life, "dormant_by")) == ("1990-05-01", "1997-12-31")


def test_a_run_of_exchanges_is_a_sign_until_its_end():
    life = life_of(
        [("t", "1990", "founded", "both"), ("t", "1992", "exchange", "none", "1998")],
        searches=[("t", "2020")],
    )
    assert day(life, "last_sign") == "1998-01-01"


def test_a_sign_after_a_return_does_not_bound_the_silence_before_it():
    life = life_of(
        [
            ("t", "1990", "founded", "both"),
            ("t", "1995-01-01", "dormant", "none"),
            ("t", "2001-01-01", "revived", "none"),
        ]
    )
    assert (day(life, "dormant_after"), day(life, "dormant_by")) == ("1994-12-31", "1995-01-01")


def test_without_any_sign_of_life_nothing_bounds_the_silence():
    life = life_of([("t", "2004", "listed", "none")], searches=[("t", "2020")])
    assert day(life, "dormant_after") is None and day(life, "dormant_by") == "2020-12-31"
    lives = lifetimes(make_dataset([("t", "2004", "listed", "none")], searches=[("t", "2020")]))
    left_out = duration_bounds(lives, since="1990").left_out
    assert left_out["reason"].tolist() == ["no day on which it was alive"]


def test_a_tie_is_named_when_its_first_source_is_out():
    life = life_of(
        [("t", "1990", "founded", "both")],
        attestations=[("e0", "late", None), ("e0", "early", None), ("e0", "undated", None)],
        published={"late": "2010-05-02", "early": "2004", "undated": None},
    )
    assert day(life, "named_on") == "2004-12-31"


STOPS = [
    ("t", "1990-01-01", "founded", "both"),
    ("t", "2000-01-01", "suspended", "b"),
    ("t", "2010-01-01", "terminated", "b"),
    ("u", "1990/1994", "founded", "both"),
    ("u", "2001/2003", "terminated", "a"),
    ("v", "../1995", "founded", "both"),
    ("w", "1990-01-01", "founded", "both"),
]


def test_the_first_exit_counts_and_the_rest_is_followed_to_the_end():
    spells = durations(lifetimes(make_dataset(STOPS, as_of="2020-01-01")), entry="founding")
    found = spells.table.set_index("tie_id")
    assert found["event"].to_dict() == {"t": "suspended", "u": "terminated", "w": "censored"}
    assert found.loc["t", "exit"] == 3652
    assert spells.left_out["reason"].tolist() == ["founding has no earliest day"]
    only = durations(lifetimes(make_dataset(STOPS)), ("terminated",), entry="founding")
    assert only.table.set_index("tie_id").loc["t", "event"] == "terminated"


def test_dates_known_within_bounds_make_lives_as_short_or_as_long_as_they_can_be():
    lives = lifetimes(make_dataset(STOPS))
    lengths = [
        durations(lives, entry="founding", dates=dates).table.set_index("tie_id").loc["u", "exit"]
        for dates in ("shortest", "recorded", "longest")
    ]
    days = [
        ("1994-12-31", "2001-01-01"),
        ("1994-12-31", "2003-12-31"),
        ("1990-01-01", "2003-12-31"),
    ]
    assert lengths == [(pd.Timestamp(b) - pd.Timestamp(a)).days for a, b in days]


def test_on_one_day_the_stricter_exit_counts():
    record = make_dataset(
        [
            ("t", "1990", "founded", "both"),
            ("t", "2000-01-01", "suspended", "a"),
            ("t", "2000-01-01", "terminated", "b"),
        ]
    )
    lives = lifetimes(record)
    # On the formal axis the stricter side has the day, so there was no suspension to speak of.
    assert durations(lives, entry="founding").table["event"].tolist() == ["terminated"]


def test_a_tie_that_left_before_any_source_named_it_is_left_out():
    record = make_dataset(
        [("t", "1990", "founded", "both"), ("t", "2000-01-01", "suspended", "a")],
        published={"s": "2005"},
    )
    lives = lifetimes(record)
    assert durations(lives).left_out["reason"].tolist() == ["had left before it was named"]
    assert len(durations(lives, entry="founding").table) == 1


def test_named_late_is_at_risk_late():
    record = make_dataset([("t", "1990-01-01", "founded", "both")], published={"s": "2005-01-01"})
    assert durations(lifetimes(record)).table["entry"].tolist() == [5479]


def test_over_the_calendar_all_ties_count_from_one_day():
    spells = durations(lifetimes(make_dataset(STOPS)), since="1992-12-31", entry="founding")
    found = spells.table.set_index("tie_id")
    assert found.loc["v", "entry"] == 3 * 365
    assert found.loc["t", "entry"] == 0
    assert spells.left_out.empty


def test_silence_is_followed_to_the_last_sign_of_life_only():
    record = make_dataset(
        [("t", "1990-01-01", "founded", "both"), ("t", "1995-01-01", "visit", "none")],
        as_of="1998-01-01",
    )
    bounds = duration_bounds(lifetimes(record)).table.iloc[0]
    assert bounds["left"] == 1826 and np.isinf(bounds["right"])
    spell = durations(lifetimes(record), ("dormant",), entry="founding").table.iloc[0]
    assert (spell["exit"], spell["event"]) == (1826, "censored")


def test_silence_after_being_named_needs_a_sign_of_life_after_being_named():
    events = [("t", "1990-01-01", "founded", "both"), ("t", "1995-01-01", "visit", "none")]
    named = make_dataset(events, searches=[("t", "2015")], published={"s": "1993-01-01"})
    bounds = duration_bounds(lifetimes(named), entry="named")
    assert bounds.table[["entry", "left"]].iloc[0].tolist() == [1826, 1826]
    late = make_dataset(events, searches=[("t", "2015")], published={"s": "1999-01-01"})
    left_out = duration_bounds(lifetimes(late), entry="named").left_out
    assert left_out["reason"].tolist() == ["no sign of life after it was named"]


def test_silence_that_only_a_search_shows_can_be_left_open():
    record = make_dataset([("t", "1990-01-01", "founded", "both")], searches=[("t", "2015")])
    assert np.isfinite(duration_bounds(lifetimes(record)).table["right"]).all()
    assert np.isinf(duration_bounds(lifetimes(record), inferred=False).table["right"]).all()


def test_wide_foundings_widen_the_bounds_by_their_width():
    record = make_dataset([("t", "199X", "founded", "both"), ("t", "2005-01-01", "suspended", "a")])
    bounds = duration_bounds(lifetimes(record), "suspended").table.iloc[0]
    assert bounds["right"] - bounds["left"] == 3652


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda lives: durations(lives, ("gone",)), "not an exit: gone"),
        (lambda lives: durations(lives, entry="birth"), "entry is 'birth'"),
        (lambda lives: durations(lives, dates="middle"), "dates is 'middle'"),
        (lambda lives: duration_bounds(lives, "gone"), "exit is 'gone'"),
    ],
)
def test_what_is_none_of_the_choices_is_refused(call, message: str):
    with pytest.raises(ValueError, match=message):
        call(lifetimes(make_dataset(STOPS)))


@given(records())
@settings(max_examples=8, deadline=None)
def test_every_tie_is_used_or_left_out_with_a_reason(record):
    lives = lifetimes(record)
    for entry in ENTRIES:
        for since in ("founding", "1995-06-30"):
            made = [
                duration_bounds(lives, e, since=since, entry=entry) for e in (*EXITS, "stopped")
            ]
            made += [
                durations(lives, exits, since=since, entry=entry, dates=dates)
                for dates in READINGS
                for exits in (EXITS, ("suspended", "terminated"), ("dormant",))
            ]
            for spells in made:
                ids = [*spells.table["tie_id"], *spells.left_out["tie_id"]]
                assert sorted(ids) == sorted(lives["tie_id"])
                assert spells.left_out["reason"].ne("").all()
                assert spells.n_in == spells.account().sum()
                low, high = ("left", "right") if "left" in spells.table else ("entry", "exit")
                assert (spells.table[low] < spells.table[high]).all()
                assert (spells.table["entry"] >= 0).all()


def test_a_tie_shown_to_stand_before_its_founding_has_no_age():
    record = make_dataset([("t", "2000-01-01", "founded", "both"), ("t", "1970", "listed", "none")])
    lives = lifetimes(record)
    for spells in (durations(lives), duration_bounds(lives)):
        assert spells.left_out["reason"].tolist() == ["shown to stand before its founding"]


@given(records())
@settings(max_examples=8, deadline=None)
def test_the_three_readings_of_a_date_are_in_order(record):
    lives = lifetimes(record)
    lasted = [
        durations(lives, entry="founding", dates=dates).table.set_index("tie_id")["exit"]
        for dates in ("shortest", "recorded", "longest")
    ]
    each = pd.concat(lasted, axis=1).dropna()
    assert (each.iloc[:, 0] <= each.iloc[:, 1]).all() and (each.iloc[:, 1] <= each.iloc[:, 2]).all()


def test_bounds_hold_the_truth_of_a_simulated_record():
    made = simulate("gradual", seed=7, n_ties=400)
    lives = lifetimes(made.dataset)
    truth = made.ties.set_index("tie_id")["founded"]
    ends = made.spells[made.spells["state"].isin(["suspended", "terminated"])]
    lasted = (ends.set_index("tie_id")["start"] - truth).dt.days.dropna()
    bounds = duration_bounds(lives, "stopped").table.set_index("tie_id")
    bounds = bounds[np.isfinite(bounds["right"])]
    true = lasted.reindex(bounds.index)
    assert len(bounds) > 30
    assert ((true > bounds["left"]) & (true <= bounds["right"])).all()
