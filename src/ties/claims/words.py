"""Cards in words: a number with no more digits than it bears, a card as one paragraph."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from ties.claims.cards import Card
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
    """Say from which day a card was tested, and with whose knowledge."""
    return card.as_of + (f", as could be known on {card.known_by}" if card.known_by else "")


def verdict_in_words(card: Card) -> str:
    """Say the verdict; of a fragile one also what it is under the usual choices."""
    label = VERDICTS[card.verdict].label
    return f"{label} ({card.answer} as a rule)" if card.verdict == "fragile" else label


def say_card(card: Card) -> str:
    """Say a card in one paragraph: the verdict, and the numbers that decide it."""
    numbers = "; ".join(
        f"{number['label'].lower()} {bounds_in_words(number)}, needs {number['needs']}"
        for number in card.numbers
    )
    side = side_in_words(card)
    return f"“{card.claim.wording}” {verdict_in_words(card)}: {numbers} ({side})."


def say_plainly(card: Card) -> str:
    """Say a card to somebody who reads no statistics: the answer, how sure it is, what is missing.

    Examples
    --------
    >>> import ties
    >>> from ties.claims.cards import claim_cards
    >>> from ties.claims.read import bundled_claims
    >>> claim = next(c for c in bundled_claims() if c.claim_id == "most-in-the-1990s")
    >>> card = claim_cards(ties.load("us-russia").without_disputed(), [claim], seed=1)[-1]
    >>> say_plainly(card).split("”")[1].split(" between ")[0]
    '** Nobody can tell: share founded in the decade'
    """
    answers, n = card.answers(), card.n_points
    sure = {
        "supported": f"True, in each of {n} ways of counting",
        "not_supported": f"False, in each of {n} ways of counting",
        "fragile": f"{card.answer.capitalize()} in {answers[card.answer]} of {n} ways of counting"
        f", {_others(answers, card.answer)}",
        "cannot_tell": "Nobody can tell",
    }[card.verdict]
    numbers = "; ".join(
        f"{number['label'].lower()} between {in_unit(number['lower'], number['unit'])} and "
        f"{in_unit(number['upper'], number['unit'])}, where it takes {number['needs']}"
        for number in card.numbers
    )
    return f"**“{card.claim.wording}”** {sure}: {numbers}. {' '.join(card.changes)}".strip()


def _others(answers: Mapping[str, int], answer: str) -> str:
    """Say what the other ways of counting give: the opposite, or no answer.

    Examples
    --------
    >>> _others({"true": 218, "false": 0, "open": 54}, "true")
    'open in 54'
    """
    return " and ".join(f"{other} in {n}" for other, n in answers.items() if n and other != answer)


def verdict_table(cards: Iterable[Card]) -> pd.DataFrame:
    """Give one row a claim, one column a day from which it was tested, and the verdicts.

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
    """Give one row a card and quantity, written as people read it.

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
