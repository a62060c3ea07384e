"""Dates as Wikidata stores them, put into EDTF without becoming more exact.

A time value is a timestamp, a *precision* and a *calendar*: ``+1995-01-01T00:00:00Z`` with
precision 9 is the year 1995, not its first day. What is finer than the precision is filler.

=========  ==================  ============================================================
precision  unit                EDTF
=========  ==================  ============================================================
11 to 14   day (or finer)      ``1995-02-18``
10         month               ``1995-02``
9          year                ``1995``
8          decade              ``199X``
7          century             an interval that covers both readings, such as ``1900/2000``
6 to 0     millennium, coarser  none: the date is reported as unread
=========  ==================  ============================================================

Two readings of a century are about: Wikidata's pages show 1900 as the 19th century
(1801 to 1900), its data format as 1900 to 1999. The interval holds both.

**Julian calendar.** A timestamp is written in the calendar that the value names (Q1985786 is
the proleptic Julian one). The first and the last day that it admits are converted to the
proleptic Gregorian calendar, by way of the Julian day number (Meeus, *Astronomical Algorithms*,
2nd ed. 1998, ch. 7): a day stays a day, and a Julian month, year or decade becomes an interval
of days, ``1917-01-14/1918-01-13``. Each conversion is reported. The query service has already
converted what is exact to the day, and nothing else (Wikibase, *RDF Dump Format*): see
`read_literal`.

``before`` and ``after`` (uncertainty in units of the precision; Wikidata leaves them at 0) widen
the date. The time zone is not used by Wikidata and not read here. Years before 1 and after 9999
are reported as unread.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final, NamedTuple

JULIAN: Final = "Q1985786"
GREGORIAN: Final = "Q1985727"

MILLENNIUM, CENTURY, DECADE, YEAR, MONTH, DAY = 6, 7, 8, 9, 10, 11
SECOND: Final = 14

_TIMESTAMP: Final = re.compile(
    r"(?P<sign>[+-]?)(?P<year>\d{1,16})-(?P<month>\d\d)-(?P<day>\d\d)"
    r"(?:T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)?",
    re.ASCII,
)
# A day by its label in some calendar: year, month, day.
_Label = tuple[int, int, int]
_ORDINAL_OF_JDN: Final = 1_721_425  # Julian day number of the day before 1 January of year 1
_MONTHS_IN: Final = {MONTH: 1, YEAR: 12, DECADE: 120, CENTURY: 1200}
_MAX_WIDENING: Final = 10_000
_OUTSIDE: Final = "is outside the years 1 to 9999"


class Moment(NamedTuple):
    """A date as read: EDTF or nothing, the text that it comes from, and what to know of it."""

    edtf: str | None
    text: str
    remarks: tuple[tuple[str, str], ...] = ()  # rule and reason of each warning


class _UnreadError(Exception):
    """The value is no date that EDTF can hold; the message says why."""


def read_value(value: object) -> Moment:
    """Read a time value of the entity format.

    The text is that of the value in the notation of QuickStatements: timestamp, precision, and
    ``J`` for the Julian calendar.

    Parameters
    ----------
    value
        The ``value`` of a ``datavalue`` of type ``time``.

    Returns
    -------
    Moment
        ``edtf`` is missing where the value cannot be read; a remark then says why.

    Examples
    --------
    >>> julian = "http://www.wikidata.org/entity/Q1985786"
    >>> value = {"time": "+1917-10-25T00:00:00Z", "precision": 11, "calendarmodel": julian}
    >>> read_value(value).edtf, read_value(value).text
    ('1917-11-07', '+1917-10-25T00:00:00Z/11/J')
    >>> read_value(value | {"precision": 8, "calendarmodel": "Q1985727"}).edtf
    '191X'
    """
    if not isinstance(value, dict) or not isinstance(value.get("time"), str):
        return _unread(str(value)[:200], "is no time value: it has no 'time'")
    written: str = value["time"]
    precision, model = whole_number(value.get("precision")), _model(value.get("calendarmodel"))
    if precision is None:
        return _unread(written, "has no precision; without one its month and day mean nothing")
    text = f"{written}/{precision}" + ("/J" if model == JULIAN else "")
    if model not in (JULIAN, GREGORIAN, None):
        return _unread(text, f"is in a calendar that is not known here ({model})")
    around = (whole_number(value.get("before")) or 0, whole_number(value.get("after")) or 0)
    return _read(text, written, precision, is_julian=model == JULIAN, around=around)


def read_literal(text: str, precision: int | None = None, model: str | None = None) -> Moment:
    """Read a date of a query's answer: an ``xsd:dateTime``, or its date alone.

    The service puts 1 for a month or day that is not known, and gives the precision only to
    queries that ask for it. Without a precision the date is taken as widely as the filler
    admits: a first of a month as the month, a 1 January as the year, and as the decade where
    the year ends in 0 (Wikidata keeps a decade under its first year); a 1 January of a year
    that ends in 00 may be a century and is not read.

    Parameters
    ----------
    text
        As in the answer: ``1995-02-18T00:00:00Z``.
    precision
        Precision of Wikidata, 0 to 14; missing if the query did not ask for it.
    model
        Calendar (id or address). The service converts Julian days to Gregorian ones itself, but
        leaves coarser dates as they are; these are converted here.

    Examples
    --------
    >>> read_literal("1995-01-01T00:00:00Z", 9).edtf
    '1995'
    >>> read_literal("1990-01-01T00:00:00Z").edtf
    '199X'
    """
    if precision is None:
        return _read_without_precision(text)
    is_julian = _model(model) == JULIAN and precision < DAY
    shown = f"{text}/{precision}" + ("/J" if is_julian else "")
    return _read(shown, text, precision, is_julian=is_julian)


def approximate(moment: Moment) -> Moment:
    """Mark a date as approximate (EDTF ``~``); one that is already an interval stays as it is.

    Examples
    --------
    >>> approximate(Moment("1995", "1995")).edtf
    '1995~'
    """
    if moment.edtf is None or "/" in moment.edtf:
        return moment
    return moment._replace(edtf=f"{moment.edtf}~", text=f"{moment.text} (circa)")


def whole_number(value: object) -> int | None:
    """A whole number, written as a number or as text; nothing if it is none.

    Examples
    --------
    >>> whole_number("11"), whole_number(9), whole_number(True), whole_number("ten")
    (11, 9, None, None)
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"[+-]?\d{1,9}", value, re.ASCII):
        return int(value)
    return None


