"""Entities of Wikidata and what they claim, read from JSON that may hold anything.

A *statement* has a main value, a rank, qualifiers and references. Each of these is built of
*snaks*: a property with a value, with some value that nobody knows, or with the word that there
is none (Wikibase, *JSON* data model). Entity ids are ``Q64``, however they are written.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from ties.importers.wikidata import times
from ties.importers.wikidata.documents import clean

VALUE, SOME_VALUE, NO_VALUE, MALFORMED = "value", "somevalue", "novalue", "malformed"
# In the words of Wikidata's own pages.
WORDS: Final = {SOME_VALUE: "unknown value", NO_VALUE: "no value", MALFORMED: "malformed value"}

TWINNED: Final = "P190"
COUNTRY: Final = "P17"
COORDINATES: Final = "P625"
START, END, POINT_IN_TIME, END_CAUSE = "P580", "P582", "P585", "P1534"

_EARTH: Final = "Q2"
_ITEM: Final = re.compile(
    r"(?:https?://(?:www\.)?wikidata\.org/(?:entity|wiki)/)?(Q\d{1,15})", re.I
)
_REFERENCE_PARTS: Final = ("P854", "P248", "P143", "P4656", "P1476", "P813")
_SHOWN_AS: Final = {"P248": "stated in ", "P143": "imported from "}

Labels = Mapping[str, str]


class Snak(NamedTuple):
    """One value of a property."""

    kind: str
    value: Any = None


@dataclass(frozen=True)
class Place:
    """What an entity says of itself, as far as it helps to tell which place it is."""

    id: str
    name: str | None
    countries: tuple[str, ...]
    coordinates: tuple[tuple[float, float], ...]


def item_id(text: object) -> str | None:
    """Id of an item, written as an id or as an address.

    Examples
    --------
    >>> item_id("http://www.wikidata.org/entity/Q64"), item_id("Q64"), item_id("Berlin")
    ('Q64', 'Q64', None)
    """
    found = _ITEM.fullmatch(text.strip()) if isinstance(text, str) else None
    return found[1].upper() if found else None


def read_place(entity: Mapping[str, Any], entity_id: str, languages: Sequence[str]) -> Place:
    """An entity's name, countries and coordinates, those of the best rank only."""
    return Place(
        id=entity_id,
        name=label(entity.get("labels"), languages),
        countries=tuple(dict.fromkeys(_countries(entity))),
        coordinates=tuple(dict.fromkeys(_coordinates(entity))),
    )


def label(labels: object, languages: Sequence[str]) -> str | None:
    """A name in the first of some languages that has one, else in any.

    Among languages that were not asked for the first by its code counts, so that the answer
    does not hang on the order of the file.

    Examples
    --------
    >>> label({"sv": {"value": "Åbo"}, "fi": {"value": "Turku"}}, ["en", "mul"])
    'Turku'
    """
    if not isinstance(labels, dict):
        return None
    names = {code: _monolingual(text) for code, text in labels.items()}
    named = {code: name for code, name in names.items() if name}
    order = [code for code in languages if code in named] or sorted(named)
    return named[order[0]] if order else None


def statements(entity: Mapping[str, Any], property_id: str) -> list[Any]:
    """Statements of a property; one that is no list counts as a single one."""
    claims = entity.get("claims")
    found = claims.get(property_id) if isinstance(claims, dict) else None
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def snak(value: object) -> Snak:
    """Read one snak."""
    if not isinstance(value, dict) or value.get("snaktype") not in (VALUE, SOME_VALUE, NO_VALUE):
        return Snak(MALFORMED)
    if value["snaktype"] != VALUE:
        return Snak(value["snaktype"])
    data = value.get("datavalue")
    if not isinstance(data, dict) or data.get("value") is None:
        return Snak(MALFORMED)
    return Snak(VALUE, data["value"])


def qualifiers(statement: Mapping[str, Any]) -> dict[str, list[Snak]]:
    """Qualifiers of a statement by their property."""
    return _snaks(statement.get("qualifiers"))


