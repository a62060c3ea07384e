"""What each table of a record holds, every column described.

This is the only place that says what a column means: the checks of a file, the data dictionary and
`datapackage.json` are all made from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ties.schema import vocabulary

ID_PATTERN: Final = r"[a-z0-9]+(-[a-z0-9]+)*"


@dataclass(frozen=True)
class Column:
    """What a column holds, and what may stand in it.

    Parameters
    ----------
    dtype
        ``str``, ``category`` (codes), ``Int64`` or ``float64``.
    description
        What it means, in a sentence.
    nullable, unique
        Whether a cell may be empty, and whether no two may be alike.
    codes, pattern, least, most
        The codes, the regular expression and the limits that a value is held to.
    references
        The column of another table that must hold the value, as ``places.place_id``.
    unit, format
        The unit of a number; ``edtf`` or a standard's name for text of a form.
    """

    dtype: str
    description: str
    nullable: bool = False
    unique: bool = False
    codes: tuple[str, ...] = ()
    pattern: str = ""
    least: int | None = None
    most: int | None = None
    references: str = ""
    unit: str = ""
    format: str = ""

    @property
    def notes(self) -> dict[str, str]:
        """Its unit, format and reference, those that it has."""
        found = {"unit": self.unit, "format": self.format, "references": self.references}
        return {name: text for name, text in found.items() if text}


@dataclass(frozen=True)
class Table:
    """What a row of a table is, and its columns in order."""

    description: str
    columns: Mapping[str, Column]


def _text(description: str, *, like: str = "", optional: bool = False, **notes: Any) -> Column:
    return Column("str", description, nullable=optional, pattern=like, **notes)


def _code(description: str, *, codes: Iterable[str], optional: bool = False) -> Column:
    return Column("category", description, nullable=optional, codes=tuple(codes))


def _whole(description: str, *, least: int, optional: bool = False, unit: str = "") -> Column:
    return Column("Int64", description, nullable=optional, least=least, unit=unit)


def _degrees(description: str, *, most: int) -> Column:
    return Column(
        "float64", description, nullable=True, least=-most, most=most, unit="degrees (WGS 84)"
    )


def _identifier(description: str) -> Column:
    return Column("str", description, unique=True, pattern=rf"^{ID_PATTERN}$")


def _reference(target: str, description: str, *, optional: bool = False) -> Column:
    return Column("str", description, nullable=optional, references=target)


def _date(description: str, *, optional: bool = False) -> Column:
    return Column("str", description, nullable=optional, format="edtf")


def _table(row: str, **columns: Column) -> Table:
    return Table(row, columns)


# In the order in which references are resolved: a table refers only to itself and to those above.
TABLES: Final[dict[str, Table]] = {
    "places": _table(
        "A row is a city, district, county, borough or region, or a joint programme of some.",
        place_id=_identifier("Code of the place: country, region and name."),
        name=_text("Current name in English."),
        country=_text(
            "Country that the place is internationally recognised to lie in.",
            like=r"^[A-Z]{2}$",
            format="ISO 3166-1 alpha-2",
        ),
        region=_text(
            "State, oblast, krai, republic or the like.",
            optional=True,
            like=r"^[A-Z]{2}-[A-Z0-9]{1,3}$",
            format="ISO 3166-2",
        ),
        level=_code("Kind of place.", codes=vocabulary.LEVELS),
        latitude=_degrees("Latitude, north positive.", most=90),
        longitude=_degrees("Longitude, east positive.", most=180),
        population=_whole(
            "Inhabitants, as the gazetteer gives them.", optional=True, least=0, unit="persons"
        ),
        geonames_id=_whole("Id in GeoNames, where certain.", optional=True, least=1),
        wikidata_id=_text("Id in Wikidata.", optional=True, like=r"^Q[1-9][0-9]*$"),
        part_of=_reference(
            "places.place_id",
            "Place that this one lies in, or the joint programme that it belongs to.",
            optional=True,
        ),
        claimed_by=_text(
            "Another country that claims the place: a tie of it counts in no total unless asked.",
            optional=True,
            like=r"^[A-Z]{2}$",
            format="ISO 3166-1 alpha-2",
        ),
    ),
    "place_names": _table(
        "A row is a name that a place bore, and when.",
        place_id=_reference("places.place_id", "The place."),
        name=_text("The name as it is or was written."),
        language=_text("Language of the name.", like=r"^[a-z]{2,3}$", format="ISO 639"),
        valid_from=_date(
            "First date of the name; missing if it has no known start.", optional=True
        ),
        valid_to=_date("Last date of the name; missing if it is still borne.", optional=True),
    ),
    "ties": _table(
        "A row is a pair of places, stored once: `place_a` sorts before `place_b`.",
        tie_id=_identifier("Code of the tie."),
        place_a=_reference("places.place_id", "The place that sorts first."),
        place_b=_reference("places.place_id", "The place that sorts second."),
        kind=_code(
            "Form of the tie; missing if no source states it.",
            optional=True,
            codes=vocabulary.TIE_KINDS,
        ),
    ),
    "events": _table(
        "A row is something that happened to a tie, or that was said of it.",
        event_id=_identifier("Code of the event."),
        tie_id=_reference("ties.tie_id", "The tie."),
        date=_date("When it happened, by the rule that weighs the attestations."),
        until=_date(
            "Last date of a run that began on `date`, such as yearly exchanges; missing if single.",
            optional=True,
        ),
        kind=_code("What happened.", codes=vocabulary.EVENT_KINDS),
        side=_code("Government that acted; an association is not a side.", codes=vocabulary.SIDES),
        actor=_text("Who acted, as the source names them.", optional=True),
        summary=_text("What happened, in our words."),
        reported_status=_code(
            "State that the source reports; only, and always, with the kind `reported`.",
            optional=True,
            codes=vocabulary.REPORTED_STATUSES,
        ),
    ),
    "sources": _table(
        "A row is where something is known from.",
        source_id=_identifier("Code of the source."),
        title=_text("Title."),
        publisher=_text("Publisher.", optional=True),
        url=_text("Address; missing if it was seen without one.", optional=True),
        published=_date("When it was published; missing if it bears no date.", optional=True),
        accessed=_date("When it was read.", optional=True),
        kind=_code("Kind of source.", optional=True, codes=vocabulary.SOURCE_KINDS),
        note=_text("What to know before trusting it.", optional=True),
    ),
    "attestations": _table(
        "A row is a source that says that an event happened.",
        event_id=_reference("events.event_id", "The event."),
        source_id=_reference("sources.source_id", "The source."),
        date=_date("The date that this source gives; missing if it gives none.", optional=True),
        note=_text("What this source says otherwise than the event.", optional=True),
    ),
    "searches": _table(
        "A row is a look for signs of one tie: we looked, and this is how much we found.",
        tie_id=_reference("ties.tie_id", "The tie that was looked for."),
        searched_on=_date("When."),
        query=_text("What was asked."),
        hits=_whole("Results that were about this tie.", least=0, unit="results"),
    ),
    "counts": _table(
        "A row is a total that somebody published. Each has a scope of its own.",
        date=_date("When the total held, or was published."),
        count=_whole("The total.", least=0, unit="as the scope says"),
        scope=_text("What was counted, in our words."),
        source_id=_reference("sources.source_id", "The source."),
        population=_code(
            "What was counted, as far as it bounds the ties of the record.",
            optional=True,
            codes=vocabulary.COUNT_POPULATIONS,
        ),
        claims=_code(
            "What the publisher says that the total is; missing if it does not claim to count all.",
            optional=True,
            codes=vocabulary.COUNT_CLAIMS,
        ),
    ),
}

REQUIRED: Final = ("places", "ties", "events", "sources", "attestations")

# What may not stand twice in a table that has no code of its own.
KEYS: Final[dict[str, tuple[str, ...]]] = {
    "places": ("place_id",),
    "place_names": ("place_id", "name", "language", "valid_from"),
    "ties": ("tie_id",),
    "events": ("event_id",),
    "sources": ("source_id",),
    "attestations": ("event_id", "source_id"),
    "searches": ("tie_id", "searched_on", "query"),
    "counts": ("date", "count", "scope", "source_id"),
}


def columns(table: str) -> Mapping[str, Column]:
    """The described columns of a table, in order.

    Examples
    --------
    >>> list(columns("ties"))
    ['tie_id', 'place_a', 'place_b', 'kind']
    """
    return TABLES[table].columns
