"""Coordinates in the cells of a table: degrees in columns, or points and lines as text (WKT).

Columns are latitude and longitude; in WKT the longitude comes first. A line leads from place a
to place b. What is no number of degrees, or lies beyond the poles, is a doubt and stays blank.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from ties.importers.flat_doubts import Doubts, doubts_of
from ties.importers.mapping import GEOMETRY

_LIMIT: Final = {"latitude": 90, "longitude": 180}
_NUMBER: Final = r"[+-]?\d{1,3}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,2})?"
_DEGREES: Final = rf"({_NUMBER}|[+-]?\d{{1,3}},\d{{1,20}})\s*°?"
_XY: Final = rf"({_NUMBER})\s+({_NUMBER})(?:\s+{_NUMBER}){{0,2}}"
_POINT: Final = rf"(?i)^(?:SRID=\d+;)?\s*POINT\s*(?:ZM?|M)?\s*\(\s*{_XY}\s*\)$"
_LINE: Final = (
    rf"(?i)^(?:SRID=\d+;)?\s*LINESTRING\s*(?:ZM?|M)?\s*\(\s*{_XY}\s*,(?:[^()]*,)?\s*{_XY}\s*\)$"
)
# Degrees by which a line may miss the columns beside it before that is worth a look.
_TOLERANCE: Final = 0.1


def read_coordinates(entries: pd.DataFrame) -> tuple[dict[str, pd.Series], list[Doubts]]:
    """The coordinates of both places, with what is doubtful about them.

    Parameters
    ----------
    entries
        Text; any of ``latitude_a``, ``longitude_a``, ``point_a``, the same with ``_b``, and
        ``geometry``. Index from 0. Columns in degrees come first, then points, then the line.

    Returns
    -------
    tuple
        Columns of a statement (float64, degrees), none if nothing says where places lie; doubts.

    Examples
    --------
    >>> line = pd.DataFrame({"geometry": ["LINESTRING (7.1 50.7, 17.9 50.7)"]})
    >>> {name: float(cell[0]) for name, cell in read_coordinates(line)[0].items()}
    {'latitude_a': 50.7, 'longitude_a': 7.1, 'latitude_b': 50.7, 'longitude_b': 17.9}
    """
    found: dict[str, pd.Series] = {}
    doubts: list[Doubts] = []
    for name in (f"{part}_{side}" for side in "ab" for part in _LIMIT):
        if name in entries:
            text = entries[name]
            degrees = _degrees(text)
            doubts.append(_unread(text, degrees.isna(), name))
            found[name] = degrees
    sources = {name: (_POINT, [name[-1]]) for name in ("point_a", "point_b") if name in entries}
    if GEOMETRY in entries:
        sources[GEOMETRY] = (_LINE, ["a", "b"])
    for name, (pattern, sides) in sources.items():
        points = entries[name].str.extract(pattern).astype("float64")
        doubts.append(_unread(entries[name], points.isna().any(axis=1), name))
        for place, side in enumerate(sides):
            longitude, latitude = points[2 * place], points[2 * place + 1]
            doubts += _filled(found, side, {"latitude": latitude, "longitude": longitude}, name)
    doubts += [_beyond(found, name) for name in found]
    return found, doubts


def _degrees(text: pd.Series) -> pd.Series:
    number = text.str.extract(rf"^{_DEGREES}$", expand=False).str.replace(",", ".", regex=False)
    return number.astype("float64")


def _unread(text: pd.Series, is_missing: pd.Series, name: str) -> Doubts:
    reason = "is no number of degrees"
    if name.startswith("point"):
        reason = "is no POINT (longitude latitude)"
    elif name == GEOMETRY:
        reason = "is no LINESTRING (longitude latitude, longitude latitude)"
    reason += "; the place was left without coordinates from it"
    return doubts_of(text.notna() & is_missing, "coordinate_unread", reason, name, text)


def _filled(
    found: dict[str, pd.Series], side: str, point: dict[str, pd.Series], source: str
) -> list[Doubts]:
    """Fill what the columns leave blank, and doubt what contradicts them."""
    is_apart = pd.Series(False, index=next(iter(point.values())).index)
    for part, degrees in point.items():
        name = f"{part}_{side}"
        if name in found:
            is_apart |= (found[name] - degrees).abs() > _TOLERANCE
            found[name] = found[name].fillna(degrees)
        else:
            found[name] = degrees
    reason = (
        f"place {side} lies more than {_TOLERANCE} degrees from where its columns say; "
        "the columns were taken"
    )
    return [doubts_of(is_apart, "coordinates_differ", reason, source)]


def _beyond(found: dict[str, pd.Series], name: str) -> Doubts:
    limit = _LIMIT[name.partition("_")[0]]
    degrees = found[name]
    is_beyond = degrees.abs() > limit
    found[name] = degrees.mask(is_beyond)
    reason = f"is beyond {limit} degrees; the place was left without it"
    return doubts_of(is_beyond, "coordinate_range", reason, name, degrees.astype("str"))
