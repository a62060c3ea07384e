"""Entities of Wikidata as JSON: the ties that an item states, each with its dates and sources.

Read are the answers of Special:EntityData and of the API (``{"entities": {...}}``), a single
entity, a list of them, and the lines of a dump.

One *statement* of the property *twinned administrative body* (P190) is one entry, and says what
its own item says: the reverse, on the partner's item, is a statement of its own. A statement has a
main value, a rank, qualifiers and references, each built of *snaks*: a property with a value, with
some value that nobody knows, or with the word that there is none (Wikibase, *JSON* data model). A
row of the input is an entity.

- **Rank.** A deprecated statement is one that Wikidata holds to be wrong (not one that has ended):
  it is rejected. Preferred and normal ones are both read; the rank is in the note.
- **Dates.** The start (P580) is the founding and the end (P582) the end; see
  `ties.importers.wikidata.times`. A *point in time* (P585) says when the tie stood, not when it
  was made: it goes into the note with a warning. "Unknown value" as an end means that the tie
  ended: the text says so, and no date is made up. "No value" as an end means that it goes on.
- **Circa.** Where a statement is qualified as circa (P1480: Q5727902), its dates are marked ``~``.
- **Note.** The rank, the end cause (P1534) and every other qualifier.
- **Names.** In the first of the languages asked for, else in any. Where the input holds no label,
  as is usual for the partner, the id stands for the name.
- **Places.** The country is the one of best rank that has not ended. Where there are several, the
  country is missing and the note names them. Of several coordinates the first is taken.
- **Repeats.** A statement whose id was already read is rejected, and the first one named.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from ties.importers.wikidata import times
from ties.importers.wikidata.collector import (
    MALFORMED,
    NO_VALUE,
    UNKNOWN_VALUE,
    Notes,
    Side,
    Tie,
    TieCollector,
)
from ties.importers.wikidata.documents import Line, shown

# The most wanted first; ``mul`` is Wikidata's code for a name that many languages share.
LANGUAGES: Final = ("en", "mul")

TWINNED, _COUNTRY, _COORDINATES = "P190", "P17", "P625"
_START, _END, _POINT_IN_TIME, _CIRCUMSTANCES = "P580", "P582", "P585", "P1480"
_EARTH, _CIRCA = "Q2", "Q5727902"
_ITEM: Final = re.compile(
    r"(?:https?://(?:www\.)?wikidata\.org/(?:entity|wiki)/)?(Q\d{1,15})", re.I
)
# What a qualifier, or a part of a reference in this order, is called; others by their property.
_QUALIFIERS: Final = {
    _START: "start",
    _END: "end",
    "P1534": "end cause",
    _CIRCUMSTANCES: "sourcing circumstances",
}
_REFERENCE: Final = {
    "P854": "",
    "P248": "stated in ",
    "P143": "imported from ",
    "P4656": "",
    "P1476": "",
    "P813": "retrieved ",
}
_NO_PARTNER: Final = ("malformed", "the statement names no item as partner")
_Fault = tuple[str, str]


class _Snak(NamedTuple):
    """One value of a property, or the words that stand for it where it has none."""

    value: Any
    words: str = ""


class _Place(NamedTuple):
    """What an entity says of itself, as far as it helps to tell which place it is."""

    name: str | None = None
    countries: tuple[str, ...] = ()
    points: tuple[tuple[float, float], ...] = ()


class _Entity(NamedTuple):
    """An entity as far as it is kept: a dump holds far more of each."""

    row: int
    file: str
    id: str
    statements: list[Any]


@dataclass
class EntityReader:
    """Entities of one or several files: labels may stand anywhere, so their ties wait for all."""

    entries: TieCollector
    languages: Sequence[str] = LANGUAGES
    _waiting: list[_Entity] = field(default_factory=list)
    _places: dict[str, _Place] = field(default_factory=dict)
    _labels: dict[str, str] = field(default_factory=dict)
    _row_of: dict[str, int] = field(default_factory=dict)  # by statement

    def read(self, lines: Iterable[Line]) -> int:
        """Keep what is needed of the entities of a file; how many there were."""
        n_entities = 0
        for line in lines:
            if line.error is not None:
                reason = f"line {line.number} {line.error}; save it again"
                self._reject(f"line {line.number}", "not_json", reason, line.text)
                continue
            for locator, value in _parts(line):
                n_entities += is_entity(value)
                self._keep(locator, value)
        return n_entities

    def finish(self) -> None:
        """Make entries of the ties of all entities."""
        for entity in self._waiting:
            for at, statement in enumerate(entity.statements):
                self._take(entity, at, statement)

    def _reject(self, locator: str, rule: str, reason: str, text: str) -> None:
        """Set an entity aside, or a line that is none; it is a row."""
        self.entries.reject(self.entries.n_rows, locator, rule, reason, text)
        self.entries.n_rows += 1

    def _keep(self, locator: str, value: Any) -> None:
        if not is_entity(value):
            reason = "is no entity: an object with 'id' and 'claims' is expected"
            return self._reject(locator, "malformed", reason, shown(value))
        if "missing" in value:
            reason = "Wikidata has no such entity; it may have been merged or deleted"
            return self._reject(locator, "missing_entity", reason, shown(value))
        entity_id, own_id = item_id(value.get("id")), shown(value.get("id"))
        if entity_id is None:
            reason = f"{own_id} is no item (Q and a number); only items state ties"
            return self._reject(locator, "not_an_item", reason, own_id)
        place = self._places.setdefault(entity_id, _place(value, self.languages))
        if place.name:
            self._labels[entity_id] = place.name
        statements = _list(_dig(value, "claims", TWINNED))
        if not statements:
            reason = f"the item states no tie (it has no {TWINNED})"
            return self._reject(locator, "no_tie", reason, f"{entity_id} {place.name or ''}")
        entries = self.entries
        self._waiting.append(_Entity(entries.n_rows, entries.file, entity_id, statements))
        entries.n_rows += 1
        return None

    def _take(self, entity: _Entity, at: int, statement: Any) -> None:
        own_id = _dig(statement, "id")
        locator = own_id.strip() if isinstance(own_id, str) else ""
        fault = None
        if locator in self._row_of:
            reason = f"was read before: statement {locator} of row {self._row_of[locator]}"
            fault = ("repeated", reason)
        elif locator:
            self._row_of[locator] = entity.row
        locator = locator or f"{entity.id} {TWINNED}[{at}]"
        main = _snak(_dig(statement, "mainsnak"))
        partner = _item_of(main.value)
        fault = fault or _fault(statement, main, partner)
        if fault or partner is None:
            fault = fault or _NO_PARTNER
            text = shown(statement)
            self.entries.reject(entity.row, locator, *fault, text, file=entity.file)
            return
        qualifiers = _snaks(_dig(statement, "qualifiers"))
        circa = qualifiers.get(_CIRCUMSTANCES, [])
        is_circa = any(_item_of(one.value) == _CIRCA for one in circa)
        tie = Tie(
            *(entity.row, entity.file, locator),
            sides=(self._side(entity.id), self._side(partner)),
            founded=_moments(qualifiers.get(_START, []), is_circa),
            ended=_moments(qualifiers.get(_END, []), is_circa),
            stood=_moments(qualifiers.get(_POINT_IN_TIME, [])),
            notes=self._notes(statement, qualifiers),
            references=[
                self._reference(_snaks(_dig(one, "snaks")))
                for one in _list(_dig(statement, "references"))
            ],
        )
        self.entries.take(tie)

    def _side(self, place_id: str) -> Side:
        place = self._places.get(place_id, _Place())
        names = [place.name] if place.name else []
        countries = {country: self._labels.get(country, country) for country in place.countries}
        return Side(place_id, names, countries, list(place.points))

    def _notes(self, statement: Any, qualifiers: Mapping[str, list[_Snak]]) -> Notes:
        """The rank and the qualifiers, but for the dates that have columns of their own."""
        rank = _dig(statement, "rank")
        notes = [("rank", [rank])] if rank in ("preferred", "normal") else []
        for name, found in qualifiers.items():
            if name in (_START, _END):
                found = [one for one in found if one.words == NO_VALUE]
            if name != _POINT_IN_TIME:
                texts = [self._text(one) for one in found]
                notes.append((_QUALIFIERS.get(name, name), texts))
        return notes

    def _reference(self, parts: Mapping[str, list[_Snak]]) -> str:
        """What a statement cites."""
        known = [name for name in _REFERENCE if name in parts]
        texts = []
        for name in [*known, *(name for name in parts if name not in known)]:
            given = ", ".join(self._text(one) for one in parts[name])
            texts.append(_REFERENCE.get(name, f"{name}: ") + given)
        return ", ".join(texts)

    def _text(self, found: _Snak) -> str:
        """Any value as text: an item by its label where that is known, else by its id."""
        value = found.value
        if found.words or isinstance(value, str):
            return found.words or str(value)
        if item := _item_of(value):
            return self._labels.get(item, item)
        if _dig(value, "time") is not None:
            moment = times.read_value(value)
            return moment.edtf or moment.text
        texts = (_dig(value, part) for part in ("text", "amount", "id"))
        return next((text for text in texts if isinstance(text, str)), MALFORMED)


def item_id(text: object) -> str | None:
    """Id of an item, written as an id or as an address.

    Examples
    --------
    >>> item_id("http://www.wikidata.org/entity/Q64"), item_id("Q64"), item_id("Berlin")
    ('Q64', 'Q64', None)
    """
    found = _ITEM.fullmatch(text.strip()) if isinstance(text, str) else None
    return found[1].upper() if found else None


def is_entity(value: object) -> bool:
    """Whether a JSON value has the form of an entity."""
    if not isinstance(value, dict):
        return False
    return "claims" in value or ("id" in value and bool({"missing", "labels"} & value.keys()))


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


def _parts(line: Line) -> Iterator[tuple[str, Any]]:
    """Entities of a document, with where each stands."""
    value, held = line.value, _dig(line.value, "entities")
    if isinstance(held, dict):
        yield from ((f"$.entities.{key}", one) for key, one in held.items())
    elif isinstance(held, list):
        yield from ((f"$.entities[{at}]", one) for at, one in enumerate(held))
    elif isinstance(value, list):
        yield from ((f"$[{at}]", one) for at, one in enumerate(value))
    else:
        yield f"line {line.number}", value


def _fault(statement: Any, main: _Snak, partner: str | None) -> _Fault | None:
    """Rule and the reason why a statement names no tie, or nothing."""
    if _dig(statement, "rank") == "deprecated":
        return "deprecated", "Wikidata keeps this statement as a wrong one (deprecated rank)"
    if main.words == NO_VALUE:
        return "no_value", "the item is said to have no twin; that is no tie"
    if main.words == UNKNOWN_VALUE:
        return "unknown_value", "the partner is unknown; name it on Wikidata, or leave it out"
    return None if partner else _NO_PARTNER


def _moments(found: Iterable[_Snak], is_circa: bool = False) -> list[times.Moment]:
    moments = []
    for one in found:
        if not one.words:
            moment = times.read_value(one.value)
            moments.append(times.approximate(moment) if is_circa else moment)
        elif one.words != NO_VALUE:
            remarks = (("date_unread", "is not built as a date"),)
            is_known = one.words == UNKNOWN_VALUE
            moments.append(times.Moment(None, one.words, () if is_known else remarks))
    return moments


def _place(entity: Mapping[str, Any], languages: Sequence[str]) -> _Place:
    """An entity's name, countries and coordinates, those of the best rank only."""
    return _Place(
        _label(entity.get("labels"), languages),
        tuple(dict.fromkeys(_countries(entity))),
        tuple(dict.fromkeys(_points(entity))),
    )


