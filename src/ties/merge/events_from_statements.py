"""What statements say happened to a tie, as events with their sources; and nothing beyond it.

=====================  ==========================================================================
a source says          becomes
=====================  ==========================================================================
that a tie is there    `listed`, on the day of the source, with the status it states as text
in what state          `reported`, on the day that it states for it, else on its own: no act, and
                       no side
since when             one `founded` a tie, which bears one of the dates by a stated rule
                       (`ties.merge.dating`); every source attests it with its own date
until when             `reported` as terminated on that day: who ended the tie, it does not say,
                       and `terminated` is an act of a government
=====================  ==========================================================================

A date that lies wholly after the record's own is no event yet; it stays in the note of the
listing, with a warning. So does a date that could not be read.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from ties.dates import date_bounds
from ties.merge.dating import choose_dates
from ties.merge.words import one_line, tidy

_EVENT: Final = ("event_id", "tie_id", "date", "kind", "side", "summary", "reported_status")
_ATTESTATION: Final = ("event_id", "source_id", "date", "note")
_BY: Final = ["tie_id", "source_id"]
SAYS: Final = "The source names the pair, and says of it: "

DATED: Final = ("founded", "ended", "reported_on")

Happenings = tuple[pd.DataFrame, pd.DataFrame]


def make_events(
    told: pd.DataFrame, sources: pd.DataFrame, as_of: pd.Timestamp, date_rule: str
) -> Happenings:
    """The events of ties and who attests them.

    Parameters
    ----------
    told
        Statements with their ``tie_id``, in the order of sources and statements.
    sources
        Columns of the table `sources`.
    as_of
        The record's own date.
    date_rule
        One of `ties.merge.dating.DATE_RULES`.

    Returns
    -------
    events, attestations
        Columns of the tables of these names.
    """
    dated = told.assign(
        **{name: told[name].where(~is_to_come(told[name], as_of)) for name in DATED}
    )
    parts = [
        _foundings(dated, date_rule),
        _listings(told, dated, sources),
        _reports(_without_later_states(dated, told), sources),
    ]
    events = pd.concat([part[0] for part in parts], ignore_index=True)
    return events, pd.concat([part[1] for part in parts], ignore_index=True)


def is_to_come(dates: pd.Series, as_of: pd.Timestamp) -> pd.Series:
    """Which dates lie wholly after a day; a missing one does not."""
    return (date_bounds(dates)["earliest"] > as_of).astype(bool)


def _foundings(told: pd.DataFrame, rule: str) -> Happenings:
    """One founding for each tie that is dated, attested by every source that dates it."""
    given = told.dropna(subset=["founded"]).rename(columns={"founded": "date"})
    if given.empty:
        return _nothing()
    chosen = choose_dates(given[[*_BY, "date"]], rule)
    own = given[[*_BY, "date"]].drop_duplicates()
    # A source that gives two dates is one witness: of the one that was chosen, if it gives it.
    own = own.assign(is_other=own["date"] != own["tie_id"].map(chosen))
    own = own.sort_values([*_BY, "is_other", "date"])
    first = own.drop_duplicates(_BY)
    others = one_line([own[name] for name in _BY], own["date"].where(own.duplicated(_BY)))
    differs = given["founded_text"].notna() & (given["founded_text"] != given["date"])
    words = one_line([given[name] for name in _BY], given["founded_text"].where(differs))
    note = _joined(("also gives", _at(first, others)), ("written", _at(first, words)))
    events = pd.DataFrame(
        {
            "event_id": chosen.index + "-founded",
            "tie_id": chosen.index,
            "date": chosen.to_numpy(),
            "kind": "founded",
            "side": "none",
            "summary": "The tie began, as sources say; who acted, they do not say.",
        }
    )
    attested = first.assign(event_id=first["tie_id"] + "-founded", note=note)
    return events, attested[[*_ATTESTATION]]


def _listings(told: pd.DataFrame, dated: pd.DataFrame, sources: pd.DataFrame) -> Happenings:
    """An event for each source that names a tie, on the day of the source.

    Whatever the source says of the tie beyond the dates stands in the summary or the note.
    """
    first = told.drop_duplicates(_BY)
    if first.empty:
        return _nothing()
    keys = [told[name] for name in _BY]
    status = _at(first, one_line(keys, told["status"]))
    summary = SAYS + status
    unused = {
        "began": told["founded_text"].fillna(told["founded"]).where(dated["founded"].isna()),
        "ended": told["ended_text"].fillna(told["ended"]).where(dated["ended"].isna()),
        "called": told["kind"],
        "note": told["note"],
        "cites": told["reference"],
    }
    note = _joined(*((what, _at(first, one_line(keys, text))) for what, text in unused.items()))
    events = pd.DataFrame(
        {
            "event_id": first["tie_id"] + "-" + first["source_id"] + "-listed",
            "tie_id": first["tie_id"],
            "date": first["source_id"].map(_day_of(sources)),
            "kind": "listed",
            "side": "none",
            "summary": summary.fillna("The source names the pair."),
        }
    )
    attested = events[["event_id"]].assign(source_id=first["source_id"], date=None, note=note)
    return events, attested


def _without_later_states(dated: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    """Return statements without a status of a day that is yet to come."""
    is_late = dated["reported_on"].isna() & told["reported_on"].notna()
    return dated.assign(reported_status=dated["reported_status"].mask(is_late))


def _reports(told: pd.DataFrame, sources: pd.DataFrame) -> Happenings:
    """Return what sources say of the state of a tie: an end, and the status that they state.

    A status that says that the tie ended is dated by the end, where one is given.
    """
    ends = told.dropna(subset=["ended"])
    ends = ends.assign(reported_status="terminated", date=ends["ended"], words=ends["ended_text"])
    states = told.dropna(subset=["reported_status"])
    states = states[states["reported_status"].ne("terminated") | states["ended"].isna()]
    day = states["reported_on"].fillna(states["source_id"].map(_day_of(sources)))
    given = pd.concat([ends, states.assign(date=day, words=states["status"])])
    by = [*_BY, "reported_status", "date"]
    given = given.drop_duplicates(by).sort_values(by)
    if given.empty:
        return _nothing()
    stem = given["tie_id"] + "-" + given["source_id"] + "-reported-" + given["reported_status"]
    again = given.groupby([*_BY, "reported_status"]).cumcount() + 1
    words = tidy(given["words"])
    events = given.assign(
        event_id=stem + ("-" + again.astype("str")).where(again > 1, ""),
        kind="reported",
        side="none",
        summary=("The source says of the tie: " + words).fillna("The source says that it ended."),
    )
    note = _joined(("written", words.where(given["words"] != given["date"])))
    return events[[*_EVENT]], events.assign(note=note)[[*_ATTESTATION]]


def _day_of(sources: pd.DataFrame) -> pd.Series:
    """Return the day that each source is a witness of, by its code."""
    day = sources.set_index("source_id")
    return day["published"].fillna(day["accessed"])


def _at(rows: pd.DataFrame, texts: pd.Series) -> pd.Series:
    """The text of each row's tie and source; missing where there is none."""
    if texts.empty:
        return pd.Series(pd.NA, index=rows.index, dtype="str")
    found = texts.reindex(pd.MultiIndex.from_frame(rows[_BY]))
    return found.set_axis(rows.index).astype("str")


def _joined(*parts: tuple[str, pd.Series]) -> pd.Series:
    """Put what several texts say into one note: ``written: c. 1970; also gives: 1972``."""
    note = pd.Series("", index=parts[0][1].index, dtype="str")
    for what, text in parts:
        note += (f"; {what}: " + text).fillna("")
    note = note.str.removeprefix("; ")
    return note.mask(note == "")


def _nothing() -> Happenings:
    return pd.DataFrame(columns=[*_EVENT]), pd.DataFrame(columns=[*_ATTESTATION])
