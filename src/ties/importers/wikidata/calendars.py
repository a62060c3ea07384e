"""The Julian and the Gregorian calendar: how long a month is, and which day a Julian one is.

Both are *proleptic*: they run on before the year in which they began.
"""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Final, TypeAlias

# A day by its label in some calendar: year, month, day.
Label: TypeAlias = tuple[int, int, int]

_ORDINAL_OF_JDN: Final = 1_721_425  # Julian day number of the day before 1 January of year 1


def days_in(year: int, month: int, is_julian: bool) -> int:
    """Give the number of days of a month.

    Examples
    --------
    >>> days_in(1900, 2, is_julian=True), days_in(1900, 2, is_julian=False)
    (29, 28)
    """
    is_leap = year % 4 == 0 if is_julian else calendar.isleap(year)
    return 29 if month == 2 and is_leap else calendar.monthrange(2001, month)[1]


def gregorian(julian: Label) -> dt.date:
    """Convert a day of the Julian calendar by way of its Julian day number.

    The method is that of Meeus, *Astronomical Algorithms*, 2nd ed. 1998, ch. 7.

    Raises
    ------
    ValueError
        If the day lies outside the Gregorian years 1 to 9999.

    Examples
    --------
    >>> gregorian((1917, 10, 25))
    datetime.date(1917, 11, 7)
    """
    year, month, day = julian
    if month <= 2:
        year, month = year - 1, month + 12
    number = 1461 * (year + 4716) // 4 + 306_001 * (month + 1) // 10_000 + day - 1524
    return dt.date.fromordinal(number - _ORDINAL_OF_JDN)
