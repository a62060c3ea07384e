"""Names that no rule could settle, with the places they may mean: what a person decides next.

A row is a candidate of a name, or the name alone where none was found. The first columns are those
of a file of decisions (`ties.places.decisions`): a row with a day and a reason is a decision.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from ties.dataset import Dataset
from ties.errors import TiesError
from ties.importers.import_folder import is_import
from ties.places.decisions import COLUMNS, CONDITIONS, POINT, by_mention, read_filled_in
from ties.places.gazetteer import Gazetteer
from ties.places.resolver import MENTION, candidates, similar

UNDECIDED: Final = "undecided.csv"
OPEN: Final = {"ambiguous": "ambiguous", "provisional": "unfound", "unresolved": "unfound"}
EVIDENCE: Final = ("open", "reasons", "country_code", "founded", "rows", "partners")
PLACE: Final = ("place", "place_country", "place_region", "population", "km")
_CITED: Final = 8


def undecided(
    resolved: pd.DataFrame, known: Dataset | None = None, gazetteer: Gazetteer | None = None
) -> pd.DataFrame:
    """The ends of statements that are ambiguous or found nowhere, with their candidates.

    Parameters
    ----------
    resolved
        As `ties.merge.pairs.resolve_statements` gives it.
    known, gazetteer
        Where candidates are looked for.

    Returns
    -------
    DataFrame
        `COLUMNS` of a decision (``partner`` where the name is ambiguous), then
        ``open`` (ambiguous or unfound), ``reasons``, ``country_code``, ``founded`` (of the first
        row), ``rows`` (where it stands), ``partners`` (as written), then of the candidate
        ``place``, ``place_country``, ``place_region``, ``population`` and ``km``.
    """
    both = pd.concat([_ends(resolved, *sides) for sides in ("ab", "ba")])
    ends = both.sort_index(kind="stable").reset_index(drop=True)
    ends = ends[ends["basis"].isin(OPEN)]
    # Namesakes of one table are told apart by their partners.
    partner = ends["partner"].where(ends["basis"] == "ambiguous")
    ends = ends.assign(written=ends["partner"], partner=partner)
    groups = by_mention(ends)
    number = groups.ngroup()
    names = groups.first().reset_index()
    names = names.assign(
        open=names["basis"].map(OPEN),
        rows=_cited(number, ends["locator"]),
        partners=_cited(number, ends["written"]),
    )
    own = names.drop(columns=["latitude", "longitude"])
    found = own.join(candidates(names, known, gazetteer).set_index("mention"), how="left")
    found = found.assign(decided_on="", reason="")
    return found.reindex(columns=[*COLUMNS, *EVIDENCE, *PLACE]).reset_index(drop=True)


def _ends(resolved: pd.DataFrame, side: str, other: str) -> pd.DataFrame:
    columns = [*(name for name in MENTION if name != "on"), "basis", "reasons", "country_code"]
    own = resolved[[f"{name}_{side}" for name in columns]].set_axis(columns, axis="columns")
    founded = resolved["founded"]
    return own.assign(
        partner=resolved[f"name_{other}"], founded=founded, on=founded, locator=resolved["locator"]
    )


def _cited(number: pd.Series, texts: pd.Series) -> pd.Series:
    """The first distinct texts of each number in a line, and how many more there are."""
    told = pd.DataFrame({"number": number, "text": texts}).dropna().drop_duplicates()
    first = told[told.groupby("number").cumcount() < _CITED].groupby("number")["text"]
    line: pd.Series = first.agg(", ".join)
    more = told.groupby("number").size() - _CITED
    long: pd.Series = line + " and " + more.astype("str") + " more"
    return long.where(more > 0, line)


def read_undecided(folder: str | Path) -> pd.DataFrame:
    """The table that an import left (see `undecided`), with numbers as numbers.

    Raises
    ------
    TiesError
        If the folder is not that of an import, or holds no such table.
    """
    path = Path(folder) / UNDECIDED
    if not is_import(folder) or not path.is_file():
        raise TiesError(f"{folder} is no folder of an import with {UNDECIDED}; run ties import")
    table = read_filled_in(path, (*COLUMNS, *EVIDENCE, *PLACE)).drop(columns="line")
    numbers = [*POINT, "population", "km"]
    return table.assign(**table[numbers].apply(pd.to_numeric, errors="coerce"))


def without_decided(names: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """The names that no decision answers yet."""
    mentions = names[[*CONDITIONS]]
    answered = pd.Series(False, index=names.index)
    for row in decisions[[*CONDITIONS]].to_dict("records"):
        stated = [name for name in CONDITIONS if pd.notna(row[name])]
        answered |= (mentions[stated] == [row[name] for name in stated]).all(axis=1)
    return names[~answered].reset_index(drop=True)


def with_similar(
    names: pd.DataFrame, known: Dataset | None = None, gazetteer: Gazetteer | None = None
) -> pd.DataFrame:
    """Undecided names, those without a candidate with the places whose names look like them."""
    bare = names[names["place_key"].isna()].drop(columns=["place_key", *POINT, *PLACE])
    found = similar(bare, known, gazetteer).set_index("mention").drop(columns="score")
    with_any = bare.join(found, how="left")
    both = pd.concat([names[names["place_key"].notna()], with_any]).sort_index(kind="stable")
    return both[[*names]].reset_index(drop=True)
