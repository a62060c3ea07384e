"""One file in which a person decides what names mean: `decide_page`.

It holds the undecided names with their candidates on a map, asks nothing of any network, and
saves a file of decisions (`ties.places.decisions`).
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from ties.explore.page import as_json, fill_page, join_modules, page_text, policy
from ties.figures.map import coasts
from ties.io.escape import escape_html
from ties.merge.undecided import EVIDENCE, PLACE
from ties.places.decisions import COLUMNS, CONDITIONS, POINT, by_mention

MODULES: Final = ("csv", "elements", "decide")
_CHOICE: Final = ["place_key", *POINT, *PLACE]


def decide_page(names: pd.DataFrame, decided: pd.DataFrame, title: str) -> str:
    """The page on which undecided names are decided, as one HTML document that stands alone.

    Parameters
    ----------
    names
        As `ties.merge.undecided.undecided` gives it, a row a candidate.
    decided
        Earlier decisions, which the page saves again: columns `COLUMNS`.
    title
        Of the source.
    """
    script = join_modules({name: page_text(f"page/{name}.js") for name in MODULES})
    style = page_text("page/style.css") + page_text("page/decide.css")
    asked = [
        {
            **_records(part[[*CONDITIONS, *EVIDENCE]])[0],
            "candidates": _records(part.loc[part["place_key"].notna(), _CHOICE]),
        }
        for _, part in by_mention(names)
    ]
    values = {"columns": [*COLUMNS], "names": asked, "decided": _records(decided[[*COLUMNS]])}
    fields = {
        "title": escape_html(title),
        "policy": policy([script], style),
        "style": style,
        "script": script,
        "values": as_json(values | {"land": _land()}),
    }
    return fill_page("page/decide.html", fields)


def _records(table: pd.DataFrame) -> list[dict[str, object]]:
    filled = table.astype("object").where(table.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in filled.to_dict("records")]


def _land() -> str:
    """The outlines of land as a path of SVG: x is the longitude, y the latitude downwards."""
    rings = [" ".join(f"{lon:.1f},{-lat:.1f}" for lat, lon in ring) for ring in coasts()]
    return "".join(f"M{ring}Z" for ring in rings)
