"""Dates as sources give them: an interval of days, never more exact than the source.

A newspaper says "in the early 1990s", a resolution says "26 June 1991", a city's page says
"since 1988". The record keeps each as EDTF (Extended Date/Time Format, ISO 8601-2:2019):
``199X``, ``1991-06-26``, ``1988``. Here they become two days, the earliest and the latest
that the text admits, so that a year is never turned into 1 January.

Parsing is the `edtf` library's; two things are ours because the library's answer was
measured to be wrong for our use: the widening of approximate dates (it widens ``1991-06~``
by a year *and* a month) and an unknown end of an interval (it invents ten years).

==============  ==========================  ============
text            earliest .. latest          precision
==============  ==========================  ============
``1991-06-26``  the day                     day
``1991-06``     1 .. 30 June 1991           month
``1991``        1 January .. 31 December    year
``199X``        1990 .. 1999                decade
``1989/1991``   1989 .. 1991                interval
``../1992``     (open) .. 1992              interval
``1992/..``     1992 .. (open)              interval
``1991~``       1990 .. 1992                year
==============  ==========================  ============
"""

from __future__ import annotations

import datetime as dt
import re
import time
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from pandas.api.typing import NaTType

PRECISIONS: Final = ("day", "month", "season", "year", "decade", "century", "interval")
MISSING_BOUND: Final = np.datetime64("NaT", "s")
NOT_KNOWN: Final = "–"

Day: TypeAlias = pd.Timestamp | NaTType | None

# The plain forms, by numpy's unit: name, pattern, and what makes them a first day.
_PLAIN: Final = {
    "D": ("day", r"\d{4}-\d{2}-\d{2}", ""),
    "M": ("month", r"\d{4}-\d{2}", "-01"),
    "Y": ("year", r"\d{4}", "-01-01"),
}
# One of each unit: numpy will refuse a bare 1.
_ONE: Final[dict[str, np.timedelta64]] = {
    "D": np.timedelta64(1, "D"),
    "M": np.timedelta64(1, "M"),
    "Y": np.timedelta64(1, "Y"),
}
_FEW: Final = 1_000
_SEASON_MONTHS: Final = range(21, 25)
_OPEN_ENDS: Final = ("", "..")


class DateBounds(NamedTuple):
    """The days that one EDTF text admits. A missing bound is open."""

    earliest: np.datetime64
    latest: np.datetime64
    precision: str
    is_approximate: bool


def date_bounds(dates: pd.Series) -> pd.DataFrame:
    """The earliest and latest day of each EDTF date.

    A bound that the text leaves open (``../1992``) is missing, and so are both bounds of
    a missing date; ``precision`` is missing only for the latter. ``~`` and ``?`` widen by
    one unit of the date's own precision on either side, ``%`` by two.

    Parameters
    ----------
    dates
        EDTF text, level 0 and the parts of level 1 in the table of this module.

    Returns
    -------
    DataFrame
        Index of `dates`; ``earliest`` and ``latest`` (datetime64[s], days), ``precision``
        (category, see `PRECISIONS`), ``is_approximate`` (bool).

    Raises
    ------
    ValueError
        If a text is not EDTF; the message quotes the first one.

    Examples
    --------
    >>> date_bounds(pd.Series(["1991-06", "199X", "../1992"]))[["earliest", "latest"]]
        earliest     latest
    0 1991-06-01 1991-06-30
    1 1990-01-01 1999-12-31
    2        NaT 1992-12-31
    """
    codes, unique = pd.factorize(dates)
    found = _bounds_of(unique)
    if not found["is_valid"].iloc[:-1].all():
        first = found.index[~found["is_valid"]][0]
        raise ValueError(f"{first!r} is not an EDTF date; write 1991, 1991-06, 199X or 1989/1991")
    bounds = found.drop(columns="is_valid").take(codes)
    bounds.index = dates.index
    return bounds


def is_edtf(dates: pd.Series) -> pd.Series:
    """Which texts are EDTF dates that the record admits; a missing one is not.

    Examples
    --------
    >>> is_edtf(pd.Series(["1991~", "c. 1970", None])).tolist()
    [True, False, False]
    """
    codes, unique = pd.factorize(dates)
    is_valid = _bounds_of(unique)["is_valid"].to_numpy(bool)
    return pd.Series(is_valid[codes], index=dates.index, dtype=bool)


def last_day(date: str | dt.date | pd.Timestamp) -> pd.Timestamp:
    """The last day of a date: the moment at which all of it has happened.

    Examples
    --------
    >>> last_day("2018-11")
    Timestamp('2018-11-30 00:00:00')
    """
    if isinstance(date, dt.date):  # also a datetime and a Timestamp
        return pd.Timestamp(date).normalize().tz_localize(None).as_unit("s")
    latest = date_bounds(pd.Series([date], dtype="str"))["latest"].iloc[0]
    if pd.isna(latest):
        raise ValueError(f"{date!r} has no last day; give a date with an end, such as 2018-11-28")
    return pd.Timestamp(latest).as_unit("s")


