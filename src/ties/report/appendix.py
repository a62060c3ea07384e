"""The appendices: all numbers and claims, what the answers rest on, how they were made, what is weak.

It is Markdown made by small functions from tables. No number is typed here, and every text
that comes from the record passes `escape_markdown`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from ties import __version__
from ties.claims.cards import Card
from ties.claims.words import numbers_table, say_card, verdict_table
from ties.dataset import Dataset
from ties.figures.style import count
from ties.io.escape import escape_markdown
from ties.lifecycle.rule import StatusRule
from ties.lifecycle.tie_table import tie_table
from ties.report.bundle import Picture
from ties.report.looks import Looks, ReportLook
from ties.report.pages import headlines, source_link
from ties.report.sentences import say_day, say_list, say_share
from ties.report.tables import markdown_table
from ties.schema.vocabulary import EVENT_KINDS, STATUSES
from ties.stats import revival

# Other choices of the years until a silent tie is no longer active, to show what hangs on it.
OTHER_YEARS: Final = (3, 5, 10)

_GROUPS: Final = {
    "founding": "A tie stands from here on, and is active",
    "activity": "A sign of life: the tie is active",
    "formal": "Moves the formal state; each side decides for itself",
    "silence": "The tie is dormant from here on",
    "evidence": "Shows that the tie stood; changes no state",
    "report": "The tie is as the source says, from that day on",
    "none": "Changes nothing",
}

_MEASURES: Final = r"""
**Bounds of a share.** Of $n$ ties, $k$ belong to a decade for certain and $u$ may or may not, since
their dates are missing or too vague. Whatever those dates are, the share lies within

$$\frac{k}{n} \;\le\; s \;\le\; \frac{k + u}{n}.$$

The bounds are no confidence interval: they say what the record leaves open, not how far a
sample may be off. The word *most* is used only if the lower bound is above one half.

**Rate of return.** After $r$ returns in $T$ tie-years spent dormant, the rate is $r / T$, with the
exact Poisson interval

$$\left[\; \tfrac{1}{2}\,\chi^2_{2r}(\alpha/2) \,/\, T, \quad
\tfrac{1}{2}\,\chi^2_{2r+2}(1 - \alpha/2) \,/\, T \;\right].$$

Ties share cities and causes, so the interval is narrower than it should be.

