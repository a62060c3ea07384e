"""What one item of a list says: one partner, several, or none.

The item ``{{flagicon|FRA}} [[Lyon]], France (since 1991)`` names one partner; ``[[Lyon]] and
[[Nice]]`` names two. Only the markup decides: links, flags, line breaks and semicolons. Where
it leaves two readings (is the second of two links a region or another partner?) the item is
set aside with that as its reason, and a sentence never becomes a place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from ties.importers.wikipedia.annotations import Annotation, annotate, date_in, parted
from ties.importers.wikipedia.areas import country_code, fault_of_bare, is_region
from ties.importers.wikipedia.blocks import Run, plain
from ties.importers.wikipedia.parts import (
    FLAG,
    LINK,
    MAX_TEXT,
    UNKNOWN,
    MarkedLine,
    UncertainError,
    encode,
    is_area,
    listed,
    split,
    within,
)
from ties.importers.wikipedia.words import (
    DENIAL,
    ENDED,
    MEMBERSHIP,
    NETWORK,
    PAUSED,
    TIE,
    fault_of,
    is_sentence,
)

Fault = tuple[str, str]

_LEAD: Final = re.compile(
    rf"\s*(?:(?P<flag>{FLAG})|(?P<link>{LINK})|(?P<text>[^\ue000-\uf8ff:–—,(]{{2,60}}?))"
    r"\s*(?P<mark>:|[–—]|\s-\s|,|$)\s*"
)
_NAME: Final = re.compile(rf"(?P<before>[^\ue000-\uf8ff,(:;–—]{{0,40}})(?P<link>{LINK})")
_PLAIN_NAME: Final = re.compile(r"[^,(:;–—\ue000-\uf8ff]+?(?=\s*(?:[,(]|\s[–—-]\s|$))")
_PIECE: Final = re.compile(
    r"\s*(?:\((?P<bracket>[^()]*)\)|(?:[–—]|-(?=\s))\s*(?P<dash>[^()]*)"
    r"|,\s*(?P<place>[^,()–—]*?)(?=\s*(?:[,()–—]|\s-\s|$))|(?P<rest>[^,()–—]+)|(?P<stray>.))"
)
_MAX_BEFORE_WORDS: Final = 3
_MAX_NAME_WORDS: Final = 6


@dataclass
class Partner:
    """One partner that an item names, in the words of the item."""

    name: str
    target: str = ""
    country: str = ""
    region: str = ""
    annotation: Annotation = field(default_factory=Annotation)
    fault: Fault | None = None
    warnings: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Item:
    """What one list item says: its partners, or why it names none."""

    partners: list[Partner] = field(default_factory=list)
    fault: Fault | None = None


def read_item(runs: list[Run], country: str = "") -> Item:
    """Read one list item.

    Parameters
    ----------
    runs
        What it says, references left out.
    country
        Country of the partners, where a heading above the item names it.

    Returns
    -------
    Item
        Its partners, each perhaps with a fault of its own; or the fault of the whole.
    """
    line = encode(runs)
    if line is None:
        return Item(fault=("too_long", f"holds more than {MAX_TEXT:,} characters or links"))
    fault = _fault_of_whole(line)
    if fault is not None:
        return Item(fault=fault)
    try:
        chunks = split(line)
        partners = [found for chunk in chunks for found in _read_chunk(chunk, line, country)]
    except UncertainError as error:
        return Item(fault=(error.rule, str(error)))
    _share(partners)
    return Item(partners)


def read_sentence(runs: list[Run], holder: str) -> Item:
    """Read a sentence: a tie only if it names one other place and says that the tie stopped.

    Parameters
    ----------
    runs
        A line of text, or an item that begins with a sentence.
    holder
        Name of the place that the text stands under.
    """
    line = encode(runs)
    text = plain(runs)
    fault = (line and _denial(text)) or ("prose", "is a sentence, and names no partner for certain")
    if line is None or not holder:
        return Item(fault=fault)
    links = [
        (mark, run)
        for mark, run in line.runs.items()
        if run.kind == "link" and run.text != holder and not is_area(run.text)
    ]
    stopped = (ENDED.search(text) or PAUSED.search(text)) and TIE.search(text)
    if len(links) != 1 or not stopped or fault[0] != "prose":
        return Item(fault=fault)
    mark, run = links[0]
    behind = line.text[line.text.index(mark) + 1 :]
    place = re.match(r",\s*([^,.;()]{2,60}?)(?=[,.;()]|\s(?:in|on|since|was|and)\s|$)", behind)
    country = line.words(place[1]) if place else ""
    country = country if country_code(country) else ""
    found = Annotation(status=text)
    ended = date_in(text).edtf
    if ended and ENDED.search(text):
        found.ended, found.ended_text = ended, text
    return Item(
        [Partner(run.text, run.target, country, annotation=found, fault=fault_of(run.text))]
    )


def _denial(text: str) -> Fault | None:
    if DENIAL.search(text):
        return "no_tie", "says that there is no tie, or that all were ended"
    if MEMBERSHIP.search(text):
        return "network", "says that a town is a member of a network, which ties no two towns"
    return None


def _fault_of_whole(line: MarkedLine) -> Fault | None:
    text = line.words(line.text)
    unknown = next((run for run in line.runs.values() if run.kind == "unknown"), None)
    if unknown is not None and not any(run.kind == "link" for run in line.runs.values()):
        name = unknown.text[:60]
        return (
            "template",
            f"is written with the template {name!r}, which is not known; spell it out",
        )
    if not text:
        return "empty", "names nothing"
    return _denial(text)


def _read_chunk(chunk: str, line: MarkedLine, country: str) -> list[Partner]:
    """Read a part of an item: an optional country first, then a name, or several after a colon."""
    text, is_list = chunk.strip(" ,"), False
    lead = _LEAD.match(text)
    if lead is not None and lead.end() < len(text):
        word = line.runs[lead["flag"] or lead["link"]].text if not lead["text"] else lead["text"]
        is_country = bool(lead["flag"]) or country_code(word.strip()) is not None
        if is_country and re.search(f"{LINK}|[^\\W\\d_]", text[lead.end() :]):
            country, is_list = word.strip(), lead["mark"] == ":"
            text = text[lead.end() :]
    flag = re.search(FLAG, text)
    if flag is not None:
        country = line.runs[flag[0]].text or country
        text = re.sub(rf"\s*{FLAG}\s*", " ", text).strip(" ,")
    text = re.sub(UNKNOWN, " ", text)
    parts = listed(text, line) if is_list else [text]
    return [_read_partner(part, line, country) for part in parts]


def _read_partner(text: str, line: MarkedLine, country: str) -> Partner:
    text = text.strip(" ,.")
    link, plain_name = _NAME.match(text), _PLAIN_NAME.match(text)
    if link is not None:
        partner = _named_by_link(link, line)
        rest = text[link.end() :]
    elif plain_name is not None:
        name = line.words(plain_name[0])
        partner, rest = Partner(name), text[plain_name.end() :]
    else:
        raise UncertainError("prose", "does not begin with the name of a place")
    places = _read_rest(rest, partner, line)
    _place(partner, places, country, line)
    partner.fault = _fault_of(partner, is_linked=link is not None)
    return partner


def _named_by_link(found: re.Match[str], line: MarkedLine) -> Partner:
    before, run = " ".join(found["before"].split()), line.runs[found["link"]]
    is_long = len(before.split()) > _MAX_BEFORE_WORDS or is_sentence(before)
    if is_long or TIE.search(before) or any(letter.isdigit() for letter in before):
        raise UncertainError("prose", "is a sentence, and names no partner for certain")
    return Partner(f"{before} {run.text}".strip(), run.target)


def _read_rest(rest: str, partner: Partner, line: MarkedLine) -> list[str]:
    """Read what stands behind a name; give the parts that say where the place lies."""
    places: list[str] = []
    for piece in _PIECE.finditer(rest):
        if piece["place"] is not None:
            words = line.words(piece["place"])
            head, tail = parted(words)
            if tail and is_area(head):
                places.append(head)
                annotate(tail, partner.annotation)
            elif words and annotate(words).says_something and not country_code(words):
                annotate(words, partner.annotation)
            elif words:
                places.append(piece["place"])
        elif piece["bracket"] is not None:
            _read_bracket(line.words(piece["bracket"]), partner, places)
        elif piece["dash"] is not None:
            annotate(line.words(piece["dash"]), partner.annotation)
        elif piece["rest"] is not None and piece["rest"].strip():
            _read_glued(piece["rest"], partner, line, places)
    return places


def _read_bracket(words: str, partner: Partner, places: list[str]) -> None:
    if not words:
        return
    if country_code(words) is not None and not partner.country:
        places.append(words)
        return
    found = annotate(words)
    if found.says_something or places or len(found.notes) != 1 or len(words.split()) > 4:
        annotate(words, partner.annotation)
    else:
        # "Pushkin (Saint Petersburg), Russia": the bracket says which one.
        partner.region = words


def _read_glued(text: str, partner: Partner, line: MarkedLine, places: list[str]) -> None:
    """Read words that follow a name without a mark: a date or a state, or it is a sentence."""
    words = line.words(text)
    inside = re.match(r"\s*in\s+(?:the\s+)?(.+)$", text.strip())
    if inside is not None and country_code(line.words(inside[1])) is not None:
        places.append(inside[1])
        return
    if not any(letter.isalnum() for letter in words):
        return
    if not annotate(words).says_something:
        raise UncertainError("prose", f"goes on with {words[:60]!r}; is it a sentence?")
    annotate(words, partner.annotation)


def _place(partner: Partner, places: list[str], country: str, line: MarkedLine) -> None:
    """Take the country and the region from the words behind a name."""
    words = [line.words(place) for place in places]
    flagged = country
    if words and country_code(words[-1]) is not None:
        is_state = flagged and is_region(words[-1])
        if not is_state or country_code(flagged) in (None, country_code(words[-1])):
            country = words.pop()
            places = places[: len(words)]
            _compare(flagged, country, partner)
    _check_regions(places, words, partner, line)
    partner.country = country
    region = ", ".join(words)
    partner.region = ", ".join(part for part in (partner.region, region) if part)
    _from_target(partner)


def _compare(flagged: str, country: str, partner: Partner) -> None:
    codes = country_code(flagged), country_code(country)
    if flagged and None not in codes and codes[0] != codes[1]:
        message = f"the flag or heading says {flagged!r}, the text {country!r}; the text was taken"
        partner.warnings.append(("country_conflict", message))


def _check_regions(places: list[str], words: list[str], partner: Partner, line: MarkedLine) -> None:
    """See that the links behind a name are regions and not further partners."""
    own = Run("link", partner.name, partner.target)
    unsure = [
        word
        for place, word in zip(places, words, strict=True)
        if re.fullmatch(rf"\s*{LINK}\s*", place) and not is_region(word) and not within(own, word)
    ]
    if len(unsure) > 1:
        names = ", ".join(map(repr, unsure))
        reason = f"names {names} behind {partner.name!r}, apart by commas: partners or regions?"
        raise UncertainError("several_uncertain", f"{reason} Part the partners by semicolons")
    if unsure:
        message = f"{unsure[0]!r} was taken for where {partner.name!r} lies, not for a partner"
        partner.warnings.append(("region_unsure", message))


def _from_target(partner: Partner) -> None:
    """Take from the target of a link what the text leaves out: Portland, Maine."""
    _, comma, where = partner.target.partition(", ")
    if not comma or not where or "(" in where:
        return
    if country_code(where) is not None and not is_region(where):
        partner.country = partner.country or where
    elif not partner.region and where != partner.country:
        partner.region = where


def _fault_of(partner: Partner, *, is_linked: bool) -> Fault | None:
    if NETWORK.fullmatch(partner.name) or NETWORK.fullmatch(partner.target):
        return "network", f"{partner.name!r} is a network that towns join and not a place"
    has_place = bool(partner.country or partner.region)
    fault = fault_of(partner.name) if has_place else fault_of_bare(partner.name)
    if fault is not None or is_linked:
        return fault
    if len(partner.name.split()) > _MAX_NAME_WORDS or not partner.name[:1].isupper():
        return "prose", "does not begin with the name of a place"
    if country_code(partner.country) is None:
        reason = f"{partner.name!r} has no link, no flag and no country; is it a place?"
        return "unmarked_text", f"{reason} Write its country behind a comma"
    return None


def _share(partners: list[Partner]) -> None:
    """Warn where a date or a state behind the last of several may hold for all of them."""
    if len(partners) < 2:
        return
    *others, last = partners
    if last.annotation.says_something and not any(
        other.annotation.says_something for other in others
    ):
        message = "what stands behind the last of several partners was taken for that one alone"
        partners[-1].warnings.append(("shared_annotation", message))
