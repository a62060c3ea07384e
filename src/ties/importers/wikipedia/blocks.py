"""A page as lists of ties use it: headings, list items, lines of text and rows of tables.

Wikitext and HTML both become such blocks, and from there on nobody asks which it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

RunKind = Literal["text", "link", "flag", "break", "unknown"]
BlockKind = Literal["heading", "item", "term", "text", "row", "header", "table"]

# Deeper than any list that people write; beyond it lies an attack on the parser.
MAX_DEPTH: Final = 40
MERGED_CELLS: Final = ("merged_cells", "has cells that span rows or columns; unfold the table")

_BOLD, _ITALIC = frozenset({"b", "strong"}), frozenset({"i", "em", "cite"})
_STRUCK: Final = frozenset({"s", "del", "strike"})


class Run(NamedTuple):
    """A stretch of a line: a text, a link with its target, or the flag of a country."""

    kind: RunKind
    text: str
    target: str = ""
    is_bold: bool = False
    is_italic: bool = False
    is_struck: bool = False


@dataclass
class Block:
    """One heading, list item, line of text or row of a table.

    Parameters
    ----------
    kind
        "term" is the term of a definition list; "header" a row of a table with the names of
        its columns; "table" the start of a table.
    line
        Line of the file on which it starts, from 1.
    runs
        What it says; for a row of a table, empty.
    level
        Depth of a heading (2 is a section) or of a list item (1 is the outermost).
    references
        What it cites, each as text.
    cells
        The cells of a row.
    fault
        Why it could not be parsed: the rule and the reason.
    """

    kind: BlockKind
    line: int
    runs: list[Run] = field(default_factory=list)
    level: int = 0
    references: list[str] = field(default_factory=list)
    cells: list[list[Run]] = field(default_factory=list)
    fault: tuple[str, str] | None = None

    @property
    def text(self) -> str:
        """The block as a reader sees it, flags left out."""
        runs = self.runs or [run for cell in self.cells for run in [*cell, Run("text", " | ")]]
        return plain(runs)


def styled(kind: RunKind, text: str, tags: Iterable[str], target: str = "") -> Run:
    """A run within some tags of HTML, of which those for bold, italic and struck out count."""
    within = frozenset(tags)
    looks = (not within.isdisjoint(style) for style in (_BOLD, _ITALIC, _STRUCK))
    return Run(kind, text, target, *looks)


def trimmed(runs: list[Run]) -> list[Run]:
    """Runs without the blanks that they begin and end with."""
    filled = [at for at, run in enumerate(runs) if run.kind != "text" or run.text.strip()]
    return runs[filled[0] : filled[-1] + 1] if filled else []


def plain(runs: list[Run]) -> str:
    """Runs as a reader sees them, without flags; blanks are single.

    Examples
    --------
    >>> plain(
    ...     [Run("flag", "France"), Run("text", " "), Run("link", "Lyon"), Run("text", ", France")]
    ... )
    'Lyon, France'
    """
    texts = (" " if run.kind == "break" else run.text for run in runs if run.kind != "flag")
    return " ".join("".join(texts).split())


def citation(title: str, url: str, rest: str = "") -> str:
    """What a source cites as one text: the title and the address, or else the words.

    Examples
    --------
    >>> citation("Partner towns", "https://example.org/p")
    'Partner towns, https://example.org/p'
    """
    parts = [" ".join(part.split()) for part in (title, url)]
    return ", ".join(part for part in parts if part) or " ".join(rest.split())
