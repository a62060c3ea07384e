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
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ties.errors import UnreadableError, shorten
from ties.importers.recipes.coordinates import read_coordinates
from ties.importers.recipes.defects import find_defects
from ties.importers.recipes.lines import read_text
from ties.importers.statements import Reading
from ties.importers.wikipedia.areas import CITY_TOO, country_code, fault_of_bare
from ties.importers.wikipedia.collect import Collector
from ties.importers.wikipedia.words import NOTHING, fault_of
from ties.io.json_text import whole_characters

PARTNER_LISTS: Final = (
    "sister_city",
    "sister_cities",
    "partners",
    "partner_cities",
    "twin_towns",
    "twins",
)
_NAME_KEYS: Final = ("city", "name", "place")
# Lists that run beside the list of partners, and what each says of a partner.
_BESIDE: Final = {"country_of_sc": "country", "continent_of_sc": "continent"}
_MAX_BYTES: Final = 100_000_000

Pairs = list[tuple[str, Any]]


class _Object(dict[str, Any]):
    """An object of JSON that remembers keys that were written twice."""

    def __init__(self, pairs: Pairs) -> None:
        super().__init__(pairs)
        self.pairs = pairs

    @property
    def is_repetitive(self) -> bool:
        return len(self) < len(self.pairs)


@dataclass(frozen=True)
class _Place:
    """A place and what the source says of it, beside its partners."""

    row: int
    name: str
    locator: str
    said: Mapping[str, Any]
    has_country: bool


def read_nested(path: str | Path) -> Reading:
    """Read nested JSON that is keyed by place.

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
        A row is a place. Coordinates belong to side a; where they are written in a way that
        has not exactly one reading, they are missing, with a warning.

    Raises
    ------
    UnreadableError
        If the file is not JSON, is nested too deeply, or is not an object keyed by place.
    """
    source = Path(path)
    text = whole_characters(read_text(source, _MAX_BYTES))
    try:
        tree = json.loads(text, object_pairs_hook=_Object, parse_constant=lambda _: None)
    except RecursionError as error:
        raise UnreadableError(f"{source} is nested too deeply; is it keyed by place?") from error
    except ValueError as error:
        raise UnreadableError(f"{source} is not JSON: {error}") from error
    if not isinstance(tree, _Object) or not tree:
        raise UnreadableError(f"{source} is not a JSON object that is keyed by place")
    entries = Collector(source.name)
    return read_places(tree.pairs, entries)


def read_places(pairs: Pairs, entries: Collector) -> Reading:
    """Read places and what stands under each, whatever file they came from."""
    if not any(isinstance(value, dict) and _list_name(value) for _, value in pairs):
        wanted = ", ".join(PARTNER_LISTS)
        raise UnreadableError(f"{entries.file}: no place has a list of partners ({wanted})")
    seen: set[str] = set()
    for row, (name, value) in enumerate(pairs):
        if name in seen:
            message = f"{shorten(name)} stands twice as a key; both were read"
            entries.warn("repeated_key", message, value=name)
        seen.add(name)
        _read_place(row, name, value, entries)
    defects = find_defects(entries.statements(), entries.file, is_keyed_by_name=True)
    return entries.reading(len(pairs), [defects])


def _list_name(value: Mapping[str, Any]) -> str | None:
    return next((key for key in PARTNER_LISTS if isinstance(value.get(key), list)), None)


