"""The notebooks are kept as sources: thin, without outputs, and in the fixed format."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


def test_there_is_one_notebook_a_question():
    assert [path.stem for path in NOTEBOOKS] == ["01-formation", "02-decline", "03-revival"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_thin_and_stored_without_outputs(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert not any("def " in "".join(cell["source"]) for cell in code)
    assert len({cell["id"] for cell in cells}) == len(cells)
    assert any("parameters" in cell["metadata"].get("tags", []) for cell in code)
