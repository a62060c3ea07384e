"""Ties that were merged become a record like any other, with nothing added to what sources say.

- A date on which a source says that a tie began is an attestation of its founding; the founding
  bears one of the dates, by a stated rule (`ties.merging.dating`).
- That a source names a tie at all is a `listed` event on the day of the source. It carries the
  status that the source states, as text: a word without a date is no history.
- A date on which a source says that a tie ended is a `statement`: who ended it, and by which
  act, it does not say, and the life cycle counts acts of governments alone.
- A place is what the record or the gazetteer knows of it, else the name as written. A tie of
  which a country is not known cannot be in a record; its statements are given back with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from ties.merging.dating import choose_dates
from ties.merging.kinds import kinds_of, settle_kinds
from ties.merging.pairs import Merged
from ties.model import tables
from ties.model.checks.cells import to_vocabulary
from ties.model.dataset import Dataset
from ties.model.dates import date_bounds
from ties.places.names import fold

_UNDETERMINED: Final = "und"  # ISO 639: the language of a name as written is not known
_MAX_TEXT: Final = 500


@dataclass(frozen=True)
class Made:
    """A record, and what could not be in it.

    Parameters
    ----------
    dataset
        The record.
    rejected
        A row a statement that is in no tie of the record though it was merged:
        ``statement_id``, ``pair``, ``reason``.
    place_ids
        Which place of the record each identity became: index ``place_key``.
    tie_ids
        Which tie of the record each pair became: index ``pair``.
    """

    dataset: Dataset
    rejected: pd.DataFrame
    place_ids: pd.Series
    tie_ids: pd.Series


def to_dataset(
    merged: Merged,
    *,
    sources: pd.DataFrame,
    name: str,
    title: str,
    as_of: pd.Timestamp,
    known: Dataset | None = None,
    date_rule: str = "most",
) -> Made:
    """Make a record of merged statements.

    Parameters
    ----------
    merged
        As `ties.merging.pairs.merge` gives it.
    sources
        A row a source of the statements, with the columns of the table `sources`; its day is
        ``published``, else ``accessed``.
    name, title
        Of the record.
    as_of
        The record's own date: the day of its newest source.
    known
        The record whose places came first.
    date_rule
        Which of several founding dates an event bears, see `ties.merging.dating`.

    Returns
    -------
    Made
        The record, and the statements of ties that cannot be in it.
    """
    ends = _ends(merged)
    lost = ends.loc[ends["country"].isna(), "pair"].unique()
    ends = ends[~ends["pair"].isin(lost)]
    places, place_ids = _places(ends, known)
    told = _told(merged, place_ids, lost)
    ties = _ties(told)
    told = told.assign(tie_id=told["pair"].map(ties.set_index("pair")["tie_id"]))
    founded, founded_by = _foundings(told, date_rule, as_of)
    listed, listed_by = _listings(told, sources)
    ended, ended_by = _ends_told(told, as_of)
    frames = {
        "places": places,
        "place_names": _names(ends, place_ids, places),
        "ties": ties[["tie_id", "place_a", "place_b", "kind"]],
        "events": pd.concat([founded, listed, ended], ignore_index=True),
        "sources": sources,
        "attestations": pd.concat([founded_by, listed_by, ended_by], ignore_index=True),
        "searches": pd.DataFrame(),
        "counts": pd.DataFrame(),
    }
    typed: dict[str, Any] = {table: _typed(table, frame) for table, frame in frames.items()}
    countries = sorted(places["country"].unique())
    dataset = Dataset(
        **typed,
        as_of=pd.Timestamp(as_of).as_unit("s"),
        name=name,
        title=title,
        countries=(countries[0], countries[1]) if len(countries) == 2 else (),
    )
    refused = merged.log.loc[merged.log["pair"].isin(lost), ["statement_id", "pair"]]
    refused = refused.assign(reason="the country of an end is not known").reset_index(drop=True)
    return Made(dataset, refused, place_ids, ties.set_index("pair")["tie_id"])


def _ends(merged: Merged) -> pd.DataFrame:
    """Give both ends of every statement that is in a tie, a row an end."""
    rows = merged.statements.assign(pair=merged.log["pair"]).dropna(subset=["pair"])
    columns = {
        "place_key": "place_key",
        "country_code": "country",
        "name": "written",
        "place_name": "name",
        "place_region": "region",
        "place_level": "level",
        "place_latitude": "latitude",
        "place_longitude": "longitude",
        "place_population": "population",
        "is_disputed": "is_disputed",
    }
    sides = [
        rows[["pair", *(f"{column}_{side}" for column in columns)]].set_axis(
            ["pair", *columns.values()], axis="columns"
        )
        for side in "ab"
    ]
    both = pd.concat(sides, ignore_index=True)
    # What one mention of a place tells, all its mentions know.
    country = both.groupby("place_key")["country"].transform("first")
    return both.assign(country=country)


def _places(ends: pd.DataFrame, known: Dataset | None) -> tuple[pd.DataFrame, pd.Series]:
    """Give the places of the ties, and which of them each identity became."""
    own = ends.groupby("place_key", sort=True).agg(
        name=("name", "first"),
        written=("written", _usual),
        country=("country", "first"),
        region=("region", "first"),
        level=("level", "first"),
        latitude=("latitude", "first"),
        longitude=("longitude", "first"),
        population=("population", "first"),
    )
    # A column of which nothing is known has forgotten that it is text.
    own = own.astype(dict.fromkeys(("name", "written", "country", "region", "level"), "str"))
    own["name"] = own["name"].fillna(own["written"])
    level = own["level"].where(own["level"].isin(["county", "district", "region", "borough"]))
    region = own["country"] + "-" + own["region"]
    is_iso = own["region"].str.fullmatch(r"[A-Z]{2}-[A-Z0-9]{1,3}").fillna(False).astype(bool)
    # GeoNames writes the states of the United States as ISO does, and other countries otherwise.
    is_us = (own["country"] == "US") & own["region"].str.fullmatch("[A-Z]{2}").fillna(False)
    own["region"] = own["region"].where(is_iso, region.where(is_us)).astype("str")
    own["level"] = level.fillna("city")
    geonames = own.index.to_series().str.extract(r"^geonames:(\d+)$", expand=False)
    own["geonames_id"] = pd.to_numeric(geonames).astype("Int64")
    own["wikidata_id"] = own.index.to_series().str.extract(r"^wikidata:(Q\d+)$", expand=False)
    own["population"] = own["population"].round().where(own["population"] > 0).astype("Int64")
    on_record = pd.Series(False, index=own.index)
    if known is not None:
        on_record = pd.Series(own.index.isin(known.places["place_id"]), index=own.index)
    ids = pd.Series(own.index, index=own.index).where(on_record, _place_ids(own))
    ids = _unique(ids, on_record)
    found = own.assign(place_id=ids).drop(columns="written").reset_index(drop=True)
    if known is not None:
        found = _as_on_record(found, known)
    return found.sort_values("place_id", ignore_index=True), ids


def _usual(texts: pd.Series) -> str:
    """Give the text that stands most often; of several the first in order."""
    return str(texts.dropna().value_counts(sort=True).sort_index(kind="stable").idxmax())


def _place_ids(own: pd.DataFrame) -> pd.Series:
    """Give each place a code: country, region and name, in plain letters."""
    names = pd.Series([fold(str(name)) for name in own["name"]], index=own.index)
    region = own["region"].str.extract(r"-(.+)$", expand=False).fillna("").str.casefold()
    parts = own["country"].str.casefold() + " " + region + " " + names
    return parts.str.split().str.join("-").str.slice(0, 80).str.strip("-")


def _unique(ids: pd.Series, is_fixed: pd.Series) -> pd.Series:
    """Number codes that several places share, in the order of their identities."""
    order = ids.index.to_series().to_frame().assign(code=ids, fixed=~is_fixed)
    ordered = order.sort_values(["code", "fixed"], kind="stable")
    place = ordered.groupby("code").cumcount().reindex(ids.index)
    return ids.where(place == 0, ids + "-" + (place + 1).astype("str"))


def _as_on_record(found: pd.DataFrame, known: Dataset) -> pd.DataFrame:
    """Take places of a record as they are there, with what they are part of."""
    wanted = set(found["place_id"]) & set(known.places["place_id"])
    wholes = known.places.set_index("place_id")["part_of"]
    while more := set(wholes.reindex([*wanted]).dropna()) - wanted:
        wanted |= more
    taken = known.places[known.places["place_id"].isin(wanted)]
    own = found[~found["place_id"].isin(wanted)]
    return pd.concat([own, taken.astype({"level": "str"})], ignore_index=True)


def _names(ends: pd.DataFrame, place_ids: pd.Series, places: pd.DataFrame) -> pd.DataFrame:
    """Give the names as written, but those that places bear in the record."""
    written = pd.DataFrame(
        {"place_id": ends["place_key"].map(place_ids), "name": ends["written"]}
    ).drop_duplicates()
    own = written["place_id"].map(places.set_index("place_id")["name"])
    other = written[written["name"].notna() & (written["name"] != own)]
    other = other.sort_values(["place_id", "name"], ignore_index=True)
    return other.assign(language=_UNDETERMINED)


def _told(merged: Merged, place_ids: pd.Series, lost: np.ndarray) -> pd.DataFrame:
    """Give the statements that are in a tie of the record, with their places in order."""
    rows = merged.statements.assign(pair=merged.log["pair"])
    rows = rows[rows["pair"].notna() & ~rows["pair"].isin(lost)]
    a, b = rows["place_key_a"].map(place_ids), rows["place_key_b"].map(place_ids)
    swap = a > b
    ordered = rows.assign(place_a=a.where(~swap, b), place_b=b.where(~swap, a))
    return ordered.sort_values(["source_id", "statement_id"], kind="stable")


def _ties(told: pd.DataFrame) -> pd.DataFrame:
    first = told.drop_duplicates("pair")[["pair", "place_a", "place_b"]]
    kind = settle_kinds(told["pair"], told["source_id"], kinds_of(told["kind"]))
    code = first["place_a"] + "-" + first["place_b"]
    code = _unique(code.set_axis(first["pair"]), pd.Series(False, index=first["pair"]))
    ties = first.assign(tie_id=code.to_numpy(), kind=first["pair"].map(kind))
    return ties.sort_values("tie_id", ignore_index=True)


def _foundings(
    told: pd.DataFrame, rule: str, as_of: pd.Timestamp
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give one founding a tie that is dated, attested by every source that dates it."""
    dated = _past(told.dropna(subset=["founded"]), "founded", as_of)
    given = dated[["tie_id", "source_id", "founded"]].rename(columns={"founded": "date"})
    if given.empty:
        return _no_events()
    chosen = choose_dates(given, rule)
    # A source that gives two dates is one witness: of the one that was chosen, if it gives it.
    given = given.drop_duplicates().assign(is_chosen=lambda g: g["date"] == g["tie_id"].map(chosen))
    others = given.groupby(["tie_id", "source_id"])["date"].agg(" and ".join)
    first = given.sort_values("is_chosen", ascending=False, kind="stable")
    first = first.drop_duplicates(["tie_id", "source_id"]).sort_values(["tie_id", "source_id"])
    key = first.set_index(["tie_id", "source_id"]).index
    said = pd.Series(key.map(others.to_dict()), index=first.index)
    note = ("dates it " + said).where(said != first["date"])
    events = pd.DataFrame(
        {
            "event_id": chosen.index + "-founded",
            "tie_id": chosen.index,
            "date": chosen.to_numpy(),
            "kind": "founded",
            "side": "none",
            "summary": "The tie began, as sources say.",
        }
    )
    attested = first.assign(event_id=first["tie_id"] + "-founded", note=note)
    return events, attested[["event_id", "source_id", "date", "note"]]