def add_years(days: np.ndarray, years: int) -> np.ndarray:
    """Move days by whole years; 29 February becomes 1 March in a common year.

    Parameters
    ----------
    days
        datetime64[D]; NaT stays NaT.
    years
        Whole calendar years.

    Examples
    --------
    >>> add_years(np.array(["2005-12-31"], dtype="M8[D]"), 5)
    array(['2010-12-31'], dtype='datetime64[D]')
    """
    months = days.astype("M8[M]")
    later = months + np.timedelta64(12 * years, "M")
    moved: np.ndarray = later.astype("M8[D]") + (days - months.astype("M8[D]"))
    return moved


def years_of(days: np.ndarray) -> np.ndarray:
    """The calendar year of each day; that of a missing day means nothing.

    Examples
    --------
    >>> years_of(np.array(["1969-12-31", "1991-06-26"], dtype="M8[D]"))
    array([1969, 1991])
    """
    day = days.astype("M8[D]").astype("int64")
    first, last = (int(day.min()), int(day.max()) + 1) if day.size else (0, 0)
    # To look many days up in a calendar is quicker than to reckon for each.
    is_many = last - first <= day.size
    calendar = np.arange(first, last).astype("M8[D]") if is_many else days
    years: np.ndarray = calendar.astype("M8[Y]").astype("int64") + 1970
    return years[day - first] if is_many else years


def _bounds_of(unique: pd.Index | np.ndarray) -> pd.DataFrame:
    """Parse distinct texts; a last row without dates stands for a missing one (code -1)."""
    # A grid of choices asks about the same few hundred texts thousands of times.
    return _parsed_once(tuple(unique)) if len(unique) <= _FEW else _parse_all(unique)


@lru_cache(maxsize=100)
def _parsed_once(unique: tuple[str, ...]) -> pd.DataFrame:
    return _parse_all(unique)


def _parse_all(unique: pd.Index | np.ndarray | tuple[str, ...]) -> pd.DataFrame:
    texts = pd.Series(unique, dtype="str")
    earliest, latest = (np.full(len(texts) + 1, MISSING_BOUND) for _ in range(2))
    precision = np.full(len(texts) + 1, -1)
    is_approximate = np.zeros(len(texts) + 1, bool)
    for unit, (name, pattern, rest) in _PLAIN.items():
        plain = np.flatnonzero(texts.str.fullmatch(pattern))
        starts = pd.to_datetime(texts[plain] + rest, format="%Y-%m-%d", errors="coerce")
        first = starts.to_numpy("M8[D]")
        earliest[plain] = first
        following = first.astype(f"M8[{unit}]") + _ONE[unit]
        latest[plain] = following.astype("M8[D]") - _ONE["D"]
        precision[plain] = np.where(np.isnat(first), -1, PRECISIONS.index(name))
    # A plain text that is no day of the calendar may still be a season (1991-22).
    for row in np.flatnonzero(precision[:-1] < 0):
        bounds = _parse(texts[row])
        if bounds is not None:
            earliest[row], latest[row], is_approximate[row] = bounds[0], bounds[1], bounds[3]
            precision[row] = PRECISIONS.index(bounds.precision)
    return pd.DataFrame(
        {
            "earliest": earliest,
            "latest": latest,
            "precision": pd.Categorical.from_codes(
                precision.astype("int64"), categories=pd.Index(PRECISIONS)
            ),
            "is_approximate": is_approximate,
            "is_valid": precision >= 0,
        },
        index=pd.Index([*texts, None], dtype="object"),
    )


@lru_cache(maxsize=100_000)
def _parse(text: str) -> DateBounds | None:
    """Parse one text that is not a plain day, month or year."""
    if "/" not in text:
        return _parse_point(text)
    start, _, end = text.partition("/")
    points = [None if part in _OPEN_ENDS else _parse_point(part) for part in (start, end)]
    if any(
        point is None and part not in _OPEN_ENDS
        for point, part in zip(points, (start, end), strict=True)
    ):
        return None
    if points == [None, None]:
        return None
    earliest = points[0].earliest if points[0] else MISSING_BOUND
    latest = points[1].latest if points[1] else MISSING_BOUND
    if earliest > latest:
        return None
    return DateBounds(earliest, latest, "interval", any(p.is_approximate for p in points if p))


def _parse_point(text: str) -> DateBounds | None:
    # A month or day with one digit unspecified (1988-1X) is of level 2, where the parser slips.
    if not re.fullmatch(r"[0-9X]{4}(-([0-9]{2}|XX)){0,2}[~?%]?", text):
        return None
    plain, qualifier = (text[:-1], text[-1]) if text[-1] in "~?%" else (text, "")
    days = _plain_days(plain) or _parsed_days(plain)
    if days is None:
        return None
    precision = _precision(plain)
    steps = {"": 0, "~": 1, "?": 1, "%": 2}[qualifier]
    earliest = _shift(days[0], precision, -steps)
    latest = _shift(days[1], precision, steps)
    return DateBounds(earliest.astype("M8[s]"), latest.astype("M8[s]"), precision, steps > 0)


