"""The answer and its picture on the front pages, made anew from the record.

    make front

The verdicts are those of the report's first screen, in its words, so that no number of README.md or
docs/index.md is typed.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from validation.pages import fill

import ties
from ties.claims.cards import claim_cards
from ties.claims.read import claims_for
from ties.report.pages import N_LEADING, leading_cards, verdict_line

TOP: Final = Path(__file__).resolve().parents[1]
PAGES: Final = (TOP / "README.md", TOP / "docs" / "index.md")
PICTURE: Final = TOP / "docs" / "images" / "stock.svg"


def answer() -> str:
    """The verdicts on the sentence that the record was made to check, a line each."""
    record = ties.load("us-russia").without_disputed()
    cards = claim_cards(record, claims_for(record)[:N_LEADING], seed=1)
    lines = (f"- {verdict_line(group)}" for group in leading_cards(cards))
    return re.sub(r"\\([^\w\s])", r"\1", "\n".join(lines))  # the words are ours: nothing to escape


def main() -> None:
    """Write the answer into both pages, and draw the picture."""
    blocks = {"answer": answer()}
    for page in PAGES:
        page.write_text(fill(page.read_text("utf-8"), blocks), "utf-8")
    ties.figures.save(ties.figures.draw("stock", ties.load("us-russia")), PICTURE)


if __name__ == "__main__":
    main()
