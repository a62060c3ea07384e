"""What others scraped from encyclopedias, in three shapes that programs leave lists of ties in.

**nested**: JSON keyed by place. Under each place stands an object with a list of partners, each
a text, or an object with the name under ``city`` or ``name``. Further lists of the same length say
the country of each partner; the object may also say the country and coordinates of the place.

    {"Kabul": {"sister_city": ["Ankara"], "country_of_sc": ["Turkey"], "country": "Afghanistan"}}
    {"Gera": {"partners": [{"city": "Arnhem", "distance": 458.0}], "coordinates": ["50.9", "12.1"]}}

**adjacency**: a wide, ragged table, with a place in the first column and its partners in as many
as it has. The labels say where a place lies: ``Suzhou, Jiangsu, China`` is a name, a region and a
country.

**pairs**: two ids a line, parted by a tab, and a second file with an id and one label a line:
what a crawl of Wikidata leaves behind.

Any other scrape becomes an ordinary table with a few lines of pandas: see docs/how-to/import.md.
Names that are none of a place (years, footnotes, sentences) are rejected; what is wrong with a set
as a whole is told by `ties.importers.scrape_defects`.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

from ties.errors import UnreadableError, shorten
from ties.importers.collector import Collector
from ties.importers.plain_text import read_text
from ties.importers.scrape_defects import find_defects
from ties.importers.statements import Reading, read_limited
from ties.importers.wikipedia.words import NOTHING, fault_of, fault_of_bare
from ties.io.csv_reader import cell_limit
from ties.io.json_text import NotJsonError, parse_json
from ties.places.countries import CITY_TOO, country_code

Fault: TypeAlias = tuple[str, str]

_PARTNERS: Final = (
    *("sister_city", "sister_cities", "partners", "partner_cities", "twin_towns", "twins"),
)
_NAMES: Final = ("city", "name", "place")
# Lists that run beside the list of partners.
_COUNTRIES: Final = "country_of_sc"
_PARALLEL: Final = (_COUNTRIES, "continent_of_sc")
_MAX_BYTES: Final = 100_000_000
_MAX_CELLS: Final = 10_000
_DEGREES: Final = re.compile(r"[+-]?\d{1,3}(?:\.\d{1,15})?")
_NUMBERED: Final = re.compile(r"\d{0,6}")
_ID: Final = re.compile(r"[A-Za-z]\w{0,30}|\w{1,20}:\S{1,60}|\d{1,18}")

# The first bytes of each shape.
_N_SNIFFED, _N_LINES = 65_536, 50
_FIRST_KEYS: Final = re.compile(
    rf'\s*\{{\s*"[^"\n]{{0,200}}"\s*:\s*\{{[\s\S]*?"(?:{"|".join(_PARTNERS)})"\s*:\s*\['
)
_PAIR: Final = re.compile(r"(?:Q\d+|\w+:\S+|\d+)\t(?:Q\d+|\w+:\S+|\d+)")
_HEADER: Final = re.compile(r'"?"?(?:,"?\d+"?)+')
_PLACE: Final = r'"[^",]{1,200}(?:, ?[^",]{1,200})+"'
_LABELS: Final = re.compile(rf"{_PLACE}(?:,{_PLACE})+,*")


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
    text = head.decode("utf-8-sig", errors="ignore").replace("\r\n", "\n")
    # The last line may be cut off.
    lines = [line for line in text.split("\n")[: -1 if "\n" in text else None] if line.strip()]
    if b"\0" in head or not lines:
        return None
    if _FIRST_KEYS.match(text):
        return "nested"
    if all(map(_PAIR.fullmatch, lines[:_N_LINES])):
        return "pairs"
    is_ragged = _HEADER.fullmatch(lines[0]) or all(map(_LABELS.fullmatch, lines[:_N_LINES]))
    return "adjacency" if is_ragged else None


def read_nested(path: str | Path) -> Reading:
    """Statements of nested JSON that is keyed by place.

    Rejected are partners whose parallel lists differ in length (``unequal_lists``: which
    country belongs to which partner is then unknown), blanks (``null``), and years, marks of
    footnotes and countries in the place of a name (``not_a_place``). A place without a
    partner is one rejected entry (``no_partner``). Underscores in a country's name, left by
    the address of a page, become blanks.

    Parameters
    ----------
    path
        A JSON file in UTF-8.

    Returns
    -------
    Reading
        A row is a place. Coordinates belong to side a, degrees north and east; what is no such
        pair of numbers is missing, with a warning.

    Raises
    ------
    UnreadableError
        If the file is not JSON, is nested too deeply, or is not an object keyed by place.
    """
    source = Path(path)
    try:
        content = read_limited(source, _MAX_BYTES)
        tree = parse_json(content, object_pairs_hook=_Object, parse_constant=lambda _: None)
    except NotJsonError as error:
        raise UnreadableError(f"{source} {error}; is it JSON that is keyed by place?") from error
    if not isinstance(tree, _Object) or not tree:
        raise UnreadableError(f"{source} is not a JSON object that is keyed by place")
    if not any(_list_of(value) for value in tree.values()):
        raise UnreadableError(f"{source}: no place has a list of partners ({', '.join(_PARTNERS)})")
    entries = Collector(source.name)
    seen: set[str] = set()
    for row, (name, value) in enumerate(tree.pairs):
        if name in seen:
            message = f"{shorten(name)} stands twice as a key; both were read"
            entries.warn("repeated_key", message, value=name)
        seen.add(name)
        _read_place(row, name, value, entries)
    return _finished(entries, len(tree.pairs), is_keyed_by_name=True)


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
    if records and all(_NUMBERED.fullmatch(cell) for cell in records[0][1]):
        del records[0]
    for row, (line, (place, *partners)) in enumerate(records):
        where = f"line {line}"
        if len(partners) >= width:
            message = f"{where} has {len(partners) + 1} cells where the first row has {width}"
            entries.warn("ragged", f"{message}; all were read", line=line)
        if not any(partners):
            reason = f"{where} names {place!r} and no partner"
            entries.reject(row, where, "no_partner", reason, place)
        reason = f"{where} names partners and, in its first cell, no place"
        fault = None if place else ("no_place", reason)
        for number, partner in enumerate(partners, start=1):
            if partner:
                sides = _apart(place, "a", has_country) | _apart(partner, "b", has_country)
                locator, text = f"{where}, partner {number}", f"{place} | {partner}"
                _take(entries, row, locator, sides, text, fault)
    return _finished(entries, len(records))


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
    lines = list(_lines(source))
    if len(lines[0]) != 2:
        reason = "does not begin with two ids parted by a tab; is it a table with a header?"
        raise UnreadableError(f"{source} {reason}")
    entries = Collector(source.name)
    beside = source.with_name("names.tsv")
    if names is None and (not beside.is_file() or beside == source):
        entries.warn("no_names", "no file of names: places are known by their ids only")
        labels = {}
    else:
        labels = _labels(beside if names is None else Path(names), entries)
    for row, cells in enumerate(lines):
        locator, text, fault = f"line {row + 1}", "\t".join(cells), None
        if len(cells) != 2 or not all(map(_ID.fullmatch, cells)):
            fault = "not_a_pair", f"{locator} is not two ids parted by a tab; write one pair a line"
            cells = ["", ""]
        for cell in cells:
            if cell and cell not in labels and labels:
                entries.warn(
                    "unnamed_id", f"{locator}: {cell} has no name", line=row + 1, value=cell
                )
        a, b = cells
        known = {"id_a": a, "id_b": b, "name_a": labels.get(a), "name_b": labels.get(b)}
        _take(entries, row, locator, known, text, fault)
    return _finished(entries, len(lines))


def _take(
    entries: Collector,
    row: int,
    locator: str,
    cells: Mapping[str, Any],
    text: str,
    fault: Fault | None = None,
) -> None:
    """Accept an entry; or reject it with a fault that is known, or that its names have."""
    fault = fault or _name_fault(cells, "a") or _name_fault(cells, "b")
    if fault is None:
        entries.accept(row, locator, **cells)
    else:
        entries.reject(row, locator, *fault, text)


def _name_fault(cells: Mapping[str, Any], side: str) -> Fault | None:
    """Why the name of a side is none of a place; one without a country or an id is no country."""
    name = cells.get(f"name_{side}")
    is_placed = cells.get(f"country_{side}") or cells.get(f"id_{side}")
    if name is None:
        return None
    return fault_of(name) if is_placed else fault_of_bare(name)


def _finished(entries: Collector, n_rows: int, **options: bool) -> Reading:
    """What was read, with the defects of the whole set."""
    return entries.reading(n_rows, lambda found: [find_defects(found, entries.file, **options)])


class _Object(dict[str, Any]):
    """An object of JSON that remembers keys that were written twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.pairs = pairs
        self.is_repetitive = len(self) < len(pairs)


