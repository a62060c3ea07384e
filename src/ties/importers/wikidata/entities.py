"""Entities of Wikidata as JSON: the ties that an item states, each with its dates and sources.

Read are the answers of Special:EntityData and of the API (``{"entities": {...}}``), a single
entity, a list of them, and the lines of a dump, each also packed with gzip or bzip2.

One statement of the property *twinned administrative body* (P190) is one entry, and says what
its own item says: the reverse, on the partner's item, is a statement of its own. A row of the
input is an entity.

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

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ties.errors import UnreadableError
from ties.importers.statements import MAX_BYTES, Reading
from ties.importers.wikidata import claims, times
from ties.importers.wikidata.claims import (
    END,
    END_CAUSE,
    NO_VALUE,
    POINT_IN_TIME,
    SOME_VALUE,
    START,
    TWINNED,
    VALUE,
    WORDS,
    Place,
    Snak,
)
from ties.importers.wikidata.collecting import KIND, WikidataCollector
from ties.importers.wikidata.documents import Line, clean, read_lines, shown

# The most wanted first; ``mul`` is Wikidata's code for a name that many languages share.
LANGUAGES: Final = ("en", "mul")

_CIRCUMSTANCES, _CIRCA = "P1480", "Q5727902"
_NAMED: Final = {
    END_CAUSE: "end cause",
    POINT_IN_TIME: "point in time",
    _CIRCUMSTANCES: "sourcing circumstances",
    START: "start",
    END: "end",
}
_RANKS: Final = ("preferred", "normal")


@dataclass
class _Entity:
    """An entity as far as it is kept: a dump holds far more of each."""

    row: int
    place_id: str
    ties: list[Any]


@dataclass
class _File(WikidataCollector):
    """What has been read of one file."""

    languages: Sequence[str] = LANGUAGES
    entities: list[_Entity] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)


def read_entities(
    path: str | Path, *, languages: Sequence[str] = LANGUAGES, max_bytes: int = MAX_BYTES
) -> Reading:
    """Read the ties that entities of Wikidata state.

    Parameters
    ----------
    path
        A JSON file in one of the forms named above.
    languages
        Codes of the languages to take names in, the most wanted first.
    max_bytes
        The largest file read, unpacked.

    Returns
    -------
    Reading
        A row of the input is an entity. An entity without a tie is a rejected entry (``no_tie``).
        ``locator`` is the statement's own id, such as ``Q3955$f5bc4a76-…``.

    Raises
    ------
    UnreadableError
        If the file cannot be read, is too large, is no JSON, or holds no entity at all.

    Examples
    --------
    >>> import json, pathlib, tempfile
    >>> tie = {"snaktype": "value", "datavalue": {"value": {"id": "Q160927"}}}
    >>> claims = {"P190": [{"mainsnak": tie, "rank": "normal", "id": "Q3955$f5bc"}]}
    >>> weimar = {"id": "Q3955", "labels": {"en": {"value": "Weimar"}}, "claims": claims}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "Q3955.json"
    ...     _ = path.write_text(json.dumps({"entities": {"Q3955": weimar}}))
    ...     reading = read_entities(path)
    >>> reading.statements[["locator", "name_a", "name_b"]]
           locator  name_a   name_b
    0  Q3955$f5bc  Weimar  Q160927
    """
    return read_entity_lines(read_lines(path, max_bytes), Path(path), languages)


def read_entity_lines(
    lines: Iterable[Line], path: Path, languages: Sequence[str] = LANGUAGES
) -> Reading:
    """Read the ties that entities state, from documents that were already parsed."""
    file = _File(clean(path.name), languages=languages)
    if not sum(_collect(file, line) for line in lines):
        raise UnreadableError(
            f"{path} holds no entity of Wikidata (an object with 'id' and 'claims'); "
            "save Special:EntityData/Q64.json, or lines of a dump"
        )
    # Labels may stand anywhere in the file, so statements wait until all of it was seen.
    for entity in file.entities:
        for at, statement in enumerate(entity.ties):
            _read_statement(file, entity, at, statement)
    return file.finished()


def is_entity(value: object) -> bool:
    """Whether a JSON value has the form of an entity."""
    if not isinstance(value, dict):
        return False
    return "claims" in value or ("id" in value and bool({"missing", "labels"} & value.keys()))


def _collect(file: _File, line: Line) -> int:
    """Keep what is needed of the entities of a line; give how many there were."""
    if line.error is not None:
        reason = f"line {line.number} {line.error}; save it again"
        file.reject(file.n_rows, f"line {line.number}", "not_json", reason, line.text)
        file.n_rows += 1
        return 0
    n_entities = 0
    for locator, value in _parts(line):
        _keep(file, locator, value)
        file.n_rows += 1
        n_entities += is_entity(value)
    return n_entities


def _parts(line: Line) -> Iterator[tuple[str, Any]]:
    """Entities of a document, with where each stands."""
    value = line.value
    held = value.get("entities") if isinstance(value, dict) else None
    if isinstance(held, dict):
        yield from ((f"$.entities.{clean(key)}", one) for key, one in held.items())
    elif isinstance(held, list):
        yield from ((f"$.entities[{at}]", one) for at, one in enumerate(held))
    elif isinstance(value, list):
        yield from ((f"$[{at}]", one) for at, one in enumerate(value))
    else:
        yield f"line {line.number}", value


def _keep(file: _File, locator: str, value: Any) -> None:
    row = file.n_rows
    if not is_entity(value):
        reason = "is no entity: an object with 'id' and 'claims' is expected"
        return file.reject(row, locator, "malformed", reason, shown(value))
    if "missing" in value:
        reason = "Wikidata has no such entity; it may have been merged or deleted"
        return file.reject(row, locator, "missing_entity", reason, shown(value))
    entity_id, own_id = claims.item_id(value.get("id")), shown(value.get("id"))
    if entity_id is None:
        reason = f"{own_id} is no item (Q and a number); only items state ties"
        return file.reject(row, locator, "not_an_item", reason, own_id)
    place = file.places.setdefault(entity_id, claims.read_place(value, entity_id, file.languages))
    if place.name:
        file.labels[entity_id] = place.name
    ties = claims.statements(value, TWINNED)
    if not ties:
        reason = f"the item states no tie (it has no {TWINNED})"
        return file.reject(row, locator, "no_tie", reason, f"{entity_id} {place.name or ''}")
    return file.entities.append(_Entity(row, entity_id, ties))


def _read_statement(file: _File, entity: _Entity, at: int, statement: Any) -> None:
    parts = statement if isinstance(statement, dict) else {}
    own_id, main = parts.get("id"), claims.snak(parts.get("mainsnak"))
    partner = claims.item_of(main.value)
    locator = f"{entity.place_id} {TWINNED}[{at}]"
    if isinstance(own_id, str) and own_id.strip():
        locator = clean(own_id.strip())
        if locator in file.seen:
            reason = f"was read before: statement {locator} of row {file.seen[locator]}"
            return file.reject(entity.row, locator, "repeated", reason, shown(statement))
        file.seen[locator] = entity.row
    refusal = _refusal(parts, main, partner)
    if refusal or partner is None:
        return file.reject(entity.row, locator, *(refusal or _NO_PARTNER), shown(statement))
    qualifiers = claims.qualifiers(parts)
    columns_a, notes_a = _side(file, "a", entity.place_id, locator)
    columns_b, notes_b = _side(file, "b", partner, locator)
    rank = parts.get("rank")
    notes = [f"rank: {rank}"] if rank in _RANKS else []
    notes += _notes(file, qualifiers) + notes_a + notes_b
    return file.accept(
        entity.row,
        locator,
        kind=KIND,
        **columns_a,
        **columns_b,
        **_dates(file, locator, qualifiers),
        note="; ".join(notes),
        reference=claims.reference_text(parts, file.labels),
    )


_NO_PARTNER: Final = ("malformed", "the statement names no item as partner")


def _refusal(
    statement: Mapping[str, Any], main: Snak, partner: str | None
) -> tuple[str, str] | None:
    """Rule and the reason why a statement names no tie, or nothing."""
    if statement.get("rank") == "deprecated":
        return "deprecated", "Wikidata keeps this statement as a wrong one (deprecated rank)"
    if main.kind == NO_VALUE:
        return "no_value", "the item is said to have no twin; that is no tie"
    if main.kind == SOME_VALUE:
        return "unknown_value", "the partner is unknown; name it on Wikidata, or leave it out"
    return None if main.kind == VALUE and partner else _NO_PARTNER


def _side(file: _File, side: str, place_id: str, locator: str) -> tuple[dict[str, Any], list[str]]:
    place = file.places.get(place_id, Place(place_id, None, (), ()))
    countries = {country: file.labels.get(country, country) for country in place.countries}
    return file.place(side, locator, place_id, place.name, countries, place.coordinates)


def _dates(file: _File, locator: str, qualifiers: Mapping[str, list[Snak]]) -> dict[str, Any]:
    is_circa = any(
        claims.item_of(one.value) == _CIRCA for one in qualifiers.get(_CIRCUMSTANCES, [])
    )
    cells: dict[str, Any] = {}
    for column, name in (("founded", START), ("ended", END)):
        moments = [_moment(one) for one in qualifiers.get(name, []) if one.kind != NO_VALUE]
        if is_circa:
            moments = [times.approximate(moment) for moment in moments]
        cells |= file.dates(moments, locator, column)
    if POINT_IN_TIME in qualifiers and START not in qualifiers:
        message = f"{locator}: has a point in time (P585) and no start; it is not read as founding"
        file.warn("point_in_time", message, column="note")
    return cells


def _moment(one: Snak) -> times.Moment:
    if one.kind == VALUE:
        return times.read_value(one.value)
    if one.kind == SOME_VALUE:
        return times.Moment(None, WORDS[SOME_VALUE])
    return times.Moment(None, WORDS[one.kind], (("date_unread", "is not built as a date"),))


def _notes(file: _File, qualifiers: Mapping[str, list[Snak]]) -> list[str]:
    """Write out the qualifiers, but for the dates that have columns of their own."""
    notes = []
    for name, found in qualifiers.items():
        rest = [one for one in found if name not in (START, END) or one.kind == NO_VALUE]
        texts = [claims.text_of(one, file.labels) for one in rest]
        if texts:
            notes.append(f"{_NAMED.get(name, clean(name))}: {', '.join(dict.fromkeys(texts))}")
    return notes
