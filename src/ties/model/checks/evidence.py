"""Who says so: every event has a source that could know of it, and a side that could act."""

from __future__ import annotations

import pandas as pd

from ties.model.checks.record import Record, follow, is_among
from ties.model.problems import WARNING, join

_FORMAL_ACTS = ("suspended", "terminated", "reinstated")


def act_without_a_side(record: Record) -> pd.DataFrame:
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


def unattested(record: Record) -> pd.DataFrame:
    """Find events that no source attests."""
    if not record.can_follow("attestations"):
        return join([])
    event = record.frames["events"]["event_id"]
    on_broken_rows = list(record.raw["attestations"].known_codes)
    is_wrong = event.notna() & ~is_among(event, record.frames["attestations"]["event_id"])
    is_wrong &= ~event.isin(on_broken_rows)
    message = "no source attests {value!r}; add a row to attestations"
    return record.problems("events", is_wrong, "unattested", message, column="event_id")


def date_from_nowhere(record: Record) -> pd.DataFrame:
    """Find events whose date none of the dates that their sources give has a day of."""
    events, days = record.frames["events"], record.bounds("events")
    event = record.frames["attestations"]["event_id"]
    given = record.bounds("attestations")
    earliest = follow(event, record.by_code("events", days["earliest"]))
    latest = follow(event, record.by_code("events", days["latest"]))
    is_dated = given["earliest"].notna() & earliest.notna()
    meets = (given["earliest"] <= latest) & (given["latest"] >= earliest)
    backed = meets[is_dated].groupby(event[is_dated]).any()
    is_wrong = follow(events["event_id"], backed) == False  # noqa: E712  (missing is not wrong)
    message = "{value} is none of the dates that the sources give; correct it, or say why in a note"
    return record.problems(
        "events", is_wrong, "date_unattested", message, column="date", severity=WARNING
    )


def published_too_early(record: Record) -> pd.DataFrame:
    """Find sources that came out before the event that they are to attest."""
    attestations = record.frames["attestations"]
    published = record.by_code("sources", record.bounds("sources", "published")["latest"])
    happened = record.by_code("events", record.bounds("events")["earliest"])
    is_wrong = follow(attestations["source_id"], published) < follow(
        attestations["event_id"], happened
    )
    return record.problems(
        "attestations",
        is_wrong,
        "published_before_event",
        "{value!r} was published in {published}, before the event in {date}; check both dates",
        column="source_id",
        severity=WARNING,
        published=follow(attestations["source_id"], record.lookup("sources", "published")),
        date=follow(attestations["event_id"], record.lookup("events", "date")),
    )


def read_before_published(record: Record) -> pd.DataFrame:
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
