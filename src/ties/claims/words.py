"""Cards in words: a number with no more digits than it bears, a card as one paragraph."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ties.claims.cards import Card
from ties.claims.ladder import RUNGS, Rung
from ties.claims.verdict import VERDICTS


def in_unit(value: float, unit: str) -> str:
    """Write a number in its unit.

    Examples
    --------
    >>> in_unit(0.3459, "share"), in_unit(2.2369, "ratio"), in_unit(159.0, "ties")
    ('35%', '2.24', '159')
    >>> in_unit(float("inf"), "ratio"), in_unit(float("nan"), "share")
    ('any number', '–')
    """
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "any number"
    if unit == "share":
        return f"{round(100 * value):d}%"
    return f"{value:.2f}" if unit == "ratio" else f"{value:,.0f}"


def bounds_in_words(number: Mapping[str, Any]) -> str:
    """Write the bounds of one number of a card, and what they are."""
    lower, upper = (in_unit(number[end], number["unit"]) for end in ("lower", "upper"))
    return f"{lower} to {upper} ({number['bound_type']})"


def side_in_words(card: Card) -> str:
    """From which day a card was tested, and with whose knowledge."""
    return card.as_of + (f", as could be known on {card.known_by}" if card.known_by else "")


def verdict_in_words(card: Card) -> str:
    """The verdict, and where it rests on a chance, that chance.

    The chance of what is said is meant: "unlikely" bears the chance that the claim is true.
    """
    label = VERDICTS[card.verdict].label
    low, high = card.chance
    if card.answer != "open" or card.verdict == "open":
        return label
    return f"{label} ({_in_hundred(low, high)})"


def say_card(card: Card) -> str:
    """A card in one paragraph: the verdict, and the numbers that decide it."""
    numbers = "; ".join(
        f"{number['label'].lower()} {_deciding_in_words(number)}, needs {number['needs']}"
        for number in card.numbers
    )
    side = side_in_words(card)
    return f"“{card.claim.wording}” {verdict_in_words(card)}: {numbers} ({side})."


def say_plainly(card: Card) -> str:
    """A card to somebody who reads no statistics: the answer, its price, what would turn it.

    Examples
    --------
    >>> import ties
    >>> from ties.claims.cards import claim_cards
    >>> from ties.claims.read import bundled_claims
    >>> claim = next(c for c in bundled_claims() if c.claim_id == "most-in-the-1990s")
    >>> card = claim_cards(ties.load("us-russia"), [claim], seed=1)[-1]
    >>> say_plainly(card).split("”")[1].split(":")[0]
    '** Very likely (more than 99 in 100)'
    """
    numbers = "; ".join(
        f"{number['label'].lower()} {_deciding_in_words(number)}, where it takes {number['needs']}"
        for number in card.numbers
    )
    turning: dict[str, list[str]] = {}
    for rung in map(_deciding, card.numbers):
        if rung.code != "worst_case":
            turning.setdefault(rung.assumption, []).append(rung.tipping_point)
    price = " ".join(
        " ".join([f"This assumes: {_lower(assumption)}", *filter(None, points)])
        for assumption, points in turning.items()
    )
    more = "" if price else " ".join(card.changes)
    said = f"**“{card.claim.wording}”** {verdict_in_words(card)}: {numbers}."
    return f"{said} {price}{more}".strip()


def rung_in_words(rung: Rung, unit: str) -> str:
    """What a quantity is on a rung, and how sure it is that the condition holds.

    Examples
    --------
    >>> rung_in_words(Rung("alike", 0.57, 0.63, 0.68, 0.998), "share")
    '57% to 68% (90% interval); the condition holds in more than 99 in 100 draws'
    """
    low, high = in_unit(rung.lower, unit), in_unit(rung.upper, unit)
    if math.isnan(rung.value):
        holds = {1.0: "; the condition holds", 0.0: "; the condition does not hold"}
        return f"{low} to {high} (bounds){holds.get(rung.probability, '; either is possible')}"
    chance = chance_in_words(rung.probability)
    return f"{low} to {high} (90% interval); the condition holds in {chance} draws"


def _deciding(number: Mapping[str, Any]) -> Rung:
    found: Rung = next(rung for rung in number["rungs"] if rung.code == number["rung"])
    return found


def _deciding_in_words(number: Mapping[str, Any]) -> str:
    rung = _deciding(number)
    if rung.code == "worst_case":
        return bounds_in_words(number)
    low, high = in_unit(rung.lower, number["unit"]), in_unit(rung.upper, number["unit"])
    return f"{low} to {high} (90% interval, {_lower(RUNGS[rung.code].label)})"


def range_in_words(number: Mapping[str, Any]) -> str:
    """The range of one number of a card on the rung that decides: "50% to 54%"."""
    rung = _deciding(number)
    low, high = (in_unit(end, number["unit"]) for end in (rung.lower, rung.upper))
    return (low if low == high else f"{low} to {high}").replace("-", "−")


def turning_point(number: Mapping[str, Any]) -> str:
    """Where the answer of the rung that decides turns; of the worst case where no rung says."""
    return next(
        (r.tipping_point for r in (_deciding(number), number["rungs"][0]) if r.tipping_point), ""
    )


def chance_in_words(chance: float) -> str:
    """A chance as a count of a hundred.

    Examples
    --------
    >>> chance_in_words(0.934), chance_in_words(0.999)
    ('93 in 100', 'more than 99 in 100')
    """
    return _in_hundred(chance, chance)


def _in_hundred(low: float, high: float) -> str:
    """A chance in a hundred; the ends of it where they differ."""
    ends = [math.floor(100 * low), math.ceil(100 * high)]
    if low > 0.99:
        return "more than 99 in 100"
    if high < 0.01:
        return "fewer than 1 in 100"
    if round(100 * low) == round(100 * high):
        return f"{round(100 * low)} in 100"
    return f"{ends[0]} to {ends[1]} in 100"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def verdict_table(cards: Iterable[Card]) -> pd.DataFrame:
    """A row for each claim, one column a day from which it was tested, and the verdicts.

    Returns
    -------
    DataFrame
        Index ``wording``, in order; columns as `side_in_words`; verdicts as labels, missing
        where a claim was not tested from a side.

    Examples
    --------
    >>> verdict_table([]).empty
    True
    """
    rows = [(c.claim.wording, side_in_words(c), verdict_in_words(c)) for c in cards]
    table = pd.DataFrame(rows, columns=["wording", "side", "verdict"])
    wide = table.drop_duplicates(["wording", "side"]).pivot(
        index="wording", columns="side", values="verdict"
    )
    order = table["wording"].unique(), table["side"].unique()
    return wide.reindex(index=order[0], columns=order[1]).rename_axis(columns=None)


def numbers_table(cards: Iterable[Card]) -> pd.DataFrame:
    """A row for each card and quantity, written as people read it.

    Returns
    -------
    DataFrame
        ``wording``, ``side``, ``quantity``, ``bounds``, ``needs``, ``grid`` (text): the range of
        the quantity over the whole grid of choices.

    Examples
    --------
    >>> list(numbers_table([]))
    ['wording', 'side', 'quantity', 'bounds', 'needs', 'grid']
    """
    rows = [
        (
            card.claim.wording,
            side_in_words(card),
            number["label"],
            bounds_in_words(number),
            number["needs"],
            " to ".join(in_unit(number[end], number["unit"]) for end in ("least", "most")),
        )
        for card in cards
        for number in card.numbers
    ]
    return pd.DataFrame(rows, columns=["wording", "side", "quantity", "bounds", "needs", "grid"])
