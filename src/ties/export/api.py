"""The record as a JSON API of static files, for a web server that knows nothing but files.

``index.json`` says what the record is, by which rule and on which day it was read, and where the
rest lies; ``ties.json`` lists every tie as it stands; ``ties/<tie_id>.json`` is one tie whole;
``places.json`` and ``sources.json`` are those tables. Addresses are relative to ``index.json``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ties.dataset import Dataset
from ties.errors import TiesError
from ties.export.plain import as_records, write_json
from ties.io.writing import describe
from ties.schema.tables import ID_PATTERN

TIES: Final = "ties"
LISTS: Final = ("index.json", "ties.json", "places.json", "sources.json")


def write_api(dataset: Dataset, ties: pd.DataFrame, episodes: pd.DataFrame, folder: Path) -> None:
    """Write the files of the API.

    Parameters
    ----------
    dataset
        A record.
    ties, episodes
        What `named_ties` and `ties.lifecycle` give for it, on one day under one rule.
    folder
        An empty folder.

    Raises
    ------
    TiesError
        If a tie's code is none, and so cannot be the name of a file.
    """
    rows, dataset = as_records(ties), dataset.in_order()
    _check_codes(rows)
    about = {
        **describe(dataset),
        "read": ties.attrs,
        "n": {TIES: len(ties), "events": len(dataset.events), "sources": len(dataset.sources)},
        "links": {"tie": f"{TIES}/{{tie_id}}.json"} | {n[:-5]: n for n in LISTS[1:]},
    }
    write_json(about, folder / "index.json")
    write_json([{**row, "url": _address(row)} for row in rows], folder / "ties.json")
    write_json(_places(dataset), folder / "places.json")
    write_json(as_records(dataset.sources), folder / "sources.json")
    (folder / TIES).mkdir()
    lives = _lives(dataset, episodes)
    for row in rows:
        found = {name: own.get(row["tie_id"], []) for name, own in lives.items()}
        write_json({**row, **found}, folder / _address(row))


def _check_codes(rows: list[dict[str, Any]]) -> None:
    """Refuse a code that is not one: a file would be written somewhere else by it."""
    for row in rows:
        if not re.fullmatch(ID_PATTERN, row["tie_id"]):
            raise TiesError(f"{row['tie_id']!r} is no code of a tie; check the record")


def _address(row: dict[str, Any]) -> str:
    return f"{TIES}/{row['tie_id']}.json"


def _places(dataset: Dataset) -> list[dict[str, Any]]:
    names = _by(dataset.place_names, "place_id")
    return [
        {**place, "names": names.get(place["place_id"], [])} for place in as_records(dataset.places)
    ]


def _lives(
    dataset: Dataset, episodes: pd.DataFrame
) -> Mapping[str, dict[str, list[dict[str, Any]]]]:
    """What happened to each tie, with who says so, and where we looked."""
    sources = dataset.sources[["source_id", "title", "publisher", "url", "published"]]
    attested = dataset.attestations.merge(sources, on="source_id", validate="many_to_one")
    sourced = _by(attested, "event_id")
    events = _by(dataset.events, "tie_id")
    for own in events.values():
        for event in own:
            event["attestations"] = sourced.get(event["event_id"], [])
    searches = _by(dataset.searches, "tie_id")
    return {"episodes": _by(episodes, "tie_id"), "events": events, "searches": searches}


def _by(table: pd.DataFrame, key: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of a table by the code that they belong to, without it."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in as_records(table):
        found.setdefault(row.pop(key), []).append(row)
    return found
