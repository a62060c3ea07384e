"""Nested JSON keyed by place: what a program's dictionary of partners looks like on disk.

Under each place stands an object with a list of partners. A partner is a text, or an object
with the name under ``city`` or ``name``. Further lists of the same length say more of each
partner, one by one: its country, its continent. The object may also say the country and the
coordinates of the place itself.

    {"Kabul": {"sister_city": ["Ankara"], "country_of_sc": ["Turkey"], "country": "Afghanistan"}}
    {"Gera": {"partners": [{"city": "Arnhem", "distance": 458.0}], "coordinates": ["50.9", "12.1"]}}

A place is a row; an item of its list is an entry.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

from ties.errors import UnreadableError, shorten
from ties.importers.collector import Collector
from ties.importers.plain_text import read_text
from ties.importers.recipes.entries import Fault, finished, name_fault, take
from ties.importers.statements import Reading
from ties.importers.wikipedia.words import NOTHING
from ties.io.json_text import whole_characters
from ties.places.countries import CITY_TOO, country_code

_PARTNERS: Final = (
    *("sister_city", "sister_cities", "partners", "partner_cities", "twin_towns", "twins"),
)
_NAMES: Final = ("city", "name", "place")
# Lists that run beside the list of partners.
_COUNTRIES: Final = "country_of_sc"
_PARALLEL: Final = (_COUNTRIES, "continent_of_sc")
_MAX_BYTES: Final = 100_000_000
_FIRST_KEYS: Final = re.compile(
    rf'\s*\{{\s*"[^"\n]{{0,200}}"\s*:\s*\{{[\s\S]*?"(?:{"|".join(_PARTNERS)})"\s*:\s*\['
)
_DEGREES: Final = re.compile(r"[+-]?\d{1,3}(?:\.\d{1,15})?")


class _Object(dict[str, Any]):
    """An object of JSON that remembers keys that were written twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.pairs = pairs
        self.is_repetitive = len(self) < len(pairs)


def fits(text: str, lines: list[str]) -> bool:
    """Whether a file begins like an object of places with lists of partners."""
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
    tree = _parse(source)
    if not isinstance(tree, _Object) or not tree:
        raise UnreadableError(f"{source} is not a JSON object that is keyed by place")
    if not any(_list_name(value) for value in tree.values()):
        raise UnreadableError(f"{source}: no place has a list of partners ({', '.join(_PARTNERS)})")
    entries = Collector(source.name)
    seen: set[str] = set()
    for row, (name, value) in enumerate(tree.pairs):
        if name in seen:
            message = f"{shorten(name)} stands twice as a key; both were read"
            entries.warn("repeated_key", message, value=name)
        seen.add(name)
        _read_place(row, name, value, entries)
    return finished(entries, len(tree.pairs), is_keyed_by_name=True)


def _parse(source: Path) -> Any:
    text = whole_characters(read_text(source, _MAX_BYTES))
    try:
        return json.loads(text, object_pairs_hook=_Object, parse_constant=lambda _: None)
    except RecursionError as error:
        raise UnreadableError(f"{source} is nested too deeply; is it keyed by place?") from error
    except ValueError as error:
        raise UnreadableError(f"{source} is not JSON: {error}") from error


def _list_name(value: Any) -> str | None:
    if not isinstance(value, dict):
        return None
    return next((key for key in _PARTNERS if isinstance(value.get(key), list)), None)


def _read_place(row: int, name: str, value: Any, entries: Collector) -> None:
    locator = f"$[{json.dumps(name, ensure_ascii=False)}]"
    key = _list_name(value)
    if key is None or value.is_repetitive:
        rule, what = ("repeated_key", "holds a key twice") if key else _NO_LIST
        entries.reject(row, locator, rule, f"{shorten(name)} {what}", _text(value))
        return
    own: dict[str, Any] = {"name_a": name, "country_a": _country(value.get("country"))}
    fault = name_fault(own, "a")
    if not value[key]:
        fault = fault or ("no_partner", f"{shorten(name)} is listed without a partner")
        entries.reject(row, locator, *fault, name)
        return
    fault = fault or _unequal(name, value, key)
    if fault is None:
        own |= _coordinates(name, value.get("coordinates"), entries)
        _warn_city_state(own, "a", entries)
    countries = value.get(_COUNTRIES)
    for at, partner in enumerate(value[key]):
        has_country = isinstance(countries, list) and at < len(countries)
        country = countries[at] if has_country else None
        place = f"{locator}.{key}[{at}]"
        _read_partner(row, place, own, partner, country, fault, entries)


_NO_LIST: Final = ("no_list", "has no list of partners")


def _read_partner(
    row: int,
    locator: str,
    own: dict[str, Any],
    partner: Any,
    country: Any,
    fault: Fault | None,
    entries: Collector,
) -> None:
    name, note = _partner(partner)
    cells = own | {"name_b": name, "country_b": _country(country), "note": note}
    if partner is None:
        fault = fault or ("null", "the list holds a null where a partner should be")
    elif name is None:
        reason = f"{shorten(_text(partner))} is no text and has no city or name in it"
        fault = fault or ("no_name", reason)
    fault = fault or name_fault(cells, "b")
    if fault is None and country is not None and cells["country_b"] is None:
        message = f"{locator}: {country!r} is no country; it was left out"
        entries.warn("no_country_given", message, column="country_b", value=str(country))
    if fault is None:
        _warn_city_state(cells, "b", entries)
    take(entries, row, locator, cells, f"{own['name_a']} | {_text(partner)}", fault)


def _partner(partner: Any) -> tuple[str | None, str]:
    """Name of a partner, and what else its object says, as text."""
    if not isinstance(partner, dict):
        return (partner if isinstance(partner, str) else None), ""
    key = next((key for key in _NAMES if isinstance(partner.get(key), str)), None)
    others = {name: value for name, value in partner.items() if name != key and value is not None}
    note = ", ".join(f"{name} {_text(value)}" for name, value in others.items())
    return (partner[key] if key else None), note


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
