"""Tables and figures as a notebook shows them: titled, in words, the same in every output.

JupyterLab takes the HTML form, the report takes the Markdown form, from which pandoc makes a
real table for the page and for the PDF. Both come from the same cells, so both say the
same: codes become labels, column names become words, a share becomes a percentage, and a missing
value is a dash.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, overload

import pandas as pd

from ties.io.escape import escape_html, escape_markdown, plain
from ties.schema.vocabulary import BASES, EVENT_KINDS, SIDES, SOURCE_KINDS, STATUSES, TIE_KINDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MISSING: Final = "–"

LABELS: Final[dict[str, str]] = {
    code: term.label
    for words in (TIE_KINDS, EVENT_KINDS, SIDES, SOURCE_KINDS, BASES, STATUSES)
    for code, term in words.items()
}
# Columns whose values are codes; anywhere else a text is shown as it is.
_CODED: Final = frozenset({"kind", "side", "basis", "status", "from_status", "state", "formal"})
# What a column is called where the words of its name would not do.
_HEADERS: Final = {
    "founding_decade": "Decade",
    "n_certain": "Certain",
    "n_possible": "Possible",
    "n": "Ties",
    "name_a": "Place A",
    "name_b": "Place B",
    "start_latest": "Since",
    "status_since": "Since",
    "from_status": "Before",
    "basis_before": "Known from",
    "kind": "Kind",
    "as_of": "As of",
    "seen": "Seen from",
    "known_by": "Known by",
}


@dataclass(frozen=True)
class Shown:
    """A table as text cells, ready for any output. Made by `show`."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_number: tuple[bool, ...]
    caption: str = ""

    def _repr_markdown_(self) -> str:
        """Give a pipe table; the dashes carry the widths that a crowded page should use."""
        caption = f"\n: {escape_markdown(self.caption)}\n" if self.caption else ""
        if not self.rows:
            title = f"{escape_markdown(self.caption)}: " if self.caption else ""
            return f"*{title}no rows.*\n"
        lines = [
            _row([escape_markdown(name) for name in self.headers]),
            _row([_rule(w, n) for w, n in zip(self._widths(), self.is_number, strict=True)]),
            *(_row([escape_markdown(cell) for cell in row]) for row in self.rows),
        ]
        return "\n".join(lines) + "\n" + caption

    def _repr_html_(self) -> str:
        """Give an HTML table for JupyterLab."""
        align = ["right" if number else "left" for number in self.is_number]

        def line(tag: str, cells: tuple[str, ...]) -> str:
            made = (
                f'<{tag} style="text-align: {side}">{escape_html(cell)}</{tag}>'
                for cell, side in zip(cells, align, strict=True)
            )
            return f"<tr>{''.join(made)}</tr>"

        caption = f"<caption>{escape_html(self.caption)}</caption>" if self.caption else ""
        body = "\n".join(line("td", row) for row in self.rows)
        return (
            f"<table>{caption}\n<thead>{line('th', self.headers)}</thead>\n"
            f"<tbody>\n{body}\n</tbody></table>"
        )

    def __repr__(self) -> str:
        """Give the table as plain text, for a terminal."""
        frame = pd.DataFrame(list(self.rows), columns=list(self.headers))
        return f"{self.caption}\n{frame.to_string(index=False)}".strip()

    def _widths(self) -> list[int]:
        """Weigh the columns: by their longest word at least, by their longest cell at most."""
        columns = zip(self.headers, *self.rows, strict=True)
        return [
            max(max(len(word) for cell in cells for word in cell.split(" ")), min(longest, 40))
            for cells in columns
            for longest in [max(map(len, cells))]
        ]


@dataclass(frozen=True)
class ShownFigure:
    """A figure as SVG with a text that says what it shows. Made by `show`."""

    svg: str
    text: str

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, Any]]:
        """Give the picture and, for those who cannot see it, its text."""
        return {"image/svg+xml": self.svg, "text/plain": self.text}, {}


@overload
def show(
    what: pd.DataFrame | pd.Series, caption: str = "", headers: Mapping[str, str] | None = None
) -> Shown: ...


@overload
def show(
    what: Axes | Figure, caption: str = "", headers: Mapping[str, str] | None = None
) -> ShownFigure: ...


