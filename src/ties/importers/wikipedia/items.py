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

from ties.importers.freetext import find_date
from ties.importers.wikipedia.annotations import Annotation, annotate, parted
from ties.importers.wikipedia.blocks import Run, plain
from ties.importers.wikipedia.words import (
    DENIAL,
    ENDED,
    MEMBERSHIP,
    NETWORK,
    PAUSED,
    TIE,
    fault_of,
    fault_of_bare,
    is_sentence,
)
from ties.places.countries import country_code, is_region

Fault = tuple[str, str]

# For the grammar, links and flags are single characters of Unicode's private area in a plain text,
# so that it can be written as patterns over that text, each of them linear.
_LINK: Final = "[\ue000-\uefff]"
_FLAG: Final = "[\uf000-\uf6ff]"
_UNKNOWN: Final = "[\uf700-\uf7ff]"
_PRIVATE: Final = re.compile("[\ue000-\uf8ff]")
_FIRST: Final = {"link": 0xE000, "flag": 0xF000, "unknown": 0xF700}
_ROOM: Final = {"link": 0x1000, "flag": 0x700, "unknown": 0x100}
_STRONG: Final = re.compile(r"\s*(?:\n|;|\s/\s|[·•])\s*")
_AND: Final = re.compile(r"\s+(?:and|und|et|en|y|e|i|и|та|&)\s+")
_MAX_TEXT: Final = 20_000
_ROUND: Final = str.maketrans("[]", "()")

_LEAD: Final = re.compile(
    rf"\s*(?:(?P<flag>{_FLAG})|(?P<link>{_LINK})|(?P<text>[^\ue000-\uf8ff:–—,(]{{2,60}}?))"
    r"\s*(?P<mark>:|[–—]|\s-\s|,|$)\s*"
)
_NAME: Final = re.compile(rf"(?P<before>[^\ue000-\uf8ff,(:;–—]{{0,40}})(?P<link>{_LINK})")
_PLAIN_NAME: Final = re.compile(r"[^,(:;–—\ue000-\uf8ff]+?(?=\s*(?:[,(]|\s[–—-]\s|$))")
_PIECE: Final = re.compile(
    r"\s*(?:\((?P<bracket>[^()]*)\)|(?:[–—]|-(?=\s))\s*(?P<dash>[^()]*)"
    r"|,\s*(?P<place>[^,()–—]*?)(?=\s*(?:[,()–—]|\s-\s|$))|(?P<rest>[^,()–—]+)|(?P<stray>.))"
)
_MAX_BEFORE_WORDS: Final = 3
_MAX_NAME_WORDS: Final = 6


@dataclass(frozen=True)
class _Line:
    """A line as a plain text, with the links and flags that stand in it."""

    text: str
    runs: dict[str, Run]

    def words(self, text: str) -> str:
        """A part of the text with the links spelt out and the flags left out."""
        return " ".join(_PRIVATE.sub(self._word, text).split())

    def _word(self, found: re.Match[str]) -> str:
        run = self.runs[found[0]]
        return "" if run.kind == "flag" else run.text


