"""Whether intervals of the hidden life hold, and "very likely" and "likely" are as often right.

``python -m validation.hidden_life`` simulates many records of each world with the foundings of the
bundled record, fits the model to each, and writes ``validation/hidden_life.json`` and
``docs/validation-hidden-life.md``. ``--n 20`` makes fewer a world, ``--out FOLDER`` writes
elsewhere.

A world keeps the model's assumptions (*plain*, *drift*, *spread*) or breaks one: a run told as a
trace a year, life that shows in bursts, one project that wrote everything up, ties that are seen
more and also live longer.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.special import expit

import ties
from ties.stats.hidden_life import Traces, fit

HERE = Path(__file__).resolve().parent
YEARS: Final = (1995, 2005, 2012, 2018, 2021)
LEVEL: Final = 0.9


@dataclass(frozen=True)
class World:
    """How ties live and are seen in a simulated world.

    Parameters
    ----------
    truth
        The world in words.
    keeps
        Whether it keeps the assumptions of the model.
    spread, drift
        Of the log-odds of a trace: between ties, and in ten years.
    run
        Chance that a trace begins a run told in one sentence; `as_seen` codes each of its years as
        a trace, against the rule of the record.
    burst
        Log-odds that a trace in the year before adds.
    project
        Years in which one project raised the log-odds of a trace by two.
    bond
        By how much being seen more goes with living longer (log-odds of fading, a unit of spread).
    """

    truth: str
    keeps: bool
    spread: float = 0.0
    drift: float = 0.0
    run: float = 0.0
    as_seen: bool = False
    burst: float = 0.0
    project: tuple[int, int] = (0, -1)
    bond: float = 0.0


WORLDS: Final[Mapping[str, World]] = {
    "plain": World("Every tie is seen alike, at all times.", True),
    "drift": World("Seen more and more often: 0.4 log-odds a decade.", True, drift=0.4),
    "spread": World("Some ties are seen far more than others (1.2 log-odds).", True, spread=1.2),
    "both": World("Spread 0.8 and drift 0.2 together.", True, spread=0.8, drift=0.2),
    "runs": World("Long exchanges told in one sentence.", True, spread=0.8, run=0.2),
    "runs as traces": World(
        "The same, each year of a run coded as a trace.", False, spread=0.8, run=0.2, as_seen=True
    ),
    "bursts": World("A trace makes another one likelier the year after.", False, 0.8, burst=1.5),
    "a project": World(
        "One project wrote up whatever happened, 2012 to 2016.", False, 0.8, project=(2012, 2016)
    ),
    "seen more, lives longer": World(
        "Ties that are seen more also fade more slowly.", False, spread=1.0, bond=-0.8
    ),
}


def simulate(
    world: World, founded: np.ndarray, years: np.ndarray, generator: np.random.Generator
) -> tuple[Traces, np.ndarray]:
    """Traces of ties founded in the given years, and whether each is alive at each year's end."""
    n = len(founded)
    visible = generator.standard_normal(n)
    fade = np.exp(generator.normal(np.log(0.08), 0.3, size=4))[
        np.digitize(years, [1992, 2000, 2014])
    ]
    wake = np.exp(generator.normal(np.log(0.035), 0.3))
    alive, seen, known, dormant = (np.zeros((n, len(years)), bool) for _ in range(4))
    run_left = np.zeros(n, "int64")
    for t, year in enumerate(years):
        starts, stands = founded == year, founded < year
        odds = np.log(fade[t] / (1 - fade[t])) + world.bond * visible
        stays = generator.random(n) >= expit(odds)
        wakes = generator.random(n) < wake
        before = alive[:, t - 1] if t else np.zeros(n, bool)
        alive[:, t] = starts | (stands & np.where(before, stays, wakes))
        run_left = np.where(alive[:, t], run_left, 0)  # a run ends with the life of its tie
        running = run_left > 0
        logit = -2.5 + world.drift * (year - 2000) / 10 + world.spread * visible
        logit = logit + world.burst * (seen[:, t - 1] if t else 0)
        logit = logit + 2 * (world.project[0] <= year <= world.project[1])
        shown = stands & alive[:, t] & (generator.random(n) < expit(logit))
        seen[:, t] = np.where(running, world.as_seen & stands, shown)
        known[:, t] = running & ~seen[:, t]
        begins = shown & ~running & (generator.random(n) < world.run)
        run_left = np.where(begins, generator.integers(3, 15, n), np.maximum(run_left - 1, 0))
        dormant[:, t] = stands & ~alive[:, t] & (generator.random(n) < 0.01)
    entered = np.searchsorted(years, founded)
    left = np.full(n, len(years))
    ids = pd.RangeIndex(n).astype("str")
    return Traces(ids, years, seen, known, dormant & ~seen, entered, left), alive


