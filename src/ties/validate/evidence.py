"""Who says so: every event has a source that could know of it, and a side that could act."""

from __future__ import annotations

import pandas as pd

from ties.errors import WARNING, join
from ties.validate.record import RecordTables, follow, is_in

_FORMAL_ACTS = ("suspended", "terminated", "reinstated")


def act_without_a_side(record: RecordTables) -> pd.DataFrame:
    """Find formal acts that no government is said to have done."""
    events = record.frames["events"]
    is_wrong = events["kind"].isin(_FORMAL_ACTS) & (events["side"] == "none")
    message = (
        "{kind!r} is an act of a government, and an association is not a side; "
        "write a, b or both, or make the event a 'statement'"
    )
    return record.problems(
        "events", is_wrong, "no_side", message, column="side", kind=events["kind"]
    )


def report_without_a_status(record: RecordTables) -> pd.DataFrame:
    """Find reports that name no status, and statuses of what is no report."""
    events = record.frames["events"]
    is_report, has_status = events["kind"] == "reported", events["reported_status"].notna()
    return join(
        [
            record.problems(
                "events",
                is_report & ~has_status,
                "no_reported_status",
                "a report says what state the tie was in; write active, dormant, suspended, "
                "terminated or in_force",
                column="reported_status",
            ),
            record.problems(
                "events",
                has_status & ~is_report & events["kind"].notna(),
                "stray_reported_status",
                "{value!r} is reported by an event of kind {kind!r}; only 'reported' has a "
                "status: leave it empty, or make this a report",
                column="reported_status",
                kind=events["kind"],
            ),
            record.problems(
                "events",
                is_report & events["side"].notna() & (events["side"] != "none"),
                "report_with_a_side",
                "a report is no act, so nobody's; write none",
                column="side",
            ),
        ]
    )


def unattested(record: RecordTables) -> pd.DataFrame:
    """Find events that no source attests."""
    if not record.can_follow("attestations"):
        return join([])
    event = record.frames["events"]["event_id"]
    on_broken_rows = list(record.raw["attestations"].known_codes)
    is_wrong = event.notna() & ~record.is_referred_to("events", by="attestations")
    is_wrong &= ~event.isin(on_broken_rows)
    message = "no source attests {value!r}; add a row to attestations"
    return record.problems("events", is_wrong, "unattested", message, column="event_id")


def date_from_nowhere(record: RecordTables) -> pd.DataFrame:
    """Find events whose date none of the dates that their sources give has a day of."""
    days, given = record.bounds("events"), record.bounds("attestations")
    event = record.rows("attestations", "event_id")
    earliest, latest = (follow(event, days[bound]) for bound in ("earliest", "latest"))
    is_dated = given["earliest"].notna() & earliest.notna()
    meets = (given["earliest"] <= latest) & (given["latest"] >= earliest)
    own = record.rows("events", "event_id")
    has_date, is_backed = (
        is_in(own, event[are_so.to_numpy()], len(own)) for are_so in (is_dated, is_dated & meets)
    )
    is_wrong = pd.Series(has_date & ~is_backed)
    message = "{value} is none of the dates that the sources give; correct it, or say why in a note"
    return record.problems(
        "events", is_wrong, "date_unattested", message, column="date", severity=WARNING
    )


def published_too_early(record: RecordTables) -> pd.DataFrame:
    """Find sources that came out before the event that they are to attest."""
    source = record.rows("attestations", "source_id")
    event = record.rows("attestations", "event_id")
    published = follow(source, record.bounds("sources", "published")["latest"])
    is_wrong = published < follow(event, record.bounds("events")["earliest"])
    return record.problems(
        "attestations",
        is_wrong,
        "published_before_event",
        "{value!r} was published in {published}, before the event in {date}; check both dates",
        column="source_id",
        severity=WARNING,
        published=follow(source, record.frames["sources"]["published"]),
        date=follow(event, record.frames["events"]["date"]),
    )


def read_before_published(record: RecordTables) -> pd.DataFrame:
    """Find sources that were read before they came out."""
    sources = record.frames["sources"]
    published = record.bounds("sources", "published")["earliest"]
    is_wrong = record.bounds("sources", "accessed")["latest"] < published
    return record.problems(
        "sources",
        is_wrong,
        "read_before_published",
        "read in {value}, before it was published in {published}; check both dates",
        column="accessed",
        severity=WARNING,
        published=sources["published"],
    )