def _read(
    text: str,
    written: str,
    precision: int,
    *,
    is_julian: bool = False,
    around: tuple[int, int] = (0, 0),
) -> Moment:
    try:
        label = _label(written)
        unit, remarks = _unit(label, precision)
        first, last = _days(label, unit, around, is_julian=is_julian)
    except _UnreadError as error:
        return _unread(text, str(error))
    except (OverflowError, ValueError):
        return _unread(text, _OUTSIDE)
    edtf = first if first == last else f"{first}/{last}"
    if is_julian:
        reason = f"is in the Julian calendar; in the Gregorian one it is {edtf}"
        remarks.append(("julian", reason))
    if any(around):
        reason = f"is widened by its before ({around[0]}) and after ({around[1]})"
        remarks.append(("date_widened", reason))
    is_plain = not is_julian and not any(around)
    return Moment(_plain(first, last, unit) if is_plain else edtf, text, tuple(remarks))


def _read_without_precision(text: str) -> Moment:
    try:
        year, month, day = _label(text)
    except _UnreadError as error:
        return _unread(text, str(error))
    if (month, day) != (1, 1):
        unit = MONTH if day == 1 else DAY
    elif year % 100 == 0:
        return _unread(text, "has no precision: it may be a day, a year or a century")
    else:
        unit = DECADE if year % 10 == 0 else YEAR
    moment = _read(text, text, unit)
    if unit == DAY or moment.edtf is None:
        return moment
    reason = f"has no precision: it may be a day or filler, so it is read as {moment.edtf}"
    return moment._replace(remarks=(*moment.remarks, ("date_widened", reason)))


def _label(written: str) -> _Label:
    found = _TIMESTAMP.fullmatch(written)
    if not found:
        raise _UnreadError("is not a timestamp such as +1995-02-18T00:00:00Z")
    year, month, day = (int(found[part]) for part in ("year", "month", "day"))
    if found["sign"] == "-" or not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise _UnreadError(_OUTSIDE)
    return year, month, day


