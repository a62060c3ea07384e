"""A span behind a partner or in a column of foundings: 1993–2022 is a founding and an end.

``1993–2022``, ``1993 - 2022``, ``from 2001 to 2022`` and ``2007–`` say from when to when a tie
lived. A date that is only uncertain is written otherwise: ``1989/1991``, ``between 1989 and 1991``.
Of ``1989-91``, with an end in two digits, one cannot tell.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from ties.importers.date_words import fold, words_of

_YEAR: Final = r"(?:1[3-9]|20)\d\d"
_SPAN: Final = re.compile(
    rf"(?P<start>[^–—]{{0,40}}?\b{_YEAR})(?:\s*[–—]\s*|\s+-\s+|-(?={_YEAR}\b|$))(?P<end>.{{0,40}})"
)
_SHORT_SPAN: Final = re.compile(rf"\s*{_YEAR}\s?[–—-]\s?(?P<end>\d\d)\s*")
_OPEN_END: Final = re.compile(
    r"(?:present|now|today|current|heute|aujourd.hui|наст\w*(?: время)?|н\. ?в\.?)?", re.IGNORECASE
)
_ISO: Final = re.compile(rf"{_YEAR}-\d\d(?:-\d\d)?")


class Lifespan(NamedTuple):
    """The texts of a founding and of an end, as written; the end is empty if it is open."""

    whole: str
    start: str
    end: str
    is_short: bool = False  # the end has its year in two digits


def find_lifespan(text: str) -> Lifespan | None:
    """Return the span of life that a text holds.

    Examples
    --------
    >>> find_lifespan("1992 – present")
    Lifespan(whole='1992 – present', start='1992', end='', is_short=False)
    >>> find_lifespan("from 2001 to 2022")[1:3], find_lifespan("1989-91").is_short
    (('from 2001', '2022'), True)
    >>> find_lifespan("1991-06-20") is None, find_lifespan("between 1989 and 1991") is None
    (True, True)
    """
    if _ISO.fullmatch(text.strip()) and _SHORT_SPAN.fullmatch(text) is None:
        return None
    short = _SHORT_SPAN.fullmatch(text)
    if short is not None:
        return _of_short(text, short)
    found = _SPAN.search(text)
    worded = None if found else _worded().fullmatch(fold(text))
    if found is None and worded is None:
        return None
    start, end = (found or worded).group("start", "end")  # type: ignore[union-attr]
    end = "" if _OPEN_END.fullmatch(end.strip()) else end.strip()
    return Lifespan(found[0] if found else text, start, end)


def _of_short(text: str, short: re.Match[str]) -> Lifespan | None:
    """Return 1989-91, but not 1991-06, which is a month."""
    year = re.search(_YEAR, text)
    start = year[0] if year else ""
    later = int(short["end"])
    if later <= int(start[2:]) or (later <= 12 and "-" in text):
        return None
    return Lifespan(text, start, start[:2] + short["end"], is_short=True)


@cache
def _worded() -> re.Pattern[str]:
    """Find two dates with a word for "to" between them, in a folded text."""
    to = "|".join(re.escape(word) for word in words_of("to"))
    return re.compile(rf"(?P<start>.{{0,40}}?\b{_YEAR}.{{0,12}}?)\s(?:{to})\s(?P<end>.{{0,40}})")
