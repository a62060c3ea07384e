"""The ties as GeoJSON (RFC 7946): a line a tie, with its name, founding and status.

A line follows the great circle between the two places. One that crosses the antimeridian is cut
there into two parts, as the standard asks, so that no map draws it round the wrong side of
the Earth. A tie with a place of unknown position keeps its row, without a geometry.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from ties.export.plain import as_records, write_json

_ENDS: Final = (("latitude_a", "longitude_a"), ("latitude_b", "longitude_b"))
_DECIMALS: Final = 5  # about a metre; the record's places are towns


def write_geojson(ties: pd.DataFrame, path: Path) -> None:
    """Write named ties as a collection of features."""
    document = {
        "type": "FeatureCollection",
        **ties.attrs,
        "features": [
            {
                "type": "Feature",
                "id": row["tie_id"],
                "geometry": geometry,
                "properties": row,
            }
            for row, geometry in zip(as_records(_properties(ties)), lines(ties), strict=True)
        ],
    }
    write_json(document, path, indent=None)


def _properties(ties: pd.DataFrame) -> pd.DataFrame:
    return ties.drop(columns=[name for end in _ENDS for name in end])


def lines(ties: pd.DataFrame) -> list[dict[str, Any] | None]:
    """The geometry of each tie: a line, two where it crosses the antimeridian, or nothing.

    Examples
    --------
    >>> places = {"latitude_a": [65.0], "longitude_a": [170.0], "latitude_b": [65.0]}
    >>> lines(pd.DataFrame({**places, "longitude_b": [-170.0]}))[0]["type"]
    'MultiLineString'
    """
    from antimeridian import fix_line_string
    from shapely.geometry import LineString, mapping

    from ties.figures.map import great_circles

    ends = [ties[[*end]].to_numpy("float64") for end in _ENDS]
    is_known = ~np.isnan(np.hstack(ends)).any(axis=1)
    ways = iter(great_circles(*(end[is_known] for end in ends))[:, :, ::-1])
    found: list[dict[str, Any] | None] = []
    for known in is_known:
        line = LineString(next(ways)) if known else None
        cut = None if line is None else mapping(fix_line_string(line, great_circle=True))
        found.append(None if cut is None else _rounded(cut))
    return found


def _rounded(geometry: Any) -> dict[str, Any]:
    def rounded(part: Any) -> Any:
        if isinstance(part, float):
            return round(part, _DECIMALS)
        return [rounded(inner) for inner in part]

    return {"type": geometry["type"], "coordinates": rounded(geometry["coordinates"])}