def item_of(value: object) -> str | None:
    """Item that a value names; old exports give its number only."""
    if not isinstance(value, dict):
        return None
    number = value.get("numeric-id")
    is_item = value.get("entity-type", "item") == "item" and times.whole_number(number) is not None
    return item_id(value.get("id")) or (item_id(f"Q{number}") if is_item else None)


def text_of(found: Snak, labels: Labels) -> str:
    """Write any value as text: an item by its label where that is known, else by its id."""
    if found.kind != VALUE:
        return WORDS[found.kind]
    value = found.value
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        if item := item_of(value):
            return labels.get(item, item)
        if "time" in value:
            moment = times.read_value(value)
            return clean(moment.edtf or moment.text)
        for part in ("text", "amount", "id"):
            if isinstance(value.get(part), str):
                return clean(value[part])
    return WORDS[MALFORMED]


def reference_text(statement: Mapping[str, Any], labels: Labels) -> str | None:
    """What a statement cites, references parted by a bar.

    Examples
    --------
    >>> cited = {"P854": [{"snaktype": "value", "datavalue": {"value": "https://example.org"}}]}
    >>> reference_text({"references": [{"snaks": cited}]}, {})
    'https://example.org'
    """
    references = statement.get("references")
    texts = [
        _reference(_snaks(reference.get("snaks")), labels)
        for reference in (references if isinstance(references, list) else [])
        if isinstance(reference, dict)
    ]
    return " | ".join(dict.fromkeys(text for text in texts if text)) or None


def _reference(parts: Mapping[str, list[Snak]], labels: Labels) -> str:
    texts = []
    known = [name for name in _REFERENCE_PARTS if name in parts]
    for name in [*known, *(name for name in parts if name not in known)]:
        given = ", ".join(text_of(one, labels) for one in parts[name])
        if name == "P813":
            texts.append(f"retrieved {given}")
        elif name in known:
            texts.append(_SHOWN_AS.get(name, "") + given)
        else:
            texts.append(f"{clean(name)}: {given}")
    return ", ".join(texts)


def _snaks(value: object) -> dict[str, list[Snak]]:
    if not isinstance(value, dict):
        return {}
    return {
        name: [snak(one) for one in (found if isinstance(found, list) else [found])]
        for name, found in value.items()
    }


def _best(entity: Mapping[str, Any], property_id: str) -> Iterator[Mapping[str, Any]]:
    """Statements that hold best: the preferred ones, or else the normal ones."""
    found = [one for one in statements(entity, property_id) if isinstance(one, dict)]
    ranked = [one for one in found if one.get("rank") == "preferred"]
    yield from ranked or (one for one in found if one.get("rank") != "deprecated")


def _countries(entity: Mapping[str, Any]) -> Iterator[str]:
    """Countries that an entity lies in today: an ended one is left out."""
    for statement in _best(entity, COUNTRY):
        country = item_of(snak(statement.get("mainsnak")).value)
        ends = qualifiers(statement).get(END, [])
        if country and all(one.kind == NO_VALUE for one in ends):
            yield country


def _coordinates(entity: Mapping[str, Any]) -> Iterator[tuple[float, float]]:
    for statement in _best(entity, COORDINATES):
        value = snak(statement.get("mainsnak")).value
        if not isinstance(value, dict):
            continue
        globe = value.get("globe")
        point = degrees(value.get("latitude"), value.get("longitude"))
        if point and (globe is None or item_id(globe) == _EARTH):
            yield point


def degrees(latitude: object, longitude: object) -> tuple[float, float] | None:
    """A point on Earth, if two values are one; never a value out of bounds."""
    try:
        point = float(latitude), float(longitude)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    if isinstance(latitude, bool) or isinstance(longitude, bool):
        return None
    is_point = all(map(math.isfinite, point)) and abs(point[0]) <= 90 and abs(point[1]) <= 180
    return point if is_point else None


def _monolingual(text: object) -> str | None:
    value = text.get("value") if isinstance(text, dict) else text
    return clean(value).strip() or None if isinstance(value, str) else None
