"""The folder of an import, read back: its statements as they came, and what they are a witness of.

`ties import` writes a folder that keeps the statements of one source beside the record that was
made of them. Merging goes back to the statements, since a record made of one source has
already decided what its names mean.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

import pandas as pd

from ties.dataset import Dataset
from ties.dates import last_day
from ties.errors import UnreadableError
from ties.importers.statements import REJECTED, STATEMENT, read_limited
from ties.io.escape import unescape_formulas
from ties.places.names import fold

ORIGIN: Final = "origin.toml"
STATEMENTS: Final = "statements.csv"
REFUSED: Final = "rejected.csv"
_MAX_ORIGIN: Final = 1_000_000


@dataclass(frozen=True)
class ImportedSource:
    """What one source told.

    Parameters
    ----------
    name
        Its code.
    day
        The day that it is a witness of.
    statements
        Columns of `ties.importers.statements.STATEMENT`, with ``statement_id`` and ``source_id``.
    rejected
        The entries that were no statement, with their reasons.
    sources
        What it cites, or its own row, in the columns of the table `sources`.
    dataset
        The record, if the source is one; its statements are its ties.
    """

    name: str
    day: pd.Timestamp
    statements: pd.DataFrame
    rejected: pd.DataFrame
    sources: pd.DataFrame
    dataset: Dataset | None = None


def is_import(folder: str | Path) -> bool:
    """Whether a path is the folder of an import."""
    return (Path(folder) / ORIGIN).is_file()


def read_import(folder: str | Path, name: str | None = None) -> ImportedSource:
    """Read the folder of an import.

    Parameters
    ----------
    folder
        A folder that `ties import` wrote.
    name
        What to call the source; else it is called by its title, as when it was imported.

    Raises
    ------
    UnreadableError
        If the origin, the statements or the rejected entries are not there, or not as an
        import writes them.
    """
    home = Path(folder)
    origin = _origin(home / ORIGIN)
    try:
        day = last_day(str(origin["retrieved"]))
    except ValueError as error:
        raise UnreadableError(f"{home / ORIGIN}, retrieved: {error}") from error
    title = str(origin["name"])
    name = name or code_of(title)
    return ImportedSource(
        name,
        day,
        numbered(read_table(home / STATEMENTS, dict(STATEMENT)), name),
        read_table(home / REFUSED, dict(REJECTED)),
        source_table(name, title, day, *(str(origin.get(k, "")) for k in _ABOUT)),
    )


_ABOUT: Final = ("producer", "url", "licence")


def code_of(title: str) -> str:
    """A title as a code may be written; empty if nothing is left of it.

    Examples
    --------
    >>> code_of("Our_Cities, v. 2"), code_of("姉妹都市"), code_of("../")
    ('our-cities-v-2', 'zimeidoushi', '')
    """
    return "-".join(fold(title).split())


def numbered(statements: pd.DataFrame, name: str) -> pd.DataFrame:
    """Each statement of a source its code, by its position.

    Examples
    --------
    >>> numbered(pd.DataFrame({"name_a": ["Bonn", "Ulm"]}), "a-list")["statement_id"].tolist()
    ['a-list:0', 'a-list:1']
    """
    width = len(str(max(len(statements) - 1, 0)))
    ids = pd.Series(range(len(statements)), index=statements.index).astype("str").str.zfill(width)
    return statements.assign(statement_id=name + ":" + ids, source_id=name)


def source_table(
    name: str, title: str, day: pd.Timestamp, producer: str = "", url: str = "", licence: str = ""
) -> pd.DataFrame:
    """A source its row of the table `sources`; it is a witness of the day it was read."""
    row = {
        "source_id": name,
        "title": title,
        "publisher": producer or None,
        "url": url or None,
        "published": None,
        "accessed": str(day.date()),
        "kind": "repository",
        "note": f"Licence: {licence}" if licence else None,
    }
    return pd.DataFrame([row])


def _origin(path: Path) -> dict[str, object]:
    try:
        found = tomllib.loads(read_limited(path, _MAX_ORIGIN).decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise UnreadableError(
            f"{path} is no TOML file: {error}; import the source again"
        ) from error
    missing = [key for key in ("name", "retrieved") if not isinstance(found.get(key), str)]
    if missing:
        raise UnreadableError(f"{path} does not state {' and '.join(missing)}; add it")
    return found


def read_table(path: Path, kinds: Mapping[str, str]) -> pd.DataFrame:
    """Read a table that an import or a merge wrote, with the dtypes that it had.

    Parameters
    ----------
    path
        A CSV file whose texts were made safe for spreadsheets.
    kinds
        The dtype of each column.

    Raises
    ------
    UnreadableError
        If it cannot be read, a column is missing, or a value is none of its dtype.
    """
    content = read_limited(path)
    try:
        frame = pd.read_csv(BytesIO(content), dtype="str", keep_default_na=False, na_values=[""])
    except ValueError as error:
        raise UnreadableError(f"{path} cannot be read as a table: {error}") from error
    missing = [name for name in kinds if name not in frame]
    if missing:
        raise UnreadableError(f"{path} has no column {', '.join(missing)}; import it again")
    plain = {
        name: unescape_formulas(frame[name]) if kind == "str" else frame[name]
        for name, kind in kinds.items()
    }
    try:
        return pd.DataFrame(plain).astype(dict(kinds))
    except ValueError as error:
        raise UnreadableError(f"{path}: {error}; import it again") from error
