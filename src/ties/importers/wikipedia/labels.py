"""What stands above the items of a list: names of places, and labels that say what follows.

A label is a heading, a line in bold or an outer item that names no place: a country, a form
of tie ("Friendship cities"), a state ("Former twin towns"), a network, or just a letter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ties.importers.wikipedia.areas import country_code
from ties.importers.wikipedia.blocks import Run, plain
from ties.importers.wikipedia.words import (
    CONTINENTS,
    ENDED,
    FORMER,
    KIND,
    LEVEL,
    NETWORK,
    PAUSED,
    TWINNING,
    is_sentence,
)

_LETTERS: Final = re.compile(
    r"\W?\w{1,2}(?:\s*[-–—,/]\s*\w{1,2})*\W?|[0-9–-]+|other|others|contents", re.I
)
# Headings that part a list by the kind of place, and name none.
_GENERIC: Final = re.compile(
    r"(?:(?:list(?: of)?|overview|by|and|other|the|metropolitan|unitary|local|of|&)\s+)*"
    r"(?:cities|towns|municipalities|counties|districts|regions|provinces|states|communes"
    r"|villages|boroughs|prefectures|country|overview|list|города|районы|области|городские округа)"
    r"(?:(?:,| and| &| or)? (?:cities|towns|municipalities|counties|districts|regions|provinces"
    r"|villages|boroughs|communes|communities|authorities))*",
    re.IGNORECASE,
)
MAX_LABEL_WORDS: Final = 8


@dataclass(frozen=True)
class Context:
    """What headings and labels say of the items below them; blanks say nothing."""

    country: str = ""
    kind: str = ""
    status: str = ""
    network: str = ""

    def under(self, outer: Context) -> Context:
        """Give this context with what the outer one says beside it."""
        kind = self.kind or ("" if self.status else outer.kind)
        return Context(
            self.country or outer.country,
            kind,
            self.status or outer.status,
            self.network or ("" if self != Context() else outer.network),
        )


def read_label(text: str) -> Context | None:
    """Give what a heading or label says of the items below it; None if it is just a name.

    Examples
    --------
    >>> read_label("Former twin towns"), read_label("Friendship cities").kind
    (Context(country='', kind='', status='Former twin towns', network=''), 'Friendship cities')
    >>> read_label("Lyon") is None
    True
    """
    label = text.strip(" :–—")
    if not label or len(label.split()) > MAX_LABEL_WORDS or is_sentence(label):
        return None
    if NETWORK.search(label):
        return Context(network=label)
    if FORMER.search(label) or ENDED.search(label) or PAUSED.search(label):
        return Context(status=label)
    if country_code(label) is not None:
        return Context(country=label)
    if KIND.search(label) or TWINNING.search(label):
        return Context(kind=label)
    if _LETTERS.fullmatch(label) or _GENERIC.fullmatch(label) or CONTINENTS.fullmatch(label):
        return Context()
    return None


def name_of(runs: list[Run]) -> tuple[str, str, str, str]:
    """Give the name, the region, the level and the link of a place that stands as a title."""
    text = plain(runs)
    links = [run for run in runs if run.kind == "link"]
    level = ""
    bracket = re.search(r"\s*\(([^()]{1,40})\)\s*$", text)
    if bracket is not None and LEVEL.fullmatch(bracket[1].strip()):
        level, text = bracket[1].strip(), text[: bracket.start()]
    name, _, region = (part.strip(" .:") for part in text.partition(","))
    target = links[0].target if links and links[0].text.strip() in (text.strip(), name) else ""
    _, comma, where = target.partition(", ")
    if comma and not region and "(" not in where and country_code(where) is None:
        region = where
    return name, region, level, target


def leading_bold(runs: list[Run]) -> list[Run]:
    """Give the runs in bold that a line begins with, flags and blanks before them included."""
    found: list[Run] = []
    for run in runs:
        if not run.is_bold and (run.kind != "flag" and run.text.strip()):
            break
        found.append(run)
    return found if any(run.is_bold and run.text.strip() for run in found) else []


def looks_of(runs: list[Run]) -> list[str]:
    """Say how an item is set apart as a whole: in italics, or struck out."""
    names = [run for run in runs if run.kind == "link"] or [
        run for run in runs if run.kind == "text" and run.text.strip()
    ]
    looks = ["struck out"] if names and all(run.is_struck for run in names) else []
    return [*looks, *(["set in italics"] if names and all(run.is_italic for run in names) else [])]
