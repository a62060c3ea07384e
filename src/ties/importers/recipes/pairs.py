"""Pairs of ids without a header, and a second file that names the ids.

``relations.tsv`` holds two ids a line, ``names.tsv`` an id and one label, both parted by a
tab: what a crawl of Wikidata leaves behind. A line is a row and an entry.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from ties.errors import UnreadableError
from ties.importers.recipes.defects import find_defects
from ties.importers.recipes.lines import text_lines
from ties.importers.statements import Reading
from ties.importers.wikipedia.collect import Collector
from ties.importers.wikipedia.words import fault_of

_ID: Final = re.compile(r"[A-Za-z]\w{0,30}|\w{1,20}:\S{1,60}|\d{1,18}")
_NAMES: Final = "names.tsv"


def read_pairs(path: str | Path, *, names: str | Path | None = None) -> Reading:
    """Read pairs of ids, with the names that a second file gives them.

    A pair that is named again in the same order is accepted again, with a warning: which
    rows are one tie is for merging to say. The language of the labels is not known.

    Parameters
    ----------
    path
        Two ids a line, parted by a tab, without a header.
    names
        An id and its label a line; ``names.tsv`` beside `path` unless told otherwise.

    Returns
    -------
    Reading
        A row is a line. ``id_a`` and ``id_b`` are as written (Q64).

    Raises
    ------
    UnreadableError
        If a file cannot be read, is not UTF-8, or its first line holds no two ids.
    """
    source = Path(path)
    lines = text_lines(source)
    entries = Collector(source.name)
    if not lines or len(_split(lines[0])) != 2:
        raise UnreadableError(
            f"{source} does not begin with two ids parted by a tab; is it a table with a header?"
        )
    labels = _labels(_names_file(source, names), entries)
    for row, line in enumerate(lines):
        _read_line(row, line, labels, entries)
    return entries.reading(len(lines), [find_defects(entries.statements(), source.name)])


def _names_file(source: Path, names: str | Path | None) -> Path | None:
    if names is not None:
        return Path(names)
    beside = source.with_name(_NAMES)
    return beside if beside.is_file() and beside != source else None


def _split(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("\t")]


def _labels(path: Path | None, entries: Collector) -> dict[str, str]:
    """Read the names; where an id has two, the first holds and the second is a warning."""
    if path is None:
        entries.warn("no_names", "no file of names: places are known by their ids only")
        return {}
    labels: dict[str, str] = {}
    for number, line in enumerate(text_lines(path), start=1):
        cells = _split(line)
        where = f"{path.name} line {number}"
        if len(cells) != 2 or not all(cells):
            entries.warn("names_line", f"{where} is not an id and a name; it names nothing")
        elif labels.setdefault(cells[0], cells[1]) != cells[1]:
            kept = labels[cells[0]]
            message = f"{where} calls {cells[0]} {cells[1]!r}, an earlier one {kept!r}, which holds"
            entries.warn("two_names", message, value=cells[0])
    entries.warn(
        "language_unstated",
        f"{path.name} gives one label an id without saying in which language: expect several",
    )
    return labels


def _read_line(row: int, line: str, labels: dict[str, str], entries: Collector) -> None:
    locator = f"line {row + 1}"
    cells = _split(line)
    if len(cells) != 2 or not all(_ID.fullmatch(cell) for cell in cells):
        reason = "is not two ids parted by a tab; write one pair a line"
        entries.reject(row, locator, "not_a_pair", f"{locator} {reason}", line)
        return
    found = [fault_of(labels[cell]) for cell in cells if cell in labels]
    faults = [fault for fault in found if fault is not None]
    if faults:
        entries.reject(row, locator, *faults[0], line)
        return
    for cell in cells:
        if cell not in labels and labels:
            entries.warn("unnamed_id", f"{locator}: {cell} has no name", line=row + 1, value=cell)
    a, b = cells
    entries.accept(row, locator, id_a=a, id_b=b, name_a=labels.get(a), name_b=labels.get(b))
