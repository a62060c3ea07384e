"""What the sources wrote, put into the tables of a record."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
from validation.simulate.reports import KINDS, PAPER

from ties.dataset import Dataset
from ties.schema import tables
from ties.validate.cells import to_vocabulary

_SUMMARY: Final = "simulated"
# A search on the last day finds what was written in these years.
_SEARCH_YEARS: Final = 5


def make_dataset(
    events: pd.DataFrame,
    told: pd.DataFrame,
    ids: pd.Series,
    cities: tuple[np.ndarray, np.ndarray],
    searched: np.ndarray,
    last: np.datetime64,
) -> Dataset:
    """Put events and attestations into a record that holds only the ties that have any.

    `ids` are those of all ties, and `cities` theirs on either side; `searched` says of the
    ties in the record, in order, which were looked for on the last day.
    """
    is_seen = np.zeros(len(ids), bool)
    is_seen[events["tie"].to_numpy()] = True
    event_id = _numbered("e", np.arange(len(events)))
    own = np.flatnonzero(is_seen)
    looked = own[searched]
    source, sources = _sources(told)
    frames = {
        "places": pd.concat(
            [_places(side, city[own]) for side, city in zip(("ru", "us"), cities, strict=True)],
            ignore_index=True,
        ),
        "place_names": pd.DataFrame(),
        "ties": pd.DataFrame(
            {
                "tie_id": ids.array.take(own),
                "place_a": _numbered("ru-", cities[0][own]),
                "place_b": _numbered("us-", cities[1][own]),
                "kind": _constant("sister", len(own)),
            }
        ),
        "events": pd.DataFrame(
            {
                "event_id": event_id,
                "tie_id": ids.array.take(events["tie"].to_numpy()),
                "date": events["date"],
                "kind": pd.Categorical.from_codes(events["kind"], categories=pd.Index(KINDS)),
                "side": events["side"],
                "reported_status": events["status"],
                "summary": _constant(_SUMMARY, len(events)),
            }
        ),
        "sources": sources,
        "attestations": pd.DataFrame(
            {
                "event_id": event_id.take(told["event"].to_numpy()),
                "source_id": source,
                "date": told["date"].to_numpy(object) if told["date"].notna().any() else None,
            }
        ),
        "searches": pd.DataFrame(
            {
                "tie_id": ids.array.take(looked),
                "searched_on": _constant(str(last), len(looked)),
                "query": _constant(_SUMMARY, len(looked)),
                "hits": _hits(events, last, len(ids))[looked],
            }
        ),
        "counts": pd.DataFrame(),
    }
    full: dict[str, Any] = {name: typed(name, frame) for name, frame in frames.items()}
    return Dataset(
        **full,
        as_of=pd.Timestamp(last).as_unit("s"),
        name="simulated",
        title="A simulated record",
        countries=("US", "RU"),
    )


def _hits(events: pd.DataFrame, last: np.datetime64, n_ties: int) -> np.ndarray:
    since = pd.Timestamp(last - np.timedelta64(_SEARCH_YEARS * 365, "D"))
    is_recent = (events["kind"] == KINDS.index("visit")) & (events["day"] > since)
    return np.bincount(events.loc[is_recent, "tie"], minlength=n_ties)


def _places(side: str, city: np.ndarray) -> pd.DataFrame:
    own = np.unique(city)
    return pd.DataFrame(
        {
            "place_id": _numbered(f"{side}-", own),
            "name": _numbered(f"City {side.upper()} ", own),
            "country": _constant(side.upper(), len(own)),
            "level": _constant("city", len(own)),
        }
    )


def _sources(told: pd.DataFrame) -> tuple[pd.api.extensions.ExtensionArray, pd.DataFrame]:
    """The source of each attestation, and a row a source: one a kind and year."""
    kind = pd.Categorical(told["kind"])
    span = 10_000
    codes, own = pd.factorize(kind.codes.astype("int64") * span + told["year"].to_numpy())
    of_kind = pd.Series(np.asarray(kind.categories, object)[own // span], dtype="str")
    year = pd.Series(own % span).astype("str")
    stem = of_kind.where(of_kind != PAPER, "paper")
    named = stem + ("-" + year)
    table = pd.DataFrame(
        {"source_id": named, "title": named, "published": year, "kind": of_kind}
    ).sort_values("source_id", ignore_index=True)
    return named.array.take(codes), table


def _numbered(stem: str, numbers: np.ndarray) -> pd.api.extensions.ExtensionArray:
    column: pd.api.extensions.ExtensionArray = (stem + pd.Series(numbers).astype("str")).array
    return column


def _constant(text: str, n: int) -> pd.api.extensions.ExtensionArray:
    column: pd.api.extensions.ExtensionArray = pd.array([text] * min(n, 1), dtype="str")
    return column.take(np.zeros(n, dtype="int64"))


def typed(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with the columns and dtypes that its table has."""
    columns = tables.columns(name)
    full = frame.reindex(columns=list(columns)).reset_index(drop=True)
    plain = {
        column: "str" if known.dtype == "category" else known.dtype
        for column, known in columns.items()
        if not isinstance(full[column].dtype, pd.CategoricalDtype)
    }
    return to_vocabulary(name, full.astype(plain))
