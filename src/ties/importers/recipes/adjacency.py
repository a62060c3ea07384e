"""A wide, ragged table: a place in the first column, its partners in as many as it has.

The labels say where a place lies: ``Suzhou, Jiangsu, China`` is a name, a region and a
country. Blank cells at the end of a row mean nothing.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ties.errors import UnreadableError
from ties.importers.collector import Collector
from ties.importers.plain_text import read_text
from ties.importers.recipes.entries import finished, take
from ties.importers.statements import Reading
from ties.io.csv_reader import cell_limit

_NUMBERED: Final = re.compile(r"\d{0,6}")
_HEADER: Final = re.compile(r'"?"?(?:,"?\d+"?)+')
_PLACE: Final = r'"[^",]{1,200}(?:, ?[^",]{1,200})+"'
_LABELS: Final = re.compile(rf"{_PLACE}(?:,{_PLACE})+,*")
_MAX_CELLS: Final = 10_000


def fits(text: str, lines: list[str]) -> bool:
    """Whether the first lines of a file are rows of quoted labels, or a header of numbers."""
    if not lines:
        return False
    return _HEADER.fullmatch(lines[0]) is not None or all(map(_LABELS.fullmatch, lines))


@cell_limit()
def read_adjacency(path: str | Path, *, has_country: bool = True) -> Reading:
    """Statements of a ragged table of places and their partners.

    Parameters
    ----------
    path
        A CSV file. A first row of a blank and the numbers 0, 1, 2 … is a header.
    has_country
        Whether what stands behind the last comma of a label is a country. If not, a label is
        a name and, behind its comma, a region.

    Returns
    -------
    Reading
        A row is a row of the table. A row without a partner is rejected (``no_partner``).

    Raises
    ------
    UnreadableError
        If the file cannot be read, is not UTF-8, or a quote in it never closes.
    """
    source = Path(path)
    entries = Collector(source.name)
    records = list(_records(source))
    width = len(records[0][1]) if records else 0
    if records and all(_NUMBERED.fullmatch(cell.strip()) for cell in records[0][1]):
        del records[0]
    for row, (line, cells) in enumerate(records):
        if len(cells) > width:
            message = f"line {line} has {len(cells)} cells where the first row has {width}"
            entries.warn("ragged", f"{message}; all were read", line=line)
        _read_row(row, line, [cell.strip() for cell in cells], has_country, entries)
    return finished(entries, len(records))


def _records(source: Path) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(read_text(source), newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if len(cells) > _MAX_CELLS:
                raise UnreadableError(f"{source} line {line} has more than {_MAX_CELLS:,} cells")
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        reason = f"{source}: the row that starts on line {line} cannot be read ({error})"
        raise UnreadableError(f"{reason}; close its quotes, end lines with LF") from error


def _read_row(row: int, line: int, cells: list[str], has_country: bool, entries: Collector) -> None:
    place, *partners = cells
    where = f"line {line}"
    if not any(partners):
        reason = f"{where} names {place!r} and no partner"
        entries.reject(row, where, "no_partner", reason, place)
    reason = f"{where} names partners and, in its first cell, no place"
    fault = None if place else ("no_place", reason)
    for number, partner in enumerate(partners, start=1):
        if partner:
            sides = _side(place, "a", has_country) | _side(partner, "b", has_country)
            locator, text = f"{where}, partner {number}", f"{place} | {partner}"
            take(entries, row, locator, sides, text, fault)


def _side(label: str, side: str, has_country: bool) -> dict[str, str]:
    """Columns of one side: a label taken apart at its commas."""
    name, *rest = (part.strip() for part in label.split(","))
    country = rest.pop() if rest and has_country else ""
    return {f"name_{side}": name, f"country_{side}": country, f"region_{side}": ", ".join(rest)}