def _unit(label: _Label, precision: int) -> tuple[int, list[tuple[str, str]]]:
    """Unit that a date is exact to, which is at most what its label holds."""
    if not 0 <= precision <= SECOND:
        raise _UnreadError(f"has precision {precision}; known are 0 to {SECOND}")
    if precision <= MILLENNIUM:
        raise _UnreadError(f"is exact to a thousand years at best (precision {precision})")
    _, month, day = label
    asked = min(precision, DAY)
    unit = min(asked, YEAR if month == 0 else MONTH if day == 0 else DAY)
    if unit == asked:
        return unit, []
    short, name = ("a day", "a month")[asked == MONTH], ("year", "month")[unit == MONTH]
    return unit, [("date_widened", f"claims {short} and gives none; it is read as the {name}")]


def _days(label: _Label, unit: int, around: tuple[int, int], *, is_julian: bool) -> tuple[str, str]:
    """First and last day that a date admits, widened by so many units, in the Gregorian calendar.

    Months are counted from the beginning of the calendar, so that a year is twelve of them.
    """
    year, month, day = label
    before, after = around
    if not (0 <= before <= _MAX_WIDENING and 0 <= after <= _MAX_WIDENING):
        raise _UnreadError(f"has before {before} and after {after}, which is no uncertainty")
    if unit >= MONTH and not 1 <= month <= 12:
        raise _UnreadError("is not a month of its calendar")
    if unit >= MONTH:
        begin, end = year * 12 + month - 1, year * 12 + month
    else:
        first_year, last_year = _years(year, unit)
        begin, end = first_year * 12, last_year * 12 + 12
    if unit == DAY:
        start = _ordinal(begin, is_julian)
        if not 1 <= day <= _ordinal(end, is_julian) - start:
            raise _UnreadError("is not a day of its calendar")
        return _iso(start + day - 1 - before), _iso(start + day - 1 + after)
    begin, end = begin - before * _MONTHS_IN[unit], end + after * _MONTHS_IN[unit]
    return _iso(_ordinal(begin, is_julian)), _iso(_ordinal(end, is_julian) - 1)


def _years(year: int, unit: int) -> tuple[int, int]:
    """First and last year of a year, decade or century."""
    if unit == YEAR:
        return year, year
    if unit == DECADE:
        return max(year // 10 * 10, dt.MINYEAR), year // 10 * 10 + 9
    # Both readings of a century: 1901 to 2000 as shown, 1900 to 1999 as stored.
    shown, stored = (year - 1) // 100 * 100, year // 100 * 100
    return max(min(shown + 1, stored), dt.MINYEAR), max(shown + 100, stored + 99)


def _plain(first: str, last: str, unit: int) -> str:
    """EDTF of a whole unit, from its first and last day."""
    if unit == CENTURY:
        return f"{first[:4]}/{last[:4]}"
    return f"{first[:3]}X" if unit == DECADE else first[: {DAY: 10, MONTH: 7, YEAR: 4}[unit]]


def _model(value: object) -> str | None:
    return value.rpartition("/")[2] if isinstance(value, str) else None


def _unread(text: str, reason: str) -> Moment:
    return Moment(None, text, (("date_unread", reason),))


def _iso(ordinal: int) -> str:
    return dt.date.fromordinal(ordinal).isoformat()


def _ordinal(months: int, is_julian: bool) -> int:
    """Number of the day on which a month begins, as `datetime.date` numbers days.

    By way of the Julian day number: Meeus, *Astronomical Algorithms*, 2nd ed. 1998, ch. 7.

    Examples
    --------
    >>> _iso(_ordinal(1917 * 12 + 9, is_julian=True) + 24)  # 25 October 1917
    '1917-11-07'
    """
    # A year begins in March: the leap day is its last.
    year, month = divmod(months - 2, 12)
    leap = 0 if is_julian else 2 - year // 100 + year // 400
    number = 1461 * (year + 4716) // 4 + 306_001 * (month + 4) // 10_000 + leap + 1 - 1524
    return number - _ORDINAL_OF_JDN
