"""One claim on a card that can be lifted out: what was said, the verdict, and what decides it.

Under the verdict each quantity is a bar from one bound to the other, on a scale of its own, with
the grid of choices as a thin line behind it. What would make the claim true is shaded. A card
bears its sources and its day, so that it stays true when it is torn out of its page.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from ties.claims.cards import Card
from ties.claims.claim import Condition
from ties.claims.words import in_unit, side_in_words, verdict_in_words
from ties.figures.style import BAR, FAINT, INK, PALE, Sheet, house_style, save, wrap
from ties.io.escape import plain

# 1200 by 675 pixels at the resolution of `ties.figures.style.save`, the shape of a shared link.
SIZE: Final = (6.0, 3.375)
_EDGE: Final = 0.28  # inches
_COLOURS: Final = {
    "supported": "#0B6B3A",
    "very_likely": "#0B6B3A",
    "likely": "#4F7A1F",
    "open": "#3B5468",
    "unlikely": "#9A5A1A",
    "very_unlikely": "#A32015",
    "not_supported": "#A32015",
}
_SIGNS: Final = {
    "supported": "●",
    "very_likely": "◕",
    "likely": "◑",
    "open": "?",
    "unlikely": "◔",
    "very_unlikely": "○",
    "not_supported": "✕",
}
_MOST_LINES: Final = 3
_FOOT: Final = 6.5  # points


@house_style()
def draw_claim_card(card: Card, sources: str = "") -> Figure:
    """Draw a card.

    Parameters
    ----------
    card
        As `ties.claims.cards.claim_cards` gives it.
    sources
        What the answer rests on, such as "548 sources of the record us-russia".

    Returns
    -------
    Figure
        Of 1200 by 675 pixels once saved; `ties.figures.style.save` writes it.
    """
    figure = Sheet(figsize=SIZE)
    width = SIZE[0] - 2 * _EDGE
    said = card.claim
    top = SIZE[1] - 0.24
    top = _write(figure, top, f"{said.who}, {said.said_on}", 7.5, width, FAINT)
    top = _write(figure, top - 0.06, f"“{said.wording}”", 13, width, INK, "bold", 2)
    verdict = f"{_SIGNS[card.verdict]} {verdict_in_words(card)}"
    top = _write(figure, top - 0.08, verdict, 12, width, _COLOURS[card.verdict], "bold")
    top = _write(figure, top - 0.02, f"On {side_in_words(card)}", 7.5, width, FAINT)
    top -= 0.12
    for number, condition in zip(card.numbers, said.conditions, strict=True):
        top = _draw_number(figure, top, number, condition)
    _write(figure, top - 0.06, " ".join(card.changes), 7.5, width, INK, lines=_MOST_LINES)
    foot = f"Bounds: {card.numbers[0]['bound_type']}; "
    foot += f"thin line: over {card.n_points} ways of counting."
    foot += f" Sources: {sources}." if sources else ""
    _write(figure, 2.4 * _FOOT / 72 + 0.08, foot, _FOOT, width, FAINT, lines=2)
    return figure


def save_claim_cards(cards: list[Card], folder: str | Path, sources: str = "") -> list[Path]:
    """Write every card as SVG and as PNG, named by its claim and its day.

    Returns
    -------
    list of Path
        The files, in the order of the cards.
    """
    home = Path(folder)
    home.mkdir(parents=True, exist_ok=True)
    written = []
    for card in cards:
        then = "-as-known-then" if card.known_by else ""
        figure = draw_claim_card(card, sources)
        for suffix in (".svg", ".png"):
            name = f"{card.claim.claim_id}-{card.as_of}{then}{suffix}"
            written.append(save(figure, home / name))
    return written


def _write(
    figure: Figure,
    top: float,
    text: str,
    size: float,
    width: float,
    colour: str,
    weight: str = "normal",
    lines: int = 1,
) -> float:
    """Write text below a height, broken into lines; give the height below it (inches)."""
    font = FontProperties(family=mpl.rcParams["font.family"], size=size, weight=weight)
    wrapped = wrap(plain(text), width, font).split("\n")
    if len(wrapped) > lines:
        wrapped = [*wrapped[: lines - 1], wrapped[lines - 1].rstrip(" ,;:") + " …"]
    figure.text(
        _EDGE / SIZE[0], top / SIZE[1], "\n".join(wrapped), fontproperties=font, color=colour,
        va="top", linespacing=1.2, parse_math=False,
    )  # fmt: skip
    return top - len(wrapped) * size * 1.2 / 72


def _draw_number(
    figure: Figure, top: float, number: Mapping[str, Any], condition: Condition
) -> float:
    """Draw one quantity: its bounds, the grid, and where the claim is true."""
    low, high = in_unit(number["lower"], number["unit"]), in_unit(number["upper"], number["unit"])
    words = f"{number['label']}: {low} to {high}; it takes {number['needs']}"
    top = _write(figure, top, words, 8.5, SIZE[0] - 2 * _EDGE, INK)
    box = (_EDGE / SIZE[0], (top - 0.34) / SIZE[1], 1 - 2 * _EDGE / SIZE[0], 0.2 / SIZE[1])
    ax = figure.add_axes(box)
    ends = [x for x in (number[n] for n in ("lower", "upper", "least", "most")) if math.isfinite(x)]
    wanted = _interval(condition)
    marks = [x for x in wanted if math.isfinite(x)]
    if not ends:
        ax.set_axis_off()
        return top - 0.1
    first, last = min(*ends, *marks), max(*ends, *marks)
    room = (last - first or 1.0) * 0.06
    first, last = (0.0 if first >= 0 else first - room), last + room
    ax.set_xlim(first, last)
    ax.set_ylim(0, 1)
    ax.axvspan(max(wanted[0], first), min(wanted[1], last), color=PALE, linewidth=0)
    for mark in marks:
        ax.axvline(mark, color=INK, linewidth=1.0)
    _bar(ax, number["least"], number["most"], first, last, 0.16, FAINT)
    _bar(ax, number["lower"], number["upper"], first, last, 0.62, BAR)
    ax.set_yticks([])
    ax.spines[["left", "top", "right"]].set_visible(False)
    ax.spines["bottom"].set_color(FAINT)
    ax.tick_params(labelsize=7, color=FAINT, labelcolor=INK, length=2, pad=1.5)
    ax.xaxis.set_major_formatter(lambda value, _: in_unit(value, str(number["unit"])))
    ax.locator_params(axis="x", nbins=6)
    return top - 0.56


def _bar(
    ax: Axes, low: float, high: float, first: float, last: float, thick: float, colour: str
) -> None:
    begin, end = max(low, first), min(high, last)
    if math.isfinite(begin) and math.isfinite(end):
        # A number that is known has a width too, or nobody would see it.
        wide = max(end - begin, (last - first) * 0.004)
        ax.barh(0.5, wide, left=begin, height=thick, color=colour, linewidth=0, zorder=3)


def _interval(condition: Condition) -> tuple[float, float]:
    """Give the values at which a condition holds."""
    wanted = condition.threshold
    if isinstance(wanted, tuple):
        return float(wanted[0]), float(wanted[1])
    holds_above = bool(condition.holds(math.inf, math.inf))
    return (float(wanted), math.inf) if holds_above else (-math.inf, float(wanted))
