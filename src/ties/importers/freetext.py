"""Dates as people write them, put into EDTF: never more exact than the text, never a guess.

=======================================  ===================  =================================
text                                     EDTF                 rule
=======================================  ===================  =================================
``June 1988``, ``июнь 1988``, ``6/1988`` ``1988-06``          months in some forty languages
``20.06.1990``, ``17th May, 1996``       ``1990-06-20``       with dots, the day is first
``昭和45年``, ``平成3年6月``             ``1970``             eras of Japan; 民國 of Taiwan
``c. 1970``, ``1991?``, ``c. 1970?``     ``1970~``            ``~`` about, ``?`` unsure, ``%`` both
``1989-91``, ``between 1989 and 1991``   ``1989/1991``        some time in it, ends included
``1990s``                                ``199X``
``early``, ``mid``, ``late 1980s``       ``1985/1989``        years 0 to 4, 3 to 7, 5 to 9
``early``, ``mid``, ``late 1990``        ``1990-07/1990-12``  months 1 to 6, 4 to 9, 7 to 12
``before 1992``, ``after 1985``          ``../1992``          the year named stays possible
``since 1991``, ``from 1991``            ``1991``             that is when it began
``1991–``, ``1991–present``              ``1991/..``          what the span dates is not said
``spring 1990``                          ``1990-21``          of winters, both that it may be
``03/04/1990``                           an interval          3 April or 4 March, and said so
=======================================  ===================  =================================

Refused, with the reason: two-digit years, relative dates ("last October"), several dates,
numbers that may be a spreadsheet's count of days, days that no calendar has, years before 500
and after 2100, and every text with a word that is in no list: what it adds cannot be guessed.

With dots the day is first because that is so in every locale of CLDR (Babel 2.18) that writes
dots, while 58 locales put the month before the day with a slash. Two digits after a year and
a hyphen are a month where they can be one (ISO 8601); after an en dash they end a span of years.

Maintained parsers were tried and not taken, since they guess. Of ``03/04/1990`` dateutil 4.0,
dateparser 1.5 and ``text_to_edtf`` of edtf 5.0 make 4 March without a word. The first two fill
"June 1988" up with the day on which they run; the third reads ``июнь 1991`` as all of 1991.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

import pandas as pd

from ties import dates
from ties.errors import shorten
from ties.importers.date_points import FIRST_YEAR, LAST_YEAR, NO_SUCH_DAY, Refusal, is_day
from ties.importers.date_shapes import read as read_shape
from ties.importers.date_words import Token, fold, says_nothing, tokens_of
from ties.importers.eras import to_western

MAX_LENGTH: Final = 120

# 1991-06-##, 1991-00-00: what is not known is masked.
_MASKED: Final = re.compile(r"(\d{4}|####)-(\d{2}|##|xx)-(##|xx|00)")
_MOMENT: Final = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})[t ]"
    r"(?:(?P<midnight>00:00:00z)|\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2})?)"
)
_PLAIN: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
# Level 1 of EDTF, as far as the record admits it: X, ~ ? % and spans.
_MARKED: Final = re.compile(
    r"(?:[\dX]{4}(?:-[\dX]{2}){0,2}[~?%]?|\.\.)(?:/(?:[\dX]{4}(?:-[\dX]{2}){0,2}[~?%]?|\.\.))?"
)
_YEAR: Final = re.compile(r"\d{4}")
# Classes of tokens that a date in running text is made of, and those that it cannot begin with.
_PARTS: Final = frozenset("YNMRSabfseqmltun&opw_.,/-")
_LOOSE: Final = frozenset("_u&on.,/-")


class FreeDate(NamedTuple):
    """What a text says of a date.

    Parameters
    ----------
    edtf
        The date, or None if there is none or it cannot be read.
    rule
        Empty if all is well; else a short code: ``blank``, ``no_date`` (the text says that
        there is none), ``ambiguous`` (with a date: it covers every reading), ``no_year``,
        ``two_digit_year``, ``several``, ``reversed``, ``impossible``, ``year_range``,
        ``day_number``, ``too_long``, ``unread``.
    reason
        What is wrong and what to do; empty if all is well.
    """

    edtf: str | None
    rule: str = ""
    reason: str = ""


@lru_cache(maxsize=50_000)
def edtf_of(text: str | None, *, day_first: bool | None = None) -> FreeDate:
    """The date that a text states, as EDTF.

    Parameters
    ----------
    text
        A date as somebody wrote it.
    day_first
        What ``03/04/1990`` means: True 3 April, False 4 March. Unless told, both.

    Returns
    -------
    FreeDate
        The date, or why there is none. No text raises.

    Examples
    --------
    >>> edtf_of("c. 20 июня 1990 г.").edtf
    '1990-06-20~'
    >>> edtf_of("03/04/1990")
    FreeDate(edtf='1990-03-04/1990-04-03', rule='ambiguous', reason="'03/04/1990' can ...")
    >>> edtf_of("03/04/1990", day_first=True).edtf
    '1990-04-03'
    >>> edtf_of("20.06.90").reason
    "'20.06.90' gives the year in two digits; write all four"
    """
    if text is None or not isinstance(text, str) or not text.strip():
        return FreeDate(None, "blank")
    if len(text) > MAX_LENGTH:
        return _refused(text, "too_long", "is too long for a date; keep the date alone in its cell")
    try:
        return _read(text.strip(), day_first)
    except Refusal as refusal:
        return _refused(text, refusal.rule, refusal.reason)


def find_date(text: str) -> FreeDate:
    """Return the one date that running text holds; none if it holds several.

    Examples
    --------
    >>> find_date("the agreement was signed on 12 May 1991").edtf
    '1991-05-12'
    >>> find_date("between the fairs of 1991 and Whitsun 1993").reason
    "'between the fairs of 1991 and Whitsun 1993' does not hold exactly one date"
    """
    runs: list[list[Token]] = [[]]
    for token in tokens_of(to_western(fold(text[:MAX_LENGTH]))):
        if token.kind in _PARTS:
            runs[-1].append(token)
        else:
            runs.append([])
    dated = [run for run in map(_bare, runs) if any(token.kind == "Y" for token in run)]
    try:
        if len(dated) == 1:
            return FreeDate(read_shape(dated[0]).text)
    except Refusal as refusal:
        return _refused(text, refusal.rule, refusal.reason)
    return _refused(text, "several", "does not hold exactly one date")


def is_date(text: str) -> bool:
    """Return whether a text is made of the words and numbers of a date with its year alone.

    Examples
    --------
    >>> is_date("31.02.1991"), is_date("May"), is_date("signed in 1991")
    (True, False, False)
    """
    tokens = tokens_of(to_western(fold(text[:MAX_LENGTH])))
    kinds = {token.kind for token in tokens}
    return "Y" in kinds and kinds <= _PARTS and tokens[0].kind not in _LOOSE


def _bare(run: list[Token]) -> list[Token]:
    """Return a run of tokens from the first to the last that a date can begin and end with."""
    kept = [place for place, token in enumerate(run) if token.kind not in _LOOSE]
    ends = [place for place in kept if run[place].kind not in "bfsewml"]
    return run[kept[0] : ends[-1] + 1] if ends else []


def read_dates(texts: pd.Series, *, day_first: bool | None = None) -> pd.DataFrame:
    """The dates of many texts; each distinct text is read once.

    Parameters
    ----------
    texts
        Dates as written; a missing one is blank.
    day_first
        As for `edtf_of`.

    Returns
    -------
    DataFrame
        Index of `texts`; ``edtf``, ``rule`` and ``reason`` (str), see `FreeDate`. All that
        is not missing in ``edtf`` satisfies `ties.dates.is_edtf`.

    Examples
    --------
    >>> read_dates(pd.Series(["late 1980s", "last year", None]))[["edtf", "rule"]]
            edtf     rule
    0  1985/1989
    1        NaN  no_year
    2        NaN    blank
    """
    codes, unique = pd.factorize(texts)
    found = [edtf_of(str(text), day_first=day_first) for text in unique]
    frame = pd.DataFrame([*found, FreeDate(None, "blank")], columns=FreeDate._fields).astype("str")
    # Code -1, a missing text, takes the last row.
    read = frame.take(codes)
    read.index = texts.index
    return read


def _refused(text: str, rule: str, reason: str) -> FreeDate:
    return FreeDate(None, rule, f"{shorten(text.strip())} {reason}")


def _read(text: str, day_first: bool | None) -> FreeDate:
    folded = fold(text).strip()
    masked = _MASKED.fullmatch(folded)
    if masked is not None:
        is_month = masked[2].isdecimal() and masked[2] != "00"
        folded = text = f"{masked[1]}-{masked[2]}" if is_month else masked[1]
    if says_nothing(folded):
        return FreeDate(None, "no_date")
    if text.isascii() and _is_native(text):
        return FreeDate(text)
    moment = _MOMENT.fullmatch(folded)
    if moment is not None:
        return _of_moment(text, moment)
    tokens = tokens_of(to_western(folded))
    span = read_shape(tokens, day_first)
    if span.remark:
        return FreeDate(span.text, "ambiguous", f"{shorten(text)} {span.remark}")
    return FreeDate(span.text)


def _is_native(text: str) -> bool:
    """Whether a text is EDTF already, and can mean nothing else."""
    years = [int(year) for year in _YEAR.findall(text)]
    if not all(FIRST_YEAR <= year <= LAST_YEAR for year in years):
        return False
    plain = _PLAIN.fullmatch(text)
    if plain is not None:
        return is_day(*(int(part or 1) for part in plain.groups()))
    if not _MARKED.fullmatch(text) or "X" in text[:2]:
        return False
    return bool(dates.is_edtf(pd.Series([text], dtype="str")).iloc[0])


def _of_moment(text: str, moment: re.Match[str]) -> FreeDate:
    """Drop the time of day; a first day at midnight in UTC may stand for its month or year."""
    year, month, day = moment["year"], moment["month"], moment["day"]
    if not is_day(int(year), int(month), int(day)):
        raise Refusal("impossible", NO_SUCH_DAY)
    if moment["midnight"] is None or day != "01":
        return FreeDate(f"{year}-{month}-{day}")
    coarse, unit = (year, "year") if month == "01" else (f"{year}-{month}", "month")
    reason = (
        f"{shorten(text)} may be how a query service writes the {unit} alone; "
        f"only the {unit} was taken"
    )
    return FreeDate(coarse, "ambiguous", reason)
