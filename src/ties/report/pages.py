"""The main part of a report: what was said, whether it is true, and how ties formed, declined, came back.

It is Markdown made by small functions from tables. No number is typed here, and every text
that comes from the record passes `ties.io.escape.escape_markdown`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import pandas as pd

from ties import bounds
from ties.claims.cards import Card
from ties.claims.ladder import RUNGS
from ties.claims.words import range_in_words, say_plainly, side_in_words, verdict_in_words
from ties.dataset import Dataset
from ties.figures.catalogue import DECADE
from ties.figures.style import count
from ties.io.escape import escape_markdown
from ties.lifecycle.status_bounds import StatusBounds
from ties.report import sentences
from ties.report.bundle import Picture
from ties.report.looks import Looks, ReportLook
from ties.report.tables import MISSING
from ties.stats import decline, revival

N_LEADING: Final = 4  # claims that lead a report


def title_of(dataset: Dataset) -> str:
    """The title of a record's report."""
    return dataset.title or dataset.name or "A record of ties"


def main_part(looks: Looks, cards: Sequence[Card], pictures: dict[str, Picture]) -> str:
    """The main part, from the sentence to what would change the answers.

    Parameters
    ----------
    looks
        The record, as seen from each day; the pages speak of the last.
    cards
        The claims about it, tested; the first four claims lead.
    pictures
        The figures that were drawn, by name.
    """
    now = looks.now
    leading = leading_cards(cards)
    parts = [
        first_screen(looks, leading, pictures["stock"]),
        "# How they formed",
        answer_formation(now),
        pictures["formation"].block(),
        "# How they declined",
        answer_decline(now),
        pictures["alive"].block(),
        "# Whether they came back",
        answer_revival(now),
        pictures["revivals"].block(),
        "# By founding decade and status",
        "A tie is counted in a decade only if its founding certainly lies in it.",
        pictures["cohorts"].block(),
        "# Where they are",
        "Each line is a tie that stood, the ended ones included: the shortest way between its places.",
        pictures["map"].block(),
        "# What is not known, and what would change it",
        *_open_questions(leading, now),
    ]
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


def leading_cards(cards: Iterable[Card]) -> list[list[Card]]:
    """The cards of the first four claims, those of one claim together."""
    by_claim: dict[str, list[Card]] = {}
    for card in cards:
        by_claim.setdefault(card.claim.claim_id, []).append(card)
    return [*by_claim.values()][:N_LEADING]


def first_screen(looks: Looks, leading: Sequence[Sequence[Card]], stock: Picture) -> str:
    """What it is, the sentence and its source, the verdicts, and one picture."""
    words = [_opening(looks)]
    if leading:
        words += [*_quotation(leading, looks.dataset), _verdicts(leading)]
    else:
        words += [_headlines(looks.now)]
    text = "\n\n".join(words)
    return f":::: {{.first}}\n::: {{.words}}\n{text}\n:::\n\n{stock.block()}\n::::"


def answer_formation(look: ReportLook) -> str:
    """Answer the first question."""
    return sentences.say_formed(
        bounds.share_of_decade(look.stood, DECADE),
        bounds.n_ties(look.stood),
        bounds.founded_per_decade(look.stood),
        DECADE,
        look.as_of,
    )


def answer_decline(look: ReportLook) -> str:
    """Answer the second question."""
    return sentences.say_declined(
        look.by_year, decline.flows(look.episodes), look.as_of, n_by_search(look)
    )


def answer_revival(look: ReportLook) -> str:
    """Answer the third question."""
    rate = revival.revival_rate(look.episodes)
    return sentences.say_came_back(look.returns, rate, look.coverage, look.as_of)


def source_link(dataset: Dataset, source_id: str) -> str:
    """A source of a record with its title, publisher and date, linked if it lies on the web."""
    found = dataset.sources[dataset.sources["source_id"] == source_id]
    if found.empty:
        return escape_markdown(source_id)
    row = found.iloc[0]
    title = escape_markdown(row["title"])
    if str(row["url"]).lower().startswith(("http://", "https://")):
        title = f"[{title}](<{_address(str(row['url']))}>)"
    about = [
        escape_markdown(row[name]) for name in ("publisher", "published") if pd.notna(row[name])
    ]
    return ", ".join([title, *about])


def _address(url: str) -> str:
    """An address that cannot end the link that it stands in."""
    return "".join(
        f"%{ord(mark):02X}" if mark in '<>\\"` {}|^' else mark for mark in url.split()[0]
    )


