"""What a column of dates shows as a whole and no single cell can: each pattern is told once.

Spreadsheets and data frames leave their traces on every date of a column. A year typed into a cell
for dates becomes a day of 1905; a year beside a blank becomes ``1988.0``; a moment becomes
milliseconds since 1970; ``13/04/1990`` in one row settles ``03/04/1990`` in another.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from ties.dates import date_bounds
from ties.importers.flat_doubts import Doubts, doubts_of, told_once

_FLOAT_YEAR: Final = r"(\d{4})\.0+"
_DAY_ZERO: Final = r"00:00:00|1900-01-00(?:[T ].*)?|0?0[./]0?1[./]1900"
_NUMBERS: Final = r"(\d{1,2})([/-])(\d{1,2})\2(?:\d{4})"
_INTEGER: Final = r"-?\d{1,15}"
_MS_PER_DAY: Final = 86_400_000
_MIN_MS: Final = 10_000_000_000
# Days that the numbers 1800 to 2100 are in a spreadsheet: 4 December 1904 to 30 September 1905.
_EPOCH: Final = pd.Timestamp("1899-12-30")
_YEARS: Final = (1800, 2100)
_MIN_ROWS: Final = 3


def plain_dates(
    texts: pd.Series, name: str, day_first: bool | None
) -> tuple[pd.Series, bool | None, list[Doubts]]:
    """Return the texts of a column with a program's traces taken off, and whether days come first.

    Examples
    --------
    >>> years, _, doubts = plain_dates(pd.Series(["1988.0", None, "1990.0"]), "founded", None)
    >>> years.tolist(), doubts[0].rule
    (['1988', nan, '1990'], 'date_float')
    >>> plain_dates(pd.Series(["13/04/1990", "03/04/1990"]), "founded", None)[1]
    True
    """
    doubts = []
    year = texts.str.extract(f"^{_FLOAT_YEAR}$", expand=False)
    reason = "is a year with decimals, as data frames write it beside blanks; the year was taken"
    doubts.append(told_once(year.notna(), "date_float", reason, name, texts))
    is_zero = texts.str.fullmatch(_DAY_ZERO).eq(True)
    reason = "is day 0 of a spreadsheet: a cell for dates that holds none; it was taken as blank"
    doubts.append(told_once(is_zero, "date_zero", reason, name, texts))
    days = _from_milliseconds(texts)
    reason = "is a number of milliseconds since 1970, as JSON of data frames; its day was taken"
    doubts.append(told_once(days.notna(), "date_milliseconds", reason, name, texts))
    plain = texts.mask(is_zero).where(year.isna(), year).where(days.isna(), days)
    if day_first is None:
        day_first, doubt = _order_of_numbers(texts, name)
        doubts.append(doubt)
    return plain.astype("str"), day_first, doubts


def _from_milliseconds(texts: pd.Series) -> pd.Series:
    """Return the days of a column that holds nothing but whole days in milliseconds."""
    nothing = pd.Series(None, index=texts.index, dtype="str")
    filled = texts.dropna()
    if filled.empty or not filled.str.fullmatch(_INTEGER).all():
        return nothing
    numbers = filled.astype("int64")
    if numbers.abs().max() < _MIN_MS or (numbers % _MS_PER_DAY).any():
        return nothing
    days = numbers // _MS_PER_DAY
    if days.abs().max() > 40_000:  # before 1860 or after 2079
        return nothing
    dates = pd.to_datetime(days, unit="D", origin="unix").dt.strftime("%Y-%m-%d")
    return dates.reindex(texts.index).astype("str")


def _order_of_numbers(texts: pd.Series, name: str) -> tuple[bool | None, Doubts]:
    """Return whether the day stands first, where some dates of a column allow but one order."""
    parts = texts.str.extract(f"^{_NUMBERS}$")
    first, second = parts[0].astype("float64"), parts[2].astype("float64")
    day_first = bool((first > 12).any())
    is_settled = day_first != bool((second > 12).any())
    is_open = first.le(12) & second.le(12) & first.ne(second) & is_settled
    order = "the day stands first" if day_first else "the month stands first"
    reason = f"could be read in two ways; {order}, as other rows of the column show"
    return (day_first if is_settled else None), told_once(
        is_open, "date_order", reason, name, texts
    )


def years_in_date_cells(dates: pd.Series, name: str) -> tuple[pd.Series, list[Doubts]]:
    """Return dates of which the years that a spreadsheet shows as days of 1905 are years again.

    A single such day may be one; it is kept, and told.

    Examples
    --------
    >>> years_in_date_cells(pd.Series(["1905-05-10", "1905-05-17"]), "founded")[0].tolist()
    ['1957', '1964']
    """
    days = pd.to_datetime(dates.where(dates.str.fullmatch(r"190[45]-\d\d-\d\d").eq(True)))
    years = (days - _EPOCH).dt.days
    is_year = years.between(*_YEARS)
    text = years.astype("Int64").astype("str")
    if is_year.sum() == 1:
        one = "may be the year " + text + ", typed into a cell for dates; look it up in the source"
        return dates, [doubts_of(is_year, "date_year", one, name, dates)]
    reason = "is what a spreadsheet makes of a year in a cell for dates (1957 is day 1957); "
    reason += "the year was taken"
    return dates.mask(is_year, text), [told_once(is_year, "date_year", reason, name, dates)]


def first_days_of_years(
    dates: pd.Series, name: str, first_of_january: str | None
) -> tuple[pd.Series, list[Doubts]]:
    """Return dates, and a doubt if most days of the column are 1 January.

    Examples
    --------
    >>> dates = pd.Series(["1973-01-01", "1991-01-01", "1989-05-10"])
    >>> first_days_of_years(dates, "founded", "year")[0].tolist()
    ['1973', '1991', '1989-05-10']
    """
    is_day = dates.str.fullmatch(r"\d{4}-\d\d-\d\d").eq(True)
    is_first = is_day & dates.str.endswith("-01-01").eq(True)
    if first_of_january == "year":
        return dates.where(~is_first, dates.str.slice(0, 4)), []
    is_bunched = is_first.sum() >= _MIN_ROWS and is_first.sum() * 2 > is_day.sum()
    reason = (
        "is 1 January, as most days of this column, and may stand for the year alone; if it does, "
        'write first_of_january = "year" in the options of the mapping, if not, "day"'
    )
    is_told = is_first & bool(is_bunched) & (first_of_january is None)
    return dates, [told_once(is_told, "date_january", reason, name, dates)]


def wide_dates(dates: pd.Series, texts: pd.Series, years: int) -> pd.Series:
    """Which dates were written as two with a slash and span more than some years."""
    bounds = date_bounds(dates)
    span = bounds["latest"].dt.year - bounds["earliest"].dt.year
    is_wide: pd.Series = texts.str.contains("/", regex=False).eq(True) & span.gt(years)
    return is_wide
