"""Notebooks run with parameters that are values, and say clearly what went wrong."""

from __future__ import annotations

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from ties.report.document import notebook_page
from ties.report.errors import ReportError
from ties.report.execute import inject, run_notebooks


def notebook(*sources, tags=("parameters",)):
    cells = [new_code_cell("x = 1", id="parameters", metadata={"tags": list(tags)})]
    cells += [new_code_cell(source, id=f"c{i}") for i, source in enumerate(sources)]
    return new_notebook(cells=cells)


def save(path, *sources):
    nbformat.write(notebook(*sources), path)
    return path


def test_a_value_is_never_code():
    text = "'); import os; print('"
    cell = inject(notebook(), {"x": text}).cells[1]
    scope = {}
    exec(cell.source, scope)
    assert scope["x"] == text


@pytest.mark.parametrize("parameters", [{"x": object()}, {"x; y": 1}, {"x": float("nan")}])
def test_what_is_no_literal_is_refused(parameters):
    with pytest.raises(ReportError, match="not a plain value"):
        inject(notebook(), parameters)


def test_a_notebook_must_say_where_its_parameters_are():
    with pytest.raises(ReportError, match="no cell with the tag 'parameters'"):
        inject(notebook(tags=()), {"x": 1})


def test_a_run_uses_the_parameters_and_this_python(tmp_path):
    path = save(tmp_path / "a.ipynb", "import sys\nprint(x, sys.executable)")
    import sys

    done = run_notebooks([path], {"x": [2, "é"]})[0]
    assert done.cells[2].outputs[0].text == f"[2, 'é'] {sys.executable}\n"


def test_an_error_names_the_notebook_the_cell_and_the_reason(tmp_path):
    path = save(tmp_path / "02-x.ipynb", "y = 2", "1 / 0")
    with pytest.raises(ReportError, match=r"02-x\.ipynb, cell 3 \(1 / 0\): ZeroDivisionError"):
        run_notebooks([path], {})


def test_a_cell_that_hangs_and_a_kernel_that_dies_are_errors(tmp_path):
    slow = save(tmp_path / "slow.ipynb", "import time; time.sleep(60)")
    with pytest.raises(ReportError, match=r"slow\.ipynb: a cell took more than 1 seconds"):
        run_notebooks([slow], {}, timeout=1)
    dead = save(tmp_path / "dead.ipynb", "import os; os._exit(3)")
    with pytest.raises(ReportError, match=r"dead\.ipynb: the kernel died"):
        run_notebooks([dead], {})


def test_a_file_that_is_no_notebook_is_an_error(tmp_path):
    path = tmp_path / "no.ipynb"
    path.write_text("{")
    with pytest.raises(ReportError, match=r"no\.ipynb is not a notebook"):
        run_notebooks([path], {})
    with pytest.raises(ReportError, match=r"none\.ipynb cannot be read"):
        run_notebooks([tmp_path / "none.ipynb"], {})


def test_a_page_leaves_parameters_out_and_fences_what_was_printed(tmp_path):
    made = inject(notebook("print('x')"), {"x": "/home/someone"})
    made.cells.insert(0, new_markdown_cell("# Title", id="title"))
    printed = {"output_type": "stream", "name": "stdout", "text": "```\n<b>\n"}
    warned = {"output_type": "stream", "name": "stderr", "text": "/home/someone/x.py: warning"}
    made.cells[-1].outputs = [nbformat.from_dict(o) for o in (printed, warned)]
    page = notebook_page(made, "a", tmp_path).markdown
    assert page.startswith("# Title")
    assert "someone" not in page and "x = 1" not in page
    assert "```` {.output}\n```\n<b>\n````" in page