def _opening(looks: Looks) -> str:
    dataset = looks.dataset
    n_ties, n_events, n_sources = (
        count(len(table), noun)
        for table, noun in (
            (dataset.ties, "tie"),
            (dataset.events, "dated event"),
            (dataset.sources, "source"),
        )
    )
    n_attesting = dataset.attestations["source_id"].nunique()
    left_out = (
        f" {count(looks.n_left_out, 'tie')} with a disputed place {'is' if looks.n_left_out == 1 else 'are'} "
        "counted nowhere."
    ) * bool(looks.n_left_out)
    return (
        f"{n_ties}, {n_events} and [{n_sources}](sources.html), {n_attesting} of which attest these events: how "
        f"the ties formed, declined and came back, as far as sources tell on {looks.now.label}.{left_out}"
    )


def _quotation(leading: Sequence[Sequence[Card]], dataset: Dataset) -> list[str]:
    """The sentence that is tested, in our words, with who said it, when, and the source."""
    first = leading[0][0].claim
    said = [cards[0].claim for cards in leading]
    together = [c.wording for c in said if (c.who, c.where) == (first.who, first.where)]
    source = f" Source: {source_link(dataset, first.source_id)}." if first.source_id else ""
    return [
        f"> “{escape_markdown(' '.join(together))}”",
        f"{escape_markdown(first.who)}. {escape_markdown(first.where)}, in our words.{source}",
    ]


def _verdicts(leading: Sequence[Sequence[Card]]) -> str:
    rungs = {number["rung"] for cards in leading for number in _own(cards).numbers}
    assumed = [term for code, term in RUNGS.items() if code in rungs and code != "worst_case"]
    lines = [f"- {verdict_line(cards)}" for cards in leading]
    if assumed:
        said = sentences.say_list(term.label.lower() for term in assumed)
        note = (
            "Each on the day for which it was said, by all that is known now. Where no bound decides, the "
            f"range is a 90% interval and rests on an assumption ({said}), named [below](#what-is-not-known-and-what-would-change-it)."
        )
        return "\n".join(lines) + f"\n\n{note}"
    return "\n".join(lines)


def _own(cards: Sequence[Card]) -> Card:
    """The card of a claim on its own day with all that is known."""
    return next((card for card in cards if card.known_by is None), cards[0])


def verdict_line(cards: Sequence[Card]) -> str:
    """One claim in a line: the verdict on its day with all that is known, the number, and since."""
    own, last = _own(cards), cards[-1]
    numbers = "; ".join(
        f"{number['label'].lower()}: {range_in_words(number)}, where it takes {number['needs']}"
        for number in own.numbers
    )
    numbers = escape_markdown(numbers[:1].upper() + numbers[1:])
    text = f"**{verdict_in_words(own)}.** {escape_markdown(own.claim.wording)} *{numbers}.*"
    if last.as_of != own.as_of and last.verdict != own.verdict:
        text += f" As of {sentences.say_day(last.as_of)}: {verdict_in_words(last).lower()}."
    return text


def _headlines(look: ReportLook) -> str:
    """The headline numbers in a list, where no claim leads."""
    return "\n".join(f"- {label}: {said}" for label, said in headlines(look.stood).items())


def n_by_search(look: ReportLook) -> int:
    """How many ties are dormant only because a search found no sign of life."""
    is_inferred = (look.ties["status"] == "dormant") & (look.ties["basis"] == "inferred")
    return int(is_inferred.sum())


def _open_questions(leading: Sequence[Sequence[Card]], look: ReportLook) -> list[str]:
    cards = [_own(group) for group in leading]
    unknown = int((look.ties["status"] == "no_information").sum()) + n_by_search(look)
    undated = int((look.ties["status"].notna() & look.ties["founding_decade"].isna()).sum())
    return [
        f"Of {count(unknown, 'tie')} no source tells anything recent, and of {count(undated, 'tie')} the decade of "
        "founding is not certain. A letter to the two cities would settle most of these. What is on "
        "record is what somebody wrote down and somebody else found: ties that ended early are missing "
        "more often, and recent years are told more fully than old ones.",
        *(
            f"{say_plainly(card)}\n\n![{_ladder_text(card)}]({ladder_stem(card)}.svg)"
            for card in cards
        ),
    ]


def ladder_stem(card: Card) -> str:
    """Name of the file of a card's ladder, without its ending."""
    return f"ladder-{card.claim.claim_id}"


def ladder_cards(cards: Iterable[Card]) -> list[Card]:
    """The cards whose ladders a report shows: of the leading claims, each on its own day."""
    return [_own(group) for group in leading_cards(cards)]


def _ladder_text(card: Card) -> str:
    said = escape_markdown(card.claim.wording.rstrip("."))
    return f"{said}: what holds under stronger and stronger assumptions, on {side_in_words(card)}."


def headlines(stood: StatusBounds) -> dict[str, str]:
    """The headline numbers in words, by their labels: `ties.bounds.summary`, to be read."""
    found = bounds.summary(stood)
    return {
        str(row["label"]): MISSING
        if pd.isna(row["lower"])
        else sentences.say_bounds(row["lower"], row["upper"], "")
        if row["unit"] == "share"
        else sentences.say_range(row["lower"], row["upper"])
        for _, row in found.iterrows()
    }
