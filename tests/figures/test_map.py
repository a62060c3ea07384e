import hashlib
import tomllib
from importlib import resources

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from ties.figures.map import SOUTH, WORLD, choose_view, draw_map, great_circles, land, project

MOSCOW, HOUSTON, ANCHORAGE = (55.75, 37.62), (29.76, -95.37), (61.22, -149.9)


def title(ax: Axes) -> str:
    return " ".join(ax.get_title(loc="left").split())


def on_sphere(points: np.ndarray) -> np.ndarray:
    latitude, longitude = np.radians(points[..., 0]), np.radians(points[..., 1])
    around = np.cos(latitude)
    return np.stack(
        [around * np.cos(longitude), around * np.sin(longitude), np.sin(latitude)], axis=-1
    )


def test_a_great_circle_ends_at_its_ends_and_keeps_an_even_pace():
    way = great_circles(np.array([MOSCOW, HOUSTON]), np.array([HOUSTON, ANCHORAGE]), 33)
    assert way.shape == (2, 33, 2)
    np.testing.assert_allclose(way[:, 0], [MOSCOW, HOUSTON])
    np.testing.assert_allclose(way[:, -1], [HOUSTON, ANCHORAGE])
    steps = np.linalg.norm(np.diff(on_sphere(way), axis=1), axis=2)
    np.testing.assert_allclose(steps, steps[:, :1].repeat(32, axis=1))


def test_a_great_circle_lies_in_a_plane_through_the_centre():
    way = on_sphere(great_circles(np.array([MOSCOW]), np.array([HOUSTON])))[0]
    normal = np.cross(way[0], way[-1])
    np.testing.assert_allclose(way @ normal, 0, atol=1e-12)


def test_the_distance_from_the_pole_is_true():
    points = project(np.array([90.0, 60.0, 60.0]), np.array([10.0, 0.0, 123.0]))
    np.testing.assert_allclose(np.hypot(*points.T), [0, 30, 30], atol=1e-12)


def test_a_place_tied_to_itself_is_a_point():
    way = great_circles(np.array([MOSCOW]), np.array([MOSCOW]))
    np.testing.assert_allclose(way[0], [MOSCOW] * way.shape[1])


def test_no_false_ring_runs_round_the_pole():
    longest = 0.0
    for ring in land():
        inside = np.hypot(*ring.T) <= 90 - SOUTH
        step = np.hypot(*np.diff(ring, axis=0).T)
        longest = max(longest, float(step[inside[1:] & inside[:-1]].max(initial=0)))
        # Greenland and the Arctic islands come near the pole, but nothing goes round it.
        angle = np.unwrap(np.arctan2(ring[:, 1], ring[:, 0]))
        assert abs(angle[-1] - angle[0]) < 1
    assert longest < 9  # degrees; the longest stretch of coast drawn as one line


def test_land_lies_where_it_is():
    rings = np.concatenate(land())
    distance = np.hypot(*rings.T)
    assert distance.min() == pytest.approx(90 - 83.6, abs=0.1)  # the north of Greenland


def test_the_land_is_as_received():
    folder = resources.files("ties.figures")
    origin = tomllib.loads(folder.joinpath("land.origin.toml").read_text(encoding="utf-8"))
    data = folder.joinpath(origin["file"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == origin["sha256"]


def lines(ax: Axes) -> dict[str, int]:
    return {
        c.get_label(): len(c.get_segments())
        for c in ax.collections
        if isinstance(c, LineCollection) and len(c.get_segments())
    }


def test_each_tie_with_coordinates_is_one_line_and_the_others_are_counted(tie_table):
    ax = draw_map(tie_table)
    assert lines(ax) == {"revived": 1, "dormant": 1}
    said = " ".join(" ".join(text.get_text() for text in ax.texts).split())
    assert "Not on the map, for want of coordinates (1): Izhevsk – Salt Lake City" in said


def test_the_title_names_the_commonest_status(tie_table):
    assert title(draw_map(tie_table)) == (
        "Of 3 ties, 1 each are revived and dormant and without information"
    )
    fallen = tie_table.assign(status=tie_table["status"].replace({"revived": "dormant"}))
    assert title(draw_map(fallen)) == "Of 3 ties, 2 are dormant; none is known to be alive"
    assert title(draw_map(tie_table.head(0))) == "No ties to draw"


def test_the_telling_status_lies_on_top(tie_table):
    ax = draw_map(tie_table)
    order = {c.get_label(): c.get_zorder() for c in ax.collections if c.get_label() in lines(ax)}
    assert order["revived"] > order["dormant"]


def test_names_of_places_do_not_overlap(tie_table):
    ax = draw_map(tie_table)
    names = {*tie_table["name_a"], *tie_table["name_b"]}
    boxes = [text.get_window_extent() for text in ax.texts if text.get_text() in names]
    assert len(boxes) == 4
    assert not any(box.overlaps(other) for i, box in enumerate(boxes) for other in boxes[:i])


PARIS, SYDNEY = (48.85, 2.35), (-33.87, 151.21)


def tied(*pairs):
    rows = [(*a, *b) for a, b in pairs]
    columns = ["latitude_a", "longitude_a", "latitude_b", "longitude_b"]
    return pd.DataFrame(rows, columns=columns)


@pytest.mark.parametrize(
    ("pairs", "kind"),
    [
        ([(MOSCOW, PARIS)], "region"),
        ([(MOSCOW, PARIS), (MOSCOW, HOUSTON)], "polar"),
        ([(SYDNEY, HOUSTON)], "world"),
        ([], "world"),
    ],
)
def test_the_view_follows_the_ties_and_shows_every_place(pairs, kind):
    view = choose_view(tied(*pairs))
    assert view.kind == kind
    left, right, low, high = view.box
    ends = np.array([end for pair in pairs for end in pair]).reshape(-1, 2)
    x, y = project(ends[:, 0], ends[:, 1], view).T
    assert ((left <= x) & (x <= right) & (low <= y) & (y <= high)).all()


def test_on_the_map_of_the_world_a_way_over_the_antimeridian_is_cut(tie_table):
    row = tie_table.iloc[:1].assign(
        latitude_a=SYDNEY[0], longitude_a=SYDNEY[1], latitude_b=HOUSTON[0], longitude_b=HOUSTON[1]
    )
    ax = draw_map(row)
    ways = [
        path.vertices
        for lines in ax.collections
        if isinstance(lines, LineCollection)
        for path in lines.get_paths()
    ]
    steps = np.hypot(*np.diff(np.concatenate(ways), axis=0).T)
    assert np.nanmax(steps) < 1 and np.isnan(steps).any()


def test_coasts_of_the_world_run_along_no_parallel():
    rings = [ring for ring in land(WORLD) if ring[:, 1].min() > -1.2]  # all but Antarctica
    assert max(np.hypot(*np.diff(ring, axis=0).T).max() for ring in rings) < 0.5
