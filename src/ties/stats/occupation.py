"""In which state a tie is at an age, or in a year, given that states can be left again.

Ties fall silent and come back, are suspended and reinstated. The chance of each state at a time is
the Aalen-Johansen estimate over all moves among the six statuses (see
`ties.stats.aalen_johansen`). It needs no Markov assumption for the shares themselves (Datta &
Satten, *Statistics & Probability Letters* 55, 2001), as long as what is lost is lost by chance.

*No information* is a state here, not a censoring: whether anybody writes of a tie depends on how
it does. So the share that is alive is known within bounds only: those alive for certain, and
those with the unknown added (Manski 2003); `alive_bounds` gives them.

Over the calendar the curve follows the ties that stood at its beginning *and* those that came
later, each from its own founding; it shows what would have become of the first under the moves of
all. The plain stock of a year is `ties.stats.decline.stock_by_status`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd

from ties.dates import last_day
from ties.schema.vocabulary import STATUSES
from ties.stats.aalen_johansen import LOST, Moves, aalen_johansen, shares_at
from ties.stats.spells import DAYS_PER_YEAR, ENTRIES, Spells

_CODES = [*STATUSES]
_ALIVE = [code for code, term in STATUSES.items() if term.group == "alive"]


def stretches(
    episodes: pd.DataFrame,
    lives: pd.DataFrame,
    *,
    since: str | dt.date = "founding",
    entry: str = "founding",
) -> Spells:
    """The stretches that each tie spent in a status, in days of age or of the calendar.

    Parameters
    ----------
    episodes
        As `ties.lifecycle` gives them.
    lives
        Of the same view, as `ties.stats.spells.lifetimes` gives them.
    since, entry
        As for `ties.stats.spells.durations`. Ages count from the latest founding.

    Returns
    -------
    Spells
        `table`: a row a stretch, ``tie_id``, ``entry``, ``exit`` (int64, days), ``state``, ``to``
        (missing while it lasts). `left_out`: a row a tie without any.
    """
    if entry not in ENTRIES:
        raise ValueError(f"entry is {entry!r}; it is one of {', '.join(ENTRIES)}")
    status = episodes[episodes["axis"] == "status"]
    own = status[["tie_id", "state", "start_latest"]].assign(
        to=status.groupby("tie_id")["state"].shift(-1),
        end=status["end_latest"].fillna(pd.Timestamp(episodes.attrs["as_of"])),
    )
    life = lives.set_index("tie_id").reindex(own["tie_id"]).set_axis(own.index)
    is_age = since == "founding"
    origin = life["founded_latest"]
    if not is_age:
        origin = pd.Series(last_day(since), index=own.index)
    seen = life["founded_latest"] if entry == "founding" else life["named_on"]
    table = own[["tie_id", "state", "to"]].assign(
        entry=(own["start_latest"].where(own["start_latest"] >= seen, seen) - origin).dt.days,
        exit=(own["end"] - origin).dt.days,
    )
    table["entry"] = table["entry"].clip(lower=0)
    used = table["exit"] > table["entry"]
    if is_age:
        used &= life["founded_earliest"] <= life["founded_latest"]
    kept = table[used].reset_index(drop=True)
    kept[["entry", "exit"]] = kept[["entry", "exit"]].astype("int64")
    kept.attrs = dict(episodes.attrs)
    return Spells(
        kept[["tie_id", "entry", "exit", "state", "to"]], _left_out(lives, kept, is_age, entry)
    )


def occupation(
    spells: pd.DataFrame, *, after: float = 0.0, confidence: float = 0.95
) -> pd.DataFrame:
    """The chance of each status after each time at which some tie moved.

    Parameters
    ----------
    spells
        The table of `stretches`.
    after
        Years after which the curves begin, with the shares of those that stood then.
    confidence
        Coverage of the interval at one time, between 0 and 1; the first shares are taken as
        they are.

    Returns
    -------
    DataFrame
        Index ``time`` (years from the founding, or from the first day; `after` first) and
        ``status``; ``share``, ``se``, ``lower``, ``upper`` (normal intervals, cut at 0 and 1),
        ``n_risk`` (ties in that status just before). ``attrs["spread"]``: by time, the standard
        errors of the shares ``alive`` for certain and ``may_be_alive``.

    Raises
    ------
    ValueError
        If no tie stands at the start, or `confidence` is no share.

    Examples
    --------
    >>> spells = pd.DataFrame(
    ...     {
    ...         "tie_id": ["t", "t", "u"],
    ...         "entry": [0, 365, 0],
    ...         "exit": [365, 730, 730],
    ...         "state": ["active", "dormant", "active"],
    ...         "to": ["dormant", None, None],
    ...     }
    ... )
    >>> occupation(spells)["share"].unstack().iloc[-1][["active", "dormant"]].tolist()
    [0.5, 0.5]
    """
    from scipy.stats import norm

    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; it is a share such as 0.95")
    start = after * DAYS_PER_YEAR
    moves = _moves(spells)
    found = aalen_johansen(moves, shares_at(moves, start), start)
    spread = np.diagonal(found.covariance, axis1=1, axis2=2)
    time = pd.Index(found.time / DAYS_PER_YEAR, dtype="float64")
    table = pd.DataFrame(
        {
            "share": found.share.ravel(),
            "se": np.sqrt(np.maximum(spread, 0)).ravel(),
            "n_risk": found.n_risk.ravel().astype("int64"),
        },
        index=pd.MultiIndex.from_product([time, _CODES], names=["time", "status"]),
    )
    width = norm.ppf(0.5 + confidence / 2) * table["se"]
    table.insert(2, "lower", (table["share"] - width).clip(0, 1))
    table.insert(3, "upper", (table["share"] + width).clip(0, 1))
    table.attrs = {
        **spells.attrs,
        "confidence": confidence,
        "after": after,
        "spread": _spread_of_groups(found.covariance, time),
    }
    return table


def _spread_of_groups(covariance: np.ndarray, time: pd.Index) -> pd.DataFrame:
    """The standard error of the share that is alive, and of that which may be."""
    columns = {}
    for name, codes in (("alive", _ALIVE), ("may_be_alive", [*_ALIVE, "no_information"])):
        is_in = np.isin(_CODES, codes).astype("float64")
        columns[name] = np.sqrt(np.maximum(np.einsum("tij,i,j->t", covariance, is_in, is_in), 0))
    return pd.DataFrame(columns, index=time)


def followed(spells: pd.DataFrame, years: Sequence[float]) -> pd.DataFrame:
    """Count the ties followed at each of some times.

    Returns
    -------
    DataFrame
        Index ``time`` (years); ``at_risk`` (int64).
    """
    at = np.asarray(years, dtype="float64") * DAYS_PER_YEAR
    entry, leave = (spells[name].to_numpy("float64") for name in ("entry", "exit"))
    present = (entry <= at[:, None]) & (leave > at[:, None])
    return pd.DataFrame({"at_risk": present.sum(axis=1)}, index=pd.Index(years, name="time"))


def occupation_at(curves: pd.DataFrame, years: list[float]) -> pd.DataFrame:
    """Read the curves at given times; missing before they begin.

    Returns
    -------
    DataFrame
        Index ``time``, the years asked for; one column a status: its share.
    """
    share = curves["share"].unstack("status")[_CODES]
    at = np.asarray(years, dtype="float64")
    place = np.searchsorted(share.index.to_numpy() - 1e-9, at, side="right") - 1
    read = share.reset_index(drop=True).reindex(place)
    return read.set_index(pd.Index(at, name="time")).rename_axis(columns=None)


def alive_bounds(curves: pd.DataFrame) -> pd.DataFrame:
    """Bound the share that is alive: without those of which nothing is known, and with all of them.

    Returns
    -------
    DataFrame
        Index ``time``; ``lower``, ``upper``. Chance is not in it: these bounds are about what is
        not known, not about how few ties there are.
    """
    share = curves["share"].unstack("status")
    lower = share[_ALIVE].sum(axis=1)
    return pd.DataFrame({"lower": lower, "upper": lower + share["no_information"]})


def _moves(spells: pd.DataFrame) -> Moves:
    codes = pd.Categorical(spells["state"], categories=_CODES).codes.astype("int64")
    target = pd.Categorical(spells["to"], categories=_CODES).codes.astype("int64")
    target = np.where(spells["to"].isna(), LOST, target)
    entry, leave = (spells[name].to_numpy("float64") for name in ("entry", "exit"))
    return Moves(entry, leave, codes, target, len(_CODES))


def _left_out(lives: pd.DataFrame, kept: pd.DataFrame, is_age: bool, entry: str) -> pd.DataFrame:
    out = lives[~lives["tie_id"].isin(kept["tie_id"])]
    no_age = out["founded_earliest"].isna() & is_age
    contradicts = (out["founded_earliest"] > out["founded_latest"]) & is_age
    unnamed = out["named_on"].isna() & (entry == "named")
    reason = np.select(
        [no_age, contradicts, unnamed],
        [
            "founding has no earliest day",
            "shown to stand before its founding",
            "no dated source names it",
        ],
        "not followed for a day",
    )
    return pd.DataFrame(
        {"tie_id": out["tie_id"].to_numpy(), "reason": pd.array(reason, dtype="str")}
    )