class UncertainError(Exception):
    """The markup leaves more than one reading, or none."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule


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
    line = _encode(runs)
    if line is None:
        return Item(fault=("too_long", f"holds more than {_MAX_TEXT:,} characters or links"))
    fault = _fault_of_whole(line)
    if fault is not None:
        return Item(fault=fault)
    try:
        chunks = _split(line)
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
    line = _encode(runs)
    text = plain(runs)
    fault = (line and _denial(text)) or ("prose", "is a sentence, and names no partner for certain")
    if line is None or not holder:
        return Item(fault=fault)
    links = [
        (mark, run)
        for mark, run in line.runs.items()
        if run.kind == "link" and run.text != holder and not _is_area(run.text)
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
    ended = find_date(text).edtf
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


def _fault_of_whole(line: _Line) -> Fault | None:
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


def _read_chunk(chunk: str, line: _Line, country: str) -> list[Partner]:
    """Read a part of an item: an optional country first, then a name, or several after a colon."""
    text, is_list = chunk.strip(" ,"), False
    lead = _LEAD.match(text)
    if lead is not None and lead.end() < len(text):
        word = line.runs[lead["flag"] or lead["link"]].text if not lead["text"] else lead["text"]
        is_country = bool(lead["flag"]) or country_code(word.strip()) is not None
        if is_country and re.search(f"{_LINK}|[^\\W\\d_]", text[lead.end() :]):
            country, is_list = word.strip(), lead["mark"] == ":"
            text = text[lead.end() :]
    flag = re.search(_FLAG, text)
    if flag is not None:
        country = line.runs[flag[0]].text or country
        text = re.sub(rf"\s*{_FLAG}\s*", " ", text).strip(" ,")
    text = re.sub(_UNKNOWN, " ", text)
    parts = _listed(text, line) if is_list else [text]
    return [_read_partner(part, line, country) for part in parts]


def _read_partner(text: str, line: _Line, country: str) -> Partner:
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


def _named_by_link(found: re.Match[str], line: _Line) -> Partner:
    before, run = " ".join(found["before"].split()), line.runs[found["link"]]
    is_long = len(before.split()) > _MAX_BEFORE_WORDS or is_sentence(before)
    if is_long or TIE.search(before) or any(letter.isdigit() for letter in before):
        raise UncertainError("prose", "is a sentence, and names no partner for certain")
    return Partner(f"{before} {run.text}".strip(), run.target)


def _read_rest(rest: str, partner: Partner, line: _Line) -> list[str]:
    """Read what stands behind a name; give the parts that say where the place lies."""
    places: list[str] = []
    for piece in _PIECE.finditer(rest):
        if piece["place"] is not None:
            words = line.words(piece["place"])
            head, tail = parted(words)
            if tail and _is_area(head):
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


def _read_glued(text: str, partner: Partner, line: _Line, places: list[str]) -> None:
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


def _place(partner: Partner, places: list[str], country: str, line: _Line) -> None:
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


def _check_regions(places: list[str], words: list[str], partner: Partner, line: _Line) -> None:
    """See that the links behind a name are regions and not further partners."""
    own = Run("link", partner.name, partner.target)
    unsure = [
        word
        for place, word in zip(places, words, strict=True)
        if re.fullmatch(rf"\s*{_LINK}\s*", place) and not is_region(word) and not _within(own, word)
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


# A line cut into its parts, a partner or a group of partners each.


def _encode(runs: list[Run]) -> _Line | None:
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
            parts.append("\n" if run.kind == "break" else _PRIVATE.sub("\ufffd", run.text))
    text = "".join(parts)
    return None if len(text) > _MAX_TEXT else _Line(_flat_brackets(text).strip(), marks)


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
    return re.search(f"{_LINK}|{_FLAG}", text) is not None


def _split(line: _Line) -> list[str]:
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
    flags = _outside(re.compile(_FLAG), part)
    if len(flags) < 2:
        return [part]
    link = re.search(_LINK, part)
    if link is not None and link.start() < flags[0].start():
        cuts = [flag.end() for flag in flags[:-1]]
    else:
        cuts = [flag.start() for flag in flags[1:]]
    pieces = [part[start:end] for start, end in zip([0, *cuts], [*cuts, len(part)], strict=True)]
    pieces = [re.sub(r"^[\s,]+|[\s,]+$|\s(?:and|und|et|y|и)\s*$", "", piece) for piece in pieces]
    # Two flags before one name: a tie with a place of two countries, or a slip.
    return pieces if all(re.search(f"{_LINK}|[^\\W\\d_]", piece) for piece in pieces) else [part]


def _split_at_and(chunk: str, line: _Line) -> list[str]:
    """Cut at "and" where a link stands on either side and begins the second."""
    marks = []
    for mark in _outside(_AND, chunk):
        right = chunk[mark.end() :]
        is_name = re.match(f"{_FLAG}?\\s*{_LINK}", right) is not None
        if is_name and re.search(_LINK, chunk[: mark.start()]):
            marks.append(mark)
    if not marks or country_code(line.words(chunk)) is not None:
        return [chunk]
    flag = re.match(rf"\s*({_FLAG})", chunk)
    pieces: list[str] = []
    for piece in _cut(chunk, marks):
        links = re.findall(_LINK, piece)
        if len(links) > 1 and re.fullmatch(rf"(?:[\s,]|{_LINK}|{_FLAG})*", piece):
            texts = [line.runs[link].text for link in links]
            # "A, B and C": an enumeration, unless B says where A lies.
            if not any(_is_area(text) or _within(line.runs[links[0]], text) for text in texts[1:]):
                pieces += links
                continue
        pieces.append(piece)
    lead = flag[1] if flag else ""
    return [piece if re.search(_FLAG, piece) else lead + piece for piece in pieces]


def _is_area(text: str) -> bool:
    """Whether a text is the name of a country or of a listed region."""
    return country_code(text) is not None or is_region(text)


def _within(link: Run, text: str) -> bool:
    """Whether the target of a link names a text as where the place lies."""
    return re.search(rf"(?:, |\(){re.escape(text)}\)?$", link.target) is not None


def _listed(text: str, line: _Line) -> list[str]:
    """Cut what follows "France:" at its commas, where each part begins with a link."""
    parts = _cut(text, _outside(re.compile(r"\s*,\s*"), text))
    if len(parts) > 1 and all(re.match(_LINK, part) for part in parts):
        first = line.runs[parts[0][0]]
        texts = [line.runs[part[0]].text for part in parts[1:]]
        if not any(_is_area(word) or _within(first, word) for word in texts):
            return parts
    return [text]
