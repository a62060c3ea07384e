"""What stands above an item: headings, names of places, and labels that say what follows.

A label is a heading, a line in bold or an outer item that names no place: a country, a form
of tie ("Friendship cities"), a state ("Former twin towns"), a network, or just a letter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from ties.importers.collector import Collector
from ties.importers.wikipedia.about import About, Place
from ties.importers.wikipedia.blocks import Block, Run, plain
from ties.importers.wikipedia.items import Fault
from ties.importers.wikipedia.words import (
    CONTINENTS,
    ENDED,
    FORMER,
    KIND,
    LEVEL,
    MEMBERSHIP,
    NETWORK,
    OTHER_SECTION,
    PAUSED,
    TWINNING,
    is_sentence,
)
from ties.places.countries import CITY_TOO, country_code

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
_MAX_NAME_WORDS: Final = 9


@dataclass(frozen=True)
class Context:
    """What headings and labels say of the items below them; blanks say nothing."""

    country: str = ""
    kind: str = ""
    status: str = ""
    network: str = ""

    def under(self, outer: Context) -> Context:
        """The context with what the outer one says beside it."""
        kind = self.kind or ("" if self.status else outer.kind)
        return Context(
            self.country or outer.country,
            kind,
            self.status or outer.status,
            self.network or ("" if self != Context() else outer.network),
        )


def read_label(text: str) -> Context | None:
    """What a heading or label says of the items below it; None if it is just a name.

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
    """Name, the region, the level and the link of a place that stands as a title."""
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
    """Runs in bold that a line begins with, flags and blanks before them included."""
    found: list[Run] = []
    for run in runs:
        if not run.is_bold and (run.kind != "flag" and run.text.strip()):
            break
        found.append(run)
    return found if any(run.is_bold and run.text.strip() for run in found) else []


def looks_of(runs: list[Run]) -> list[str]:
    """How an item is set apart as a whole: in italics, or struck out."""
    names = [run for run in runs if run.kind == "link"] or [
        run for run in runs if run.kind == "text" and run.text.strip()
    ]
    looks = ["struck out"] if names and all(run.is_struck for run in names) else []
    return [*looks, *(["set in italics"] if names and all(run.is_italic for run in names) else [])]


@dataclass
class Heading:
    """A heading, and what it says of the items below it; None if it names a place."""

    level: int
    block: Block
    label: Context | None


@dataclass
class Surroundings:
    """What stands above the item that is being read."""

    about: About
    entries: Collector
    headings: list[Heading] = field(default_factory=list)
    named: Place | None = None
    named_level: int = 0
    label: Context = field(default_factory=Context)
    warned: set[tuple[int, str]] = field(default_factory=set)

    def open(self, block: Block) -> None:
        """Take a heading, which ends what stood under those of its level and below."""
        self.headings = [above for above in self.headings if above.level < block.level]
        if self.named is not None and block.level <= self.named_level:
            self.named = None
        self.label = Context()
        self.headings.append(Heading(block.level, block, read_label(block.text)))

    def holder(self) -> Place | None:
        """Place that an item stands under: the last in bold, or the nearest heading."""
        if self.about.holder is not None:
            return self.about.holder
        if self.named is not None:
            return self.named
        for heading in reversed(self.headings):
            if heading.label is None:
                block = heading.block
                is_linked = any(run.kind == "link" for run in block.runs)
                place = self.place(block.runs, tuple(block.references), heading)
                return replace(place, heading_line=0 if is_linked else block.line)
        return None

    def warn_of_heading(self, holder: Place) -> None:
        """Warn once that a heading without a link was taken for a place with partners."""
        line = holder.heading_line
        if not line or (line, holder.name) in self.warned:
            return
        self.warned.add((line, holder.name))
        message = f"line {line}: the heading {holder.name!r} was taken for a place"
        self.entries.warn("heading_as_place", message, line=line, value=holder.name)

    def place(
        self, runs: list[Run], references: tuple[str, ...], below: Heading | None = None
    ) -> Place:
        """A place from its name, with the country and the region of the headings above."""
        name, region, level, target = name_of(runs)
        above = [heading for heading in self.headings if heading is not below]
        countries = [h.label.country for h in above if h.label is not None and h.label.country]
        regions = [h.block.text for h in above if h.label is None]
        place = Place(name, self.about.country, self.about.region, level, target, references)
        if not place.country and countries:
            place = replace(place, country=countries[-1])
        return replace(place, region=region or (regions[-1] if regions else place.region))

    def context(self, own: Context) -> Context:
        """Gather what headings, labels and outer items say, the nearest first."""
        found = own.under(self.label)
        for heading in reversed(self.headings):
            label = heading.label
            if label is None:
                continue
            # In a list, a country above the places is where these lie, not their partners.
            is_theirs = self.about.is_list and not self._has_holder_above(heading)
            if not label.country or not is_theirs:
                found = found.under(label)
        return found

    def _has_holder_above(self, heading: Heading) -> bool:
        above = self.headings[: self.headings.index(heading)]
        return any(other.label is None for other in above)

    def is_city_too(self, text: str) -> bool:
        """Whether a text names the city of a country of that name, such as Luxembourg."""
        code = country_code(text)
        return code in CITY_TOO and code == country_code(self.about.country)

    def name(self, block: Block, bold: list[Run]) -> None:
        """Take the name of the place that the items below belong to."""
        whole = block.runs if len(block.text.split()) <= _MAX_NAME_WORDS else bold
        is_name = not is_sentence(plain(whole)) and not MEMBERSHIP.search(plain(whole))
        self.named = self.place(whole if is_name else bold, tuple(block.references))
        self.named_level = self.headings[-1].level if self.headings else 0
        self.label = Context()

    def section_fault(self) -> Fault | None:
        """Why no item of the section is a tie; None if they may be ties."""
        for heading in self.headings:
            if OTHER_SECTION.fullmatch(heading.block.text):
                return (
                    "other_section",
                    f"stands in the section {heading.block.text!r}, not in a list of ties",
                )
        return None