def try_world(world: World, n: int, seed: int) -> dict[str, Any]:
    """Fit `n` simulated records of a world, and compare with the truth."""
    real = Traces.of(ties.load("us-russia"), last_year=YEARS[-1])
    founded = real.years[real.entered]
    rows = []
    for number in range(n):
        generator = np.random.default_rng([seed, number])
        traces, alive = simulate(world, founded, real.years, generator)
        life = fit(traces, n_draws=500, seed=number)
        rows.append(_compare(life, traces, alive))
    table = pd.DataFrame(rows)
    sure = table["p_fall"].where(table["p_fall"] >= 0.5, 1 - table["p_fall"])
    is_right = (table["p_fall"] >= 0.5) == table["fell"]
    words = {"very likely": sure >= 0.9, "likely": (sure >= 0.66) & (sure < 0.9)}
    return {
        "n": n,
        "coverage": float(table[[f"in_{year}" for year in YEARS]].to_numpy().mean()),
        "width": float(table["width"].mean()),
        "error": float(np.sqrt((table["error"] ** 2).mean())),
        "bias_2018": float(table["error"].mean()),
        "verdicts": {
            word: [int(is_right[chosen].sum()), int(chosen.sum())] for word, chosen in words.items()
        },
        "least_effective": float(table["effective"].min()),
        "several_optima": int((table["optima"] > 1).sum()),
    }


def _compare(life: Any, traces: Traces, alive: np.ndarray) -> dict[str, Any]:
    shares = life.share_alive(LEVEL)
    truth = pd.Series(alive.sum(axis=0) / traces.stands.sum(axis=0).clip(min=1), shares.index)
    row: dict[str, Any] = {
        f"in_{year}": bool(shares["lower"][year] <= truth[year] <= shares["upper"][year])
        for year in YEARS
    }
    row["width"] = float((shares["upper"] - shares["lower"]).loc[[*YEARS]].mean())
    row["error"] = float(shares["estimate"][2018] - truth[2018])
    row["p_fall"] = life.change(1995, 2018)["probability_of_fall"]
    row["fell"] = bool(truth[2018] < truth[1995])
    row["effective"], row["optima"] = life.effective_draws, life.n_optima
    return row


def page(found: Mapping[str, Any]) -> str:
    """The results as a page of the documentation."""
    lines = [
        "# Validation: the hidden life",
        "",
        f"Written by `python -m validation.hidden_life`; {found['n']} simulated records a world, "
        "each with the foundings of the bundled record. Coverage is that of 90% intervals of the "
        f"share alive at the ends of {', '.join(map(str, YEARS))}. A verdict is whether the share "
        "alive fell from 1995 to 2018; it is *very likely* or *likely* by at least 90 and 66 of "
        "100 draws, either way, and the table says how many of those given were right.",
        "",
        "| world | keeps the assumptions | coverage | width | error in 2018 (bias) | "
        "very likely: right | likely: right | effective draws, least | several optima |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, one in found["worlds"].items():
        right = {
            word: f"{hits} of {of}" + (f" ({hits / of:.0%})" if of else "")
            for word, (hits, of) in one["verdicts"].items()
        }
        keeps = "yes" if WORLDS[name].keeps else "**no**"
        lines.append(
            f"| **{name}**: {WORLDS[name].truth} | {keeps} | {one['coverage']:.0%} | "
            f"{one['width']:.2f} | {one['error']:.2f} ({one['bias_2018']:+.2f}) | "
            f"{right['very likely']} | {right['likely']} | {one['least_effective']:.0f} | "
            f"{one['several_optima']} |"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Try every world, and write the results and the page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--n", type=int, default=500, help="records a world")
    parser.add_argument("--out", type=Path, help="write here, not into the checkout")
    options = parser.parse_args()
    worlds = {
        name: try_world(world, options.n, seed) for seed, (name, world) in enumerate(WORLDS.items())
    }
    found = {"n": options.n, "worlds": worlds}
    data = (options.out or HERE) / "hidden_life.json"
    text = (options.out or HERE.parent / "docs") / "validation-hidden-life.md"
    data.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    text.write_text(page(found), "utf-8")


if __name__ == "__main__":
    main()
