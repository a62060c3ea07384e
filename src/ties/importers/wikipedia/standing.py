"""Where reading stands on a page: the headings, names and labels above an item."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from ties.importers.collector import Collector
from ties.importers.wikipedia.about import About, Place
from ties.importers.wikipedia.areas import CITY_TOO, country_code
from ties.importers.wikipedia.blocks import Block, Run, plain
from ties.importers.wikipedia.items import Fault
from ties.importers.wikipedia.labels import Context, name_of, read_label
from ties.importers.wikipedia.words import MEMBERSHIP, OTHER_SECTION, is_sentence

_MAX_NAME_WORDS: Final = 9


@dataclass
class Heading:
    """A heading, and what it says of the items below it; None if it names a place."""

    level: int
    block: Block
    label: Context | None


@dataclass
class Standing:
    """What stands above the item that is being read."""

    about: About
    entries: Collector
    headings: list[Heading] = field(default_factory=list)
    named: Place | None = None
    named_level: int = 0
    label: Context = field(default_factory=Context)
    warned: set[int] = field(default_factory=set)

    def open(self, block: Block) -> None:
        """Take a heading, which ends what stood under those of its level and below."""
        self.headings = [above for above in self.headings if above.level < block.level]
        if self.named is not None and block.level <= self.named_level:
            self.named = None
        self.label = Context()
        self.headings.append(Heading(block.level, block, read_label(block.text)))

    def holder(self) -> Place | None:
        """Give the place that an item stands under: the last in bold, or the nearest heading."""
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
        """Say once that a heading without a link was taken for a place with partners."""
        line = holder.heading_line
        if not line or line in self.warned:
            return
        self.warned.add(line)
        message = f"line {line}: the heading {holder.name!r} was taken for a place"
        self.entries.warn("heading_as_place", message, line=line, value=holder.name)

    def place(
        self, runs: list[Run], references: tuple[str, ...], below: Heading | None = None
    ) -> Place:
        """Give a place from its name, with the country and the region of the headings above."""
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
        """Say whether a text names the city of a country of that name, such as Luxembourg."""
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
        """Give why no item of the section is a tie; None if they may be ties."""
        for heading in self.headings:
            if OTHER_SECTION.fullmatch(heading.block.text):
                return (
                    "other_section",
                    f"stands in the section {heading.block.text!r}, not in a list of ties",
                )
        return None
