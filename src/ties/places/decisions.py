"""What a person decided about names that no rule can settle: kept, dated, reasoned, and reused.

A file of decisions is a CSV table. A row names a mention by its columns (an empty one is no
condition) and the place that is meant, or says with an empty ``place_key`` that it is none of
the candidates and must stay apart.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from ties.model.dates import is_edtf
from ties.model.problems import TiesError

CONDITIONS: Final = ("name", "country", "region", "partner")
COLUMNS: Final = (*CONDITIONS, "place_key", "decided_on", "reason")


class DecisionError(TiesError):
    """A file of decisions cannot be used; the message names the line and what to do."""


def read_decisions(path: str | Path) -> pd.DataFrame:
    """Read a file of decisions.

    Rows that have neither a date nor a reason are questions still open and are left out.

    Raises
    ------
    DecisionError
        If a column is missing, a decision has no date or no reason, or two decisions about one
        mention contradict each other.
    """
    source = Path(path)
    try:
        frame = pd.read_csv(source, dtype="str", keep_default_na=False, na_values=[""])
    except (OSError, ValueError) as error:
        raise DecisionError(f"{source} cannot be read as a table: {error}") from error
    missing = [name for name in COLUMNS if name not in frame and name != "partner"]
    if missing:
        raise DecisionError(f"{source.name} has no column {', '.join(missing)}; add it")
    full = frame.reindex(columns=list(COLUMNS)).astype("str")
    made = full[full["decided_on"].notna() | full["reason"].notna()]
    _check(source.name, made)
    return made.drop_duplicates().reset_index(drop=True)


def _check(file: str, made: pd.DataFrame) -> None:
    for name, what in (("decided_on", "a date"), ("reason", "a reason"), ("name", "a name")):
        bare = made.index[made[name].isna()]
        if len(bare):
            raise DecisionError(
                f"{file}, line {bare[0] + 2}: a decision needs {what}; write {name}"
            )
    wrong = made.index[~is_edtf(made["decided_on"])]
    if len(wrong):
        value = made.loc[wrong[0], "decided_on"]
        raise DecisionError(f"{file}, line {wrong[0] + 2}: {value!r} is no date; write 2026-11-23")
    distinct = made.drop_duplicates([*CONDITIONS, "place_key"])
    twice = distinct.index[distinct.duplicated(list(CONDITIONS))]
    if len(twice):
        raise DecisionError(
            f"{file}, line {twice[0] + 2}: {made.loc[twice[0], 'name']!r} was decided otherwise "
            "above; keep one"
        )


def apply(decided: pd.DataFrame, mentions: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """Put decisions in place of what the rules found.

    Parameters
    ----------
    decided
        As `ties.places.resolver.resolve` gives it, a row a distinct mention.
    mentions
        The distinct mentions, same index.
    decisions
        As `read_decisions` gives it.
    """
    changed = decided.copy()
    general = decisions[decisions["partner"].isna()]
    for row in general.to_dict("records"):
        fits = mentions["name"] == row["name"]
        for name in ("country", "region"):
            if pd.notna(row[name]):
                fits &= mentions[name] == row[name]
        at = fits[fits].index
        changed.loc[at, "place_key"] = row["place_key"]
        changed.loc[at, "basis"] = "decision"
        changed.loc[at, "score"] = 1.0
        changed.loc[at, "reasons"] = f"decided on {row['decided_on']}: {row['reason']}"
    return changed
