"""How long until a tie fell silent, was suspended or ended? What is known of it, as bounds.

Nothing is known to the day. A founding is dated to a year or a decade; dormancy is never seen,
only the last sign of life before it and the day by which somebody said or saw that contact had
stopped; and a tie is known at all only because some source came to name it. `lifetimes`
gathers these bounds, a row a tie. `durations` and `duration_bounds` turn them into what an
estimator takes, and say of every tie that they leave out why.

Three things a reader could get wrong:

- **Who can be seen to end.** Sources name ties that stand. A tie that ended before any source
  named it is not in the record, so ties that are must not be counted as having survived the
  years before (left truncation: Keiding, *Phil. Trans. R. Soc. A* 335, 1991). With
  ``entry="named"`` a tie is at risk only from the day on which the first source that names
  it was out. Dormancy is another matter: directories list ties alive or not, so that a silent tie
  is as well known as another. There ``entry="founding"`` is the default; with ``named`` a tie is
  at risk from the first sign of life after it was named, since it must be known to be alive then.
- **What censors.** A tie that never stopped is followed to `as_of`, since a stop in force is a
  public act. A tie whose silence nobody established is followed to its last sign of life only.
- **A calendar is not an age.** If all exits come in one year, whatever the age, then a curve
  over age mixes that year with the ages that ties happened to have in it. Ask for both:
  `durations` counts from the founding or from a day of the calendar.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from ties.dataset import Dataset
from ties.dates import date_bounds, last_day
from ties.lifecycle.engine import episodes_of
from ties.lifecycle.event_view import EventView
from ties.lifecycle.rule import StatusRule

DAYS_PER_YEAR: Final = 365.25
EXITS: Final = ("dormant", "suspended", "terminated")
STOPS: Final = ("suspended", "terminated")
ENTRIES: Final = ("named", "founding")
READINGS: Final = ("recorded", "shortest", "longest")
CENSORED: Final = "censored"

_SIDES: Final = ("place_a", "place_b")
_NEVER: Final = np.datetime64("NaT", "s")


@dataclass(frozen=True)
class Spells:
    """What an estimator takes, and which ties it does not get.

    Parameters
    ----------
    table
        A row a tie that is used: see `durations` and `duration_bounds`.
    left_out
        A row a tie that is not: ``tie_id``, ``reason``.
    """

    table: pd.DataFrame
    left_out: pd.DataFrame

    @property
    def n_in(self) -> int:
        """How many ties came in: those used and those left out."""
        return len(self.table) + len(self.left_out)

    def account(self) -> pd.Series:
        """Count the ties used and those left out, by reason; it adds up to `n_in`."""
        reasons = self.left_out["reason"].value_counts().sort_index()
        return pd.concat([pd.Series({"used": len(self.table)}), reasons]).rename("n_ties")


def lifetimes(
    dataset: Dataset,
    rule: StatusRule | None = None,
    as_of: str | dt.date | None = None,
    known_by: str | dt.date | None = None,
) -> pd.DataFrame:
    """Gather what bounds the life of each tie: founding, last sign, silence, stop.

    Dormancy is the first dormant episode of the tie's status; ``dormant_after`` is a day on
    which contact still went on, the last sign of life before it (of a run of exchanges, the
    first day that its end admits), so that silence began later and by ``dormant_by``: the day
    that the record dates it to, or on which a search had found nothing. Where the record
    itself says from when, silence began no earlier.

    Parameters
    ----------
    dataset, rule, as_of, known_by
        As for `ties.lifecycle`. Pass ``dataset.without_disputed()`` to leave disputed ties out.

    Returns
    -------
    DataFrame
        A row a tie that stands on `as_of`, by ``tie_id``: ``place_a``, ``place_b``;
        ``founded_earliest`` (missing if open), ``founded_latest``; ``named_on``: last day of
        the date on which the first source that names the tie was published (missing if no
        source is dated); ``first_sign``: the day by which it had first given a sign of life;
        ``named_sign``: the same of those signs that came no earlier than `named_on`; ``last_sign``:
        the last day on which it was certainly alive, before any dormancy; ``dormant_after``,
        ``dormant_by``, ``dormant_basis``;
        ``suspended_earliest``, ``suspended_latest``, ``terminated_earliest``,
        ``terminated_latest``: the first such act of either side. Days as datetime64[s],
        missing if it has not happened. ``attrs["as_of"]`` is the day of the view.

    Examples
    --------
    >>> import ties
    >>> lives = lifetimes(ties.load("us-russia").without_disputed()).set_index("tie_id")
    >>> one = lives.loc["oklahoma-city-ulyanovsk"]
    >>> str(one["dormant_after"].date()), str(one["dormant_by"].date())
    ('1996-12-31', '1997-12-31')
    """
    reading = EventView.of(dataset, rule, as_of, known_by)
    episodes = episodes_of(reading)
    stands = reading.founding["latest"].notna().to_numpy()
    ties = dataset.ties.set_index("tie_id").reindex(reading.ids)
    lives = pd.DataFrame(
        {
            "tie_id": reading.ids.astype("str"),
            **{side: ties[side].to_numpy() for side in _SIDES},
            "founded_earliest": reading.founding["earliest"].to_numpy("M8[s]"),
            "founded_latest": reading.founding["latest"].to_numpy("M8[s]"),
            "named_on": _first_named(dataset, reading),
        }
    )
    silent = _first(episodes, "status", "dormant", reading.ids)
    signs = _signs(dataset, reading, silent["start_latest"])
    by_tie = signs.groupby("tie")
    positions = range(len(reading.ids))
    lives["first_sign"] = by_tie["latest"].min().reindex(positions)
    is_named = signs["latest"].to_numpy() >= lives["named_on"].to_numpy()[signs["tie"]]
    lives["named_sign"] = signs[is_named].groupby("tie")["latest"].min().reindex(positions)
    lives["last_sign"] = by_tie["certain"].max().reindex(positions)
    lives["dormant_after"] = _silent_after(lives, silent)
    lives["dormant_by"] = silent["start_latest"].to_numpy()
    lives["dormant_basis"] = silent["basis"].to_numpy()
    for stop in STOPS:
        act = _first(episodes, "formal", stop, reading.ids)
        lives[f"{stop}_earliest"] = act["start_earliest"].to_numpy()
        lives[f"{stop}_latest"] = act["start_latest"].to_numpy()
    lives = lives[stands].reset_index(drop=True)
    lives.attrs = dict(episodes.attrs)
    return lives


def durations(
    lives: pd.DataFrame,
    exits: tuple[str, ...] = STOPS,
    *,
    since: str | dt.date = "founding",
    entry: str = "named",
    dates: str = "recorded",
) -> Spells:
    """Each tie's time at risk in days, and how it left: for curves that need one date.

    The first of `exits` counts; on one day the stricter. Dates that are intervals are read
    one way for all ties: as recorded in the life cycle, or so that lives are as short or as
    long as they can be. Draw the curve under all three.

    Parameters
    ----------
    lives
        As `lifetimes` gives them.
    exits
        Which of `EXITS` count. An exit that is not named does not censor.
    since
        ``founding``: time is age; or a day, an EDTF date of which the last day is taken: time
        is the calendar, counted from it.
    entry
        ``named``: at risk from the day on which the first source was out; ``founding``: from
        the founding, as if the record named every tie that ever was.
    dates
        ``recorded`` and ``shortest`` take foundings at their last day, ``longest`` at their first;
        ``recorded`` and ``longest`` take exits at their last day, ``shortest`` at their first.

    Returns
    -------
    Spells
        `table`: ``tie_id``, ``place_a``, ``place_b``, ``entry`` and ``exit`` (int64, days; at risk
        after ``entry`` up to and on ``exit``), ``event`` (category: censored, then `exits`).

    Raises
    ------
    ValueError
        If an argument is none of its choices.

    Examples
    --------
    >>> import ties
    >>> spells = durations(lifetimes(ties.load("us-russia").without_disputed()))
    >>> spells.n_in == spells.account().sum()
    np.True_
    """
    _refuse(exits, entry, dates)
    end = pd.Timestamp(lives.attrs["as_of"])
    born = lives["founded_earliest" if dates == "longest" else "founded_latest"]
    gone, event = _first_exit(lives, exits, dates, end)
    origin = born if since == "founding" else pd.Series(last_day(since), index=lives.index)
    seen = _seen_from(lives, born, entry, "dormant" in exits)
    starts = seen.where(seen.isna() | (seen >= origin), origin)
    table = lives[["tie_id", *_SIDES]].assign(
        entry=(starts - origin).dt.days, exit=(gone - origin).dt.days, event=event
    )
    reasons = _common_reasons(lives, seen, since == "founding", "dormant" in exits) | {
        "had left before it was named": (gone <= seen) & (entry == "named") & (event != CENSORED),
        "had left before the first day": gone <= origin,
        "not followed for a day": ~(gone > starts),
    }
    spells = _part(table, reasons, ["entry", "exit"], lives.attrs)
    spells.table.attrs["since"] = since if since == "founding" else str(last_day(since).date())
    return spells


def duration_bounds(
    lives: pd.DataFrame,
    exit: str = "dormant",
    *,
    since: str | dt.date = "founding",
    entry: str = "founding",
    inferred: bool = True,
) -> Spells:
    """The bounds between which each tie left: for interval censoring.

    Counted from the founding, what a tie lasted lies between its latest founding to its earliest
    exit and its earliest founding to its latest exit. (To take two intervals as one is an
    approximation where both are wide: De Gruttola & Lagakos, *Biometrics* 45, 1989.)

    Parameters
    ----------
    lives
        As `lifetimes` gives them.
    exit
        One of `EXITS`, or ``stopped``: the first of suspension and end. A tie that stopped before
        it was known to be dormant is followed to its last sign of life only.
    since, entry
        As for `durations`. Ages at entry are counted from the latest founding.
    inferred
        Whether silence counts that only a search shows. If not, such ties are followed to their
        last sign of life, like those for which nobody looked.

    Returns
    -------
    Spells
        `table`: ``tie_id``, ``place_a``, ``place_b``, ``left``, ``right`` (float64, days: it left
        after ``left`` and no later than ``right``, which is infinite if no exit is known),
        ``entry`` (days; 0 if from the founding).

    Examples
    --------
    >>> import ties
    >>> spells = duration_bounds(lifetimes(ties.load("us-russia").without_disputed()))
    >>> bool((spells.table["left"] < spells.table["right"]).all())
    True
    """
    if exit not in (*EXITS, "stopped"):
        raise ValueError(f"exit is {exit!r}; it is one of {', '.join((*EXITS, 'stopped'))}")
    _refuse((), entry, "recorded")
    after, by = _exit_bounds(lives, exit)
    if not inferred and exit == "dormant":
        by = by.where(lives["dormant_basis"] != "inferred")
    is_age, is_alive = since == "founding", exit == "dormant"
    day = pd.Series(lives["founded_latest"] if is_age else last_day(since), index=lives.index)
    seen = _seen_from(lives, day if is_age else lives["founded_latest"], entry, is_alive)
    entered = (seen - day).dt.days.clip(lower=0)
    left = (after - day).dt.days
    days = (by - (lives["founded_earliest"] if is_age else day)).dt.days
    right = days.astype("float64").fillna(np.inf)
    table = lives[["tie_id", *_SIDES]].assign(
        # What happened before the tie entered could not have been seen.
        left=pd.concat([np.minimum(left, right - 1), entered], axis=1).max(axis=1),
        right=right,
        entry=entered,
    )
    is_left = right <= entered
    is_idle = np.isinf(right) & (table["left"] <= entered) & (not (is_age and entry == "founding"))
    reasons = _common_reasons(lives, seen, is_age, is_alive) | {
        "had left before it was named": is_left & (entry == "named") & (right > 0),
        "had left before the first day": is_left,
        "not followed for a day": is_idle,
    }
    spells = _part(table, reasons, ["left", "right", "entry"], lives.attrs)
    spells.table.attrs["since"] = since if is_age else str(last_day(since).date())
    return spells


def _refuse(exits: tuple[str, ...], entry: str, dates: str) -> None:
    unknown = [code for code in exits if code not in EXITS]
    if unknown:
        raise ValueError(f"not an exit: {', '.join(unknown)}; they are {', '.join(EXITS)}")
    if entry not in ENTRIES:
        raise ValueError(f"entry is {entry!r}; it is one of {', '.join(ENTRIES)}")
    if dates not in READINGS:
        raise ValueError(f"dates is {dates!r}; it is one of {', '.join(READINGS)}")


def _common_reasons(
    lives: pd.DataFrame, seen: pd.Series, is_age: bool, is_alive: bool
) -> dict[str, pd.Series]:
    """Which ties no estimator can take, whatever it does with dates."""
    end = pd.Timestamp(lives.attrs["as_of"])
    unnamed = lives["named_on"].isna() & seen.isna()
    return {
        "founding has no earliest day": lives["founded_earliest"].isna() & is_age,
        "shown to stand before its founding": (lives["founded_earliest"] > lives["founded_latest"])
        & is_age,
        "no day on which it was alive": _alive_after(lives).isna() & is_alive,
        "no dated source names it": unnamed,
        "no sign of life after it was named": seen.isna() & ~unnamed,
        "not named by the last day": seen >= end,
    }


def _part(
    table: pd.DataFrame,
    reasons: Mapping[str, Any],
    numbers: list[str],
    attrs: Mapping[Any, Any],
) -> Spells:
    """Part what is used from what is left out; the first reason that holds is given."""
    reason = pd.Series(
        np.select([is_so.to_numpy(bool) for is_so in reasons.values()], [*reasons], ""),
        index=table.index,
        dtype="str",
    )
    used = table[reason == ""].reset_index(drop=True)
    used[numbers] = used[numbers].astype("float64" if "left" in numbers else "int64")
    used.attrs = dict(attrs)
    left_out = table[["tie_id"]].assign(reason=reason)[reason != ""].reset_index(drop=True)
    return Spells(used, left_out)


def _first(episodes: pd.DataFrame, axis: str, state: str, ids: pd.Index) -> pd.DataFrame:
    own = episodes[(episodes["axis"] == axis) & (episodes["state"] == state)]
    columns = ["start_earliest", "start_latest", "basis"]
    return own.drop_duplicates("tie_id").set_index("tie_id")[columns].reindex(ids)


def _first_named(dataset: Dataset, reading: EventView) -> np.ndarray:
    """The day by which the first source that names each tie was out."""
    sources = dataset.sources[["source_id"]].assign(
        out=date_bounds(dataset.sources["published"])["latest"]
    )
    tie_of = dataset.events[["event_id", "tie_id"]]
    named = reading.attested[["event_id", "source_id"]]
    named = named.merge(sources, on="source_id", validate="many_to_one")
    named = named.merge(tie_of, on="event_id", validate="many_to_one")
    first: np.ndarray = named.groupby("tie_id")["out"].min().reindex(reading.ids).to_numpy("M8[s]")
    return first


def _signs(dataset: Dataset, reading: EventView, silent_on: pd.Series) -> pd.DataFrame:
    """List the signs of life before any dormancy: by when, and the last day that is certain."""
    signs = reading.happened[reading.is_sign]
    until = dataset.events.set_index("event_id")["until"].reindex(signs["event_id"])
    run_end = date_bounds(until.reset_index(drop=True))["earliest"].to_numpy("M8[s]")
    # A run went on at least until the first day that its end admits.
    certain = np.fmax(signs["earliest"].to_numpy("M8[s]"), run_end)
    certain = np.minimum(certain, signs["run_end"].to_numpy("M8[s]"))
    tie, latest = signs["tie"].to_numpy(), signs["latest"].to_numpy("M8[s]")
    silent = silent_on.to_numpy("M8[s]")[tie]
    table = pd.DataFrame({"tie": tie, "latest": latest, "certain": certain})
    before = table[np.isnat(silent) | (latest <= silent)]
    return pd.DataFrame(before)


def _silent_after(lives: pd.DataFrame, silent: pd.DataFrame) -> np.ndarray:
    """The last day on which contact still went on: silence began later."""
    day = np.timedelta64(1, "D")
    sign = lives["last_sign"].fillna(lives["founded_earliest"]).to_numpy("M8[s]")
    by = silent["start_latest"].to_numpy("M8[s]")
    is_dated = (silent["basis"] == "recorded").to_numpy(bool)
    said = np.where(is_dated, silent["start_earliest"].to_numpy("M8[s]") - day, _NEVER)
    after = np.minimum(np.fmax(sign, said), by - day)
    return np.where(np.isnat(by), _NEVER, after)


def _exit_bounds(lives: pd.DataFrame, exit: str) -> tuple[pd.Series, pd.Series]:
    """The days after which and by which each tie left; by which: never, if not known."""
    end = pd.Timestamp(lives.attrs["as_of"])
    if exit == "dormant":
        return _alive_after(lives), lives["dormant_by"]
    codes = STOPS if exit == "stopped" else (exit,)
    day = pd.Timedelta(days=1)
    earliest = pd.concat(
        [
            lives[f"{code}_earliest"]
            .fillna(lives["founded_latest"])
            .where(lives[f"{code}_latest"].notna())
            for code in codes
        ],
        axis=1,
    ).min(axis=1)
    latest = pd.concat([lives[f"{code}_latest"] for code in codes], axis=1).min(axis=1)
    return (earliest - day).fillna(end), latest


def _first_exit(
    lives: pd.DataFrame, exits: tuple[str, ...], dates: str, end: pd.Timestamp | pd.Series
) -> tuple[pd.Series, pd.Series]:
    """The day on which each tie left, or until which it was followed, and how."""
    days = {}
    for code in exits:
        if code == "dormant":
            after, latest = _exit_bounds(lives, code)
            earliest = (after + pd.Timedelta(days=1)).where(latest.notna())
            end = after
        else:
            latest = lives[f"{code}_latest"]
            earliest = lives[f"{code}_earliest"].fillna(lives["founded_latest"])
            earliest = earliest.where(latest.notna())
        days[code] = earliest if dates == "shortest" else latest
    each = pd.DataFrame(days, index=lives.index)
    gone = each.min(axis=1) if days else pd.Series(_NEVER, index=lives.index)
    event = pd.Series(CENSORED, index=lives.index, dtype="object")
    # In the order of strictness, so that the strictest of one day is written last.
    ordered = [code for code in EXITS if code in exits]
    for code in ordered:
        event = event.mask(each[code].notna() & (each[code] == gone), code)
    return gone.fillna(end), event.astype(pd.CategoricalDtype([CENSORED, *ordered]))


def _seen_from(lives: pd.DataFrame, born: pd.Series, entry: str, is_alive: bool) -> pd.Series:
    """The day from which each tie is under observation; alive, if silence is looked for."""
    if entry == "founding" and not is_alive:
        return born
    if entry == "founding":
        # Where a sign is dated within wide bounds, silence may have come before its last day.
        alive, certain = lives["first_sign"], _alive_after(lives)
        return alive.where(certain.isna() | (alive <= certain), certain)
    seen = lives["named_sign" if is_alive else "named_on"]
    return seen.where(seen.isna() | (seen >= born), born)


def _alive_after(lives: pd.DataFrame) -> pd.Series:
    """The last day on which each tie was certainly alive, before any silence."""
    alive = lives["last_sign"].fillna(lives["founded_earliest"])
    return lives["dormant_after"].fillna(alive)
