"""Result tables in words: each number in the prose of a report comes from here.

A sentence says no more than its table: bounds stay bounds, and where they lie on both sides of
the question the sentence says that it cannot be told. All functions give Markdown in which
nothing but the verdict, in bold, is markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import pandas as pd

from ties.bounds import Bounds
from ties.figures.style import count
from ties.io.escape import escape_markdown
from ties.schema.vocabulary import STATUSES

HALF: Final = 0.5
SPAN: Final = 5  # years that are set against as many before them
SIGNIFICANCE: Final = 0.05


def say_day(day: str | pd.Timestamp) -> str:
    """Give a day in words.

    Examples
    --------
    >>> say_day("2018-11-28")
    '28 November 2018'
    """
    moment = pd.Timestamp(day)
    return f"{moment.day} {moment:%B} {moment.year}"


def say_share(share: float) -> str:
    """Give a share as a percentage that never rounds to none or to all.

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
    """Give the bounds of a share, as a sentence wants them or, without `between`, a table.

    Examples
    --------
    >>> say_bounds(0.25, 0.5), say_bounds(0.5, 0.5), say_bounds(0.25, 0.5, between="")
    ('between 25% and 50%', '50%', '25% to 50%')
    """
    low, high = say_share(lower), say_share(upper)
    return low if low == high else f"{between}{low} {'and' if between else 'to'} {high}"


def say_number(n: int) -> str:
    """Give a number, with a word for none.

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


def side_by_side(found: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Put one result of several days into one table, a row a day.

    Examples
    --------
    >>> side_by_side({"then": pd.Series({"n": 1}), "now": pd.Series({"n": 2})})
          n
    seen
    then  1
    now   2
    """
    rows = [row.to_dict() for row in found.values()]
    return pd.DataFrame(rows, index=pd.Index([*found], name="seen"))


def say_range(lower: float, upper: float) -> str:
    """Give the bounds of a count.

    Examples
    --------
    >>> say_range(17, 1430), say_range(3, 3)
    ('17 to 1,430', '3')
    """
    return f"{lower:,.0f}" if lower == upper else f"{lower:,.0f} to {upper:,.0f}"


def say_population(ties: Bounds) -> str:
    """Say how many ties stood, and how many more may have.

    Parameters
    ----------
    ties
        As `ties.bounds.n_ties` gives it.
    """
    n, n_may = len(ties.certain), len(ties.possible)
    return f"{count(n, 'tie')} that stood" + (f" and {n_may:,} more that may have" if n_may else "")


def say_formation(share: Bounds, ties: Bounds, decade: int, as_of: str) -> str:
    """Say how many ties there were, and whether most of them came from one decade.

    Parameters
    ----------
    share, ties
        As `ties.bounds.share_of_decade` and `ties.bounds.n_ties` give them for the day.
    decade
        First year of the decade.
    as_of
        ISO day from which it was asked.

    Examples
    --------
    >>> share = Bounds(0.75, 1.0, 4, certain=("t", "u", "v"), possible=("w",))
    >>> print(say_formation(share, Bounds(4, 4, 4, tuple("tuvw")), 1990, "2018-11-28"))
    By 28 November 2018 the record knows of 4 ties that stood: 3 founded in the 1990s for certain,
    none not founded in them, and 1 of which it cannot be told. The share of the 1990s is between
    75% and 100%. **Most were founded in the 1990s**, whatever the vague dates are.
    """
    if share.n == 0:
        return f"By {say_day(as_of)} the record knows of no tie. **There is nothing to answer.**"
    n_in, n_may = len(share.certain), len(share.possible)
    return (
        f"By {say_day(as_of)} the record knows of {say_population(ties)}: {say_number(n_in)} "
        f"founded in the {decade}s for certain, {say_number(share.n - n_in - n_may)} not founded "
        f"in them, and {say_number(n_may)} of which it cannot be told. The share of the {decade}s "
        f"is {say_bounds(share.lower, share.upper)}. {_majority(share, decade)}"
    )


def _majority(share: Bounds, decade: int) -> str:
    whatever = ", whatever the vague dates are." if share.lower != share.upper else "."
    if share.lower > HALF:
        return f"**Most were founded in the {decade}s**{whatever}"
    if share.upper <= HALF:
        return f"**At most half were founded in the {decade}s**{whatever}"
    return f"**Whether most were founded in the {decade}s cannot be told**: the vague dates decide."


