"""What is certain holds for every choice of days, and what holds for some is possible."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factory import make_dataset

import ties
from ties import bounds
from ties.lifecycle.rule import StatusRule
from ties.lifecycle.status_bounds import ALIVE, StatusHistory
from ties.lifecycle.tie_table import tie_table
from ties.schema.vocabulary import STATUSES

KINDS = [
    ("founded", "both"),
    ("visit", "none"),
    ("dormant", "none"),
    ("suspended", "b"),
    ("suspended", "both"),
    ("terminated", "a"),
    ("reinstated", "b"),
    ("listed", "none"),
    ("revived", "none"),
    *(("reported", status) for status in ("active", "dormant", "terminated", "in_force")),
]
SIGNS = {("founded", "both"), ("visit", "none"), ("reinstated", "b"), ("revived", "none")}
SIGNS |= {("reported", "active")}
SILENCES = {("dormant", "none"), ("reported", "dormant")}
YEARS = st.integers(1990, 2004)
OPEN_SINCE = 1985  # what stands in for "any time before" when days are chosen


def on(events, day, rule=None, known_by=None, **options):
    return StatusHistory.of(make_dataset(events, **options), rule, known_by).on(day).as_frame()


@st.composite
def lives(draw):
    """A tie as events between two years, a few searches, and a day to ask about."""
    events = []
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=3))
    for kind, side in [*dict.fromkeys(kinds)]:
        first, length = draw(YEARS), draw(st.integers(0, 6))
        is_open = draw(st.integers(0, 5)) == 0
        events.append((None if is_open else first, first + length, kind, side))
    return events, draw(st.lists(YEARS, max_size=2)), draw(st.integers(1990, 2012))


def record_of(events, searches):
    dated = [
        (
            "t",
            f"{'..' if first is None else f'{first}-07-01'}/{last}-07-01",
            kind,
            "none" if kind == "reported" else side,
            None,
            side if kind == "reported" else None,
        )
        for first, last, kind, side in events
    ]
    return make_dataset(dated, searches=[("t", f"{year}-03-01") for year in searches])


def days_of(event):
    """The first and the last year of an event, and one between."""
    first, last, _, _ = event
    years = range(OPEN_SINCE if first is None else first, last + 1)
    return sorted({years[0], years[len(years) // 2], years[-1]})


def choices(events):
    """Every record that the dates admit, as far as first, middle and last days tell them apart."""
    for days in itertools.product(*map(days_of, events)):
        chosen = [
            (day, day, kind, side) for day, (_, _, kind, side) in zip(days, events, strict=True)
        ]
        # Who tells by its last day that contact had stopped knows of no sign of life since.
        told = [
            (day, last)
            for day, (_, last, *what) in zip(days, events, strict=True)
            if tuple(what) in SILENCES
        ]
        signs = [day for day, _, *what in chosen if tuple(what) in SIGNS]
        # Sources that let a tie stand before its founding contradict each other: no choice holds.
        founded = [day for day, _, kind, _ in chosen if kind == "founded"]
        others = [day for day, _, *what in chosen if tuple(what) not in SIGNS]
        if founded and min(others, default=founded[0]) < min(founded):
            continue
        if not any(day < sign <= last for day, last in told for sign in signs):
            yield chosen


@given(lives())
@settings(deadline=None, max_examples=40)
def test_bounds_hold_every_choice_of_days(life):
    events, searches, year = life
    day = f"{year}-09-01"
    known = StatusHistory.of(record_of(events, searches)).on(day)
    for chosen in choices(events):
        row = tie_table(record_of(chosen, searches), as_of=day).iloc[0]
        stands = pd.notna(row["status"])
        assert known.is_certain[0] <= stands <= known.may_stand[0], chosen
        for truth, name in (
            (stands and row["status"] in ALIVE, "alive"),
            (stands and row["formal"] == "in_force", "in_force"),
            (stands and row["formal"] in ("suspended", "terminated"), "stopped"),
        ):
            least, most = (getattr(known, f"{end}_{name}")[0] for end in ("is", "may_be"))
            assert least <= truth <= most, (name, chosen)


@pytest.mark.parametrize("day", ["1985", "1999", "2013-05", "2018-11-28", "2022-05-01"])
@pytest.mark.parametrize("known_by", [None, "2018-11-28"])
def test_states_are_those_of_the_tie_table(day, known_by):
    record = ties.load("us-russia").without_disputed()
    ours = StatusHistory.of(record, None, known_by).on(day).as_frame()
    table = ties.tie_table(record, as_of=day, known_by=known_by).set_index("tie_id")
    assert ours["status"].astype("str").equals(table["status"].astype("str"))
    stopped = table["formal"].isin(["suspended", "terminated"])
    assert not (ours["is_stopped"] & ~stopped).any()
    assert not (stopped & ~ours["may_be_stopped"]).any()
    assert (ours["is_certain"] == table["status"].notna()).all()


def test_a_tie_first_named_later_may_have_stood():
    found = on([("t", "2022-01-01", "listed", "none")], "2018-01-01")
    assert found.loc["t", ["is_certain", "is_possible"]].tolist() == [False, True]


def test_a_tie_founded_later_did_not_stand():
    found = on([("t", "2020-05-01", "founded", "both")], "2018-01-01")
    assert not found.loc["t", ["is_certain", "is_possible"]].any()


def test_a_founding_that_may_lie_on_either_side_is_possible():
    found = on([("t", "2017/2020", "founded", "both")], "2018-01-01")
    assert found.loc["t", "is_possible"]


def test_a_later_suspension_shows_that_a_tie_was_in_force():
    events = [("t", "1990", "founded", "both"), ("t", "2022-03-01", "suspended", "b")]
    assert on(events, "2018-01-01").loc["t", "is_in_force"]
    after = on(events, "2023-01-01").loc["t"]
    assert after["is_stopped"] and not after["is_in_force"]


def test_an_old_list_shows_nothing_for_ever():
    events = [("t", "1990", "founded", "both"), ("t", "2010", "listed", "none")]
    assert on(events, "2014-01-01").loc["t", "is_in_force"]
    assert not on(events, "2018-01-01").loc["t", "is_in_force"]
    assert on(events, "2018-01-01", StatusRule(dormant_after=9)).loc["t", "is_in_force"]


def test_an_act_on_a_doubtful_date_leaves_both_open():
    events = [("t", "1990", "founded", "both"), ("t", "2016/2020", "terminated", "a")]
    found = on([*events, ("t", "2018-01-01", "listed", "none")], "2018-06-01").loc["t"]
    assert found["may_be_stopped"] and not found["is_stopped"] and not found["is_in_force"]


def test_a_list_without_a_first_day_shows_nothing():
    events = [("t", "1990", "founded", "both"), ("t", "../2020", "listed", "none")]
    assert not on(events, "2018-01-01").loc["t", "is_in_force"]


def test_a_tie_that_is_reported_to_have_ended_may_have_ended_at_any_time_before():
    events = [
        ("t", "1990-05-01", "founded", "both"),
        ("t", "2016-01-01", "listed", "none"),
        ("t", "2020-01-01", "reported", "none", None, "terminated"),
    ]
    found = on(events, "2017-01-01").loc["t"]
    assert found["may_be_stopped"] and not found["is_in_force"] and not found["is_stopped"]
    assert on(events, "2020-01-01").loc["t", "is_stopped"]
    assert on(events[:2], "2017-01-01").loc["t", "is_in_force"]


def test_an_association_ends_no_tie():
    events = [("t", "2015-01-01", "founded", "both"), ("t", "2017", "suspended", "none")]
    assert not on(events, "2018-01-01").loc["t", "may_be_stopped"]


def test_silence_began_between_the_last_sign_and_its_witness():
    events = [("t", "1990-01-01", "founded", "both"), ("t", "2000-05-05", "visit", "a")]
    found = on(events, "2026-11-23", searches=[("t", "2026-11-01")]).loc["t"]
    assert found["stop_earliest"] == pd.Timestamp("2000-05-05")
    assert found["stop_latest"] == pd.Timestamp("2026-11-01")


def test_an_act_straight_from_life_stopped_the_tie_on_its_day():
    events = [("t", "2020-01-01", "founded", "both"), ("t", "2022-03-01", "suspended", "b")]
    found = on(events, "2023-01-01").loc["t"]
    assert found["stop_earliest"] == found["stop_latest"] == pd.Timestamp("2022-03-01")


def test_a_living_tie_has_not_stopped():
    found = on([("t", "2020-01-01", "founded", "both")], "2022-01-01").loc["t"]
    assert found[["stop_earliest", "stop_latest"]].isna().all()


def test_a_return_wipes_out_the_silence_before():
    events = [
        ("t", "1990-01-01", "founded", "both"),
        ("t", "1995-01-01", "dormant", "none"),
        ("t", "2017-01-01", "visit", "a"),
    ]
    assert on(events, "2018-01-01").loc["t"][["stop_latest"]].isna().all()
    assert on(events, "2016-01-01").loc["t", "stop_latest"] == pd.Timestamp("1995-01-01")


def test_only_what_was_known_by_then_bears_witness():
    events = [("t", "1990", "founded", "both"), ("t", "2022-03-01", "suspended", "b")]
    options = {
        "attestations": [("e0", "old", None), ("e1", "new", None)],
        "published": {"old": "2000", "new": "2022"},
    }
    assert on(events, "2018-01-01", **options).loc["t", "is_in_force"]
    assert not on(events, "2018-01-01", None, "2018-01-01", **options).loc["t", "is_in_force"]


def test_an_empty_record_has_nobody_standing():
    assert on([], "2018").empty


@pytest.mark.parametrize("years", [3, 9])
def test_other_years_read_the_same_events_and_keep_a_longer_reach_of_searches(years):
    record = make_dataset([("t", "1990", "founded", "both")], searches=[("t", "2020-01-01")])
    other = StatusHistory.of(
        record, StatusRule(dormant_after=5, search_lookback_years=7)
    ).with_years(years)
    wanted = StatusRule(dormant_after=years, search_lookback_years=max(7, years))
    assert other.reading.rule == wanted
    for day in ("1999", "2013-06", "2020"):
        ours, theirs = (known.on(day) for known in (other, StatusHistory.of(record, wanted)))
        pd.testing.assert_frame_equal(ours.as_frame(), theirs.as_frame())


RECORD = make_dataset(
    [
        ("t", "1989", "founded", "both"),
        ("u", "1991-06-26", "founded", "both"),
        ("v", "199X", "founded", "none"),
        ("w", "1989/1991", "founded", "none"),
        ("x", "../2003", "founded", "none"),
        ("y", "2016", "listed", "none"),
        ("z", "2017", "visit", "none"),
        ("late", "2022", "founded", "both"),
        ("contrary", "1995", "founded", "both"),
        ("contrary", "1990-03", "listed", "none"),
    ]
)


def test_where_sources_contradict_one_another_either_founding_may_be_right():
    contrary = bounds.status_bounds(RECORD).as_frame().loc["contrary"]
    assert pd.isna(contrary["founded_earliest"])
    assert contrary["founded_latest"] == pd.Timestamp("1995-12-31")


def possible_shares(stood, decade):
    """Every share that some truth gives, by trying what each tie could be."""
    day, options = pd.Timestamp(stood.day), []
    for tie in stood.only(stood.may_stand).as_frame().itertuples():
        first = tie.founded_earliest
        first = pd.Timestamp("1900-01-01") if pd.isna(first) else first
        days = pd.date_range(first, tie.founded_latest, freq="MS").union(
            pd.DatetimeIndex([first, tie.founded_latest])
        )
        counts = [d for d in days if d <= day or tie.is_certain]
        own = {d.year // 10 * 10 == decade for d in counts}
        if not tie.is_certain and tie.founded_latest > day:
            own.add(None)
        options.append(own)
    shares = set()
    for truth in itertools.product(*options):
        counted = [one for one in truth if one is not None]
        if counted:
            shares.add(sum(counted) / len(counted))
    return shares


@pytest.mark.parametrize("as_of", ["2026-11-23", "2018-11-28", "1995-06-30", "1990-12-31"])
@pytest.mark.parametrize("decade", [1980, 1990, 2010])
def test_the_share_lies_between_the_least_and_the_most_of_all_possible_truths(as_of, decade):
    stood = bounds.status_bounds(RECORD, as_of)
    found, shares = bounds.share_of_decade(stood, decade), possible_shares(stood, decade)
    assert found.lower == pytest.approx(min(shares))
    assert found.upper == pytest.approx(max(shares))
    assert len(found.certain) + len(found.possible) <= found.n == stood.may_stand.sum()


def test_a_year_that_is_no_decade_is_refused():
    with pytest.raises(ValueError, match="1995 is not the first year of a decade"):
        bounds.share_of_decade(RECORD, 1995)


def test_a_year_holds_what_is_certain_and_what_is_possible():
    per_year = bounds.founded_per_year(RECORD)
    assert per_year.loc[[1989, 1990, 1991, 1999], "n_certain"].tolist() == [1, 0, 1, 0]
    assert per_year.loc[[1989, 1990, 1991, 1999], "n_possible"].tolist() == [2, 2, 3, 1]
    assert per_year.index[:-1].tolist() == list(range(1989, 2027))


def test_every_tie_is_counted_once_in_a_decade_or_as_unplaced():
    per_decade = bounds.founded_per_decade(RECORD)
    assert per_decade.index[:2].tolist() == [1980, 1990] and per_decade.index[-1] is pd.NA
    assert per_decade["n_certain"].tolist() == [1, 2, 0, 0, 1, 4]
    assert per_decade["n_certain"].sum() == bounds.n_ties(RECORD).n
    assert per_decade["n_possible"].iloc[-1] == 3


def test_nothing_on_record_gives_no_share():
    empty = make_dataset([])
    share = bounds.share_of_decade(empty)
    assert share.n == 0 and pd.isna(share.lower) and pd.isna(bounds.share_alive(empty).upper)
    assert bounds.founded_per_decade(empty)["n_certain"].sum() == 0
    assert bounds.summary(empty)["upper"].isna().sum() == 2


def test_disputed_ties_are_in_no_number_unless_asked_for():
    record = ties.load("us-russia")
    alone, whole = (bounds.status_bounds(record, disputed=how) for how in ("exclude", "include"))
    assert set(whole.ids) == set(record.ties["tie_id"])
    assert set(alone.ids) == set(record.without_disputed().ties["tie_id"]) < set(whole.ids)
    with pytest.raises(ValueError, match="'exclude' or 'include'"):
        bounds.n_ties(record, disputed="yes")


def test_the_last_year_is_as_on_the_day():
    record = ties.load("us-russia")
    last = bounds.by_year(record, "2018-11-28").loc[2018]
    found = bounds.summary(record, "2018-11-28")
    for name in ("ties", "in_force", "alive", "stopped"):
        assert [last[f"{name}_{end}"] for end in ("lower", "upper")] == found.loc[
            f"n_{name}", ["lower", "upper"]
        ].tolist()


def test_a_day_after_the_record_s_own_can_be_asked():
    record = make_dataset([("t", "2026-01-01", "founded", "both")])
    assert bounds.n_alive(record).lower == 1
    later = bounds.n_alive(record, "2040")
    assert (later.lower, later.upper) == (0, 1)


@pytest.mark.parametrize("name", ["us-russia", "germany-russia"])
@pytest.mark.parametrize("day", ["1991-12-31", "2018-11-28", None])
def test_cohorts_add_up_to_the_numbers_of_all_ties(name, day):
    stood = bounds.status_bounds(ties.load(name), day)
    table, summary = bounds.cohorts(stood), bounds.summary(stood)
    total = table.sum()
    assert total["n"] == summary.loc["n_ties", "upper"]
    assert total[[*STATUSES]].sum() == summary.loc["n_ties", "lower"]
    for quantity in ("alive", "stopped"):
        for end in ("lower", "upper"):
            assert total[f"{quantity}_{end}"] == summary.loc[f"n_{quantity}", end]
    per_decade = bounds.founded_per_decade(stood)
    assert table["n"].tolist() == per_decade["n_certain"].tolist()
    dated = table.index.notna()
    assert table["n_possible"][dated].tolist() == per_decade["n_possible"][dated].tolist()
    assert (table[[*STATUSES]].sum(axis=1)[dated] == table["n"][dated]).all()


def test_a_tie_is_in_the_decade_that_all_its_dates_lie_in():
    record = make_dataset(
        [
            ("t", "1991", "founded", "both"),
            ("u", "1989/1991", "founded", "both"),
            ("v", "../1992", "founded", "both"),
            ("w", "2022", "listed", "none"),
        ]
    )
    table = bounds.cohorts(record, "2018")
    assert table["n"].to_list() == [0, 1, 0, 0, 3]
    assert table["n_possible"].to_list() == [1, 2, 0, 0, 3]
    assert bounds.founding_decade(record, "2018").dropna().to_dict() == {"t": 1990}


def test_tables_of_several_records_are_those_of_each():
    records = {name: ties.load(name) for name in ("us-russia", "germany-russia")}
    for measure in (bounds.cohorts, bounds.founded_per_year, bounds.founded_per_decade):
        both = measure(records, "2018-11-28")
        assert both.index.names[0] == "record"
        for name, record in records.items():
            assert both.loc[name].reset_index().equals(measure(record, "2018-11-28").reset_index())
