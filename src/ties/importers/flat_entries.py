"""The entries of a table: its rows under the columns of a statement, one naming of a partner each.

Here a row of a table may become several entries (three partners in a cell), and a blank cell may
take what stands above it; both only where the mapping says so.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ties.importers.mapping import JOINED, TableMapping
from ties.io.table import Table

_ENTITY: Final = r"^<?https?://(?:www\.)?wikidata\.org/(?:entity|wiki)/(Q\d+)>?$"
# How programs write that there is nothing; "None" is a town in Piedmont.
_MISSING: Final = frozenset(
    {"NA", "NaN", "nan", "NaT", "<NA>", "#N/A", "NULL", "null", "None", "\\N"}
)
_MISSING_NAMES: Final = _MISSING - {"None", "nan", "null"}
_BARE_ID: Final = r"Q[1-9]\d*"


def entries_of(
    table: Table, found: pd.DataFrame, said: TableMapping
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The entries of all rows that fit their table.

    Parameters
    ----------
    table
        As read.
    found
        What its headings mean (`ties.importers.headings.recognise`).
    said
        Constants, and where blanks are carried down and cells split.

    Returns
    -------
    tuple
        A frame with a row an entry (``row``, ``locator``, and text under the columns of a
        statement; a blank is missing; index from 0), and one with the rows whose cells split
        into different numbers of parts.
    """
    texts = _texts(table, found).assign(**said.constants)
    fits = ~texts["row"].isin(list(table.broken))
    entries, uneven = _split(_carried(texts[fits], said), said)
    return _identified(entries), uneven


def are_named(entries: pd.DataFrame, side: str) -> pd.Series:
    """Which entries have a name or an id for the place of a side."""
    columns = [name for name in (f"name_{side}", f"id_{side}") if name in entries]
    return entries[columns].notna().any(axis=1)


def _texts(table: Table, found: pd.DataFrame) -> pd.DataFrame:
    """The columns of a statement as text, a row a row of the table; a blank is missing."""
    sources: dict[str, list[int]] = {}
    for place, names in zip(found["place"], found["column"], strict=True):
        for name in [] if pd.isna(names) else names.split(", "):
            sources.setdefault(name, []).append(place - 1)
    cells = table.cells.apply(lambda column: column.str.strip())
    cells = cells.mask(cells == "")
    columns = {
        name: _together(cells, places, table.headings) if name in JOINED else cells[places[0]]
        for name, places in sources.items()
    }
    for name, column in columns.items():
        if not name.startswith("country"):  # there NA may be Namibia
            columns[name] = column.mask(
                column.isin(_MISSING_NAMES if name.startswith("name") else _MISSING)
            )
    at = {"row": np.arange(len(cells)), "locator": table.locators}
    return pd.DataFrame({**at, **columns}, index=cells.index)


def _together(cells: pd.DataFrame, places: list[int], headings: list[str]) -> pd.Series:
    """One text of one or several columns; of several, each says which it is."""
    if len(places) == 1:
        return cells[places[0]]
    joined = pd.Series(None, index=cells.index, dtype="str")
    for place in places:
        named = f"{headings[place]}: " + cells[place]
        joined = joined.str.cat(named, sep="; ").fillna(joined).fillna(named)
    return joined


def _carried(texts: pd.DataFrame, said: TableMapping) -> pd.DataFrame:
    """Let a blank cell repeat the one above, in the columns for which the mapping says so."""
    names = [name for name in said.carry_down if name in texts]
    return texts.assign(**{name: texts[name].ffill() for name in names})


def _split(texts: pd.DataFrame, said: TableMapping) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make one entry of each partner in a cell; give also the rows that split unevenly."""
    signs = {name: sign for name, sign in said.split.items() if name in texts}
    if not signs or texts.empty:
        return texts, texts.iloc[:0]
    parts = pd.DataFrame(
        {name: texts[name].fillna("").str.split(sign, regex=False) for name, sign in signs.items()}
    )
    sizes = parts.apply(lambda column: column.str.len())
    most = sizes.max(axis=1)
    is_even = (sizes.eq(1) | sizes.eq(most, axis=0)).all(axis=1)
    for name in signs:  # what is named once holds for all
        repeats = most.where(sizes[name] == 1, 1)
        parts[name] = [cell * n for cell, n in zip(parts[name], repeats, strict=True)]
    even = texts.assign(**{name: parts[name] for name in signs})[is_even].explode([*signs])
    split = even[[*signs]].apply(lambda column: column.astype("str").str.strip())
    even[[*signs]] = split.mask(split == "")
    is_blank = even[[*signs]].isna().all(axis=1)
    # A sign at the end makes no partner; of a row with nothing but signs one entry is kept.
    is_kept = ~is_blank | (is_blank.groupby(even["row"]).transform("all") & ~even.duplicated("row"))
    return even[is_kept].reset_index(drop=True), texts[~is_even]


def _identified(entries: pd.DataFrame) -> pd.DataFrame:
    """Put ids into one form, and take a label that is a bare Q-number for the id."""
    found = entries.reset_index(drop=True)
    for side in "ab":
        if f"id_{side}" in found:
            found[f"id_{side}"] = found[f"id_{side}"].str.replace(_ENTITY, r"\1", regex=True)
        if f"name_{side}" in found:
            label = found[f"name_{side}"]
            label = label.where(label.str.fullmatch(_BARE_ID).fillna(False).astype(bool))
            found[f"id_{side}"] = (
                found[f"id_{side}"].fillna(label) if f"id_{side}" in found else label
            )
    return found