**Then and now.** *As known then* hides every source that was published later, and every search
that was made later. A source without a date of publication cannot be shown to have been out, so
it is hidden too.
"""


def appendices(looks: Looks, cards: Sequence[Card], pictures: Mapping[str, Picture]) -> str:
    """The appendices, each a chapter that the page folds: earlier views, claims, method, figures, files."""
    dataset, compared = looks.dataset, [card for card in cards if not card.claim.looks]
    parts = [
        _chapter("Then and now: the main numbers as seen from each day"),
        _then_and_now(looks),
        *(
            [_claims_table(compared, "Verdicts, by the day from which they are given")]
            if compared
            else []
        ),
        *_all_claims(cards),
        *_published(dataset),
        _chapter("Method and limits"),
        "## What the report rests on",
        _basis(looks),
        "## How events become states",
        _rule(looks.rule),
        kinds_table(),
        statuses_table(),
        "## How the numbers are made",
        _MEASURES.strip(),
        "## What is weak",
        _bullets(_weaknesses(looks)),
        _chapter("Sensitivity: what hangs on the rule"),
        _other_rules(looks),
        _chapter("Further figures"),
        *(pictures[name].block() for name in _FURTHER if name in pictures),
        _chapter("Every tie's life"),
        "One line a tie, from its founding on; the [explorer](explore.html) has each with its sources.",
        pictures["lifelines"].block(),
        _chapter("Sources, files, and how to cite"),
        _files(looks, pictures),
    ]
    return "\n\n".join(part.strip("\n") for part in parts if part) + "\n"


_FURTHER: Final = ("lexis", "incidence", "occupation", "coverage")


def sources_page(dataset: Dataset) -> str:
    """The sources of a record in Markdown, a line each, linked where they lie on the web."""
    used = set(dataset.attestations["source_id"])
    ids = dataset.in_order().sources["source_id"].tolist()
    lines = [
        f"- {escape_markdown(name)}: {source_link(dataset, name)}{'' if name in used else ' *(no event rests on it)*'}"
        for name in ids
    ]
    lead = f"All {count(len(ids), 'source')} of the record, by their id. [Back to the report](index.html)"
    return "\n\n".join([lead, "\n".join(lines)]) + "\n"


def _chapter(title: str) -> str:
    """A heading that begins an appendix; the page folds what follows until the next."""
    return f"# {title} {{.appendix}}"


def _then_and_now(looks: Looks) -> str:
    columns = {look.label: _numbers(look) for look in looks.all}
    table = pd.DataFrame(columns).rename_axis("measure").reset_index()
    shown = markdown_table(table, "The main numbers, as seen from each day", right=columns)
    lead = (
        "*As known then* uses only sources published by that day; *with hindsight* uses all. What "
        "changes between the two is knowledge; what changes to the last column is the world, and what was "
        "written down of it."
    )
    return f"{lead}\n\n{shown}"


def _numbers(look: ReportLook) -> Mapping[str, str]:
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


def _claims_table(cards: Sequence[Card], caption: str) -> str:
    table = verdict_table(cards).reset_index()
    return markdown_table(table, caption, {"wording": "It is said"})


def _all_claims(cards: Sequence[Card]) -> list[str]:
    if not cards:
        return []
    words = {"wording": "It is said", "side": "On", "bounds": "Bounds", "grid": "Over the grid"}
    lead = (
        "Each claim names its quantity and the threshold that makes it true, before the record is asked. The bounds are "
        "worst case: whatever is not known lies between them. The last column is the range over all "
        "ways of counting that were tried."
    )
    said = {card.claim.claim_id: card for card in cards}.values()
    return [
        _chapter("All claims"),
        lead,
        markdown_table(numbers_table(cards), "What decides", words),
        "## Verdicts",
        _bullets(say_card(card) for card in said),
    ]


def _files(looks: Looks, pictures: Mapping[str, Picture]) -> str:
    dataset = looks.dataset
    tables = [f"[{name}](tables/{name}.csv)" for name in looks.now.tables()]
    figures = [f"[{stem}](figures/{stem}.svg)" for each in pictures.values() for stem in each.stems]
    licence = escape_markdown(dataset.licence or "not stated")
    return "\n\n".join(
        [
            f"[All {count(len(dataset.sources), 'source')}](sources.html), each with its link.",
            f"**Cite as:** The ties contributors, *{escape_markdown(dataset.title or dataset.name)}*, edition of "
            f"{say_day(dataset.as_of)}, read with ties {__version__}. Licence of the record: {licence}; cite its "
            "sources for what you use of them. Coordinates: GeoNames; outline of land: Natural Earth.",
            "**Look for yourself:** [the explorer](explore.html), [this report as PDF](report.pdf), "
            "[the notebooks](notebooks/01-formation.ipynb), [what it was made from](manifest.json).",
            f"**Tables:** {', '.join(tables)}.",
            f"**Figures:** {', '.join(figures)}; each as PNG beside it.",
        ]
    )


def kinds_table() -> str:
    """The kinds of event and what each does to a tie."""
    table = pd.DataFrame(
        {
            "kind": [term.label for term in EVENT_KINDS.values()],
            "meaning": [term.definition for term in EVENT_KINDS.values()],
            "effect": [_GROUPS[term.group] for term in EVENT_KINDS.values()],
        }
    )
    return markdown_table(table, "Kinds of event")


def statuses_table() -> str:
    """The statuses and what each means."""
    table = pd.DataFrame(
        {
            "status": [term.label for term in STATUSES.values()],
            "meaning": [term.definition for term in STATUSES.values()],
        }
    )
    return markdown_table(table, "Statuses")


def other_rules(looks: Looks) -> pd.DataFrame:
    """Count the statuses on the latest day under other choices of the silent years.

    Returns
    -------
    DataFrame
        A row a choice: ``dormant_after`` (years), and ties in each status.
    """
    now, dataset = looks.now, looks.dataset
    rows = []
    for years in sorted({*OTHER_YEARS, looks.rule.dormant_after}):
        reach = looks.rule.search_lookback_years
        rule = replace(
            looks.rule,
            dormant_after=years,
            search_lookback_years=None if reach is None else max(reach, years),
        )
        status = tie_table(dataset, rule, now.as_of, now.known_by)["status"]
        counts = status.value_counts().reindex([*STATUSES], fill_value=0)
        rows.append({"dormant_after": years} | counts.to_dict())
    return pd.DataFrame(rows)


def _basis(looks: Looks) -> str:
    dataset = looks.dataset
    name = escape_markdown(dataset.title or dataset.name or "without a name")
    n_attestations, n_places = len(dataset.attestations), len(dataset.places)
    left_out = looks.n_left_out
    text = (
        f"The record “{name}”, as of {say_day(dataset.as_of)}, holds "
        f"{count(len(dataset.ties), 'tie')} that count here, between {count(n_places, 'place')}; "
        f"{count(len(dataset.events), 'dated event')}, attested {count(n_attestations, 'time')} by "
        f"{count(dataset.attestations['source_id'].nunique(), 'source')}; and "
        f"{count(len(dataset.searches), 'search', 'searches')} for signs of life. A row of the "
        "record that breaks a rule stops the report: nothing is left out silently."
    )
    if left_out:
        verb = "is" if left_out == 1 else "are"
        text += (
            f" {count(left_out, 'tie')} with a place that lies in a third country, or whose "
            f"country is disputed, {verb} in the record but in no number here."
        )
    return text


def _rule(rule: StatusRule) -> str:
    years = count(rule.dormant_after, "year")
    signs = say_list(
        term.label.lower() for code, term in EVENT_KINDS.items() if code in rule.qualifying
    )
    return (
        "A tie is formally in force, suspended or terminated; apart from that it is active, dormant, "
        f"or nothing is known. It is active for {years} after each sign of life ({signs}). After that it "
        "is dormant only if a source says that contact had stopped, or if a search found no sign; if "
        "nobody looked, there is no information. The status joins both: a formal stop outweighs any "
        "activity. An event counts from the last day that its date admits."
    )


def _other_rules(looks: Looks) -> str:
    caption = f"Ties by status on {looks.now.label}, by the years until a silent tie is not active"
    table = markdown_table(other_rules(looks), caption, {"dormant_after": "Years"})
    lead = "No policy that we know says after how many silent years a tie is dormant."
    return f"{lead}\n\n{table}"


def _weaknesses(looks: Looks) -> list[str]:
    """What is weak in this record, as far as its tables show it."""
    dataset, now = looks.dataset, looks.now
    stands = now.ties["status"].notna()
    n = int(stands.sum())
    if n == 0:
        return ["The record knows of no tie on this day."]
    return [
        _lists_only(dataset, n),
        _undated(now.ties[stands], n),
        _not_searched(dataset, n),
        _undated_sources(dataset),
        "Lists name the ties that are left, and rarely say when one was made or ended: ties that "
        "ended early are missing more often, and old decades read low.",
        "News tells of beginnings and ends, hardly of ordinary years, and more of recent years is "
        "on the web: more evidence is not more life. The figure of evidence by year stands beside "
        "the returns for that reason.",
        "Ties share places, sources and causes. They are not independent, and no number here "
        "claims to explain.",
    ]


def _lists_only(dataset: Dataset, n: int) -> str:
    told = dataset.events.loc[dataset.events["kind"] != "listed", "tie_id"]
    n_only = int((~dataset.ties["tie_id"].isin(told)).sum())
    return (
        f"{count(n_only, 'tie')} of {n} ({say_share(n_only / n)}) {_rests(n_only)} on lists alone."
    )


def _rests(n: int) -> str:
    return "rests" if n == 1 else "rest"


def _undated(standing: pd.DataFrame, n: int) -> str:
    n_open = int(standing["founded_earliest"].isna().sum())
    n_vague = int((standing["founding_decade"].isna() & standing["founded_earliest"].notna()).sum())
    have = "has" if n_open == 1 else "have"
    return (
        f"{count(n_open, 'tie')} of {n} {have} no founding date at all; they stand from the first "
        f"mention of them. Of {count(n_vague, 'more', 'more')} the decade is not certain."
    )


def _not_searched(dataset: Dataset, n: int) -> str:
    n_searched = int(dataset.ties["tie_id"].isin(dataset.searches["tie_id"]).sum())
    if n_searched == 0:
        return "No search is recorded, so no silence could be inferred: silence is no information."
    return (
        f"A search is recorded for {count(n_searched, 'tie')} of {n}; a search without result is "
        "weak evidence of silence, since much was never written down or is not found by searching."
    )


def _undated_sources(dataset: Dataset) -> str:
    used = dataset.sources[dataset.sources["source_id"].isin(dataset.attestations["source_id"])]
    n_undated = int(used["published"].isna().sum())
    share = say_share(n_undated / len(used)) if len(used) else "none"
    verb = "bears" if n_undated == 1 else "bear"
    return (
        f"{count(n_undated, 'source')} of {len(used)} ({share}) {verb} no date of publication, and so "
        "cannot be shown to have been known on an earlier day: what is said of such a day "
        "*as known then* reads low."
    )


def _published(dataset: Dataset) -> list[str]:
    """The totals that others published; they count different things."""
    if dataset.counts.empty:
        return []
    titles = dataset.sources.set_index("source_id")["title"]
    counts = dataset.in_order().counts
    table = counts.assign(source=counts["source_id"].map(titles))
    lead = "Each has a scope of its own, so they are not one series, and the record chooses none."
    shown = markdown_table(
        table[["date", "count", "scope", "source"]], "Totals that others published"
    )
    return [_chapter("Totals that others published"), lead, shown]


def _bullets(points: Iterable[str]) -> str:
    return "\n".join(f"- {point}" for point in points)
