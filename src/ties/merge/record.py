"""Ties that were merged become a record like any other, with nothing added to what sources say.

A place is what the record or the gazetteer knows of it, else the name as written
(`ties.merge.placing`). Events are what the statements say
(`ties.merge.events_from_statements`). A pair that the record holds which came first keeps its
code there. A tie of which a country is not known cannot be in a record; its statements are
returned with the reason.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from ties.dataset import Dataset
from ties.errors import WARNING, join, make_problems, public, shorten
from ties.merge.dating import DATE_RULES
from ties.merge.events_from_statements import DATED, is_to_come, make_events
from ties.merge.kinds import kinds_of, settle_kinds
from ties.merge.pairs import Merged
from ties.merge.placing import commonest, distinct_codes, ends_of, make_names, make_places
from ties.merge.words import tidy
from ties.schema import tables
from ties.validate.cells import to_vocabulary

NO_COUNTRY: Final = "no_country"
_NO_COUNTRY: Final = "the country of an end is not known; add it, or decide which place is meant"
_N_SHOWN: Final = 3


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
    log
        The log of the merge with the ``tie_id`` of each statement (missing if it is in no tie
        of the record), and the outcome `NO_COUNTRY` for those in ``rejected``.
    problems
        What was assumed or left out (warnings, see `ties.errors`).
    """

    dataset: Dataset
    rejected: pd.DataFrame
    place_ids: pd.Series
    tie_ids: pd.Series
    log: pd.DataFrame
    problems: pd.DataFrame


def to_dataset(
    merged: Merged,
    *,
    sources: pd.DataFrame,
    name: str,
    title: str,
    as_of: pd.Timestamp,
    known: Dataset | None = None,
    date_rule: str = "most",
    records: Collection[str] = (),
) -> Made:
    """Make a record of merged statements.

    Parameters
    ----------
    merged
        As `ties.merge.pairs.merge` gives it.
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
        Which of several founding dates an event bears, see `ties.merge.dating`.
    records
        Sources that are records: no event is made of what they say, since each brings its own
        (see `ties.merge.records`).

    Returns
    -------
    Made
        The record, and the statements of ties that cannot be in it. The order of the
        statements changes nothing.

    Raises
    ------
    ValueError
        If there is no such rule for dates.
    """
    if date_rule not in DATE_RULES:
        raise ValueError(
            f"{date_rule!r} is not a rule for dates; choose from {', '.join(DATE_RULES)}"
        )
    sources = typed("sources", sources)
    rows = merged.statements.assign(pair=merged.log["pair"]).dropna(subset=["pair"])
    ends = ends_of(rows)
    # What one statement tells of a place, even one that is lost, holds for all of them.
    ends["country"] = ends["place_key"].map(commonest(ends["place_key"], ends["country"]))
    lost = ends.loc[ends["country"].isna(), "pair"].unique()
    ends = ends[~ends["pair"].isin(lost)]
    places, place_ids, doubts = make_places(ends, known)
    told = _told(rows[~rows["pair"].isin(lost)], place_ids)
    ties = _ties(told, known)
    tie_ids = ties.set_index("pair")["tie_id"]
    told = told.assign(tie_id=told["pair"].map(tie_ids).astype("str"))
    said = told[~told["source_id"].isin(list(records))]
    events, attestations = make_events(said, sources, as_of, date_rule)
    frames = {
        "places": places,
        "place_names": make_names(ends, place_ids, places),
        "ties": ties.sort_values("tie_id"),
        "events": events.sort_values("event_id"),
        "sources": sources,
        "attestations": attestations.sort_values(["event_id", "source_id"]),
        "searches": pd.DataFrame(),
        "counts": pd.DataFrame(),
    }
    given: dict[str, Any] = {table: typed(table, frame) for table, frame in frames.items()}
    countries = sorted(places["country"].unique())
    dataset = Dataset(
        **given,
        as_of=pd.Timestamp(as_of).as_unit("s"),
        name=name,
        title=title,
        countries=(countries[0], countries[1]) if len(countries) == 2 else (),
    )
    problems = join([*_of_places(doubts, place_ids), *_of_statements(said, pd.Timestamp(as_of))])
    log = _log(merged, tie_ids, lost)
    refused = log.loc[log["outcome"] == NO_COUNTRY, ["statement_id", "pair", "reason"]]
    return Made(dataset, refused.reset_index(drop=True), place_ids, tie_ids, log, public(problems))


