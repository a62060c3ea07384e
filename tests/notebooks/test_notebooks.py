"""The notebooks are kept as sources: thin, without outputs, and in the fixed format."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.notebooks.running import run

from ties.report.run import bundled_notebooks

LESSONS = ("00-start-here", "05-your-own-table", "06-two-countries")
NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


QUESTIONS = [path for path in NOTEBOOKS if path.stem not in LESSONS]


def test_there_is_one_notebook_a_question_among_the_lessons():
    assert [path.stem for path in NOTEBOOKS] == [
        "00-start-here",
        "01-formation",
        "02-decline",
        "03-revival",
        "04-claims",
        "05-your-own-table",
        "06-two-countries",
    ]


def test_the_report_holds_the_questions_alone():
    assert bundled_notebooks() == QUESTIONS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_thin_and_stored_without_outputs(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert not any("def " in "".join(cell["source"]) for cell in code)
    assert len({cell["id"] for cell in cells}) == len(cells)
    assert not any("ties.report" in "".join(cell["source"]) for cell in code)
    assert any("parameters" in cell["metadata"].get("tags", []) for cell in code)


@pytest.fixture(scope="module")
def executed():
    """Every notebook with its outputs, by its name; each is run once."""
    return {path.stem: run(path) for path in NOTEBOOKS}


@pytest.mark.slow
@pytest.mark.parametrize("name", [path.stem for path in NOTEBOOKS])
def test_a_notebook_runs_from_top_to_bottom_without_a_warning(executed, name):
    outputs = [output for cell in executed[name].cells for output in cell.get("outputs", [])]
    assert outputs
    assert not [output for output in outputs if output.output_type in ("stream", "error")]


@pytest.mark.slow
@pytest.mark.parametrize("name", [path.stem for path in NOTEBOOKS])
def test_every_cell_that_draws_shows_what_it_drew(executed, name):
    for cell in executed[name].cells:
        if "ax = " in cell.source or "plt.subplots" in cell.source:
            shown = [output.get("data", {}).keys() for output in cell.outputs]
            assert any("image/png" in kinds for kinds in shown), cell.source


@pytest.mark.slow
@pytest.mark.parametrize("name", [path.stem for path in QUESTIONS])
def test_a_notebook_opens_with_the_question_and_ends_with_the_answer(executed, name):
    first, *_, answer, limits = executed[name].cells
    assert "**The question.**" in first.source and "**What counts.**" in first.source
    assert re.search(r"\*\*.+\*\* .*\d", answer.outputs[0].data["text/markdown"])
    assert limits.source.startswith("## What the data cannot say")
