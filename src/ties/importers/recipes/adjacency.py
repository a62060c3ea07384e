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
from ties.importers.recipes.defects import find_defects
from ties.importers.recipes.lines import read_text
from ties.importers.statements import Reading
from ties.importers.wikipedia.areas import fault_of_bare
from ties.importers.wikipedia.collect import Collector
from ties.importers.wikipedia.words import fault_of
from ties.io.csv_reader import cell_limit

_NUMBERED: Final = re.compile(r"\d{0,6}")
_MAX_CELLS: Final = 10_000


@cell_limit()
def read_adjacency(path: str | Path, *, has_country: bool = True) -> Reading:
    """Read a ragged table of places and their partners.

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
    header: int | None = None
    n_rows = 0
    for line, cells in _records(source):
        if header is None:
            header = len(cells)
            if all(_NUMBERED.fullmatch(cell.strip()) for cell in cells):
                continue
        if len(cells) > header:
            message = f"line {line} has {len(cells)} cells where the first row has {header}"
            entries.warn("ragged", f"{message}; all were read", line=line)
        _read_row(n_rows, line, cells, has_country, entries)
        n_rows += 1
    return entries.reading(n_rows, [find_defects(entries.statements(), source.name)])


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
    place, *partners = (cell.strip() for cell in cells)
    named = [(number, partner) for number, partner in enumerate(partners, start=1) if partner]
    if not named:
        reason = f"line {line} names {place!r} and no partner"
        entries.reject(row, f"line {line}", "no_partner", reason, place)
    side_a = _side(place, "a", has_country)
    for number, partner in named:
        locator = f"line {line}, partner {number}"
        side_b = _side(partner, "b", has_country)
        fault = (
            ("no_place", f"line {line} names partners and, in its first cell, no place")
            if not place
            else _fault(side_a, "a") or _fault(side_b, "b")
        )
        if fault is None:
            entries.accept(row, locator, **side_a, **side_b)
        else:
            entries.reject(row, locator, *fault, f"{place} | {partner}")


def _fault(side: dict[str, str], which: str) -> tuple[str, str] | None:
    name = side[f"name_{which}"]
    return fault_of(name) if f"country_{which}" in side else fault_of_bare(name)


def _side(label: str, which: str, has_country: bool) -> dict[str, str]:
    """Take a label apart at its commas: name, region, country."""
    name, *rest = (part.strip() for part in label.split(","))
    said = {f"name_{which}": name}
    if rest and has_country:
        said[f"country_{which}"] = rest.pop()
    if rest:
        said[f"region_{which}"] = ", ".join(rest)
    return said
