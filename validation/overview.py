"""Write docs/validation.md: what every method was held to, from what each validation measured.

``python -m validation.overview`` reads the JSON files beside it and the recorded outputs of R.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
TOP = HERE.parent

TEMPLATE = """\
# Validation

Every number here is read from a file that a command wrote: `python -m validation.formation`,
`python -m validation.decline`, `python -m validation.revival`, `python -m validation.hidden_life`;
each page says more. A simulated record is one whose truth is known; there are {n} a scenario, of
the hidden life {n_life}.

## On simulated records

{table}

The credible intervals miss what was wanted on the safe side: that of the year is made of whole
years, and so holds more than it says.

Where a method fails is told on its page: [formation](validation-formation.md),
[decline](validation-decline.md), [revival](validation-revival.md),
[the ladder and the hidden life](validation-hidden-life.md).

## Against R

Where an estimator of ours is one that R has, both were given the same data; the outputs of R are
committed, so tests need no R. Made with {made_with}.

{reference}

What differs, and why, stands beside the test: `survfit` begins with those at risk at the first
move on or after its start and ours after a day.
"""

REFERENCE = {
    "km": ("survival", "Kaplan-Meier with late entry, and its Greenwood error"),
    "incidence": ("survival, etm", "cumulative incidence of competing exits, and its variance"),
    "states": ("survival, etm", "shares and chances of moving among states, with return"),
}


def read(name: str) -> dict[str, Any]:
    """Read what one validation measured."""
    found: dict[str, Any] = json.loads((HERE / f"{name}.json").read_text("utf-8"))
    return found


def rows() -> list[list[str]]:
    """What was asked, what was measured, and whether that is what was asked."""
    formation, decline, revival = read("formation"), read("decline"), read("revival")
    shares = {k: v for k, v in formation["shares"].items() if k != "old_undated"}
    imputed = [found["imputed"]["coverage"] for found in shares.values()]
    honest = [k for k in formation["shares"] if k not in ("wrong_dates", "sources_err")]
    held = min(formation["shares"][k]["bounds"]["holds_record"] for k in honest)
    span = min(formation["shares"][k]["bounds_span"]["holds_record"] for k in ("sources_err",))
    rates, prior = formation["rates"], formation["prior"]
    worlds = decline["worlds"]
    gradual = max(w["says"]["steps"] for w in worlds.values() if w["kind"] == "gradual")
    stands = [worlds["constant"][f"standing {age} holds"] for age in (10, 20)]
    alive = min(w[f"alive {age} holds"] for w in worlds.values() for age in (10, 20))
    fading = revival["worlds"]["fading"]
    covers = [w["between"]["covers"] for w in revival["worlds"].values()]
    told = _words_of_the_hidden_life()
    asked = [
        (
            "share of a decade, imputed, clustered: 95% intervals hold the truth",
            "93% to 97%",
            f"{min(imputed):.1%} to {max(imputed):.1%}",
            min(imputed) >= 0.93 and max(imputed) <= 0.97,
        ),
        (
            "worst-case bounds hold it, where sources mean what they say",
            "100%",
            f"{held:.1%}",
            held == 1,
        ),
        ('the same with `dates="span"`, where sources err', "100%", f"{span:.1%}", span == 1),
        (
            "a change of the founding rate is claimed where there is none",
            "below 5%",
            f"{rates['steady_founding']['share_change_claimed']:.1%}",
            rates["steady_founding"]["share_change_claimed"] < 0.05,
        ),
        (
            "95% credible intervals, drawn from the prior: year, rates, ratio",
            "93% to 97%",
            f"{min(prior.values()):.1%} to {max(prior.values()):.1%}",
            min(prior.values()) >= 0.93 and max(prior.values()) <= 0.97,
        ),
        (
            "steps are claimed where decline was gradual",
            "below 5%",
            f"{gradual:.1%}",
            gradual < 0.05,
        ),
        (
            "share standing at 10 and 20 years, constant intensity: 95% intervals",
            "93% to 97%",
            " and ".join(f"{x:.1%}" for x in stands),
            all(0.93 <= x <= 0.97 for x in stands),
        ),
        ("bounds of the share alive hold the truth", "at least 95%", f"{alive:.1%}", alive >= 0.95),
        (
            "a revival is claimed where ties fade and coverage grows",
            "below 5%",
            f"{fading['between']['more']:.1%}",
            fading["between"]["more"] < 0.05,
        ),
        (
            "the same by naive counting (it is to fail, or the test would be none)",
            "above 5%",
            f"{fading['naive']['more']:.1%}",
            fading["naive"]["more"] > 0.05,
        ),
        (
            "activity at constant effort: intervals hold the truth",
            "at least 95%",
            f"{min(covers):.1%} to {max(covers):.1%}",
            min(covers) >= 0.95,
        ),
        (
            "“very likely” is true, and “likely”, in every world that keeps the hidden life",
            "90% and 66%",
            f"{told['very_likely'][0]:.1%} and {told['likely'][0]:.1%} at the least",
            told["very_likely"][0] >= 0.9 and told["likely"][0] >= 0.66,
        ),
        (
            "“very unlikely” is true, and “unlikely”, in such a world",
            "at most 10% and 34%",
            f"{told['very_unlikely'][1]:.1%} and {told['unlikely'][1]:.1%} at the most",
            told["very_unlikely"][1] <= 0.1 and told["unlikely"][1] <= 0.34,
        ),
        (
            "the hidden life: 90% intervals hold the truth in such a world",
            "at least 90%",
            f"{min(told['coverage']):.1%} to {max(told['coverage']):.1%}",
            min(told["coverage"]) >= 0.9,
        ),
        (
            "unknown ties are like known: 90% intervals of a decade's share, where they are",
            "at least 90%",
            f"{min(told['alike']):.1%} to {max(told['alike']):.1%}",
            min(told["alike"]) >= 0.9,
        ),
    ]
    return [[what, wanted, found, "yes" if met else "**no**"] for what, wanted, found, met in asked]


def _words_of_the_hidden_life() -> dict[str, list[float]]:
    """The least and the greatest share true of each word, over worlds that keep the assumptions."""
    from validation.hidden_life import WORLDS

    worlds = read("hidden_life")["worlds"]
    kept = [worlds[name] for name, world in WORLDS.items() if "hidden_life" not in world.breaks]
    words = ("very_likely", "likely", "unlikely", "very_unlikely")
    shares = {word: [one["true"][word][0] / one["true"][word][1] for one in kept] for word in words}
    found = {word: [min(each), max(each)] for word, each in shares.items()}
    alike = [
        worlds[name]["coverage"]["alike"]
        for name, world in WORLDS.items()
        if "alike" not in world.breaks
    ]
    return found | {
        "coverage": [one["coverage"]["hidden_life"] for one in kept],
        "alike": alike,
    }


def table(header: list[str], lines: list[list[str]]) -> str:
    """Draw a table."""
    rule = ["---"] * len(header)
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [header, rule, *lines])


def main() -> None:
    """Write the page."""
    told = json.loads((TOP / "tests" / "reference" / "recorded.json").read_text("utf-8"))
    reference = [
        [what, packages, ", ".join(f"`{name}`" for name in told[key]), "1e-8"]
        for key, (packages, what) in REFERENCE.items()
    ]
    made_with = told["made_with"]
    page = TEMPLATE.format(
        n=read("revival")["n"],
        n_life=min(one["n"] for one in read("hidden_life")["worlds"].values()),
        table=table(["asked", "wanted", "measured", "met"], rows()),
        reference=table(["estimator", "packages", "data sets", "equal to"], reference),
        made_with=", ".join(f"{name} {_one(number)}" for name, number in made_with.items()),
    )
    (TOP / "docs" / "validation.md").write_text(page, "utf-8")


def _one(value: Any) -> str:
    text = str(value[0] if isinstance(value, list) else value)
    return text.removeprefix("R version ")


if __name__ == "__main__":
    main()
