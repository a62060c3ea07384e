"""Answers to SPARQL queries on Wikidata, as JSON: a row is a solution of the query.

Read are the form of the W3C (``{"head": ..., "results": {"bindings": [...]}}``), and the two forms
that the query service's own page saves: a list of objects with plain values, or with values
that name their type.

**Variables.** Everybody names them as they like. Known are those of the query in this package and
the usual ones: ``item`` or ``city`` for one side, ``sistercity``, ``twin`` or ``partner`` for the
other, each with an ending such as ``Label``, ``CountryLabel`` or ``Coord``. Case, hyphens and low
lines do not matter. A variable that might belong to either side (``country``) is not guessed: like
every unknown one it goes into the note.

**Repeats.** A query gives one row more for each further country, coordinate, reference or date of a
statement. Rows of one *statement* (the variable ``statement``) become one entry, the first; the
others are rejected as ``repeated``, with the first one named and what they add kept in it. Where
the query did not ask for the statement, rows with the same two items and the same dates count as
one. Rows without items are one only if they are the same in every value.

- **Rank.** Rows of deprecated statements are rejected, where the query asked for the rank.
- **Dates.** The start is the founding and the end the end; see `ties.importers.wikidata.times` for
  what is made of a date without a precision. A point in time goes into the note.
- **Values that differ** between the rows of a statement: references are put together; of dates and
  countries none is picked; of names and coordinates the first counts and the note has the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from ties.errors import UnreadableError
from ties.importers.wikidata import times
from ties.importers.wikidata.collector import NO_VALUE, UNKNOWN_VALUE, Side, Tie, TieCollector
from ties.importers.wikidata.documents import shown
from ties.importers.wikidata.entities import degrees, item_id

_SIDES: Final = {
    "a": "item city town place municipality origin origincity "
    "itema citya placea item1 city1 place1",
    "b": "partner partnercity sistercity sister twin twincity twintown twinned twinnedcity "
    "destination destinationcity itemb cityb placeb item2 city2 place2",
}
# Endings of a side's variables by what they say of it; the bare variable is the item.
_PARTS: Final = {
    "name": "label name",
    "country": "country",
    "country_name": "countrylabel countryname",
    "country_code": "countrycode iso iso2",
    "region": "region admin",
    "region_name": "regionlabel adminlabel",
    "level_name": "typelabel instancelabel",
    "point": "coordinates coordinate coords coord location geo point",
    "latitude": "latitude lat",
    "longitude": "longitude long lon lng",
}
_TIE: Final = {
    "statement": "statement stmt",
    "rank": "rank statementrank",
    "reference_url": "referenceurl refurl reference",
    "stated_in": "statedin",
    "stated_in_name": "statedinlabel",
    "retrieved": "retrieved",
    "end_cause": "endcause",
    "end_cause_name": "endcauselabel",
}
_DATES: Final = {
    "start": "start starttime startdate since begin founded",
    "end": "end endtime enddate until ended",
    "point_in_time": "pointintime",
}
_DATE_PARTS: Final = {
    "": "",
    "_precision": "precision",
    "_calendar": "calendar",
    "_unknown": "unknown",
    "_none": "none",
}
_STATEMENT: Final = re.compile(r"https?://\S+/entity/statement/([QPLqpl]\d+)-(\S+)")
# A blank node: of today's service, of the standard, and of the service before 2021.
_UNKNOWN: Final = re.compile(r"https?://\S+/\.well-known/genid/\S+|_:.*|t\d+", re.DOTALL)
_POINT: Final = re.compile(
    r"(?:<\S+/(?P<globe>Q\d+)>\s*)?Point\(\s*(?P<east>\S+)\s+(?P<north>\S+)\s*\)", re.I
)
_MAX_SEARCHED: Final = 500  # characters; a longer text is no address and no point
_MAX_NAMED: Final = 20


def _known() -> dict[str, str]:
    """Role of each known variable, written small and without low lines."""
    known = {word: role for role, words in _TIE.items() for word in words.split()}
    for side, places in _SIDES.items():
        for place in places.split():
            known[place] = f"item_{side}"
            for part, endings in _PARTS.items():
                known |= {place + end: f"{part}_{side}" for end in endings.split()}
    for date, starts in _DATES.items():
        for part, end in _DATE_PARTS.items():
            known |= {start + end: date + part for start in starts.split()}
    return known


KNOWN: Final = _known()


class _Solution(NamedTuple):
    """One row of an answer: where it stood, and its values by role, or by variable if unknown."""

    row: int
    file: str
    locator: str
    given: dict[str, str]
    other: dict[str, str]
    entry: Any


@dataclass
class AnswerReader:
    """Answers of one or several files, the pages of one answer: their rows are numbered on."""

    entries: TieCollector
    _groups: dict[tuple[str, ...], list[_Solution]] = field(default_factory=dict)

    def read(self, path: Path, answer: Any) -> None:
        """Keep the solutions that name two places; the others are rejected.

        Raises
        ------
        UnreadableError
            If it is no answer to a query, or its variables do not name two places.
        """
        found, entries = solutions(answer), self.entries
        if found is None:
            raise UnreadableError(f"{path} {_why_none(answer)}")
        roles = _roles_of(path, answer, found)
        where = "$.results.bindings" if isinstance(answer, dict) else "$"
        for at, entry in enumerate(found):
            solution = _solution(entry, roles, entries, f"{where}[{at}]")
            fault = _fault(solution)
            if fault:
                entries.reject(solution.row, solution.locator, *fault, shown(entry))
            else:
                self._groups.setdefault(_key(solution), []).append(solution)
            entries.n_rows += 1

    def finish(self) -> None:
        """Make one entry of the rows of each statement; reject those after the first."""
        for rows in self._groups.values():
            first = rows[0]
            self.entries.take(_tie(first, rows))
            for row in rows[1:]:
                reason = f"repeats row {first.row} of {first.file} ({first.locator}); "
                where = (row.row, row.locator, "repeated", reason + _added(first, row))
                self.entries.reject(*where, shown(row.entry), file=row.file)


def is_answer(value: object) -> bool:
    """Whether a JSON value has the form of an answer to a query."""
    if isinstance(value, list):
        objects = [one for one in value if isinstance(one, dict)]
        return bool(objects) and not any({"claims", "labels"} & one.keys() for one in objects)
    return isinstance(value, dict) and ("results" in value or "boolean" in value)


def solutions(answer: object) -> list[Any] | None:
    """Rows of an answer as they are, or nothing if it is none."""
    found = answer
    if isinstance(answer, dict):
        results = answer.get("results")
        found = results.get("bindings") if isinstance(results, dict) else None
    return found if isinstance(found, list) else None


def _why_none(answer: Any) -> str:
    if "boolean" in answer:
        return "answers yes or no (ASK); write the query with SELECT"
    return "is no answer to a query (no results.bindings); save the answer as JSON"


def _roles_of(path: Path, answer: Any, found: list[Any]) -> dict[str, str]:
    """What each variable of an answer stands for; of several for the same the first counts."""
    head = answer.get("head") if isinstance(answer, dict) else None
    listed = head.get("vars") if isinstance(head, dict) else None
    names = [name for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
    names += [name for one in found if isinstance(one, dict) for name in one]
    roles: dict[str, str] = {}
    for name in dict.fromkeys(names):
        role = KNOWN.get(name.lower().replace("_", "").replace("-", ""))
        if role is not None and role not in roles.values():
            roles[name] = role
    given = set(roles.values())
    if found and not all({f"item_{side}", f"name_{side}"} & given for side in "ab"):
        variables = ", ".join(list(dict.fromkeys(names))[:_MAX_NAMED]) or "none"
        raise UnreadableError(
            f"{path} does not name two places; its variables are {variables}. "
            "Call one side ?item and ?itemLabel, the other ?partner and ?partnerLabel"
        )
    return roles


def _solution(entry: Any, roles: Mapping[str, str], entries: TieCollector, place: str) -> _Solution:
    given: dict[str, str] = {}
    other: dict[str, str] = {}
    for variable, cell in (entry if isinstance(entry, dict) else {}).items():
        if text := _text(cell):
            is_known = variable in roles
            (given if is_known else other)[roles[variable] if is_known else variable] = text
    locator = _statement_id(given.get("statement", "")) or place
    return _Solution(entries.n_rows, entries.file, locator, given, other, entry)


def _text(cell: Any) -> str:
    """Value of a cell as text, whether it names its type or not."""
    value = cell
    if isinstance(cell, dict) and "value" in cell:
        value = cell["value"]
        if cell.get("type") == "bnode":
            return f"_:{value}"
    if isinstance(value, str):
        return value.strip()
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else shown(value)


def _statement_id(address: str) -> str | None:
    """Id of a statement from its address, in which a hyphen stands for the ``$``."""
    found = _STATEMENT.fullmatch(address) if len(address) <= _MAX_SEARCHED else None
    return f"{found[1]}${found[2]}" if found else None


def _is_unknown(text: str) -> bool:
    """Whether a value stands for something that nobody knows."""
    return _UNKNOWN.fullmatch(text) is not None


def _fault(solution: _Solution) -> tuple[str, str] | None:
    """Rule and the reason why a solution is no tie, or nothing."""
    given = solution.given
    if not isinstance(solution.entry, dict):
        return "malformed", "is no solution: an object of variables is expected"
    if given.get("rank", "").endswith("DeprecatedRank"):
        return "deprecated", "Wikidata keeps this statement as a wrong one (deprecated rank)"
    for side in "ab":
        item = given.get(f"item_{side}", "")
        if _is_unknown(item):
            reason = f"place {side} is unknown; name it on Wikidata, or leave it out"
            return "unknown_value", reason
        if not item and f"name_{side}" not in given:
            return "no_place", f"place {side} has neither an item nor a name; complete the row"
    return None


def _key(row: _Solution) -> tuple[str, ...]:
    """What tells one tie of an answer from another."""
    given = row.given
    if "statement" in given:
        return ("statement", given["statement"])
    items = [_own_id(given.get(f"item_{side}", "")) for side in "ab"]
    if all(items):
        dates = [given.get(date, "") for date in _DATES]
        return ("items", *map(str, items), *dates)
    everything = sorted((given | row.other).items())
    return ("values", *(part for pair in everything for part in pair))


def _added(first: _Solution, row: _Solution) -> str:
    was, now = first.given | first.other, row.given | row.other
    differing = [name for name in now if was.get(name) != now[name]]
    if not differing:
        return "nothing differs"
    return f"what differs is kept there ({', '.join(differing)})"


def _tie(first: _Solution, rows: list[_Solution]) -> Tie:
    ranks = [text.rpartition("#")[2].removesuffix("Rank").lower() for text in _all(rows, "rank")]
    causes = _all(rows, "end_cause_name") or _all(rows, "end_cause")
    notes = [("rank", ranks)]
    for date in ("start", "end"):
        notes.append((date, [NO_VALUE] if "true" in _all(rows, f"{date}_none") else []))
    notes.append(("end cause", [item_id(one) or one for one in causes]))
    for name in dict.fromkeys(name for row in rows for name in row.other):
        notes.append((name, [row.other[name] for row in rows if name in row.other]))
    return Tie(
        *(first.row, first.file, first.locator),
        sides=(_side(rows, "a"), _side(rows, "b")),
        founded=list(_moments(rows, "start")),
        ended=list(_moments(rows, "end")),
        stood=list(_moments(rows, "point_in_time")),
        notes=notes,
        references=[_reference(row.given) for row in rows],
    )


def _all(rows: Iterable[_Solution], role: str) -> list[str]:
    """Distinct values of a role."""
    return list(dict.fromkeys(row.given[role] for row in rows if role in row.given))


def _own_id(item: str) -> str | None:
    """Id that a source has for a place: of Wikidata, or an address elsewhere."""
    return item_id(item) or (item if item.startswith(("http://", "https://")) else None)


def _side(rows: list[_Solution], side: str) -> Side:
    items = _all(rows, f"item_{side}")
    # A variable such as ?city may hold the name itself.
    names = _all(rows, f"name_{side}") + [item for item in items if _own_id(item) is None]
    points = dict(point for row in rows for point in _points(row.given, side))
    return Side(
        _own_id(items[0]) if items else None,
        names,
        _countries(rows, side),
        points=list(dict.fromkeys(point for point in points.values() if point)),
        unread=[text for text, point in points.items() if point is None],
        regions=_all(rows, f"region_name_{side}") or _all(rows, f"region_{side}"),
        levels=_all(rows, f"level_name_{side}"),
    )


def _countries(rows: Iterable[_Solution], side: str) -> dict[str, str]:
    """Countries of a side: what tells them apart, and their code or name."""
    found: dict[str, str] = {}
    for row in rows:
        item, name, code = (
            row.given.get(f"country{part}_{side}") for part in ("", "_name", "_code")
        )
        short = (item_id(item) or item) if item else None
        written = code or name or short
        if written:
            found.setdefault(short or written, written)
    return found


def _points(
    given: Mapping[str, str], side: str
) -> Iterator[tuple[str, tuple[float, float] | None]]:
    """Coordinates of a side as written, each with the point on Earth that it is, if it is one."""
    text = given.get(f"point_{side}")
    if text:
        # The service writes longitude first.
        found = _POINT.fullmatch(text) if len(text) <= _MAX_SEARCHED else None
        is_earth = found is not None and (found["globe"] or "Q2").upper() == "Q2"
        yield text, degrees(found["north"], found["east"]) if found and is_earth else None
    apart = [given.get(f"{part}_{side}") for part in ("latitude", "longitude")]
    if any(apart):
        yield " ".join(filter(None, apart)), degrees(*apart)


def _moments(rows: Iterable[_Solution], role: str) -> Iterator[times.Moment]:
    for row in rows:
        text = row.given.get(role)
        if row.given.get(f"{role}_unknown") or (text and _is_unknown(text)):
            yield times.Moment(None, UNKNOWN_VALUE)
        if text and not _is_unknown(text):
            precision = times.whole_number(row.given.get(f"{role}_precision"))
            yield times.read_literal(text, precision, row.given.get(f"{role}_calendar"))


def _reference(given: Mapping[str, str]) -> str:
    stated = given.get("stated_in_name") or given.get("stated_in")
    parts = [given.get("reference_url")]
    parts += [f"stated in {item_id(stated) or stated}"] if stated else []
    if "retrieved" in given:
        parts.append(f"retrieved {given['retrieved'].partition('T')[0]}")
    return ", ".join(part for part in parts if part)