def _list_of(value: Any) -> str | None:
    """Key of the list of partners."""
    given = value if isinstance(value, dict) else {}
    return next((key for key in _PARTNERS if isinstance(given.get(key), list)), None)


def _read_place(row: int, name: str, value: Any, entries: Collector) -> None:
    locator = f"$[{json.dumps(name, ensure_ascii=False)}]"
    key = _list_of(value)
    if key is None or value.is_repetitive:
        rule, what = ("repeated_key", "holds a key twice") if key else _NO_LIST
        entries.reject(row, locator, rule, f"{shorten(name)} {what}", _text(value))
        return
    own: dict[str, Any] = {"name_a": name, "country_a": _country(value.get("country"))}
    fault = _name_fault(own, "a")
    if not value[key]:
        fault = fault or ("no_partner", f"{shorten(name)} is listed without a partner")
        entries.reject(row, locator, *fault, name)
        return
    fault = fault or _unequal(name, value, key)
    if fault is None:
        own |= _coordinates(name, value.get("coordinates"), entries)
        _warn_city_state(own, "a", entries)
    countries = value.get(_COUNTRIES) if isinstance(value.get(_COUNTRIES), list) else []
    countries = [*countries, *[None] * len(value[key])]
    for at, (partner, country) in enumerate(zip(value[key], countries, strict=False)):
        place, text = f"{locator}.{key}[{at}]", f"{name} | {_text(partner)}"
        cells, own_fault = _partner(partner)
        cells = own | cells | {"country_b": _country(country)}
        own_fault = fault or own_fault or _name_fault(cells, "b")
        if own_fault is None and country is not None and cells["country_b"] is None:
            message = f"{place}: {country!r} is no country; it was left out"
            entries.warn("no_country_given", message, column="country_b", value=str(country))
        if own_fault is None:
            _warn_city_state(cells, "b", entries)
        _take(entries, row, place, cells, text, own_fault)


