"""What stands behind the name of a partner: since when, until when, in what state.

``(since 1991, suspended in 2022)`` is two clauses. Each is a founding, an end, a state, the
form of the tie, the level of the place, or else a note; a date that cannot be read keeps its
text and is reported, never guessed.

A span behind a partner, ``(1987–2022)``, is read as founding and end: that is what a list
of ties means by it. A state without the word for an end (suspended, inactive, former) ends
nothing: its words are the status, with their date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from ties.importers.freetext import FreeDate, edtf_of
from ties.importers.lifespans import Lifespan, find_lifespan
from ties.importers.status_words import CLAUSES
from ties.importers.wikipedia.words import ENDED, FORMER, KIND, LEVEL, PAUSED, SINCE, UNTIL

_MONTH: Final = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez|janv|févr|avr|juin"
    r"|juil|août|déc|ene|abr|ago|dic|gen|mag|giu|lug|set|ott|янв|фев|мар|апр|ма[йя]|июн|июл"
    r"|авг|сен|окт|ноя|дек)[^\W\d_]*\.?"
)
_HEDGE: Final = (
    r"(?:c\.|ca\.?|circa|about|around|early|mid|late|before|after|by|spring|summer|autumn|fall"
    r"|winter|около|до|после|um|vers|vor|nach)"
)
_YEAR: Final = r"(?:1[3-9]|20)\d\d"
# A date as it stands in a clause; what it means is for `edtf_of` to say.
_DATE: Final = re.compile(
    rf"(?:\b{_HEDGE}[ -])?(?:the )?"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th|\.)? (?:de |of )?)?"
    rf"(?:\b{_MONTH} (?:de |of )?(?:\d{{1,2}},? )?)?{_YEAR}(?:s\b|\?|~)?(?: ?г(?:ода?|\.))?"
    rf"|\b\d{{1,2}}[./]\d{{1,2}}[./]{_YEAR}|\b{_YEAR}-\d\d(?:-\d\d)?\b"
    r"|(?:昭和|平成|令和|大正)\d{1,2}年(?:\d{1,2}月(?:\d{1,2}日)?)?",
    re.IGNORECASE,
)
_ISO: Final = re.compile(rf"{_YEAR}-\d\d(?:-\d\d)?")
_ONLY_DATE: Final = re.compile(rf"[\d\s,./?–—-]*(?:{_MONTH})?[\d\s,./?–—-]*", re.IGNORECASE)
_MAX_KIND_WORDS: Final = 6


@dataclass
class Annotation:
    """What the clauses behind a name say; what they do not say is empty.

    A doubt is a date that cannot be read, or not for certain: its column, the rule
    (``date_unread``, ``date_ambiguous``) and the reason.
    """

    founded: str = ""
    founded_text: str = ""
    ended: str = ""
    ended_text: str = ""
    status: str = ""
    kind: str = ""
    level: str = ""
    notes: list[str] = field(default_factory=list)
    doubts: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def says_something(self) -> bool:
        """Whether any clause was understood as more than a note."""
        return bool(self.founded_text or self.ended_text or self.status or self.kind or self.level)


def annotate(text: str, into: Annotation | None = None) -> Annotation:
    """Read the clauses of a text, and add what they say to an annotation.

    Examples
    --------
    >>> found = annotate("since 1991, suspended in 2022")
    >>> found.founded, found.status, found.ended
    ('1991', 'suspended in 2022', '')
    >>> found = annotate("1987–2022")
    >>> found.founded, found.ended, found.founded_text
    ('1987', '2022', '1987–2022')
    """
    into = Annotation() if into is None else into
    for part in CLAUSES.split(text):
        clause = " ".join(part.split()).strip(" .–—")
        if clause:
            _read_clause(clause, into)
    return into


def parted(text: str) -> tuple[str, str]:
    """Cut a text before the first word that speaks of a date or a state.

    Examples
    --------
    >>> parted("Poland since 1995")
    ('Poland', 'since 1995')
    """
    found = (pattern.search(text) for pattern in (SINCE, UNTIL, ENDED, PAUSED, _DATE))
    starts = [match.start() for match in found if match is not None]
    place = min(starts, default=len(text))
    return text[:place].strip(), text[place:].strip()


def date_in(clause: str) -> FreeDate:
    """The one date that a clause holds; none if it holds several."""
    found = {match[0].strip() for match in _DATE.finditer(clause)}
    if len(found) == 1:
        return edtf_of(found.pop())
    return FreeDate(None, "several", f"{clause!r} does not hold exactly one date")


def _read_clause(clause: str, into: Annotation) -> None:
    for reader in (_read_state, _read_span, _read_since, _read_until, _read_date):
        if reader(clause, into):
            return
    if LEVEL.fullmatch(clause) and not into.level:
        into.level = clause
    elif _is_kind(clause) and not into.kind:
        into.kind = clause
    else:
        into.notes.append(clause)


def _read_state(clause: str, into: Annotation) -> bool:
    has_ended = ENDED.search(clause) is not None
    if not has_ended and not PAUSED.search(clause) and not FORMER.search(clause):
        return False
    span = find_lifespan(clause)
    into.status = f"{into.status}; {clause}" if into.status else clause
    if span is not None and not _ISO.search(clause):
        _take_span(span, into)
    elif has_ended and _DATE.search(clause):
        _end(clause, date_in(clause), into)
    return True


def _read_span(clause: str, into: Annotation) -> bool:
    span = find_lifespan(clause)
    if span is None or span.whole != clause or _ISO.fullmatch(clause) or into.founded_text:
        return False
    return _take_span(span, into)


def _take_span(span: Lifespan, into: Annotation) -> bool:
    """Take the two ends of a span; False if the second is no date."""
    found = _DATE.search(span.end)
    if span.end and found is None:
        return False
    first = _DATE.search(span.start)
    _found(span.whole, edtf_of(first[0].strip() if first else span.start), into)
    if found is not None:
        _end(span.whole, edtf_of(found[0].strip()), into)
    return True


def _read_since(clause: str, into: Annotation) -> bool:
    lead = SINCE.search(clause)
    if lead is None or not any(letter.isdigit() for letter in clause[lead.end() :]):
        return False
    if into.founded_text:
        return False
    _found(clause, date_in(clause[lead.end() :]), into)
    if _is_kind(clause[: lead.start()]):
        into.kind = into.kind or clause[: lead.start()].strip()
    return True


def _read_until(clause: str, into: Annotation) -> bool:
    lead = UNTIL.match(clause)
    if lead is None or into.ended_text or not _DATE.search(clause):
        return False
    _end(clause, date_in(clause[lead.end() :]), into)
    return True


def _read_date(clause: str, into: Annotation) -> bool:
    """Read a clause that is nothing but a date."""
    if into.founded_text or not any(letter.isdigit() for letter in clause):
        return False
    whole = _DATE.fullmatch(clause)
    if whole is None and not _looks_like_date(clause):
        return False
    _found(clause, edtf_of(clause), into)
    return True


def _looks_like_date(clause: str) -> bool:
    has_year = re.search(rf"\b{_YEAR}", clause) is not None
    return has_year and _ONLY_DATE.fullmatch(clause) is not None


def _found(text: str, date: FreeDate, into: Annotation) -> None:
    into.founded, into.founded_text = date.edtf or "", text
    _doubt("founded_text", date, into)


def _end(text: str, date: FreeDate, into: Annotation) -> None:
    into.ended, into.ended_text = date.edtf or "", text
    _doubt("ended_text", date, into)


def _doubt(column: str, date: FreeDate, into: Annotation) -> None:
    if date.edtf is None:
        into.doubts.append((column, "date_unread", date.reason))
    elif date.rule:
        into.doubts.append((column, "date_ambiguous", date.reason))


def _is_kind(text: str) -> bool:
    return len(text.split()) <= _MAX_KIND_WORDS and KIND.search(text) is not None
