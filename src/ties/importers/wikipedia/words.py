"""The words that lists of ties are written in, in the languages met most often.

They are rows of ``words.csv``: a list that they are in, and the word as a pattern. So what a
heading, a bracket or a sentence may mean is said once, for wikitext, HTML and scrapes of either.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from typing import Final

from ties.importers.status_words import pattern
from ties.places.countries import CITY_TOO, country_code


@cache
def _alternatives(name: str) -> str:
    text = files("ties.importers.wikipedia").joinpath("words.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return f"(?:{'|'.join(row['pattern'] for row in rows if row['list'] == name)})"


def _words(name: str) -> re.Pattern[str]:
    """Pattern for the beginnings of the words of one list of ``words.csv``."""
    return re.compile(rf"\b{_alternatives(name)}", re.IGNORECASE)


# A heading under which a page on one city lists its ties.
TWINNING: Final = _words("twinning")

# The form of a tie, as a heading or a bracket names it.
KIND: Final = _words("kind")

# What a sentence on the end of a tie speaks of.
TIE: Final = _words("tie")

# A tie that ended, for good or for the time being: the words of `ties.importers.status_words`.
ENDED: Final = pattern(["terminated"], ["date"])
PAUSED: Final = pattern(["suspended", "dormant"], ["text"])
FORMER: Final = pattern(["terminated"], ["text"])

# Words that lead in a founding or an end: what stands behind them is the date.
SINCE: Final = _words("since")
UNTIL: Final = _words("until")

# What a place may be besides a city: kept as its level.
_KINDS_OF_LEVEL: Final = (
    r"(?:rural|urban|metropolitan|city|federal|administrative|autonomous|special|municipal)\s+"
)
LEVEL: Final = re.compile(f"(?:{_KINDS_OF_LEVEL})?{_alternatives('level')}", re.IGNORECASE)

# Sentences that say that there is no tie, or that all were ended.
DENIAL: Final = _words("denial")

# Sections of a list that hold no ties.
OTHER_SECTION: Final = _words("other_section")
CONTINENTS: Final = _words("continents")

# Networks that towns join: members of one are not tied pair by pair.
NETWORK: Final = _words("network")

# What a program writes for nothing, and the marks of footnotes.
NOTHING: Final = re.compile(
    r"(?:undefined|null|none|nan|n/?a|unknown|tba|tbd|\[object object\]|[-–—?.]+)", re.IGNORECASE
)
_MARKUP: Final = re.compile(r"[<>{}|\\]|\[\[|\]\]|\.\./|https?:")
YEAR: Final = re.compile(r"(?:1[0-9]|20)\d\d")
FOOTNOTE: Final = re.compile(r"\[[\w\s]{0,12}\]|\d{1,3}\]|↑")

# A sentence that makes a town a member of a network: a scraper takes it for a town.
MEMBERSHIP: Final = _words("membership")

# A name of a place longer than this is a sentence; the longest real one has 85 letters.
MAX_NAME: Final = 100
_MIN_WORDS: Final = 4
_VERB: Final = re.compile(
    r"\b(?:is|are|was|were|has|have|had|does|did|became|signed|established|agreed|maintains?"
    r"|является|имеет|были?|была|подписан\w*|ist|sind|wurden?|hat|haben|est|sont|ont)\b"
)


def is_sentence(text: str) -> bool:
    """Whether a text is a sentence: too long for a name, or words round a verb.

    Examples
    --------
    >>> is_sentence("Gera was the first partner of Arnhem."), is_sentence("St. Johann in Tirol")
    (True, False)
    """
    if len(text) > MAX_NAME:
        return True
    return len(text.split()) >= _MIN_WORDS and _VERB.search(text) is not None


def fault_of(name: str) -> tuple[str, str] | None:
    """Why a text is no name of a place: the rule and the reason; None if it may be one.

    Examples
    --------
    >>> fault_of("1967")
    ('not_a_place', "'1967' is a year and not a place; it may be the founding of a tie")
    >>> fault_of("Omagh terminated its twinning.")[0]
    'no_tie'
    >>> fault_of("Saint Petersburg") is None
    True
    """
    text = name.strip()
    short = repr(text if len(text) <= 60 else text[:59] + "…")
    if YEAR.fullmatch(text):
        reason = f"{short} is a year and not a place; it may be the founding of a tie"
        return "not_a_place", reason
    if FOOTNOTE.fullmatch(text):
        return "not_a_place", f"{short} is the mark of a footnote and not a place"
    if not text or NOTHING.fullmatch(text):
        return "not_a_place", f"{short} stands for nothing; leave the entry out"
    if not any(letter.isalpha() for letter in text):
        return "not_a_place", f"{short} holds no letter; write the name of a place"
    if _MARKUP.search(text):
        return "not_a_place", f"{short} holds markup or an address; write the bare name"
    if DENIAL.search(text):
        return "no_tie", f"{short} says that there is no tie, or that all were ended"
    if NETWORK.fullmatch(text):
        reason = (
            f"{short} is a network that towns join and not a place; list its members one by one"
        )
        return "network", reason
    if MEMBERSHIP.search(text):
        reason = f"{short} says that a town is a member of a network, whose members are not tied"
        return "network", f"{reason} pair by pair"
    if is_sentence(text):
        return "prose", f"{short} is a sentence and not a name; write the name of the place"
    return None


def fault_of_bare(name: str) -> tuple[str, str] | None:
    """Why a name that stands alone, without a country, is no name of a place in one.

    Examples
    --------
    >>> fault_of_bare("France")
    ('not_a_place', "'France' is a country and not a place in one; name the place")
    >>> fault_of_bare("Luxembourg") is None
    True
    """
    found = fault_of(name)
    if found is None and (country_code(name) or "LU") not in CITY_TOO:
        return (
            "not_a_place",
            f"{name.strip()!r} is a country and not a place in one; name the place",
        )
    return found
