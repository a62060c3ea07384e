"""Sliders recompute: what stands under them is what Python gives for that day and rule."""

from __future__ import annotations

import re

import pytest
from tests.factory import make_dataset

import ties
from ties.errors import TiesError
from ties.schema.vocabulary import STATUSES

pytest.importorskip("ipywidgets")

from ties.widgets import sliders


def numbers_in(box):
    rows = re.findall(
        r"<tr>\s*<td[^>]*>([^<]+)</td>\s*<td[^>]*>([\d,]+)</td>\s*</tr>", box.children[2].value
    )
    return {label: int(n) for label, n in rows}


def expected(record, as_of, years):
    table = ties.tie_table(record, ties.StatusRule(dormant_after=years), as_of)
    counts = table["status"].value_counts()
    return {STATUSES[code].label: int(counts[code]) for code in STATUSES}


@pytest.fixture(scope="module")
def record():
    return ties.load("us-russia").without_disputed()


def test_moving_a_slider_gives_the_numbers_of_that_day_and_rule(record):
    box = sliders(record)
    day, years, _, drawn = box.children
    assert numbers_in(box) == expected(record, None, 5)
    before = drawn.value
    day.value = "2018-12-31"
    assert numbers_in(box) == expected(record, "2018-12-31", 5)
    years.value = 2
    assert numbers_in(box) == expected(record, "2018-12-31", 2)
    assert drawn.value.lstrip().startswith(("<svg", "<?xml")) and drawn.value != before


def test_the_days_end_with_the_record_itself(record):
    day = sliders(record, "formation").children[0]
    assert day.options[-1] == str(record.as_of.date()) == day.value


def test_a_record_without_an_event_has_one_day():
    assert sliders(make_dataset([])).children[0].options == ("2026-11-23",)


def test_an_unknown_figure_is_refused(record):
    with pytest.raises(TiesError, match="choose from"):
        sliders(record, "pie")
