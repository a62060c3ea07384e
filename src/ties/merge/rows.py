"""The rows of what was brought in, as their owner knows them, beside what each became.

People find their rows again by their own numbers, names and words; so these stay, in a table of
their own (`Dataset.rows`) that leads from each row to its tie, or says why it has none.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from ties.errors import ERROR, WARNING, join, make_problems, rows_named
from ties.importers.statements import Reading
from ties.io.description import ROWS
from ties.merge.events_from_statements import DATED, is_to_come
from ties.merge.pairs import MERGED
from ties.places.gazetteer import Gazetteer

ACCEPTED: Final = "accepted"
WRITTEN: Final = {
    **{f"{name}_{side}": f"{name}_{side}_written" for name in ("name", "country") for side in "ab"},
    "kind": "kind_written",
    "founded_text": "founded_written",
    "ended_text": "ended_written",
    "status": "status_written",
    "note": "note_written",
}
COLUMNS: Final = ("tie_id", "outcome", "reason", "file", "locator", *WRITTEN.values())


def rows_of(
    statements: pd.DataFrame,
    log: pd.DataFrame,
    place_ids: pd.Series,
    rejected: pd.DataFrame,
    own: pd.DataFrame,
) -> pd.DataFrame:
    """Lay the rows of a source beside the ties that were made of them.

    Parameters
    ----------
    statements, log, place_ids
        As `ties.merge.record.to_dataset` takes and gives them.
    rejected
        Columns of `ties.importers.statements.REJECTED`.
    own
        Further columns of the source, under its headings; the index is the number of the row.

    Returns
    -------
    DataFrame
        A row a naming of a pair, in the order of the source; text. ``tie_id`` (missing if it is
        in no tie), ``outcome`` (accepted, merged or rejected), ``reason`` (how it was merged, or
        why it was rejected), ``file`` and ``locator`` (where it stands), then its own words,
        those that end in ``_a_written`` on the side of the tie's ``place_a``; then `own`.
    """
    a, b = statements["place_key_a"].map(place_ids), statements["place_key_b"].map(place_ids)
    is_turned = (a > b).fillna(False).to_numpy(bool)
    written = statements[[*WRITTEN]].rename(columns=WRITTEN)
    for name in ("name", "country"):
        one, other = f"{name}_a_written", f"{name}_b_written"
        first = written[one].where(~is_turned, written[other])
        written = written.assign(
            **{other: written[other].where(~is_turned, written[one]), one: first}
        )
    is_merged = log["outcome"].isin(MERGED)
    is_kept = log["outcome"].eq("kept")
    outcome = pd.Series("rejected", index=log.index).mask(is_merged, "merged")
    accepted = written.assign(
        row=statements["row"],
        tie_id=log["tie_id"],
        outcome=outcome.mask(is_kept, ACCEPTED),
        reason=log["reason"].mask(is_merged, log["outcome"]),
        file=statements["file"],
        locator=statements["locator"],
    )
    refused = rejected[["row", "file", "locator", "reason"]].assign(outcome="rejected")
    both = pd.concat([accepted, refused], ignore_index=True) if len(refused) else accepted
    both = both.sort_values("row", kind="stable", ignore_index=True)
    more = own.reindex(both["row"]).set_axis(both.index)
    more = more.rename(columns={name: f"{name}_own" for name in more if name in COLUMNS})
    return pd.concat([both.reindex(columns=[*COLUMNS]), more], axis=1).astype("str")


def lost_rows(reading: Reading, statements: pd.DataFrame, log: pd.DataFrame) -> pd.DataFrame:
    """Rows that are in no tie as problems: where each stands, what it says, and what to do."""
    is_lost = log["tie_id"].isna()
    ends = log["end"].where(is_lost).fillna("a").str[0]
    lost = statements[is_lost.to_numpy(bool)]
    parts = []
    for side in "ab":
        own = lost[(ends == side)[is_lost].to_numpy(bool)]
        reasons = _LOST + log.loc[own.index, "reason"]
        parts.append(_problems(own, reasons, log.loc[own.index, "outcome"], f"name_{side}"))
    rejected = reading.rejected
    parts.append(_problems(rejected, _LOST + rejected["reason"], rejected["rule"]))
    return join(parts)


def assumptions(
    statements: pd.DataFrame, as_of: pd.Timestamp, gazetteer: Gazetteer | None
) -> pd.DataFrame:
    """Warnings about rows that are in a tie: what nobody would take for granted of them.

    Parameters
    ----------
    statements
        Resolved, see `ties.merge.pairs.resolve_statements`.
    as_of
        The day of the source.
    gazetteer
        In which names were looked up.

    Returns
    -------
    DataFrame
        Names found nowhere, names of several places, places that were taken in spite of a doubt
        (each distinct name once, with its rows), and dates after the day of the source.
    """
    parts = [_to_come(statements, column, as_of) for column in DATED]
    sides = [
        statements[["row", "file", "locator", *(f"{name}_{side}" for name in _ENDS)]]
        .rename(columns={f"{name}_{side}": name for name in _ENDS})
        .assign(column=f"name_{side}")
        for side in "ab"
    ]
    ends = pd.concat(sides, ignore_index=True)
    is_unknown = ends["basis"].eq("provisional")
    if gazetteer is None:
        n_unknown = ends.loc[is_unknown, "place_key"].nunique()
        message = (
            f"{n_unknown:,} places that are not in the record were not looked up in GeoNames: each "
            "stands for itself as written"
        )
        parts.append(
            make_problems(
                [message] if n_unknown else [],
                table=ROWS,
                file="" if ends.empty else str(ends["file"].iloc[0]),
                rule="names_not_looked_up",
                severity=WARNING,
            )
        )
        is_unknown &= False
    is_wide = ends["level"].isin(["region", "county"]) & is_unknown
    reasons = {
        "place_unknown": (is_unknown & ~is_wide, pd.Series(_UNKNOWN, index=ends.index)),
        "region_unknown": (is_wide, pd.Series(_WIDE, index=ends.index)),
        "place_ambiguous": (ends["basis"].eq("ambiguous"), _AMBIGUOUS + ends["reasons"]),
        "place_nearly": (ends["basis"].eq("fuzzy"), _NEARLY + ends["reasons"]),
        "place_far": (ends["score"].between(0.5, 0.7, inclusive="neither"), _FAR + ends["reasons"]),
    }
    for rule, (is_doubtful, reason) in reasons.items():
        parts.append(_once(ends[is_doubtful].assign(reason=reason[is_doubtful]), rule))
    return join(parts)


_LOST: Final = "this row is in no tie: "
_ENDS: Final = ("name", "country", "place_key", "basis", "score", "reasons", "level")
_UNKNOWN: Final = (
    "is found neither in the record nor in the gazetteer and stands for a place of its own; see to "
    "its spelling and country, or decide which place is meant"
)
_WIDE: Final = (
    "is a region that is not in the record, and the gazetteer has none; it stands for itself, and "
    "by another name it would be another"
)
_AMBIGUOUS: Final = (
    "may be one of several places, and was taken for none of them; add its region, or decide: "
)
_NEARLY: Final = "was taken for a place whose name is nearly the same; see whether it is: "
_FAR: Final = "was taken for a place that lies elsewhere than its coordinates say: "
_TO_COME: Final = (
    "is after {0}, the day of the source; no event was made of it, and it is kept in the note of "
    "the listing. Correct it, or say of which day the source is"
)


def _to_come(statements: pd.DataFrame, column: str, as_of: pd.Timestamp) -> pd.DataFrame:
    late = statements[is_to_come(statements[column], as_of).to_numpy(bool)]
    reasons = pd.Series(_TO_COME.format(as_of.date()), index=late.index)
    rules = pd.Series("future", index=late.index)
    return _problems(late, reasons, rules, column, WARNING)


def _once(ends: pd.DataFrame, rule: str) -> pd.DataFrame:
    """Warn of each distinct name once, and list the rows that it stands in."""
    by = ends.groupby(["name", "country", "place_key"], dropna=False, sort=False)
    first = ends[~ends.duplicated(["name", "country", "place_key"])]
    if len(first) < len(ends):
        rows = pd.Series([rows_named(part) for _, part in by["locator"]], index=first.index)
        first = first.assign(reason=first["reason"] + rows)
    rules = pd.Series(rule, index=first.index)
    parts = [
        _problems(own, own["reason"], rules[own.index], str(column), WARNING, own["name"])
        for column, own in first.groupby("column")
    ]
    return join(parts)


def _problems(
    rows: pd.DataFrame,
    reasons: pd.Series,
    rules: pd.Series,
    column: str | None = None,
    severity: str = ERROR,
    values: pd.Series | None = None,
) -> pd.DataFrame:
    lines = rows["locator"].str.extract(r"^(?:line|row) (\d+)$")[0].astype("Int64")
    where = (rows["locator"] + ": ").where(lines.isna(), "")
    if values is None and column is not None:
        values = rows[column]
    found = make_problems(
        (where + reasons).tolist(),
        table=ROWS,
        file="",
        rule="",
        column=column,
        lines=lines.array,
        values=None if values is None else values.tolist(),
        rows=rows["row"].to_numpy(),
        severity=severity,
    )
    return found.assign(file=rows["file"].array, rule=rules.array) if len(found) else found
