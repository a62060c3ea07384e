"""The front door: a record from whatever somebody has.

    name | folder | workbook of tables             -> checked as it stands
    one plain table: CSV, TSV, XLSX, ODS, Parquet, JSON, a frame -> imported -> checked

A plain table has a row a tie, with places, founding and status in whatever words. It goes through
the one importer, and each row keeps its own number, names and columns in `Dataset.rows`. Nothing
is asked that can be known: the day that a table is a witness of is the day its file was last
changed, unless told, and that is said.
"""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import pandas as pd

from ties.dataset import Dataset
from ties.errors import ERROR, InvalidTableError, TiesError, TiesWarning, describe, unexpected
from ties.io import workbook
from ties.io.folder import check_record, locate, read_record, record_folder
from ties.schema.tables import REQUIRED, TABLES

if TYPE_CHECKING:
    from ties.merge.import_source import ImportResult
    from ties.places.gazetteer import Gazetteer

Source: TypeAlias = "str | Path | pd.DataFrame"
RECORD: Final = "us-russia"
_BOOKS: Final = (".xlsx", ".xlsm")


def read(
    source: Source = RECORD,
    *,
    on_invalid: Literal["raise", "reject"] | None = None,
    as_of: str | dt.date | None = None,
    retrieved: str | dt.date | None = None,
    mapping: str | Path | Mapping[str, Any] | None = None,
    gazetteer: bool = True,
) -> Dataset:
    """Read a record, or make one of a plain table, and check all of it.

    Parameters
    ----------
    source
        The name of a record that comes with the package; a folder with one CSV or Parquet file a
        table, or an XLSX workbook with one sheet a table; or one plain table, a row a tie: a CSV,
        TSV, XLSX, ODS, Parquet or JSON file, or a DataFrame. An extract of Wikidata and a list of
        Wikipedia are recognised too.
    on_invalid
        ``raise``: any error raises, with all of them. ``reject``: rows with an error are put
        aside, with those that depend on them; see `Dataset.rejected`. Of rows that stand
        twice the first stays. Unless told, a record raises, and a plain table rejects with a
        `TiesWarning`. Warnings among the problems never raise.
    as_of
        The record's own date, a day or EDTF text, instead of the one it states. A record that
        states none has that of its latest source or search; a plain table that of `retrieved`.
    retrieved
        The day on which a plain table said what it says: 2024-03-01 or 01.03.2024. A status
        without a date is a report of that day. Of a file it is the day of its last change if not
        given, with a `TiesWarning`; of a frame it has to be given.
    mapping
        What the columns of a plain table mean where their headings do not say it: a TOML file or
        a dictionary, see `ties.importers.mapping`.
    gazetteer
        Look names up in GeoNames, if the extra ``gazetteer`` is installed.

    Returns
    -------
    Dataset
        The rows without errors. Rows read are rows accepted plus rows rejected; of a plain
        table see `Dataset.rows`.

    Raises
    ------
    UnreadableError
        If there is nothing to read, or (with ``reject``) a file cannot be understood at all,
        such as one in another encoding or without a column that it needs.
    InvalidTableError
        If there are errors and `on_invalid` is ``raise``; every problem is in ``problems``.
    TiesError
        If there is no record of that name, or a day is none.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {
    ...         "no": [7],
    ...         "city": ["Bonn"],
    ...         "country": ["Germany"],
    ...         "partner": ["Opole"],
    ...         "partner country": ["Poland"],
    ...         "since": [1954],
    ...     }
    ... )
    >>> record = read(table, retrieved="2024-03-01")
    >>> record.rows[["no", "tie_id"]].iloc[0].tolist()
    ['7', 'de-07-bonn-pl-79-opole']
    >>> read(Path("nowhere"))
    Traceback (most recent call last):
    ties.errors.UnreadableError: nowhere does not exist
    """
    if not (isinstance(source, pd.DataFrame) or is_table(source)):
        _only_for_tables(retrieved, mapping)
        return read_record(locate(source), on_invalid=on_invalid or "raise", as_of=as_of)
    dataset = import_table(
        source, retrieved=retrieved or as_of, mapping=mapping, gazetteer=gazetteer
    ).dataset
    problems = dataset.problems
    if on_invalid == "raise" and (problems["severity"] == ERROR).any():
        raise InvalidTableError(problems)
    told = unexpected(problems)
    if len(told) and on_invalid is None:
        more = ".problems has them all"
        warn(f"{account(dataset)}\n{describe(told, limit=3, rest=more)}", level=3)
    return dataset


load = read


