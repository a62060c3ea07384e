"""Events as numbers: what happened when to which tie, in columns that are quick to order.

Text is what makes a large record slow: codes and summaries are many times as wide as the days
and kinds that states follow from. So an event is a handful of numbers here, and `row` leads back
to its words. Days are numpy's, positions and codes are the smallest integers that hold them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

NO_DAY: Final = np.datetime64("NaT", "D")
# Stand-ins for an open bound, and for the beginning of time; no date of a record lies beyond.
FAR_PAST: Final = np.datetime64("0001-01-01", "D")
FAR_FUTURE: Final = np.datetime64("9999-12-31", "D")

# A day takes 22 bits, counted from the year 0000, and a rank 8; the rest is for the tie.
_DAY_ZERO: Final = int(np.datetime64("0000-01-01", "D").astype("int64"))
_DAY_BITS, _RANK_BITS = 22, 8


@dataclass(frozen=True)
class Timeline:
    """Events, an element of each array an event.

    Parameters
    ----------
    row
        Position in the record's table of events.
    tie
        Position of the tie among the sorted ids.
    kind, side, reported
        Positions in `EVENT_KINDS`, `SIDES` and `REPORTED_STATUSES` (-1: no report).
    earliest, latest
        The days between which it happened (datetime64[D]); ``latest`` is never missing.
    run_end
        The last day of a run of events, else ``latest``.
    surely_until
        The last day to which the event, or its run, certainly reached; missing if it is open.
    is_open
        Whether the text of the date sets no end.
    """

    row: np.ndarray
    tie: np.ndarray
    kind: np.ndarray
    side: np.ndarray
    reported: np.ndarray
    earliest: np.ndarray
    latest: np.ndarray
    run_end: np.ndarray
    surely_until: np.ndarray
    is_open: np.ndarray

    def __len__(self) -> int:
        """The number of events."""
        return len(self.row)

    def take(self, which: np.ndarray | slice) -> Timeline:
        """Keep some events, by position, mask or slice."""
        return Timeline(*(getattr(self, each.name)[which] for each in fields(self)))


def positions(values: pd.Series, among: pd.Series | pd.Index) -> np.ndarray:
    """The position of each text among others, of which none stands twice; -1 if none.

    Examples
    --------
    >>> positions(pd.Series(["b", "c", None], dtype="str"), pd.Index(["a", "b"])).tolist()
    [1, -1, -1]
    """
    texts = pa.array(values.array, type=pa.large_string(), from_pandas=True)
    choices = pa.array(among.array, type=pa.large_string(), from_pandas=True)
    found = pc.index_in(texts, value_set=choices, skip_nulls=True)
    return np.asarray(found.fill_null(-1).to_numpy(zero_copy_only=False))


def codes(values: pd.Series, vocabulary: Iterable[str]) -> np.ndarray:
    """The position of each word in a vocabulary of at most 127; -1 if missing.

    Examples
    --------
    >>> codes(pd.Series(["b", "a", "b"]), ("a", "b")).tolist()
    [1, 0, 1]
    """
    return np.asarray(pd.Categorical(values, categories=[*vocabulary]).codes)


def category(codes: np.ndarray, vocabulary: Iterable[str]) -> pd.Categorical[str]:
    """The words at positions in a vocabulary as a category; -1 is missing.

    Examples
    --------
    >>> category(np.array([1, -1]), ("a", "b")).tolist()
    ['b', nan]
    """
    return pd.Categorical.from_codes(codes, categories=pd.Index([*vocabulary]))


def sort_keys(tie: np.ndarray, day: np.ndarray, rank: np.ndarray | int) -> np.ndarray:
    """Pack tie, day and rank into one integer each, which sorts as the three do in turn.

    Parameters
    ----------
    tie
        Positions, up to 2**33.
    day
        datetime64[D] of the years 0 to 11,000; none is missing.
    rank
        From 0 to 255.

    Examples
    --------
    >>> day = np.array(["1991-06-26", "0001-01-01", "1991-06-26"], "M8[D]")
    >>> np.argsort(sort_keys(np.array([0, 1, 0]), day, np.array([2, 0, 1]))).tolist()
    [2, 0, 1]
    """
    keys = tie.astype("int64") << _DAY_BITS
    keys += day.astype("M8[D]").astype("int64") - _DAY_ZERO
    keys <<= _RANK_BITS
    keys += rank
    return keys


def begins(group: np.ndarray) -> np.ndarray:
    """Which elements of a sorted array are the first of their value.

    Examples
    --------
    >>> begins(np.array([0, 0, 2])).tolist()
    [True, False, True]
    """
    is_first = np.ones(len(group), bool)
    np.not_equal(group[1:], group[:-1], out=is_first[1:])
    return is_first


def ends(group: np.ndarray) -> np.ndarray:
    """Which elements of a sorted array are the last of their value."""
    return np.append(begins(group)[1:], True)[: len(group)]
