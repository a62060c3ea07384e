"""Nested JSON keyed by place: what a program's dictionary of partners looks like on disk.

Under each place stands an object with a list of partners. A partner is a text, or an object
with the name under ``city`` or ``name``. Further lists of the same length say more of each
partner, one by one: its country, its continent. The object may also say the country and the
coordinates of the place itself.

    {"Kabul": {"sister_city": ["Ankara"], "country_of_sc": ["Turkey"], "country": "Afghanistan"}}
    {"Gera": {"partners": [{"city": "Arnhem", "distance": 458.0}], "coordinates": ["50.9", "12.1"]}}

A place is a row; an item of its list is an entry. Names that are none of a place (years, footnotes,
sentences) are rejected; what is wrong with a set as a whole is told by
`ties.importers.nested_defects`. Scrapes of other shapes become a table with a few lines of pandas:
see docs/how-to/import.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

from ties.errors import UnreadableError, shorten
from ties.importers.collector import Collector
from ties.importers.nested_defects import find_defects
from ties.importers.statements import Reading, read_limited
from ties.importers.wikipedia.words import NOTHING, fault_of, fault_of_bare
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
_DEGREES: Final = re.compile(r"[+-]?\d{1,3}(?:\.\d{1,15})?")
_FIRST_KEYS: Final = re.compile(
    rf'\s*\{{\s*"[^"\n]{{0,200}}"\s*:\s*\{{[\s\S]*?"(?:{"|".join(_PARTNERS)})"\s*:\s*\['
)


def looks_nested(text: str) -> bool:
    """Whether a file begins like an object of places with lists of partners.

    Examples
    --------
    >>> looks_nested('{"Kabul": {"sister_city": ["Ankara"]}}')
    True
    """
    return _FIRST_KEYS.match(text) is not None


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
    return entries.reading(len(tree.pairs), lambda found: [find_defects(found, source.name)])


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
        no_list = ("no_list", "has no list of partners")
        rule, what = ("repeated_key", "holds a key twice") if key else no_list
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
        place = f"{locator}.{key}[{at}]"
        cells, own_fault = _partner(partner)
        cells = own | cells | {"country_b": _country(country)}
        own_fault = fault or own_fault or _name_fault(cells, "b")
        if own_fault is None:
            _warn_of_country(place, cells, country, entries)
            entries.accept(row, place, **cells)
        else:
            entries.reject(row, place, *own_fault, f"{name} | {_text(partner)}")


def _name_fault(cells: Mapping[str, Any], side: str) -> Fault | None:
    """Why the name of a side is none of a place; without a country it may be none either."""
    name = cells[f"name_{side}"]
    return fault_of(name) if cells.get(f"country_{side}") else fault_of_bare(name)


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


def _warn_of_country(place: str, cells: dict[str, Any], country: Any, entries: Collector) -> None:
    if country is not None and cells["country_b"] is None:
        message = f"{place}: {country!r} is no country; it was left out"
        entries.warn("no_country_given", message, column="country_b", value=str(country))
    _warn_city_state(cells, "b", entries)


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
