"""Whether intervals of the ladder hold, and "very likely" and "likely" are as often right.

``python -m validation.hidden_life`` simulates records of each world, climbs the ladder of
`ties.claims.ladder` for several quantities, and compares with the truth; and it hides part of the
bundled record of Germany and Russia, and asks whether the rest says what the whole does. Every
answer is added to ``--rows`` as it is found, so that it can be stopped and taken up again;
``--page`` writes ``validation/hidden_life.json`` and ``docs/validation-hidden-life.md`` from what
is there.

A world keeps what the rungs assume, or breaks it for some: a run told as a trace a year, life that
shows in bursts, one project that wrote everything up, ties that are seen more and also live longer,
lists that name survivors, reports that err, undated ties that are older, a shock, a list that is
not complete.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.special import expit
from validation.simulate.record import typed

import ties
from ties.claims.claim import Condition
from ties.claims.context import EstimandContext
from ties.claims.estimands import ESTIMANDS
from ties.claims.ladder import RUNGS, climb, deciding, joint_chance
from ties.claims.verdict import VERDICTS, verdict
from ties.dataset import Dataset
from ties.lifecycle.status_bounds import StatusHistory
from ties.stats.hidden_life import MIN_EFFECTIVE, Traces, fit

HERE = Path(__file__).resolve().parent
YEARS: Final = np.arange(1972, 2022)
SINCE, UNTIL = 1999, 2021
N_TIES: Final = 100
LISTED: Final = (1990, 1996, 2003, 2012, 2021)
MASKED: Final = {
    "masked at random": "Three in ten foundings and activity events are hidden.",
    "masked by age": "The same, from six in ten of the oldest to one in ten of the latest.",
}
CONDITIONS: Final = (
    Condition("share_alive", "more_than", 0.3),
    Condition("share_alive", "more_than", 0.5),
    Condition("fall_of_share_alive", "more_than", 0.0, options={"since": SINCE}),
    Condition("fall_of_share_alive", "more_than", 0.15, options={"since": SINCE}),
    Condition("largest_year_of_stops", "at_most", 0.12),
    Condition("share_of_decade", "more_than", 0.5, options={"decade": 1990}),
)


@dataclass(frozen=True)
class World:
    """How ties live and are seen in a simulated world.

    Parameters
    ----------
    truth
        The world in words.
    breaks
        The rungs whose assumption it breaks.
    spread, drift
        Of the log-odds of a trace: between ties, and in ten years.
    run
        Chance that a trace begins a run told in one sentence; `as_seen` writes each of its years as
        a trace, against the rule of the record.
    burst
        Log-odds that a trace in the year before adds.
    project
        Years in which one project raised the log-odds of a trace by two.
    bond
        By how much being seen more goes with living longer (log-odds of fading, a unit of spread).
    shock
        Chance that a living tie fades in 2014.
    errs
        Chance a year that a sleeping tie is told as active, and a living one as dormant.
    undated
        Chance that a founding has no date: usually; of ties before 1990; of ties asleep in 2010.
    listed
        Part of the ties of 1989 that the list of that year, which claims to hold all, holds.
    """

    truth: str
    breaks: tuple[str, ...] = ()
    spread: float = 0.0
    drift: float = 0.0
    run: float = 0.0
    as_seen: bool = False
    burst: float = 0.0
    project: tuple[int, int] = (0, -1)
    bond: float = 0.0
    shock: float = 0.0
    errs: float = 0.0
    undated: tuple[float, float, float] = (0.25, 0.25, 0.25)
    listed: float = 1.0


_SEEN_ALIKE = ("traces",)
_LIFE = ("traces", "hidden_life")
WORLDS: Final[Mapping[str, World]] = {
    "plain": World("Every tie is seen alike, at all times."),
    "drift": World("Seen more and more often: 0.4 log-odds a decade.", _SEEN_ALIKE, drift=0.4),
    "spread": World("Some ties are seen far more than others (1.2).", _SEEN_ALIKE, spread=1.2),
    "both": World("Spread 0.8 and drift 0.2 together.", _SEEN_ALIKE, spread=0.8, drift=0.2),
    "runs": World("Long exchanges told in one sentence.", _SEEN_ALIKE, spread=0.8, run=0.2),
    "runs as traces": World(
        "The same, each year of a run written as a trace.", _LIFE, 0.8, run=0.2, as_seen=True
    ),
    "bursts": World("A trace makes one likelier the year after.", _LIFE, 0.8, burst=1.5),
    "a project": World(
        "One project wrote up whatever happened, 2012 to 2016.", _LIFE, 0.8, project=(2012, 2016)
    ),
    "seen more, lives longer": World(
        "Ties that are seen more also fade more slowly.", _LIFE, 1.0, bond=-0.8
    ),
    "a shock": World("A third of the living ties fade in 2014.", _LIFE, 0.8, shock=0.33),
    "reports err": World(
        "Half in a hundred yearly reports on sleeping ties, and on living ones, are wrong.",
        ("worst_case", *_LIFE),
        0.8,
        errs=0.005,
    ),
    "survivors are dated": World(
        "Of ties asleep in 2010 half have no date, of others one in ten.",
        (*_LIFE, "alike"),
        0.8,
        undated=(0.1, 0.1, 0.5),
    ),
    "undated are older": World(
        "Of ties before 1990 six in ten have no date, of others one in ten.",
        ("traces", "alike"),
        0.8,
        undated=(0.1, 0.6, 0.1),
    ),
    "a short list": World(
        "The list that claims to hold all held six in ten.", ("traces", "totals"), 0.8, listed=0.6
    ),
}


# A record and its truth ------------------------------------------------------------------------


def simulate(
    world: World, generator: np.random.Generator
) -> tuple[Dataset, np.ndarray, np.ndarray, np.ndarray]:
    """A record; when its ties were founded; and whether each is alive, and faded, by year."""
    years, n = YEARS, N_TIES
    founded = _founded(generator)
    visible = generator.standard_normal(n)
    fade = expit(generator.normal(-2.7, 0.6, size=4))[np.digitize(years, [1992, 2000, 2014])]
    fade[years == 2014] = max(world.shock, fade[years == 2014][0])
    wake = expit(generator.normal(-3.2, 0.6))
    alive, seen, faded, dormant, runs = (np.zeros((n, len(years)), bool) for _ in range(5))
    run_left = np.zeros(n, "int64")
    for t, year in enumerate(years):
        starts, stands = founded == year, founded < year
        before = alive[:, t - 1] if t else np.zeros(n, bool)
        stays = generator.random(n) >= expit(np.log(fade[t] / (1 - fade[t])) + world.bond * visible)
        alive[:, t] = starts | (stands & np.where(before, stays, generator.random(n) < wake))
        faded[:, t] = before & ~alive[:, t]
        run_left = np.where(alive[:, t], run_left, 0)  # a run ends with the life of its tie
        running = run_left > 0
        runs[:, t] = running
        logit = -2.5 + world.drift * (year - 2000) / 10 + world.spread * visible
        logit = logit + world.burst * (seen[:, t - 1] if t else 0)
        logit = logit + 2 * (world.project[0] <= year <= world.project[1])
        shown = stands & alive[:, t] & (generator.random(n) < expit(logit)) & ~running
        wrong = stands & (generator.random(n) < world.errs)
        seen[:, t] = shown | (wrong & ~alive[:, t])
        dormant[:, t] = stands & ~alive[:, t] & ~seen[:, t] & (generator.random(n) < 0.01)
        dormant[:, t] |= wrong & alive[:, t] & ~seen[:, t]
        begins = shown & (generator.random(n) < world.run)
        drawn = np.where(begins, generator.integers(3, 15, n), 0)
        run_left = np.maximum(run_left - 1, drawn)
    if world.as_seen:
        seen, runs = seen | runs, np.zeros_like(runs)
    usual, of_old, of_asleep = world.undated
    undated = np.full(n, usual)
    undated[founded < 1990] = max(usual, of_old)
    undated[(founded <= 2010) & ~alive[:, years == 2010][:, 0]] = max(usual, of_asleep)
    n_listed = round(world.listed * int((founded < 1990).sum()))
    is_dated = generator.random(n) >= undated
    return _record(founded, is_dated, seen, runs, dormant, n_listed), founded, alive, faded


def _founded(generator: np.random.Generator) -> np.ndarray:
    """Years of founding like those of the bundled record, the nineties more or less crowded."""
    real = Traces.of(ties.load("us-russia"), last_year=UNTIL)
    founded = real.years[real.entered]
    founded = founded[founded > YEARS[0]]
    weight = np.where(founded // 10 == 199, np.exp(generator.normal(0, 0.6)), 1.0)
    return generator.choice(founded, size=N_TIES, p=weight / weight.sum())


def _record(
    founded: np.ndarray,
    is_dated: np.ndarray,
    seen: np.ndarray,
    runs: np.ndarray,
    dormant: np.ndarray,
    n_listed: int,
) -> Dataset:
    rows: list[tuple[int, int, str, str, int | None, str | None]] = []
    for tie in range(N_TIES):
        listed = min(year for year in LISTED if year >= founded[tie])
        rows.append((tie, listed, "listed", "none", None, None))
        if is_dated[tie]:
            rows.append((tie, int(founded[tie]), "founded", "both", None, None))
    for tie, t in np.argwhere(seen).tolist():
        more = int((~np.append(runs[tie, t + 1 :], False)).argmax())
        until = int(YEARS[t + more]) if more else None
        kind = "exchange" if until else "visit"
        rows.append((tie, int(YEARS[t]), kind, "none", until, None))
    for tie, t in np.argwhere(dormant).tolist():
        rows.append((tie, int(YEARS[t]), "reported", "none", None, "dormant"))
    columns = ["tie", "date", "kind", "side", "until", "reported_status"]
    events = pd.DataFrame(rows, columns=columns).astype({"until": "Int64"})
    ids = "t" + pd.Series(range(N_TIES)).astype("str").str.zfill(3)
    city = pd.Series(range(N_TIES)) * 7 % 80
    places = pd.DataFrame(
        {
            "place_id": [*("ru-" + ids), *(f"us-{i}" for i in range(80))],
            "country": ["RU"] * N_TIES + ["US"] * 80,
            "level": "city",
        }
    )
    events = events.assign(
        tie_id=ids.array.take(events["tie"]),
        event_id=[f"e{i}" for i in range(len(events))],
        summary="simulated",
    )
    own_ties = {"tie_id": ids, "place_a": "ru-" + ids, "place_b": "us-" + city.astype("str")}
    count = {"date": "1989-12-31", "count": n_listed, "scope": "all", "source_id": "s"}
    frames = {
        "places": places.assign(name=places["place_id"]),
        "place_names": pd.DataFrame(),
        "ties": pd.DataFrame(own_ties).assign(kind="sister"),
        "events": events.assign(until=events["until"].astype("str").replace("<NA>", None)),
        "sources": pd.DataFrame([{"source_id": "s", "title": "s", "published": "2021-12-31"}]),
        "attestations": pd.DataFrame({"event_id": events["event_id"], "source_id": "s"}),
        "searches": pd.DataFrame(),
        "counts": pd.DataFrame([{**count, "population": "ties", "claims": "all"}]),
    }
    tables: dict[str, Any] = {name: typed(name, frame) for name, frame in frames.items()}
    return Dataset(**tables, as_of=pd.Timestamp("2022-06-30"), name="simulated")


def truths(
    condition: Condition, founded: np.ndarray, alive: np.ndarray, faded: np.ndarray
) -> tuple[float, float]:
    """A quantity as it is: with life on the day, and with life at some time in the last five years.

    The first is what the hidden life estimates; the second is how the rule counts a tie as alive,
    and so what the worst case and the traces bound.
    """
    if condition.estimand == "share_of_decade":
        return (float((founded // 10 == 199).mean()),) * 2
    if condition.estimand == "largest_year_of_stops":
        by_year = faded.sum(axis=0)
        return (float(by_year.max() / max(by_year.sum(), 1)),) * 2

    def shares(year: int) -> np.ndarray:
        own, at = alive[founded <= year], year - YEARS[0]
        return np.array([own[:, at].mean(), own[:, at - 4 : at + 1].any(axis=1).mean()])

    found = shares(UNTIL)
    if condition.estimand == "fall_of_share_alive":
        found = shares(SINCE) - found
    return float(found[0]), float(found[1])


# Answers ---------------------------------------------------------------------------------------


def answers(dataset: Dataset, as_of: str, seed: int) -> list[dict[str, Any]]:
    """Every condition on a record: its rungs, its verdict, and the rung that decides."""
    day = pd.Timestamp(as_of)
    known = StatusHistory.of(dataset, until=max(day, dataset.as_of))
    everyone = np.ones(len(known.reading.ids), bool)
    context = EstimandContext(dataset, known, everyone, day, None, seed)
    life = fit(Traces.of(dataset, last_year=UNTIL), n_draws=500, n_starts=2, seed=seed)
    context.shared["life", tuple(context.population)] = life
    rows = []
    for place, condition in enumerate(CONDITIONS):
        estimand = ESTIMANDS[condition.estimand]
        worst = estimand.measure(context, **{**estimand.options, **condition.options})
        rungs = climb(context, condition, worst)
        rests_on = deciding(rungs)
        holds = condition.holds(worst.lower, worst.upper)
        found = verdict([holds], joint_chance([rungs]), turns=rests_on.is_plausible)
        told = [[r.code, r.lower, r.value, r.upper, r.probability, r.is_plausible] for r in rungs]
        rows.append(
            {"condition": place, "verdict": found, "rung": rests_on.code, "rungs": told}
            | {"effective": life.effective_draws, "optima": life.n_optima}
        )
    return rows


def try_world(name: str, number: int) -> list[dict[str, Any]]:
    """Answers on one simulated record, each with its truth."""
    generator = np.random.default_rng([list(WORLDS).index(name), number])
    dataset, *truth = simulate(WORLDS[name], generator)
    rows = answers(dataset, f"{UNTIL}-12-31", number)
    return [
        {**row, "truth": truths(CONDITIONS[row["condition"]], *truth), "world": name, "n": number}
        for row in rows
    ]


def mask(dataset: Dataset, by_age: bool, generator: np.random.Generator) -> Dataset:
    """The record without some of its foundings and activity events, at random or by their age.

    A founding that is hidden keeps what a list would tell that names the tie on some later day.
    """
    life = ("founded", "suspended", "terminated", "reinstated", "listed")
    events = dataset.events
    year = events["date"].str.extract(r"(\d{4})")[0].astype("float64").fillna(UNTIL)
    chance = (0.6 - 0.5 * ((year - 1960) / 66).clip(0, 1)) if by_age else 0.3
    hidden = (generator.random(len(events)) < chance).to_numpy() if by_age else None
    if hidden is None:
        hidden = generator.random(len(events)) < 0.3
    is_founding = events["kind"].eq("founded").to_numpy()
    later = year + np.floor(generator.random(len(events)) * (2026 - year))
    bound = "../" + later.astype("int64").astype("str")
    moved = pd.Series(is_founding & hidden, index=events.index)
    gone = hidden & ~events["kind"].isin(life).to_numpy()
    kept = events.assign(date=events["date"].mask(moved, bound))[~gone]
    told = dataset.attestations
    told = told[told["event_id"].isin(kept["event_id"])]
    told = told.assign(date=told["date"].mask(told["event_id"].isin(kept["event_id"][moved])))
    return replace(dataset, events=kept, attestations=told)


def try_masked(
    name: str, number: int, dataset: Dataset, whole: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Answers on the real record with a part hidden, each with that on the whole."""
    generator = np.random.default_rng([len(WORLDS) + list(MASKED).index(name), number])
    rows = answers(mask(dataset, name.endswith("age"), generator), f"{UNTIL}-12-31", number)
    return [
        {**row, "world": name, "n": number, "whole": {k: full[k] for k in ("verdict", "rungs")}}
        for row, full in zip(rows, whole, strict=True)
    ]


