"""The ties on a map whose view is chosen by where they lie.

Ties of one part of the world are drawn round their middle, ties across the Arctic from above the
North Pole, where they are short, and all others on a map of the world. The first two are
azimuthal equidistant: distance and direction from the centre are true. The third is Equal Earth
(Šavrič, Patterson and Jenny, 2018). A tie is the shortest way between its two places, a great
circle, found on the sphere and only then projected.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Circle, PathPatch
from matplotlib.path import Path
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
    figure_of,
    house_style,
    prepare,
    set_title,
    text_width,
    wrap,
)
from ties.schema.vocabulary import STATUSES

SOUTH: Final = 20.0  # degrees north: the edge of the map from above the pole
LAYOUT: Final = Layout(height=WIDTH, left=0.25, right=0.25, top=0.75, bottom=0.75)

_REGION: Final = 50.0  # degrees from their middle within which ties lie in one part of the world
_MARGIN: Final = 4.0  # degrees round the ties of one part of the world
_LEAST: Final = 12.0  # degrees that such a map shows at least
_STEPS: Final = 48
_LAND: Final = "#E3E0D8"
_SEA: Final = "#F4F8FA"
_MAX_LABELS: Final = 22
_MAX_MISSING: Final = 12  # ties without coordinates that the figure names
# The most telling status is drawn last, on top.
_DRAWN: Final = ("no_information", "dormant", "terminated", "suspended", "active", "revived")
_LINE_WIDTHS: Final = {
    code: 0.6 if code in ("no_information", "dormant") else 1.0 for code in _DRAWN
}
_LINE_COLOURS: Final = STATUS_COLOURS | {"no_information": "#A9A9A9"}


@dataclass(frozen=True)
class MapView:
    """What a map shows: a projection, and the part of it that is drawn.

    Parameters
    ----------
    kind
        ``region``, ``polar`` or ``world``.
    latitude, longitude
        Centre in degrees; of the map from above the pole, the meridian that points down.
    box
        Least and greatest x, least and greatest y, in the units of `project`.
    """

    kind: str
    latitude: float
    longitude: float
    box: tuple[float, float, float, float]

    @property
    def shape(self) -> float:
        """Height over width."""
        left, right, low, high = self.box
        return (high - low) / (right - left)


POLAR: Final = MapView("polar", 90.0, -95.0, (SOUTH - 90, 90 - SOUTH, SOUTH - 90, 90 - SOUTH))
WORLD: Final = MapView("world", 0.0, 0.0, (-2.75, 2.75, -1.33, 1.33))


def choose_view(tie_table: pd.DataFrame) -> MapView:
    """The view that shows ties best.

    Parameters
    ----------
    tie_table
        As `ties.tie_table` gives it.

    Examples
    --------
    >>> import ties
    >>> [choose_view(ties.tie_table(ties.load(name))).kind for name in ties.records().index]
    ['region', 'polar']
    """
    drawn = tie_table[can_be_drawn(tie_table)]
    if drawn.empty:
        return WORLD
    ends = np.concatenate([_ends(drawn, side) for side in ("a", "b")])
    ball = _to_sphere(ends)
    middle = ball.mean(axis=0)
    length = float(np.linalg.norm(middle))
    if (
        length > 0
        and np.degrees(np.arccos(np.clip(ball @ middle / length, -1, 1))).max() <= _REGION
    ):
        return _region(middle, ends)
    return POLAR if ends[:, 0].min() > SOUTH else WORLD


def _region(middle: np.ndarray, ends: np.ndarray) -> MapView:
    latitude = float(np.degrees(np.arctan2(middle[2], np.hypot(middle[0], middle[1]))))
    longitude = float(np.degrees(np.arctan2(middle[1], middle[0])))
    whole = MapView("region", round(latitude, 1), round(longitude, 1), (0, 0, 0, 0))
    points = project(ends[:, 0], ends[:, 1], whole)
    low, high = points.min(axis=0) - _MARGIN, points.max(axis=0) + _MARGIN
    wide, tall = high - low
    # Neither a strip nor a tower: at least half as tall as wide, and no taller than wide.
    more = np.array(
        [max(_LEAST - wide, tall - wide, 0), max(_LEAST / 2 - tall, wide / 2 - tall, 0)]
    )
    (x0, y0), (x1, y1) = low - more / 2, high + more / 2
    return replace(whole, box=(x0, x1, y0, y1))


def layout(tie_table: pd.DataFrame) -> Layout:
    """Room for the map of these ties, as its view asks for."""
    across = LAYOUT.width - LAYOUT.left - LAYOUT.right
    lines = _missing_lines(tie_table[tie_table["status"].notna()])
    bottom = LAYOUT.bottom + 0.14 * len(lines)
    height = across * choose_view(tie_table).shape + LAYOUT.top + bottom
    return replace(LAYOUT, height=height, bottom=bottom)


@house_style()
def draw_map(tie_table: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Draw each tie as a great circle, coloured by its status.

    Parameters
    ----------
    tie_table
        As `ties.tie_table` gives it: names, latitudes and longitudes of both places, status. A
        tie without a status does not yet stand and is left out; one without coordinates, or
        outside the map, is named below it.
    ax
        Where to draw; new axes if not given.

    Returns
    -------
    Axes
        The axes drawn on, in the units of `project`.
    """
    ax = prepare(ax, layout(tie_table))
    standing = tie_table[tie_table["status"].notna()]
    drawn = standing[can_be_drawn(standing)]
    view = choose_view(tie_table)
    left, right, low, high = view.box
    ax.set(aspect="equal", xlim=(left, right), ylim=(low, high), xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    _draw_earth(ax, view)
    _draw_ties(ax, drawn, view)
    _draw_key(ax, standing)
    _name_missing(ax, standing)
    _draw_names(ax, drawn, view)
    set_title(ax, _finding(standing), above=0.3)
    return ax


def project(latitude: np.ndarray, longitude: np.ndarray, view: MapView = POLAR) -> np.ndarray:
    """Project degrees: to degrees from the centre of a view, or to the units of Equal Earth.

    Examples
    --------
    >>> project(np.array([90.0, 0.0]), np.array([0.0, -95.0])).round(6).tolist()
    [[0.0, 0.0], [0.0, -90.0]]
    >>> project(np.array([0.0]), np.array([180.0]), WORLD).round(3).tolist()
    [[2.707, 0.0]]
    """
    up = np.radians(np.asarray(latitude, dtype=float))
    around = np.radians(np.asarray(longitude, dtype=float) - view.longitude)
    if view.kind == "world":
        return _equal_earth(up, around)
    centre = np.radians(view.latitude)
    east = np.cos(up) * np.sin(around)
    north = np.cos(centre) * np.sin(up) - np.sin(centre) * np.cos(up) * np.cos(around)
    ahead = np.sin(centre) * np.sin(up) + np.cos(centre) * np.cos(up) * np.cos(around)
    aside = np.hypot(east, north)
    away = np.degrees(np.arctan2(aside, ahead))
    scale = away / np.where(aside == 0, 1.0, aside)
    # Adding zero turns -0.0 into 0.0.
    return np.stack([scale * east, scale * north], axis=-1).round(12) + 0.0


def _equal_earth(up: np.ndarray, around: np.ndarray) -> np.ndarray:
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    angle = np.arcsin(np.sqrt(3) / 2 * np.sin(up))
    rise = a1 + 3 * a2 * angle**2 + angle**6 * (7 * a3 + 9 * a4 * angle**2)
    x = 2 * np.sqrt(3) * around * np.cos(angle) / (3 * rise)
    y = angle * (a1 + a2 * angle**2 + angle**6 * (a3 + a4 * angle**2))
    return np.stack([x, y], axis=-1)


def great_circles(start: np.ndarray, end: np.ndarray, n: int = _STEPS) -> np.ndarray:
    """Points on the shortest way between places, on the sphere.

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
def coasts() -> tuple[np.ndarray, ...]:
    """The outlines of land: latitude and longitude in degrees, a ring an array."""
    text = resources.files("ties.figures").joinpath("land-110m.json").read_text(encoding="utf-8")
    topology = json.loads(text)
    scale, shift = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    # Each arc is stored as its first point and the steps from there.
    arcs = [np.cumsum(arc, axis=0) * scale + shift for arc in topology["arcs"]]

    def ring(parts: list[int]) -> np.ndarray:
        # A negative number means the arc ~number, backwards; neighbours share their end point.
        ways = [arcs[part] if part >= 0 else arcs[~part][::-1] for part in parts]
        return np.concatenate([ways[0], *(way[1:] for way in ways[1:])])[:, ::-1]

    shapes = topology["objects"]["land"]["geometries"]
    return tuple(ring(parts) for shape in shapes for polygon in shape["arcs"] for parts in polygon)


def land(view: MapView = POLAR) -> tuple[np.ndarray, ...]:
    """The outlines of land that reach into a view, projected; a ring an array.

    From above, longitude enters through sine and cosine alone, so outlines that are cut at the
    antimeridian close again by themselves: no false ring appears.
    """
    if view.kind == "world":
        rings = _rings_of_the_world()
    else:
        rings = [ring for ring in coasts() if view.kind != "polar" or ring[:, 0].max() > SOUTH]
    return tuple(project(ring[:, 0], ring[:, 1], view) for ring in rings)


def _rings_of_the_world() -> list[np.ndarray]:
    """Coasts that cross the antimeridian, drawn on both of its sides; the rim cuts what is over."""
    rings = []
    for ring in coasts():
        if abs(np.diff(ring[:, 1])).max() <= 180 or ring[:, 0].min() < -80:
            rings.append(ring)
            continue
        around = np.degrees(np.unwrap(np.radians(ring[:, 1])))
        rings += [np.stack([ring[:, 0], around + turn], axis=1) for turn in (-360, 0, 360)]
    return rings


def can_be_drawn(tie_table: pd.DataFrame) -> pd.Series:
    """Whether both places of a tie have coordinates."""
    ends = ["latitude_a", "longitude_a", "latitude_b", "longitude_b"]
    return tie_table[ends].notna().all(axis=1)


def _draw_earth(ax: Axes, view: MapView) -> None:
    rim = _rim(ax, view)
    rim.set(facecolor=_SEA, edgecolor=FAINT, linewidth=0.5, zorder=0)
    ax.add_patch(rim)
    earth = PolyCollection(
        land(view), facecolor=_LAND, edgecolor="#C9C5BA", linewidth=0.3, zorder=0.5
    )
    ax.add_collection(earth, autolim=False)
    earth.set_clip_path(rim)
    for line in _graticule(view):
        (drawn,) = ax.plot(*line.T, color="#CFD8DC", linewidth=0.4, zorder=0.7)
        drawn.set_clip_path(rim)
    if view.kind == "polar":
        ax.plot(0, 0, marker="+", color=FAINT, markersize=5, markeredgewidth=0.6, zorder=0.8)


def _rim(ax: Axes, view: MapView) -> PathPatch | Circle:
    """The edge of the map: round, the outline of the world, or the frame."""
    left, right, low, high = view.box
    if view.kind == "polar":
        return Circle((0, 0), right)
    if view.kind == "world":
        up = np.linspace(-90, 90, 91)
        sides = [project(up[::way], np.full(91, way * 180.0), view) for way in (-1, 1)]
        return PathPatch(Path(np.concatenate(sides), closed=True))
    corners = [(left, low), (right, low), (right, high), (left, high), (left, low)]
    return PathPatch(Path(np.array(corners), closed=True))


def _graticule(view: MapView) -> list[np.ndarray]:
    """Parallels every twenty degrees; beside the pole those that lie on the map."""
    around = np.linspace(-180, 180, 181) + view.longitude * (view.kind != "world")
    parallels = range(40, 90, 20) if view.kind == "polar" else range(-60, 90, 20)
    return [project(np.full(181, float(up)), around, view) for up in parallels]


def _ends(drawn: pd.DataFrame, side: str) -> np.ndarray:
    return drawn[[f"latitude_{side}", f"longitude_{side}"]].to_numpy("float64")


def _draw_ties(ax: Axes, drawn: pd.DataFrame, view: MapView) -> None:
    status = drawn["status"].astype("str").to_numpy()
    ways = great_circles(_ends(drawn, "a"), _ends(drawn, "b"))
    points = project(ways[..., 0], ways[..., 1], view)
    if view.kind == "world":
        # A way that leaves the map on one side comes back on the other.
        leaves = abs(np.diff(ways[..., 1], axis=1)) > 180
        points[:, 1:][leaves] = np.nan
    for order, code in enumerate(_DRAWN):
        mine = points[status == code]
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


def _draw_key(ax: Axes, standing: pd.DataFrame) -> None:
    """Write the statuses with their numbers in a row above the map."""
    numbers = standing["status"].astype("str").value_counts()
    font = FontProperties(family="DejaVu Sans", size=8)
    width = ax.get_window_extent().width / figure_of(ax).dpi  # inches
    x = 0.0
    for code in [code for code in STATUSES if numbers.get(code, 0)]:
        label = f"{STATUSES[code].label} {numbers[code]}"
        place = ax.get_position().y1 + 0.12 / figure_of(ax).get_figheight()
        across = ax.get_position().x0 + x / figure_of(ax).get_figwidth()
        figure_of(ax).text(
            across, place, "━", color=_LINE_COLOURS[code], font=font, va="center", weight="bold"
        )
        figure_of(ax).text(
            across + 0.17 / figure_of(ax).get_figwidth(), place, label, font=font, va="center"
        )
        x += text_width(label, font) + 0.36
    assert x <= width + 0.5


def _missing_lines(standing: pd.DataFrame) -> list[str]:
    """Name the ties that are not on the map, in lines as wide as it."""
    missing = standing[~can_be_drawn(standing)]
    if missing.empty:
        return []
    pairs = sorted(zip(missing["name_a"], missing["name_b"], strict=True))
    names = "; ".join(f"{a} – {b}" for a, b in pairs[:_MAX_MISSING])
    more = f"; and {len(pairs) - _MAX_MISSING} more" if len(pairs) > _MAX_MISSING else ""
    text = f"Not on the map, for want of coordinates ({len(pairs)}): {names}{more}"
    font = FontProperties(family="DejaVu Sans", size=MIN_TEXT)
    return wrap(text, LAYOUT.width - LAYOUT.left - LAYOUT.right, font).split("\n")


def _name_missing(ax: Axes, standing: pd.DataFrame) -> None:
    lines = _missing_lines(standing)
    if lines:
        ax.annotate(
            "\n".join(lines), (0, 0), (0, -4), xycoords="axes fraction",
            textcoords="offset points", va="top", fontsize=MIN_TEXT, color=INK,
            parse_math=False, annotation_clip=False,
        )  # fmt: skip


def _draw_names(ax: Axes, drawn: pd.DataFrame, view: MapView) -> None:
    """Name the places with most ties, as many as find room beside their point."""
    ax.apply_aspect()  # else boxes are measured where the text will not be
    frame = ax.get_window_extent()
    taken: list[Bbox] = []
    for name, x, y in _places(drawn, view):
        if len(taken) >= _MAX_LABELS:
            break
        for dx, dy, ha, va in _OFFSETS:
            text = ax.annotate(
                name, (x, y), (dx, dy), textcoords="offset points", ha=ha, va=va,
                fontsize=MIN_TEXT, color=INK, parse_math=False, zorder=5,
                path_effects=[withStroke(linewidth=2, foreground="white")],
            )  # fmt: skip
            box = text.get_window_extent().padded(2)
            inside = frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0
            if inside and not box.count_overlaps(taken):
                taken.append(box)
                break
            text.remove()


_OFFSETS: Final = (
    (4, 0, "left", "center"),
    (-4, 0, "right", "center"),
    (0, 4, "center", "bottom"),
    (0, -4, "center", "top"),
)


def _places(drawn: pd.DataFrame, view: MapView) -> list[tuple[str, float, float]]:
    """The places by number of ties, then by name, with their point on the map."""
    columns = ["name", "latitude", "longitude"]
    sides = [
        drawn[[f"{column}_{side}" for column in columns]].set_axis(columns, axis=1)
        for side in ("a", "b")
    ]
    places = pd.concat(sides).groupby(columns, as_index=False).size()
    places = places.sort_values(["size", "name"], ascending=[False, True])
    points = project(places["latitude"].to_numpy(), places["longitude"].to_numpy(), view)
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
