"""Days and intervals as people read them, no more exact than they are known."""

from __future__ import annotations

from typing import TypeAlias

import pandas as pd
from pandas.api.typing import NaTType

from ties.cli.output import MISSING

Day: TypeAlias = pd.Timestamp | NaTType | None


def span(earliest: Day, latest: Day) -> str:
    """Give an interval of days as shortly as it can be said; an open bound is missing.

    Examples
    --------
    >>> days = [pd.Timestamp(day) for day in ("1990-01-01", "1990-12-31", "1999-12-31")]
    >>> span(days[0], days[0]), span(days[0], days[1]), span(days[0], days[2])
    ('1990-01-01', '1990', '1990–1999')
    >>> span(None, days[1]), span(None, None)
    ('by 1990', '–')
    """
    if latest is None or pd.isna(latest):
        return MISSING if earliest is None or pd.isna(earliest) else f"from {_first(earliest)}"
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
    """Give an interval by its years, unless the day or the month is known.

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
    """Give a first day: the year alone if it is the first of the year."""
    return f"{day:%Y}" if (day.month, day.day) == (1, 1) else str(day.date())


def _last(day: pd.Timestamp) -> str:
    """Give a last day: the year alone if it is the last of the year."""
    return f"{day:%Y}" if (day.month, day.day) == (12, 31) else str(day.date())
