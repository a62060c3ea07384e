"""The shapes that a date can have, once each of its parts has a class.

A text comes as tokens (`ties.importers.date_words`). Their classes in a row are its shape: ``NMY``
is a day, a month's name and a year. A shape is either known, and then means one thing (or two,
which are both kept), or it is refused.

=====  =====================================  =====  ===========================
class  what                                   class  what
=====  =====================================  =====  ===========================
Y      number of four digits                  b f s  before, after, since
N      number of one or two digits            e m l  early, mid, late
M R S  month, Roman month, season             t      decade
u n    to, dash                               w & o  between, and, or
a q    about, perhaps                         p      present
_      filler (of, the, г.)                   x U    unknown word, other number
=====  =====================================  =====  ===========================
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from ties.importers.date_points import FIRST_YEAR, LAST_YEAR, Refusal, Span, point, shape_of
from ties.importers.date_words import Token

_PARTS_OF_DECADE: Final = {"e": (0, 4), "m": (3, 7), "l": (5, 9)}
_PARTS_OF_YEAR: Final = {"e": (1, 6), "m": (4, 9), "l": (7, 12)}


def read(tokens: Sequence[Token], day_first: bool | None = None) -> Span:
    """The date that tokens state.

    Raises
    ------
    Refusal
        If they state none, or more than one.

    Examples
    --------
    >>> read([Token("M", "june", (6,)), Token("Y", "1988", (1988,))]).text
    '1988-06'
    """
    _check_years(tokens)
    flags = {token.kind for token in tokens} & {"a", "q"}
    bare = _trimmed([token for token in tokens if token.kind not in "aq"])
    span = _expression(bare, day_first)
    if span is None:
        raise _why_not(bare)
    return _flagged(span, {"": "", "a": "~", "q": "?", "aq": "%"}["".join(sorted(flags))])


def _check_years(tokens: Sequence[Token]) -> None:
    for token in tokens:
        if token.kind == "Y" and not FIRST_YEAR <= token.values[0] <= LAST_YEAR:
            reason = (
                f"has the year {token.text}, which is another calendar's or a slip; "
                f"write a Western year from {FIRST_YEAR} to {LAST_YEAR}"
            )
            raise Refusal("year_range", reason)


def _trimmed(tokens: list[Token]) -> list[Token]:
    """Drop fillers and signs at both ends, and brackets round all or round nothing."""
    kinds = "".join(token.kind for token in tokens)
    empty = kinds.find("()")
    if empty >= 0:
        return _trimmed(tokens[:empty] + tokens[empty + 2 :])
    first = len(kinds) - len(kinds.lstrip("_,;:."))
    last = len(kinds.rstrip("_,;:."))
    kept, shape = tokens[first:last], kinds[first:last]
    for signs in ("()", "[]"):
        if len(shape) > 2 and shape[0] + shape[-1] == signs and shape.count(signs[0]) == 1:
            return _trimmed(kept[1:-1])
    return kept


def _expression(tokens: list[Token], day_first: bool | None) -> Span | None:
    """Read a point in time, a span, or all that is before or after a point."""
    shape = shape_of(tokens)
    if not shape:
        return None
    part = _part(tokens, day_first)
    if part is not None:
        return part
    if shape[0] == "w":
        return _between(_trimmed(tokens[1:]), day_first)
    if shape[0] == "s":
        rest = _trimmed(tokens[1:])
        return _part(rest, day_first) or _range(rest, day_first)
    for is_first, kind in ((True, shape[0]), (False, shape[-1])):
        if kind in "bfsunp-":
            rest = tokens[1:] if is_first else tokens[:-1]
            opened = _open(kind, rest, day_first, is_first=is_first)
            if opened is not None:
                return opened
    return _range(tokens, day_first)


def _open(kind: str, rest: list[Token], day_first: bool | None, *, is_first: bool) -> Span | None:
    """Read what lies before or after a point; the point itself stays possible."""
    if kind == "p":
        if is_first or shape_of(rest)[-1:] not in ("-", "n", "u"):
            return None
        kind, rest = "n", rest[:-1]
    part = _part(_trimmed(rest), day_first)
    if part is None:
        return None
    if kind == "s":
        return part
    if kind == "b" or (kind == "u" and is_first):
        return Span(f"../{part.start}", "..", part.start, part.remark)
    if kind == "f":
        return Span(f"{part.end}/..", part.end, "..", part.remark)
    # A dash at the end: "1991–". At the start it could be a slip.
    return None if is_first else Span(f"{part.start}/..", part.start, "..", part.remark)


def _between(tokens: list[Token], day_first: bool | None) -> Span | None:
    """Read the two dates after the word "between"."""
    shape = shape_of(tokens)
    for place in range(1, len(shape)):
        # A filler may be the "and" of another language: Dutch "en", Italian "e".
        if shape[place] in "&un-_":
            span = _joined(tokens[:place], tokens[place + 1 :], day_first)
            if span is not None:
                return span
    return None


def _range(tokens: list[Token], day_first: bool | None) -> Span | None:
    """Read two dates with a dash, "to" or "or" between them."""
    short = re.fullmatch("Y[-n/]N", shape_of(tokens))
    if short is not None:
        return _short_range(tokens)
    for place, token in enumerate(tokens):
        if token.kind in "uno-/" and 0 < place < len(tokens) - 1:
            span = _joined(tokens[:place], tokens[place + 1 :], day_first)
            if span is not None:
                return span
    return None


def _short_range(tokens: list[Token]) -> Span | None:
    """Read 1989-91, where the second year leaves its century out."""
    (year,), (number,) = tokens[0].values, tokens[2].values
    later = year - year % 100 + number
    if len(tokens[2].text) != 2 or later <= year or later > LAST_YEAR:
        return None
    return Span(f"{year:04}/{later:04}", f"{year:04}", f"{later:04}")


def _joined(left: list[Token], right: list[Token], day_first: bool | None) -> Span | None:
    """Read a span; what one end leaves out (12–14 June 1990) the other end says."""
    left, right = _trimmed(left), _trimmed(right)
    for first, last in _filled(left, right):
        start, end = _part(first, day_first), _part(last, day_first)
        if start is not None and end is not None:
            if f"{start.start}-01-01"[:10] > f"{end.end}-12-31"[:10]:
                raise Refusal("reversed", "ends before it begins; look it up in the source")
            remark = start.remark or end.remark
            return Span(f"{start.start}/{end.end}", start.start, end.end, remark)
    return None


def _filled(left: list[Token], right: list[Token]) -> Iterator[tuple[list[Token], list[Token]]]:
    yield left, right
    if any(token.kind == "Y" for token in left):
        return
    year = [token for token in right if token.kind == "Y"]
    month = [token for token in right if token.kind == "M"]
    if not month:  # June 12–14, 1990
        shared = [token for token in left if token.kind == "M"]
        yield [*left, *year], [*shared, *right]
    yield [*left, *year], right
    yield [*left, *month, *year], right
    yield [*left, *right[1:]], right  # 12.–14.06.1990


def _part(tokens: list[Token], day_first: bool | None) -> Span | None:
    """Read a point in time, or the early, middle or late part of one."""
    shape = shape_of(tokens)
    for kind, rest in ((shape[:1], tokens[1:]), (shape[-1:], tokens[:-1])):
        if kind and kind in "eml":
            rest = [token for token in rest if token.kind not in "_-"]
            return _part_of(kind, rest, day_first)
    return point(tokens, day_first)


def _part_of(kind: str, tokens: list[Token], day_first: bool | None) -> Span | None:
    whole = point(tokens, day_first)
    if whole is None:
        return None
    if whole.text.endswith("X") and not whole.remark:
        first, last = (whole.text[:3] + str(year) for year in _PARTS_OF_DECADE[kind])
    elif len(whole.text) == 4:
        first, last = (f"{whole.text}-{month:02}" for month in _PARTS_OF_YEAR[kind])
    else:  # the early part of a month lies in the month
        return whole
    return Span(f"{first}/{last}", first, last)


def _flagged(span: Span, flag: str) -> Span:
    ends = [end if end == ".." else f"{end}{flag}" for end in span.text.split("/")]
    return span._replace(text="/".join(ends))


def _why_not(tokens: Sequence[Token]) -> Refusal:
    """Why tokens are no date, as exactly as they allow."""
    shape = shape_of(tokens)
    years = {token.text for token in tokens if token.kind == "Y"}
    if not years:
        return _why_no_year(tokens, shape)
    unknown = [token.text for token in tokens if token.kind in "xg"]
    if len(years) > 1:
        return Refusal("several", "names several years; say in the source which one is meant")
    if unknown:
        words = ", ".join(unknown[:3])
        return Refusal("unread", f"holds more than a date ({words}); keep the date alone")
    return Refusal("unread", "is in no form that is known; write it as 1991, 1991-06 or 1991-06-26")


def _why_no_year(tokens: Sequence[Token], shape: str) -> Refusal:
    if any(token.kind == "U" and len(token.text) == 5 for token in tokens):
        return Refusal(
            "day_number",
            "may be a spreadsheet's count of days; format the cell as a date and export it again",
        )
    is_short = any(token.kind == "N" and len(token.text) == 2 for token in tokens)
    if is_short and ("M" in shape or re.search("N[./-]N[./-]N|^tN$|^[eml]?-?Nx?$", shape)):
        return Refusal("two_digit_year", "gives the year in two digits; write all four")
    return Refusal("no_year", "names no year in four digits; relative dates are not worked out")
