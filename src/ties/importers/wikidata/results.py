"""Answers to SPARQL queries on Wikidata, as JSON: a row is a solution of the query.

Read are the form of the W3C (``{"head": ..., "results": {"bindings": [...]}}``), and the two forms
that the query service's own page saves: a list of objects with plain values, or with values
that name their type. Which variable says what: see `ties.importers.wikidata.variables`.

A query gives one row more for each further country, coordinate, reference or date of a statement.
Rows of one *statement* (the variable ``statement``) become one entry, the first; the others are
rejected as ``repeated``, with the first one named and what they add kept in it. Where the query
did not ask for the statement, rows with the same two items and the same dates count as one.
Rows without items are one only if they are the same in every value.

- **Rank.** Rows of deprecated statements are rejected, where the query asked for the rank.
- **Dates.** The start is the founding and the end the end; see `ties.importers.wikidata.times` for
  what is made of a date without a precision. A point in time goes into the note.
- **Values that differ** between the rows of a statement: references are put together; of dates and
  countries none is picked; of names and coordinates the first counts and the note has the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from ties.importers.statements import MAX_BYTES, Reading
from ties.importers.wikidata import times
from ties.importers.wikidata.answers import Solution, is_unknown, read_solutions
from ties.importers.wikidata.claims import SOME_VALUE, WORDS, degrees, item_id
from ties.importers.wikidata.collecting import KIND, WikidataCollector
from ties.importers.wikidata.documents import read_document, shown

_POINT: Final = re.compile(
    r"(?:<\S+/(?P<globe>Q\d+)>\s*)?Point\(\s*(?P<east>\S+)\s+(?P<north>\S+)\s*\)", re.I
)
_MAX_POINT: Final = 200  # characters; a longer text is no point, and costly to search


def read_results(path: str | Path | Sequence[str | Path], *, max_bytes: int = MAX_BYTES) -> Reading:
    """Read the ties that an answer to a query names.

    Parameters
    ----------
    path
        A JSON file, plain or packed; or several, the pages of one answer, whose rows
        are numbered on from one to the next.
    max_bytes
        The largest file read, unpacked.

    Returns
    -------
    Reading
        A row of the input is a solution. ``locator`` is the id of the statement, such as
        ``Q3955$f5bc4a76-…``, or where the query did not ask for it the place in the file.

    Raises
    ------
    UnreadableError
        If a file cannot be read, is too large, is no JSON or no answer to a query, or if its
        variables do not name two places.

    Examples
    --------
    >>> import json, pathlib, tempfile
    >>> wikidata = "http://www.wikidata.org/entity/"
    >>> solution = {"item": wikidata + "Q64", "itemLabel": "Berlin", "sistercity": wikidata + "Q90"}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "query.json"
    ...     _ = path.write_text(json.dumps([solution]))
    ...     reading = read_results(path)
    >>> reading.statements[["locator", "id_a", "name_a", "id_b", "name_b"]]
      locator id_a  name_a id_b name_b
    0    $[0]  Q64  Berlin  Q90    Q90
    """
    paths = [path] if isinstance(path, str | Path) else path
    answers = ((Path(one), read_document(one, max_bytes)) for one in paths)
    return read_answers(answers)


def read_answers(answers: Iterable[tuple[Path, Any]]) -> Reading:
    """Read the ties that answers name, from documents that were already parsed."""
    entries = WikidataCollector()
    groups: dict[tuple[str, ...], list[Solution]] = {}
    for path, answer in answers:
        for row in read_solutions(path, answer, entries):
            groups.setdefault(_key(row), []).append(row)
    for rows in groups.values():
        _add(entries, rows)
    return entries.finished()


def _key(row: Solution) -> tuple[str, ...]:
    """What tells one tie of an answer from another."""
    given = row.given
    if "statement" in given:
        return ("statement", given["statement"])
    items = [_own_id(given.get(f"item_{side}", "")) for side in "ab"]
    if all(items):
        dates = [given.get(date, "") for date in ("start", "end", "point_in_time")]
        return ("items", *map(str, items), *dates)
    everything = sorted((given | row.other).items())
    return ("values", *(part for pair in everything for part in pair))


def _add(entries: WikidataCollector, rows: list[Solution]) -> None:
    """Make one entry of the rows of a statement; reject those after the first."""
    first = rows[0]
    entries.file = first.file
    cells: dict[str, Any] = {"kind": KIND}
    notes = [f"rank: {_rank(text)}" for text in _values(rows, "rank")]
    for side in "ab":
        columns, more = _side(entries, rows, side)
        cells |= columns
        notes += more
    cells |= _dates(entries, rows)
    notes += _notes(rows)
    reference = " | ".join(_references(rows)) or None
    entries.accept(first.row, first.locator, **cells, note="; ".join(notes), reference=reference)
    for row in rows[1:]:
        reason = f"repeats row {first.row} of {first.file} ({first.locator}); {_added(first, row)}"
        entries.reject(row.row, row.locator, "repeated", reason, shown(row.entry), file=row.file)


def _added(first: Solution, row: Solution) -> str:
    was, now = first.given | first.other, row.given | row.other
    differing = [name for name in now if was.get(name) != now[name]]
    if not differing:
        return "nothing differs"
    return f"what differs is kept there ({', '.join(differing)})"


def _values(rows: Iterable[Solution], role: str) -> list[str]:
    return list(dict.fromkeys(row.given[role] for row in rows if role in row.given))


def _own_id(item: str) -> str | None:
    """Id that a source has for a place: of Wikidata, or an address elsewhere."""
    return item_id(item) or (item if item.startswith(("http://", "https://")) else None)


def _side(
    entries: WikidataCollector, rows: list[Solution], side: str
) -> tuple[dict[str, Any], list[str]]:
    items = _values(rows, f"item_{side}")
    # A variable such as ?city may hold the name itself.
    names = _values(rows, f"name_{side}") + [item for item in items if _own_id(item) is None]
    place_id = _own_id(items[0]) if items else None
    points, unread = _points(rows, side)
    first = rows[0]
    cells, notes = entries.place(
        side,
        first.locator,
        place_id,
        names[0] if names else None,
        _countries(rows, side),
        points,
    )
    name = cells[f"name_{side}"]
    if unread:
        message = f"{first.locator}: the coordinates of {name} cannot be read; the note has them"
        entries.warn("coordinates_unread", message, column=f"latitude_{side}", value=unread[0])
    regions = _values(rows, f"region_name_{side}") or _values(rows, f"region_{side}")
    levels = _values(rows, f"level_name_{side}")
    cells[f"region_{side}"] = regions[0] if len(regions) == 1 else None
    cells[f"level_{side}"] = ", ".join(levels) or None
    more = {"further names": names[1:], "coordinates": unread, "regions": regions[1:] and regions}
    notes += [f"{what} of {name}: {', '.join(texts)}" for what, texts in more.items() if texts]
    return cells, notes


def _countries(rows: Iterable[Solution], side: str) -> dict[str, str]:
    """Countries of a side: what tells them apart, and their code or name."""
    found: dict[str, str] = {}
    for row in rows:
        code, name, item = (
            row.given.get(f"country{part}_{side}") for part in ("_code", "_name", "")
        )
        short = (item_id(item) or item) if item else None
        written = code or name or short
        if written:
            found.setdefault(short or written, written)
    return found


def _points(rows: Iterable[Solution], side: str) -> tuple[list[tuple[float, float]], list[str]]:
    """Points of a side, and the texts that are none."""
    points: dict[tuple[float, float], None] = {}
    unread: dict[str, None] = {}
    for row in rows:
        text = row.given.get(f"point_{side}")
        apart = [row.given.get(f"{part}_{side}") for part in ("latitude", "longitude")]
        for written, point in (
            (text, _point(text)),
            (" ".join(filter(None, apart)), degrees(*apart)),
        ):
            if point:
                points[point] = None
            elif written:
                unread[written] = None
    return list(points), list(unread)


def _point(text: str | None) -> tuple[float, float] | None:
    """Read a point on Earth as the service writes it: longitude first."""
    found = _POINT.fullmatch(text) if text and len(text) <= _MAX_POINT else None
    if not found or (found["globe"] or "Q2").upper() != "Q2":
        return None
    return degrees(found["north"], found["east"])


def _dates(entries: WikidataCollector, rows: list[Solution]) -> dict[str, Any]:
    cells: dict[str, Any] = {}
    first = rows[0]
    for column, role in (("founded", "start"), ("ended", "end")):
        cells |= entries.dates(_moments(rows, role), first.locator, column)
    if _values(rows, "point_in_time") and not cells["founded_text"]:
        message = f"{first.locator}: has a point in time and no start; it is not read as founding"
        entries.warn("point_in_time", message, column="note")
    return cells


def _moments(rows: Iterable[Solution], role: str) -> Iterator[times.Moment]:
    for row in rows:
        text = row.given.get(role)
        if row.given.get(f"{role}_unknown") or (text and is_unknown(text)):
            yield times.Moment(None, WORDS[SOME_VALUE])
        if text and not is_unknown(text):
            precision = times.whole_number(row.given.get(f"{role}_precision"))
            yield times.read_literal(text, precision, row.given.get(f"{role}_calendar"))


def _notes(rows: list[Solution]) -> list[str]:
    notes = [
        f"{name}: no value" for name in ("start", "end") if "true" in _values(rows, f"{name}_none")
    ]
    dated = dict.fromkeys(one.edtf or one.text for one in _moments(rows, "point_in_time"))
    notes += [f"point in time: {', '.join(dated)}"] if dated else []
    causes = _values(rows, "end_cause_name") or _values(rows, "end_cause")
    notes += [f"end cause: {', '.join(item_id(one) or one for one in causes)}"] if causes else []
    others: dict[str, dict[str, None]] = {}
    for row in rows:
        for name, text in row.other.items():
            others.setdefault(name, {})[text] = None
    return notes + [f"{name}: {', '.join(texts)}" for name, texts in others.items()]


def _references(rows: Iterable[Solution]) -> list[str]:
    found = []
    for row in rows:
        given = row.given
        stated = given.get("stated_in_name") or given.get("stated_in")
        parts = [given.get("reference_url")]
        parts += [f"stated in {item_id(stated) or stated}"] if stated else []
        if "retrieved" in given:
            parts.append(f"retrieved {given['retrieved'].partition('T')[0]}")
        found.append(", ".join(part for part in parts if part))
    return [text for text in dict.fromkeys(found) if text]


def _rank(text: str) -> str:
    return text.rpartition("#")[2].removesuffix("Rank").lower()
