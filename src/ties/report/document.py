"""From executed notebooks to one document, in pandoc's Markdown.

Prose stays as it is, code becomes a block that the page folds and the PDF leaves out, and
an output becomes what its best form allows: a table, a picture, or plain text. The text is read
by pandoc without raw HTML, so an output in HTML only has no place in a report.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ties.io.escape import escape_markdown
from ties.report.execute import INJECTED_TAG, PARAMETERS_TAG

if TYPE_CHECKING:
    from nbformat import NotebookNode

FRONT_TAG: Final = "front-page"
_FENCE: Final = re.compile(r"`{3,}")
_SUFFIXES: Final = {"image/svg+xml": ".svg", "image/png": ".png"}


@dataclass(frozen=True)
class Page:
    """A chapter of the report: Markdown that begins with its own first-level heading."""

    slug: str
    markdown: str


def notebook_page(notebook: NotebookNode, slug: str, assets: Path) -> Page:
    """Give an executed notebook as a page; its pictures go to a folder.

    The cells that set the parameters are left out: the method page names them in words, and
    they hold paths of the machine.
    """
    parts: list[str] = []
    for number, cell in enumerate(notebook.cells, start=1):
        tags = set(cell.metadata.get("tags", []))
        if cell.cell_type == "markdown":
            parts.append(cell.source)
        elif cell.cell_type == "code" and not tags & {PARAMETERS_TAG, INJECTED_TAG}:
            parts.append(_fenced(cell.source, ".python .code"))
            parts += _outputs(cell.outputs, assets, f"{slug}-{number:02d}")
    return Page(slug, "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n")


def front_parts(notebook: NotebookNode) -> list[str]:
    """Give the texts and tables of an executed notebook that belong on the page in front.

    They are the outputs of its cells tagged ``front-page``; pictures stay where they are.
    """
    return [
        output.data["text/markdown"].strip("\n")
        for cell in notebook.cells
        if FRONT_TAG in cell.metadata.get("tags", [])
        for output in cell.get("outputs", [])
        if "text/markdown" in output.get("data", {})
    ]


def join_pages(pages: Sequence[Page]) -> str:
    """Give the pages as one text."""
    return "\n\n".join(page.markdown.strip("\n") for page in pages) + "\n"


def _outputs(outputs: Sequence[Any], assets: Path, stem: str) -> list[str]:
    shown = []
    for number, output in enumerate(outputs, start=1):
        if output.output_type == "stream" and output.name == "stdout":
            shown.append(_fenced(output.text, ".output"))
        elif output.output_type in ("display_data", "execute_result"):
            shown.append(_best(output.data, assets, f"{stem}-{number}"))
    return shown


def _best(data: dict[str, str], assets: Path, stem: str) -> str:
    """Take the form of an output that keeps most of it on paper."""
    for kind, suffix in _SUFFIXES.items():
        if kind in data:
            content = data[kind]
            is_text = kind == "image/svg+xml"
            picture = content.encode() if is_text else base64.b64decode(content)
            (assets / f"{stem}{suffix}").write_bytes(picture)
            # The folder of the assets is where pandoc looks, so the name is enough.
            return f"![{_alternative(data)}]({stem}{suffix})"
    if "text/markdown" in data:
        return data["text/markdown"]
    return _fenced(data.get("text/plain", ""), ".output")


def _alternative(data: dict[str, str]) -> str:
    text = data.get("text/plain", "")
    return "Figure" if text.startswith("<") else escape_markdown(text)


def _fenced(text: str, classes: str) -> str:
    """Fence a text with more backticks than it holds in a row."""
    longest = max((len(run) for run in _FENCE.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence} {{{classes}}}\n{text.rstrip()}\n{fence}" if text.strip() else ""
