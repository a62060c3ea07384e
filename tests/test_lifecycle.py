"""The one interpretation: each rule by example, and what must hold for every record."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factory import make_dataset

from ties.dates import date_bounds
from ties.lifecycle.episodes import lifecycle
from ties.lifecycle.rule import QUALIFYING, StatusRule
from ties.lifecycle.tie_table import tie_table
from ties.schema.vocabulary import EVENT_KINDS


def states(dataset, axis="status", tie="t", **options):
    episodes = lifecycle(dataset, **options)
    own = episodes[(episodes["axis"] == axis) & (episodes["tie_id"] == tie)]
    return [
        (state, str(start.date()))
        for state, start in zip(own["state"], own["start_latest"], strict=True)
    ]


def test_a_year_counts_from_its_last_day():
    assert states(make_dataset([("t", "1991", "founded", "both")]))[0] == ("active", "1991-12-31")


def test_activity_lapses_after_the_rule_years_without_becoming_dormant():
    record = make_dataset([("t", "1991-06-26", "founded", "both")])
    assert states(record) == [("active", "1991-06-26"), ("no_information", "1996-06-26")]
    assert states(record, rule=StatusRule(dormant_after=10))[1] == ("no_information", "2001-06-26")


def test_a_sign_of_life_prolongs_activity():
    record = make_dataset([("t", "1991", "founded", "both"), ("t", "1995-07", "visit", "a")])
    assert states(record) == [("active", "1991-12-31"), ("no_information", "2000-07-01")]


def test_activity_counts_from_the_last_day_of_a_date_and_wears_off_from_its_first():
    record = make_dataset([("t", "1990/1993", "founded", "both")])
    assert states(record) == [("active", "1993-12-31"), ("no_information", "1995-01-01")]


@pytest.mark.parametrize("date", ["1993/2022", "../1992", "199X"])
def test_a_founding_that_is_hardly_dated_makes_nothing_active(date):
    record = make_dataset([("t", date, "founded", "both")])
    assert [state for state, _ in states(record)] == ["no_information"]


def test_contact_that_is_hardly_dated_still_shows_that_a_silence_was_over():
    record = make_dataset(
        [
            ("t", "1985-01-01", "founded", "both"),
            ("t", "1992-05-01", "dormant", "none"),
            ("t", "1993/2010", "visit", "a"),
        ]
    )
    assert states(record)[-2:] == [("dormant", "1992-05-01"), ("no_information", "2010-12-31")]


def test_contact_that_may_lie_before_a_silence_does_not_take_it_back():
    record = make_dataset(
        [
            ("t", "1985-01-01", "founded", "both"),
            ("t", "1992-05-01", "dormant", "none"),
            ("t", "1992", "visit", "a"),
        ]
    )
    assert states(record)[-1] == ("dormant", "1992-05-01")


@pytest.mark.filterwarnings("ignore:the record ends on:ties.errors.TiesWarning")
def test_a_search_makes_no_tie_dormant_while_a_sign_may_lie_within_its_years():
    events = [("t", "1993/2022", "founded", "both")]
    soon, later = (make_dataset(events, searches=[("t", day)]) for day in ("2024", "2027-12-31"))
    assert [state for state, _ in states(soon, as_of="2030")] == ["no_information"]
    assert states(later, as_of="2030")[-1] == ("dormant", "2027-12-31")


def test_a_run_of_exchanges_wears_off_after_its_end():
    record = make_dataset(
        [
            ("t", "1987", "founded", "both"),
            ("t", "1988", "exchange", "both", "2005"),
            ("t", "1990", "visit", "a"),
        ]
    )
    assert states(record) == [("active", "1987-12-31"), ("no_information", "2010-01-01")]


def test_a_recorded_silence_ends_a_run():
    record = make_dataset(
        [
            ("t", "1987", "founded", "both"),
            ("t", "1988", "exchange", "both", "2005"),
            ("t", "1992", "dormant", "none"),
            ("t", "1993", "visit", "a"),
        ]
    )
    assert [state for state, _ in states(record)] == [
        "active",
        "dormant",
        "revived",
        "no_information",
    ]
    assert states(record)[-1] == ("no_information", "1998-01-01")


@pytest.mark.parametrize(
    ("kind", "last"), [("visit", "dormant"), ("revived", "revived"), ("exchange", "dormant")]
)
def test_within_one_year_silence_follows_contact_and_a_return_follows_silence(kind, last):
    record = make_dataset(
        [
            ("t", "1992", "founded", "both"),
            ("t", "1994", "dormant", "none"),
            ("t", "1994", kind, "b"),
        ],
        as_of="1996-01-01",
    )
    assert states(record)[-1] == (last, "1994-12-31")


def test_a_search_that_finds_nothing_makes_a_tie_dormant_from_its_day():
    record = make_dataset([("t", "1991", "founded", "both")], searches=[("t", "2010-03-01")])
    assert states(record) == [
        ("active", "1991-12-31"),
        ("no_information", "1996-01-01"),
        ("dormant", "2010-03-01"),
    ]


def test_a_search_with_longer_reach_takes_dormancy_back():
    record = make_dataset([("t", "1991", "founded", "both")], searches=[("t", "2010-03-01")])
    assert states(record, rule=StatusRule(search_lookback_years=15))[-1] == (
        "dormant",
        "2000-03-01",
    )
    assert states(record, rule=StatusRule(search_lookback_years=50))[-1] == (
        "dormant",
        "1996-12-31",
    )


def test_a_search_soon_after_a_sign_of_life_changes_nothing():
    events = [("t", "2020", "founded", "both")]
    assert states(make_dataset(events, searches=[("t", "2022")])) == states(make_dataset(events))


def test_nobody_looked_is_not_dormant():
    found = states(
        make_dataset([("t", "1991", "founded", "both"), ("t", "2016", "listed", "none")])
    )
    assert found[-1][0] == "no_information"


@pytest.mark.parametrize("kind", sorted(set(EVENT_KINDS) - QUALIFYING - {"dormant"}))
def test_kinds_without_effect_change_no_activity(kind):
    side = "b" if kind in ("suspended", "terminated") else "none"
    plain = make_dataset([("t", "1991", "founded", "both")])
    more = make_dataset([("t", "1991", "founded", "both"), ("t", "1999", kind, side)])
    assert states(more, "activity") == states(plain, "activity")


def test_each_side_decides_for_itself():
    record = make_dataset(
        [
            ("t", "1990", "founded", "both"),
            ("t", "2022-11-15", "terminated", "b"),
            ("t", "2022-12-15", "terminated", "a"),
            ("t", "2030-01-01", "reinstated", "b"),
            ("t", "2031-01-01", "reinstated", "a"),
        ],
        as_of="2032-01-01",
    )
    assert states(record, "formal") == [
        ("in_force", "1990-12-31"),
        ("terminated", "2022-11-15"),
        ("in_force", "2031-01-01"),
    ]
    assert states(record)[-1] == ("revived", "2031-01-01")


def test_an_act_of_nobody_changes_no_standing():
    record = make_dataset([("t", "1990", "founded", "both"), ("t", "2022", "suspended", "none")])
    assert [state for state, _ in states(record, "formal")] == ["in_force"]


def test_return_after_a_gap_without_information_is_no_revival():
    record = make_dataset([("t", "1990", "founded", "both"), ("t", "2010", "visit", "a")])
    assert [state for state, _ in states(record)] == [
        "active",
        "no_information",
        "active",
        "no_information",
    ]


def test_an_event_called_a_revival_is_one_even_without_a_silence_on_record():
    record = make_dataset(
        [
            ("t", "1990", "founded", "both"),
            ("t", "2019-05-01", "visit", "a"),
            ("t", "2019-05-03", "revived", "b"),
        ]
    )
    assert [state for state, _ in states(record)] == [
        "active",
        "no_information",
        "active",
        "revived",
        "no_information",
    ]
    assert states(record, "activity")[2] == ("active", "2019-05-01")


def test_contact_alone_does_not_show_that_a_tie_stands():
    record = make_dataset([("t", "1992-08", "visit", "b")])
    assert lifecycle(record).empty
    assert tie_table(record)["status"].isna().all()


def test_a_tie_without_founding_stands_from_the_first_that_shows_it():
    record = make_dataset([("t", "1993-06", "visit", "a"), ("t", "2016-09-12", "listed", "none")])
    table = tie_table(record).set_index("tie_id").loc["t"]
    assert pd.isna(table["founded_earliest"])
    assert str(table["founded_latest"].date()) == "2016-09-12"
    assert states(record) == [("no_information", "2016-09-12")]


def test_a_founding_without_end_is_bounded_by_the_first_listing():
    record = make_dataset([("t", "1992/..", "founded", "none"), ("t", "2011", "listed", "none")])
    table = tie_table(record).set_index("tie_id").loc["t"]
    assert (table["founded_earliest"].year, table["founded_latest"].year) == (1992, 2011)
    assert pd.isna(table["founding_decade"])
    assert pd.isna(table["last_activity"])


def test_a_founding_decade_needs_both_bounds_in_it():
    record = make_dataset([("t", "199X", "founded", "none"), ("u", "1989/1991", "founded", "none")])
    assert tie_table(record)["founding_decade"].tolist() == [1990, pd.NA]


def test_a_tie_that_does_not_stand_yet_has_a_row_without_states():
    record = make_dataset([("t", "1992", "founded", "both"), ("u", "1982", "founded", "both")])
    table = tie_table(record, as_of="1985").set_index("tie_id")
    assert pd.isna(table.loc["t", "status"])
    assert table.loc["u", "status"] == "active"
    assert lifecycle(record, as_of="1985")["tie_id"].unique().tolist() == ["u"]


def test_known_by_hides_later_sources_and_searches():
    record = make_dataset(
        [("t", "1990", "founded", "both"), ("t", "1997", "dormant", "none")],
        attestations=[("e0", "old", None), ("e1", "new", None)],
        published={"old": "1995", "new": "2022-09-04"},
        searches=[("t", "2026-11-23")],
    )
    assert states(record, known_by="2018-11-28")[-1] == ("no_information", "1995-01-01")
    assert states(record)[-1] == ("dormant", "1997-12-31")


def test_known_by_does_not_leak_a_date_that_only_a_later_source_gives():
    record = make_dataset(
        [("t", "1995", "founded", "both")],
        attestations=[("e0", "old", "1990"), ("e0", "new", "1995")],
        published={"old": "2000", "new": "2022"},
    )
    assert states(record)[0] == ("active", "1995-12-31")
    assert states(record, known_by="2018")[0] == ("active", "1990-12-31")


def test_undated_sources_are_unknown_unless_told_otherwise():
    record = make_dataset(
        [("t", "1990", "founded", "both")],
        attestations=[("e0", "page", None)],
        published={"page": None},
    )
    assert states(record, known_by="2018") == []
    assert states(record, known_by="2018", rule=StatusRule(undated_sources="known")) != []


@pytest.mark.parametrize(
    ("dates", "expected"),
    [("recorded", "1995"), ("earliest", "1995"), ("latest", "2008"), ("span", "2008")],
)
def test_the_rule_for_dates_that_sources_give_differently(dates, expected):
    record = make_dataset(
        [("t", "1995", "founded", "both")],
        attestations=[("e0", "one", "1995"), ("e0", "two", "2008")],
        published={"one": "2009", "two": "2010"},
    )
    rule = StatusRule(dates=dates)
    assert states(record, rule=rule)[0][1] == f"{expected}-12-31"
    first = tie_table(record, rule)["founded_earliest"].iloc[0].year
    assert first == (2008 if dates == "latest" else 1995)


@pytest.mark.parametrize(
    "options",
    [
        {"dormant_after": 0},
        {"dormant_after": 101},
        {"search_lookback_years": 2},
        {"qualifying": frozenset({"party"})},
        {"dates": "first"},
        {"undated_sources": "maybe"},
        {"qualifying": frozenset({"visit", "reported"})},
    ],
)
def test_a_rule_without_meaning_is_refused(options):
    named = next(iter(options)).replace("qualifying", "kind of event")
    with pytest.raises(ValueError, match=named):
        StatusRule(**options)


@pytest.mark.parametrize("years", [1, 100])
def test_the_years_of_a_rule_reach_from_one_to_a_hundred(years):
    assert StatusRule(dormant_after=years).reach == years


def test_a_view_needs_a_date_with_an_end():
    record = make_dataset([("t", "1990", "founded", "both")])
    with pytest.raises(ValueError, match="no last day"):
        lifecycle(record, as_of="1990/..")
    with pytest.raises(ValueError, match="not an EDTF date"):
        lifecycle(record, as_of="last year")


def test_a_record_without_rows_gives_empty_tables_of_the_same_columns():
    empty, full = make_dataset([]), make_dataset([("t", "1990", "founded", "both")])
    assert lifecycle(empty).columns.equals(lifecycle(full).columns)
    assert tie_table(empty).dtypes.equals(tie_table(full).dtypes)


def test_what_qualifies_is_decided_kind_by_kind():
    """A further kind that is a sign of life by its group has to be decided for the rule as well."""
    groups = {code for code, term in EVENT_KINDS.items() if term.group in ("founding", "activity")}
    assert groups | {"reinstated"} == QUALIFYING


# What a source says of a state.

FOUNDED = ("t", "1990-05-01", "founded", "both")


def report(date, status):
    return ("t", date, "reported", "none", None, status)


def test_a_report_of_activity_is_a_sign_of_life_of_its_day():
    record = make_dataset([FOUNDED, report("2015-03-01", "active")])
    assert states(record)[2:] == [("active", "2015-03-01"), ("no_information", "2020-03-01")]
    own = lifecycle(record).query("axis == 'status'")
    assert own["basis"].tolist() == ["recorded", "inferred", "reported", "inferred"]
    assert own["event_id"].iloc[2] == "e1"
    assert str(tie_table(record)["last_activity"].iloc[0].date()) == "2015-03-01"


def test_a_report_of_dormancy_makes_a_tie_dormant():
    record = make_dataset([FOUNDED, report("1992-03-01", "dormant")])
    assert states(record)[-1] == ("dormant", "1992-03-01")
    assert tie_table(record)["basis"].tolist() == ["reported"]


@pytest.mark.parametrize("status", ["suspended", "terminated"])
def test_a_reported_stop_holds_from_its_day_and_may_have_begun_at_any_time_before(status):
    record = make_dataset([FOUNDED, report("2015-03-01", status)])
    assert states(record, "formal") == [("in_force", "1990-05-01"), (status, "2015-03-01")]
    stood, stopped = lifecycle(record).query("axis == 'formal'").to_dict("records")
    assert str(stopped["start_earliest"].date()) == "1990-05-01"
    assert stood["end_earliest"] == stopped["start_earliest"]
    assert (stopped["basis"], stopped["event_id"]) == ("reported", "e1")
    undated = lifecycle(make_dataset([report("2015-03-01", status)])).query("axis == 'formal'")
    assert undated["start_earliest"].isna().all()


@pytest.mark.parametrize("status", ["active", "dormant", "in_force"])
def test_a_later_report_takes_back_a_reported_stop_but_no_act(status):
    told = make_dataset([FOUNDED, report("2010", "suspended"), report("2015", status)])
    assert states(told, "formal")[-1] == ("in_force", "2015-12-31")
    acted = make_dataset([FOUNDED, ("t", "2010", "suspended", "a"), report("2015", status)])
    assert states(acted, "formal")[-1] == ("suspended", "2010-12-31")


def test_a_later_act_overrules_a_report():
    record = make_dataset(
        [FOUNDED, report("2010", "terminated"), ("t", "2015-01-02", "suspended", "a")]
    )
    assert states(record, "formal")[-1] == ("suspended", "2015-01-02")


def test_an_act_of_the_same_day_outranks_a_report():
    acted = make_dataset(
        [FOUNDED, report("2015-01-02", "terminated"), ("t", "2015-01-02", "suspended", "a")]
    )
    assert states(acted, "formal")[-1] == ("suspended", "2015-01-02")
    met = make_dataset(
        [FOUNDED, ("t", "2015-01-02", "visit", "a"), report("2015-01-02", "dormant")]
    )
    assert ("active", "2015-01-02") in states(met) or ("revived", "2015-01-02") in states(met)
    assert "dormant" not in [state for state, _ in states(met)]


def test_of_two_reports_of_a_day_the_stricter_counts():
    record = make_dataset([FOUNDED, report("2015", "terminated"), report("2015", "active")])
    assert states(record)[-1] == ("terminated", "2015-12-31")


@pytest.mark.parametrize("status", ["active", "dormant", "suspended", "terminated", "in_force"])
def test_every_report_shows_that_a_tie_stands_or_stood(status):
    table = tie_table(make_dataset([report("2015-03-01", status)]))
    assert str(table["founded_latest"].iloc[0].date()) == "2015-03-01"
    expected = "no_information" if status == "in_force" else status
    day = tie_table(make_dataset([report("2015-03-01", status)]), as_of="2015-03-01")
    assert day["status"].tolist() == [expected]


def test_the_rule_can_leave_reports_out():
    record = make_dataset([FOUNDED, report("1992-03-01", "terminated")])
    plain = make_dataset([FOUNDED])
    pd.testing.assert_frame_equal(
        lifecycle(record, StatusRule(reports=False)), lifecycle(plain, StatusRule(reports=False))
    )
    assert tie_table(record, StatusRule(reports=False))["n_events"].tolist() == [1]


# What must hold for every record.

DATES = st.one_of(
    st.dates(
        min_value=pd.Timestamp("1970-01-01").date(), max_value=pd.Timestamp("2026-11-01").date()
    ).map(str),
    st.integers(1970, 2025).map(str),
    st.sampled_from(["199X", "1989/1991", "../1992", "1992/..", "1991~", "2010-05", "2013?"]),
)
EVENTS = st.lists(
    st.tuples(
        st.sampled_from("tuv"),
        DATES,
        st.sampled_from(sorted(set(EVENT_KINDS) - {"founded"})),
        st.sampled_from(["a", "b", "both", "none"]),
    ),
    max_size=14,
)
FOUNDINGS = st.dictionaries(st.sampled_from("tuv"), DATES, max_size=3)
SEARCHES = st.lists(
    st.tuples(st.sampled_from("tuv"), st.sampled_from(["2005-05-05", "2026-11-23"]))
)


@st.composite
def records(draw):
    founded = [(tie, date, "founded", "both") for tie, date in draw(FOUNDINGS).items()]
    return make_dataset(founded + draw(EVENTS), searches=set(draw(SEARCHES)), ties="tuv")


@given(records(), st.sampled_from(["1995", "2008-06", "2026-11-23"]))
@settings(max_examples=50, deadline=None)
def test_episodes_meet_without_gap_or_overlap(record, as_of):
    episodes = lifecycle(record, as_of=as_of)
    founded = tie_table(record, as_of=as_of).set_index("tie_id")["founded_latest"]
    for (tie, _), own in episodes.groupby(["tie_id", "axis"], observed=True):
        assert own["start_latest"].iloc[0] == founded[tie]
        assert own["end_latest"].iloc[:-1].tolist() == own["start_latest"].iloc[1:].tolist()
        assert pd.isna(own["end_latest"].iloc[-1])
        assert own["start_latest"].is_monotonic_increasing and own["start_latest"].is_unique
        assert (own["state"] != own["state"].shift()).all()
    assert (episodes["event_id"].isna() == (episodes["basis"] == "inferred")).all()


@given(records(), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_order_of_rows_changes_nothing(record, random):
    def shuffled(frame):
        order = list(range(len(frame)))
        random.shuffle(order)
        return frame.iloc[order].reset_index(drop=True)

    names = ("places", "ties", "events", "sources", "attestations", "searches")
    mixed = replace(record, **{name: shuffled(record.table(name)) for name in names})
    pd.testing.assert_frame_equal(lifecycle(mixed), lifecycle(record))
    pd.testing.assert_frame_equal(tie_table(mixed), tie_table(record))


@given(records())
@settings(max_examples=30, deadline=None)
def test_ties_do_not_touch_each_other(record):
    parts = [lifecycle(record.keep_ties([tie])) for tie in record.ties["tie_id"]]
    whole = lifecycle(record)
    pd.testing.assert_frame_equal(
        pd.concat(parts, ignore_index=True), whole, check_categorical=False
    )


@given(records(), st.sampled_from(["correspondence", "petition", "statement"]), DATES)
@settings(max_examples=30, deadline=None)
def test_an_event_without_effect_changes_nothing(record, kind, date):
    idle = record.events.iloc[:0].copy()
    idle.loc[0, ["event_id", "tie_id", "date", "summary"]] = ["idle", "t", date, "Words."]
    idle["kind"] = pd.Categorical([kind], categories=record.events["kind"].cat.categories)
    idle["side"] = pd.Categorical(["none"], categories=record.events["side"].cat.categories)
    more = replace(record, events=pd.concat([record.events, idle], ignore_index=True))
    pd.testing.assert_frame_equal(lifecycle(more), lifecycle(record))


@given(records(), st.sampled_from(["1980", "1991", "2001-05", "2015-01-01"]))
@settings(max_examples=50, deadline=None)
def test_an_earlier_view_equals_a_record_without_the_later_events(record, as_of):
    day = date_bounds(pd.Series([as_of], dtype="str"))["latest"].iloc[0]
    happened = date_bounds(record.events["date"])["latest"].fillna(record.as_of) <= day
    earlier = replace(record, events=record.events[happened].reset_index(drop=True))
    pd.testing.assert_frame_equal(lifecycle(earlier, as_of=as_of), lifecycle(record, as_of=as_of))


@given(records(), st.sampled_from(["1980", "1991", "2001-05", "2015-01-01"]))
@settings(max_examples=50, deadline=None)
def test_history_told_later_shows_the_same_states_on_that_day(record, as_of):
    day = date_bounds(pd.Series([as_of], dtype="str"))["latest"].iloc[0]
    history = lifecycle(record)
    held = history[(history["start_latest"] <= day) & ~(history["end_latest"] <= day)].set_index(
        ["tie_id", "axis"]
    )["state"]
    now = lifecycle(record, as_of=as_of)
    now = now[now["end_latest"].isna()].set_index(["tie_id", "axis"])["state"]
    pd.testing.assert_series_equal(held, now)


@given(records())
@settings(max_examples=30, deadline=None)
def test_the_table_shows_the_last_state_of_each_axis(record):
    table = tie_table(record).set_index("tie_id")
    episodes = lifecycle(record)
    last = episodes.groupby(["tie_id", "axis"], observed=True)["state"].last().unstack()
    for axis in last.columns:
        stands = table[axis].notna()
        assert table.loc[stands, axis].astype(str).tolist() == last[axis].tolist()
    assert len(table) == len(record.ties)
    assert np.array_equal(np.sort(table.index), table.index)


def test_a_source_of_what_has_not_happened_yet_counts_for_no_tie():
    record = make_dataset(
        [
            ("t0", "1991", "founded", "both"),
            ("t1", "1992", "founded", "both"),
            ("t0", "2020", "visit", "none"),
        ],
        attestations=[("e0", "s0", None), ("e1", "s1", None), ("e2", "s2", None)],
        published={"s0": "1991", "s1": "1992", "s2": "2020"},
    )
    assert tie_table(record)["n_sources"].tolist() == [2, 1]
    assert tie_table(record, as_of="2018")["n_sources"].tolist() == [1, 1]


# A state is certain on a day if and only if it holds for every choice of days.

MONTHS = [f"{year}-{month:02d}" for year in range(1990, 1996) for month in (1, 5, 9)]
SPANS = st.tuples(st.sampled_from(MONTHS), st.integers(0, 5)).map(
    lambda given: "/".join([given[0], MONTHS[min(MONTHS.index(given[0]) + given[1], 17)]])
)
KINDS = st.sampled_from(["visit", "visit", "reported active", "run", "dormant", "reported dormant"])


def holds(events, day, years):
    """Whether a tie is active on a day, if each event was on the day given."""
    met = [(when, max(when, end)) for when, kind, end in events if "dormant" not in kind]
    silent = [when for when, kind, _ in events if "dormant" in kind]
    return any(
        when <= day < end + pd.DateOffset(years=years)
        and not any(when <= stop <= day for stop in silent)
        for when, end in met
    )


def choices(day, bounds, years):
    """The days of an event between which nothing changes of what holds on a day."""
    near = {day, day + pd.Timedelta(days=1), day - pd.DateOffset(years=years), *bounds}
    return [one for one in sorted(near) if bounds[0] <= one <= bounds[1]]


@given(
    st.lists(st.tuples(SPANS, KINDS), min_size=1, max_size=3),
    st.sampled_from(pd.date_range("1991-01-15", "1999-12-15", freq="61D").tolist()),
    st.integers(1, 3),
)
@settings(max_examples=120, deadline=None)
def test_a_tie_is_certainly_active_if_and_only_if_it_is_for_every_choice_of_days(given, day, years):
    told, possible = [("t", "1960-01-01", "founded", "both")], []
    for span, kind in given:
        ends = date_bounds(pd.Series([span], dtype="str")).iloc[0]
        bounds = (ends["earliest"], ends["latest"])
        code, _, status = kind.partition(" ")
        until = "1995-03/1996-06" if code == "run" else None
        code = "exchange" if code == "run" else code
        told.append(("t", span, code, "none", until, status or None))
        own = choices(day, bounds, years)
        runs = choices(day, (pd.Timestamp("1995-03-01"), pd.Timestamp("1996-06-30")), years)
        possible.append([(one, kind, end) for one in own for end in (runs if until else [one])])
    episodes = lifecycle(make_dataset(told), StatusRule(years, QUALIFYING - {"founded"}))
    own = episodes[(episodes["axis"] == "activity") & (episodes["state"] == "active")]
    is_over = own["end_latest"].notna() & ~(own["end_earliest"] > day)
    is_certain = bool(((own["start_latest"] <= day) & ~is_over).any())
    assert is_certain == all(holds(world, day, years) for world in product(*possible))
