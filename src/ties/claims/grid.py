"""Every claim under every choice: the grid behind a verdict.

The grid holds every combination of `dormant_after` (2 to 10), kinds of tie and kinds of source,
as far as a claim's quantities depend on them; and, one at a time with all else as usual, every
further choice: the date taken where sources disagree, sources without a date of their own where it
is asked what was known, the options of a quantity, and other thresholds that the words would bear.

Reading a record is the costly part, so the grid is walked once for all claims: each reading is made
once, asked everything, and let go.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from ties.bounds import Bounds
from ties.claims.claim import Claim, Condition, Look, Threshold
from ties.claims.context import EstimandContext
from ties.claims.estimands import ESTIMANDS
from ties.claims.ladder import Rung, climb
from ties.claims.verdict import all_hold
from ties.dataset import Dataset
from ties.dates import last_day
from ties.lifecycle.rule import DATE_RULES, StatusRule
from ties.lifecycle.status_bounds import StatusHistory
from ties.stats.choices import (
    NOT_STATED,
    default_source_kinds,
    default_tie_kinds,
    without_source_kinds,
)

YEARS: Final = tuple(range(2, 11))
CHOICES: Final = ("dormant_after", "tie_kinds", "source_kinds", "further")
AS_USUAL: Final = "as usual"


@dataclass(frozen=True)
class Choices:
    """Which choices the grid tries.

    Parameters
    ----------
    dormant_after
        Silent years after which a tie is no longer alive.
    tie_kinds, source_kinds
        Kinds of tie that count, and kinds of source that are left out, by a name for each
        choice; the first is the usual one. See `ties.stats.choices`.
    """

    dormant_after: tuple[int, ...]
    tie_kinds: Mapping[str, Sequence[str]]
    source_kinds: Mapping[str, Sequence[str]]

    @classmethod
    def usual(cls, dataset: Dataset) -> Choices:
        """The choices that are tried unless others are given."""
        return cls(YEARS, default_tie_kinds(), default_source_kinds(dataset))


@dataclass
class ClaimResult:
    """A claim under one look, with everything that was worked out for it.

    Parameters
    ----------
    claim, look, as_of
        What was tested, and the day.
    population
        Index ``tie_id``, sorted: the kind of each tie that it is about, missing for the others.
    seed
        For intervals that are drawn.
    estimates, ladders
        One a condition, under the usual choices: its worst case, and its rungs.
    points
        A row a condition and point of the grid: `CHOICES`, ``point`` (its number),
        ``condition`` (its position), ``lower``, ``upper``, ``holds`` (of the condition). The
        first point is the usual one.
    """

    claim: Claim
    look: Look
    as_of: pd.Timestamp
    population: pd.Series
    seed: int
    estimates: tuple[Bounds, ...] = ()
    ladders: tuple[tuple[Rung, ...], ...] = ()
    points: list[dict[str, Any]] = field(default_factory=list)
    answers: list[bool | None] = field(default_factory=list)
    masks: dict[tuple[str, ...], np.ndarray] = field(default_factory=dict)

    @property
    def varies(self) -> frozenset[str]:
        """The choices that any of its quantities depends on."""
        return frozenset().union(*(ESTIMANDS[c.estimand].varies for c in self.claim.conditions))

    def of_kinds(self, kinds: tuple[str, ...]) -> np.ndarray:
        """Which ties of the record are in the population and of these kinds."""
        if kinds not in self.masks:
            self.masks[kinds] = self.population.isin(kinds).to_numpy(bool)
        return self.masks[kinds]

    def note(
        self,
        choices: Mapping[str, object],
        estimates: Sequence[Bounds],
        thresholds: Sequence[Threshold],
    ) -> None:
        """Add a point of the grid."""
        pairs = zip(self.claim.conditions, estimates, thresholds, strict=True)
        held = [one.holds(found.lower, found.upper, wanted) for one, found, wanted in pairs]
        for place, (found, holds) in enumerate(zip(estimates, held, strict=True)):
            at = {"point": len(self.answers), "condition": place}
            bounds = {"lower": found.lower, "upper": found.upper, "holds": holds}
            self.points.append({**choices, **at, **bounds})
        self.answers.append(all_hold(held))


@dataclass(frozen=True)
class _Setting:
    """A record as it is read under one choice of each kind that needs a reading of its own."""

    dataset: Dataset
    known: StatusHistory
    source_kinds: str
    further: str = AS_USUAL
    shared: dict[Hashable, Any] = field(default_factory=dict)

    @property
    def years(self) -> int:
        return self.known.reading.rule.dormant_after


def evaluate_grid(
    dataset: Dataset,
    claims: Sequence[Claim],
    *,
    rule: StatusRule | None = None,
    choices: Choices | None = None,
    disputed: str = "exclude",
    seed: int,
) -> list[ClaimResult]:
    """Work out every claim under each of its looks and every choice.

    Parameters
    ----------
    dataset
        A record.
    claims
        What to test.
    rule
        What is not varied, and the usual `dormant_after`.
    choices
        What the grid tries; `Choices.usual` if not given.
    disputed
        Whether ties of disputed places count: ``exclude`` or ``include``.
    seed
        For intervals that are drawn.

    Returns
    -------
    list
        One `ClaimResult` a claim and look, in order.
    """
    rule = rule or StatusRule()
    dataset = dataset if disputed == "include" else dataset.without_disputed()
    choices = choices or Choices.usual(dataset)
    tests = [
        ClaimResult(
            claim,
            look,
            dataset.as_of if look.as_of is None else last_day(look.as_of),
            _population(dataset, claim),
            seed,
        )
        for claim in claims
        for look in claim.sides
    ]
    for known_by in dict.fromkeys(test.look.known_by for test in tests):
        own = [test for test in tests if test.look.known_by == known_by]
        until = max(test.as_of for test in own)
        for setting in _settings(dataset, known_by, until, rule, choices):
            for test in own:
                _put(test, setting, rule, choices)
    return tests


def _population(dataset: Dataset, claim: Claim) -> pd.Series:
    """The kind of each tie that a claim is about, and nothing for the others, by id."""
    ties = dataset.ties.set_index("tie_id").sort_index()
    kind = ties["kind"].astype("str").fillna(NOT_STATED)
    keep = pd.Series(True, index=ties.index)
    if claim.tie_kinds:
        keep &= kind.isin([*claim.tie_kinds])
    if claim.region:
        region = dataset.places.set_index("place_id")["region"]
        keep &= (ties["place_a"].map(region) == claim.region) | (
            ties["place_b"].map(region) == claim.region
        )
    return kind.where(keep)


def _settings(
    dataset: Dataset,
    known_by: str | None,
    until: pd.Timestamp,
    rule: StatusRule,
    choices: Choices,
) -> Iterator[_Setting]:
    """Yield every reading that the grid needs, the usual one first."""

    def read(own: Dataset, own_rule: StatusRule) -> StatusHistory:
        return StatusHistory.of(own, own_rule, known_by, until=until, disputed="include")

    years = dict.fromkeys((rule.dormant_after, *choices.dormant_after))
    for name, left_out in choices.source_kinds.items():
        heard = without_source_kinds(dataset, left_out)
        known = read(heard, rule)
        for n_years in years:
            yield _Setting(heard, known.with_years(n_years), name)
    usual = _first(choices.source_kinds)
    for further, other in _further_rules(rule, known_by):
        yield _Setting(dataset, read(dataset, other), usual, further)


def _further_rules(rule: StatusRule, known_by: str | None) -> Iterator[tuple[str, StatusRule]]:
    """The rules that differ in one further choice."""
    for dates in DATE_RULES:
        if dates != rule.dates:
            yield f"dates: {dates}", replace(rule, dates=dates)
    if known_by is not None:
        other = "known" if rule.undated_sources == "unknown" else "unknown"
        yield f"undated_sources: {other}", replace(rule, undated_sources=other)


def _put(test: ClaimResult, setting: _Setting, rule: StatusRule, choices: Choices) -> None:
    """Ask what a test asks of one reading, as far as it depends on what is chosen there."""
    varies = test.varies
    kind = setting.further.split(":")[0]
    is_usual_sources = setting.source_kinds == _first(choices.source_kinds)
    skips = (
        ("dormant_after" not in varies and setting.years != rule.dormant_after)
        or ("source_kinds" not in varies and not is_usual_sources)
        or (kind == "dates" and "dates" not in varies)
    )
    if skips:
        return
    is_usual = is_usual_sources and setting.years == rule.dormant_after
    is_usual &= setting.further == AS_USUAL
    kinds = {} if setting.further != AS_USUAL else choices.tie_kinds
    for name in dict.fromkeys((_first(choices.tie_kinds), *kinds)):
        if name != _first(choices.tie_kinds) and "tie_kinds" not in varies:
            continue
        asked = _asked(test, setting, choices.tie_kinds[name])
        estimates = [_measure(asked, condition) for condition in test.claim.conditions]
        told = {
            "dormant_after": setting.years,
            "tie_kinds": name,
            "source_kinds": setting.source_kinds,
            "further": setting.further,
        }
        test.note(told, estimates, _thresholds(test.claim))
        if is_usual and name == _first(choices.tie_kinds):
            test.estimates = tuple(estimates)
            test.ladders = tuple(
                climb(asked, condition, found)
                for condition, found in zip(test.claim.conditions, estimates, strict=True)
            )
            _put_further(test, asked, told)


def _put_further(test: ClaimResult, asked: EstimandContext, told: Mapping[str, object]) -> None:
    """Try other options and other thresholds, one at a time, all else as usual."""
    conditions, estimates = test.claim.conditions, list(test.estimates)
    wanted = _thresholds(test.claim)
    for place, condition in enumerate(conditions):
        for option, values in ESTIMANDS[condition.estimand].otherwise.items():
            for value in values:
                if value == condition.options.get(option, _default(condition, option)):
                    continue
                found = _measure(asked, condition, **{option: value})
                tried = [*estimates[:place], found, *estimates[place + 1 :]]
                test.note({**told, "further": f"{option}: {value}"}, tried, wanted)
        for threshold in condition.also:
            others = [*wanted[:place], threshold, *wanted[place + 1 :]]
            words = f"{condition.estimand} {condition.in_words(threshold=threshold)}"
            test.note({**told, "further": f"meaning: {words}"}, estimates, others)


def _asked(test: ClaimResult, setting: _Setting, kinds: Sequence[str]) -> EstimandContext:
    """Ask of the population as far as its ties are of the kinds chosen."""
    return EstimandContext(
        setting.dataset,
        setting.known,
        test.of_kinds(tuple(kinds)),
        test.as_of,
        test.look.known_by,
        test.seed,
        setting.shared,
    )


def _measure(asked: EstimandContext, condition: Condition, **options: object) -> Bounds:
    estimand = ESTIMANDS[condition.estimand]
    return estimand.measure(asked, **{**estimand.options, **condition.options, **options})


def _default(condition: Condition, option: str) -> object:
    return ESTIMANDS[condition.estimand].options.get(option)


def _thresholds(claim: Claim) -> list[Threshold]:
    return [condition.threshold for condition in claim.conditions]


def _first(choices: Mapping[str, object]) -> str:
    return next(iter(choices))
