"""The page in front: the three questions, answered in a paragraph each, and the numbers.

It is Markdown made by small functions from tables. No number is typed here, and every text
that comes from the record passes `ties.io.escape.escape_markdown`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from ties import bounds
from ties.dataset import Dataset
from ties.figures.catalogue import DECADE as CLAIMED_DECADE
from ties.figures.style import count
from ties.lifecycle.status_bounds import StatusBounds
from ties.report import sentences
from ties.report.document import Page
from ties.report.looks import Look, Looks
from ties.report.tables import MISSING, Shown, show_table
from ties.schema.vocabulary import STATUSES
from ties.stats import decline, revival


def title_of(dataset: Dataset) -> str:
    """Give the title of a record's report."""
    return dataset.title or dataset.name or "A record of ties"


def summary_page(looks: Looks, claims: Sequence[str] = ()) -> Page:
    """Give the page that answers the three questions, a paragraph a day for each.

    Parameters
    ----------
    looks
        The record, as seen from each day.
    claims
        What became of claims about it, in Markdown, as the notebooks mark it for this page.
    """
    parts = [
        "# Summary",
        _opening(looks),
        *(["## Is what is said true?", *claims] if claims else []),
        "## Formation",
        *_paragraphs(looks, answer_formation),
        "## Decline",
        *_paragraphs(looks, answer_decline),
        "## Revival",
        *_paragraphs(looks, answer_revival),
        "## The numbers side by side",
        side_by_side(looks)._repr_markdown_(),
    ]
    return Page("summary", "\n\n".join(parts) + "\n")


def answer_formation(look: Look) -> str:
    """Answer the first question."""
    as_of = look.as_of
    share = bounds.share_of_decade(look.stood, CLAIMED_DECADE)
    peak = sentences.say_peak(bounds.founded_per_decade(look.stood))
    said = sentences.say_formation(share, bounds.n_ties(look.stood), CLAIMED_DECADE, as_of)
    return f"{said} {peak}" if share.n else said


def answer_decline(look: Look) -> str:
    """Answer the second question."""
    episodes = look.episodes
    return sentences.say_decline(
        decline.stock_by_status(episodes),
        look.by_year,
        decline.flows(episodes),
        look.ties,
        look.as_of,
    )


def answer_revival(look: Look) -> str:
    """Answer the third question."""
    returns = look.returns
    rate = revival.revival_rate(look.episodes)
    seen = look.coverage
    growth = sentences.say_growth(returns, seen, look.as_of)
    return f"{sentences.say_returns(returns, rate)} {growth}"


def side_by_side(looks: Looks) -> Shown:
    """Give the main numbers of each look, a row a measure."""
    columns = {look.label: _numbers(look) for look in looks.all}
    table = pd.DataFrame(columns).rename_axis("measure").reset_index()
    shown = show_table(table, "The main numbers, as seen from each day")
    return replace(shown, is_number=(False, *[True] * len(columns)))


def _numbers(look: Look) -> Mapping[str, str]:
    status = look.ties["status"].value_counts()
    rate = revival.revival_rate(look.episodes)
    return {
        **headlines(look.stood),
        **{
            f"Of those that stood: {term.label.lower()}": f"{status.get(code, 0)}"
            for code, term in STATUSES.items()
        },
        "Returns to life": f"{len(look.returns)}",
        "Tie-years known to be dormant": f"{rate['dormant_tie_years']:.0f}",
    }


def headlines(stood: StatusBounds) -> dict[str, str]:
    """Return the headline numbers in words, by their labels: `ties.bounds.summary`, to be read."""
    found = bounds.summary(stood)
    return {
        str(row["label"]): MISSING
        if pd.isna(row["lower"])
        else sentences.say_bounds(row["lower"], row["upper"], "")
        if row["unit"] == "share"
        else sentences.say_range(row["lower"], row["upper"])
        for _, row in found.iterrows()
    }


def _opening(looks: Looks) -> str:
    dataset, years = looks.dataset, looks.rule.dormant_after
    days = "each of the days below" if len(looks.all) > 1 else f"{looks.now.label}"
    return (
        f"The record holds {count(len(dataset.ties), 'tie')}, "
        f"{count(len(dataset.events), 'event')} and {count(len(dataset.sources), 'source')}. "
        f"This page asks it three questions as of {days}. *As known then* uses only sources published by that day; *with hindsight* uses "
        f"all. A tie is active for {count(years, 'year')} after its last sign of life; a tie of "
        "which nothing is known is never counted as dormant."
    )


def _paragraphs(looks: Looks, answer: Callable[[Look], str]) -> list[str]:
    return [f"**{look.label}.** {answer(look)}" for look in looks.all]