def check(
    source: Source = RECORD,
    *,
    as_of: str | dt.date | None = None,
    retrieved: str | dt.date | None = None,
    mapping: str | Path | Mapping[str, Any] | None = None,
    gazetteer: bool = True,
) -> pd.DataFrame:
    """Find every problem of a record or of a plain table, in one pass.

    Parameters
    ----------
    source, as_of, retrieved, mapping, gazetteer
        As for `read`.

    Returns
    -------
    DataFrame
        A row a problem, by file and line: ``severity`` (error or warning), ``table``,
        ``file``, ``line`` (as in a text editor; missing for a whole file), ``cell`` (of a
        workbook's table, as E14), ``column`` (as the file has it), ``value``, ``rule`` (short
        code) and ``message`` (what is wrong and what to do).

    Raises
    ------
    UnreadableError
        If there is nothing to check.

    Examples
    --------
    >>> check("us-russia")["severity"].unique().tolist()
    ['warning']
    """
    if not (isinstance(source, pd.DataFrame) or is_table(source)):
        _only_for_tables(retrieved, mapping)
        return check_record(locate(source), as_of=as_of)
    day = retrieved or as_of
    return import_table(
        source, retrieved=day, mapping=mapping, gazetteer=gazetteer
    ).dataset.problems


def is_table(source: str | Path) -> bool:
    """Whether a path is that of one plain table, and no record of its own.

    A workbook is a record if it has at least two of the sheets that a record needs; a file named
    like a table of a record is part of one if another lies beside it.
    """
    path = Path(source)
    try:
        if not path.is_file() or path.suffix == ".toml":
            return False
    except (OSError, ValueError):  # no permission, too long, a NUL in the path; reading says so
        return False
    if path.suffix.lower() in _BOOKS:
        titles = workbook.sheets(workbook.open_workbook(path))
        return len(set(titles) & {*REQUIRED}) < 2
    beside = {entry.stem for entry in path.parent.iterdir() if entry.suffix == path.suffix}
    return not (path.stem in TABLES and len(beside & {*TABLES}) > 1)


def import_table(
    source: Source,
    *,
    retrieved: str | dt.date | None = None,
    mapping: str | Path | Mapping[str, Any] | None = None,
    gazetteer: bool = True,
) -> ImportResult:
    """Import one plain table in memory; `read` gives the record of it."""
    from ties.importers.kinds import detect, reader
    from ties.merge.import_source import Origin, import_reading

    if isinstance(source, pd.DataFrame):
        kind, name = "table", "table"
    else:
        kind, name = detect(source), Path(source).stem
    options = {"mapping": mapping, "gazetteer": gazetteer} if kind == "table" else {}
    # Read first: of what cannot be read no day needs to be assumed.
    reading = reader(kind)(source, **options)
    origin = Origin(name, day_of(source, retrieved))
    known = read_record(record_folder(RECORD))
    return import_reading(reading, origin, known, find_gazetteer(gazetteer))


def day_of(source: Source, retrieved: str | dt.date | None) -> str:
    """Name the day that a table is a witness of: as told, else that of its file's last change.

    Raises
    ------
    TiesError
        If it is a frame and no day is told.
    """
    if retrieved is not None:
        return str(retrieved)
    if isinstance(source, pd.DataFrame):
        raise TiesError(
            "a frame bears no date; say on which day it was true: retrieved='2024-03-01'"
        )
    day = dt.date.fromtimestamp(Path(source).stat().st_mtime)
    warn(
        f"{Path(source).name} is taken as true on {day}, the day it was last changed; if it was "
        "another, say which: retrieved 2024-03-01"
    )
    return str(day)


def find_gazetteer(wanted: bool) -> Gazetteer | None:
    """Open the gazetteer, if it is wanted and installed; a warning says that it is not."""
    from ties.places.gazetteer import GeoNames, is_installed

    if wanted and not is_installed():
        warn(
            "names are not looked up in GeoNames, which is not installed: "
            'pip install "twin-ties[gazetteer]"'
        )
    return GeoNames() if wanted and is_installed() else None


def account(dataset: Dataset) -> str:
    """Count in a line what became of the rows of a plain table.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {
    ...         "city": ["Bonn", "Bonn"],
    ...         "country": "DE",
    ...         "partner": ["Opole", None],
    ...         "partner country": "PL",
    ...     }
    ... )
    >>> account(read(table, retrieved="2024", on_invalid="reject"))
    '2 rows read = 1 accepted + 1 rejected + 0 merged'
    """
    counts = dataset.rows["outcome"].value_counts()
    parts = [f"{int(counts.get(name, 0)):,} {name}" for name in ("accepted", "rejected", "merged")]
    return f"{len(dataset.rows):,} rows read = {' + '.join(parts)}"


def warn(message: str, level: int = 5) -> None:
    """Warn of what a person would not take for granted."""
    warnings.warn(message, TiesWarning, stacklevel=level)


def _only_for_tables(retrieved: object, mapping: object) -> None:
    for name, value in (("retrieved", retrieved), ("mapping", mapping)):
        if value is not None:
            raise TiesError(f"{name} is for a plain table; a record says of itself what it says")