def _label(labels: object, languages: Sequence[str]) -> str | None:
    """A name in the first of some languages that has one, else in the first by its code."""
    texts = labels if isinstance(labels, dict) else {}
    given = {code: _dig(text, "value") or text for code, text in texts.items()}
    named = {code: name.strip() for code, name in given.items() if isinstance(name, str)}
    order = [*languages, *sorted(named)]
    return next((named[code] for code in order if named.get(code)), None)


def _countries(entity: Mapping[str, Any]) -> Iterator[str]:
    """Countries that an entity lies in today: an ended one is left out."""
    for statement in _best(entity, _COUNTRY):
        country = _item_of(_snak(statement.get("mainsnak")).value)
        ends = _snaks(statement.get("qualifiers")).get(_END, [])
        if country and all(one.words == NO_VALUE for one in ends):
            yield country


def _points(entity: Mapping[str, Any]) -> Iterator[tuple[float, float]]:
    for statement in _best(entity, _COORDINATES):
        value = _snak(statement.get("mainsnak")).value
        globe = _dig(value, "globe")
        point = degrees(_dig(value, "latitude"), _dig(value, "longitude"))
        if point and (globe is None or item_id(globe) == _EARTH):
            yield point


def _best(entity: Mapping[str, Any], property_id: str) -> Iterator[Mapping[str, Any]]:
    """Statements that hold best: the preferred ones, or else the normal ones."""
    given = _list(_dig(entity, "claims", property_id))
    found = [one for one in given if isinstance(one, dict)]
    ranked = [one for one in found if one.get("rank") == "preferred"]
    yield from ranked or (one for one in found if one.get("rank") != "deprecated")


def _snak(found: object) -> _Snak:
    kind, value = _dig(found, "snaktype"), _dig(found, "datavalue", "value")
    if kind == "value" and value is not None:
        return _Snak(value)
    words = {"somevalue": UNKNOWN_VALUE, "novalue": NO_VALUE}
    return _Snak(None, words.get(kind, MALFORMED) if isinstance(kind, str) else MALFORMED)


def _snaks(found: object) -> dict[str, list[_Snak]]:
    """Snaks by their property."""
    given = found if isinstance(found, dict) else {}
    return {name: [_snak(one) for one in _list(snaks)] for name, snaks in given.items()}


def _item_of(value: object) -> str | None:
    """Item that a value names; old exports give its number only."""
    number = times.whole_number(_dig(value, "numeric-id"))
    is_item = number is not None and _dig(value, "entity-type") in (None, "item")
    return item_id(_dig(value, "id")) or (item_id(f"Q{number}") if is_item else None)


def _list(found: Any) -> list[Any]:
    """What may be a list, a single one of it, or missing."""
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def _dig(value: Any, *keys: str) -> Any:
    """What lies under some keys of objects in one another; nothing where there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value