def _told(rows: pd.DataFrame, place_ids: pd.Series) -> pd.DataFrame:
    """The statements of the record's ties, with their places in order."""
    a, b = rows["place_key_a"].map(place_ids), rows["place_key_b"].map(place_ids)
    swap = a > b
    ordered = rows.assign(place_a=a.where(~swap, b), place_b=b.where(~swap, a))
    return ordered.sort_values(["source_id", "statement_id"], kind="stable")


def _ties(told: pd.DataFrame, known: Dataset | None) -> pd.DataFrame:
    """Each pair its code, that on record if it has one, and what most sources call it."""
    first = told.drop_duplicates("pair").set_index("pair")[["place_a", "place_b"]]
    ends = pd.MultiIndex.from_frame(first)
    old = pd.Series(pd.NA, index=first.index, dtype="str")
    taken: list[str] = []
    if known is not None:
        on_record = known.ties.set_index(["place_a", "place_b"])["tie_id"]
        old = on_record.reindex(ends).set_axis(first.index).astype("str")
        taken = known.ties["tie_id"].tolist()
    code = (first["place_a"] + "-" + first["place_b"]).where(old.isna())
    by_ends = (first["place_a"] + "|" + first["place_b"])[old.isna()]
    new = distinct_codes(code.dropna().set_axis(by_ends), taken).set_axis(by_ends.index)
    kind = settle_kinds(told["pair"], told["source_id"], kinds_of(told["kind"]))
    return first.assign(tie_id=old.fillna(new), kind=kind.reindex(first.index)).reset_index()


def _log(merged: Merged, tie_ids: pd.Series, lost: Any) -> pd.DataFrame:
    is_lost = merged.log["pair"].isin(lost)
    return merged.log.assign(
        outcome=merged.log["outcome"].mask(is_lost, NO_COUNTRY),
        tie_id=merged.log["pair"].map(tie_ids).astype("str"),
        reason=merged.log["reason"].mask(is_lost, _NO_COUNTRY),
    )


def _of_places(doubts: pd.DataFrame, place_ids: pd.Series) -> list[pd.DataFrame]:
    """One warning for each kind of doubt about places, with the first of them."""
    found = []
    for rule, part in doubts.groupby("rule"):
        codes = part["place_key"].map(place_ids).sort_values()
        message = f"{_named(codes)}: {part['message'].iloc[0]}"
        found.append(_warning(message, str(rule), "places", "place_id"))
    return found


def _of_statements(told: pd.DataFrame, as_of: pd.Timestamp) -> list[pd.DataFrame]:
    """Warn of words for a kind that are not known, and of dates that are yet to come."""
    found = []
    words = told.loc[told["kind"].notna() & kinds_of(told["kind"]).isna(), "kind"]
    for word, n in words.value_counts().sort_index().items():
        message = (
            f"{shorten(str(word))} is no kind of tie that is known ({n:,} statements); the kind was"
            " left empty, and the word is in the note of the listing"
        )
        found.append(_warning(message, "kind_unknown", "ties", "kind"))
    for column in DATED:
        late = told.loc[is_to_come(told[column], as_of), "statement_id"]
        if len(late):
            message = (
                f"{_named(late)}: {column} after the record's own date {as_of.date()}; no event was"
                " made of it, and the date is in the note of the listing"
            )
            found.append(_warning(message, "future", "events", "date"))
    return found


def _warning(message: str, rule: str, table: str, column: str) -> pd.DataFrame:
    return make_problems(
        [message], table=table, file=f"{table}.csv", rule=rule, column=column, severity=WARNING
    )


def _named(codes: pd.Series) -> str:
    shown = ", ".join(codes.astype("str").head(_N_SHOWN))
    return shown if len(codes) <= _N_SHOWN else f"{shown} and {len(codes) - _N_SHOWN:,} more"


def typed(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """A frame the columns and dtypes that its table has, and text as it is read back."""
    columns = tables.columns(name)
    full = frame.reindex(columns=list(columns)).reset_index(drop=True)
    plain = {
        column: "str" if known.dtype == "category" else known.dtype
        for column, known in columns.items()
    }
    whole = full.astype(plain)
    texts = [column for column, kind in plain.items() if kind == "str"]
    return to_vocabulary(name, whole.assign(**{column: tidy(whole[column]) for column in texts}))
