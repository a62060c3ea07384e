"""One CSV file as rows of text, each with the line that it starts on.

A line is counted as a text editor counts it, so a cell with a line break in it makes the
next row start two lines further down. What cannot be understood (another encoding, another
delimiter, a quote that never closes) is said once for the whole file; a row with too many
or too few cells is kept aside, and the rest is read.

Nothing here holds more than one line and one chunk of rows beside the result, so a file of
one endless line is refused after the first ten megabytes. A file that is in order is read ten
times as fast by `ties.io.csv_fast_path`; this module is what that one is tested against.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, Literal

import numpy as np

from ties.io.csv_fast_path import read_well_formed
from ties.io.table import Table, table_of, unreadable

MAX_LINE: Final = 10_000_000
MAX_CELL: Final = 131_072

_UTF8_MARK: Final = b"\xef\xbb\xbf"
_OTHER_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_OTHER_DELIMITERS: Final = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_SAVE_AS_UTF8: Final = "save it as UTF-8 (in Excel: 'CSV UTF-8 (comma delimited)')"
_RAGGED: Final = "a cell with a comma in it needs quotes round it"


class StructureError(Exception):
    """The file is no table; the rest of it cannot be trusted."""

    def __init__(self, rule: str, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.rule, self.message, self.line = rule, message, line


def read_csv(path: Path, name: str) -> Table:
    """Read one CSV file as text.

    Parameters
    ----------
    path
        A file in UTF-8, with or without a byte order mark, separated by commas.
    name
        Which table it holds.

    Returns
    -------
    Table
        Every row but those that are all empty. What is wrong is in its `problems`; no
        fault of the file raises.
    """
    try:
        if not path.is_file():
            return unreadable(name, path.name, "unreadable", "is not a regular file; remove it")
        with path.open("rb") as stream, cell_limit():
            table = _read_stream(stream, name, path.name)
    except StructureError as error:
        return unreadable(name, path.name, error.rule, error.message, error.line)
    except OSError as error:
        reason = f"cannot be read: {error.strerror}; see to its permissions"
        return unreadable(name, path.name, "unreadable", reason)
    if table.broken:
        reasons = [row.reason for row in table.broken.values()]
        table.add(table.row_problems(np.array([*table.broken]), "ragged", reasons))
    return table


@contextmanager
def cell_limit() -> Iterator[None]:
    """Hold the limit of a cell, which is one for all of Python and which other libraries raise."""
    before = csv.field_size_limit(MAX_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def records(
    lines: Iterable[str], delimiter: str = ",", *, quotes: bool = True
) -> Iterator[tuple[int, list[str]]]:
    r"""Yield each record that holds anything, with the line that it starts on.

    Raises
    ------
    StructureError
        If a quote is not closed, or lines end in a bare carriage return.

    Examples
    --------
    >>> list(records(["city,twin\n", '"Bonn', '",Opole\n', ",\n"]))
    [(1, ['city', 'twin']), (2, ['Bonn', 'Opole'])]
    """
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE
    reader = csv.reader(lines, delimiter=delimiter, quoting=quoting, strict=True)
    start = 1
    try:
        for record in reader:
            if any(record):
                yield start, record
            start = reader.line_num + 1
    except csv.Error as error:
        raise _explain(error, start) from error


def _read_stream(stream: BinaryIO, name: str, file: str) -> Table:
    rows = records(_lines(stream))
    line, header = next(rows, (0, []))
    if not header:
        raise StructureError("empty_file", "is empty; write the header line, or remove the file")
    _check_delimiter(header, line)
    headings = [heading.strip() for heading in header]
    start = stream.tell()
    found = read_well_formed(stream, len(header), 1 + _count_lines(stream, start), MAX_CELL)
    if found is not None:
        return Table(name, file, headings, *found, header_line=line)
    stream.seek(start)
    return table_of(name, file, headings, rows, reason=_RAGGED, header_line=line)


def _count_lines(stream: BinaryIO, end: int) -> int:
    """Count the lines before a place in a file, and stand there again."""
    stream.seek(0)
    return stream.read(end).count(b"\n")


def _explain(error: csv.Error, line: int) -> StructureError:
    reason = str(error)
    if "new-line character" in reason:
        message = "ends its lines with a bare carriage return (old Macintosh); save with LF"
        return StructureError("line_ends", message, line)
    if "field larger" in reason:
        reason = f"a cell goes on for more than {MAX_CELL:,} characters"
    message = (
        f"a quote opened in the row that starts here is not closed properly ({reason}); "
        "close it, and write a quote inside quotes twice"
    )
    return StructureError("quote", message, line)


def _lines(stream: BinaryIO) -> Iterator[str]:
    """The lines of a file as text; refuse what is no text in UTF-8."""
    number = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        if number == 1:
            line = _without_mark(line)
        if len(line) > MAX_LINE:
            message = f"is longer than {MAX_LINE:,} bytes; is this a table?"
            raise StructureError("line_length", message, number)
        if b"\0" in line:
            message = "holds a NUL byte: the file is damaged or not text; save it as CSV again"
            raise StructureError("nul_byte", message, number)
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError as error:
            raise _wrong_encoding(error, number) from error


def _without_mark(line: bytes) -> bytes:
    # Text in UTF-16 without a mark shows as a zero in every second byte.
    is_wide = line.startswith(_OTHER_MARKS) or (
        line[:64].count(0) >= 8 and b"\0\0" not in line[:64]
    )
    if is_wide:
        raise StructureError("encoding", f"is UTF-16; {_SAVE_AS_UTF8}")
    return line.removeprefix(_UTF8_MARK)


def _wrong_encoding(error: UnicodeDecodeError, line: int) -> StructureError:
    byte = error.object[error.start]
    guess = bytes([byte]).decode("cp1252", errors="replace")
    message = (
        f"byte {error.start + 1} of this line (0x{byte:02X}, {guess!r} in Latin-1) "
        f"is not UTF-8; {_SAVE_AS_UTF8}"
    )
    return StructureError("encoding", message, line)


def _check_delimiter(header: list[str], line: int) -> None:
    if len(header) > 1:
        return
    for delimiter, word in _OTHER_DELIMITERS.items():
        if delimiter in header[0]:
            message = f"is separated by {word}; save it with commas (in Excel: 'CSV UTF-8')"
            raise StructureError("delimiter", message, line)
