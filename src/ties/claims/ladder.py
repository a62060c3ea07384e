"""The ladder: one quantity under stronger and stronger assumptions, each with its price.

Worst-case bounds count every unknown tie both ways. They are true and often of little use. Each
rung of the ladder adds one assumption, says it in a sentence, and gives what it buys:

1. **worst case**: nothing is assumed but that the sources are right;
2. **published totals hold**: a list that claims to be complete on its day bounds what can have
   stood by then;
3. **a living tie leaves a trace** in a share p of its five-year windows, so that few traces mean
   few living ties;
4. **what is unknown is like what is known**, given the bounds of each date, with intervals
   clustered by city; for activity, that the attention of the sources stayed as it was or grew as
   their other reports did;
5. **the hidden life**: alive and asleep as hidden states (`ties.stats.hidden_life`).

Beside each stands its *tipping point*: how wrong the assumption may be before the answer turns, and
whether that is plausible. The reader decides how far up to go.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from ties import bounds
from ties.bounds import DECADE, Bounds
from ties.claims.claim import Condition
from ties.claims.context import EstimandContext
from ties.claims.estimands import ESTIMANDS, compare_activity
from ties.dates import date_bounds, last_day
from ties.lifecycle.status_bounds import StatusBounds
from ties.schema.vocabulary import Term
from ties.stats import hidden_life
from ties.stats.founding_share import SIDES, drawn_in_decade, is_in_decade
from ties.stats.hidden_life import HiddenLife, Traces
from ties.stats.shares import clustered_share

RUNGS: Final[Mapping[str, Term]] = MappingProxyType(
    {
        term.code: term
        for term in (
            Term("worst_case", "Worst case", "Nothing is assumed but that the sources are right."),
            Term(
                "totals",
                "Published totals hold",
                "Lists that claim to be complete held every tie at the end of the day, month or "
                "year that they name.",
            ),
            Term(
                "traces",
                "A living tie leaves a trace",
                "Every living tie leaves a trace in a five-year window with the same chance as the "
                "ties known to be alive before and after it.",
            ),
            Term(
                "alike",
                "Unknown ties are like known",
                "Ties of which it is not known are like those of which it is, given the bounds of "
                "their dates.",
            ),
            Term(
                "hidden_life",
                "The hidden life",
                "Living and sleeping ties follow one model: chances of fading by era, of waking, "
                "and of leaving a trace, which drifts in time and differs between ties.",
            ),
        )
    }
)
LEVEL: Final = 0.9
WINDOW: Final = 5
N_DRAWS: Final = 2000
_FEWEST_EFFECTIVE: Final = 50
# The rungs on which a verdict may rest in words of likelihood.
_WITH_CHANCES: Final = ("alike", "hidden_life")


@dataclass(frozen=True)
class Rung:
    """A quantity under one assumption.

    Parameters
    ----------
    code
        One of `RUNGS`.
    lower, value, upper
        Bounds, or the middle and the ends of a 90% interval; `value` is missing for bounds.
    probability
        Chance that the condition holds, given the assumption: 0 or 1 where bounds decide, missing
        where they do not.
    tipping_point
        At which value of what is assumed the answer turns, in a sentence; empty if at none.
    is_plausible
        Whether the answer turns within what is plausible of the assumption.
    n
        Ties that it rests on.
    """

    code: str
    lower: float
    value: float
    upper: float
    probability: float
    tipping_point: str = ""
    is_plausible: bool = True
    n: int = 0

    @property
    def assumption(self) -> str:
        """What is assumed, in a sentence."""
        return RUNGS[self.code].definition

    def as_dict(self) -> dict[str, Any]:
        """The rung as plain values; a missing number is not a number yet."""
        return {
            "rung": self.code,
            "assumption": self.assumption,
            "interval": [self.lower, self.upper],
            "value": self.value,
            "probability": self.probability,
            "tipping_point": self.tipping_point or None,
            "turns_within_what_is_plausible": self.is_plausible,
            "n": self.n,
        }


def climb(context: EstimandContext, condition: Condition, worst: Bounds) -> tuple[Rung, ...]:
    """Work out every rung that there is for a condition.

    Parameters
    ----------
    context
        The population, the day, and what is known.
    condition
        The quantity, and what it must be.
    worst
        Its worst case, as worked out before.

    Returns
    -------
    tuple of Rung
        From the weakest assumption to the strongest; the worst case is always the first.
    """
    first = _of_bounds("worst_case", worst, condition, _turns_with(worst, condition))
    more = _MORE.get(condition.estimand, ())
    found = [rung for make in more if (rung := make(context, condition, worst)) is not None]
    return (first, *found)


def deciding(rungs: Sequence[Rung]) -> Rung:
    """The rung on which the answer rests: the worst case if it decides, else the highest chance."""
    worst = rungs[0]
    if not math.isnan(worst.probability):
        return worst
    able = [r for r in rungs if r.code in _WITH_CHANCES and not math.isnan(r.probability)]
    return able[-1] if able else worst


def joint_chance(ladders: Sequence[Sequence[Rung]]) -> tuple[float, float]:
    """Least and greatest chance that all conditions hold, however they hang together.

    Examples
    --------
    >>> worst = Rung("worst_case", 0, 0, 1, 1.0)
    >>> joint_chance([[worst], [worst, Rung("alike", 0, 0, 1, 0.9)]])
    (1.0, 1.0)
    """
    chances = np.array([deciding(rungs).probability for rungs in ladders])
    least = np.nan_to_num(chances, nan=0.0)
    most = np.nan_to_num(chances, nan=1.0)
    return max(float(least.sum()) - (len(chances) - 1), 0.0), float(most.min())


def _of_bounds(code: str, found: Bounds, condition: Condition, tipping: str) -> Rung:
    holds = condition.holds(found.lower, found.upper)
    probability = math.nan if holds is None else float(holds)
    return Rung(
        code, found.lower, math.nan, found.upper, probability, tipping, holds is None, found.n
    )


def _of_draws(
    code: str, draws: np.ndarray, condition: Condition, tipping: str, is_plausible: bool, n: int
) -> Rung:
    low, middle, high = np.quantile(draws, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2])
    return Rung(
        code,
        float(low),
        float(middle),
        float(high),
        float(condition.holds_at(draws).mean()),
        tipping,
        is_plausible,
        n,
    )


def _turns_with(worst: Bounds, condition: Condition) -> str:
    """How many of the unknown ties would decide, where each moves a bound alike."""
    wanted = condition.threshold
    if isinstance(wanted, tuple) or math.isnan(worst.per_tie) or not worst.possible:
        return ""
    needed = math.ceil((wanted - worst.lower) / worst.per_tie - 1e-9)
    needed += condition.comparison == "more_than" and math.isclose(
        worst.lower + needed * worst.per_tie, wanted
    )
    if not 0 < needed <= len(worst.possible):
        return ""
    return (
        f"It holds if {needed} or more of the {len(worst.possible)} ties of which it is not known "
        "count, and not with fewer."
    )


# Rung 2 ----------------------------------------------------------------------------------------


def _totals_of_decade(context: EstimandContext, condition: Condition, worst: Bounds) -> Rung | None:
    """Cap how many undated ties can have been founded before a list that held every tie."""
    decade = int(str(condition.options.get("decade", 1990)))
    lists = _complete_lists(context, {"ties", "wider"})
    ties = context.ties
    ties = ties.only(ties.may_stand)
    begins, ends = (np.datetime64(f"{year}-01-01") for year in (decade, decade + DECADE))
    lists = lists[lists["day"].to_numpy("M8[D]") < begins + np.timedelta64(1, "D")]
    if lists.empty:
        return None
    last = lists.iloc[-1]
    certain_before = int((ties.founded_latest < begins).sum())
    room = max(int(last["count"]) - certain_before, 0)
    can = bounds.in_decade(ties, decade)
    # Ties that were founded by the end of the decade: inside it, or before it where there is room.
    confined = can["in"] & can["out"] & ~can["absent"] & (ties.founded_latest < ends)
    forced = max(int(confined.sum()) - room, 0)
    is_in = can["in"] & ~can["out"] & ~can["absent"]
    n_against = int(can["out"].sum()) - forced
    lower = (int(is_in.sum()) + forced) / max(int(is_in.sum()) + forced + n_against, 1)
    capped = Bounds(max(lower, worst.lower), worst.upper, worst.n)
    text = (
        f"A list of {int(last['count'])} ties ({last['text']}) leaves room for {room} of the "
        f"{int(confined.sum())} undated ties that began by the end of {decade + DECADE - 1}; "
        f"the others then began in the {decade}s."
    )
    return _of_bounds("totals", capped, condition, text)


def _totals_in_force(context: EstimandContext, condition: Condition, worst: Bounds) -> Rung | None:
    """Cap the ties in force by a list that held every tie within a year of the day."""
    lists = _complete_lists(context, {"ties", "wider"})
    distance = abs(lists["day"] - context.as_of)
    near = lists[distance <= pd.Timedelta(days=366)]
    near = near[near["count"] >= worst.lower]
    if near.empty:
        return None
    nearest = near.iloc[int(distance[near.index].to_numpy().argmin())]
    capped = Bounds(worst.lower, min(worst.upper, float(nearest["count"])), worst.n)
    text = f"The list is that of {nearest['text']}, with {int(nearest['count'])} ties."
    return _of_bounds("totals", capped, condition, text)


def _complete_lists(context: EstimandContext, populations: set[str]) -> pd.DataFrame:
    """Totals whose publishers claim to count all ties: ``day`` (the last possible), ``count``."""
    counts = context.dataset.counts
    is_complete = counts["claims"].eq("all") & counts["population"].isin([*populations])
    chosen = counts[is_complete.fillna(False).astype(bool)]
    if context.known_by is not None:
        published = context.dataset.sources.set_index("source_id")["published"]
        known = date_bounds(published.reindex(chosen["source_id"]))["latest"]
        chosen = chosen[(known <= last_day(context.known_by)).to_numpy(bool)]
    day = date_bounds(chosen["date"])["latest"]
    return chosen.assign(day=day, text=chosen["date"]).sort_values("day")


# Rung 3 ----------------------------------------------------------------------------------------


def trace_rate(traces: Traces, window: int = WINDOW) -> tuple[int, int]:
    """In how many windows ties known to be alive left a trace, and of how many.

    A tie is known to be alive in a window if it left traces before and after it, and no source
    calls it dormant within. Windows do not overlap.

    Examples
    --------
    >>> import ties
    >>> hits, windows = trace_rate(Traces.of(ties.load("us-russia")))
    >>> 0 < hits < windows
    True
    """
    seen = np.cumsum(traces.is_trace, axis=1)
    asleep = np.cumsum(traces.is_dormant, axis=1)
    hits = windows = 0
    for end in range(window, len(traces.years) - 1, window):
        start = end - window
        before, within = seen[:, start], seen[:, end] - seen[:, start]
        after = seen[:, -1] - seen[:, end]
        silent = asleep[:, end] - asleep[:, start] > 0
        alive = (before > 0) & (after > 0) & (traces.left > end) & ~silent
        hits += int((within[alive] > 0).sum())
        windows += int(alive.sum())
    return hits, windows


def _alive_from_traces(
    context: EstimandContext, condition: Condition, worst: Bounds
) -> Rung | None:
    hits, windows = trace_rate(_traces(context))
    if windows < 10 or hits == 0:
        return None
    p = hits / windows
    measure, n = _trace_measure(context, condition)
    draws = measure(p, np.random.default_rng(context.seed))
    low, high = proportion_confint(hits, windows, alpha=1 - LEVEL, method="wilson")
    turning = _turning_p(measure, condition, context.seed)
    text = f"Of ties known to be alive, {p:.0%} left a trace in five years ({hits} of {windows})."
    if turning is not None:
        text += f" The answer turns at {turning:.0%}."
    is_plausible = turning is not None and low <= turning <= high
    return _of_draws("traces", draws, condition, text, is_plausible, n)


def _trace_measure(
    context: EstimandContext, condition: Condition
) -> tuple[Callable[[float, np.random.Generator], np.ndarray], int]:
    """The quantity as draws, given the chance of a trace."""

    def alive(ties: StatusBounds, p: float, rng: np.random.Generator) -> np.ndarray:
        seen, n = int(ties.is_alive.sum()), int(ties.may_be_alive.sum())
        return np.minimum(seen + rng.negative_binomial(seen + 1, p, N_DRAWS), n)

    now = context.ties
    n = int(now.may_stand.sum())
    if condition.estimand == "n_alive":
        return lambda p, rng: alive(now, p, rng).astype(float), n
    if condition.estimand == "share_alive":
        return lambda p, rng: alive(now, p, rng) / max(n, 1), n
    since = int(str(condition.options.get("since", 1999)))
    then = now.on(pd.Timestamp(since, 12, 31)).only(context.counts)
    m = int(then.may_stand.sum())
    return (
        lambda p, rng: alive(then, p, rng) / max(m, 1) - alive(now, p, rng) / max(n, 1),
        n,
    )


def _turning_p(
    measure: Callable[[float, np.random.Generator], np.ndarray], condition: Condition, seed: int
) -> float | None:
    """The chance of a trace at which the middle answer turns, to a hundredth."""
    chances = np.arange(0.02, 1.0, 0.02)
    holds = [condition.holds_at(measure(p, np.random.default_rng(seed))).mean() for p in chances]
    answer = np.array(holds) > 0.5
    turns = chances[:-1][answer[1:] != answer[:-1]]
    return float(turns[-1]) if len(turns) else None


# Rung 4 ----------------------------------------------------------------------------------------


def _imputed_decade(context: EstimandContext, condition: Condition, worst: Bounds) -> Rung | None:
    """Draw the undated foundings like the dated ones, within their bounds."""
    decade = int(str(condition.options.get("decade", 1990)))
    ties = context.ties
    ties = ties.only(ties.may_stand)
    known = bounds.in_decade(ties, decade)
    is_known = is_in_decade(ties, decade).notna().to_numpy()
    if is_known.sum() < 5:
        return None
    is_in, counts = drawn_in_decade(ties, decade, m=200, seed=context.seed)
    cities = context.dataset.ties.set_index("tie_id").loc[[*ties.ids], SIDES]
    of_known = pd.Series(known["in"][is_known], index=ties.ids[is_known])
    n_effective = clustered_share(of_known, cities[is_known]).n_effective
    rng = np.random.default_rng(context.seed)
    scale = n_effective if math.isfinite(n_effective) else float(is_known.sum())
    n_in, n_open = int(known["in"][is_known].sum()), len(worst.possible)
    share = is_in[~is_known].sum() / max(counts[~is_known].sum(), 1)
    rate = rng.beta(share * scale + 0.5, (1 - share) * scale + 0.5, N_DRAWS)
    draws = (n_in + rng.binomial(n_open, rate)) / counts.sum(axis=0).mean()
    text, is_plausible = _turning_share(worst, condition, known, is_known)
    return _of_draws("alike", draws, condition, text, is_plausible, int(is_known.sum()))


def _turning_share(
    worst: Bounds,
    condition: Condition,
    can: Mapping[str, np.ndarray],
    is_known: np.ndarray,
) -> tuple[str, bool]:
    """The share of the undated ties in the decade at which the answer turns."""
    wanted = condition.threshold
    if isinstance(wanted, tuple) or not worst.possible:
        return "", False
    n_in, n_known, n_open = int(can["in"][is_known].sum()), int(is_known.sum()), len(worst.possible)
    turning = (wanted * worst.n - n_in) / n_open
    low, high = proportion_confint(n_in, n_known, alpha=1 - LEVEL, method="wilson")
    if not 0 <= turning <= 1:
        return "", False
    text = (
        f"The answer turns where {turning:.0%} of the {n_open} ties without a known decade were "
        f"founded in it; of the dated ties {n_in / n_known:.0%} were ({n_in} of {n_known}, "
        f"interval {low:.0%} to {high:.0%})."
    )
    return text, bool(low <= turning <= high)


def _counted_alike(context: EstimandContext, condition: Condition, worst: Bounds) -> Rung | None:
    """Let the ties of which it is not known count as often as those of which it is."""
    ties = context.ties
    if condition.estimand.startswith("n_places"):
        n_open = int(worst.upper - worst.lower)
        n_known_not = max(worst.n - len(worst.certain) - len(worst.possible), 0)
    else:
        n_open = len(worst.possible)
        n_known_not = int(ties.may_stand.sum()) - len(worst.certain) - n_open
    n_sure = len(worst.certain)
    if not n_open or n_sure + n_known_not < 5:
        return None
    known = ties.may_stand & ~np.isin(ties.ids, [*worst.possible])
    is_sure = pd.Series(np.isin(ties.ids[known], [*worst.certain]), index=ties.ids[known])
    cities = context.dataset.ties.set_index("tie_id").loc[[*is_sure.index], SIDES]
    n_effective = clustered_share(is_sure, cities).n_effective
    scale = (n_effective / len(is_sure)) if math.isfinite(n_effective) else 1.0
    rng = np.random.default_rng(context.seed)
    rate = rng.beta(n_sure * scale + 0.5, n_known_not * scale + 0.5, N_DRAWS)
    draws = worst.lower + rng.binomial(n_open, rate)
    text, is_plausible = _turning_count(worst, condition, n_open, n_sure, n_known_not)
    n = n_sure + n_known_not
    return _of_draws("alike", draws.astype(float), condition, text, is_plausible, n)


def _turning_count(
    worst: Bounds, condition: Condition, n_open: int, n_sure: int, n_not: int
) -> tuple[str, bool]:
    wanted = condition.threshold
    if isinstance(wanted, tuple):
        return "", False
    turning = (wanted - worst.lower) / n_open
    if not 0 <= turning <= 1:
        return "", False
    low, high = proportion_confint(n_sure, n_sure + n_not, alpha=1 - LEVEL, method="wilson")
    text = (
        f"The answer turns where {turning:.0%} of the {n_open} unknown ones count; of those that "
        f"are known {n_sure / (n_sure + n_not):.0%} do (interval {low:.0%} to {high:.0%})."
    )
    return text, bool(low <= turning <= high)


def _constant_effort(context: EstimandContext, condition: Condition, worst: Bounds) -> Rung | None:
    """Draw the ratio: attention lies anywhere between its two readings, and chance is added."""
    asked = {**ESTIMANDS[condition.estimand].options, **condition.options}
    *_, found = compare_activity(context, **asked)
    ends = np.array([found[end] for end in ("ratio_lower", "ratio_upper", "lower", "upper")])
    if not (np.isfinite(ends).all() and (ends > 0).all()):
        return None
    low, high, lowest, highest = np.log(ends)
    spread = max(low - lowest, highest - high) / 1.96
    rng = np.random.default_rng(context.seed)
    draws = np.exp(rng.uniform(low, high, N_DRAWS) + rng.normal(0, spread, N_DRAWS))
    text = (
        f"With the attention of the sources as it was the ratio is {ends[:2].max():.2f}, and "
        f"{ends[:2].min():.2f} if it grew as their other reports did; the answer turns between "
        "the two."
    )
    turns = condition.holds(ends[0], ends[1]) is None
    return _of_draws("alike", draws, condition, text if turns else "", turns, worst.n)


# Rung 5 ----------------------------------------------------------------------------------------


def _hidden(context: EstimandContext, condition: Condition, worst: Bounds) -> Rung | None:
    life = _life(context)
    if life is None:
        return None
    is_year_end = (context.as_of.month, context.as_of.day) == (12, 31)
    year = min(int(context.as_of.year) - (not is_year_end), int(life.traces.years[-1]))
    draws = _hidden_draws(life, condition, year, context)
    if draws is None:
        return None
    text, is_plausible = _turning_drift(life, condition.holds_at(draws))
    if year < context.as_of.year - 1:
        text = f"To the end of {year}, the last year with a trace. {text}"
    return _of_draws("hidden_life", draws, condition, text, is_plausible, len(life.traces.ids))


def _hidden_draws(
    life: HiddenLife, condition: Condition, year: int, context: EstimandContext
) -> np.ndarray | None:
    years = life.traces.years
    at = int(year - years[0])
    stood = (life.traces.entered[:, None] <= np.arange(len(years))).sum(axis=0)
    if condition.estimand == "largest_year_of_stops":
        stops = life.n_faded[:, : at + 1]
        return np.asarray(stops.max(axis=1) / np.maximum(stops.sum(axis=1), 1))
    share = life.n_alive[:, at] / max(stood[at], 1)
    if condition.estimand == "share_alive":
        return np.asarray(share)
    if condition.estimand == "n_alive":
        return np.asarray(share * int(context.ties.may_stand.sum()))
    since = int(str(condition.options.get("since", 1999))) - int(years[0])
    if not 0 <= since < at or not stood[since]:
        return None
    return np.asarray(life.n_alive[:, since] / stood[since] - share)


def _turning_drift(life: HiddenLife, holds: np.ndarray) -> tuple[str, bool]:
    """The drift of recording at which the answer turns, from how it goes with the draws' own.

    Plausible is a drift within the prior's 90% interval that is not below zero: archives and the
    press of later years are easier to search, so a trace is not less likely to be on record.
    """
    drift = life.draws["drift"].to_numpy()
    if not 0.01 < holds.mean() < 0.99:
        return "It turns at no drift of recording that the model finds possible.", False
    order = np.argsort(drift)
    size = max(len(drift) // 10, 50)
    smooth = np.convolve(holds[order], np.ones(size) / size, mode="valid")
    middle = np.convolve(drift[order], np.ones(size) / size, mode="valid")
    answer = smooth > 0.5
    turns = middle[1:][answer[1:] != answer[:-1]]
    if not len(turns):
        return "It turns at no drift of recording that the model finds possible.", False
    turning = float(turns[np.argmin(abs(turns))])
    _, sd = life.prior.drift
    text = (
        f"It turns where the odds of a trace changed by a factor of {math.exp(turning):.2f} in ten "
        f"years; the record itself suggests {math.exp(float(np.median(drift))):.2f}."
    )
    return text, bool(0 <= turning <= 1.645 * sd)


def _traces(context: EstimandContext) -> Traces:
    """The yearly traces of the population, read once for each state of knowledge."""
    if "traces" not in context.shared:
        rule = context.known.reading.rule
        context.shared["traces"] = Traces.of(
            context.dataset, rule, context.known_by, context.known_by
        )
    found: Traces = context.shared["traces"]
    return found.only(context.population)


def _life(context: EstimandContext) -> HiddenLife | None:
    """The fitted model of the population, once for each state of knowledge and population.

    There is none where too little is on record, or where so few draws bear the weight that their
    shares would be chance.
    """
    key = ("life", tuple(context.population))
    if key not in context.shared:
        traces = _traces(context)
        able = len(traces.ids) >= 20 and traces.is_trace.sum() >= 20
        life = hidden_life.fit(traces, n_draws=N_DRAWS // 2, seed=context.seed) if able else None
        is_borne = life is not None and life.effective_draws >= _FEWEST_EFFECTIVE
        context.shared[key] = life if is_borne else None
    found: HiddenLife | None = context.shared[key]
    return found


_COUNT: Final = (_counted_alike,)
_ALIVE: Final = (_alive_from_traces, _hidden)
_MORE: Final[Mapping[str, tuple[Callable[..., Rung | None], ...]]] = MappingProxyType(
    {
        "n_in_force": (_totals_in_force, _counted_alike),
        "n_stopped": _COUNT,
        "n_places_in_force": _COUNT,
        "n_places_stopped": _COUNT,
        "share_of_decade": (_totals_of_decade, _imputed_decade),
        "n_alive": _ALIVE,
        "share_alive": _ALIVE,
        "fall_of_share_alive": _ALIVE,
        "largest_year_of_stops": (_hidden,),
        "activity_ratio": (_constant_effort,),
    }
)
