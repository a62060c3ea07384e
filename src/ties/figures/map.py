"""The ties on a map seen from above the North Pole, where they are short.

The projection is azimuthal equidistant: distance and direction from the pole are true. A tie is
the shortest way between its two places, a great circle, found on the sphere and only then
projected. Longitude enters the projection through sine and cosine alone, so the outlines of land
that are cut at the antimeridian close again by themselves: no false ring appears round the pole.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.patches import Circle
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Bbox

from ties.figures.style import (
    FAINT,
    INK,
    MIN_TEXT,
    STATUS_COLOURS,
    WIDTH,
    Layout,
    count,
    house_style,
    prepare,
    set_title,
)
from ties.schema.vocabulary import STATUSES

SOUTH: Final = 20.0  # degrees north: the edge of the map
LAYOUT: Final = Layout(height=WIDTH + 0.7, left=0.25, right=0.25, top=0.55, bottom=0.65)

_DOWN: Final = -95.0  # the meridian that points down: through the middle of the United States
_EDGE: Final = 90.0 - SOUTH
_STEPS: Final = 48
_LAND: Final = "#E3E0D8"
_SEA: Final = "#F4F8FA"
_MAX_LABELS: Final = 22
# The most telling status is drawn last, on top.
_DRAWN: Final = ("no_information", "dormant", "terminated", "suspended", "active", "revived")
_LINE_WIDTHS: Final = {
    code: 0.6 if code in ("no_information", "dormant") else 1.0 for code in _DRAWN
}
_LINE_COLOURS: Final = STATUS_COLOURS | {"no_information": "#A9A9A9"}


@house_style()
def draw_map(tie_table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw each tie as a great circle, coloured by its status.

    Parameters
    ----------
    tie_table
        As `ties.tie_table` gives it: names, latitudes and longitudes of both places, status. A
        tie without a status does not yet stand and is left out; one without coordinates, or with
        a place south of 20 degrees north, is counted in the key but cannot be drawn.
    ax
        Where to draw; new axes if not given.

    Returns
    -------
    Axes
        The axes drawn on; units are degrees from the pole.
    """
    ax = prepare(ax, LAYOUT)
    standing = tie_table[tie_table["status"].notna()]
    drawn = standing[_can_be_drawn(standing)]
    ax.set(aspect="equal", xlim=(-_EDGE, _EDGE), ylim=(-_EDGE, _EDGE), xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    _draw_earth(ax)
    _draw_ties(ax, drawn)
    _draw_key(ax, standing, len(standing) - len(drawn))
    _draw_names(ax, drawn)
    set_title(ax, _finding(standing))
    return ax


def project(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Project degrees to a plane that touches the North Pole, in degrees from the pole.

    Examples
    --------
    >>> project(np.array([90.0, 0.0]), np.array([0.0, -95.0])).round(6).tolist()
    [[0.0, 0.0], [0.0, -90.0]]
    """
    distance = 90.0 - np.asarray(latitude, dtype=float)
    angle = np.radians(np.asarray(longitude, dtype=float) - _DOWN)
    # Adding zero turns -0.0 into 0.0.
    return np.stack([distance * np.sin(angle), -distance * np.cos(angle)], axis=-1) + 0.0


def great_circles(start: np.ndarray, end: np.ndarray, n: int = _STEPS) -> np.ndarray:
    """Give points on the shortest way between places, on the sphere.

    Parameters
    ----------
    start, end
        Latitude and longitude in degrees, a row a place.
    n
        Points on each way, both ends included.

    Returns
    -------
    ndarray
        Latitude and longitude in degrees, of shape (ways, n, 2).

    Examples
    --------
    >>> great_circles(np.array([[0.0, 0.0]]), np.array([[0.0, 90.0]]), 3).round(6).tolist()
    [[[0.0, 0.0], [0.0, 45.0], [0.0, 90.0]]]
    """
    a, b = _to_sphere(start), _to_sphere(end)
    angle = np.arctan2(np.linalg.norm(np.cross(a, b), axis=1), (a * b).sum(axis=1))[:, None, None]
    part = np.linspace(0, 1, n)[None, :, None]
    # Places that coincide have no way between them: any weights that add up to one will do.
    sine = np.where(angle == 0, 1.0, np.sin(angle))
    weights = [
        np.where(angle == 0, 1 - part, np.sin((1 - part) * angle) / sine),
        np.where(angle == 0, part, np.sin(part * angle) / sine),
    ]
    points = weights[0] * a[:, None, :] + weights[1] * b[:, None, :]
    latitude = np.degrees(np.arctan2(points[..., 2], np.hypot(points[..., 0], points[..., 1])))
    longitude = np.degrees(np.arctan2(points[..., 1], points[..., 0]))
    return np.stack([latitude, longitude], axis=-1)


def _to_sphere(places: np.ndarray) -> np.ndarray:
    latitude, longitude = np.radians(np.asarray(places, dtype=float)).T
    around = np.cos(latitude)
    return np.stack(
        [around * np.cos(longitude), around * np.sin(longitude), np.sin(latitude)], axis=1
    )


@lru_cache(maxsize=1)
def land() -> tuple[np.ndarray, ...]:
    """Give the outlines of land that reach into the map, projected; a ring an array."""
    text = resources.files("ties.figures").joinpath("land-110m.json").read_text(encoding="utf-8")
    topology = json.loads(text)
    scale, shift = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    # Each arc is stored as its first point and the steps from there.
    arcs = [np.cumsum(arc, axis=0) * scale + shift for arc in topology["arcs"]]

    def ring(parts: list[int]) -> np.ndarray:
        # A negative number means the arc ~number, backwards; neighbours share their end point.
        ways = [arcs[part] if part >= 0 else arcs[~part][::-1] for part in parts]
        return np.concatenate([ways[0], *(way[1:] for way in ways[1:])])

    shapes = topology["objects"]["land"]["geometries"]
    rings = [ring(parts) for shape in shapes for polygon in shape["arcs"] for parts in polygon]
    return tuple(project(r[:, 1], r[:, 0]) for r in rings if r[:, 1].max() > SOUTH)


def _can_be_drawn(standing: pd.DataFrame) -> pd.Series:
    ends = standing[["latitude_a", "longitude_a", "latitude_b", "longitude_b"]].notna().all(axis=1)
    return ends & (standing[["latitude_a", "latitude_b"]].min(axis=1) > SOUTH)


def _draw_earth(ax: Axes) -> None:
    rim = Circle((0, 0), _EDGE, facecolor=_SEA, edgecolor=FAINT, linewidth=0.5, zorder=0)
    ax.add_patch(rim)
    earth = PolyCollection(land(), facecolor=_LAND, edgecolor="#C9C5BA", linewidth=0.3, zorder=0.5)
    ax.add_collection(earth, autolim=False)
    earth.set_clip_path(rim)
    for latitude in (40, 60, 80):
        ax.add_patch(
            Circle(
                (0, 0), 90 - latitude, fill=False, edgecolor="#CFD8DC", linewidth=0.4, zorder=0.7
            )
        )
    ax.plot(0, 0, marker="+", color=FAINT, markersize=5, markeredgewidth=0.6, zorder=0.8)


def _ends(drawn: pd.DataFrame, side: str) -> np.ndarray:
    return drawn[[f"latitude_{side}", f"longitude_{side}"]].to_numpy("float64")


def _draw_ties(ax: Axes, drawn: pd.DataFrame) -> None:
    status = drawn["status"].astype("str").to_numpy()
    ways = great_circles(_ends(drawn, "a"), _ends(drawn, "b"))
    lines = project(ways[..., 0], ways[..., 1])
    for order, code in enumerate(_DRAWN):
        mine = lines[status == code]
        ax.add_collection(
            LineCollection(
                mine, colors=_LINE_COLOURS[code], linewidths=_LINE_WIDTHS[code], alpha=0.85,
                capstyle="round", zorder=2 + order / 10, label=code,
            ),
            autolim=False,
        )  # fmt: skip
        ends = mine[:, [0, -1]].reshape(-1, 2)
        ax.plot(
            ends[:, 0], ends[:, 1], linestyle="none", marker="o", markersize=2.4,
            markerfacecolor=_LINE_COLOURS[code], markeredgecolor="white", markeredgewidth=0.3,
            zorder=3 + order / 10,
        )  # fmt: skip


def _draw_key(ax: Axes, standing: pd.DataFrame, n_missing: int) -> None:
    """Write the statuses with their numbers into the corner that the round map leaves free."""
    numbers = standing["status"].astype("str").value_counts()
    shown = [code for code in STATUSES if numbers.get(code, 0)]
    lines = [(f"{STATUSES[code].label} {numbers[code]}", _LINE_COLOURS[code]) for code in shown]
    for row, (label, colour) in enumerate(lines):
        y = 0.99 - 0.026 * row
        ax.plot(
            [0.0, 0.035], [y, y], transform=ax.transAxes, color=colour, linewidth=2.2,
            solid_capstyle="butt", clip_on=False,
        )  # fmt: skip
        ax.text(0.045, y, label, transform=ax.transAxes, va="center", fontsize=8)
    if n_missing:
        ax.text(
            0.0, 0.01, f"{count(n_missing, 'tie')} not on the map",
            transform=ax.transAxes, va="center", fontsize=MIN_TEXT, color=FAINT,
        )  # fmt: skip


def _draw_names(ax: Axes, drawn: pd.DataFrame) -> None:
    """Name the places with most ties, as many as find room beside their point."""
    ax.apply_aspect()  # else boxes are measured where the text will not be
    frame = ax.get_window_extent()
    taken: list[Bbox] = []
    for name, x, y in _places(drawn):
        if len(taken) >= _MAX_LABELS:
            break
        for dx, dy, ha, va in _OFFSETS:
            text = ax.annotate(
                name, (x, y), (dx, dy), textcoords="offset points", ha=ha, va=va,
                fontsize=MIN_TEXT, color=INK, parse_math=False, zorder=5,
                path_effects=[withStroke(linewidth=2, foreground="white")],
            )  # fmt: skip
            box = text.get_window_extent().padded(2)
            if frame.x0 <= box.x0 and box.x1 <= frame.x1 and not box.count_overlaps(taken):
                taken.append(box)
                break
            text.remove()


_OFFSETS: Final = (
    (4, 0, "left", "center"),
    (-4, 0, "right", "center"),
    (0, 4, "center", "bottom"),
    (0, -4, "center", "top"),
)


def _places(drawn: pd.DataFrame) -> list[tuple[str, float, float]]:
    """Give the places by number of ties, then by name, with their point on the map."""
    columns = ["name", "latitude", "longitude"]
    sides = [
        drawn[[f"{column}_{side}" for column in columns]].set_axis(columns, axis=1)
        for side in ("a", "b")
    ]
    places = pd.concat(sides).groupby(columns, as_index=False).size()
    places = places.sort_values(["size", "name"], ascending=[False, True])
    points = project(places["latitude"].to_numpy(), places["longitude"].to_numpy())
    return list(zip(places["name"], points[:, 0], points[:, 1], strict=True))


def _finding(standing: pd.DataFrame) -> str:
    n_ties = len(standing)
    if not n_ties:
        return "No ties to draw"
    numbers = standing["status"].astype("str").value_counts()
    most = [code for code in STATUSES if numbers.get(code, 0) == numbers.max()]
    labels = " and ".join(_AS_STATE[code] for code in most)
    verb = "is" if numbers.max() == 1 and len(most) == 1 else "are"
    each = " each" if len(most) > 1 else ""
    alive = sum(int(numbers.get(code, 0)) for code, t in STATUSES.items() if t.group == "alive")
    text = f"Of {count(n_ties, 'tie')}, {numbers.max()}{each} {verb} {labels}"
    if any(STATUSES[code].group == "alive" for code in most):
        return text
    return f"{text}; {alive or 'none'} {'is' if alive < 2 else 'are'} known to be alive"


_AS_STATE: Final[dict[str, str]] = {
    **{code: term.label.lower() for code, term in STATUSES.items()},
    "no_information": "without information",
}