def _plain_days(plain: str) -> tuple[np.datetime64, np.datetime64] | None:
    """The first and last day of a plain day, month or year, a thousand times as fast."""
    if "X" in plain or plain.startswith("0000"):
        return None
    try:
        begin = np.datetime64(plain)
    except ValueError:  # no such day; or a season, which looks like a month
        return None
    following = begin + _ONE[np.datetime_data(begin.dtype)[0]]
    return begin.astype("M8[D]"), following.astype("M8[D]") - _ONE["D"]


def _parsed_days(plain: str) -> tuple[np.datetime64, np.datetime64] | None:
    """The first and last day as the parser has them."""
    # Importing the parser costs a tenth of a second, which plain dates never need.
    from edtf import EDTFParseException, parse_edtf

    try:
        parsed = parse_edtf(plain)
        first, last = parsed.lower_strict(), parsed.upper_strict()
        # The parser takes the 31st of June in a year that is not known to the digit.
        return np.datetime64(_iso(first), "D"), np.datetime64(_iso(last), "D")
    except (EDTFParseException, ValueError):
        return None


def _iso(moment: time.struct_time) -> str:
    return f"{moment.tm_year:04d}-{moment.tm_mon:02d}-{moment.tm_mday:02d}"


def _precision(plain: str) -> str:
    parts = plain.split("-")
    if "X" in parts[0]:
        return "decade" if parts[0].endswith("X") and parts[0][2] != "X" else "century"
    known = [part for part in parts if "X" not in part]
    if len(known) == 2 and int(known[1]) in _SEASON_MONTHS:
        return "season"
    return ("year", "month", "day")[len(known) - 1]


def _shift(day: np.datetime64, precision: str, steps: int) -> np.datetime64:
    """Move one bound outwards by whole units of the date's own precision."""
    if not steps:
        return day
    if precision == "day":
        return day + np.timedelta64(steps, "D")
    months = {"month": 1, "season": 3, "year": 12, "decade": 120, "century": 1200}[precision]
    # A bound is the first or the last day of its month; both survive the move through the
    # month that follows, so that 30 June less a month is 31 May.
    month: np.datetime64 = day.astype("M8[M]") + np.timedelta64(months * steps, "M")
    moved: np.datetime64 = (month if steps < 0 else month + _ONE["M"]).astype("M8[D]")
    return moved if steps < 0 else moved - _ONE["D"]


def span(earliest: Day, latest: Day) -> str:
    """An interval of days as shortly as it can be said; an open bound is missing.

    Examples
    --------
    >>> days = [pd.Timestamp(day) for day in ("1990-01-01", "1990-12-31", "1999-12-31")]
    >>> span(days[0], days[0]), span(days[0], days[1]), span(days[0], days[2])
    ('1990-01-01', '1990', '1990–1999')
    >>> span(None, days[1]), span(None, None)
    ('by 1990', '–')
    """
    if latest is None or pd.isna(latest):
        return NOT_KNOWN if earliest is None or pd.isna(earliest) else f"from {_first(earliest)}"
    if earliest is None or pd.isna(earliest):
        return f"by {_last(latest)}"
    if earliest == latest:
        return str(latest.date())
    begins_year, ends_year = _first(earliest), _last(latest)
    if len(begins_year) == len(ends_year) == 4:
        return begins_year if begins_year == ends_year else f"{begins_year}–{ends_year}"
    if earliest.day == 1 and latest == earliest + pd.offsets.MonthEnd():
        return f"{latest:%Y-%m}"
    return f"{earliest.date()} to {latest.date()}"


def roughly(earliest: Day, latest: Day) -> str:
    """An interval by its years, unless the day or the month is known.

    Examples
    --------
    >>> roughly(pd.Timestamp("1988-04-01"), pd.Timestamp("1989-05-31"))
    '1988–1989'
    """
    if earliest is None or latest is None or pd.isna(earliest) or pd.isna(latest):
        return span(earliest, latest)
    if earliest == latest:
        return str(latest.date())
    if earliest.year == latest.year:
        return span(earliest, latest)[:7] if earliest.month == latest.month else f"{latest.year}"
    return f"{earliest.year}–{latest.year}"


def _first(day: pd.Timestamp) -> str:
    """A first day: the year alone if it is the first of the year."""
    return f"{day:%Y}" if (day.month, day.day) == (1, 1) else str(day.date())


def _last(day: pd.Timestamp) -> str:
    """A last day: the year alone if it is the last of the year."""
    return f"{day:%Y}" if (day.month, day.day) == (12, 31) else str(day.date())
