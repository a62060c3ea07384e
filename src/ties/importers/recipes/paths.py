"""Paths of a crawl, a line each: ``Arnhem > Coventry > Dresden``.

Each step says that the two places on either side of it are tied. A line repeats the way to
the place at its end, so a step that an earlier line took is set aside as a repetition, with
the number of that line: it is one naming printed again, not another.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Final

from ties.importers.recipes.defects import find_defects
from ties.importers.recipes.lines import text_lines
from ties.importers.statements import Reading
from ties.importers.wikipedia.areas import fault_of_bare
from ties.importers.wikipedia.collect import Collector

_SEPARATOR: Final = ">"
_MAX_STEPS: Final = 1_000


def read_paths(path: str | Path) -> Reading:
    """Read the paths of a crawl; each step is an entry.

    Parameters
    ----------
    path
        A path a line, places parted by ``>``.

    Returns
    -------
    Reading
        A row is a line. Steps that an earlier line took are rejected (``repeated_step``), as
        are lines of one place (``no_partner``) and steps to what is no place.

    Raises
    ------
    UnreadableError
        If the file cannot be read or is not text.
    """
    source = Path(path)
    lines = text_lines(source)
    entries = Collector(source.name)
    first: dict[tuple[str, str], int] = {}
    for row, line in enumerate(lines):
        places = [part.strip() for part in line.split(_SEPARATOR, _MAX_STEPS)]
        if len(places) < 2:
            what = "names one place and no partner" if line.strip() else "is empty"
            locator = f"line {row + 1}"
            entries.reject(row, locator, "no_partner", f"{locator} {what}", line)
        for step, pair in enumerate(pairwise(places), start=1):
            _read_step(row, step, pair, first, entries)
    return entries.reading(len(lines), [find_defects(entries.statements(), source.name)])


def _read_step(
    row: int,
    step: int,
    pair: tuple[str, str],
    first: dict[tuple[str, str], int],
    entries: Collector,
) -> None:
    locator = f"line {row + 1}, step {step}"
    text = f" {_SEPARATOR} ".join(pair)
    faults = [fault for fault in map(fault_of_bare, pair) if fault is not None]
    if faults:
        entries.reject(row, locator, *faults[0], text)
    elif first.setdefault(pair, row) != row:
        reason = (
            f"line {first[pair] + 1} takes this step already; a path repeats the way to its end"
        )
        entries.reject(row, locator, "repeated_step", reason, text)
    else:
        entries.accept(row, locator, name_a=pair[0], name_b=pair[1])
