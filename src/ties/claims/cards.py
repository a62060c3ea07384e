"""Claim cards: verdict, numbers, grid, the rows behind them, and what would change them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ties.bounds import Bounds
from ties.claims.claim import Claim, Condition
from ties.claims.estimands import ESTIMANDS, INTERVAL
from ties.claims.grid import CHOICES, Choices, ClaimResult, evaluate_grid
from ties.claims.ladder import Rung, deciding, joint_chance
from ties.claims.verdict import verdict
from ties.dataset import Dataset
from ties.lifecycle.rule import StatusRule


@dataclass(frozen=True)
class Card:
    """One claim, tested from one side.

    Parameters
    ----------
    claim
        What was said.
    as_of, known_by
        The day, and the day of knowledge (missing: all that is known).
    verdict
        One of `ties.claims.verdict.VERDICTS`.
    chance
        Least and greatest chance that it is true, given the assumptions of the deciding rungs.
    numbers
        One entry a condition: ``estimand``, ``label``, ``definition``, ``unit``, ``value``,
        ``lower``, ``upper``, ``bound_type``, ``needs`` (the comparison in words), ``holds``
        (True, False, or None if open), ``least``, ``most`` over the grid, ``note``; and
        ``rungs``, its `ties.claims.ladder.Rung`s, with ``rung``, the one that decides.
    grid
        As `ClaimResult.points`, as a frame; ``answer`` is the claim's at the point.
    ties
        A row a tie behind the numbers: ``tie_id``, ``condition`` (its position), ``role``:
        ``without_disputed`` for certain, or ``open``.
    changes
        What evidence would change the verdict, a sentence each.
    """

    claim: Claim
    as_of: str
    known_by: str | None
    verdict: str
    chance: tuple[float, float]
    numbers: tuple[Mapping[str, Any], ...]
    grid: pd.DataFrame
    ties: pd.DataFrame
    changes: tuple[str, ...]

    @property
    def answer(self) -> str:
        """Whether the claim is true, false or open under the usual choices."""
        return str(self.grid["answer"].iloc[0])

    @property
    def n_points(self) -> int:
        """How many points the grid has."""
        return int(self.grid["point"].nunique())

    def answers(self) -> dict[str, int]:
        """Count the points of the grid at which the claim is true, false and open."""
        answer = self.grid.drop_duplicates("point")["answer"]
        n_true, n_false = int((answer == "true").sum()), int((answer == "false").sum())
        return {"true": n_true, "false": n_false, "open": len(answer) - n_true - n_false}

    def as_dict(self) -> dict[str, Any]:
        """The card as plain values, for JSON."""
        said = self.claim
        return {
            "claim": said.claim_id,
            "who": said.who,
            "said_on": said.said_on,
            "where": said.where,
            "source_id": said.source_id or None,
            "wording": said.wording,
            "population": said.population,
            "note": said.note,
            "as_of": self.as_of,
            "known_by": self.known_by,
            "verdict": self.verdict,
            "chance": list(self.chance),
            "answer": self.answer,
            "numbers": [{k: _plain(v) for k, v in one.items()} for one in self.numbers],
            "grid": {"n_points": self.n_points, **self.answers(), "changed_by": self.changed_by()},
            "ties": {
                role: sorted(self.ties.loc[self.ties["role"] == role, "tie_id"].unique())
                for role in ("counted", "open")
            },
            "changes": list(self.changes),
        }

    def changed_by(self) -> list[str]:
        """Name the single choices that change the answer while all else is as usual."""
        return changed_by(self.grid)


def claim_cards(
    dataset: Dataset,
    claims: Sequence[Claim],
    *,
    rule: StatusRule | None = None,
    choices: Choices | None = None,
    disputed: str = "exclude",
    seed: int,
) -> list[Card]:
    """Test claims against a record, each from all of its looks.

    Parameters
    ----------
    dataset
        A record.
    claims
        As `ties.claims.read.bundled_claims` or `read_claims` gives them.
    rule
        The usual way of reading events; `ties.StatusRule()` if not given.
    choices
        What the grid tries; see `ties.claims.grid`.
    disputed
        Whether ties of disputed places count: ``exclude`` or ``include``.
    seed
        For intervals that are drawn; the same seed gives the same cards.

    Returns
    -------
    list
        One `Card` a claim and look, in order.

    Examples
    --------
    >>> import ties
    >>> from ties.claims.read import bundled_claims
    >>> most = [claim for claim in bundled_claims() if claim.claim_id == "most-in-the-1990s"]
    >>> record = ties.load("us-russia")
    >>> quick = Choices((5,), {"all": ("sister", "not_stated")}, {"all": ()})
    >>> claim_cards(record, most, choices=quick, seed=1)[0].verdict
    'very_likely'
    """
    return [
        _card(test)
        for test in evaluate_grid(
            dataset, claims, rule=rule, choices=choices, disputed=disputed, seed=seed
        )
    ]


def cards_table(cards: Iterable[Card]) -> pd.DataFrame:
    """A row for each card and condition, for a table of a report.

    Returns
    -------
    DataFrame
        ``claim``, ``wording``, ``as_of``, ``known_by``, ``verdict``, then the numbers of
        the condition: ``label``, ``value``, ``lower``, ``upper``, ``bound_type``, ``needs``,
        ``least``, ``most``; and ``n_points``, ``n_true``, ``n_false``, ``n_open`` of the grid.
    """
    columns = ["label", "unit", "value", "lower", "upper", "bound_type", "needs", "least", "most"]
    rows = [
        {
            "claim": card.claim.claim_id,
            "wording": card.claim.wording,
            "as_of": card.as_of,
            "known_by": card.known_by,
            "verdict": card.verdict,
            **{name: number[name] for name in columns},
            "n_points": card.n_points,
            **{f"n_{answer}": n for answer, n in card.answers().items()},
        }
        for card in cards
        for number in card.numbers
    ]
    head = ["claim", "wording", "as_of", "known_by", "verdict", *columns]
    return pd.DataFrame(rows, columns=[*head, "n_points", "n_true", "n_false", "n_open"])


def changed_by(grid: pd.DataFrame) -> list[str]:
    """Name the single choices that change the answer while all else is as usual."""
    points = grid.drop_duplicates("point")
    usual = points.iloc[0]
    differs = pd.DataFrame({choice: points[choice] != usual[choice] for choice in CHOICES})
    alone = points[(differs.sum(axis=1) == 1) & (points["answer"] != usual["answer"])]
    return [
        f"{_choice_in_words(choice, value)} ({answer})"
        for choice in CHOICES
        for value, answer in zip(alone[choice], alone["answer"], strict=True)
        if value != usual[choice]
    ]


def _choice_in_words(choice: str, value: object) -> str:
    if choice == "dormant_after":
        return f"dormant after {value} years"
    return f"ties: {value}" if choice == "tie_kinds" else str(value)


def _card(test: ClaimResult) -> Card:
    grid = _grid(test)
    chance = joint_chance(test.ladders)
    turns = any(deciding(rungs).is_plausible for rungs in test.ladders)
    found = verdict(test.answers, chance, turns=turns)
    numbers = tuple(
        _number(condition, estimate, rungs, grid[grid["condition"] == place])
        for place, (condition, estimate, rungs) in enumerate(
            zip(test.claim.conditions, test.estimates, test.ladders, strict=True)
        )
    )
    return Card(
        test.claim,
        str(test.as_of.date()),
        test.look.known_by,
        found,
        chance,
        numbers,
        grid,
        _behind(test.estimates),
        tuple(_changes(test, grid, found)),
    )


def _grid(test: ClaimResult) -> pd.DataFrame:
    words = {True: "true", False: "false", None: "open"}
    grid = pd.DataFrame(test.points)
    grid["holds"] = pd.Series([words[row["holds"]] for row in test.points], dtype="str")
    answers = pd.Series([words[answer] for answer in test.answers], dtype="str")
    return grid.assign(answer=grid["point"].map(answers))


def _number(
    condition: Condition, found: Bounds, rungs: Sequence[Rung], grid: pd.DataFrame
) -> dict[str, Any]:
    estimand = ESTIMANDS[condition.estimand]
    return {
        "estimand": estimand.name,
        "label": estimand.label,
        "definition": estimand.definition,
        "options": {**estimand.options, **condition.options},
        "unit": estimand.unit,
        "value": found.value,
        "lower": found.lower,
        "upper": found.upper,
        "bound_type": found.bound_type,
        "needs": condition.in_words(estimand.unit),
        "holds": condition.holds(found.lower, found.upper),
        "least": float(grid["lower"].min()),
        "most": float(grid["upper"].max()),
        "note": found.note,
        "rungs": tuple(rungs),
        "rung": deciding(rungs).code,
    }


def _behind(estimates: Sequence[Bounds]) -> pd.DataFrame:
    rows = [
        (tie_id, place, role)
        for place, found in enumerate(estimates)
        for role, ids in (("counted", found.certain), ("open", found.possible))
        for tie_id in ids
    ]
    return pd.DataFrame(rows, columns=["tie_id", "condition", "role"])


def _changes(test: ClaimResult, grid: pd.DataFrame, found: str) -> Iterable[str]:
    """What evidence would change the verdict."""
    for condition, estimate in zip(test.claim.conditions, test.estimates, strict=True):
        if condition.holds(estimate.lower, estimate.upper) is None:
            yield _what_would_settle(condition, estimate)
    if test.answers[0] is None:
        return
    if found not in ("supported", "not_supported"):
        single = changed_by(grid)
        yield (
            f"It changes with: {'; '.join(single)}."
            if single
            else f"No single choice changes it, but {_n_other(test)} of "
            f"{len(test.answers)} combinations do."
        )
    else:
        yield (
            "Nothing that is not known of the ties on record could change it; a source that errs, "
            "or a tie that is not on record, could."
        )


def _n_other(test: ClaimResult) -> int:
    return sum(answer is not test.answers[0] for answer in test.answers)


def _what_would_settle(condition: Condition, found: Bounds) -> str:
    """How many of the open ties would decide, or how much more would have to be seen."""
    label = ESTIMANDS[condition.estimand].label
    if found.bound_type == INTERVAL:
        return f"{label}: {_more_evidence(found)}"
    if math.isnan(found.lower) or not found.possible:
        return f"{label}: nothing on record says."
    text = f"{label}: the bounds lie apart because of {len(found.possible)} ties {found.gap}."
    return f"{text} {_needed(condition, found)}".rstrip()


def _needed(condition: Condition, found: Bounds) -> str:
    """Count how many open ties would take a bound past the threshold, where each counts alike."""
    wanted = condition.threshold
    if math.isnan(found.per_tie) or isinstance(wanted, tuple):
        return ""
    # At a threshold itself "more than" is not yet true, nor "fewer than".
    is_strict = condition.comparison in ("more_than", "fewer_than")
    up = _steps(wanted - found.lower, found.per_tie, at_goal=not is_strict)
    down = _steps(found.upper - wanted, found.per_tie, at_goal=is_strict)
    rises = condition.comparison in ("at_least", "more_than")
    true, false = (f"{up} are", f"{down} are not") if rises else (f"{down} are not", f"{up} are")
    return f"It is true once at least {true} found to count, and false once at least {false}."


def _steps(distance: float, step: float, *, at_goal: bool) -> int:
    n = round(distance / step, 9)
    return math.ceil(n) if at_goal else math.floor(n) + 1


def _more_evidence(found: Bounds) -> str:
    """How many times as many reports would tell a ratio of this size from none."""
    ratio = found.value
    if math.isnan(ratio) or ratio <= 0 or math.isinf(ratio):
        return "too little was seen to say anything; more of the panel's reports must be read."
    half = (math.log(found.upper) - math.log(found.lower)) / 2 if found.lower > 0 else math.inf
    times = (half / abs(math.log(ratio))) ** 2 if ratio != 1 else math.inf
    if times > 1000:
        return "the ratio is so near to 1 that no number of reports would tell it from none."
    return (
        f"if the ratio stayed at {ratio:.2f}, about {max(math.ceil(times), 2)} times as many "
        "reports would be needed to tell it from none."
    )


def _plain(value: object) -> object:
    """A value as JSON can hold it; nothing where there is no number."""
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else ("inf" if value > 0 else "-inf")
    if hasattr(value, "item"):
        return _plain(value.item())
    if isinstance(value, Rung):
        return _plain(value.as_dict())
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return {k: _plain(v) for k, v in value.items()} if isinstance(value, Mapping) else value