def show(
    what: pd.DataFrame | pd.Series | Axes | Figure,
    caption: str = "",
    headers: Mapping[str, str] | None = None,
) -> Shown | ShownFigure:
    r"""Give a table or a figure as a notebook and the report should show it.

    Parameters
    ----------
    what
        A table, whose named index becomes its first column; or what a `draw_` function gave.
    caption
        Title of the table. A figure's own title is used if there is none.
    headers
        Column names in words, where the usual ones would not do.

    Returns
    -------
    Shown or ShownFigure
        JupyterLab displays it; the report makes a table or a picture of it.

    Examples
    --------
    >>> counts = pd.DataFrame({"status": ["no_information"], "share_lower": [0.25]})
    >>> print(show(counts, "How ties stood")._repr_markdown_())
    | Status | Share lower |
    | :--------------- | ------------: |
    | No information | 25\% |
    <BLANKLINE>
    : How ties stood
    <BLANKLINE>
    """
    if isinstance(what, pd.Series):
        what = what.to_frame().T if what.index.dtype == object else what.to_frame()
    if isinstance(what, pd.DataFrame):
        return show_table(what, caption, headers)
    return _show_figure(what, caption)


def show_table(
    table: pd.DataFrame, caption: str = "", headers: Mapping[str, str] | None = None
) -> Shown:
    """Give a table as `show` does."""
    headers = headers or {}
    if any(name is not None for name in table.index.names):
        table = table.reset_index()
    names = [str(name) for name in table.columns]
    columns = [_cells(table.iloc[:, i], name) for i, name in enumerate(names)]
    return Shown(
        headers=tuple(plain(headers.get(name) or header(name)) for name in names),
        rows=tuple(zip(*columns, strict=True)),
        is_number=tuple(_is_number(table.iloc[:, i]) for i in range(len(names))),
        caption=plain(caption),
    )


def _show_figure(what: Axes | Figure, caption: str) -> ShownFigure:
    from matplotlib import pyplot
    from matplotlib.figure import Figure

    from ties.figures import save

    figure = what if isinstance(what, Figure) else what.get_figure(root=True)
    if figure is None:
        raise ValueError("the axes belong to no figure")
    titles = [axes.get_title(loc=loc) for axes in figure.axes for loc in ("left", "center")]
    text = caption or next((title for title in titles if title), "Figure")
    with tempfile.TemporaryDirectory() as folder:
        svg = save(figure, Path(folder) / "figure.svg").read_text(encoding="utf-8")
    pyplot.close(figure)  # or the notebook would show it a second time
    return ShownFigure(svg, plain(text))


def header(name: str) -> str:
    """Give the name of a column in words.

    Examples
    --------
    >>> header("last_activity"), header("founding_decade"), header("no_information")
    ('Last activity', 'Decade', 'No information')
    """
    words = name.replace("_", " ").strip()
    return _HEADERS.get(name) or LABELS.get(name) or words[:1].upper() + words[1:] or MISSING


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _cells(column: pd.Series, name: str) -> list[str]:
    """Give the values of a column as text."""
    return [MISSING if pd.isna(value) else _cell(value, name) for value in column.tolist()]


def _cell(value: Any, name: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, pd.Timestamp):
        return str(value.date())
    if isinstance(value, float):
        return f"{value:.0%}" if name.startswith("share") else f"{value:.3g}"
    if name in _CODED:
        return LABELS.get(str(value), plain(value))
    return plain(value)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _rule(width: int, is_number: bool) -> str:
    return "-" * (width + 1) + ":" if is_number else ":" + "-" * (width + 1)


@dataclass(frozen=True)
class Said:
    """Paragraphs of Markdown, ready for any output. Made by `say`."""

    markdown: str

    def _repr_markdown_(self) -> str:
        """Give the paragraphs."""
        return self.markdown

    def __repr__(self) -> str:
        """Give the paragraphs as text, for a terminal."""
        return self.markdown


def say(*sentences: str) -> Said:
    """Give sentences as paragraphs of Markdown, for the end of a cell.

    Parameters
    ----------
    sentences
        Markdown; text from data has passed `ties.io.escape.escape_markdown`.

    Examples
    --------
    >>> say("One.", "Two.")
    One.
    <BLANKLINE>
    Two.
    """
    return Said("\n\n".join(sentences))
