"""Write the data sets that R and Python are both given.

Run from the top of a checkout: ``python tests/reference/make_data.py``. Artificial data come from
fixed seeds; the record's own spells are those of the bundled record when this was last run, so
they need not follow it when it grows.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

import ties
from ties.stats.occupation import stretches
from ties.stats.spells import duration_bounds, durations, lifetimes

HERE = Path(__file__).parent / "data"

# Weeks of remission in leukaemia, 6-mercaptopurine and placebo: E. J. Freireich et al., "The effect
# of 6-mercaptopurine on the duration of steroid-induced remissions in acute leukemia", Blood 21
# (1963) 699-716. A plus marks a censored time.
REMISSION = {
    "drug": "6 6 6 7 10 13 16 22 23 6+ 9+ 10+ 11+ 17+ 19+ 20+ 25+ 32+ 32+ 34+ 35+",
    "placebo": "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23",
}
# Months to breast retraction: D. M. Finkelstein and R. A. Wolfe, "A semiparametric model for
# regression analysis of interval-censored failure time data", Biometrics 41 (1985) 933-945.
COSMESIS = {
    "radiation": "45- 6-10 0-7 46- 46- 7-16 17- 7-14 37-44 0-8 4-11 15- 11-15 22- 46- 46- 25-37 "
    "46- 26-40 46- 27-34 36-44 46- 36-48 37- 40- 17-25 46- 11-18 38- 5-12 37- 0-5 18- 24- 36- 5-11 "
    "19-35 17-25 24- 32- 33- 19-26 37- 34- 36-",
    "both": "8-12 0-5 30-34 0-22 5-8 13- 24-31 12-20 10-17 17-27 11- 8-21 17-23 33-40 4-9 24-30 "
    "31- 11- 16-24 13-39 14-19 13- 19-32 4-8 11-13 34- 34- 16-20 13- 30-36 18-25 16-24 18-24 "
    "17-26 35- 16-60 32- 15-22 35-39 23- 11-17 21- 44-48 22-32 11-20 14-17 10-35 48-",
}


def main() -> None:
    """Write every data set as CSV."""
    HERE.mkdir(exist_ok=True)
    write("remission", remission())
    write("cosmesis", cosmesis())
    write("late", late(np.random.default_rng(20261123)))
    write("competing", competing(np.random.default_rng(20181128)))
    write("intervals", intervals(np.random.default_rng(19911226)))
    write("moves", moves(np.random.default_rng(20220224)))
    write("traces", traces(np.random.default_rng(20211231)))
    record = ties.load("us-russia").without_disputed()
    lives = lifetimes(record)
    write("record_stops", durations(lives).table[["entry", "exit", "event"]])
    calendar = durations(lives, since="1991-12-26").table
    write("record_stops_calendar", calendar[["entry", "exit", "event"]])
    write("record_silence", duration_bounds(lives).table[["left", "right"]])
    stays = stretches(ties.lifecycle(record), lives, since="1991-12-26").table
    write("record_moves", stays.fillna({"to": "cens"}))


def traces(generator: np.random.Generator) -> pd.DataFrame:
    """Years of forty ties that live or sleep unseen, and what is on record of each."""
    rows = []
    for tie in range(40):
        founded, alive = int(generator.integers(1985, 1996)), True
        rows.append((tie, founded, "founded"))
        for year in range(founded + 1, 2016):
            alive = bool(generator.random() > (0.08 if alive else 0.96))
            chances = (0.2, 0.05, 0.75, 0) if alive else (0, 0, 0.94, 0.06)
            seen = generator.choice(["trace", "alive", "silent", "dormant"], p=chances)
            rows.append((tie, year, seen))
    return pd.DataFrame(rows, columns=["tie", "year", "seen"])


def write(name: str, table: pd.DataFrame) -> None:
    """Write one data set, infinity as text that R reads too."""
    path = HERE / f"{name}.csv"
    path.write_bytes(table.to_csv(index=False, na_rep="NA", lineterminator="\n").encode())


def remission() -> pd.DataFrame:
    """Give the remission times with whether they ended."""
    rows = [
        (arm, int(text.rstrip("+")), "censored" if "+" in text else "terminated")
        for arm, texts in REMISSION.items()
        for text in texts.split()
    ]
    return pd.DataFrame(rows, columns=["arm", "exit", "event"]).assign(entry=0)


def cosmesis() -> pd.DataFrame:
    """Give the bounds of each retraction."""
    rows = [
        (arm, float(left), float(right or np.inf))
        for arm, texts in COSMESIS.items()
        for left, _, right in (text.partition("-") for text in texts.split())
    ]
    return pd.DataFrame(rows, columns=["arm", "left", "right"])


def late(rng: np.random.Generator, n: int = 120) -> pd.DataFrame:
    """Make durations in whole years, many the same, that are seen only if they outlast an entry."""
    lasted, lost = rng.geometric(0.08, 4 * n), rng.geometric(0.04, 4 * n)
    entry = rng.integers(0, 15, 4 * n) * (rng.random(4 * n) < 0.7)
    leave = np.minimum(lasted, lost)
    event = np.where(lasted <= lost, "terminated", "censored")
    table = pd.DataFrame({"entry": entry, "exit": leave, "event": event})
    return table[table["exit"] > table["entry"]].head(n)


def competing(rng: np.random.Generator, n: int = 150) -> pd.DataFrame:
    """Make the same with two ways to leave."""
    table = late(rng, n)
    way = np.where(rng.random(n) < 0.6, "suspended", "terminated")
    return table.assign(event=np.where(table["event"] == "censored", "censored", way))


def intervals(rng: np.random.Generator, n: int = 80) -> pd.DataFrame:
    """Make times that are known between two inspections, some to the day, some not at all."""
    lasted = rng.weibull(1.4, n) * 20
    looks = np.sort(rng.integers(1, 40, (n, 4)), axis=1).astype(float)
    before, after = looks < lasted[:, None], looks >= lasted[:, None]
    left = np.where(before, looks, 0).max(axis=1)
    right = np.where(after, looks, np.inf).min(axis=1)
    exact = rng.random(n) < 0.15
    day = np.ceil(lasted)
    return pd.DataFrame({"left": np.where(exact, day, left), "right": np.where(exact, day, right)})


def moves(rng: np.random.Generator, n: int = 90) -> pd.DataFrame:
    """Make lives among four states, with returns, late entries and many equal times."""
    rates = {
        "active": (("dormant", 0.10), ("suspended", 0.03)),
        "dormant": (("active", 0.06), ("suspended", 0.03), ("terminated", 0.02)),
        "suspended": (("active", 0.04), ("terminated", 0.05)),
    }
    rows = []
    for subject in range(n):
        state, since = "active", 0
        entry, last = int(rng.integers(0, 8)), int(rng.integers(9, 40))
        for now in range(1, last + 1):
            draw, into = rng.random(), None
            for target, rate in rates.get(state, ()):
                into, draw = (target, 2.0) if draw < rate else (into, draw - rate)
                if into:
                    break
            if into or now == last:
                if now > entry:
                    rows.append((subject, max(since, entry), now, state, into or "cens"))
                state, since = into or state, now
            if state == "terminated":
                break
    return pd.DataFrame(rows, columns=["tie_id", "entry", "exit", "state", "to"])


if __name__ == "__main__":
    main()
