"""The formats that a record can be exported in, and the one way to write any of them.

What a format needs is imported when it is written, since the command line lists them all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ties.dataset import Dataset
    from ties.lifecycle.rule import StatusRule


@dataclass(frozen=True)
class Form:
    """A format: what it holds, the ending of its file (none if a folder), and what that needs.

    `others` are endings that name another form of the file.
    """

    what: str
    suffix: str
    is_read: bool
    needs: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Every ending that a file of the format may have."""
        return (self.suffix, *self.others) if self.suffix else ()


FORMATS: Final[dict[str, Form]] = {
    "list": Form(
        "a list to read and print, one row a tie; -o names a .xlsx, .csv or .html",
        ".xlsx",
        True,
        ("xlsxwriter",),
        (".csv", ".html"),
    ),
    "frictionless": Form("CSV tables and datapackage.json (Frictionless)", "", False),
    "csvw": Form("CSV tables and csv-metadata.json (CSV on the Web)", "", False),
    "parquet": Form("Parquet tables that say what each column means", "", False),
    "xlsx": Form("a workbook to edit, which ties reads back", ".xlsx", False, ("xlsxwriter",)),
    "geojson": Form(
        "a great circle a tie, with its status", ".geojson", True, ("antimeridian", "shapely")
    ),
    "graphml": Form("the network: places and ties", ".graphml", True, ("networkx",)),
    "json": Form("a JSON API of static files, one a tie", "", True),
}


def export(
    dataset: Dataset,
    form: str,
    out: str | Path,
    rule: StatusRule | None = None,
    as_of: str | dt.date | None = None,
    known_by: str | dt.date | None = None,
    *,
    written: bool = True,
) -> Path:
    """Write a record in a format of `FORMATS`, whole or not at all.

    The same record gives the same bytes. An earlier export is replaced; a folder with files of
    others never is.

    Parameters
    ----------
    dataset
        A record.
    form
        Name of a format. ``frictionless``, ``csvw``, ``parquet`` and ``xlsx`` hold the tables as
        they are, and `ties.read` takes them back; the others hold what follows from them.
    out
        A file, or a folder for the formats that are one. Folders above it are made.
    rule, as_of, known_by
        As for `ties.tie_table`; only for the formats that hold what follows from them.
    written
        As for `ties.export.tie_list.tie_list`; only for ``list``.

    Returns
    -------
    Path
        What was written.

    Raises
    ------
    TiesError
        If there is no such format, it takes no rule or day and one is given, or it cannot hold
        a text of the record.
    MissingExtraError
        If a library is missing that this format needs.
    OutputError
        If `out` holds files of others, or cannot be written.

    Examples
    --------
    >>> import tempfile, ties
    >>> record = ties.load("us-russia")
    >>> with tempfile.TemporaryDirectory() as home:
    ...     again = ties.read(export(record, "parquet", Path(home) / "tables"))
    >>> again.events.equals(record.events)
    True
    """
    from ties.export.tie_list import tie_list, write_list
    from ties.io.atomic import whole_file, whole_folder

    target = Path(out)
    _check(form, target, has_question=(rule, as_of, known_by) != (None, None, None))
    chosen = FORMATS[form]
    opened = whole_file(target) if chosen.suffix else whole_folder(target, _foreign(form))
    with opened as made:
        if form == "list":
            ties = tie_list(dataset, rule, as_of, known_by, written=written)
            write_list(dataset, ties, made, target.suffix.lower())
        elif chosen.is_read:
            _write_read(form, dataset, made, rule, as_of, known_by)
        else:
            _writer(form)(dataset, made)
    return target


def _check(form: str, target: Path, has_question: bool) -> None:
    from ties.errors import TiesError, nearest
    from ties.report.errors import MissingExtraError

    if form not in FORMATS:
        near = nearest(form, FORMATS)
        way_out = f"did you mean {near!r}?" if near else f"choose from {', '.join(FORMATS)}"
        raise TiesError(f"{form!r} is not a format; {way_out}")
    if has_question and not FORMATS[form].is_read:
        raise TiesError(
            f"{form} holds the tables as they are, whatever the rule and the day; leave those out"
        )
    chosen, suffix = FORMATS[form], target.suffix.lower()
    if chosen.suffix and suffix not in chosen.suffixes:
        raise TiesError(f"{target.name!r} does not end in {' or '.join(chosen.suffixes)}")
    needs = () if suffix in chosen.others else chosen.needs
    missing = [name for name in needs if find_spec(name) is None]
    if missing:
        raise MissingExtraError("export", missing)


def _writer(form: str) -> Callable[[Dataset, Path], None]:
    """What writes the tables as they are in a format."""
    from ties.export import packages, parquet, workbook

    return {
        "frictionless": packages.write_data_package,
        "csvw": packages.write_csvw,
        "parquet": parquet.write_parquet,
        "xlsx": workbook.write_workbook,
    }[form]


def _write_read(
    form: str,
    dataset: Dataset,
    made: Path,
    rule: StatusRule | None,
    as_of: str | dt.date | None,
    known_by: str | dt.date | None,
) -> None:
    """Write what follows from the tables under a rule, on a day."""
    from ties.export.api import write_api
    from ties.export.geojson import write_geojson
    from ties.export.graphml import write_graphml
    from ties.export.named import named_ties
    from ties.lifecycle.episodes import lifecycle

    ties = named_ties(dataset, rule, as_of, known_by)
    if form == "geojson":
        write_geojson(ties, made)
    elif form == "graphml":
        write_graphml(dataset, ties, made)
    else:
        write_api(dataset, ties, lifecycle(dataset, rule, as_of, known_by), made)


def _foreign(form: str) -> Callable[[Path], list[str]]:
    """Which files of a folder no export in this format wrote."""
    from ties.export.api import LISTS, TIES
    from ties.export.packages import CSVW, PACKAGE
    from ties.io.atomic import files_in
    from ties.io.description import RECORD_FILE
    from ties.schema.tables import TABLES

    tables = [f"{name}.{'parquet' if form == 'parquet' else 'csv'}" for name in TABLES]
    ours = {
        "frictionless": {PACKAGE, RECORD_FILE, *tables},
        "csvw": {CSVW, RECORD_FILE, *tables},
        "parquet": {RECORD_FILE, *tables},
        "json": {*LISTS},
    }[form]

    def foreign(folder: Path) -> list[str]:
        is_life = form == "json"
        return [
            name
            for name in files_in(folder)
            if name not in ours
            and not (is_life and Path(name).parent == Path(TIES) and name.endswith(".json"))
        ]

    return foreign
