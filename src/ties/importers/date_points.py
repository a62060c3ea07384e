"""Points in time: a day, a month, a season, a year or a decade, by the shape of its text.

A number that can be the day or the month, and a month's name that two languages give to different
months (Czech and Croatian *listopad*), leave two readings; the date then covers both, and
says so.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from ties.importers.date_words import Token

FIRST_YEAR: Final = 500
LAST_YEAR: Final = 2100
NO_SUCH_DAY: Final = "is no day of the calendar; look it up in the source"

_SEASONS: Final = {"spring": 21, "summer": 22, "autumn": 23}
_SEASON_OF: Final = {number: name for name, number in _SEASONS.items()} | {24: "winter"}


class Refusal(Exception):
    """The text is no date, or more than one.

    Parameters
    ----------
    rule
        Short code, as in `ties.importers.freetext.FreeDate`.
    reason
        What is wrong and what to do, to follow the text in a sentence.
    """

    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(reason)
        self.rule, self.reason = rule, reason


class Span(NamedTuple):
    """A date in EDTF, with the dates that its days begin and end in."""

    text: str
    start: str
    end: str
    remark: str = ""


Days = Sequence[tuple[int, int, int]]


def shape_of(tokens: Sequence[Token]) -> str:
    """The classes of tokens in a row."""
    return "".join(token.kind for token in tokens)


def is_day(year: int, month: int = 1, day: int = 1) -> bool:
    """Whether the calendar has such a day."""
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def point(tokens: Sequence[Token], day_first: bool | None = None) -> Span | None:
    """The point in time that tokens name, or nothing if their shape is of none.

    Parameters
    ----------
    tokens
        Tokens without approximate words.
    day_first
        Whether the day precedes the month where only numbers are given; None if unknown.

    Raises
    ------
    Refusal
        If the shape is of a date, but the calendar has none such.
    """
    shape = shape_of(tokens)
    for pattern, reader in _READERS.items():
        if re.fullmatch(pattern, shape):
            return reader(list(tokens), day_first)
    return None


def _year(tokens: list[Token], _: bool | None) -> Span:
    year = f"{tokens[0].values[0]:04}"
    return Span(year, year, year)


def _decade(tokens: list[Token], _: bool | None) -> Span | None:
    year = _one(tokens, "Y")
    if year % 10:
        return None
    first, last = f"{year:04}", f"{year + 9:04}"
    if year % 100 or year == 2000:  # nobody yet means all of the century by "the 2000s"
        return Span(first[:3] + "X", first, last)
    remark = _remark(f"{first} to {last}", f"{first} to {year + 99:04}")
    return Span(first[:2] + "XX", first, f"{year + 99:04}", remark)


def _month(tokens: list[Token], _: bool | None) -> Span:
    year = _one(tokens, "Y")
    return _months(year, next(token.values for token in tokens if token.kind in "MR"))


def _months(year: int, months: Sequence[int]) -> Span:
    texts = [f"{year:04}-{month:02}" for month in months if 1 <= month <= 12]
    if not texts:
        raise Refusal("impossible", "has no month from 1 to 12; look it up in the source")
    return _covering(texts)


def _day(tokens: list[Token], _: bool | None) -> Span:
    year, day = _one(tokens, "Y"), _one(tokens, "N")
    months = next(token.values for token in tokens if token.kind in "MR")
    return _days([(year, month, day) for month in months])


def _day_of_numbers(tokens: list[Token], day_first: bool | None) -> Span:
    numbers = [token.values[0] for token in tokens if token.kind in "NY"]
    first, second, year = numbers
    is_dotted = any(token.kind == "." for token in tokens)
    readings = [(year, second, first), (year, first, second)]
    possible = [reading for reading in readings if is_day(*reading)]
    if len(possible) == 2 and (is_dotted or day_first is not None):
        possible = [possible[0 if is_dotted or day_first else 1]]
    return _days(possible)


def _day_from_year(tokens: list[Token], _: bool | None) -> Span:
    year, month, day = (token.values[0] for token in tokens if token.kind in "NY")
    return _days([(year, month, day)])


def _days(days: Days) -> Span:
    texts = [
        f"{year:04}-{month:02}-{day:02}" for year, month, day in days if is_day(year, month, day)
    ]
    if not texts:
        raise Refusal("impossible", NO_SUCH_DAY)
    return _covering(texts)


def _month_of_number(tokens: list[Token], _: bool | None) -> Span:
    return _months(_one(tokens, "Y"), [_one(tokens, "N")])


def _year_and_number(tokens: list[Token], _: bool | None) -> Span | None:
    """Read 1991-06, 1991.6 and 1991/06: a month, a season of EDTF, or the end of a span."""
    year, number = _one(tokens, "Y"), _one(tokens, "N")
    sign, is_later = tokens[1].kind, len(tokens[2].text) == 2 and number > year % 100
    later = f"{year - year % 100 + number:04}"
    if sign == "-" and number in _SEASON_OF:
        season = f"{year:04}-{number}"
        if not is_later:
            return Span(season, f"{year:04}", f"{year:04}")
        remark = _remark(f"{_SEASON_OF[number]} {year:04}", f"{year:04} to {later}")
        return Span(f"{year:04}/{later}", f"{year:04}", later, remark)
    if not 1 <= number <= 12 and sign != ".":
        return None
    if sign == "/" and is_later:
        remark = _remark(f"month {number} of {year:04}", f"{year:04} to {later}")
        return Span(f"{year:04}/{later}", f"{year:04}", later, remark)
    return _months(year, [number])


def _season(tokens: list[Token], _: bool | None) -> Span:
    year = _one(tokens, "Y")
    season = next(token.text for token in tokens if token.kind == "S")
    if season in _SEASONS:
        return Span(f"{year:04}-{_SEASONS[season]}", f"{year:04}", f"{year:04}")
    first, last = f"{year - 1:04}-12", f"{year + 1:04}-02"
    remark = _remark(f"winter {year - 1:04}/{year:04}", f"winter {year:04}/{year + 1:04}")
    return Span(f"{first}/{last}", first, last, remark)


def _winter(tokens: list[Token], _: bool | None) -> Span | None:
    """Read winter 1990/91."""
    years = [token.values[0] for token in tokens if token.kind in "NY"]
    is_winter = next(token.text for token in tokens if token.kind == "S") == "winter"
    if not is_winter or (years[0] + 1) % 100 != years[1] % 100:
        return None
    first, last = f"{years[0]:04}-12", f"{years[0] + 1:04}-02"
    return Span(f"{first}/{last}", first, last)


def _one(tokens: list[Token], kind: str) -> int:
    return next(token.values[0] for token in tokens if token.kind == kind)


def _covering(texts: list[str]) -> Span:
    """The span from the first to the last of several readings."""
    first, last = min(texts), max(texts)
    if first == last:
        return Span(first, first, first)
    return Span(f"{first}/{last}", first, last, _remark(first, last))


def _remark(first: str, last: str) -> str:
    return f"can be read in two ways ({first}, or {last}); the date covers both"


_SIGN: Final = "[_.,/-]{0,3}"
_READERS: Final[dict[str, Callable[[list[Token], bool | None], Span | None]]] = {
    "Y": _year,
    "Y_?t|t_*Y": _decade,
    f"M{_SIGN}Y|Y[_.,/n-]{{0,3}}M|R[./_-]{{0,2}}Y": _month,
    f"N{_SIGN}M{_SIGN}Y|M{_SIGN}N{_SIGN}Y|Y{_SIGN}M{_SIGN}N|Y{_SIGN}N{_SIGN}M": _day,
    "N[./_-]{0,2}R[./_-]{0,2}Y": _day,
    r"N([./-]?)N\1Y": _day_of_numbers,
    r"Y([./-])N\1N": _day_from_year,
    "N[./-]Y": _month_of_number,
    "Y[./-]N": _year_and_number,
    "S_*,?Y|Y_*S": _season,
    "S_*Y[/-][NY]": _winter,
}
