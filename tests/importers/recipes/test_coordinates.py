"""Coordinates have exactly one reading, or none."""

from __future__ import annotations

import pytest

from ties.importers.recipes.coordinates import read_coordinates


@pytest.mark.parametrize(
    ("value", "north", "east"),
    [
        ("51 059 00 N 5 055 00 E", 51 + 59 / 60, 5 + 55 / 60),
        ("51 22 21.72 N 0 6 35.64 W ", 51.3727, -0.10990),
        ("28 045 0 S 24 046 0 E", -28.75, 24 + 46 / 60),
        ("49 29 20.4 N 8 28 8.76 E scale:25000 region:DE&pagename=Mannheim", 49.489, 8.46910),
        (["-28.728238", "24.749911"], -28.728238, 24.749911),
        ([50, 12.5], 50.0, 12.5),
    ],
)
def test_forms_with_one_reading_are_read(value: object, north: float, east: float):
    assert read_coordinates(value) == pytest.approx((north, east), abs=1e-5)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "51 059 N 5 055 E",
        "51 60 00 N 5 00 00 E",
        "51 059 00 5 055 00",
        "51 00 00 N 5 00 00 O",
        "91 00 00 N 5 00 00 E",
        "51 00 00 N 181 00 00 E",
        ["", ""],
        ["51,5", "4"],
        ["nan", "1"],
        [51.0],
        None,
        {"lat": 1},
        "1 " * 10_000,
    ],
)
def test_forms_without_one_reading_are_missing(value: object):
    assert read_coordinates(value) is None
