"""What each table of a record holds: one schema a table, every column described.

These schemas are the only place that says what a column means. The checks of a file, the
data dictionary and `datapackage.json` are all made from them. A column's metadata adds what
pandera has no word for: ``format`` (`edtf` or `day`), ``references`` (a column of another
table that must hold the value) and ``unit``.

They are objects, not pandera's classes: to read a class, pandera loads every library of data
frames that is installed beside it, such as Dask, and `ties status` would wait for that.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import pandas as pd
import pandera.pandas as pa

from ties.schema import vocabulary

ID_PATTERN: Final = r"[a-z0-9]+(-[a-z0-9]+)*"


def _column(kind: type, description: str, *checks: pa.Check, **options: Any) -> pa.Column:
    """Describe a column; keywords that pandera does not know become its metadata."""
    optional, unique = options.pop("optional", False), options.pop("unique", False)
    return pa.Column(
        kind,
        list(checks),
        nullable=optional,
        unique=unique,
        description=description,
        metadata=options,
    )


def _text(description: str, *, like: str = "", **options: Any) -> pa.Column:
    checks = [pa.Check.str_matches(like)] if like else []
    return _column(str, description, *checks, **options)


def _code(description: str, *, codes: Iterable[str], **options: Any) -> pa.Column:
    return _column(pd.CategoricalDtype, description, pa.Check.isin([*codes]), **options)


def _whole(description: str, *, least: int, **options: Any) -> pa.Column:
    return _column(pd.Int64Dtype, description, pa.Check.ge(least), **options)


def _degrees(description: str, *, most: int) -> pa.Column:
    checks = (pa.Check.ge(-most), pa.Check.le(most))
    return _column(float, description, *checks, optional=True, unit="degrees (WGS 84)")


def _identifier(description: str) -> pa.Column:
    return _text(description, like=rf"^{ID_PATTERN}$", unique=True)


def _reference(target: str, description: str, **options: Any) -> pa.Column:
    return _text(description, references=target, **options)


def _date(description: str, **options: Any) -> pa.Column:
    return _text(description, format="edtf", **options)


def _table(row: str, **columns: pa.Column) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(columns, strict=True, description=row)


# In the order in which references are resolved: a table refers only to itself and to those above.
TABLES: Final[dict[str, pa.DataFrameSchema]] = {
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


def columns(table: str) -> dict[str, pa.Column]:
    """The described columns of a table, in order.

    Examples
    --------
    >>> list(columns("ties"))
    ['tie_id', 'place_a', 'place_b', 'kind']
    """
    found: dict[str, pa.Column] = TABLES[table].columns
    return found
