"""One line of a list cut into its parts, a partner or a group of partners each.

For the grammar, links and flags are single characters of Unicode's private area in a plain
text, so that it can be written as patterns over that text, each of them linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ties.importers.wikipedia.annotations import annotate
from ties.importers.wikipedia.areas import country_code, is_region
from ties.importers.wikipedia.blocks import Run

LINK: Final = "[\ue000-\uefff]"
FLAG: Final = "[\uf000-\uf6ff]"
UNKNOWN: Final = "[\uf700-\uf7ff]"
PRIVATE: Final = re.compile("[\ue000-\uf8ff]")
_FIRST: Final = {"link": 0xE000, "flag": 0xF000, "unknown": 0xF700}
_ROOM: Final = {"link": 0x1000, "flag": 0x700, "unknown": 0x100}
_STRONG: Final = re.compile(r"\s*(?:\n|;|\s/\s|[·•])\s*")
_AND: Final = re.compile(r"\s+(?:and|und|et|en|y|e|i|и|та|&)\s+")
MAX_TEXT: Final = 20_000
_ROUND: Final = str.maketrans("[]", "()")


@dataclass(frozen=True)
class MarkedLine:
    """A line as a plain text, with the links and flags that stand in it."""

    text: str
    runs: dict[str, Run]

    def words(self, text: str) -> str:
        """A part of the text with the links spelt out and the flags left out."""
        return " ".join(PRIVATE.sub(self._word, text).split())

    def _word(self, found: re.Match[str]) -> str:
        run = self.runs[found[0]]
        return "" if run.kind == "flag" else run.text


class UncertainError(Exception):
    """The markup leaves more than one reading, or none."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule


def encode(runs: list[Run]) -> MarkedLine | None:
    """Runs of a line as one text; None if they are too many or too long."""
    counts = dict.fromkeys(_FIRST, 0)
    marks: dict[str, Run] = {}
    parts: list[str] = []
    for run in runs:
        if run.kind in _FIRST:
            if counts[run.kind] >= _ROOM[run.kind]:
                return None
            mark = chr(_FIRST[run.kind] + counts[run.kind])
            counts[run.kind] += 1
            marks[mark] = run
            parts.append(mark)
        else:
            parts.append("\n" if run.kind == "break" else PRIVATE.sub("\ufffd", run.text))
    text = "".join(parts)
    return None if len(text) > MAX_TEXT else MarkedLine(_flat_brackets(text).strip(), marks)


def _flat_brackets(text: str) -> str:
    """Write brackets within brackets as square ones, and drop those that have no partner."""
    out, opened = list(text), []
    for place, letter in enumerate(text):
        if letter in "(（":
            opened.append(place)
        elif letter in ")）":
            if not opened:
                out[place] = " "
                continue
            is_inner = len(opened) > 1
            out[opened.pop()] = "[" if is_inner else "("
            out[place] = "]" if is_inner else ")"
    for place in opened:
        out[place] = " "
    # What stood inside a bracket that never closed has square brackets: it lies outside now.
    return "".join(out) if not opened else "".join(out).translate(_ROUND)


def _outside(pattern: re.Pattern[str], text: str) -> list[re.Match[str]]:
    """Matches that lie outside brackets."""
    found, place, depth = [], 0, 0
    for match in pattern.finditer(text):
        depth += text.count("(", place, match.start()) - text.count(")", place, match.start())
        place = match.start()
        if depth == 0:
            found.append(match)
    return found


def _cut(text: str, marks: list[re.Match[str]]) -> list[str]:
    starts = [0, *(mark.end() for mark in marks)]
    ends = [*(mark.start() for mark in marks), len(text)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]


def _has_place(text: str) -> bool:
    return re.search(f"{LINK}|{FLAG}", text) is not None


def split(line: MarkedLine) -> list[str]:
    """Cut an item into the parts that name one country's partners, or one partner."""
    chunks: list[str] = []
    for part in _cut(line.text, _outside(_STRONG, line.text)):
        if not part.strip():
            continue
        if _has_place(part):
            chunks += _split_at_flags(part)
        elif chunks and annotate(part).says_something:
            chunks[-1] += f" ({part})"
        elif _has_place(line.text) or chunks:
            raise UncertainError(
                "several_uncertain",
                f"names {line.words(part)!r} without a link: a partner or a note?",
            )
        else:
            chunks.append(part)
    return [piece for chunk in chunks for piece in _split_at_and(chunk, line)]


def _split_at_flags(part: str) -> list[str]:
    flags = _outside(re.compile(FLAG), part)
    if len(flags) < 2:
        return [part]
    link = re.search(LINK, part)
    if link is not None and link.start() < flags[0].start():
        cuts = [flag.end() for flag in flags[:-1]]
    else:
        cuts = [flag.start() for flag in flags[1:]]
    pieces = [part[start:end] for start, end in zip([0, *cuts], [*cuts, len(part)], strict=True)]
    pieces = [re.sub(r"^[\s,]+|[\s,]+$|\s(?:and|und|et|y|и)\s*$", "", piece) for piece in pieces]
    # Two flags before one name: a tie with a place of two countries, or a slip.
    return pieces if all(re.search(f"{LINK}|[^\\W\\d_]", piece) for piece in pieces) else [part]


def _split_at_and(chunk: str, line: MarkedLine) -> list[str]:
    """Cut at "and" where a link stands on either side and begins the second."""
    marks = []
    for mark in _outside(_AND, chunk):
        right = chunk[mark.end() :]
        is_name = re.match(f"{FLAG}?\\s*{LINK}", right) is not None
        if is_name and re.search(LINK, chunk[: mark.start()]):
            marks.append(mark)
    if not marks or country_code(line.words(chunk)) is not None:
        return [chunk]
    flag = re.match(rf"\s*({FLAG})", chunk)
    pieces: list[str] = []
    for piece in _cut(chunk, marks):
        links = re.findall(LINK, piece)
        if len(links) > 1 and re.fullmatch(rf"(?:[\s,]|{LINK}|{FLAG})*", piece):
            texts = [line.runs[link].text for link in links]
            # "A, B and C": an enumeration, unless B says where A lies.
            if not any(is_area(text) or within(line.runs[links[0]], text) for text in texts[1:]):
                pieces += links
                continue
        pieces.append(piece)
    lead = flag[1] if flag else ""
    return [piece if re.search(FLAG, piece) else lead + piece for piece in pieces]


def is_area(text: str) -> bool:
    """Whether a text is the name of a country or of a listed region."""
    return country_code(text) is not None or is_region(text)


def within(link: Run, text: str) -> bool:
    """Whether the target of a link names a text as where the place lies."""
    return re.search(rf"(?:, |\(){re.escape(text)}\)?$", link.target) is not None


def listed(text: str, line: MarkedLine) -> list[str]:
    """Cut what follows "France:" at its commas, where each part begins with a link."""
    parts = _cut(text, _outside(re.compile(r"\s*,\s*"), text))
    if len(parts) > 1 and all(re.match(LINK, part) for part in parts):
        first = line.runs[parts[0][0]]
        texts = [line.runs[part[0]].text for part in parts[1:]]
        if not any(is_area(word) or within(first, word) for word in texts):
            return parts
    return [text]