def work(done: set[tuple[str, int]], n: int) -> Iterator[list[dict[str, Any]]]:
    """Answers that are not there yet, a record of every world in turn."""
    real = ties.load("germany-russia")
    whole: list[dict[str, Any]] = []
    for number in range(n):
        for name in WORLDS:
            if (name, number) not in done:
                yield try_world(name, number)
        for name in MASKED if number < 200 else ():
            if (name, number) not in done:
                whole = whole or answers(real, f"{UNTIL}-12-31", 0)
                yield try_masked(name, number, real, whole)


# What they come to ------------------------------------------------------------------------------


WORDS: Final = ("supported", "very_likely", "likely", "unlikely", "very_unlikely", "not_supported")
RUNG_ORDER: Final = ("worst_case", "totals", "traces", "alike", "hidden_life")
# The rungs that speak of life by the rule, within five years; the others of life on the day.
_BY_RULE: Final = ("worst_case", "traces")


def summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Coverage by rung and rightness by word, of each simulated world and each way of masking."""
    by_world: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_world.setdefault(row["world"], []).append(row)
    return {
        "worlds": {name: _of_world(by_world[name]) for name in WORLDS},
        "masked": {name: _of_masked(by_world[name]) for name in MASKED},
        "alike_bias": float(
            np.mean(
                [
                    value - row["truth"][0]
                    for name in WORLDS
                    for row in by_world[name]
                    for code, _, value, *_ in row["rungs"]
                    if code == "alike"
                ]
            )
        ),
    }


def _of_world(rows: list[dict[str, Any]]) -> dict[str, Any]:
    inside = [
        (code, low <= row["truth"][code in _BY_RULE] <= high, high - low)
        for row in rows
        for code, low, _, high, *_ in row["rungs"]
        if np.isfinite([low, high]).all()
    ]
    right = [
        (row["verdict"], bool(CONDITIONS[row["condition"]].holds_at(np.array(truth))))
        for row in rows
        for truth in [row["truth"][row["rung"] in _BY_RULE]]
    ]
    cover = pd.DataFrame(inside, columns=["rung", "held", "width"]).groupby("rung")
    return {
        "n": len({row["n"] for row in rows}),
        "coverage": cover["held"].mean().to_dict(),
        "width": cover["width"].mean().to_dict(),
        "true": {
            word: [
                sum(holds for said, holds in right if said == word),
                sum(said == word for said, _ in right),
            ]
            for word in (*WORDS, "open")
        },
        "least_effective": min(row["effective"] for row in rows),
        "several_optima": float(np.mean([row["optima"] > 1 for row in rows])),
    }


def _of_masked(rows: list[dict[str, Any]]) -> dict[str, Any]:
    held = []
    for row in rows:
        whole = {code: value for code, _, value, *_ in row["whole"]["rungs"]}
        held += [
            (code, low <= whole[code] <= high, abs(value - whole[code]))
            for code, low, value, high, *_ in row["rungs"]
            if code in whole and np.isfinite([value, whole[code]]).all()
        ]
    cover = pd.DataFrame(held, columns=["rung", "held", "moved"]).groupby("rung")
    side = {word: int(place < 3) * 2 - 1 for place, word in enumerate(WORDS)} | {"open": 0}
    moved = [side[row["verdict"]] * side[row["whole"]["verdict"]] for row in rows]
    return {
        "n": len({row["n"] for row in rows}),
        "coverage": cover["held"].mean().to_dict(),
        "moved": cover["moved"].mean().to_dict(),
        "same_word": float(np.mean([row["verdict"] == row["whole"]["verdict"] for row in rows])),
        "opposite": float(np.mean([each < 0 for each in moved])),
    }


def page(found: Mapping[str, Any]) -> str:
    """The results as a page of the documentation."""
    worlds, masked = found["worlds"], found["masked"]
    n = min(one["n"] for one in worlds.values())
    heads = [RUNGS[code].label.lower() for code in RUNG_ORDER]
    kept = {word: _sum(worlds, word, broken=False) for word in WORDS}
    lines = [
        "# Validation: the ladder and the hidden life",
        "",
        f"Written by `python -m validation.hidden_life`: {n} simulated records of {N_TIES} ties a "
        f"world, each asked {len(CONDITIONS)} conditions at the end of {UNTIL} (share alive above "
        f"30% and 50%; fallen since {SINCE}, and by 15 points; no year with more than 12% of the "
        "stops; most founded in the nineties). Truth is life on the day for the hidden life, and "
        "life within five years, as the rule counts it, for the worst case and the traces.",
        "",
        "## Do the intervals hold the truth?",
        "",
        "Share of bounds and 90% intervals that do. **Bold**: the world breaks what the rung "
        "assumes. The six conditions of a record hang together, so a share is less certain than "
        "so many answers suggest.",
        "",
        "“Unknown ties are like known” falls short in every world, its middle value "
        f"{found['alike_bias']:+.2f} off on average. In these worlds the last possible year of an "
        "undated founding is that of the first of five lists that names it, which tells more than "
        "the rung makes of it; whether that is the reason was not tried apart. The traces fall "
        "short in every world too; no verdict rests on them.",
        "",
        "| world | " + " | ".join(heads) + " | width of the hidden life |",
        "|---" * (len(heads) + 2) + "|",
    ]
    for name, one in worlds.items():
        broken = WORLDS[name].breaks
        cells = [_cell(one["coverage"].get(c), c in broken) for c in RUNG_ORDER]
        lines.append(
            f"| *{name}*: {WORLDS[name].truth} | {' | '.join(cells)} "
            f"| {one['width']['hidden_life']:.2f} |"
        )
    lines += [
        "",
        "## Are the words right?",
        "",
        "Of the conditions that got a word, how many were true. *Very likely* is to be true in at "
        "least 90 of 100, *likely* in 66; *unlikely* in at most 34, *very unlikely* in 10.",
        "",
        "| world | " + " | ".join(VERDICTS[word].label.lower() for word in WORDS) + " | open |",
        "|---" * (len(WORDS) + 2) + "|",
        "| **all that keep what the hidden life assumes** | "
        + " | ".join(_of(*kept[word]) for word in WORDS)
        + " | |",
    ]
    for name, one in worlds.items():
        cells = [_of(*one["true"][word]) for word in WORDS]
        lines.append(f"| {name} | {' | '.join(cells)} | {one['true']['open'][1]} |")
    least = min(one["least_effective"] for one in worlds.values())
    most = max(one["several_optima"] for one in worlds.values())
    lines += [
        "",
        f"The fits used 500 draws and two starts; the least effective number of draws was "
        f"{least:.0f} of {MIN_EFFECTIVE} wanted, and in at most {most:.1%} of the records of a "
        "world the starts ended apart.",
        "",
        "## A real record, masked",
        "",
        "The record of Germany and Russia, with a part of it hidden: does the rest say what the "
        "whole does? *Holds*: the masked 90% interval holds the middle value of the whole record.",
        "",
        "| what is hidden | times | "
        + " | ".join(f"holds: {RUNGS[c].label.lower()}" for c in _MASKED_RUNGS)
        + " | the same word | an opposite one |",
        "|---" * (len(_MASKED_RUNGS) + 4) + "|",
    ]
    for name, one in masked.items():
        cells = [_cell(one["coverage"].get(c), broken=False) for c in _MASKED_RUNGS]
        lines.append(
            f"| {name}: {MASKED[name]} | {one['n']} | {' | '.join(cells)} "
            f"| {one['same_word']:.0%} | {one['opposite']:.0%} |"
        )
    return "\n".join(lines) + "\n"


_MASKED_RUNGS: Final = ("traces", "alike", "hidden_life")


def _sum(worlds: Mapping[str, Any], word: str, *, broken: bool) -> tuple[int, int]:
    """How many were true, and of how many, over worlds that keep the hidden life, or break it."""
    own = [
        one["true"][word]
        for name, one in worlds.items()
        if ("hidden_life" in WORLDS[name].breaks) == broken
    ]
    return sum(true for true, _ in own), sum(n for _, n in own)


def _cell(share: float | None, broken: bool) -> str:
    if share is None:
        return "–"
    return f"**{share:.0%}**" if broken else f"{share:.0%}"


def _of(true: int, n: int) -> str:
    return f"{true / n:.0%} of {n}" if n else "–"


def main() -> None:
    """Try every world, or write what was found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--n", type=int, default=500, help="records a world")
    parser.add_argument("--rows", type=Path, required=True, help="answers found so far, and more")
    parser.add_argument("--page", action="store_true", help="only write the page")
    parser.add_argument("--out", type=Path, help="write here, not into the checkout")
    options = parser.parse_args()
    text = options.rows.read_text("utf-8") if options.rows.exists() else ""
    rows = [json.loads(line) for line in text.splitlines()]
    if not options.page:
        with options.rows.open("a", encoding="utf-8") as file:
            for found in work({(row["world"], row["n"]) for row in rows}, options.n):
                file.writelines(json.dumps(row) + "\n" for row in found)
                file.flush()
                rows += found
    result = summary(rows)
    data = (options.out or HERE) / "hidden_life.json"
    shown = (options.out or HERE.parent / "docs") / "validation-hidden-life.md"
    data.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    shown.write_text(page(result), "utf-8")


if __name__ == "__main__":
    main()
