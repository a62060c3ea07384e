"""An entry of a scrape: two places, each of which must be able to be one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from ties.errors import UnreadableError
from ties.importers.collector import Collector
from ties.importers.recipes.defects import find_defects
from ties.importers.statements import Reading
from ties.importers.wikipedia.words import fault_of, fault_of_bare

Fault = tuple[str, str]

# Enough for the first entries of any scrape.
_N_SNIFFED: Final = 65_536


def take(
    entries: Collector,
    row: int,
    locator: str,
    cells: Mapping[str, Any],
    text: str,
    fault: Fault | None = None,
) -> None:
    """Accept an entry; or reject it with a fault that is known, or that its names have.

    Parameters
    ----------
    cells
        Columns of a statement. A name that stands without a country or an id is no country.
    text
        The entry as it was read.
    fault
        Rule and reason.
    """
    fault = fault or name_fault(cells, "a") or name_fault(cells, "b")
    if fault is None:
        entries.accept(row, locator, **cells)
    else:
        entries.reject(row, locator, *fault, text)


def name_fault(cells: Mapping[str, Any], side: str) -> Fault | None:
    """Why the name of one side is none of a place: rule and reason; None if it may be one."""
    name = cells.get(f"name_{side}")
    is_placed = cells.get(f"country_{side}") or cells.get(f"id_{side}")
    if name is None:
        return None
    return fault_of(name) if is_placed else fault_of_bare(name)


def finished(entries: Collector, n_rows: int, **options: bool) -> Reading:
    """What was read, with the defects of the whole set."""
    return entries.reading(n_rows, lambda found: [find_defects(found, entries.file, **options)])


def detect(path: str | Path) -> str | None:
    r"""Name of the shape that a scrape seems to have, from its first bytes; None if it has none.

    Raises
    ------
    UnreadableError
        If there is no such file, or it cannot be opened.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "relations.tsv"
    ...     _ = path.write_text("Q64\tQ90\nQ64\tQ60\n")
    ...     detect(path)
    'pairs'
    """
    source = Path(path)
    try:
        with source.open("rb") as stream:
            head = stream.read(_N_SNIFFED)
    except OSError as error:
        raise UnreadableError(f"{source} cannot be read: {error.strerror}") from error
    if b"\0" in head:
        return None
    text = head.decode("utf-8-sig", errors="ignore").replace("\r\n", "\n")
    # The last line may be cut off.
    lines = [line for line in text.split("\n")[: -1 if "\n" in text else None] if line.strip()]
    return next((name for name, fits in _looks() if fits(text, lines[:50])), None)


def _looks() -> Iterable[tuple[str, Callable[[str, list[str]], bool]]]:
    from ties.importers.recipes import adjacency, nested, pairs

    yield from (
        ("nested", nested.fits),
        ("pairs", pairs.fits),
        ("adjacency", adjacency.fits),
    )
