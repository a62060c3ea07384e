"""What each table of a record holds: one class a table, every column described.

These classes are the only place that says what a column means. The checks of a file, the
data dictionary and `datapackage.json` are all made from them. A column's metadata adds what
pandera has no word for: ``format`` (`edtf` or `day`), ``references`` (a column of another
table that must hold the value) and ``unit``.
"""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import pandera.pandas as pa

from ties.model import vocabulary

ID_PATTERN: Final = r"[a-z0-9]+(-[a-z0-9]+)*"


def _column(description: str, *, optional: bool = False, **options: Any) -> Any:
    """Describe a column; keywords that pandera does not know become its metadata."""
    known = {"unique", "isin", "str_matches", "ge", "le"}
    metadata = {key: value for key, value in options.items() if key not in known}
    checks = {key: value for key, value in options.items() if key in known}
    return pa.Field(nullable=optional, description=description, metadata=metadata, **checks)


def _identifier(description: str) -> Any:
    return _column(description, unique=True, str_matches=rf"^{ID_PATTERN}$")


def _reference(target: str, description: str, **options: Any) -> Any:
    return _column(description, references=target, **options)


def _date(description: str, **options: Any) -> Any:
    return _column(description, format="edtf", **options)


class _Table(pa.DataFrameModel):
    class Config:
        strict = True
        coerce = False


class Places(_Table):
    """A row is a city, district, county, borough or region, or a joint programme of some."""

    place_id: str = _identifier("Code of the place: country, region and name.")
    name: str = _column("Current name in English.")
    country: str = _column(
        "Country that the place is internationally recognised to lie in.",
        str_matches=r"^[A-Z]{2}$",
        format="ISO 3166-1 alpha-2",
    )
    region: str = _column(
        "State, oblast, krai, republic or the like.",
        optional=True,
        str_matches=r"^[A-Z]{2}-[A-Z0-9]{1,3}$",
        format="ISO 3166-2",
    )
    level: pd.CategoricalDtype = _column("Kind of place.", isin=[*vocabulary.LEVELS])
    latitude: float = _column(
        "Latitude, north positive.", optional=True, ge=-90, le=90, unit="degrees (WGS 84)"
    )
    longitude: float = _column(
        "Longitude, east positive.", optional=True, ge=-180, le=180, unit="degrees (WGS 84)"
    )
    population: pd.Int64Dtype = _column(
        "Inhabitants, as the gazetteer gives them.", optional=True, ge=0, unit="persons"
    )
    geonames_id: pd.Int64Dtype = _column("Id in GeoNames, where certain.", optional=True, ge=1)
    wikidata_id: str = _column("Id in Wikidata.", optional=True, str_matches=r"^Q[1-9][0-9]*$")
    part_of: str = _reference(
        "places.place_id",
        "Place that this one lies in, or the joint programme that it belongs to.",
        optional=True,
    )
    claimed_by: str = _column(
        "Another country that claims the place: a tie of it counts in no total unless asked.",
        optional=True,
        str_matches=r"^[A-Z]{2}$",
        format="ISO 3166-1 alpha-2",
    )


class PlaceNames(_Table):
    """A row is a name that a place bore, and when."""

    place_id: str = _reference("places.place_id", "The place.")
    name: str = _column("The name as it is or was written.")
    language: str = _column("Language of the name.", str_matches=r"^[a-z]{2,3}$", format="ISO 639")
    valid_from: str = _date(
        "First date of the name; missing if it has no known start.", optional=True
    )
    valid_to: str = _date("Last date of the name; missing if it is still borne.", optional=True)


class Ties(_Table):
    """A row is a pair of places, stored once: `place_a` sorts before `place_b`."""

    tie_id: str = _identifier("Code of the tie.")
    place_a: str = _reference("places.place_id", "The place that sorts first.")
    place_b: str = _reference("places.place_id", "The place that sorts second.")
    kind: pd.CategoricalDtype = _column(
        "Form of the tie; missing if no source states it.",
        optional=True,
        isin=[*vocabulary.TIE_KINDS],
    )


class Events(_Table):
    """A row is something that happened to a tie, or that was said of it."""

    event_id: str = _identifier("Code of the event.")
    tie_id: str = _reference("ties.tie_id", "The tie.")
    date: str = _date("When it happened, by the rule that weighs the attestations.")
    until: str = _date(
        "Last date of a run that began on `date`, such as yearly exchanges; missing if single.",
        optional=True,
    )
    kind: pd.CategoricalDtype = _column("What happened.", isin=[*vocabulary.EVENT_KINDS])
    side: pd.CategoricalDtype = _column(
        "Government that acted; an association is not a side.", isin=[*vocabulary.SIDES]
    )
    actor: str = _column("Who acted, as the source names them.", optional=True)
    summary: str = _column("What happened, in our words.")


class Attestations(_Table):
    """A row is a source that says that an event happened."""

    event_id: str = _reference("events.event_id", "The event.")
    source_id: str = _reference("sources.source_id", "The source.")
    date: str = _date("The date that this source gives; missing if it gives none.", optional=True)
    note: str = _column("What this source says otherwise than the event.", optional=True)


class Sources(_Table):
    """A row is where something is known from."""

    source_id: str = _identifier("Code of the source.")
    title: str = _column("Title.")
    publisher: str = _column("Publisher.", optional=True)
    url: str = _column("Address; missing if it was seen without one.", optional=True)
    published: str = _date("When it was published; missing if it bears no date.", optional=True)
    accessed: str = _date("When it was read.", optional=True)
    kind: pd.CategoricalDtype = _column(
        "Kind of source.", optional=True, isin=[*vocabulary.SOURCE_KINDS]
    )
    note: str = _column("What to know before trusting it.", optional=True)


class Searches(_Table):
    """A row is a look for signs of one tie: we looked, and this is how much we found."""

    tie_id: str = _reference("ties.tie_id", "The tie that was looked for.")
    searched_on: str = _date("When.")
    query: str = _column("What was asked.")
    hits: pd.Int64Dtype = _column("Results that were about this tie.", ge=0, unit="results")


class Counts(_Table):
    """A row is a total that somebody published. Each has a scope of its own."""

    date: str = _date("When the total held, or was published.")
    count: pd.Int64Dtype = _column("The total.", ge=0, unit="as the scope says")
    scope: str = _column("What was counted, in our words.")
    source_id: str = _reference("sources.source_id", "The source.")


# In the order in which references are resolved: a table refers only to itself and to those above.
TABLES: Final[dict[str, type[_Table]]] = {
    "places": Places,
    "place_names": PlaceNames,
    "ties": Ties,
    "events": Events,
    "sources": Sources,
    "attestations": Attestations,
    "searches": Searches,
    "counts": Counts,
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


def columns(table: str) -> dict[str, pa.Column]:
    """Give the described columns of a table, in order.

    Examples
    --------
    >>> list(columns("ties"))
    ['tie_id', 'place_a', 'place_b', 'kind']
    """
    found: dict[str, pa.Column] = TABLES[table].to_schema().columns
    return found
