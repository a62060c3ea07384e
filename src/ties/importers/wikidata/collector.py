"""What Wikidata says of a tie, as a statement: the same for entities and for answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from ties.importers.collector import Collector
from ties.importers.statements import Reading
from ties.importers.wikidata.times import Moment

KIND: Final = "twinned administrative body"  # the label of P190
# In the words of Wikidata's own pages.
UNKNOWN_VALUE, NO_VALUE, MALFORMED = "unknown value", "no value", "malformed value"

Notes = list[tuple[str, list[str]]]


@dataclass(frozen=True)
class Side:
    """One place of a tie.

    Parameters
    ----------
    id
        Of Wikidata, or the address that the source has for it; stands for a name where none is.
    names
        The first counts, and the note has the others.
    countries
        Name or code by what tells them apart; of several none is picked.
    points
        Latitude and longitude in degrees; the first counts, and the note has the others.
    unread
        Coordinates that cannot be read, as written.
    regions, levels
        As written; of several regions none is picked.
    """

    id: str | None
    names: list[str]
    countries: dict[str, str]
    points: list[tuple[float, float]]
    unread: list[str] = field(default_factory=list)
    regions: list[str] = field(default_factory=list)
    levels: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Tie:
    """One statement of Wikidata.

    Parameters
    ----------
    row, file, locator
        Where it stood.
    sides
        Its two places.
    founded, ended
        Dates as given; of several that differ none is picked.
    stood
        Points in time (P585): when the tie stood, not when it was made. They are but noted.
    notes
        Whatever else is said, by what it is.
    references
        What it cites.
    """

    row: int
    file: str
    locator: str
    sides: tuple[Side, Side]
    founded: list[Moment]
    ended: list[Moment]
    stood: list[Moment]
    notes: Notes
    references: list[str]


@dataclass
class TieCollector(Collector):
    """Entries of one or several files of Wikidata; a row is an entity, or a solution of a query."""

    n_rows: int = 0

    def take(self, tie: Tie) -> None:
        """Accept a tie, with warnings for whatever is to be known of it."""
        cells: dict[str, Any] = {"kind": KIND}
        stood = [moment.edtf or moment.text for moment in tie.stood]
        notes = [*tie.notes, ("point in time", stood)]
        for side, place in zip("ab", tie.sides, strict=True):
            cells |= self._place(tie, side, place)
            notes += _notes_of(place, cells[f"name_{side}"])
        for column, moments in (("founded", tie.founded), ("ended", tie.ended)):
            cells |= self._date(tie, column, moments)
        if tie.stood and not cells["founded_text"]:
            message = "has a point in time (P585) and no start; it is not read as founding"
            self._warn(tie, "point_in_time", message, column="note")
        note = "; ".join(f"{what}: {_listed(texts)}" for what, texts in notes if texts)
        reference = " | ".join(dict.fromkeys(filter(None, tie.references)))
        self.accept(tie.row, tie.locator, tie.file, **cells, note=note, reference=reference)

    def finished(self) -> Reading:
        """What was read; once for each file it is said how many names are only ids."""
        return self.reading(self.n_rows, self._warn_of_ids)

    def _place(self, tie: Tie, side: str, place: Side) -> dict[str, Any]:
        """Columns of one side."""
        name = place.names[0] if place.names else place.id
        countries, regions = list(place.countries.values()), place.regions
        if len(countries) > 1:
            message = f"{name} has several countries; none is picked"
            column, several = f"country_{side}", _listed(countries)
            self._warn(tie, "country_several", message, column=column, value=several)
        if place.unread:
            message = f"the coordinates of {name} cannot be read; the note has them"
            column, value = f"latitude_{side}", place.unread[0]
            self._warn(tie, "coordinates_unread", message, column=column, value=value)
        latitude, longitude = place.points[0] if place.points else (None, None)
        cells = {
            "name": name,
            "id": place.id,
            "country": countries[0] if len(countries) == 1 else None,
            "region": regions[0] if len(regions) == 1 else None,
            "level": _listed(place.levels),
            "latitude": latitude,
            "longitude": longitude,
        }
        return {f"{column}_{side}": value for column, value in cells.items()}

    def _date(self, tie: Tie, column: str, moments: list[Moment]) -> dict[str, Any]:
        """Both columns of a date: several values that differ are none."""
        for moment in dict.fromkeys(moments):
            for rule, reason in moment.remarks:
                message = f"{moment.text!r} {reason}"
                self._warn(tie, rule, message, column=column, value=moment.text)
        text = "; ".join(dict.fromkeys(moment.text for moment in moments)) or None
        found = {moment.edtf for moment in moments}
        if len(found) <= 1:
            return {column: next(iter(found), None), f"{column}_text": text}
        message = "gives several values; none is picked, the text has them all"
        self._warn(tie, "date_several", message, column=column, value=text)
        return {column: None, f"{column}_text": text}

    def _warn(self, tie: Tie, rule: str, message: str, **about: str | None) -> None:
        self.warn(rule, f"{tie.locator}: {message}", file=tie.file, **about)  # type: ignore[arg-type]

    def _warn_of_ids(self, statements: pd.DataFrame) -> Iterable[pd.DataFrame]:
        names = pd.concat([statements.set_index("file")[f"name_{side}"] for side in "ab"])
        is_bare = names.str.fullmatch(r"[Qq]\d+").eq(True)
        for file, n_bare in is_bare.groupby(level=0, sort=False).sum().items():
            if n_bare:
                message = (
                    f"{n_bare:,} of {names.index.value_counts()[file]:,} names are ids, as the "
                    "input gives no label; places are found by their id, or ask for labels"
                )
                self.warn("no_label", message, column="name", file=str(file))
        return ()


def _notes_of(place: Side, name: str | None) -> Notes:
    """What of a place has no column, since there is more than one of it."""
    countries, regions = list(place.countries.values()), place.regions
    notes = {
        "countries": countries if len(countries) > 1 else [],
        "further coordinates": [f"{north:g} {east:g}" for north, east in place.points[1:]],
        "further names": place.names[1:],
        "coordinates": place.unread,
        "regions": regions if len(regions) > 1 else [],
    }
    return [(f"{what} of {name}", texts) for what, texts in notes.items()]


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(texts))
