"""Chances of moving among states, where some enter late, some are lost, and some come back.

The Aalen-Johansen estimator (Aalen & Johansen, *Scandinavian Journal of Statistics* 5, 1978):
at every time at which somebody moves, the share of those in state h that moved to state j is an
increment dA of the transition intensity, and the shares of the states are carried on by
``p(t) = p(t-) (I + dA(t))``. With two states it is Kaplan-Meier, with one way out to several
ends it is the cumulative incidence. All moves of one time are taken together, so that ties of
dates need no order and no chance. Its variance is carried along the same way, with the
multinomial (Greenwood) variance of each increment (Andersen, Borgan, Gill & Keiding 1993, 4.4.20).

No maintained Python library does this with delayed entry and return: statsmodels knows one
way out and no late entry, and others break ties of dates at random. So it is ours, and tested
against R's `survival` and `etm`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

LOST: Final = -1


@dataclass(frozen=True)
class Moves:
    """Stretches of time spent in a state, and where they led.

    Parameters
    ----------
    entry, exit
        At risk after ``entry``, up to and on ``exit``; entry comes before exit.
    source
        State of the stretch, from 0.
    target
        State that it led to, or `LOST`.
    n_states
        How many states there are.
    """

    entry: np.ndarray
    exit: np.ndarray
    source: np.ndarray
    target: np.ndarray
    n_states: int

    def __post_init__(self) -> None:
        """Refuse stretches without length, which nobody could have seen."""
        if np.any(self.entry >= self.exit):
            raise ValueError("a stretch must enter before it exits")


@dataclass(frozen=True)
class Chances:
    """Shares of the states after each time at which somebody moved.

    Parameters
    ----------
    time
        The start, then each time of a move.
    share
        A row a time, a column a state.
    covariance
        Of the shares at each time, given the first.
    n_risk
        Stretches at risk in each state just before the time.
    n_moves
        Moves by time, from state and to state.
    """

    time: np.ndarray
    share: np.ndarray
    covariance: np.ndarray
    n_risk: np.ndarray
    n_moves: np.ndarray


def aalen_johansen(moves: Moves, first: np.ndarray, start: float = 0.0) -> Chances:
    """Carry the shares of the states from a start over all moves after it.

    Parameters
    ----------
    moves
        What was seen.
    first
        Shares of the states at `start`; they add up to 1.
    start
        Moves at or before it do not count.

    Raises
    ------
    ValueError
        If `first` does not add up to 1.

    Examples
    --------
    >>> moves = Moves(np.array([0, 0]), np.array([1, 2]), np.array([0, 0]), np.array([1, LOST]), 2)
    >>> aalen_johansen(moves, np.array([1.0, 0.0])).share[-1].tolist()
    [0.5, 0.5]
    """
    if not np.isclose(first.sum(), 1):
        raise ValueError(f"the first shares add up to {first.sum()}, not to 1")
    time, n_moves = _moves_by_time(moves, start)
    n_risk = _at_risk(moves, time)
    step = _increments(n_moves, n_risk)
    size = len(first)
    share = np.empty((len(time) + 1, size))
    covariance = np.zeros((len(time) + 1, size, size))
    share[0] = first
    for i, jump in enumerate(step):
        carry = np.eye(size) + jump
        share[i + 1] = share[i] @ carry
        spread = carry.T @ covariance[i] @ carry
        covariance[i + 1] = spread + _spread_of(n_moves[i], n_risk[i], share[i])
    return Chances(
        np.append(float(start), time),
        share,
        covariance,
        np.vstack([_at_risk(moves, np.array([np.nextafter(start, np.inf)])), n_risk]),
        np.concatenate([np.zeros((1, size, size)), n_moves]),
    )


def shares_at(moves: Moves, start: float) -> np.ndarray:
    """The shares of the states among those at risk just after a time."""
    present = (moves.entry <= start) & (moves.exit > start)
    counted = np.bincount(moves.source[present], minlength=moves.n_states)
    if not counted.sum():
        raise ValueError("nobody is at risk at the start; begin later")
    shares: np.ndarray = counted / counted.sum()
    return shares


def _moves_by_time(moves: Moves, start: float) -> tuple[np.ndarray, np.ndarray]:
    moved = (moves.target != LOST) & (moves.exit > start)
    time, place = np.unique(moves.exit[moved], return_inverse=True)
    counted = np.zeros((len(time), moves.n_states, moves.n_states))
    np.add.at(counted, (place, moves.source[moved], moves.target[moved]), 1.0)
    return time, counted


def _at_risk(moves: Moves, time: np.ndarray) -> np.ndarray:
    """Count those that entered before each time and had not left before it."""
    table = np.zeros((len(time), moves.n_states))
    for state in range(moves.n_states):
        own = moves.source == state
        for moment, sign in ((moves.entry[own], 1), (moves.exit[own], -1)):
            table[:, state] += sign * np.searchsorted(np.sort(moment), time, side="left")
    return table


def _increments(n_moves: np.ndarray, n_risk: np.ndarray) -> np.ndarray:
    risk = np.where(n_risk > 0, n_risk, 1.0)[:, :, None]
    step: np.ndarray = n_moves / risk
    diagonal = np.arange(step.shape[1])
    step[:, diagonal, diagonal] -= step.sum(axis=2)
    return step


def _spread_of(n_moves: np.ndarray, n_risk: np.ndarray, share: np.ndarray) -> np.ndarray:
    """What the moves of one time add to the covariance of the shares."""
    size = len(share)
    added = np.zeros((size, size))
    for state in np.flatnonzero(n_moves.any(axis=1)):
        risk, gone = n_risk[state], n_moves[state].copy()
        gone[state] = risk - gone.sum()  # those that stayed
        spread = np.diag(gone) - np.outer(gone, gone) / risk
        added += share[state] ** 2 * spread / risk**2
    return added
