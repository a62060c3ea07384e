"""A claim on a card: what was said, the verdict, the bounds, and where it comes from."""

from __future__ import annotations

import pytest
from matplotlib.text import Text

import ties
from ties.claims.cards import claim_cards
from ties.claims.read import bundled_claims, parse_claims
from ties.figures.claim_card import SIZE, draw_claim_card, save_claim_cards

RECORD = ties.load("us-russia").without_disputed()
HOSTILE = """
[[claim]]
id = "hostile"
who = "$\\\\alpha$ \u202eevil <script>"
said_on = "2018-11-28"
where = "A talk"
wording = "WORDS"
population = "All ties ever made."
looks = [{ as_of = "2018-11-28" }]

[[claim.condition]]
estimand = "n_ties"
between = [150, 170]
"""


@pytest.fixture(scope="module")
def cards():
    claims = [c for c in bundled_claims() if c.claim_id in ("most-in-the-1990s", "six-in-iowa")]
    return claim_cards(RECORD, claims, seed=1)


def texts(figure):
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def outside(figure):
    """Give the texts of a card that do not lie inside it."""
    figure.canvas.draw()
    width, height = figure.get_size_inches() * figure.dpi
    boxes = {t.get_text(): t.get_window_extent() for t in figure.texts if t.get_text()}
    return [t for t, b in boxes.items() if b.x0 < 0 or b.y0 < 0 or b.x1 > width or b.y1 > height]


def test_a_card_says_who_what_and_the_verdict(cards):
    card = next(card for card in cards if card.claim.claim_id == "most-in-the-1990s")
    said = " ".join(texts(draw_claim_card(card, "727 sources")))
    for part in (card.claim.who, card.claim.wording, "Very likely", "57% to 68%", "727 sources"):
        assert part in said.replace("\n", " ")


def test_nothing_on_a_card_lies_outside_it(cards):
    for card in cards:
        assert outside(draw_claim_card(card, "727 sources of the record " + "x " * 20)) == []


def test_a_card_is_of_the_size_of_a_shared_link(cards, tmp_path):
    from PIL import Image

    written = save_claim_cards(cards[:1], tmp_path / "cards")
    assert [path.suffix for path in written] == [".svg", ".png"]
    with Image.open(written[1]) as picture:
        assert picture.size == (1200, 675) == tuple(round(200 * x) for x in SIZE)


def test_a_second_run_writes_the_same_bytes(cards, tmp_path):
    one, two = (save_claim_cards(cards[:1], tmp_path / name) for name in "ab")
    assert [p.read_bytes() for p in one] == [p.read_bytes() for p in two]


def test_words_of_others_are_neither_mathematics_nor_steering(tmp_path):
    long = HOSTILE.replace("WORDS", "very long " * 60)
    card = claim_cards(RECORD, parse_claims(long, "own.toml"), seed=1)[0]
    figure = draw_claim_card(card)
    assert outside(figure) == []
    shown = " ".join(texts(figure))
    assert "\u202e" not in shown
    assert "alpha$" in shown
    assert "…" in shown
