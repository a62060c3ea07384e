"""Cards in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.factory import make_dataset

from ties.claims.cards import claim_cards
from ties.claims.claim import Claim, Condition, Look
from ties.claims.grid import Choices
from ties.claims.words import (
    numbers_table,
    say_card,
    say_plainly,
    verdict_in_words,
    verdict_table,
)

QUICK = Choices((5,), {"all": ("sister", "not_stated")}, {"all": ()})
MOST = Claim(
    "most",
    "Somebody",
    "2020",
    "Here",
    "Most are old.",
    "All.",
    (Condition("share_of_decade", "more_than", 0.5),),
    (Look("2019"), Look("2019", "2019"), Look()),
)


def cards(*claims):
    made = make_dataset([("t", "1991", "founded", "both"), ("u", "2001", "founded", "both")])
    return claim_cards(made, claims, choices=QUICK, seed=1)


def test_a_card_is_said_with_its_numbers_and_its_day():
    assert say_card(cards(MOST)[1]) == (
        "“Most are old.” Not supported: share founded in the decade 50% to 50% (worst case), "
        "needs more than 50% (2019-12-31, as could be known on 2019)."
    )


def test_a_verdict_that_hangs_on_the_meaning_of_words_is_not_firm():
    loose = replace(MOST, conditions=(Condition("n_ties", "at_least", 3, (2,)),), looks=(Look(),))
    card = cards(loose)[0]
    assert card.answer == "false" and verdict_in_words(card) == "Unlikely"


def dated(n_in: int, n_out: int, n_open: int):
    """Ties of the 1990s, of the 1980s, and without a founding."""
    rows = [(f"in{i}", "1994-05", "founded", "both") for i in range(n_in)]
    rows += [(f"out{i}", "1985-05", "founded", "both") for i in range(n_out)]
    rows += [(f"open{i}", "2005", "listed", "none") for i in range(n_open)]
    return make_dataset(rows)


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [((36, 10, 34), "Very likely ("), ((8, 40, 40), "Very unlikely (")],
)
def test_a_quote_bears_its_chance_its_price_and_what_would_turn_it(counts, verdict):
    claim = replace(MOST, looks=(Look(),))
    card = claim_cards(dated(*counts), [claim], choices=QUICK, seed=1)[0]
    said = say_plainly(card)
    assert card.answer == "open" and verdict in said
    assert "This assumes: ties of which it is not known are like those of which it is" in said
    assert "The answer turns where" in said and "of the dated ties" in said


def test_verdicts_stand_by_claim_and_day():
    few = replace(MOST, wording="Many are old.", looks=(Look(),))
    table = verdict_table(cards(MOST, few))
    assert table.index.tolist() == ["Most are old.", "Many are old."]
    assert table.columns.tolist() == [
        "2019-12-31",
        "2019-12-31, as could be known on 2019",
        "2026-11-23",
    ]
    assert table["2026-11-23"].tolist() == ["Not supported", "Not supported"]
    assert table.iloc[1, :2].isna().all()


def test_numbers_are_written_in_their_unit():
    row = numbers_table(cards(MOST)).iloc[0]
    assert row[["bounds", "needs", "grid"]].tolist() == [
        "50% to 50% (worst case)",
        "more than 50%",
        "50% to 50%",
    ]
