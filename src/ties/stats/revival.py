"""Do ties come back? Every return to life, its rate, and how much we could have seen.

A return is the beginning of a *revived* episode: straight after a dormant, suspended or
terminated one, or with an event that a source calls a revival. A tie that is merely active
again after a spell without information may have been alive all along, so it is no return.
The rate counts returns from dormancy per tie-year spent dormant, with an exact Poisson
interval (Garwood, *Biometrika* 28, 1936). It leans on what was written down: more
news looks like more life, which is why `coverage` stands beside it.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
from statsmodels.stats.rates import confint_poisson

from ties.dataset import Dataset
from ties.dates import date_bounds
from ties.lifecycle.event_view import Vantage
from ties.lifecycle.evidence import known_attestations
from ties.lifecycle.rule import StatusRule
from ties.schema.vocabulary import DOWN_STATUSES, SOURCE_KINDS

DAYS_PER_YEAR: float = 365.25


def revivals(episodes: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """List every return to life, with what caused it.

    Parameters
    ----------
    episodes
        As `ties.lifecycle` gives them.
    dataset
        The record that they were made from: for names, and for the events.

    Returns
    -------
    DataFrame
        A row a return, by date: ``tie_id``, ``name_a``, ``name_b``, ``start_earliest``,
        ``start_latest`` (datetime64[s]), ``from_status``, ``basis_before`` (was the silence
        recorded or inferred), ``down_since`` (datetime64[s]), ``event_id``, ``kind``,
        ``actor``, ``summary`` of the event.
    """
    status = episodes[episodes["axis"] == "status"]
    is_called = status["event_id"].isin(
        dataset.events.loc[dataset.events["kind"] == "revived", "event_id"]
    )
    returned = _returns(status, is_called)
    names = dataset.places.set_index("place_id")["name"]
    ties = dataset.ties.set_index("tie_id")
    for side in ("a", "b"):
        returned[f"name_{side}"] = returned["tie_id"].map(ties[f"place_{side}"]).map(names)
    caused = returned.merge(
        dataset.events[["event_id", "kind", "actor", "summary"]],
        on="event_id",
        how="left",
        validate="many_to_one",
    )
    columns = ["tie_id", "name_a", "name_b", "start_earliest", "start_latest", "from_status"]
    columns += ["basis_before", "down_since", "event_id", "kind", "actor", "summary"]
    return caused.sort_values(["start_latest", "tie_id"], ignore_index=True)[columns]


def revival_rate(episodes: pd.DataFrame, confidence: float = 0.95) -> pd.Series:
    """Returns to life from dormancy per tie-year spent dormant.

    Suspended and terminated ties are not dormant: a return from these is a decision, and is
    not counted here. Ties share cities and causes, so the interval is narrower than it
    should be.

    Parameters
    ----------
    episodes
        As `ties.lifecycle` gives them.
    confidence
        Coverage of the interval, between 0 and 1.

    Returns
    -------
    Series
        ``n_revivals``, ``dormant_tie_years``, and ``rate``, ``rate_lower``, ``rate_upper`` per
        tie-year; rates are missing if no tie was ever dormant.
    """
    dormant = episodes[(episodes["axis"] == "status") & (episodes["state"] == "dormant")]
    as_of = pd.Timestamp(episodes.attrs["as_of"])
    spent = dormant["end_latest"].fillna(as_of) - dormant["start_latest"]
    years = spent.dt.days.sum() / DAYS_PER_YEAR
    status = episodes[episodes["axis"] == "status"]
    n = int((_returns(status)["from_status"] == "dormant").sum())
    lower, upper = confint_poisson(n, 1, method="exact-c", alpha=1 - confidence)
    per_year = np.nan if years == 0 else 1 / years
    return pd.Series(
        {
            "n_revivals": n,
            "dormant_tie_years": years,
            "rate": n * per_year,
            "rate_lower": lower * per_year,
            "rate_upper": upper * per_year,
        }
    )


def coverage(
    dataset: Dataset,
    as_of: str | dt.date | None = None,
    known_by: str | dt.date | None = None,
    *,
    rule: StatusRule | None = None,
) -> pd.DataFrame:
    """Count the events of each year that known sources attest, by kind of source.

    Listings are left out, since a list bears no witness to its date. An event is put into
    the year of its latest day; one attested by two kinds of source counts under both.

    Parameters
    ----------
    dataset, as_of, known_by, rule
        As for `ties.lifecycle`; of the rule counts whether sources without a date are known.

    Returns
    -------
    DataFrame
        Index ``year`` (int, without gaps, up to `as_of`); one column a kind of source, and
        ``not_stated``; ``attrs["as_of"]`` is the day looked from.
    """
    view = Vantage.of(dataset, as_of, known_by)
    attested = known_attestations(dataset, (rule or StatusRule()).undated_sources, view.known_by)
    events = dataset.events[dataset.events["kind"] != "listed"]
    dated = events[["event_id"]].assign(year=date_bounds(events["date"])["latest"].dt.year)
    kinds = [*SOURCE_KINDS, "not_stated"]
    sources = dataset.sources[["source_id"]].assign(
        kind=pd.Categorical(dataset.sources["kind"], categories=kinds).fillna("not_stated")
    )
    seen = attested[["event_id", "source_id"]].merge(
        sources, on="source_id", validate="many_to_one"
    )
    seen = seen.merge(dated.dropna(), on="event_id", validate="many_to_one")
    seen = seen.drop_duplicates(["event_id", "kind"])
    table = seen.groupby(["year", "kind"], observed=False).size().unstack(fill_value=0)
    years = pd.Index(table.index, dtype="int64")
    span = pd.RangeIndex(years.min(), years.max() + 1, name="year") if len(years) else years
    table = table.set_axis(years).reindex(span, fill_value=0).rename_axis("year")
    table = table.reindex(columns=kinds, fill_value=0).rename_axis(columns=None)
    table = table[table.index <= view.as_of.year]
    table.attrs = {"as_of": str(view.as_of.date())}
    return table


def _returns(status: pd.DataFrame, is_called: pd.Series | bool = False) -> pd.DataFrame:
    """Take the revived episodes after a spell of being down, or that are called a revival."""
    before = status.groupby("tie_id")[["state", "basis", "start_latest"]].shift()
    is_return = (status["state"] == "revived") & (before["state"].isin(DOWN_STATUSES) | is_called)
    told = status[["tie_id", "start_earliest", "start_latest", "event_id"]].assign(
        from_status=before["state"], basis_before=before["basis"], down_since=before["start_latest"]
    )
    return told[is_return]
