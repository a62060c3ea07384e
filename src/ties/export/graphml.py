"""The network of places as GraphML: a node a place that has a tie, an edge a tie."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pandas as pd

from ties.dataset import Dataset
from ties.export.plain import as_records
from ties.io.escape import plain
from ties.lookup import distinct_names

_NODE: Final = ["name", "country", "region", "level", "latitude", "longitude", "population"]
_NOT_EDGE: Final = ["tie_id", "place_a", "place_b"]


def write_graphml(dataset: Dataset, ties: pd.DataFrame, path: Path) -> None:
    """Write the places of named ties and the ties between them.

    An attribute that is missing is left out. Of a text the control characters are left out,
    since XML cannot hold them.
    """
    import networkx as nx

    graph = nx.MultiGraph()
    used = dataset.places["place_id"].isin([*ties["place_a"], *ties["place_b"]])
    places = dataset.places[used].sort_values("place_id")
    places = places.assign(name=places["place_id"].map(distinct_names(dataset)))
    for place_id, place in zip(places["place_id"], as_records(places[_NODE]), strict=True):
        graph.add_node(place_id, **_known(place))
    ends = zip(ties["place_a"], ties["place_b"], ties["tie_id"], strict=True)
    for (a, b, tie_id), tie in zip(ends, as_records(_own(ties)), strict=True):
        graph.add_edge(a, b, key=tie_id, **_known(tie))
    # Not write_graphml: which of two libraries that takes, and so the bytes, hangs on the machine.
    nx.write_graphml_xml(graph, path)


def _own(ties: pd.DataFrame) -> pd.DataFrame:
    """Leave out what the ends of an edge say already."""
    is_end = ties.columns.str.fullmatch(r"(name|country|region|latitude|longitude)_[ab]")
    return ties.loc[:, ~is_end].drop(columns=_NOT_EDGE)


def _known(row: dict[str, Any]) -> dict[str, Any]:
    known = ((name, value) for name, value in row.items() if value is not None)
    return {name: plain(value) if isinstance(value, str) else value for name, value in known}
