"""A record as plain values for a page: every table by columns, every date as days.

The page reads a record as `ties.lifecycle` does and must come to the same answers, so it is
given the record itself and not its states. What is left to it is small: dates are parsed
here, names are folded here, and rows come in the order in which the life cycle meets them.
Days are counted from 1970-01-01; a missing value is null, or -1 where a position is missing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

import numpy as np
import pandas as pd

from ties import bounds
from ties.dataset import Dataset
from ties.dates import date_bounds
from ties.lifecycle.event_view import KIND_RANKS, REPORT_RANKS, Vantage
from ties.lifecycle.rule import DATE_RULES, StatusRule
from ties.lookup import distinct_names, words_of_places
from ties.schema.regions import area_name
from ties.schema.vocabulary import (
    ACTIVITY_STATES,
    BASES,
    EVENT_KINDS,
    FORMAL_STATES,
    REPORTED_STATUSES,
    SIDES,
    SOURCE_KINDS,
    STATUSES,
    TIE_KINDS,
    Term,
)

Values = dict[str, Any]

# The page needs to know of its vocabularies what Python knows: order, words and groups.
_VOCABULARIES: Final[Mapping[str, Mapping[str, Term]]] = {
    "statuses": STATUSES,
    "formal": FORMAL_STATES,
    "activity": ACTIVITY_STATES,
    "bases": BASES,
    "event_kinds": EVENT_KINDS,
    "reported_statuses": REPORTED_STATUSES,
    "sides": SIDES,
    "tie_kinds": TIE_KINDS,
    "source_kinds": SOURCE_KINDS,
}


def payload(
    dataset: Dataset,
    rule: StatusRule | None = None,
    as_of: str | dt.date | None = None,
    known_by: str | dt.date | None = None,
) -> Values:
    """A record, and how it is first looked at, as values that JSON can hold.

    Parameters
    ----------
    dataset
        A record.
    rule
        How events are first read; `StatusRule()` if not given. A reader of the page can change
        all of it but `qualifying`.
    as_of, known_by
        The days that the page opens with, as for `ties.lifecycle`.

    Returns
    -------
    dict
        ``record``, ``rule``, ``view``, ``vocabularies``, ``areas``, ``dates``, ``bounds`` (what
        `ties.bounds` says at the end of each year, and on the two days, under this rule and with
        all that is known), and one entry a table: a mapping of columns to lists of equal length.
        Ties are sorted by ``tie_id``, events by tie and ``event_id``; other tables refer to ties,
        places, events, sources and dates by position.

    Raises
    ------
    ValueError
        If `as_of` or `known_by` is not a date with an end.

    Examples
    --------
    >>> import ties
    >>> made = payload(ties.load("us-russia"))
    >>> len(made["ties"]["id"]) == len(ties.load("us-russia").ties)
    True
    """
    rule, dataset = rule or StatusRule(), dataset.in_order()
    ties = dataset.ties
    ids = pd.Index(ties["tie_id"])
    events = _ordered(dataset.events, ids)
    dates = _Dates()
    tables = {
        "places": _places(dataset),
        "ties": _ties(ties, dataset),
        "events": _events(events, dates),
        "sources": _sources(dataset.sources, dates),
        "attestations": _attestations(dataset, events, dates),
        "searches": _searches(dataset.searches, ids, dates),
    }
    return {
        "record": _record(dataset),
        "rule": rule.as_record()
        | {"date_rules": [*DATE_RULES], "kind_ranks": KIND_RANKS, "report_ranks": REPORT_RANKS},
        "view": Vantage.of(dataset, as_of, known_by).as_record(),
        "vocabularies": {
            name: [asdict(term) for term in terms.values()] for name, terms in _VOCABULARIES.items()
        },
        "areas": _areas(dataset.places),
        "bounds": _bounds(dataset, rule, as_of),
        "dates": dates.table(),
        **tables,
    }


class _Dates:
    """Collects the texts of dates, so that each is parsed and sent once."""

    def __init__(self) -> None:
        self._positions: dict[str, int] = {}

    def positions(self, texts: pd.Series) -> list[int]:
        """The position of each text in the table of dates; -1 where it is missing."""
        codes, unique = pd.factorize(texts)
        known = [self._positions.setdefault(text, len(self._positions)) for text in unique]
        positions: list[int] = np.append(np.array(known, "int64"), -1)[codes].tolist()
        return positions

    def table(self) -> Values:
        """Each distinct text with its days."""
        texts = pd.Series([*self._positions], dtype="str")
        bounds = date_bounds(texts)
        return {
            "text": texts.tolist(),
            "earliest": _days(bounds["earliest"]),
            "latest": _days(bounds["latest"]),
        }


def _days(days: pd.Series) -> list[int | None]:
    whole = days.to_numpy("M8[D]")
    return [None if np.isnat(day) else int(day.astype("int64")) for day in whole]


def _ordered(events: pd.DataFrame, ids: pd.Index) -> pd.DataFrame:
    ordered = events.assign(tie=ids.get_indexer(pd.Index(events["tie_id"])))
    return ordered.sort_values(["tie", "event_id"], ignore_index=True)


def _record(dataset: Dataset) -> Values:
    return {
        "name": dataset.name,
        "title": dataset.title or dataset.name or "A record of ties",
        "as_of": _days(pd.Series([dataset.as_of]))[0],
        "countries": [*dataset.countries],
    }


def _bounds(dataset: Dataset, rule: StatusRule, as_of: str | dt.date | None) -> Values:
    """The bounds of the numbers by day; the page shows them where it looks from that day."""
    view = Vantage.of(dataset, as_of, None)
    last = max(view.as_of, dataset.as_of)
    known = bounds.status_bounds(dataset, last, rule=rule)
    table = bounds.by_year(known)
    days = [min(pd.Timestamp(year, 12, 31), last) for year in table.index]
    for day in {view.as_of, dataset.as_of} - {*days}:
        table = pd.concat([table, bounds.by_year(known, day).tail(1)])
        days.append(day)
    columns: Values = {str(name): [int(n) for n in table[name]] for name in table}
    return {"day": _days(pd.Series(days)), **columns}


def _areas(places: pd.DataFrame) -> dict[str, str]:
    codes = pd.concat([places["country"], places["region"], places["claimed_by"]]).dropna()
    return {code: area_name(code) for code in sorted(codes.unique())}


def _texts(column: pd.Series) -> list[str | None]:
    return column.astype("object").where(column.notna(), None).tolist()


def _numbers(column: pd.Series) -> list[float | None]:
    return column.astype("object").where(column.notna(), None).tolist()


def _codes(column: pd.Series, terms: Mapping[str, Term]) -> list[int]:
    return pd.Index([*terms]).get_indexer(pd.Index(column.astype("object"))).tolist()


def _places(dataset: Dataset) -> Values:
    places = dataset.places
    words = words_of_places(dataset)
    shown = distinct_names(dataset)
    return {
        "name": _texts(places["name"]),
        "shown": _texts(places["place_id"].map(shown)),
        "country": _texts(places["country"]),
        "region": _texts(places["region"]),
        "claimed_by": _texts(places["claimed_by"]),
        "latitude": _numbers(places["latitude"]),
        "longitude": _numbers(places["longitude"]),
        "words": [" ".join(sorted(words[place])) for place in places["place_id"]],
        "names": _names(dataset),
    }


def _names(dataset: Dataset) -> list[list[str]]:
    """The names that each place bore besides its own."""
    named = dataset.place_names[["place_id", "name"]].drop_duplicates()
    own = dataset.places.set_index("place_id")["name"]
    named = named[named["name"] != named["place_id"].map(own)]
    by_place = named.groupby("place_id")["name"].agg(list)
    return [by_place.get(place, []) for place in dataset.places["place_id"]]


def _ties(ties: pd.DataFrame, dataset: Dataset) -> Values:
    places = pd.Index(dataset.places["place_id"])
    counted = dataset.without_disputed().ties["tie_id"]
    return {
        "id": ties["tie_id"].tolist(),
        "a": places.get_indexer(pd.Index(ties["place_a"])).tolist(),
        "b": places.get_indexer(pd.Index(ties["place_b"])).tolist(),
        "kind": _codes(ties["kind"], TIE_KINDS),
        "is_counted": ties["tie_id"].isin(counted).tolist(),
    }


def _events(events: pd.DataFrame, dates: _Dates) -> Values:
    return {
        "id": events["event_id"].tolist(),
        "tie": events["tie"].tolist(),
        "kind": _codes(events["kind"], EVENT_KINDS),
        "side": _codes(events["side"], SIDES),
        "date": dates.positions(events["date"]),
        "until": dates.positions(events["until"]),
        "reported": _codes(events["reported_status"], REPORTED_STATUSES),
        "actor": _texts(events["actor"]),
        "summary": _texts(events["summary"]),
    }


def _sources(sources: pd.DataFrame, dates: _Dates) -> Values:
    return {
        "id": sources["source_id"].tolist(),
        "title": _texts(sources["title"]),
        "publisher": _texts(sources["publisher"]),
        "url": _texts(sources["url"]),
        "kind": _codes(sources["kind"], SOURCE_KINDS),
        "published": dates.positions(sources["published"]),
    }


def _attestations(dataset: Dataset, events: pd.DataFrame, dates: _Dates) -> Values:
    """The attestations, those of one event together."""
    given = dataset.attestations
    event = pd.Index(events["event_id"]).get_indexer(pd.Index(given["event_id"]))
    given = given.assign(event=event).sort_values("event", kind="stable", ignore_index=True)
    given = given[given["event"] >= 0]
    source = pd.Index(dataset.sources["source_id"]).get_indexer(pd.Index(given["source_id"]))
    return {
        "event": given["event"].tolist(),
        "source": source.tolist(),
        "date": dates.positions(given["date"]),
        "note": _texts(given["note"]),
    }


def _searches(searches: pd.DataFrame, ids: pd.Index, dates: _Dates) -> Values:
    tie = ids.get_indexer(pd.Index(searches["tie_id"]))
    searches = searches.assign(tie=tie).sort_values("tie", kind="stable", ignore_index=True)
    return {
        "tie": searches["tie"].tolist(),
        "date": dates.positions(searches["searched_on"]),
        "query": _texts(searches["query"]),
        "hits": _numbers(searches["hits"]),
    }