def say_peak(per_decade: pd.DataFrame) -> str:
    """Say which decade holds most of the foundings that are certain.

    Parameters
    ----------
    per_decade
        As `ties.bounds.founded_per_decade` gives it.
    """
    placed = per_decade[per_decade.index.notna()]["n_certain"]
    most = int(placed.max()) if len(placed) else 0
    if most == 0:
        return "No founding is known to its decade."
    decades = say_list(f"{decade}s" for decade in placed.index[placed == most])
    each = " each" if int((placed == most).sum()) > 1 else ""
    return f"The {decades} hold the most foundings of a certain decade, {most}{each}."


def say_decline(
    stock: pd.DataFrame,
    by_year: pd.DataFrame,
    flows: pd.DataFrame,
    tie_table: pd.DataFrame,
    as_of: str,
) -> str:
    """Say how the ties stand, whether they faded, and whether by degrees or at once.

    Parameters
    ----------
    stock, flows
        As `ties.stats.decline` gives them.
    by_year
        As `ties.bounds.by_year` gives it for the same day.
    tie_table
        As `ties.tie_table` gives it for the same day.
    as_of
        ISO day from which it was asked.
    """
    said = (
        say_stock(stock, by_year, as_of),
        say_silence(tie_table),
        say_fading(by_year, as_of),
        say_stops(flows),
    )
    return " ".join(sentence for sentence in said if sentence)


def say_stock(stock: pd.DataFrame, by_year: pd.DataFrame, as_of: str) -> str:
    """Say how the ties stood on the last day, and how many may have stood beside them.

    Parameters
    ----------
    stock
        As `ties.stats.decline.stock_by_status` gives it.
    by_year
        As `ties.bounds.by_year` gives it.
    as_of
        ISO day from which it was asked.
    """
    last = stock.iloc[-1] if len(stock) else pd.Series(0, index=[*STATUSES, "total"])
    n, bounds = int(last["total"]), by_year.iloc[-1]
    n_may = int(bounds["ties_upper"] - bounds["ties_lower"])
    if n + n_may == 0:
        return f"On {say_day(as_of)} the record knows of no tie."
    unknown = int(last["no_information"])
    parts = [
        f"{int(last[code])} {STATUSES[code].label.lower()}"
        for code in STATUSES
        if code != "no_information" and last[code]
    ]
    if unknown:
        parts.append(f"{unknown} ({say_share(unknown / n)}) without information")
    more = f" {n_may:,} more may have stood: a later source is the first to say so." * bool(n_may)
    in_force = say_range(bounds["in_force_lower"], bounds["in_force_upper"])
    paper = f" In force on paper: {in_force}."
    said = f"On {say_day(as_of)} the record knows of {count(n, 'tie')} that stood"
    if parts:
        said += f": {say_list(parts)}"
    if unknown:
        said += ", where no sign of life is recent enough and nobody had looked"
    return f"{said}.{more}{paper}"


def say_fading(by_year: pd.DataFrame, as_of: str) -> str:
    """Say whether fewer ties are alive than there once were, as far as that can be told.

    It has fallen for certain only if even the most that can be alive is less than what once
    certainly was.

    Parameters
    ----------
    by_year
        As `ties.bounds.by_year` gives it.
    as_of
        ISO day from which it was asked.
    """
    least, most = by_year["alive_lower"], by_year["alive_upper"]
    if not least.max():
        return "No tie is known to have been alive. **Whether ties faded cannot be told.**"
    peak, year = int(least.max()), int(by_year.index[int(least.argmax())])
    alive, may = int(least.iloc[-1]), int(most.iloc[-1])
    if year == int(by_year.index[-1]):
        return (
            f"At the end of no earlier year were more ties known to be alive than the {alive} of "
            f"{say_day(as_of)}. **The record shows no fading**, though it need not show all."
        )
    then = f"At the end of {year} at least {peak} were alive, the most of any year"
    now = f"between {alive} and {may}" if may > alive else f"{alive}"
    if may < peak:
        return f"{then}; on {say_day(as_of)} it was {now}. **Fewer show life than once did.**"
    if may == alive:
        return f"{then}; on {say_day(as_of)} it was {now}. **As many show life as ever did.**"
    return (
        f"{then}; on {say_day(as_of)} it was {now}, as those of which nothing is known may be "
        "alive or not. **Whether ties faded cannot be told.**"
    )