def _read_place(row: int, name: str, value: Any, entries: Collector) -> None:
    locator = f"$[{json.dumps(name, ensure_ascii=False)}]"
    key = _list_name(value) if isinstance(value, dict) else None
    if key is None or getattr(value, "is_repetitive", False):
        what = "holds a key twice" if key else "has no list of partners"
        rule = "repeated_key" if key else "no_list"
        entries.reject(row, locator, rule, f"{shorten(name)} {what}", _text(value))
        return
    country = _country(value.get("country"))
    fault = fault_of(name) if country else fault_of_bare(name)
    partners = value[key]
    if not partners:
        rule, reason = fault or ("no_partner", f"{shorten(name)} is listed without a partner")
        entries.reject(row, locator, rule, reason, name)
        return
    fault = fault or _unequal(name, value, key)
    said: dict[str, Any] = {"name_a": name, "country_a": country}
    if fault is None:
        said |= _coordinates(name, value.get("coordinates"), entries)
        _warn_city_state(name, country, entries)
    place = _Place(row, name, f"{locator}.{key}", said, country is not None)
    for number, partner in enumerate(partners):
        beside = {what: _at(value.get(other), number) for other, what in _BESIDE.items()}
        _read_partner(place, number, partner, beside, fault, entries)


def _read_partner(
    place: _Place,
    number: int,
    partner: Any,
    beside: Mapping[str, Any],
    fault: tuple[str, str] | None,
    entries: Collector,
) -> None:
    locator = f"{place.locator}[{number}]"
    name, note = _partner(partner)
    country = _country(beside["country"])
    if fault is None:
        fault = _partner_fault(partner, name, country)
    if fault is not None:
        entries.reject(place.row, locator, *fault, f"{place.name} | {_text(partner)}")
        return
    if beside["country"] is not None and country is None:
        message = f"{locator}: {beside['country']!r} is no country; it was left out"
        entries.warn("no_country_given", message, column="country_b", value=str(beside["country"]))
    _warn_city_state(name or "", country, entries)
    entries.accept(
        place.row, locator, **place.said, name_b=name, country_b=country, note=note or None
    )


def _partner(partner: Any) -> tuple[str | None, str]:
    """Give the name of a partner, and what else its object says, as text."""
    if not isinstance(partner, dict):
        return (partner, "") if isinstance(partner, str) else (None, "")
    key = next((key for key in _NAME_KEYS if isinstance(partner.get(key), str)), None)
    others = {name: value for name, value in partner.items() if name != key}
    note = ", ".join(
        f"{name} {_text(value)}" for name, value in others.items() if value is not None
    )
    return (partner[key] if key else None), note


def _partner_fault(partner: Any, name: str | None, country: str | None) -> tuple[str, str] | None:
    if partner is None:
        return "null", "the list holds a null where a partner should be"
    if name is None:
        return "no_name", f"{shorten(_text(partner))} is no text and has no city or name in it"
    return fault_of(name) if country else fault_of_bare(name)


def _unequal(name: str, value: Mapping[str, Any], key: str) -> tuple[str, str] | None:
    lists = [key, *(other for other in _BESIDE if isinstance(value.get(other), list))]
    lengths = {other: len(value[other]) for other in lists}
    if len(set(lengths.values())) == 1:
        return None
    counted = ", ".join(f"{other} has {n}" for other, n in lengths.items())
    reason = f"the lists of {shorten(name)} differ in length ({counted}); which belongs to which?"
    return "unequal_lists", reason


def _country(value: Any) -> str | None:
    """Give a country as written; what a program writes for nothing is missing."""
    if not isinstance(value, str) or not value.strip() or NOTHING.fullmatch(value.strip()):
        return None
    return value.replace("_", " ").strip()


def _coordinates(name: str, value: Any, entries: Collector) -> dict[str, float]:
    if value is None or value == "":
        return {}
    found = read_coordinates(value)
    if found is None:
        message = f"{shorten(name)}: {shorten(_text(value))} has not exactly one reading as degrees"
        entries.warn("coordinates_unread", message, column="latitude_a", value=_text(value))
        return {}
    return {"latitude_a": found[0], "longitude_a": found[1]}


def _warn_city_state(name: str, country: str | None, entries: Collector) -> None:
    if country is None and country_code(name) in CITY_TOO:
        message = f"{shorten(name)} is a country and a city; it was taken as the city"
        entries.warn("city_or_country", message, value=name)


def _at(values: Any, number: int) -> Any:
    return values[number] if isinstance(values, list) and number < len(values) else None


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False)
    except (RecursionError, ValueError):
        return "(nested too deeply)"
