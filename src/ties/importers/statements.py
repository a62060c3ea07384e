"""What every source says in the end: two places are tied.

A city hall's spreadsheet, a Wikidata extract and a list in an encyclopedia differ in form only.
Each becomes the same table, a *statement* a row, still in the words of its source: names are
not resolved, nothing is merged, and only dates have been put into EDTF, beside the text they
came from. What cannot become a statement is set aside with its reason, so that

    entries read = statements + entries rejected.

An *entry* is one naming of a partner: a row of a table that names three partners in one
cell is one row and three entries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ties.errors import InternalError, UnreadableError, empty_problems

# Larger inputs are cut by their owner: a parser of nested text needs several times its size.
MAX_BYTES: Final = 500_000_000

_SIDE: Final = {
    "name": "str",  # as written
    "country": "str",  # as written: a name in any language, or a code
    "region": "str",  # as written
    "level": "str",  # as written
    "id": "str",  # the source's own id: Q64, geonames:5809844
    "latitude": "float64",  # degrees north (WGS 84)
    "longitude": "float64",  # degrees east
}

# A statement's columns and their dtypes, in order.
STATEMENT: Final[Mapping[str, str]] = {
    "row": "int64",  # row of the input, from 0
    "file": "str",
    "locator": "str",  # where it stood: "line 14", "$.Weimar[3]", "section France, item 2"
    **{f"{name}_{side}": kind for side in "ab" for name, kind in _SIDE.items()},
    "kind": "str",  # form of the tie, as written
    "founded": "str",  # EDTF
    "founded_text": "str",  # as written
    "ended": "str",  # EDTF
    "ended_text": "str",
    "status": "str",  # as written
    "reported_status": "str",  # what that means: a code of the vocabulary; missing if not certain
    "reported_on": "str",  # EDTF: the day that it states; missing if it is that of the source
    "note": "str",  # whatever else the source says of the tie
    "reference": "str",  # what the source itself cites
}

REJECTED: Final[Mapping[str, str]] = {
    "row": "int64",
    "file": "str",
    "locator": "str",
    "rule": "str",  # short code of the reason
    "reason": "str",  # what is wrong and what to do
    "text": "str",  # the entry as it was read
}


@dataclass(frozen=True)
class Reading:
    """What was read from one input.

    Parameters
    ----------
    statements
        A row is a source that says that two places are tied; columns as in `STATEMENT`.
    rejected
        A row is an entry that is no statement; columns as in `REJECTED`.
    n_rows
        Rows of the input (lines, list items, entities), numbered from 0 in ``row``.
    problems
        Warnings about statements that were accepted, and defects of the input as a whole
        (see `ties.errors`; ``table`` is "statements").
    columns
        Of a table: which column stands for what, see `ties.importers.headings.recognise`.
    own
        Of a table: what each row says beyond its statement, under its own headings; the index
        is the number of the row.
    """

    statements: pd.DataFrame
    rejected: pd.DataFrame
    n_rows: int
    problems: pd.DataFrame = field(default_factory=empty_problems)
    columns: pd.DataFrame = field(default_factory=pd.DataFrame)
    own: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def n_entries(self) -> int:
        """How many entries were read: statements and rejected ones."""
        return len(self.statements) + len(self.rejected)

    def __post_init__(self) -> None:
        """Refuse a reading that lost a row: that would be a fault of ours."""
        seen = set(self.statements["row"]) | set(self.rejected["row"])
        if seen != set(range(self.n_rows)):
            lost = sorted(set(range(self.n_rows)) ^ seen)[:5]
            raise InternalError(f"rows {lost} are in neither the statements nor the rejected")


def with_cells(problems: pd.DataFrame, columns: pd.DataFrame) -> pd.DataFrame:
    """Name the columns of problems as their file does, and in a workbook their cells too.

    Parameters
    ----------
    problems
        Their ``column`` is that of a statement, or a heading.
    columns
        As `Reading.columns`.

    Examples
    --------
    >>> from ties.errors import make_problems
    >>> about = {"table": "rows", "file": "b.xlsx[Liste]", "rule": "date", "column": "founded"}
    >>> found = make_problems(["is no day"], lines=14, **about)
    >>> columns = pd.DataFrame({"place": [5], "heading": ["Beginn"], "column": ["founded"]})
    >>> with_cells(found, columns)[["column", "cell"]].iloc[0].tolist()
    ['Beginn', 'E14']
    """
    if columns.empty or problems.empty:
        return problems
    places = dict(zip(columns["heading"], columns["place"], strict=True))
    headings: dict[str, str] = {}
    for heading, names in zip(columns["heading"], columns["column"], strict=True):
        for name in [] if pd.isna(names) else str(names).split(", "):
            headings.setdefault(name, heading)
            headings.setdefault(f"{name}_text", heading)
    named = problems["column"].map(headings).fillna(problems["column"])
    letters = named.map(places).map(_letter, na_action="ignore").astype("str")
    is_sheet = problems["file"].str.endswith("]") & problems["line"].notna()
    cells = (letters + problems["line"].astype("str")).where(is_sheet)
    return problems.assign(column=named.astype("str"), cell=cells)


def _letter(place: float) -> str:
    """Letters of a column of a workbook, from its number."""
    letters, rest = "", int(place)
    while rest:
        rest, last = divmod(rest - 1, 26)
        letters = chr(ord("A") + last) + letters
    return letters


def make_statements(entries: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Entries as a frame of statements; what an entry does not say is missing.

    Examples
    --------
    >>> rows = [
    ...     {"row": 0, "file": "a.csv", "locator": "line 2", "name_a": "Bonn", "name_b": "Opole"}
    ... ]
    >>> make_statements(rows)[["name_a", "name_b", "founded"]]
      name_a name_b founded
    0   Bonn  Opole     NaN
    """
    return _frame(entries, STATEMENT)


def make_rejected(entries: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Rejected entries as a frame with the columns of `REJECTED`."""
    return _frame(entries, REJECTED)


def complete(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame all columns of a statement, in order, with their dtypes; blanks are missing."""
    unknown = [name for name in frame.columns if name not in STATEMENT]
    if unknown:
        raise InternalError(f"a statement has no column {', '.join(unknown)}")
    full = frame.reindex(columns=list(STATEMENT)).astype(dict(STATEMENT))
    texts = [name for name, kind in STATEMENT.items() if kind == "str"]
    stripped = full[texts].apply(lambda column: column.str.strip())
    return full.assign(**stripped.mask(stripped == "")).reset_index(drop=True)


def read_limited(path: str | Path, limit: int = MAX_BYTES) -> bytes:
    """The bytes of a regular file that is not larger than a limit.

    Raises
    ------
    UnreadableError
        If there is no such file, it is no regular file, or it is too large.
    """
    source = Path(path)
    try:
        if not source.is_file():
            what = "is not a regular file" if source.exists() else "does not exist"
            raise UnreadableError(f"{source} {what}; name the file to import")
        if source.stat().st_size > limit:
            raise UnreadableError(f"{source} is larger than {limit:,} bytes; import it in parts")
        return source.read_bytes()
    except OSError as error:
        reason = f"{source} cannot be read: {error.strerror}; see to its permissions"
        raise UnreadableError(reason) from error


def _frame(entries: Sequence[Mapping[str, Any]], kinds: Mapping[str, str]) -> pd.DataFrame:
    columns = {name: [entry.get(name) for entry in entries] for name in kinds}
    return pd.DataFrame(
        {name: pd.Series(columns[name], dtype=kind) for name, kind in kinds.items()}
    )
