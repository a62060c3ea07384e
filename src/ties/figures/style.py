"""The house style: one look for every figure, made to be printed and read.

A figure is as wide as the text of an A4 page, so what is 8 points here is 8 points on paper.
Each status has one colour, the same in every figure, and the colours stay apart for people
with any of the three kinds of colour blindness. Text is never read as mathematics: a place
may be called ``A_$B$``. Nothing here knows a clock, so that the same figure has the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure, FigureBase
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text
from matplotlib.textpath import TextToPath
from matplotlib.ticker import MaxNLocator

from ties.io.atomic import whole_file
from ties.schema.vocabulary import STATUSES

WIDTH: Final = 6.3  # inches: the text of an A4 page between margins of 25 mm
MIN_TEXT: Final = 7.5  # points
FORMATS: Final = ("svg", "png", "pdf")
DPI: Final = 200

STATUS_COLOURS: Final[dict[str, str]] = {
    "active": "#0B6BB0",
    "revived": "#2FB5D8",
    "dormant": "#F2A900",
    "suspended": "#B8400E",
    "terminated": "#2B2B33",
    "no_information": "#DDDDDD",
}
# From the bottom: alive for certain, not known, not alive for certain.
_ALIVE: Final = tuple(code for code, term in STATUSES.items() if term.group == "alive")
_BELOW: Final = (*_ALIVE, "no_information")
STATUS_ORDER: Final = (*_BELOW, *(code for code in STATUSES if code not in _BELOW))
HATCHES: Final[dict[str, str]] = {"no_information": "////"}
INK: Final = "#222222"
FAINT: Final = "#767676"
PALE: Final = "#E9EEF2"
BAR: Final = "#3B5468"

_FONT: Final = "DejaVu Sans"
_TITLE: Final = 10.0
_CSS_INCH: Final = 96  # pixels
_LINE: Final = 1.25  # height of a line of text, in font sizes
_RC: Final[dict[Any, Any]] = {
    "font.family": [_FONT],
    "font.size": 8.5,
    "text.parse_math": False,
    "text.usetex": False,
    "axes.unicode_minus": True,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "text.color": INK,
    "hatch.linewidth": 0.5,
    "patch.linewidth": 0.5,
    "svg.fonttype": "path",
    "svg.hashsalt": "ties",
    "pdf.fonttype": 42,
    "savefig.bbox": None,
    "savefig.transparent": False,
    "path.simplify": True,
}
_METADATA: Final[dict[str, dict[str, None]]] = {
    "svg": {"Date": None, "Creator": None},
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


@contextmanager
def house_style() -> Iterator[None]:
    """Set matplotlib up for the house style, for as long as a figure is drawn.

    Only these settings are put back: what pyplot sets when it is first imported has to stay, or a
    notebook would show the first figure and no other.
    """
    before = {key: mpl.rcParams[key] for key in _RC}
    mpl.rcParams.update(_RC)
    try:
        yield
    finally:
        mpl.rcParams.update(before)


class Sheet(Figure):
    """A figure that no window manager knows of, but that JupyterLab shows all the same."""

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        """What IPython asks of an object that can show itself, at its printed size."""
        picture = BytesIO()
        with house_style():
            self.savefig(picture, format="png", dpi=DPI, metadata=_METADATA["png"])
        width, height = (round(inches * _CSS_INCH) for inches in self.get_size_inches())
        return picture.getvalue(), {"width": width, "height": height}


@dataclass(frozen=True)
class Layout:
    """Room for a figure, in inches: its height, and the margins round its axes."""

    height: float
    left: float = 0.6
    right: float = 0.25
    top: float = 0.75
    bottom: float = 1.0
    width: float = WIDTH

    def figure(self) -> Axes:
        """Make a sheet of this size, and give its axes."""
        return self.fill(Sheet(figsize=(self.width, self.height)))

    def fill(self, figure: FigureBase) -> Axes:
        """Put axes into a figure, or a part of one, of this size."""
        across, up = self.left + self.right, self.top + self.bottom
        return figure.add_axes(
            (
                self.left / self.width,
                self.bottom / self.height,
                (self.width - across) / self.width,
                (self.height - up) / self.height,
            )
        )


def prepare(ax: Axes | None, layout: Layout) -> Axes:
    """Axes in house style: those given, or new ones of pyplot, which a notebook shows."""
    if ax is None:
        import matplotlib.pyplot as plt

        ax = layout.fill(plt.figure(figsize=(layout.width, layout.height)))
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["left", "bottom"]].set_color(FAINT)
    ax.tick_params(labelsize=8, labelfontfamily=_FONT, color=FAINT, labelcolor=INK, length=3)
    for axis in (ax.xaxis, ax.yaxis):
        axis.label.set(size=8.5, color=INK, family=_FONT)
    ax.set_axisbelow(True)
    return ax


def set_title(ax: Axes, finding: str, *, from_left: float = 0.0, above: float = 0.12) -> Text:
    """Write the finding above the axes, wrapped to the room there is.

    Parameters
    ----------
    ax
        Axes of a figure whose size is settled.
    finding
        One sentence, as computed from the table that is drawn.
    from_left
        Inches left of the axes at which the text begins, for figures with long names there.
    above
        Inches above the axes at which it ends, for figures with a key there.
    """
    inches = ax.get_window_extent().width / figure_of(ax).dpi
    font = FontProperties(family=_FONT, size=_TITLE, weight="bold")
    wrapped = wrap(finding, inches + from_left, font)
    title = ax.set_title(
        wrapped, loc="left", pad=above * 72, font=font, parse_math=False, linespacing=_LINE
    )
    title.set_x(-from_left / inches)
    return title


def fit_height(ax: Axes, foot: Text) -> None:
    """Let axes take the height that their title above and the footer below leave.

    The axes must be alone in their figure. A map keeps its place, since it keeps its shape.
    """
    if ax.get_aspect() != "auto":
        return
    figure, drawn = figure_of(ax), ax.get_tightbbox()
    assert drawn is not None  # axes that are drawn have an extent
    room = 0.1 * figure.dpi
    below = (drawn.y0 - foot.get_window_extent().y1 - room) / figure.bbox.height
    above = (figure.bbox.y1 - drawn.y1 - room) / figure.bbox.height
    place = ax.get_position()
    ax.set_position((place.x0, place.y0 - below, place.width, place.height + below + above))


def figure_of(ax: Axes) -> Figure:
    """The figure that axes are on, also from within a subfigure."""
    figure = ax.get_figure(root=True)
    assert figure is not None  # axes that were taken off their figure cannot be drawn on
    return figure


def wrap(text: str, inches: float, font: FontProperties) -> str:
    r"""Break text into lines that are no wider than so many inches, as the font measures them.

    Examples
    --------
    >>> wrap("one two three", 0.5, FontProperties(family="DejaVu Sans", size=8))
    'one two\nthree'
    """
    lines: list[list[str]] = []
    # Each word is measured once: to measure the line anew with each word takes many times as long.
    space, room = text_width(" ", font), 0.0
    for word in text.split():
        width = text_width(word, font) + space
        if not lines or width > room:
            lines.append([])
            room = inches + space
        lines[-1].append(word)
        room -= width
    return "\n".join(" ".join(line) for line in lines)


@lru_cache(maxsize=10_000)  # the figures of a report say much the same words
def text_width(text: str, font: FontProperties) -> float:
    """Measure a line of text, in inches."""
    width, _, _ = TextToPath().get_text_width_height_descent(text, font, ismath=False)
    return float(width) / 72


def footer(
    figure: Figure,
    sources: str,
    as_of: str,
    known_by: str | None = None,
    n_undated: int | None = None,
    note: str = "",
) -> Text:
    """Write below a figure where it comes from, and as of when.

    Parameters
    ----------
    figure
        The figure, with room at its foot.
    sources
        What the figure rests on, such as "548 sources of the record us-russia".
    as_of, known_by
        ISO days: the day looked from, and the day until which sources were out.
    n_undated
        Ties whose founding has no known beginning.
    note
        What to know for reading the figure.
    """
    parts = [note, f"As of {as_of}" + (f", as it could be known on {known_by}" if known_by else "")]
    if n_undated is not None:
        parts[-1] += f"; {n_undated} {'tie' if n_undated == 1 else 'ties'} without a founding date"
    sentences = [part.rstrip(".") + "." for part in [*parts, f"Sources: {sources}"] if part]
    font = FontProperties(family=_FONT, size=MIN_TEXT)
    text = wrap(" ".join(sentences), figure.get_figwidth() - 0.3, font)
    return figure.text(
        0.15 / figure.get_figwidth(),
        0.1 / figure.get_figheight(),
        text,
        ha="left",
        va="bottom",
        font=font,
        color=FAINT,
        linespacing=_LINE,
        parse_math=False,
    )


def save(figure: Figure, path: str | os.PathLike[str]) -> Path:
    """Write a figure as SVG, PNG or PDF: the same bytes each time, whole or not at all.

    Raises
    ------
    ValueError
        If the name does not end in ``.svg``, ``.png`` or ``.pdf``.
    OutputError
        If the file cannot be written. What stood there before still stands.
    """
    target = Path(path)
    kind = target.suffix.lower().lstrip(".")
    if kind not in FORMATS:
        raise ValueError(f"{target.name!r} is not a figure file; it ends in .svg, .png or .pdf")
    with whole_file(target) as part, house_style():
        figure.savefig(part, format=kind, dpi=DPI, metadata=_METADATA[kind])
    return target


def svg(figure: Figure) -> str:
    """Return a figure as the text of an SVG file."""
    picture = BytesIO()
    with house_style():
        figure.savefig(picture, format="svg", metadata=_METADATA["svg"])
    return picture.getvalue().decode()


def empty_frame(ax: Axes, finding: str) -> Axes:
    """Leave the axes empty, and say that there is nothing to draw."""
    ax.set(xticks=[], yticks=[])
    ax.text(0.5, 0.5, "no ties", transform=ax.transAxes, ha="center", va="center", color=FAINT)
    set_title(ax, finding)
    return ax


def whole_numbers(*axes: Axis) -> None:
    """Put ticks at whole numbers only: there is no half tie, and no half year."""
    for axis in axes:
        axis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 5, 10], integer=True))


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> np.ndarray:
    """Move labels apart as little as needed: in their order, at least `gap` from each other.

    Examples
    --------
    >>> spread([1.0, 1.2, 9.0], gap=1.0, low=0.0, high=10.0).tolist()
    [1.0, 2.0, 9.0]
    """
    order = np.argsort(wanted, kind="stable")
    placed = np.asarray(wanted, dtype=float)[order]
    steps = gap * np.arange(len(placed))
    # Push up past the one below, then back down where the top has been overrun.
    placed = np.maximum.accumulate(np.maximum(placed, low) - steps) + steps
    ceiling = high - steps[::-1]
    placed = np.minimum(placed, ceiling)
    result = np.empty(len(placed))
    result[order] = placed
    return result


def count(n: int | float, one: str, many: str | None = None) -> str:
    """A number with its noun.

    Examples
    --------
    >>> count(1, "tie"), count(1400, "tie")
    ('1 tie', '1,400 ties')
    """
    return f"{int(n):,} {one if n == 1 else many or one + 's'}"


def names_of(table: Any, codes: Iterable[str]) -> dict[str, str]:
    """The labels of codes of a vocabulary, the code itself where it is unknown."""
    return {code: table[code].label if code in table else code for code in codes}


def year_of(days: Any) -> np.ndarray:
    """Days as years with their fraction, for a time axis; a missing day is nan."""
    day = np.asarray(days, dtype="datetime64[D]")
    year = day.astype("datetime64[Y]")
    following = year + np.timedelta64(1, "Y")
    length = (following.astype("datetime64[D]") - year.astype("datetime64[D]")).astype(float)
    within = (day - year.astype("datetime64[D]")).astype(float)
    years = year.astype(float) + 1970 + within / length
    return np.where(np.isnat(day), np.nan, years)
