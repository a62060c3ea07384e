"""The words of a heading in a dozen languages, and what a heading made of them can mean.

"origincityLabel" is a word for the first side, one for a name and a filler; "Partnerland" is the
second side and a country; "締結日" is a founding date. A heading is understood only if all of it
is words of ``headings.csv``, written apart or together: "townUK" is not.
"""

from __future__ import annotations

import csv
import io
import re
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from ties.importers.date_words import fold
from ties.importers.mapping import GEOMETRY

MAX_LENGTH: Final = 80
SIDED: Final = ("name", "country", "region", "level", "id", "latitude", "longitude", "point")
NUMBER: Final = "number"
MAYBE_FOUNDED: Final = "maybe_founded"
SIDELESS: Final = (
    "kind",
    "founded",
    "founded_text",
    "ended",
    "ended_text",
    "status",
    "note",
    "reference",
    GEOMETRY,
    NUMBER,
    MAYBE_FOUNDED,
)

# "city latitude" is a latitude, and "start year" a start: these words yield to any other.
_WEAK: Final = ("name", MAYBE_FOUNDED)
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD: Final = re.compile(r"\d+|[^\W\d_]+|#")
# Shorter words count only where they stand alone, or "lat" would be found in "plate".
_MIN_GLUED: Final = 3


class HeadingReading(NamedTuple):
    """One thing that a heading can mean: a field, and the side of the tie if it names one."""

    field: str
    side: str


class _State(NamedTuple):
    fields: frozenset[str]
    side: str


def readings(heading: str) -> list[HeadingReading]:
    """Everything that a heading can mean; nothing if some of it is no known word.

    Of several ways to take it apart, those with the fewest words count.

    Examples
    --------
    >>> readings("origincityLabel"), readings("Partnerland")
    ([HeadingReading(field='name', side='a')], [HeadingReading(field='country', side='b')])
    >>> readings("State")
    [HeadingReading(field='country', side=''), HeadingReading(field='region', side=''), HeadingReading(field='status', side='')]
    >>> readings("townUK")
    []
    """  # noqa: E501
    words = _WORD.findall(fold(_CAMEL.sub(" ", heading[: MAX_LENGTH + 1])))
    text = "".join(words)
    if not text or len(text) > MAX_LENGTH:
        return []
    ends = _ends(words)
    # The ways to take the text up to each place apart, each with its fewest words.
    ways: list[dict[_State, int]] = [{} for _ in range(len(text) + 1)]
    ways[0] = {_State(frozenset(), ""): 0}
    for start in range(len(text)):
        for end in range(start + 1, min(len(text), start + _longest()) + 1):
            if not _may_stand(start, end, ends, text):
                continue
            for meaning in _vocabulary().get(text[start:end], ()):
                _extend(ways[start], ways[end], meaning)
    is_word = len(text) >= _MIN_GLUED or not _is_alphabetic(text[0])
    found: dict[HeadingReading, int] = {}
    for state, n_words in ways[-1].items():
        reading = _resolve(state, is_word)
        if reading is not None:
            found[reading] = min(found.get(reading, n_words), n_words)
    fewest = min(found.values(), default=0)
    return sorted(reading for reading, n in found.items() if n == fewest)


def word_readings(heading: str) -> list[HeadingReading]:
    """Return what the single words of a heading can mean, if not all of it is known.

    Examples
    --------
    >>> word_readings("Города Урала")
    []
    >>> word_readings("Город Свердловской области")
    [HeadingReading(field='name', side='')]
    """
    words = _WORD.findall(fold(_CAMEL.sub(" ", heading[: MAX_LENGTH + 1])))
    # Scripts without spaces have the word for a place at the end.
    ends = [word[-n:] for word in words for n in (3, 2) if not _is_alphabetic(word[-1])]
    return [reading for word in (*words, *ends) for reading in readings(word)]


def _ends(words: list[str]) -> set[int]:
    ends, place = {0}, 0
    for word in words:
        place += len(word)
        ends.add(place)
    return ends


def _may_stand(start: int, end: int, ends: set[int], text: str) -> bool:
    is_word = start in ends and end in ends
    return is_word or end - start >= _MIN_GLUED or not _is_alphabetic(text[start])


def _is_alphabetic(letter: str) -> bool:
    """Whether words of a letter's script have spaces between them."""
    return letter < "\u2e80"


def _extend(before: dict[_State, int], after: dict[_State, int], meaning: HeadingReading) -> None:
    for state, n_words in before.items():
        if state.side and meaning.side and state.side != meaning.side:
            continue
        is_field = meaning.field not in ("side", "filler")
        fields = state.fields | {meaning.field} if is_field else state.fields
        extended = _State(fields, state.side or meaning.side)
        after[extended] = min(after.get(extended, n_words + 1), n_words + 1)


def _resolve(state: _State, is_word: bool) -> HeadingReading | None:
    """What a heading of these fields means, if it means one thing."""
    fields = set(state.fields)
    for weak in _WEAK:
        if len(fields) > 1:
            fields.discard(weak)
    if not fields and state.side == "b" and is_word:
        return HeadingReading("name", "b")  # "twinned with"
    if len(fields) != 1:
        return None
    field = fields.pop()
    return HeadingReading(field, state.side if field in SIDED else "")


@cache
def _vocabulary() -> dict[str, tuple[HeadingReading, ...]]:
    text = (files("ties.importers") / "headings.csv").read_text(encoding="utf-8")
    words: dict[str, tuple[HeadingReading, ...]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        key = row["words"].replace(" ", "")
        words[key] = (*words.get(key, ()), HeadingReading(row["means"], row["side"]))
    return words


@cache
def _longest() -> int:
    return max(map(len, _vocabulary()))
