"""Pairs of ids without a header, and a second file that names the ids.

``relations.tsv`` holds two ids a line, ``names.tsv`` an id and one label, both parted by a
tab: what a crawl of Wikidata leaves behind. A line is a row and an entry.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from ties.errors import UnreadableError
from ties.importers.collector import Collector
from ties.importers.plain_text import read_text
from ties.importers.recipes.entries import finished, take
from ties.importers.statements import Reading

_ID: Final = re.compile(r"[A-Za-z]\w{0,30}|\w{1,20}:\S{1,60}|\d{1,18}")
_PAIR: Final = re.compile(r"(?:Q\d+|\w+:\S+|\d+)\t(?:Q\d+|\w+:\S+|\d+)")
_NAMES: Final = "names.tsv"


def fits(text: str, lines: list[str]) -> bool:
    """Whether the first lines of a file are pairs of ids."""
    return bool(lines) and all(_PAIR.fullmatch(line) for line in lines)


def read_pairs(path: str | Path, *, names: str | Path | None = None) -> Reading:
    """Statements of pairs of ids, with the names that a second file gives them.

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
    lines = _lines(source)
    if not lines or len(_split(lines[0])) != 2:
        reason = "does not begin with two ids parted by a tab; is it a table with a header?"
        raise UnreadableError(f"{source} {reason}")
    entries = Collector(source.name)
    beside = source.with_name(_NAMES)
    beside = Path(names) if names is not None else beside
    labels = _labels(beside if names or (beside.is_file() and beside != source) else None, entries)
    for row, line in enumerate(lines):
        _read_line(row, line, labels, entries)
    return finished(entries, len(lines))


def _lines(path: Path) -> list[str]:
    return read_text(path).removesuffix("\n").split("\n")


def _split(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("\t")]


def _labels(path: Path | None, entries: Collector) -> dict[str, str]:
    """Names by id; where an id has two, the first holds and the second is a warning."""
    if path is None:
        entries.warn("no_names", "no file of names: places are known by their ids only")
        return {}
    labels: dict[str, str] = {}
    for number, cells in enumerate(map(_split, _lines(path)), start=1):
        where = f"{path.name} line {number}"
        if len(cells) != 2 or not all(cells):
            entries.warn("names_line", f"{where} is not an id and a name; it names nothing")
        elif labels.setdefault(cells[0], cells[1]) != cells[1]:
            kept = labels[cells[0]]
            message = f"{where} calls {cells[0]} {cells[1]!r}, an earlier one {kept!r}, which holds"
            entries.warn("two_names", message, value=cells[0])
    message = "gives one label an id without saying in which language: expect several"
    entries.warn("language_unstated", f"{path.name} {message}")
    return labels


def _read_line(row: int, line: str, labels: dict[str, str], entries: Collector) -> None:
    locator, cells = f"line {row + 1}", _split(line)
    fault = None
    if len(cells) != 2 or not all(_ID.fullmatch(cell) for cell in cells):
        fault = "not_a_pair", f"{locator} is not two ids parted by a tab; write one pair a line"
        cells = ["", ""]
    for cell in cells:
        if cell and cell not in labels and labels:
            entries.warn("unnamed_id", f"{locator}: {cell} has no name", line=row + 1, value=cell)
    a, b = cells
    known = {"id_a": a, "id_b": b, "name_a": labels.get(a), "name_b": labels.get(b)}
    take(entries, row, locator, known, line, fault)
