"""What one item of a list says: one partner, several, or none.

An item is read from the left, piece by piece. Commas, dashes, colons, brackets, flags and an "and"
before a link part its pieces, and each piece is one of these:

    item     = [before] name { beside }
    before   = flag | country | date            {{flagicon|FRA}} or France: or 1991 –
    name     = link, with up to three words before it, or plain words that begin with a capital
    beside   = country | region | clauses       , France or (since 1991) or – suspended

The next name begins after a semicolon, a line break, an "and", or a flag of its own. Where the
markup leaves two readings (is the second of two links a region or another partner?) the item is
set aside with that as its reason, and a sentence never becomes a place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final

from ties.importers.freetext import find_date
from ties.importers.wikipedia.annotations import Annotation, annotate, clauses, parted
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
_MAX_TEXT: Final = 20_000

_STRONG: Final = re.compile(r"\s*(?:\n|;|\s/\s|[·•])\s*")
_AND: Final = rf"\s(?:and|und|et|en|y|e|i|и|та|&)(?=\s{_FLAG}?\s?{_LINK})"
# A comma parts, but not a day from its year: "June 5, 1991".
_MARK: Final = (
    rf"\s?(?:,(?!\s\d{{4}}\b)|(?<!\s\d)(?<!\s\d\d),|:(?=\s|$|{_LINK}|{_FLAG})|[–—]|-(?=\s))"
)
_PIECE: Final = re.compile(
    rf"(?:(?P<and>{_AND})|(?P<mark>(?:{_MARK})+))?\s?(?:\((?P<bracket>[^()]*)\)|(?P<flag>{_FLAG})"
    rf"|(?P<words>[^\s(\uf000-\uf6ff](?:(?!{_AND}|{_MARK})[^(\uf000-\uf6ff])*))"
)
_NAME: Final = re.compile(rf"(?P<before>[^\ue000-\uefff:/–—]*)(?P<link>{_LINK})(?P<rest>.*)")
_LEAD_LINK: Final = re.compile(rf"({_LINK})\s?(?={_LINK})")
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
        partners = _read_parts(line, country)
    except UncertainError as error:
        return Item(fault=(error.rule, str(error)))
    _warn_of_shared(partners)
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
    found = Annotation(status=text)
    ended = find_date(text).edtf
    if ended and ENDED.search(text):
        found.ended, found.ended_text = ended, text
    country = country if country_code(country) else ""
    fault_of_name = fault_of(run.text)
    return Item([Partner(run.text, run.target, country, annotation=found, fault=fault_of_name)])


def _denial(text: str) -> Fault | None:
    if DENIAL.search(text):
        return "no_tie", "says that there is no tie, or that all were ended"
    if MEMBERSHIP.search(text):
        return "network", "says that a town is a member of a network, which ties no two towns"
    return None


def _fault_of_whole(line: _Line) -> Fault | None:
    text = line.words(line.text)
    kinds = {run.kind: run for run in line.runs.values()}
    if "unknown" in kinds and "link" not in kinds:
        name = kinds["unknown"].text[:60]
        reason = f"is written with the template {name!r}, which is not known; spell it out"
        return "template", reason
    return _denial(text) if text else ("empty", "names nothing")


def _read_parts(line: _Line, country: str) -> list[Partner]:
    """Read the parts of an item between semicolons and line breaks, a partner or more each."""
    parts = _cut(re.sub(_UNKNOWN, " ", line.text))
    has_links = re.search(f"{_LINK}|{_FLAG}", line.text) is not None
    partners: list[Partner] = []
    for part in parts:
        words = line.words(re.sub("[()]", ";", part)).strip(" /–—,.:")
        if partners and annotate(words).says_something and not re.search(_LINK, part):
            annotate(words, partners[-1].annotation)
        elif has_links and not re.search(f"{_LINK}|{_FLAG}", part):
            reason = f"names {line.words(part)!r} without a link: a partner or a note?"
            raise UncertainError("several_uncertain", reason)
        else:
            partners += _Part(line, country).read(" ".join(part.split()).strip(" ,."))
    return partners


def _cut(text: str) -> list[str]:
    """Cut a text at the strong marks that stand in no bracket."""
    masked = re.sub(r"\([^()]*\)", lambda found: "_" * len(found[0]), text)
    marks = list(_STRONG.finditer(masked))
    starts = [0, *(mark.end() for mark in marks)]
    ends = [*(mark.start() for mark in marks), len(text)]
    parts = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    return [part for part in parts if part.strip()]


@dataclass
class _Part:
    """A part of an item as it is read from the left.

    Parameters
    ----------
    country
        What a heading, a flag or a leading word says of the names that follow.
    is_list
        Whether each link behind a comma is a partner, as in "France: A, B".
    held
        Clauses that stand before the first name.
    places
        What stands beside the last partner and may be where it lies.
    """

    line: _Line
    country: str
    is_list: bool = False
    is_flagged_first: bool = False
    held: list[str] = field(default_factory=list)
    partners: list[Partner] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    is_open: bool = False

    def read(self, text: str) -> list[Partner]:
        """Read the part to its end; the last of its partners may lack nothing but a name."""
        pieces = list(_PIECE.finditer(text))
        for piece, following in zip_longest(pieces, pieces[1:]):
            words, mark = (piece["words"] or "").strip(), (piece["mark"] or "").strip()
            if piece["flag"]:
                self._read_flag(self.line.runs[piece["flag"]].text, text[piece.end() :])
            elif piece["bracket"] is not None:
                self._read_bracket(self.line.words(piece["bracket"]))
            elif not self.is_open:
                self.is_list |= self.is_flagged_first and mark == ":"
                self._begin(words, following)
            elif piece["and"] or self._is_next(mark, words):
                self._enumerate(is_and=piece["and"] is not None)
                self._name(words)
            elif mark not in ("", ":"):
                self._read_beside(words, is_dash=mark != ",")
            else:
                self._read_glued(words)
        self._finish()
        if not self.partners:
            raise UncertainError("prose", "does not begin with the name of a place")
        return self.partners

    def _read_flag(self, country: str, after: str) -> None:
        """Take a flag: of the next name, or of the last if names go before their flags here."""
        if not self.partners:
            # Two flags before one name: a tie with a place of two countries, or a slip.
            self.country = self.country if self.is_flagged_first else country
            self.is_flagged_first = True
        elif self.is_flagged_first and re.search(rf"{_LINK}|[^\W\d_]", after):
            self._finish()
            self.country, self.is_list = country, False
        elif self.is_open:
            self.country = country or self.country
            self.is_list = True

    def _begin(self, words: str, following: re.Match[str] | None) -> None:
        """Take the piece that holds a name; or a country or a date that stands before it."""
        lead = _LEAD_LINK.match(words)
        if lead is not None and country_code(self.line.runs[lead[1]].text) is not None:
            self.country, words = self.line.runs[lead[1]].text, words[lead.end() :]
        spelt = self.line.words(words)
        mark = ((following and following["mark"]) or "").strip()
        if self._is_lead(spelt, mark, following):
            self.country, self.is_list = spelt, mark == ":"
        elif mark not in ("", ",") and country_code(spelt) is None and _is_clause(spelt):
            self.held.append(spelt)
        else:
            self._name(words)

    def _is_lead(self, spelt: str, mark: str, following: re.Match[str] | None) -> bool:
        """Whether words are the country of a name that follows them."""
        if country_code(spelt) is None or following is None or not following["words"]:
            return False
        behind = self.line.words(following["words"])
        is_name = re.search(_LINK, following["words"]) is not None or behind[:1].isupper()
        return bool(mark) and is_name and (mark == ":" or country_code(behind) is None)

    def _name(self, words: str) -> None:
        link = _NAME.match(words)
        if link is None:
            name, tail = parted(self.line.words(words))
            if not any(letter.isalpha() for letter in name):
                raise UncertainError("prose", "does not begin with the name of a place")
            partner, rest = Partner(name), tail
        else:
            before, run = " ".join(link["before"].split()), self.line.runs[link["link"]]
            is_long = len(before.split()) > _MAX_BEFORE_WORDS or is_sentence(before)
            if is_long or TIE.search(before) or re.search(r"\d", before):
                raise UncertainError("prose", "is a sentence, and names no partner for certain")
            partner, rest = Partner(f"{before} {run.text}".strip(), run.target), link["rest"]
        self.partners.append(partner)
        self.is_open = True
        for clause in self.held:
            annotate(clause, partner.annotation)
        self.held = []
        if rest.strip():
            self._read_glued(rest)

    def _is_next(self, mark: str, words: str) -> bool:
        """Whether a link behind a comma is the next partner, and not where the last one lies."""
        is_link = re.match(_LINK, words) is not None
        return is_link and mark == "," and self.is_list and not self._lies_in(words[0])

    def _enumerate(self, *, is_and: bool) -> None:
        """Finish a partner; what stands before an "and" are more: "A, B and C"."""
        links, has_notes = self.places, self.partners[-1].annotation.says_something
        if is_and and not has_notes and not any(self._is_sure(link) for link in links):
            self.places = []
            for link in links:
                self._finish()
                self._name(link)
        self._finish()

    def _is_sure(self, place: str) -> bool:
        return not re.fullmatch(_LINK, place) or self._lies_in(place)

    def _lies_in(self, link: str) -> bool:
        """Whether a link is an area, or the target of the last partner's link names it as one."""
        text = self.line.runs[link].text
        named = re.search(rf"(?:, |\(){re.escape(text)}\)?$", self.partners[-1].target)
        return _is_area(text) or named is not None

    def _read_beside(self, words: str, *, is_dash: bool) -> None:
        """Read what stands behind a comma or dash: a country or region, clauses, or both."""
        annotation, spelt = self.partners[-1].annotation, self.line.words(words)
        head, tail = parted(spelt)
        if tail and _is_area(head):
            self.places.append(head)
            annotate(tail, annotation)
        elif _is_area(spelt) or not (is_dash or annotate(spelt).says_something):
            self.places.append(words)
        else:
            annotate(spelt, annotation)

    def _read_bracket(self, words: str) -> None:
        """Read a bracket: "Pushkin (Saint Petersburg), Russia" says which one, others more."""
        if not self.is_open:
            raise UncertainError("prose", "does not begin with the name of a place")
        partner, parts = self.partners[-1], clauses(words)
        for clause in parts:
            found = annotate(clause)
            if country_code(clause) is not None and not any(map(_is_area, self.places)):
                self.places.append(clause)
            elif len(parts) > 1 or found.says_something or self.places or len(words.split()) > 4:
                annotate(clause, partner.annotation)
            else:
                partner.region = clause

    def _read_glued(self, text: str) -> None:
        """Read words that follow a name without a mark: a date or a state, or it is a sentence."""
        words = self.line.words(text)
        inside = re.match(r"in\s+(?:the\s+)?(.+)$", words)
        if _is_area(words):
            self.places.append(words)
        elif inside is not None and country_code(inside[1]) is not None:
            self.places.append(inside[1])
        elif annotate(words).says_something:
            annotate(words, self.partners[-1].annotation)
        elif any(letter.isalnum() for letter in words):
            raise UncertainError("prose", f"goes on with {words[:60]!r}; is it a sentence?")

    def _finish(self) -> None:
        """Settle where the last partner lies, and whether it can be one."""
        if not self.is_open:
            return
        partner, self.is_open = self.partners[-1], False
        words = [self.line.words(place) for place in self.places]
        partner.country = self.country
        if words and country_code(words[-1]) is not None:
            is_state = self.country and is_region(words[-1])
            if not is_state or country_code(self.country) in (None, country_code(words[-1])):
                partner.country = words.pop()
                _compare(self.country, partner)
        self._check_regions(words)
        partner.region = ", ".join(part for part in (partner.region, *words) if part)
        self.places = []
        _from_target(partner)
        partner.fault = _fault_of(partner)

    def _check_regions(self, words: list[str]) -> None:
        """See that the links behind a name are regions and not further partners."""
        name, pairs = self.partners[-1].name, zip(self.places, words, strict=False)
        unsure = [word for place, word in pairs if not self._is_sure(place)]
        if len(unsure) > 1:
            names = ", ".join(map(repr, unsure))
            reason = f"names {names} behind {name!r}, apart by commas: partners or regions?"
            raise UncertainError("several_uncertain", f"{reason} Part the partners by semicolons")
        if unsure:
            message = f"{unsure[0]!r} was taken for where {name!r} lies, not for a partner"
            self.partners[-1].warnings.append(("region_unsure", message))


