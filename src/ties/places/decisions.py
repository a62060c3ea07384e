"""What a person decided about names that no rule can settle: kept, dated, reasoned, and reused.

A file of decisions is a CSV table. A row names a mention by its columns (an empty one is no
condition) and the place that is meant, or says with an empty ``place_key`` that it is a place of
its own; ``latitude`` and ``longitude`` say where it lies, if neither record nor gazetteer does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd
from pandas.api.typing import DataFrameGroupBy

from ties.dates import is_edtf
from ties.errors import TiesError
from ties.io.atomic import whole_file
from ties.io.csv_reader import read_csv
from ties.io.escape import escape_formulas, unescape_formulas

CONDITIONS: Final = ("name", "country", "region", "partner")
POINT: Final = ("latitude", "longitude")
COLUMNS: Final = (*CONDITIONS, "place_key", *POINT, "decided_on", "reason")


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
    table = read_filled_in(path, COLUMNS, optional=("partner", *POINT))
    made = table[table["decided_on"].notna() | table["reason"].notna()]
    _check(Path(path).name, made)
    points = {name: pd.to_numeric(made[name]) for name in POINT}
    return made[[*COLUMNS]].assign(**points).drop_duplicates().reset_index(drop=True)


def no_decisions() -> pd.DataFrame:
    """As `read_decisions` gives it, without a row."""
    return pd.DataFrame({name: pd.Series(dtype="str") for name in COLUMNS})


def add_decision(path: str | Path, decision: Mapping[str, object]) -> None:
    """Write one decision below those of a file, whose rows stay as they are."""
    target = Path(path)
    row = pd.DataFrame([decision])
    if target.is_file():
        cells = read_csv(target, "decisions").named()
        row = pd.concat([cells.apply(unescape_formulas), row], ignore_index=True)
    with whole_file(target) as part:
        escape_formulas(row).to_csv(part, index=False, lineterminator="\n", encoding="utf-8")


def by_mention(names: pd.DataFrame) -> DataFrameGroupBy[Any, Any]:
    """Rows about one mention together, in their order."""
    return names.groupby([*CONDITIONS], dropna=False, sort=False)


def read_filled_in(
    path: str | Path, columns: Sequence[str], optional: Sequence[str] = ()
) -> pd.DataFrame:
    """Read a table that ties wrote and a person filled in, as text.

    Returns
    -------
    DataFrame
        `columns`, missing where empty, and ``line``: of the file, as an editor counts it.

    Raises
    ------
    DecisionError
        If it is no table, a column is missing or stands twice, or a row does not fit the header.
    """
    source = Path(path)
    table = read_csv(source, "decisions")
    if len(table.problems):
        first = table.problems.iloc[0]
        where = f", line {first['line']}" if pd.notna(first["line"]) else ""
        raise DecisionError(f"{source.name}{where}: {first['message']}")
    missing = [name for name in columns if name not in table.headings and name not in optional]
    if missing:
        raise DecisionError(f"{source.name} has no column {', '.join(missing)}; add it")
    own = table.named().loc[:, [name in columns for name in table.headings]]
    if own.columns.duplicated().any():
        name = own.columns[own.columns.duplicated()][0]
        raise DecisionError(f"{source.name} has two columns {name}; keep one")
    full = own.reindex(columns=list(columns)).astype("str").apply(unescape_formulas)
    return full.mask(full == "").assign(line=table.lines)


def _check(file: str, made: pd.DataFrame) -> None:
    check_filled(file, made, {"decided_on": "a date", "reason": "a reason", "name": "a name"})
    for name, most in zip(POINT, (90, 180), strict=True):
        number = pd.to_numeric(made[name], errors="coerce")
        is_wrong = made[name].notna() & ~number.between(-most, most)
        refuse(
            file, made, is_wrong, name, f"is no {name}; write degrees between -{most} and {most}"
        )
    half = made["latitude"].isna() != made["longitude"].isna()
    refuse(file, made, half, "name", "has half a point; write latitude and longitude, or neither")
    distinct = made.drop_duplicates([*CONDITIONS, "place_key", *POINT])
    twice = distinct.duplicated(list(CONDITIONS)).reindex(made.index, fill_value=False)
    refuse(file, made, twice, "name", "was decided otherwise above; keep one")


def check_filled(file: str, made: pd.DataFrame, needs: Mapping[str, str]) -> None:
    """Refuse decisions that lack what they need, or whose date is none."""
    for name, what in needs.items():
        refuse(file, made, made[name].isna(), "", f"a decision needs {what}; write {name}")
    is_day = is_edtf(made["decided_on"]).astype(bool)
    refuse(file, made, ~is_day, "decided_on", "is no date; write one such as 2026-11-23")


def refuse(file: str, made: pd.DataFrame, is_wrong: pd.Series, column: str, message: str) -> None:
    """Refuse the first of the rows that are wrong, with its line and what stands there."""
    if is_wrong.any():
        row = made[is_wrong.to_numpy(bool)].iloc[0]
        what = f"{row[column]!r} " if column else ""
        raise DecisionError(f"{file}, line {row['line']}: {what}{message}")


def apply(
    decided: pd.DataFrame, mentions: pd.DataFrame, decisions: pd.DataFrame, places: pd.DataFrame
) -> pd.DataFrame:
    """Put decisions in place of what the rules found, those with fewer conditions first.

    Parameters
    ----------
    decided
        As `ties.places.resolver.resolve` gives it.
    mentions
        Same index: ``name``, ``country``, ``region`` and, if decisions on partners are to be
        heard, ``partner`` (the name of the tie's other end).
    decisions
        As `read_decisions` gives it.
    places
        What is known of the places decided for: index ``place_key``; ``country``, ``name``,
        ``region``, ``latitude``, ``longitude``, ``population``.
    """
    changed = decided.copy()
    about = mentions.reindex(columns=[*CONDITIONS])
    about = about[about["name"].isin(decisions["name"])]
    narrow = decisions[[*CONDITIONS]].notna().sum(axis=1).sort_values(kind="stable").index
    for row in decisions.loc[narrow].to_dict("records"):
        stated = [name for name in CONDITIONS if pd.notna(row[name])]
        at = about.index[(about[stated] == [row[name] for name in stated]).all(axis=1)]
        key = row["place_key"]
        if pd.isna(key):
            country, own = changed.loc[at, "country"], changed.loc[at, "name_key"]
            changed.loc[at, "place_key"] = "name:" + country + ":" + own
        else:
            changed.loc[at, "place_key"] = key
        for name in places:
            told = places[name].get(key)
            if name != "country" or pd.notna(told):
                changed.loc[at, name] = told
        if pd.notna(row["latitude"]):
            changed.loc[at, [*POINT]] = [row[name] for name in POINT]
        changed.loc[at, "basis"] = "decision"
        changed.loc[at, "score"] = 1.0
        changed.loc[at, "reasons"] = f"decided on {row['decided_on']}: {row['reason']}"
    return changed