_NO_LIST: Final = ("no_list", "has no list of partners")


def _partner(partner: Any) -> tuple[dict[str, Any], Fault | None]:
    """Name of a partner, and what else its object says, as text; or why it has no name."""
    if isinstance(partner, str):
        return {"name_b": partner}, None
    if partner is None:
        return {}, ("null", "the list holds a null where a partner should be")
    given = partner if isinstance(partner, dict) else {}
    key = next((key for key in _NAMES if isinstance(given.get(key), str)), None)
    if key is None:
        reason = f"{shorten(_text(partner))} is no text and has no city or name in it"
        return {}, ("no_name", reason)
    others = {name: value for name, value in given.items() if name != key and value is not None}
    note = ", ".join(f"{name} {_text(value)}" for name, value in others.items())
    return {"name_b": given[key], "note": note}, None


def _unequal(name: str, value: dict[str, Any], key: str) -> Fault | None:
    lists = [key, *(other for other in _PARALLEL if isinstance(value.get(other), list))]
    lengths = {other: len(value[other]) for other in lists}
    if len(set(lengths.values())) == 1:
        return None
    counted = ", ".join(f"{other} has {n}" for other, n in lengths.items())
    reason = f"the lists of {shorten(name)} differ in length ({counted}); which belongs to which?"
    return "unequal_lists", reason


def _country(value: Any) -> str | None:
    """Country as written; what a program writes for nothing is missing."""
    if not isinstance(value, str) or not value.strip() or NOTHING.fullmatch(value.strip()):
        return None
    return value.replace("_", " ").strip()


def _coordinates(name: str, value: Any, entries: Collector) -> dict[str, float]:
    if value is None or value == "":
        return {}
    texts = [str(part).strip() for part in value] if isinstance(value, list) else []
    if len(texts) == 2 and all(map(_DEGREES.fullmatch, texts)):
        north, east = map(float, texts)
        if abs(north) <= 90 and abs(east) <= 180:
            return {"latitude_a": north, "longitude_a": east}
    message = f"{shorten(name)}: {shorten(_text(value))} is not two numbers, degrees north and east"
    entries.warn("coordinates_unread", message, column="latitude_a", value=_text(value))
    return {}


def _warn_city_state(cells: dict[str, Any], side: str, entries: Collector) -> None:
    name = cells[f"name_{side}"]
    if cells[f"country_{side}"] is None and country_code(name) in CITY_TOO:
        message = f"{shorten(name)} is a country and a city; it was taken as the city"
        entries.warn("city_or_country", message, value=name)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False)
    except (RecursionError, ValueError):
        return "(nested too deeply)"


def _records(source: Path) -> Iterator[tuple[int, list[str]]]:
    """Rows of a CSV file that hold anything, each with the line on which it starts."""
    reader = csv.reader(io.StringIO(read_text(source), newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if len(cells) > _MAX_CELLS:
                raise UnreadableError(f"{source} line {line} has more than {_MAX_CELLS:,} cells")
            if any(cell.strip() for cell in cells):
                yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        reason = f"{source}: the row that starts on line {line} cannot be read ({error})"
        raise UnreadableError(f"{reason}; close its quotes, end lines with LF") from error


def _apart(label: str, side: str, has_country: bool) -> dict[str, str]:
    """Columns of one side: a label taken apart at its commas."""
    name, *rest = (part.strip() for part in label.split(","))
    country = rest.pop() if rest and has_country else ""
    return {f"name_{side}": name, f"country_{side}": country, f"region_{side}": ", ".join(rest)}


def _lines(path: Path) -> Iterator[list[str]]:
    for line in read_text(path).removesuffix("\n").split("\n"):
        yield [cell.strip() for cell in line.split("\t")]


def _labels(path: Path, entries: Collector) -> dict[str, str]:
    """Names by id; where an id has two, the first holds and the second is a warning."""
    labels: dict[str, str] = {}
    for number, cells in enumerate(_lines(path), start=1):
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
