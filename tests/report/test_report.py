"""The report of the record: whole, self-contained, and the same in other circumstances.

The notebooks of the questions are run once for all tests, and here, since the report runs them.
"""

from __future__ import annotations

import json
import re

import pytest
from tests.circumstances import (
    RECORD,
    all_at_once,
    comparable,
    contents,
    differing,
    make,
    make_languages,
)

from ties.report import build_report, execute
from ties.report.run import bundled_notebooks

pytestmark = pytest.mark.slow

NOTEBOOKS = [path.name for path in bundled_notebooks()]


@pytest.fixture(scope="module")
def executed():
    """The notebooks with their outputs, by name, as soon as a report was made here."""
    return {}


@pytest.fixture(scope="module")
def plain(tmp_path_factory, executed):
    """The report, made here."""

    def run_and_keep(paths, *given, **options):
        found = run_notebooks(paths, *given, **options)
        executed.update({path.name: one for path, one in zip(paths, found, strict=True)})
        return found

    run_notebooks = execute.run_notebooks
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(execute, "run_notebooks", run_and_keep)
        return build_report(RECORD, tmp_path_factory.mktemp("plain") / "report")


@pytest.fixture(scope="module")
def two_runs(plain, tmp_path_factory):
    """The report made here, and made by the command where everything is different."""
    scratch = tmp_path_factory.mktemp("circumstances")
    try:
        languages = make_languages(scratch / "languages")
    except FileNotFoundError:
        languages = {}
    make(["report"], all_at_once(languages), scratch, scratch / "other")
    return [plain, scratch / "other" / "report"]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_from_top_to_bottom_without_a_warning(plain, executed, name):
    outputs = [o for cell in executed[name].cells for o in cell.get("outputs", [])]
    assert outputs
    assert not [o for o in outputs if o.output_type in ("stream", "error")]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_opens_with_the_question_and_ends_with_the_answer(plain, executed, name):
    first, *_, answer, limits = executed[name].cells
    assert "**The question.**" in first.source and "**What counts.**" in first.source
    assert "28 November 2018, as known then" in answer.outputs[0].data["text/markdown"]
    assert limits.source.startswith("## What the data cannot say")


def test_two_runs_give_the_same_bytes_though_everything_around_them_differs(two_runs):
    one, other = (comparable("report", contents(out)) for out in two_runs)
    assert differing(one, other) == []


def test_only_checksums_of_what_was_read_tell_the_order_of_its_rows(two_runs):
    one, other = (contents(out) for out in two_runs)
    assert differing(one, other) == ["manifest.json"]


def test_the_page_needs_nothing_from_elsewhere(plain):
    page = (plain / "index.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert not re.search(r'(?:src|rel="stylesheet"[^>]*href)="https?:', page)
    assert 'name="viewport"' in page


def test_everything_is_there(plain):
    names = set(contents(plain))
    assert {"index.html", "report.pdf", "manifest.json"} <= names
    assert (plain / "report.pdf").read_bytes().startswith(b"%PDF")
    for kind in (".svg", ".png"):
        assert sum(name.startswith("figures/") and name.endswith(kind) for name in names) >= 6
    assert any(name.startswith("tables/") and name.endswith(".csv") for name in names)


def test_the_manifest_names_its_inputs_and_no_path_of_this_machine(plain):
    text = (plain / "manifest.json").read_text(encoding="utf-8")
    assert json.loads(text)
    assert "events.csv" in text and str(plain.parent) not in text
