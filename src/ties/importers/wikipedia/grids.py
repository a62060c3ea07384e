"""Ties in a table: which column names the partner, and what the others say of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ties.importers.wikipedia.annotations import annotate
from ties.importers.wikipedia.blocks import Block, Run, plain
from ties.importers.wikipedia.items import Item, read_item
from ties.importers.wikipedia.words import TWINNING

_CITY: Final = re.compile(
    r"(?:local |own )?(?:city|town|municipality|place|name|город|населённый пункт|stadt|ort|ville"
    r"|commune|ciudad|città|miasto|plaats|gemeente|cidade)\b.*",
    re.IGNORECASE,
)
_COUNTRY: Final = re.compile(
    r"(?:country|state|nation|страна|land|staat|pays|país|paese|kraj)\b.*", re.I
)
_SINCE: Final = re.compile(
    r"(?:since|year|date|established|signed|twinned|founded|from|год|дата|с$|seit|jahr|datum|depuis"
    r"|année|desde|año|anno|data|rok|sinds|jaar).*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Columns:
    """Which column of a table says what; None if none does."""

    names: tuple[str, ...]
    partner: int
    holder: int | None
    country: int | None
    since: int | None


def read_header(block: Block) -> Columns | None:
    """Recognise the columns of a table by their names; None without one for partners."""
    names = tuple(plain(cell) for cell in block.cells)
    partners = [place for place, name in enumerate(names) if TWINNING.search(name)]
    cities = [place for place, name in enumerate(names) if _CITY.fullmatch(name)]
    cities = [place for place in cities if place not in partners]
    since = _first(_SINCE, names, taken=[])
    partners = [place for place in partners if place != since]
    if not partners and not cities:
        return None
    partner = (partners or cities)[0]
    holder = cities[0] if partners and cities and cities[0] != partner else None
    country = _first(_COUNTRY, names, taken=[partner])
    return Columns(names, partner, holder, country, since)


def _first(pattern: re.Pattern[str], names: tuple[str, ...], taken: list[int]) -> int | None:
    found = (
        place
        for place, name in enumerate(names)
        if place not in taken and pattern.fullmatch(name.strip())
    )
    return next(found, None)


def row_item(block: Block, columns: Columns | None, country: str) -> tuple[Item, list[Run]]:
    """Read a row of a table: the item that it makes, and the cell that names whose it is."""
    if columns is None:
        reason = "stands in a table without a column for twin towns; import it as a flat table"
        return Item(fault=("table", reason)), []
    if len(block.cells) != len(columns.names):
        counted = f"has {len(block.cells)} cells where the header has {len(columns.names)}"
        return Item(fault=("ragged", f"{counted}; unfold merged cells")), []
    cells = block.cells
    if columns.country is not None:
        country = _named(cells[columns.country]) or country
    item = read_item(cells[columns.partner], country)
    used = {columns.partner, columns.holder, columns.country}
    for place, name in enumerate(columns.names):
        text = plain(cells[place])
        if place in used or not text:
            continue
        for partner in item.partners:
            if place == columns.since:
                annotate(text, partner.annotation)
            else:
                partner.annotation.notes.append(f"{name}: {text}")
    return item, cells[columns.holder] if columns.holder is not None else []


def _named(cell: list[Run]) -> str:
    flags = [run.text for run in cell if run.kind == "flag"]
    return plain(cell) or (flags[0] if flags else "")
