"""Small records written in the test: events in, a checked-looking Dataset out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from ties.dataset import Dataset
from ties.schema import tables

AS_OF = "2026-11-23"


def make_dataset(
    events: Iterable[Sequence[str | None]],
    *,
    searches: Iterable[tuple[str, str]] = (),
    attestations: Iterable[Sequence[str | None]] | None = None,
    published: dict[str, str | None] | None = None,
    ties: Iterable[str] = (),
    as_of: str = AS_OF,
) -> Dataset:
    """Make a record of events given as (tie, date, kind, side), (..., until) or (..., status).

    Each tie joins two places of its own. Events are called e0, e1, ... in the order given and
    are attested by source `s`, unless `attestations` says otherwise as (event, source, date).
    """
    rows = [(*event, None, None)[:6] for event in events]
    tie_ids = sorted({*ties, *(str(row[0]) for row in rows)})
    sources = published or {"s": "1950"}
    given = (
        [(f"e{i}", "s", None) for i in range(len(rows))] if attestations is None else attestations
    )
    return Dataset(
        places=_frame(
            "places",
            [
                {"place_id": f"{side}-{tie}", "name": f"{side}-{tie}", "country": country}
                | {"level": "city"}
                for tie in tie_ids
                for side, country in (("ru", "RU"), ("us", "US"))
            ],
        ),
        place_names=_frame("place_names", []),
        ties=_frame(
            "ties",
            [
                {"tie_id": tie, "place_a": f"ru-{tie}", "place_b": f"us-{tie}", "kind": "sister"}
                for tie in tie_ids
            ],
        ),
        events=_frame(
            "events",
            [
                {"event_id": f"e{i}", "tie_id": tie, "date": date, "kind": kind, "side": side}
                | {"until": until, "reported_status": status, "summary": "Something happened."}
                for i, (tie, date, kind, side, until, status) in enumerate(rows)
            ],
        ),
        sources=_frame(
            "sources",
            [
                {"source_id": key, "title": key, "published": day, "kind": "news"}
                for key, day in sources.items()
            ],
        ),
        attestations=_frame(
            "attestations",
            [{"event_id": e, "source_id": s, "date": date} for e, s, date in given],
        ),
        searches=_frame(
            "searches",
            [{"tie_id": tie, "searched_on": day, "query": tie, "hits": 0} for tie, day in searches],
        ),
        counts=_frame("counts", []),
        as_of=pd.Timestamp(as_of),
    )


def _frame(table: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    columns = tables.columns(table)
    frame = pd.DataFrame(rows, columns=[*columns])
    for name, column in columns.items():
        if column.codes:
            frame[name] = pd.Categorical(frame[name], categories=[*column.codes])
        else:
            frame[name] = frame[name].astype(column.dtype)
    return frame