def say_silence(tie_table: pd.DataFrame) -> str:
    """Say how it is known that the dormant ties are dormant; nothing if there are none.

    Parameters
    ----------
    tie_table
        As `ties.tie_table` gives it.
    """
    basis = tie_table.loc[tie_table["status"] == "dormant", "basis"]
    n, n_inferred = len(basis), int((basis == "inferred").sum())
    if n == 0:
        return ""
    if n_inferred == 0:
        return f"Of the {n} dormant, a source says so of each."
    return (
        f"Of the {n} dormant, {n_inferred} {'is' if n_inferred == 1 else 'are'} so only because a "
        "search found no sign of life, which is weak evidence."
    )


def say_names(tie_table: pd.DataFrame) -> str:
    """Name ties by their two places, in one sentence.

    Parameters
    ----------
    tie_table
        Rows as `ties.tie_table` gives them.

    Examples
    --------
    >>> say_names(pd.DataFrame({"name_a": ["Tula"], "name_b": ["Albany"]}))
    'Albany and Tula.'
    """
    if tie_table.empty:
        return "None."
    pairs = sorted(zip(tie_table["name_b"], tie_table["name_a"], strict=True))
    return "; ".join(f"{escape_markdown(b)} and {escape_markdown(a)}" for b, a in pairs) + "."


def say_stops(flows: pd.DataFrame) -> str:
    """Say how many ties were stopped by a formal act, and whether one year stands out.

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


def say_returns(returns: pd.DataFrame, rate: pd.Series) -> str:
    """Say how many ties came back, from what, and at what rate.

    Parameters
    ----------
    returns
        As `ties.stats.revival.revivals` gives it.
    rate
        As `ties.stats.revival.revival_rate` gives it.
    """
    n, n_dormant = len(returns), int(rate["n_revivals"])
    counted = "No return to life is recorded."
    if n:
        before = returns["from_status"].value_counts()
        origins = [f"{before[c]} after {noun}" for c, noun in _BEFORE.items() if before.get(c)]
        n_called = n - int(before.reindex([*_BEFORE]).sum())
        if n_called:
            origins.append(f"{n_called} that a source calls so, with no silence on record before")
        verb = "is" if n == 1 else "are"
        counted = f"{count(n, 'return')} to life {verb} recorded: {say_list(origins)}."
    years = float(rate["dormant_tie_years"])
    if years == 0:
        return f"{counted} No tie is known to have been dormant for a day, so there is no rate."
    low, high = 100 * float(rate["rate_lower"]), 100 * float(rate["rate_upper"])
    return (
        f"{counted} Ties known to be dormant spent {count(round(years), 'tie-year')} so, and "
        f"{say_number(n_dormant)} of them came back: {100 * float(rate['rate']):.1f} per hundred "
        f"tie-years (95% interval {low:.1f} to {high:.1f})."
    )


_BEFORE: Final = {
    "dormant": "dormancy",
    "suspended": "suspension",
    "terminated": "termination",
}


def say_growth(returns: pd.DataFrame, coverage: pd.DataFrame, as_of: str) -> str:
    """Say whether more ties came back lately than before, and whether more was written down.

    The last five calendar years are set against the five before them. Given their sum, equal
    rates make either count binomial with a half; the exact test decides whether the two can
    be told apart.

    Parameters
    ----------
    returns
        As `ties.stats.revival.revivals` gives it.
    coverage
        As `ties.stats.revival.coverage` gives it.
    as_of
        ISO day from which it was asked.
    """
    from scipy.stats import binomtest

    end = pd.Timestamp(as_of).year
    middle, start = end - SPAN, end - 2 * SPAN
    year = returns["start_latest"].dt.year
    late, early = int((year > middle).sum()), int(((year > start) & (year <= middle)).sum())
    seen = coverage.sum(axis=1)
    n_late, n_early = (
        int(seen[(seen.index > a) & (seen.index <= b)].sum())
        for a, b in ((middle, end), (start, middle))
    )
    told = (
        f"From {middle + 1} to {end}, {_ties(late)} came back; from {start + 1} to {middle}, "
        f"{_ties(early)}. For the same years sources attest {count(n_late, 'event')} and "
        f"{count(n_early, 'event')}."
    )
    n = late + early
    if n and binomtest(late, n).pvalue < SIGNIFICANCE:
        more = "More" if late > early else "Fewer"
        return (
            f"{told} **{more} returns are recorded than before**; how much of that is a change in "
            "what was written down, the record cannot say."
        )
    return f"{told} **Whether more ties come back than before cannot be told** from so few."


def _ties(n: int) -> str:
    return count(n, "tie") if n else "none"
