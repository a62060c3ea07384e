"""Cards in words."""

from __future__ import annotations

from dataclasses import replace

from tests.factory import make_dataset

from ties.claims.cards import claim_cards
from ties.claims.claim import Claim, Condition, Look
from ties.claims.grid import Choices
from ties.claims.words import numbers_table, say_card, verdict_in_words, verdict_table

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


def test_a_fragile_verdict_says_what_it_is_as_a_rule():
    loose = replace(MOST, conditions=(Condition("n_ties", "at_least", 3, (2,)),), looks=(Look(),))
    card = cards(loose)[0]
    assert card.answer == "false" and verdict_in_words(card) == "Fragile (false as a rule)"


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
