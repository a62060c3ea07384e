"""Notebooks, run from top to bottom in the Python that runs the tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbclient import NotebookClient


def with_parameters(path: Path, parameters: Mapping[str, object]) -> nbformat.NotebookNode:
    """The notebook, its parameters set anew after the cell that sets them."""
    notebook = nbformat.read(path, as_version=4)
    tags = [cell.metadata.get("tags", []) for cell in notebook.cells]
    place = next(i for i, tagged in enumerate(tags) if "parameters" in tagged)
    source = "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
    notebook.cells.insert(place + 1, nbformat.v4.new_code_cell(source, id="set-anew"))
    return notebook


def run(path: Path, parameters: Mapping[str, object] | None = None) -> nbformat.NotebookNode:
    """The notebook with its outputs; a cell that fails is an error."""
    notebook = with_parameters(path, parameters or {})
    NotebookClient(notebook, timeout=600, kernel_name="python3").execute()
    return notebook


def code_of(notebook: nbformat.NotebookNode) -> str:
    """All code of a notebook as one text, to be run without a kernel."""
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
