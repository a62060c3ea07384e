"""What share of ties was suspended by a time, and what share ended, when one bars the other.

A tie that was ended can no longer be suspended. Counting the ended as merely lost to sight, as
one minus Kaplan-Meier does, gives the chance of a suspension in a world without ends, and
overstates it. The cumulative incidence is the share that has in fact left in each way; the
shares and what still stands add up to 1 (Putter, Fiocco & Geskus, *Statistics in Medicine* 26,
2007).

Estimated by Aalen-Johansen with delayed entry. `statsmodels.duration.survfunc.CumIncidenceRight`
takes no entry times, so it serves only where all enter at 0; there the two agree, and a test
shows it. Intervals are on the log-log scale of the share that has *not* left in that way.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ties.stats.aalen_johansen import LOST, Moves, aalen_johansen
from ties.stats.spells import CENSORED, DAYS_PER_YEAR
from ties.stats.survival import log_log_interval


def cumulative_incidence(
    spells: pd.DataFrame, *, after: float = 0.0, confidence: float = 0.95
) -> pd.DataFrame:
    """The share that has left in each way, after each time at which one left.

    Parameters
    ----------
    spells
        The table of `ties.stats.spells.durations`; every category of ``event`` but ``censored``
        is a way to leave.
    after
        Years after which the curves begin, with those that stood then.
    confidence
        Coverage of the interval at one time, between 0 and 1.

    Returns
    -------
    DataFrame
        Index ``time`` (years, `after` first) and ``exit``; ``n_risk``, ``n_events`` (int64);
        ``incidence``, ``se``, ``lower``, ``upper``. Bounds are missing while nobody has left so.

    Raises
    ------
    ValueError
        If `confidence` is no share.

    Examples
    --------
    >>> event = pd.Categorical(["suspended", "terminated", "censored"])
    >>> spells = pd.DataFrame({"entry": 0, "exit": [365, 730, 1096], "event": event})
    >>> cumulative_incidence(spells)["incidence"].unstack().iloc[-1].round(3).tolist()
    [0.333, 0.333]
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; it is a share such as 0.95")
    own, exits, moves = _moves(spells, after)
    found = aalen_johansen(moves, _all_standing(exits), after * DAYS_PER_YEAR)
    spread = np.diagonal(found.covariance, axis1=1, axis2=2)[:, 1:]
    time = pd.Index(found.time / DAYS_PER_YEAR, dtype="float64")
    table = pd.DataFrame(
        {
            "n_risk": np.repeat(found.n_risk[:, 0], len(exits)).astype("int64"),
            "n_events": found.n_moves[:, 0, 1:].ravel().astype("int64"),
            "incidence": found.share[:, 1:].ravel(),
            "se": np.sqrt(np.maximum(spread, 0)).ravel(),
        },
        index=pd.MultiIndex.from_product([time, exits], names=["time", "exit"]),
    )
    upper, lower = (
        1 - bound for bound in log_log_interval(1 - table["incidence"], table["se"], confidence)
    )
    table = table.assign(lower=lower, upper=upper)
    table.attrs = {**spells.attrs, "n": len(own), "confidence": confidence, "after": after}
    return table


def _moves(spells: pd.DataFrame, after: float) -> tuple[pd.DataFrame, list[str], Moves]:
    begins = after * DAYS_PER_YEAR
    own = spells[spells["exit"] > begins]
    event = own["event"].astype("category")
    exits = [str(code) for code in event.cat.categories if code != CENSORED]
    place = {CENSORED: LOST} | {code: i for i, code in enumerate(exits, start=1)}
    moves = Moves(
        np.maximum(own["entry"].to_numpy("float64"), begins),
        own["exit"].to_numpy("float64"),
        np.zeros(len(own), dtype="int64"),
        event.astype("str").map(place).to_numpy("int64"),
        len(exits) + 1,
    )
    return own, exits, moves


def _all_standing(exits: list[str]) -> np.ndarray:
    return np.append(1.0, np.zeros(len(exits)))