def _is_clause(words: str) -> bool:
    """Whether words before a name can be a date or a state of the tie."""
    return len(words.split()) <= _MAX_BEFORE_WORDS and annotate(words).says_something


def _compare(flagged: str, partner: Partner) -> None:
    """Warn where the country of a flag or a heading is not that of the text."""
    codes = country_code(flagged), country_code(partner.country)
    if flagged and None not in codes and codes[0] != codes[1]:
        message = (
            f"the flag or heading says {flagged!r}, the text {partner.country!r}, which was taken"
        )
        partner.warnings.append(("country_conflict", message))


def _from_target(partner: Partner) -> None:
    """Take from the target of a link what the text leaves out: Portland, Maine."""
    _, comma, where = partner.target.partition(", ")
    if not comma or not where or "(" in where:
        return
    if country_code(where) is not None and not is_region(where):
        partner.country = partner.country or where
    elif not partner.region and where != partner.country:
        partner.region = where


def _fault_of(partner: Partner) -> Fault | None:
    if NETWORK.fullmatch(partner.name) or NETWORK.fullmatch(partner.target):
        return "network", f"{partner.name!r} is a network that towns join and not a place"
    code = country_code(partner.name)
    is_placed = bool(partner.country or partner.region)
    is_bare = not is_placed or code == country_code(partner.country)
    fault = fault_of_bare(partner.name) if is_bare else fault_of(partner.name)
    if fault is not None or partner.target:
        return fault
    if len(partner.name.split()) > _MAX_NAME_WORDS or not partner.name[:1].isupper():
        return "prose", "does not begin with the name of a place"
    if country_code(partner.country) is None:
        reason = f"{partner.name!r} has no link, no flag and no country; is it a place?"
        return "unmarked_text", f"{reason} Write its country behind a comma"
    return None


