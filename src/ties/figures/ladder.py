"""The ladder of one quantity: what it is under stronger and stronger assumptions, on one axis.

A bar is a pair of bounds, a line with a point a 90% interval with its middle. Where the condition
of the claim holds is shaded. The rung on which the verdict rests is in the colour of ink; beside
each stands in how many of a hundred draws the condition holds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from ties.claims.cards import Card
from ties.claims.claim import Condition
from ties.claims.ladder import RUNGS, Rung
from ties.claims.words import chance_in_words, in_unit, range_in_words, turning_point
from ties.figures.style import BAR, FAINT, INK, PALE, WIDTH, Sheet, house_style, wrap
from ties.io.escape import plain

ROW: Final = 0.125  # inches a rung
_SCALE: Final = 0.17  # inches of the axis below the rungs
_LABELS, _CHANCES = 1.75, 0.88  # inches left and right of the axis
_EDGE: Final = 0.12
_GAP: Final = 0.22


def height_of(number: Mapping[str, Any]) -> float:
    """Inches that the rungs of a number of a card take, with their axis."""
    return ROW * len(number["rungs"]) + _SCALE


def heading(number: Mapping[str, Any]) -> str:
    """What a ladder is of, the answer of the rung that decides, and what the claim takes."""
    return f"{number['label']}: {range_in_words(number)}; it takes {number['needs']}"


def add_ladder(
    figure: Figure,
    top: float,
    number: Mapping[str, Any],
    condition: Condition,
    *,
    edge: float,
) -> Axes:
    """Draw the rungs of a number of a card below a height (inches), labels and chances beside."""
    rungs: Sequence[Rung] = number["rungs"]
    across, down = figure.get_size_inches()
    x, inner = edge + _LABELS, across - 2 * edge - _LABELS - _CHANCES
    bottom = top - ROW * len(rungs)
    box = (x / across, bottom / down, inner / across, ROW * len(rungs) / down)
    ax = figure.add_axes(box)
    return draw_rungs(number, condition, ax)


def draw_rungs(number: Mapping[str, Any], condition: Condition, ax: Axes) -> Axes:
    """Draw the rungs of a number of a card, the weakest assumption first.

    Parameters
    ----------
    number
        An entry of `Card.numbers`.
    condition
        What it must be.
    ax
        Where to draw; labels stand outside, to its left and right.
    """
    rungs: Sequence[Rung] = number["rungs"]
    wanted = _holds_between(condition)
    first, last = _limits(rungs, wanted)
    ax.set_xlim(first, last)
    ax.set_ylim(len(rungs) - 0.5, -0.5)
    ax.axvspan(max(wanted[0], first), min(wanted[1], last), color=PALE, linewidth=0)
    for mark in filter(math.isfinite, wanted):
        ax.axvline(mark, color=INK, linewidth=0.8)
    for place, rung in enumerate(rungs):
        _draw_rung(ax, place, rung, is_deciding=rung.code == number["rung"])
    ax.set_yticks([])
    ax.spines[["left", "top", "right"]].set_visible(False)
    ax.spines["bottom"].set_color(FAINT)
    ax.tick_params(labelsize=6.5, color=FAINT, labelcolor=INK, length=2, pad=1.5)
    ax.xaxis.set_major_formatter(
        lambda value, _: in_unit(value, str(number["unit"])).replace("-", "−")
    )
    ax.locator_params(axis="x", nbins=5)
    return ax


def _draw_rung(ax: Axes, place: int, rung: Rung, *, is_deciding: bool) -> None:
    colour, weight = (INK, "bold") if is_deciding else (FAINT, "normal")
    first, last = ax.get_xlim()
    low, high = max(rung.lower, first), min(rung.upper, last)
    if low <= high:
        # What is known exactly has a width too, or nobody would see it.
        wide = max(high - low, (last - first) * 0.006)
        is_interval = not math.isnan(rung.value)
        thick = 0.16 if is_interval else 0.56
        bar = INK if is_deciding else BAR
        ax.barh(place, wide, left=low, height=thick, color=bar, linewidth=0, zorder=3)
        if is_interval:
            ax.plot([rung.value], [place], "o", color=bar, markersize=3.6, zorder=4)
    beside = ax.get_yaxis_transform()
    for at, text, side in (
        (-0.015, RUNGS[rung.code].label, "right"),
        (1.015, _chance(rung), "left"),
    ):
        ax.text(
            at, place, text, transform=beside, ha=side, va="center",
            fontsize=6.5, color=colour, weight=weight, clip_on=False,
        )  # fmt: skip


def _chance(rung: Rung) -> str:
    if math.isnan(rung.value):
        return {1.0: "holds", 0.0: "does not hold"}.get(rung.probability, "may hold or not")
    return (
        chance_in_words(rung.probability).replace("more than ", "> ").replace("fewer than ", "< ")
    )


def _limits(rungs: Sequence[Rung], wanted: tuple[float, float]) -> tuple[float, float]:
    ends = [x for rung in rungs for x in (rung.lower, rung.upper) if math.isfinite(x)]
    ends += [x for x in wanted if math.isfinite(x)]
    first, last = min(ends, default=0.0), max(ends, default=1.0)
    room = (last - first or 1.0) * 0.06
    return (0.0 if first >= 0 else first - room), last + room


def _holds_between(condition: Condition) -> tuple[float, float]:
    """The values at which a condition holds."""
    wanted = condition.threshold
    if isinstance(wanted, tuple):
        return float(wanted[0]), float(wanted[1])
    holds_above = bool(condition.holds(math.inf, math.inf))
    return (float(wanted), math.inf) if holds_above else (-math.inf, float(wanted))


@house_style()
def draw_ladder(card: Card) -> Figure:
    """Draw the ladders of a card, one below the other, each with its tipping point.

    Parameters
    ----------
    card
        As `ties.claims.cards.claim_cards` gives it.

    Returns
    -------
    Figure
        As wide as the text of an A4 page.
    """
    texts = [(plain(heading(n)), plain(turning_point(n))) for n in card.numbers]
    inner = WIDTH - 2 * _EDGE
    family = mpl.rcParams["font.family"]
    big, small = (FontProperties(family=family, size=size) for size in (8.5, 7))
    lines = [(wrap(head, inner, big), wrap(turn, inner, small)) for head, turn in texts]
    heights = [
        0.145 * (1 + head.count("\n"))
        + height_of(number)
        + 0.12 * (1 + turn.count("\n")) * bool(turn)
        for (head, turn), number in zip(lines, card.numbers, strict=True)
    ]
    tall = sum(heights) + _GAP * (len(heights) - 1) + 2 * _EDGE
    figure, top = Sheet(figsize=(WIDTH, tall)), tall - _EDGE
    conditions = card.claim.conditions
    for (head, turn), number, condition, height in zip(
        lines, card.numbers, conditions, heights, strict=True
    ):
        _write(figure, top, head, 8.5, INK)
        under = top - 0.145 * (1 + head.count("\n"))
        add_ladder(figure, under, number, condition, edge=_EDGE)
        _write(figure, under - height_of(number), turn, 7, FAINT)
        top -= height + _GAP
    return figure


def _write(figure: Figure, top: float, text: str, size: float, colour: str) -> None:
    across, down = figure.get_size_inches()
    figure.text(
        _EDGE / across, top / down, text,
        fontsize=size, color=colour, va="top", linespacing=1.2, parse_math=False,
    )  # fmt: skip
