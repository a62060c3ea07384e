"""A table of a page in HTML, its merged cells unfolded: what spans several fills them all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from ties.errors import WARNING, UnreadableError
from ties.importers.mapping import TableMapping
from ties.importers.plain_text import read_text
from ties.importers.tabular import with_header
from ties.io.table import Table

MAX_PAGE: Final = 30_000_000
# The library carries no types.
Element = Any
_MAX_COLUMNS: Final = 200
_MAX_CELLS: Final = 2_000_000
_SHOWN: Final = (
    "descendant::br | descendant::text()"
    "[not(ancestor::sup[contains(@class,'reference')] or ancestor::script or ancestor::style)]"
)


def parse(path: Path) -> Element:
    """Return the root of a page in HTML; nothing is fetched, and no entity but HTML's is known.

    Raises
    ------
    UnreadableError
        If the file cannot be read, is no HTML, or is nested too deeply.
    """
    from lxml import etree, html  # type: ignore[import-untyped, unused-ignore]

    text = read_text(path, MAX_PAGE)
    parser = html.HTMLParser(
        no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8"
    )
    try:
        tree = html.document_fromstring(text.encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise UnreadableError(f"{path} is not HTML: {error}") from error
    # Past such an error the parser stops reading, and says so nowhere else.
    fatal = [entry.message for entry in parser.error_log if entry.level_name == "FATAL"]
    if fatal:
        raise UnreadableError(f"{path} cannot be read to its end: {fatal[0]}")
    return tree


def tables_of(tree: Element) -> list[Element]:
    """Return the tables of a page that hold at least two rows and no other table."""
    found = (t for t in tree.iter("table") if next(t.iterdescendants("table"), None) is None)
    return [table for table in found if len(list(table.iter("tr"))) > 1]


def grid(table: Element) -> Iterator[tuple[Element, list[Element]]]:
    """Yield each row of a table with its cells, those that reach into it from above included.

    Examples
    --------
    >>> from lxml import html
    >>> table = html.fromstring(
    ...     "<table><tr><td rowspan=2>Bonn<td>Opole<tr><td colspan=2>Minsk</table>"
    ... )
    >>> [[cell.text for cell in cells] for _, cells in grid(table)]
    [['Bonn', 'Opole'], ['Bonn', 'Minsk', 'Minsk']]
    """
    carried: dict[int, tuple[Element, int]] = {}
    n_cells = 0
    for row in table.iter("tr"):
        cells: list[Element] = []
        for cell in [*(child for child in row if child.tag in ("td", "th")), None]:
            while len(cells) in carried:
                above, n_rows = carried.pop(place := len(cells))
                cells.append(above)
                if n_rows > 1:
                    carried[place] = above, n_rows - 1
            n_columns = 0 if cell is None else _span(cell, "colspan")
            for _ in range(min(n_columns, _MAX_COLUMNS - len(cells))):
                if _span(cell, "rowspan") > 1:
                    carried[len(cells)] = cell, _span(cell, "rowspan") - 1
                cells.append(cell)
        n_cells += len(cells)
        if n_cells > _MAX_CELLS:
            raise UnreadableError(f"a table has more than {_MAX_CELLS:,} cells; is it one of ties?")
        yield row, cells


def read(path: Path, mapping: TableMapping, sheet: str | None = None) -> Table:
    """Read one table of a page: the largest, or the one whose number is said as its sheet."""
    tables = tables_of(parse(path))
    sizes = [len(list(table.iter("tr"))) for table in tables]
    if not tables:
        raise UnreadableError(f"{path} holds no table; name a page that does")
    if sheet is not None and not (sheet.isdecimal() and 1 <= int(sheet) <= len(tables)):
        raise UnreadableError(f"{path} has tables 1 to {len(tables)}, and no table {sheet!r}")
    number = int(sheet) if sheet else sizes.index(max(sizes)) + 1
    rows = [
        (int(row.sourceline or 0), [_text(cell) for cell in cells])
        for row, cells in grid(tables[number - 1])
    ]
    table = with_header(rows, mapping, path.name)
    if len(tables) > 1 and sheet is None:
        reason = (
            f"the page has {len(tables)} tables, and the largest, number {number}, was read; "
            'another is read with sheet = "1" (or its number) in the options of a mapping'
        )
        table.add(table.problem("tables", reason, severity=WARNING))
    return table


def _span(cell: Element, name: str) -> int:
    text = (cell.get(name) or "1").strip()
    return max(int(text), 1) if re.fullmatch(r"[0-9]{1,6}", text) else 1


def _text(cell: Element) -> str:
    """Return what a cell shows, without the marks of references; a line break parts words."""
    parts = (str(part) if isinstance(part, str) else " " for part in cell.xpath(_SHOWN))
    return " ".join("".join(parts).split())
