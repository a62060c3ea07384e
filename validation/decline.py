"""Do the measures of decline say what is true? Simulated records, many at a time.

``python -m validation.decline`` makes 500 records a world, asks each whether its ties went
gradually or in steps, what share still stood at an age, and what share was alive, and writes
``validation/decline.json`` and ``docs/validation-decline.md``. ``--n 20`` makes fewer.

The truth of a share is that of a world of its own kind a hundred times as large. Alive is meant
as the rule means it: a visit, seen by somebody or not, within the years of the rule.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
from scipy.stats import norm
from validation.simulate import Scenario, Simulation, simulate

import ties
from ties.stats.occupation import alive_bounds, occupation, stretches
from ties.stats.shocks import VERDICTS, compare_shocks
from ties.stats.spells import DAYS_PER_YEAR, duration_bounds, durations, lifetimes
from ties.stats.survival import kaplan_meier, survival_at

HERE = Path(__file__).resolve().parent
SINCE = "1991-12-26"
AGES = (10.0, 20.0)
YEARS_ALIVE = 5
STOPPED = ("suspended", "terminated")

_DAY = {"day": 1.0}
_BASE = replace(
    Scenario(),
    precision=_DAY,
    act_seen=1.0,
    suspension=((1900, 0.0),),
    # Ties are suspended for good here, so that a stop is a stop.
    termination=((1900, 0.012),),
)


@dataclass(frozen=True)
class World:
    """A simulated world, and how its ties are stopped."""

    scenario: Scenario
    kind: str
    truth: str


def _rising(first: float, growth: float) -> tuple[tuple[int, float], ...]:
    return tuple((year, first * growth ** (year - 1980)) for year in range(1980, 2027))


WORLDS: Mapping[str, World] = {
    "constant": World(_BASE, "gradual", "1.2% are stopped a year, always."),
    "rising": World(
        replace(_BASE, termination=_rising(0.001, 1.08)),
        "gradual",
        "0.1% a year in 1980, 8% more each year.",
    ),
    "step 2022": World(
        replace(_BASE, termination=((1900, 0.002), (2022, 0.06))),
        "steps",
        "0.2% a year until the end of 2021, then 6%.",
    ),
    "steps 2014, 2022": World(
        replace(_BASE, termination=((1900, 0.001), (2014, 0.015), (2022, 0.06))),
        "steps",
        "0.1% a year, 1.5% from 2014 on, 6% from 2022 on.",
    ),
    "half unseen": World(
        replace(_BASE, termination=((1900, 0.002), (2022, 0.06)), act_seen=0.5),
        "steps",
        "As step 2022, and half of the acts leave no source.",
    ),
}


def ask(world: World, truth: Mapping[str, float], seed: int, n_ties: int = 160) -> dict[str, Any]:
    """Make one record and ask it everything."""
    record = simulate(world.scenario, n_ties=n_ties, seed=seed).dataset
    lives = lifetimes(record)
    found = compare_shocks(duration_bounds(lives, "stopped", since=SINCE).table)
    row: dict[str, Any] = {"says": found.verdict, "n_stopped": int(found.rates["n_possible"].sum())}
    curve = kaplan_meier(durations(lives, STOPPED, entry="founding").table)
    stretch = stretches(ties.lifecycle(record), lives).table
    curves = occupation(stretch)
    bounds, spread = alive_bounds(curves), curves.attrs["spread"]
    for age in AGES:
        at = survival_at(curve, [age]).iloc[0]
        row[f"standing {age:.0f}"] = at["survival"]
        row[f"standing {age:.0f} holds"] = (
            at["lower"] <= truth[f"standing {age:.0f}"] <= at["upper"]
        )
        place = bounds.index.get_indexer([age], method="ffill")[0]
        width = norm.ppf(0.975) * spread.iloc[place]
        low = bounds["lower"].iloc[place] - width["alive"]
        high = bounds["upper"].iloc[place] + width["may_be_alive"]
        row[f"alive {age:.0f} holds"] = low <= truth[f"alive {age:.0f}"] <= high
        row[f"alive {age:.0f} width"] = float(bounds.iloc[place].diff().iloc[-1])
    return row


def truth_of(world: World, n_ties: int = 16_000) -> dict[str, float]:
    """The true shares of a world at each age, among the ties old enough to have it."""
    made = simulate(world.scenario, n_ties=n_ties, seed=1_000_000)
    founded = made.ties.set_index("tie_id")["founded"]
    stop = made.spells[made.spells["state"].isin(STOPPED)].groupby("tie_id")["start"].min()
    found = {}
    for age in AGES:
        day = founded + pd.Timedelta(days=age * DAYS_PER_YEAR)
        day = day[day <= made.dataset.as_of]
        stands = ~(stop.reindex(day.index) <= day)
        found[f"standing {age:.0f}"] = float(stands.mean())
        found[f"alive {age:.0f}"] = float((stands & _visited(made, day)).mean())
    return found


def _visited(made: Simulation, day: pd.Series) -> pd.Series:
    """Of each tie whether anybody visited it within the years of the rule before a day."""
    on = made.visits["tie_id"].map(day)
    since = on - pd.Timedelta(days=YEARS_ALIVE * DAYS_PER_YEAR)
    within = made.visits[(made.visits["day"] <= on) & (made.visits["day"] > since)]
    return pd.Series(day.index.isin(within["tie_id"]), index=day.index)


def run(n: int) -> dict[str, Any]:
    """Ask so many records of every world."""
    began = time.perf_counter()
    worlds = {}
    for name, world in WORLDS.items():
        truth = truth_of(world)
        rows = pd.DataFrame([ask(world, truth, seed) for seed in range(n)])
        says = rows["says"].value_counts(normalize=True)
        worlds[name] = {
            "truth": world.truth,
            "kind": world.kind,
            "true_shares": truth,
            "says": {verdict: float(says.get(verdict, 0.0)) for verdict in VERDICTS},
            "mean_stopped": float(rows["n_stopped"].mean()),
            **{key: float(rows[key].mean()) for key in rows if key not in ("says", "n_stopped")},
        }
        print(name, worlds[name]["says"], flush=True)
    return {"n": n, "seconds": round(time.perf_counter() - began), "worlds": worlds}


def document(found: Mapping[str, Any]) -> str:
    """Write what was found as a page."""
    lines = [
        "# Validation: decline",
        "",
        f"{found['n']} simulated records a world of 160 ties each, made by "
        f"`validation.simulate` with seeds 0 to {found['n'] - 1}. "
        "`python -m validation.decline` writes this page "
        f"({found['seconds']} s in one process).",
        "",
        "## Gradually, or in steps",
        "",
        "What `ties.stats.shocks.compare_shocks` says of formal stops since 26 December 1991, "
        "with a Bayes factor of 20 to call it, and the breaks 18 March 2014 and 24 February 2022.",
        "",
        "| World | Truth | Stopped ties, mean | Says gradual / steps / cannot tell | Wrong |",
        "|---|---|---:|---|---:|",
    ]
    for name, world in found["worlds"].items():
        says = world["says"]
        wrong = says["steps" if world["kind"] == "gradual" else "gradual"]
        lines.append(
            f"| {name} | {world['truth']} | {world['mean_stopped']:.1f} | {says['gradual']:.1%} / "
            f"{says['steps']:.1%} / {says['cannot tell']:.1%} | {wrong:.1%} |"
        )
    lines += [
        "",
        "## The share that stands, and the share that is alive",
        "",
        "At an age, in years. *Standing*: Kaplan-Meier of formal stops, its mean error, and how "
        "often its 95% interval holds the truth. *Alive*: the bounds that the unknown leaves, "
        "widened by chance (as the figure draws them): how often they hold the truth, and how wide "
        "the bounds are. A visit that nobody wrote of leaves the tie unknown, and never dormant.",
        "",
        "| World | Age | Standing: truth | error | holds | Alive: truth | holds | width |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, world in found["worlds"].items():
        for age in AGES:
            key = f"{age:.0f}"
            truth = world["true_shares"]
            error = world[f"standing {key}"] - truth[f"standing {key}"]
            lines.append(
                f"| {name} | {key} | {truth[f'standing {key}']:.3f} | {error:+.3f} | "
                f"{world[f'standing {key} holds']:.1%} | {truth[f'alive {key}']:.3f} | "
                f"{world[f'alive {key} holds']:.1%} | {world[f'alive {key} width']:.2f} |"
            )
    lines += [
        "",
        "## Where it fails",
        "",
        "- Acts that leave no source bias the share that stands upwards: the record does not tell.",
        "- By age, Kaplan-Meier mixes years. Where the intensity jumps in a year, the ties that "
        "are too young to have reached an age differ from those that have, and the interval holds "
        "the truth less often than it says: see the worlds with steps. Curves by age describe; "
        "whether a year made the difference is for the comparison above.",
        "- A smooth rise that is steep at its end looks much like a step; the table says how often "
        "it was taken for one.",
        "- The comparison knows five courses. A step on another day, or a fading without acts, is "
        "none of them.",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Validate the measures of decline.")
    parser.add_argument("--n", type=int, default=500, help="records a world")
    parser.add_argument("--out", type=Path, default=HERE.parent, help="folder of the checkout")
    chosen = parser.parse_args()
    found = run(chosen.n)
    for folder in ("validation", "docs"):
        (chosen.out / folder).mkdir(parents=True, exist_ok=True)
    text = json.dumps(found, indent=2, allow_nan=False, default=float) + "\n"
    (chosen.out / "validation" / "decline.json").write_text(text, encoding="utf-8")
    (chosen.out / "docs" / "validation-decline.md").write_text(document(found), encoding="utf-8")


if __name__ == "__main__":
    main()
