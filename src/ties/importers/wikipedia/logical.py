"""Wikitext cut into lines that can be parsed one by one.

A template or a reference may go on over several lines; these are joined. So every piece that
the parser sees is short, its place in the file is known, and a brace that never closes costs
one line and not the page: parsers of wikitext go back over the rest of their input for each
opening that finds no end, which on a page made for it takes hours.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_SPANNING: Final = re.compile(r"\{\{|\}\}|<ref\b[^<>\n]{0,500}>|</ref\s*>", re.IGNORECASE)
_PAIRS: Final = re.compile(
    r"\{\{|\}\}|\[\[|\]\]|\[|\]|\{\||\|\}|</?[a-z][a-z0-9]{0,20}\b[^<>]{0,500}>|<", re.IGNORECASE
)
_VOID: Final = re.compile(r"<(?:br|hr|wbr|img|li)\b|.*/>", re.IGNORECASE)
_CLOSES: Final = {"}}": "{{", "]]": "[[", "]": "[", "|}": "{|"}

_MAX_LINES: Final = 3_000
MAX_LENGTH: Final = 100_000
# A page that people wrote opens no more than this in one line without closing it.
_MAX_OPEN: Final = 12
_MAX_NESTED: Final = 25


class Logical(NamedTuple):
    """One line of wikitext, or several that belong together."""

    line: int
    text: str


def logical_lines(text: str, first: int = 1) -> Iterator[Logical]:
    r"""Lines of a text, joined where a template or reference spans several.

    Examples
    --------
    >>> [piece.text for piece in logical_lines("* {{flag\n|FRA}} Lyon\n* {{ Nice")]
    ['* {{flag\n|FRA}} Lyon', '* {{ Nice']
    """
    plain = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)
    lines = plain.split("\n")
    ends = _ends(plain, lines)
    place = 0
    while place < len(lines):
        end = place
        # A later line of the piece may itself open what closes further down.
        reach = place
        while reach <= end:
            end = max(end, ends.get(reach, reach))
            reach += 1
        joined = lines[place : end + 1]
        if len(joined) > _MAX_LINES or sum(map(len, joined)) > MAX_LENGTH:
            yield from (Logical(first + place + n, line) for n, line in enumerate(joined))
        else:
            yield Logical(first + place, "\n".join(joined))
        place = end + 1


def unclosed_comment(text: str) -> int | None:
    """Where a comment opens that never closes; None if there is none."""
    comments = list(_COMMENT.finditer(text))
    is_open = bool(comments) and not comments[-1][0].endswith("-->")
    return comments[-1].start() if is_open else None


def _ends(plain: str, lines: list[str]) -> dict[int, int]:
    """Line on which each opening closes, for openings that span lines."""
    starts = [0]
    for line in lines[:-1]:
        starts.append(starts[-1] + len(line) + 1)
    ends: dict[int, int] = {}
    braces: list[int] = []
    ref: int | None = None
    for found in _SPANNING.finditer(plain):
        token = found[0].casefold()
        if token == "{{":
            braces.append(found.start())
        elif token.startswith("<ref"):
            ref = ref if token.endswith("/>") else found.start()
        else:
            opened = (braces.pop() if braces else None) if token == "}}" else ref
            ref = ref if token == "}}" else None
            if opened is not None:
                first = bisect.bisect_right(starts, opened) - 1
                last = bisect.bisect_right(starts, found.start()) - 1
                if last > first:
                    ends[first] = max(ends.get(first, 0), last)
    return ends


def fault_of_markup(text: str) -> tuple[str, str] | None:
    """Why a piece of wikitext is better not parsed: the rule and the reason."""
    if len(text) > MAX_LENGTH:
        return "markup", f"is one line of more than {MAX_LENGTH:,} characters; is it a list?"
    stack: list[str] = []
    deepest = errors = 0
    for found in _PAIRS.finditer(text):
        token = found[0].casefold()
        if token == "<":
            errors += 1
        elif token in _CLOSES or token.startswith("</"):
            opening = _CLOSES.get(token) or "<" + re.split(r"[\s>]", token[2:])[0]
            if stack and stack[-1] == opening:
                stack.pop()
            else:
                errors += 1
        elif not _VOID.match(token):
            stack.append(re.split(r"[\s>]", token)[0])
            deepest = max(deepest, len(stack))
    if len(stack) + errors > _MAX_OPEN:
        return "markup", f"opens or closes {len(stack) + errors} brackets or tags without a partner"
    if deepest > _MAX_NESTED:
        return "markup", f"nests markup {deepest} deep; no list of places needs that"
    return None
