"""The nested scrapes of the world set, read whole: numbers conserved, known defects found."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ties.importers.kinds import detect
from ties.importers.nested import read_nested
from ties.importers.statements import Reading
from ties.importers.wikipedia.blocks import Run
from ties.importers.wikipedia.items import read_item

pytestmark = pytest.mark.skipif(
    "TIES_WORLD" not in os.environ, reason="TIES_WORLD does not name the folder of the world sets"
)


def read(name: str) -> Reading:
    path = Path(os.environ["TIES_WORLD"]) / name
    assert detect(path) == "nested"
    return read_nested(path)


def counted(reading: Reading) -> tuple[int, int, int]:
    return reading.n_rows, reading.n_entries, len(reading.statements)


def test_nested_lists_of_6308_cities():
    reading = read("wikipedia-kompot/sister_cities.json")
    assert counted(reading) == (6308, 23_514, 22_458)
    # 39 keys are sentences on towns in networks: 27 members each, none of them tied to it.
    assert reading.rejected["rule"].value_counts().to_dict() == {"network": 1053, "not_a_place": 3}
    rules = reading.problems["rule"].value_counts()
    assert (rules["same_name"], rules["no_country_given"], rules["repeated"]) == (108, 6, 3)
    assert rules["namesakes"] > 200
    assert "10,062 from both" in " ".join(reading.problems["message"])


def test_tree_of_a_crawl_with_years_for_cities():
    reading = read("nlwiki-arnhem-artez/arnhemtree_2016-06-08.json")
    partners = reading.statements.shape[0] + reading.rejected["locator"].str.endswith("]").sum()
    assert reading.n_rows == 896
    assert reading.n_entries == 2558 + 482
    assert partners >= 2558
    keys = reading.rejected[~reading.rejected["locator"].str.contains("partners")]
    assert keys["reason"].str.contains("is a year").sum() == 27
    texts = " ".join(reading.rejected["reason"])
    assert all(name in texts for name in ("'Polen'", "'Verenigde Staten'", "'[1]'", "'undefined'"))
    assert (reading.rejected["rule"] == "null").sum() == 6
    assert {"one_piece", "no_country"} <= set(reading.problems["rule"])


def test_no_sentence_that_a_scraper_dropped_becomes_a_city():
    path = Path(os.environ["TIES_WORLD"]) / "wikipedia-kompot" / "remove.txt"
    lines = path.read_text("utf-8").split("\n")
    for line in filter(None, lines):
        item = read_item([Run("text", line)])
        faults = [item.fault, *(partner.fault for partner in item.partners)]
        assert any(faults), line
