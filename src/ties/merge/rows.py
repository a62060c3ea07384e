"""The rows of what was brought in, as their owner knows them, beside what each became.

People find their rows again by their own numbers, names and words; so these stay, in a table of
their own (`Dataset.rows`) that leads from each row to its tie, or says why it has none.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from ties.errors import ERROR, join, make_problems
from ties.importers.statements import Reading
from ties.io.description import ROWS
from ties.merge.pairs import MERGED

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
        reasons = log.loc[own.index, "reason"]
        parts.append(_problems(own, reasons, log.loc[own.index, "outcome"], f"name_{side}"))
    parts.append(_problems(reading.rejected, reading.rejected["reason"], reading.rejected["rule"]))
    return join(parts)


def _problems(
    rows: pd.DataFrame, reasons: pd.Series, rules: pd.Series, column: str | None = None
) -> pd.DataFrame:
    lines = rows["locator"].str.extract(r"^(?:line|row) (\d+)$")[0].astype("Int64")
    where = (rows["locator"] + ": ").where(lines.isna(), "")
    found = make_problems(
        (where + "this row is in no tie: " + reasons).tolist(),
        table=ROWS,
        file="",
        rule="",
        column=column,
        lines=lines.array,
        values=None if column is None else rows[column].tolist(),
        rows=rows["row"].to_numpy(),
        severity=ERROR,
    )
    return found.assign(file=rows["file"].array, rule=rules.array) if len(found) else found
