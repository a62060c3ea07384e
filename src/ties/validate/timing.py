"""What came when: no end before its beginning, no event before the place, none yet to come.

Dates are intervals, so one thing lies before another only if the whole of it does.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ties.errors import ERROR, WARNING, join
from ties.validate.record import FAR_PAST, RecordTables, first_such, follow

_ENDS = ("terminated", "suspended", "dormant", "renewed", "reinstated")
_STOPS = ("terminated", "suspended")
_AGREEMENTS = ("agreement", "renewed")
_DATED = (
    ("events", "date"),
    ("sources", "published"),
    ("sources", "accessed"),
    ("attestations", "date"),
    ("searches", "searched_on"),
    ("counts", "date"),
)


def more_than_one_founding(record: RecordTables) -> pd.DataFrame:
    """Find foundings of a tie that has one on an earlier row."""
    events = record.frames["events"]
    is_founding = (events["kind"] == "founded") & events["tie_id"].notna()
    is_again = events["tie_id"].where(is_founding).duplicated() & is_founding
    had_ended = _first_end(record) < record.bounds("events")["earliest"]
    advice = {
        True: "it had ended by then: make this 'reinstated', of the side that ended it",
        False: "keep one, and give the other dates as attestations of it, or make this "
        "an 'agreement'",
    }
    return record.problems(
        "events",
        is_again,
        "second_founding",
        "{tie!r} has a founding on an earlier row; {advice}",
        column="kind",
        tie=events["tie_id"],
        advice=had_ended.map(advice),
    )


def agreed_after_the_end(record: RecordTables) -> pd.DataFrame:
    """Find agreements and renewals after an end that nothing took back."""
    events, ended = record.frames["events"], _first_end(record)
    is_back = events["tie_id"].isin(events.loc[events["kind"] == "reinstated", "tie_id"])
    is_wrong = events["kind"].isin(_AGREEMENTS) & (ended < record.bounds("events")["earliest"])
    message = (
        "{kind} in {value}, but a side had ended the tie by {ended:%Y-%m-%d}, so it stays ended; "
        "if that was taken back, add 'reinstated', of the side that ended it"
    )
    return record.problems(
        "events",
        is_wrong & ~is_back,
        "agreed_after_end",
        message,
        column="date",
        severity=WARNING,
        kind=events["kind"],
        ended=ended,
    )


def founded_for_a_term(record: RecordTables) -> pd.DataFrame:
    """Find foundings with an end: a term ends no tie by itself."""
    events = record.frames["events"]
    message = (
        "a founding has no run, and {value} ends nothing; if the tie ended then, add 'terminated' "
        "with the side that ended it, or 'reported' with reported_status terminated"
    )
    return record.problems(
        "events",
        (events["kind"] == "founded") & events["until"].notna(),
        "founded_until",
        message,
        column="until",
        severity=WARNING,
    )


def _first_end(record: RecordTables) -> pd.Series:
    """The day by which a side had first ended the tie of each event; missing if none has."""
    events = record.frames["events"]
    is_end = (events["kind"] == "terminated") & events["tie_id"].notna()
    tie = _numbers(events["tie_id"])
    return follow(tie, record.bounds("events")["latest"][is_end].groupby(tie[is_end]).min())


def ended_before_founding(record: RecordTables) -> pd.DataFrame:
    """Find ends, pauses and renewals that lie wholly before the tie was founded."""
    events, days = record.frames["events"], record.bounds("events")
    is_founding = (events["kind"] == "founded") & events["date"].notna()
    founding = first_such(_numbers(events["tie_id"]), is_founding.to_numpy())
    is_wrong = events["kind"].isin(_ENDS) & (days["latest"] < follow(founding, days["earliest"]))
    message = "{kind} in {value}, but founded in {founding}; correct one of the dates"
    return record.problems(
        "events",
        is_wrong,
        "before_founding",
        message,
        column="date",
        kind=events["kind"],
        founding=follow(founding, events["date"]),
    )


def nothing_to_reinstate(record: RecordTables) -> pd.DataFrame:
    """Find reinstatements of ties that nobody had suspended or ended by then."""
    events, days = record.frames["events"], record.bounds("events")
    is_stop = events["kind"].isin(_STOPS) & events["tie_id"].notna()
    tie = _numbers(events["tie_id"])
    stopped = days["earliest"][is_stop].groupby(tie[is_stop]).min()
    before = follow(tie, stopped)
    is_wrong = (events["kind"] == "reinstated") & ~(before <= days["latest"])
    message = (
        "{tie!r} was reinstated, but no earlier event suspended or ended it; add that event, "
        "or make this 'revived'"
    )
    return record.problems(
        "events",
        is_wrong & days["latest"].notna(),
        "nothing_to_reinstate",
        message,
        column="kind",
        severity=WARNING,
        tie=events["tie_id"],
    )


def run_ends_early(record: RecordTables) -> pd.DataFrame:
    """Find runs of events that end before they begin."""
    events = record.frames["events"]
    is_wrong = record.bounds("events", "until")["latest"] < record.bounds("events")["earliest"]
    message = "the run ends in {value}, before it begins in {date}; correct one of them"
    return record.problems(
        "events", is_wrong, "until_before_date", message, column="until", date=events["date"]
    )


def names_end_early(record: RecordTables) -> pd.DataFrame:
    """Find names that were given up before they were given."""
    names = record.frames["place_names"]
    start = record.bounds("place_names", "valid_from")["earliest"]
    is_wrong = record.bounds("place_names", "valid_to")["latest"] < start
    message = "the name ends in {value}, before it begins in {start}; correct one of them"
    return record.problems(
        "place_names",
        is_wrong,
        "name_ends_early",
        message,
        column="valid_to",
        start=names["valid_from"],
    )


def before_the_place(record: RecordTables) -> pd.DataFrame:
    """Find events from before one of the two places bore any of its names.

    A place counts only if every name of it has a known start.
    """
    days, starts = record.bounds("events"), _place_starts(record)
    ends = [record.frames["ties"][end] for end in ("place_a", "place_b")]
    start_a, start_b = (follow(end, starts) for end in ends)
    is_b_later = (start_b > start_a) | start_a.isna()
    tie = record.rows("events", "tie_id")
    place = follow(tie, ends[0].where(~is_b_later, ends[1]))
    start = follow(tie, start_a.where(~is_b_later, start_b))
    message = (
        "{value} lies before {place!r} bore any of its names (from {start:%Y-%m-%d}); "
        "correct the date, or the names in place_names"
    )
    return record.problems(
        "events",
        days["latest"] < start,
        "before_place",
        message,
        column="date",
        place=place,
        start=start,
    )


def _numbers(codes: pd.Series) -> np.ndarray:
    """Number the codes of a column, -1 for a missing one."""
    numbers: np.ndarray = pd.factorize(codes)[0]
    return numbers


def _place_starts(record: RecordTables) -> pd.Series:
    """The first day of any name of each place whose names all have a start."""
    names = record.frames["place_names"]
    start = record.bounds("place_names", "valid_from")["earliest"]
    start = start.where(start > pd.Timestamp(FAR_PAST))
    by_place = start.groupby(names["place_id"])
    return by_place.min()[by_place.count() == by_place.size()]


def in_the_future(record: RecordTables) -> pd.DataFrame:
    """Find dates that lie wholly after the record's own date."""
    if record.as_of is None:
        return join([])
    return join(_future(record, record.as_of, table, column) for table, column in _DATED)


def _future(record: RecordTables, as_of: pd.Timestamp, table: str, column: str) -> pd.DataFrame:
    origin = "" if record.is_dated else " (the latest date of its sources; state as_of)"
    message = (
        f"{{value}} lies after the record's own date {as_of:%Y-%m-%d}{origin}; correct one of them"
    )
    is_wrong = record.bounds(table, column)["earliest"] > as_of
    severity = ERROR if record.is_dated else WARNING
    return record.problems(table, is_wrong, "future", message, column=column, severity=severity)
