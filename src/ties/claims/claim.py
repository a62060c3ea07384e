"""A claim as data: who said what, and which numbers would make it true.

A claim is a handful of words; to test it, somebody must say what they mean. That is done here,
in the open, before the record is asked: the population, the day, the quantity (an *estimand*, see
`ties.claims.estimands`), the threshold, and other thresholds that the words would bear as well.
The claims that come with ties lie beside this module, in a file named like the record that they are
about (``us-russia.toml``); anybody can write more in a file of the same form.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

import numpy as np

Threshold: TypeAlias = float | tuple[float, float]

_COMPARE: Final[Mapping[str, tuple[Callable[[Any, Any], Any], str]]] = {
    "at_least": (operator.ge, "at least"),
    "more_than": (operator.gt, "more than"),
    "at_most": (operator.le, "at most"),
    "fewer_than": (operator.lt, "less than"),
}
COMPARISONS: Final = (*_COMPARE, "between")


@dataclass(frozen=True)
class Condition:
    """A quantity, and what it must be for the claim to hold.

    Parameters
    ----------
    estimand
        Name of the quantity, one of `ties.claims.estimands.ESTIMANDS`.
    comparison
        One of `COMPARISONS`.
    threshold
        The number to compare with; two of them for ``between``, both included.
    also
        Other thresholds that the words would bear; a verdict is only firm if it holds for them too.
    options
        Of the estimand, such as the decade.

    Examples
    --------
    >>> most = Condition("share_of_decade", "more_than", 0.5)
    >>> most.holds(0.6, 0.8), most.holds(0.2, 0.4), most.holds(0.4, 0.6)
    (True, False, None)
    """

    estimand: str
    comparison: str
    threshold: Threshold
    also: tuple[Threshold, ...] = ()
    options: Mapping[str, object] = field(default_factory=dict)

    def holds(self, lower: float, upper: float, threshold: Threshold | None = None) -> bool | None:
        """Whether the condition holds at both bounds (True), at neither (False), or unclear.

        A bound that is missing leaves it unclear.
        """
        wanted = self.threshold if threshold is None else threshold
        if lower != lower or upper != upper:
            return None
        if isinstance(wanted, tuple):
            if wanted[0] <= lower and upper <= wanted[1]:
                return True
            return False if upper < wanted[0] or lower > wanted[1] else None
        compare = _COMPARE[self.comparison][0]
        answers = {bool(compare(lower, wanted)), bool(compare(upper, wanted))}
        return answers.pop() if len(answers) == 1 else None

    def holds_at(self, values: np.ndarray) -> np.ndarray:
        """Whether the condition holds, for each of many exact values.

        Examples
        --------
        >>> Condition("share_alive", "more_than", 0.5).holds_at(np.array([0.5, 0.6])).tolist()
        [False, True]
        """
        if isinstance(self.threshold, tuple):
            return np.asarray((self.threshold[0] <= values) & (values <= self.threshold[1]))
        return np.asarray(_COMPARE[self.comparison][0](values, self.threshold))

    def in_words(self, unit: str = "", threshold: Threshold | None = None) -> str:
        """The comparison as people do; a share is said in per cent.

        Examples
        --------
        >>> Condition("n_ties", "between", (25, 31)).in_words()
        'between 25 and 31'
        >>> Condition("n_ties", "between", (6, 6)).in_words()
        'exactly 6'
        >>> Condition("share_alive", "more_than", 0.5).in_words("share")
        'more than 50%'
        """
        wanted = self.threshold if threshold is None else threshold

        def said(number: float) -> str:
            return f"{100 * number:.4g}%" if unit == "share" else f"{number:g}"

        if isinstance(wanted, tuple) and wanted[0] == wanted[1]:
            return f"exactly {said(wanted[0])}"
        if isinstance(wanted, tuple):
            return f"between {said(wanted[0])} and {said(wanted[1])}"
        return f"{_COMPARE[self.comparison][1]} {said(wanted)}"


@dataclass(frozen=True)
class Look:
    """From when a claim is tested, and with whose knowledge.

    Parameters
    ----------
    as_of
        The day on which it is to hold; the record's own date if missing.
    known_by
        Use only what was published by then; all that is known if missing.
    """

    as_of: str | None = None
    known_by: str | None = None


@dataclass(frozen=True)
class Claim:
    """What somebody said, and what it would take to be true.

    Parameters
    ----------
    claim_id
        Short code.
    who, said_on, where
        The speaker, the date (EDTF) and the occasion.
    wording
        What was said, in our words.
    population
        Of which ties it is said, in words.
    conditions
        All must hold.
    looks
        From when it is tested; if empty, see `sides`.
    source_id
        Source of the record that reports it, where there is one.
    tie_kinds
        Kinds of tie in the population; all if empty.
    region
        Only ties with a place in this region (ISO 3166-2); all if empty.
    note
        How the words were turned into numbers, and what was left out.
    """

    claim_id: str
    who: str
    said_on: str
    where: str
    wording: str
    population: str
    conditions: tuple[Condition, ...]
    looks: tuple[Look, ...] = ()
    source_id: str = ""
    tie_kinds: tuple[str, ...] = ()
    region: str = ""
    note: str = ""

    @property
    def sides(self) -> tuple[Look, ...]:
        """The looks; without, the day it was said, in hindsight and as known then, and the end."""
        return self.looks or (Look(self.said_on), Look(self.said_on, self.said_on), Look())

    def seen_from(self, looks: Iterable[Mapping[str, str | None]]) -> Claim:
        """The claim as tested from other sides, unless it names its own.

        Parameters
        ----------
        looks
            Each with ``as_of`` and ``known_by``, an ISO day each, or missing.
        """
        if self.looks:
            return self
        return replace(self, looks=tuple(Look(**look) for look in looks))
