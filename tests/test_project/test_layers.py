"""Imports run one way, and docs/architecture.md says where a change goes."""

import re
from pathlib import Path

import pytest
from validation.architecture import (
    HEIGHT,
    PACKAGE,
    PAGE,
    PICTURE,
    TOP,
    draw,
    modules,
    page,
    part_of,
    parts_imported,
)

from ties.figures import NAMES
from ties.lifecycle.rule import QUALIFYING

TEXT = PAGE.read_text("utf-8")
SECTIONS = dict(re.findall(r"(?ms)^### (.+?)$(.+?)(?=^##|\Z)", TEXT))


def test_every_part_has_its_layer():
    assert {part_of(module) for module in modules()} - HEIGHT.keys() == {"__init__"}
    assert all((PACKAGE / part).exists() or (PACKAGE / f"{part}.py").exists() for part in HEIGHT)


@pytest.mark.parametrize("part", sorted(HEIGHT))
def test_a_part_imports_nothing_above_it(part):
    upward = [
        f"{module.relative_to(PACKAGE)} imports {other}"
        for module in modules(part)
        for other in parts_imported(module)
        if HEIGHT[other] > HEIGHT[part]
    ]
    assert upward == []


def test_the_page_of_the_house_says_what_the_imports_say():
    assert page(TEXT) == TEXT, "run: make architecture"


@pytest.mark.slow
def test_the_picture_of_the_house_is_drawn_from_the_imports(tmp_path):
    draw(tmp_path / "house.svg")
    assert (tmp_path / "house.svg").read_bytes() == PICTURE.read_bytes(), "run: make architecture"


@pytest.mark.parametrize("change", SECTIONS)
def test_every_file_that_a_change_goes_into_exists(change):
    paths = re.findall(r"`([\w./<>-]*(?:/|\.)[\w./<>-]*)`", SECTIONS[change])
    record = TOP / "data" / "raw" / "us-russia"
    assert len(paths) > 2
    for path in paths:
        found = [*TOP.glob(re.sub(r"<\w+>", "*", path))]
        assert found or (record / path).exists(), path


def test_six_changes_are_told():
    assert len(SECTIONS) == 6


def test_a_sign_of_life_is_named_where_a_new_kind_is_told():
    named = re.search(r"(?s)By default these are: (.+?)\.\n", SECTIONS["A new kind of event"])[1]
    assert {*re.findall(r"`(\w+)`", named)} == QUALIFYING


def test_every_table_of_a_record_is_named_where_a_new_record_is_told():
    tables = {path.name for path in Path(TOP / "data/raw/us-russia").glob("*.csv")}
    assert tables <= {*re.findall(r"`(\w+\.csv)`", SECTIONS["A new record"])}


def test_every_figure_is_named_by_the_readme_and_has_its_tests():
    line = re.search(r"ties figure (.+)", (TOP / "README.md").read_text("utf-8"))[1]
    tests = " ".join(path.read_text("utf-8") for path in (TOP / "tests/figures").glob("test_*.py"))
    assert [name for name in NAMES if name not in line] == []
    assert [name for name in NAMES if name.rstrip("s") not in tests] == []
