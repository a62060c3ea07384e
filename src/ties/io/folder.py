"""A record from its place on disk: a folder of CSV or Parquet tables, or an XLSX workbook.

    files -> text -> values -> checks -> Dataset

Every file is read and every problem gathered before anything is said. A path of which nothing
can be read raises `UnreadableError`; whatever is wrong inside a file is a problem with its line.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal

import pandas as pd

from ties import dates
from ties.dataset import Dataset, no_rows
from ties.errors import (
    ERROR,
    WARNING,
    InternalError,
    InvalidTableError,
    TiesError,
    UnreadableError,
    describe,
    hint,
    join,
    make_problems,
    nearest,
    public,
)
from ties.io import description, workbook
from ties.io.csv_reader import read_csv
from ties.io.escape import unescape_formulas
from ties.io.parquet import frame_table, read_parquet
from ties.io.table import Table, table_of, unreadable
from ties.schema import tables
from ties.validate.inspection import inspect_record
from ties.validate.record import RecordTables
from ties.validate.rejects import part

_READERS: Final = {".csv": read_csv, ".parquet": read_parquet}
# Other tables that a record's folder may hold beside those of the model.
_KNOWN_FILES: Final = ("leads.csv", f"{description.ROWS}.csv", f"{description.ROWS}.parquet")

# What an import and a merge write beside the record that they made.
_MAKERS = ("origin.toml", "merge.toml")


@dataclass
class _Files:
    """The tables of a record as text, with what it says of itself."""

    raw: dict[str, Table]
    about: description.Description
    problems: pd.DataFrame
    rows: pd.DataFrame = field(default_factory=no_rows)


def read_record(
    path: str | Path,
    *,
    on_invalid: Literal["raise", "reject"] = "raise",
    as_of: str | dt.date | None = None,
) -> Dataset:
    """Read a record, a folder or a workbook, and check all of it.

    Parameters, results and errors are those of `ties.read`, which takes plain tables too.
    """
    found = _find(Path(path))
    return _checked(found, Path(path).resolve().stem, on_invalid, as_of)


def check_record(path: str | Path, *, as_of: str | dt.date | None = None) -> pd.DataFrame:
    """Find every problem of a record, in every file; as `ties.check`."""
    found = _find(Path(path))
    return public(_inspect(found, as_of)[1])


def from_frames(
    frames: Mapping[str, pd.DataFrame],
    about: description.Description,
    *,
    on_invalid: Literal["raise", "reject"] = "raise",
    as_of: str | dt.date | None = None,
) -> Dataset:
    """Check frames as files are checked, and make a record of them; see `Dataset.from_frames`."""
    return _checked(_Files(_raw(frames), about, join([])), "", on_invalid, as_of)


def check_frames(frames: Mapping[str, pd.DataFrame], as_of: pd.Timestamp) -> pd.DataFrame:
    """Find every problem of the tables of a record in memory."""
    about = description.Description(as_of=as_of)
    return public(_inspect(_Files(_raw(frames), about, join([])), None)[1])


def _raw(frames: Mapping[str, pd.DataFrame]) -> dict[str, Table]:
    unknown = [name for name in frames if name not in tables.TABLES]
    if unknown:
        way_out = hint(unknown[0], tables.TABLES) or f"; they are {', '.join(tables.TABLES)}"
        raise TiesError(f"{unknown[0]!r} is not a table of a record{way_out}")
    return {
        name: frame_table(frames[name], name, name)
        if name in frames
        else _absent(name, name, "the frame", frames)
        for name in tables.TABLES
    }


def record_folder(name: str = "us-russia") -> Path:
    """The folder of a record that comes with the package.

    Examples
    --------
    >>> record_folder("us-russia").name
    'us-russia'
    >>> record_folder("us-rusia")
    Traceback (most recent call last):
    ties.errors.TiesError: there is no record 'us-rusia'; did you mean 'us-russia'?
    """
    found = _bundled()
    if name not in found:
        way_out = hint(name, found) or f"; there is {', '.join(sorted(found)) or 'none'}"
        raise TiesError(f"there is no record {name!r}{way_out}")
    return found[name]


def records() -> pd.DataFrame:
    """List the records that come with the package: their size, span, edition and licence.

    Returns
    -------
    DataFrame
        A row a record. Index ``record``, the name that `ties.load` takes; ``title``; ``countries``
        (ISO 3166-1 codes, with spaces); ``n_ties``, ``n_events`` and ``n_sources`` (int64);
        ``first_year`` and ``last_year`` (Int64): calendar years of the first and the last event,
        where their dates say so; ``as_of`` (datetime64[s]): day of the edition, to which what
        happened was looked for; ``licence`` (SPDX).

    Examples
    --------
    >>> records()[["countries", "licence"]].loc["germany-russia"].tolist()
    ['DE RU', 'CC-BY-4.0']
    """
    rows = {name: _summary(folder) for name, folder in sorted(_bundled().items())}
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("record")
    return table.astype({"first_year": "Int64", "last_year": "Int64", "as_of": "datetime64[s]"})


def _summary(folder: Path) -> dict[str, object]:
    dataset = read_record(folder)
    days = dates.date_bounds(dataset.events["date"])
    return {
        "title": dataset.title,
        "countries": " ".join(dataset.countries),
        "n_ties": len(dataset.ties),
        "n_events": len(dataset.events),
        "n_sources": len(dataset.sources),
        "first_year": days["earliest"].dt.year.min(),
        "last_year": days["latest"].dt.year.max(),
        "as_of": dataset.as_of,
        "licence": dataset.licence,
    }


def _bundled() -> dict[str, Path]:
    """Find the records inside an installed package, else in the checkout that it comes from."""
    package = Path(str(files("ties")))
    homes = (package / "records", package.parents[1] / "data" / "raw")
    return {folder.name: folder for home in reversed(homes) for folder in _records_in(home)}


def locate(source: str | Path) -> Path:
    """The path of a record: that of the package's own if it is the name of one.

    The folder of an import or of a merge holds its record beside what became of every row.

    Examples
    --------
    >>> locate("us-russia").name
    'us-russia'
    """
    is_name = isinstance(source, str) and not set(source) & {"/", "\\", "."}
    if is_name and not Path(source).exists():
        return record_folder(str(source))
    inner = Path(source) / "record"
    try:
        is_made = inner.is_dir() and any((Path(source) / name).is_file() for name in _MAKERS)
    except (OSError, ValueError):  # whoever reads it says why it cannot be read
        is_made = False
    return inner if is_made else Path(source)


def _records_in(home: Path) -> list[Path]:
    return sorted(path.parent for path in home.glob("*/ties.*") if path.suffix in _READERS)


def _checked(
    found: _Files,
    name: str,
    on_invalid: str,
    as_of: str | dt.date | None,
) -> Dataset:
    """Make a record of what was found, if it is in order or its bad rows may be put aside."""
    if on_invalid not in ("raise", "reject"):
        raise ValueError(f"on_invalid is 'raise' or 'reject', not {on_invalid!r}")
    record, problems = _inspect(found, as_of)
    errors = problems[problems["severity"] == ERROR]
    if len(errors) and on_invalid == "raise":
        raise InvalidTableError(public(problems))
    of_files = errors[errors["row"].isna()]
    if len(of_files):
        raise UnreadableError(
            f"rows can be rejected, but not whole files\n{describe(of_files)}", public(problems)
        )
    if record.as_of is None:
        raise InternalError("a record without a date passed its checks")
    frames, rejected = part(record, problems)
    about = found.about
    return Dataset(
        **frames,
        as_of=record.as_of,
        name=about.name or name,
        title=about.title,
        countries=about.countries,
        licence=about.licence,
        problems=public(problems),
        rejected=rejected,
        n_read={name: len(table.cells) for name, table in found.raw.items()},
        rows=found.rows,
    )


def _inspect(found: _Files, as_of: str | dt.date | None) -> tuple[RecordTables, pd.DataFrame]:
    stated = found.about.as_of
    if as_of is not None:
        try:
            stated = dates.last_day(as_of)
        except ValueError as error:
            raise TiesError(f"as_of: {error}") from error
    record, problems = inspect_record(found.raw, stated)
    return record, join([found.about.problems, found.problems, problems])


def _find(path: Path) -> _Files:
    """Find the tables of a record at a path, and read each as text."""
    try:
        if path.is_dir():
            return _find_in_folder(path)
        if not path.exists():
            raise UnreadableError(f"{path} does not exist{_nearest_path(path)}")
        if path.is_file() and path.suffix.lower() in (".xlsx", ".xlsm"):
            return _find_in_workbook(path)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path itself
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableError(f"{path} cannot be read: {reason}; see to its permissions") from error
    raise UnreadableError(f"{path} {_why_not(path)}")


def _nearest_path(path: Path) -> str:
    """Ask after the entry of the nearest folder there is that the path was meant to name."""
    wrong = path
    while not wrong.parent.exists():
        wrong = wrong.parent
    if not wrong.parent.is_dir():
        return f"; {wrong.parent} is a file"
    near = nearest(wrong.name, (entry.name for entry in wrong.parent.iterdir()))
    return "" if near is None else f"; did you mean {wrong.parent / near}?"


def _why_not(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix in _READERS:
        return f"is one table; give the folder that holds it: {path.parent}"
    if suffix in (".xls", ".xlsb", ".ods"):
        return "is a workbook in another format; save it as .xlsx"
    return "is neither a folder of tables nor an .xlsx workbook"


def _find_in_folder(folder: Path) -> _Files:
    entries = sorted(folder.iterdir())
    by_table: dict[str, list[Path]] = {name: [] for name in tables.TABLES}
    for entry in entries:
        if entry.suffix in _READERS and entry.stem in by_table:
            by_table[entry.stem].append(entry)
    others = [entry.name for entry in entries if entry.suffix.lower() in _READERS]
    known = [entry.name for paths in by_table.values() for entry in paths]
    others = [name for name in others if name not in (*known, *_KNOWN_FILES)]
    if not known:
        raise UnreadableError(f"{folder} holds no table of a record{_where_else(folder, others)}")
    raw = {name: _read_table(name, paths, others) for name, paths in by_table.items()}
    about = description.read_toml(folder / description.RECORD_FILE)
    rows = [entry for entry in entries if entry.name in _KNOWN_FILES[1:]]
    return _with_rows(
        _Files(raw, about, _misnamed(others, "file")),
        _read_table(description.ROWS, rows, []) if rows else None,
    )


def _with_rows(found: _Files, rows: Table | None) -> _Files:
    """Keep the rows of the table that a record was made of, where it has them and all is well."""
    if rows is None:
        return found
    rows = _as_written(rows)
    named = rows.named()
    is_ours = rows.is_readable and not rows.broken and named.columns.is_unique
    if is_ours and "tie_id" in named:
        return replace(found, rows=named.mask(named == ""))
    message = "is not as ties wrote it, and was left out: no row leads back to its source"
    wrong = make_problems([message], table=rows.name, file=rows.file, rule="rows", severity=WARNING)
    return replace(found, problems=join([found.problems, wrong]))


def _where_else(folder: Path, others: list[str]) -> str:
    below = sorted(entry.parent for entry in folder.glob("*/ties.*") if entry.suffix in _READERS)
    if below:
        return f"; did you mean {below[0]}?"
    seen = f", only {', '.join(others[:5])}" if others else ""
    return f"{seen}; it needs {', '.join(f'{name}.csv' for name in tables.REQUIRED)}"


def _read_table(name: str, paths: list[Path], others: list[str]) -> Table:
    if not paths:
        return _absent(name, f"{name}.csv", "the file", [Path(other).stem for other in others])
    if len(paths) > 1:
        message = f"the table is here twice, as {' and '.join(p.name for p in paths)}; keep one"
        return unreadable(name, paths[0].name, "duplicate_table", message)
    if not paths[0].resolve().is_relative_to(paths[0].parent.resolve()):
        message = "is a link that leads out of its folder; put the file itself there"
        return unreadable(name, paths[0].name, "link_out", message)
    return _as_written(_READERS[paths[0].suffix](paths[0], name))


def _as_written(raw: Table) -> Table:
    """Take away the apostrophe that keeps a text from being run as a formula."""
    marked = [place for place, texts in raw.cells.items() if texts.str.startswith("'").any()]
    for place in marked:
        raw.cells[place] = unescape_formulas(raw.cells[place])
    return raw


def _absent(name: str, file: str, what: str, others: Iterable[str]) -> Table:
    """An empty table for one that is not there, with a problem if it is needed."""
    if name not in tables.REQUIRED:
        return table_of(name, file, list(tables.columns(name)), [], reason="")
    near = nearest(name, others)
    way_out = "; add it" if near is None else f"; rename {near!r} if that is it"
    return unreadable(name, file, "missing_table", f"{what} is missing{way_out}")


def _misnamed(names: Iterable[str], what: str) -> pd.DataFrame:
    """Warn of files and sheets that may have been meant as tables."""
    problems = []
    for name in names:
        stem = re.sub(r"\.(csv|parquet)$", "", name, flags=re.IGNORECASE)
        near = nearest(stem, tables.TABLES)
        if near is not None:
            meant = near + name[len(stem) :].lower()
            message = (
                f"the {what} is not a table of a record and was not read; did you mean {meant}?"
            )
            problems.append(
                make_problems([message], table=near, file=name, rule="misnamed", severity=WARNING)
            )
    return join(problems)


def _find_in_workbook(path: Path) -> _Files:
    book = workbook.open_workbook(path)
    sheets = workbook.sheets(book)
    if not set(sheets) & set(tables.TABLES):
        raise UnreadableError(
            f"{path} holds no table of a record, only the sheets {', '.join(sheets)}; "
            f"it needs {', '.join(tables.REQUIRED)}"
        )
    ours = (*tables.TABLES, description.RECORD_SHEET, description.ROWS)
    others = [name for name in sheets if name not in ours]
    raw = {
        name: workbook.read_sheet(sheets[name], name, path.name)
        if name in sheets
        else _absent(name, path.name, f"the sheet {name!r}", others)
        for name in tables.TABLES
    }
    about = description.Description(path.name)
    if description.RECORD_SHEET in sheets:
        about = description.read_sheet(sheets[description.RECORD_SHEET], path.name)
    rows = sheets.get(description.ROWS)
    return _with_rows(
        _Files(raw, about, _misnamed(others, "sheet")),
        None if rows is None else workbook.read_sheet(rows, description.ROWS, path.name),
    )
