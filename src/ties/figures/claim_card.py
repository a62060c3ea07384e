"""One claim on a card that can be lifted out: what was said, the verdict, and what decides it.

Under the verdict stands the ladder of each quantity (`ties.figures.ladder`), and where the answer
turns. A card bears its sources and its day, so that it stays true when it is torn out of its page.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from ties.claims.cards import Card
from ties.claims.words import side_in_words, turning_point, verdict_in_words
from ties.figures.ladder import add_ladder, heading, height_of
from ties.figures.style import FAINT, INK, Sheet, house_style, save, wrap
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
    top -= 0.1
    for number, condition in zip(card.numbers, said.conditions, strict=True):
        top = _write(figure, top, heading(number), 8.5, width, INK) - 0.02
        add_ladder(figure, top, number, condition, edge=_EDGE)
        top -= height_of(number) + 0.05
    turning = " ".join(_turning(card)) or " ".join(card.changes)
    _write(figure, top, turning, 7, width, INK, lines=_MOST_LINES)
    foot = "Bar: bounds; line: 90% interval; shaded: where it is true; in bold: what decides."
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


def _turning(card: Card) -> list[str]:
    """Where each answer turns, with the name of its quantity where there are several."""
    points = {str(n["label"]): turning_point(n) for n in card.numbers}
    if len(points) == 1:
        return [*filter(None, points.values())]
    return [f"{label}: {_lower(point)}" for label, point in points.items() if point]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
