"""Ties taken apart again: what a person decided about statements that rules had put together.

Statements are one tie because their ends are taken for the same two places. So a tie is taken
apart by saying that an end of some statement is another place. The decisions are a CSV table:

================  =============================================================================
statement_id      the statement, as the merge log names it
name_a, name_b    its ends as written: the decision fails once the source says something else
end               which end is another place: ``a``, ``b`` or ``ab``
place_key         the place that is meant, as in the log; or any code of one's own, which two
                  statements can share; or empty: a place that no other statement means
decided_on        EDTF date of the decision
reason            why
================  =============================================================================

Nothing of a source is changed by it: without the decision the next merge is as it was.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from ties.merge.pairs import Merged, split
from ties.places.decisions import DecisionError, check_filled, read_filled_in, refuse

COLUMNS: Final = (
    "statement_id",
    "name_a",
    "name_b",
    "end",
    "place_key",
    "decided_on",
    "reason",
)
_ENDS: Final = ("a", "b", "ab")


def to_decide(merged: Merged, pair: int) -> pd.DataFrame:
    """The statements of one tie, to be asked of each whether an end is another place.

    Parameters
    ----------
    merged
        As `ties.merge.pairs.merge` gives it.
    pair
        Number of the tie.

    Returns
    -------
    DataFrame
        A row a statement: `COLUMNS`, of which ``end``, ``place_key``, ``decided_on`` and ``reason``
        are for a person to fill in, then ``outcome``, ``source_id``, ``file``, ``locator`` and
        ``place_key_a``, ``reasons_a`` (what the end was taken for, and why) and the same for b.

    Raises
    ------
    KeyError
        If there is no such tie.
    """
    own = split(merged, pair)
    outcome = merged.log.set_index("statement_id")["outcome"]
    asked = own.assign(
        end="", place_key="", decided_on="", reason="", outcome=own["statement_id"].map(outcome)
    )
    taken = [f"{name}_{side}" for side in "ab" for name in ("place_key", "reasons")]
    columns = [*COLUMNS, "outcome", "source_id", "file", "locator", *taken]
    return asked[columns].sort_values(["source_id", "statement_id"], ignore_index=True)


def read_apart(path: str | Path) -> pd.DataFrame:
    """Read a file of decisions.

    Rows that have neither a date nor a reason are questions still open and are left out.

    Returns
    -------
    DataFrame
        `COLUMNS`, all text, and ``line`` (of the file, as an editor counts it).

    Raises
    ------
    DecisionError
        If the file is no table, a column is missing, a decision has no date, reason or end, or
        one statement is decided twice.
    """
    full = read_filled_in(path, COLUMNS)
    made = full[full["decided_on"].notna() | full["reason"].notna()].reset_index(drop=True)
    _check(Path(path).name, made)
    return made


def take_apart(resolved: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """Statements with the places that were decided, so that merging parts them.

    Parameters
    ----------
    resolved
        As `ties.merge.pairs.resolve_statements` gives it.
    decisions
        As `read_apart` gives it.

    Returns
    -------
    DataFrame
        The same rows; ends that were decided have ``basis`` "decision".

    Raises
    ------
    DecisionError
        If there is no such statement, or its ends are written otherwise than when it was decided.
    """
    changed = resolved.copy()
    position = pd.Series(resolved.index, index=resolved["statement_id"])
    at = position.reindex(decisions["statement_id"])
    _check_found(resolved, decisions, at)
    for side in "ab":
        is_meant = decisions["end"].str.contains(side).to_numpy(bool)
        own = decisions[is_meant]
        # Without a code the place is that of this statement alone.
        alone = "apart:" + own["statement_id"] + ":" + side
        rows = at[is_meant].to_numpy()
        changed.loc[rows, f"place_key_{side}"] = own["place_key"].fillna(alone).to_numpy()
        changed.loc[rows, f"basis_{side}"] = "decision"
        reason = "decided on " + own["decided_on"] + ": " + own["reason"]
        changed.loc[rows, f"reasons_{side}"] = reason.to_numpy()
    return changed


def _check(file: str, made: pd.DataFrame) -> None:
    needs = {"statement_id": "a statement", "end": "an end", "decided_on": "a date"}
    check_filled(file, made, {**needs, "reason": "a reason"})
    refuse(file, made, ~made["end"].isin(_ENDS), "end", "is none of a, b and ab; write one")
    twice = made["statement_id"].duplicated()
    refuse(file, made, twice, "statement_id", "is decided on a line above; keep one of the two")


def _check_found(resolved: pd.DataFrame, decisions: pd.DataFrame, at: pd.Series) -> None:
    def stop(is_wrong: pd.Series, message: str) -> None:
        if is_wrong.any():
            row = decisions[is_wrong.to_numpy(bool)].iloc[0]
            raise DecisionError(
                f"decision on line {row['line']}: {row['statement_id']!r} {message}"
            )

    stop(at.isna(), "is no statement of these sources; was one imported anew? Decide again")
    told = resolved.loc[at.to_numpy()]
    for name in ("name_a", "name_b"):
        own, was = told[name].fillna("").to_numpy(), decisions[name].fillna("").to_numpy()
        message = f"is written otherwise now ({name}); look at it again, and correct the line"
        stop(pd.Series(own != was), message)