def _listings(told: pd.DataFrame, sources: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give an event for each source that names a tie, on the day of the source."""
    day = sources.set_index("source_id")
    date = day["published"].fillna(day["accessed"])
    if told.empty:
        return _no_events()
    first = told.drop_duplicates(["tie_id", "source_id"])
    grouped = told.groupby(["tie_id", "source_id"])
    status = grouped["status"].agg(lambda texts: "; ".join(texts.dropna().unique())).to_dict()
    key = first.set_index(["tie_id", "source_id"]).index
    said = pd.Series(key.map(status), index=first.index)
    summary = pd.Series("The source names the pair.", index=first.index)
    summary = summary.mask(said != "", "The source names the pair, and says of it: " + said)
    code = first["tie_id"] + "-" + first["source_id"].map(lambda text: fold(text).replace(" ", "-"))
    events = pd.DataFrame(
        {
            "event_id": code + "-listed",
            "tie_id": first["tie_id"],
            "date": first["source_id"].map(date),
            "kind": "listed",
            "side": "none",
            "summary": summary.str.slice(0, _MAX_TEXT),
        }
    )
    return events, events[["event_id", "date"]].assign(source_id=first["source_id"], note=None)


def _ends_told(told: pd.DataFrame, as_of: pd.Timestamp) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give what sources say of an end as a statement: who ended it, they do not say."""
    dated = _past(told.dropna(subset=["ended"]), "ended", as_of)
    dated = dated.drop_duplicates(["tie_id", "source_id", "ended"])
    if dated.empty:
        return _no_events()
    number = dated.groupby(["tie_id", "source_id"]).cumcount().astype("str")
    source = dated["source_id"].map(lambda text: fold(text).replace(" ", "-"))
    events = pd.DataFrame(
        {
            "event_id": dated["tie_id"] + "-" + source + "-said-to-end-" + number,
            "tie_id": dated["tie_id"],
            "date": dated["ended"],
            "kind": "statement",
            "side": "none",
            "summary": "The source says that the tie ended then; who ended it, it does not say.",
        }
    )
    return events, events[["event_id", "date"]].assign(source_id=dated["source_id"], note=None)


def _past(rows: pd.DataFrame, column: str, as_of: pd.Timestamp) -> pd.DataFrame:
    """Leave out dates that lie wholly after the record's own."""
    earliest = date_bounds(rows[column])["earliest"]
    return rows[~(earliest > as_of)]


def _no_events() -> tuple[pd.DataFrame, pd.DataFrame]:
    return (
        pd.DataFrame(columns=["event_id", "tie_id", "date", "kind", "side", "summary"]),
        pd.DataFrame(columns=["event_id", "source_id", "date", "note"]),
    )


def _typed(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Give a frame the columns and dtypes that its table has."""
    columns = tables.columns(name)
    full = frame.reindex(columns=list(columns)).reset_index(drop=True)
    plain = {
        column: str(known.dtype) if str(known.dtype) in ("float64", "Int64") else "str"
        for column, known in columns.items()
    }
    return to_vocabulary(name, full.astype(plain))
