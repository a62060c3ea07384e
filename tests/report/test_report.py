"""The report of the record: whole, self-contained, and the same in other circumstances."""

from __future__ import annotations

import json
import re

import pytest
from tests.circumstances import (
    Circumstances,
    all_at_once,
    comparable,
    contents,
    differing,
    make,
    make_languages,
)


@pytest.fixture(scope="module")
def two_runs(tmp_path_factory):
    scratch = tmp_path_factory.mktemp("circumstances")
    try:
        languages = make_languages(scratch / "languages")
    except FileNotFoundError:
        languages = {}
    outs = [scratch / "plain", scratch / "other"]
    for out, under in zip(outs, (Circumstances(), all_at_once(languages)), strict=True):
        make(["report"], under, scratch, out)
    return [out / "report" for out in outs]


def test_two_runs_give_the_same_bytes_though_everything_around_them_differs(two_runs):
    one, other = (comparable("report", contents(out)) for out in two_runs)
    assert differing(one, other) == []


def test_only_checksums_of_what_was_read_tell_the_order_of_its_rows(two_runs):
    one, other = (contents(out) for out in two_runs)
    assert differing(one, other) == ["manifest.json"]


def test_the_page_needs_nothing_from_elsewhere(two_runs):
    page = (two_runs[0] / "index.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert not re.search(r'(?:src|rel="stylesheet"[^>]*href)="https?:', page)
    assert 'name="viewport"' in page


def test_everything_is_there(two_runs):
    names = set(contents(two_runs[0]))
    assert {"index.html", "report.pdf", "manifest.json"} <= names
    assert (two_runs[0] / "report.pdf").read_bytes().startswith(b"%PDF")
    for kind in (".svg", ".png"):
        assert sum(name.startswith("figures/") and name.endswith(kind) for name in names) >= 6
    assert any(name.startswith("tables/") and name.endswith(".csv") for name in names)


def test_the_manifest_names_its_inputs_and_no_path_of_this_machine(two_runs):
    text = (two_runs[0] / "manifest.json").read_text(encoding="utf-8")
    assert json.loads(text)
    assert "events.csv" in text and str(two_runs[0].parent) not in text
