"""Result tables in words: each number in the prose of a report comes from here.

A sentence says no more than its table: bounds stay bounds, and where they lie on both sides of
the question the sentence says that it cannot be told. All functions give Markdown in which
nothing but the verdict, in bold, is markup.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pandas as pd

from ties.bounds import Bounds
from ties.figures.style import count

HALF: Final = 0.5
SPAN: Final = 5  # years that are set against as many before them
SIGNIFICANCE: Final = 0.05


def say_day(day: str | pd.Timestamp) -> str:
    """A day in words.

    Examples
    --------
    >>> say_day("2018-11-28")
    '28 November 2018'
    """
    moment = pd.Timestamp(day)
    return f"{moment.day} {moment:%B} {moment.year}"


def say_share(share: float) -> str:
    """A share as a percentage that never rounds to none or to all.

    Examples
    --------
    >>> say_share(0.525), say_share(0.001), say_share(0.999), say_share(1)
    ('52%', 'less than 1%', 'more than 99%', '100%')
    """
    if 0 < share < 0.01:
        return "less than 1%"
    if 0.99 < share < 1:
        return "more than 99%"
    return f"{share:.0%}"


def say_bounds(lower: float, upper: float, between: str = "between ") -> str:
    """The bounds of a share, as a sentence wants them or, without `between`, a table.

    Examples
    --------
    >>> say_bounds(0.25, 0.5), say_bounds(0.5, 0.5), say_bounds(0.25, 0.5, between="")
    ('between 25% and 50%', '50%', '25% to 50%')
    """
    low, high = say_share(lower), say_share(upper)
    return low if low == high else f"{between}{low} {'and' if between else 'to'} {high}"


def say_number(n: int) -> str:
    """A number, with a word for none.

    Examples
    --------
    >>> say_number(0), say_number(1200)
    ('none', '1,200')
    """
    return f"{n:,}" if n else "none"


def say_list(parts: Iterable[str]) -> str:
    """Join parts as a sentence does.

    Examples
    --------
    >>> say_list(["one", "two", "three"])
    'one, two and three'
    """
    *first, last = [*parts] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def say_range(lower: float, upper: float) -> str:
    """The bounds of a count.

    Examples
    --------
    >>> say_range(17, 1430), say_range(3, 3)
    ('17 to 1,430', '3')
    """
    return f"{lower:,.0f}" if lower == upper else f"{lower:,.0f} to {upper:,.0f}"


def say_formed(
    share: Bounds, ties: Bounds, per_decade: pd.DataFrame, decade: int, as_of: str
) -> str:
    """Whether most ties were founded in one decade, the finding first.

    Parameters
    ----------
    share, ties
        As `ties.bounds.share_of_decade` and `ties.bounds.n_ties` give them for the day.
    per_decade
        As `ties.bounds.founded_per_decade` gives it for the day.
    decade
        First year of the decade.
    as_of
        ISO day from which it was asked.

    Examples
    --------
    >>> share = Bounds(0.75, 1.0, 4, certain=("t", "u", "v"), possible=("w",))
    >>> table = pd.DataFrame({"n_certain": [3]}, index=pd.Index([1990], dtype="Int64"))
    >>> print(say_formed(share, Bounds(4, 4, 4, tuple("tuvw")), table, 1990, "2018-11-28"))
    **Most ties were founded in the 1990s: between 75% and 100%.** Of the 4 ties that stood by
    28 November 2018, 3 were founded in them for certain and none in other decades; of 1 no source
    says. No other decade has as many foundings.
    """
    if share.n == 0:
        return f"**By {say_day(as_of)} the record knows of no tie.**"
    n_in, n_may = len(share.certain), len(share.possible)
    n_may_stand = len(ties.possible)
    stood = f"the {count(len(ties.certain), 'tie')} that stood by {say_day(as_of)}"
    more = f" and {n_may_stand:,} that may have" if n_may_stand else ""
    rest = f"; of {n_may:,} no source says" if n_may else ""
    return (
        f"**{_majority(share, decade)}** Of {stood}{more}, {say_number(n_in)} "
        f"{'was' if n_in == 1 else 'were'} founded in them for certain and "
        f"{say_number(share.n - n_in - n_may)} in other decades{rest}. {_peak(per_decade, decade)}"
    )


def _majority(share: Bounds, decade: int) -> str:
    within = say_bounds(share.lower, share.upper)
    if share.lower > HALF:
        return f"Most ties were founded in the {decade}s: {within}."
    if share.upper <= HALF:
        return f"At most half of the ties were founded in the {decade}s: {within}."
    return (
        f"{within[:1].upper()}{within[1:]} of the ties were founded in the {decade}s: "
        "the sources alone do not say whether it was most."
    )


def _peak(per_decade: pd.DataFrame, decade: int) -> str:
    placed = per_decade[per_decade.index.notna()]["n_certain"]
    most = int(placed.max()) if len(placed) else 0
    if most == 0:
        return "No founding is known to its decade."
    peaks = [int(year) for year in placed.index[placed == most]]
    if peaks == [decade]:
        return "No other decade has as many foundings."
    each = " each" if len(peaks) > 1 else ""
    return f"Most foundings of a known decade fall in the {say_list(f'{d}s' for d in peaks)}, {most}{each}."


def say_declined(
    by_year: pd.DataFrame, flows: pd.DataFrame, as_of: str, n_by_search: int = 0
) -> str:
    """Whether ties faded and whether by degrees or at once, the finding first.

    Ties faded for certain only if even the most that can be alive is less than what once certainly
    was.

    Parameters
    ----------
    by_year
        As `ties.bounds.by_year` gives it for the day.
    flows
        As `ties.stats.decline.flows` gives it for the day.
    as_of
        ISO day from which it was asked.
    n_by_search
        Ties that count as silent only because a search found no sign of life.
    """
    searched = (
        f" That {count(n_by_search, 'tie')} {'is' if n_by_search == 1 else 'are'} silent rests on a "
        "search without result alone."
    ) * bool(n_by_search)
    return f"{_fading(by_year, as_of)}{searched} {say_stops(flows)}"


def _fading(by_year: pd.DataFrame, as_of: str) -> str:
    least, most = by_year["alive_lower"], by_year["alive_upper"]
    if not len(least) or not least.max():
        return "**Whether ties faded is open:** none is known to have been alive."
    peak, year = int(least.max()), int(by_year.index[int(least.argmax())])
    alive, may = int(least.iloc[-1]), int(most.iloc[-1])
    if year == int(by_year.index[-1]):
        return (
            f"**The record shows no fading:** at the end of no earlier year were more ties known "
            f"to be alive than the {alive} of {say_day(as_of)}."
        )
    then = f"At the end of {year} at least {peak} were alive, the most of any year"
    now = f"on {say_day(as_of)} it was {f'between {alive} and {may}' if may > alive else alive}"
    if may < peak:
        return f"**Fewer ties show life than once did.** {then}; {now}."
    if may == alive:
        return f"**As many ties show life as ever did.** {then}; {now}."
    return (
        f"**Whether fewer ties live than once did is open.** {then}; {now}, since those of which "
        "nothing is known may be alive or not."
    )


def say_stops(flows: pd.DataFrame) -> str:
    """How many ties were stopped by a formal act, and whether one year stands out.

    Parameters
    ----------
    flows
        As `ties.stats.decline.flows` gives it.
    """
    if flows.empty:
        return "No formal stop is recorded."
    entries = flows["entries"].unstack("status")
    stops = entries["suspended"] + entries["terminated"]
    n, most, year = int(stops.sum()), int(stops.max()), int(stops.index[int(stops.argmax())])
    if n == 0:
        return "No formal stop is recorded."
    kinds = say_list(
        count(int(entries[code].sum()), noun)
        for code, noun in (("suspended", "suspension"), ("terminated", "termination"))
        if entries[code].sum()
    )
    if n == 1:
        return f"{kinds} is recorded, in {year}."
    if most == n:
        return f"{kinds} are recorded, all in {year}: a sudden break, not a slow fading."
    if most > HALF * n:
        when = f"{most} of these in {year} alone"
        return f"{kinds} are recorded, {when}: a sudden break more than a slow fading."
    return f"{kinds} are recorded, no year with more than half of them."


def say_came_back(
    returns: pd.DataFrame, rate: pd.Series, coverage: pd.DataFrame, as_of: str
) -> str:
    """How many ties came back, and whether more do so than before, the finding first.

    The last five calendar years are set against the five before them. Given their sum, equal
    rates make either count binomial with a half; the exact test decides whether the two can
    be told apart.

    Parameters
    ----------
    returns, rate, coverage
        As `ties.stats.revival.revivals`, `revival_rate` and `coverage` give them.
    as_of
        ISO day from which it was asked.
    """
    n = len(returns)
    if not n:
        return f"**No return to life is recorded.** {_rate(rate)}".strip()
    verb = "is" if n == 1 else "are"
    found = f"**{count(n, 'return')} to life {verb} recorded{_growth(returns, as_of)}.**"
    middle, start = pd.Timestamp(as_of).year - SPAN, pd.Timestamp(as_of).year - 2 * SPAN
    late, early = _since(returns, middle, None), _since(returns, start, middle)
    years = coverage.index.to_series()
    seen = coverage.sum(axis=1)
    n_late = int(seen[years.between(middle + 1, middle + SPAN)].sum())
    n_early = int(seen[years.between(start + 1, middle)].sum())
    return (
        f"{found} {_origins(returns)} {late or 'None'} came from {middle + 1} on, {early or 'none'} in the five "
        f"years before; for the same years sources attest {count(n_late, 'event')} and {n_early:,}. {_rate(rate)}"
    ).strip()


def _origins(returns: pd.DataFrame) -> str:
    before = returns["from_status"].value_counts()
    origins = [f"{before[c]} after {noun}" for c, noun in _BEFORE.items() if before.get(c)]
    n_called = len(returns) - int(before.reindex([*_BEFORE]).sum())
    if n_called:
        origins.append(f"{n_called} that a source calls so, with no silence on record before")
    text = say_list(origins)
    return f"{text[:1].upper()}{text[1:]}."


def _since(returns: pd.DataFrame, after: int, until: int | None) -> int:
    year = returns["start_latest"].dt.year
    return int(((year > after) & ((year <= until) if until is not None else True)).sum())


def _growth(returns: pd.DataFrame, as_of: str) -> str:
    """Whether the last five years differ from the five before by more than chance."""
    from scipy.stats import binomtest

    end = pd.Timestamp(as_of).year
    late = _since(returns, end - SPAN, None)
    early = _since(returns, end - 2 * SPAN, end - SPAN)
    if late + early and binomtest(late, late + early).pvalue < SIGNIFICANCE:
        return f", {'more' if late > early else 'fewer'} of late than before"
    return ", too few to tell whether more come back than before"


def _rate(rate: pd.Series) -> str:
    years = float(rate["dormant_tie_years"])
    if years == 0:
        return ""
    low, high = 100 * float(rate["rate_lower"]), 100 * float(rate["rate_upper"])
    return (
        f"Of a hundred ties known to be dormant, {100 * float(rate['rate']):.1f} come back in a "
        f"year (95% interval {low:.1f} to {high:.1f})."
    )


_BEFORE: Final = {
    "dormant": "dormancy",
    "suspended": "suspension",
    "terminated": "termination",
}