def _warn_of_shared(partners: list[Partner]) -> None:
    """Warn where a date or a state behind the last of several may hold for all of them."""
    says = [partner.annotation.says_something for partner in partners]
    if len(says) > 1 and says[-1] and not any(says[:-1]):
        message = "what stands behind the last of several partners was taken for that one alone"
        partners[-1].warnings.append(("shared_annotation", message))


def _is_area(text: str) -> bool:
    """Whether a text is the name of a country or of a listed region."""
    return country_code(text) is not None or is_region(text)


def _encode(runs: list[Run]) -> _Line | None:
    """Runs of a line as one text; None if they are too many or too long."""
    marks: dict[str, Run] = {}
    counts = dict.fromkeys(_FIRST, 0)
    parts: list[str] = []
    for run in runs:
        if run.kind in _FIRST:
            if counts[run.kind] >= _ROOM[run.kind]:
                return None
            parts.append(chr(_FIRST[run.kind] + counts[run.kind]))
            marks[parts[-1]] = run
            counts[run.kind] += 1
        else:
            parts.append("\n" if run.kind == "break" else _PRIVATE.sub("\ufffd", run.text))
    text = "".join(parts)
    return None if len(text) > _MAX_TEXT else _Line(_flat_brackets(text).strip(), marks)


def _flat_brackets(text: str) -> str:
    """Write brackets within brackets as square ones, and drop those that have no partner."""
    out, opened = list(text), []
    for place, letter in enumerate(text):
        if letter in "(（":
            out[place] = " "
            opened.append(place)
        elif letter in ")）":
            out[place] = " "
            if opened:
                start = opened.pop()
                out[start], out[place] = "[]" if opened else "()"
    return "".join(out)
