"""What stands behind the name of a partner: since when, until when, in what state.

``(since 1991, suspended in 2022)`` is two clauses. Each is a state, a span, a founding, an end, the
level of the place, the form of the tie, or else a note; a date that cannot be read keeps its text
and is reported, never guessed.

A span behind a partner, ``(1987–2022)``, is read as founding and end: that is what a list
of ties means by it. A state without the word for an end (suspended, inactive, former) ends
nothing: its words are the status, with their date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from ties.importers.freetext import FreeDate, edtf_of, find_date, is_date
from ties.importers.lifespans import Lifespan, find_lifespan
from ties.importers.status_words import CLAUSES
from ties.importers.wikipedia.words import ENDED, FORMER, KIND, LEVEL, PAUSED, SINCE, UNTIL

_ISO: Final = re.compile(r"\d{4}-\d\d(?:-\d\d)?")
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

    def date(self, column: str, text: str, date: FreeDate) -> bool:
        """Take a date into a column, with its text and what is doubtful in it."""
        setattr(self, column, date.edtf or "")
        setattr(self, f"{column}_text", text)
        if date.edtf is None or date.rule:
            rule = "date_unread" if date.edtf is None else "date_ambiguous"
            self.doubts.append((f"{column}_text", rule, date.reason))
        return True


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
    for clause in clauses(text):
        readers = (_read_state, _read_span, _read_since, _read_until, _read_date, _read_kind)
        if not any(reader(clause, into) for reader in readers):
            into.notes.append(clause)
    return into


def clauses(text: str) -> list[str]:
    """Parts of a text between semicolons and commas.

    Examples
    --------
    >>> clauses("twinned on June 5, 1991; suspended")
    ['twinned on June 5, 1991', 'suspended']
    """
    parts = (" ".join(part.split()).strip(" .–—") for part in CLAUSES.split(text))
    return [part for part in parts if part]


def parted(text: str) -> tuple[str, str]:
    """Cut a text before the first word that speaks of a state or begins a date.

    Examples
    --------
    >>> parted("Poland since 1995"), parted("New York 12 May 1991")
    (('Poland', 'since 1995'), ('New York', '12 May 1991'))
    """
    found = (pattern.search(text) for pattern in (SINCE, UNTIL, ENDED, PAUSED))
    starts = [match.start() for match in found if match is not None]
    dates = (word.start() for word in re.finditer(r"\S+", text) if is_date(text[word.start() :]))
    place = min([*starts, next(dates, len(text))])
    return text[:place].strip(), text[place:].strip()


def _read_state(clause: str, into: Annotation) -> bool:
    has_ended = ENDED.search(clause) is not None
    if not has_ended and not PAUSED.search(clause) and not FORMER.search(clause):
        return False
    span = find_lifespan(clause)
    into.status = f"{into.status}; {clause}" if into.status else clause
    if span is not None and not _ISO.search(clause):
        _take_span(span, into)
    elif has_ended and re.search(r"\d{4}", clause):
        into.date("ended", clause, find_date(clause))
    return True


def _read_span(clause: str, into: Annotation) -> bool:
    span = find_lifespan(clause)
    if span is None or span.whole != clause or _ISO.fullmatch(clause) or into.founded_text:
        return False
    return _take_span(span, into)


def _take_span(span: Lifespan, into: Annotation) -> bool:
    """Take the two ends of a span; False if the second is no date."""
    end = find_date(span.end) if span.end else None
    if end is not None and end.edtf is None:
        return False
    into.date("founded", span.whole, find_date(span.start))
    return end is None or into.date("ended", span.whole, end)


def _read_since(clause: str, into: Annotation) -> bool:
    lead = SINCE.search(clause)
    if lead is None or into.founded_text or not re.search(r"\d", clause[lead.end() :]):
        return False
    if _is_kind(clause[: lead.start()]):
        into.kind = into.kind or clause[: lead.start()].strip()
    return into.date("founded", clause, find_date(clause[lead.end() :]))


def _read_until(clause: str, into: Annotation) -> bool:
    lead = UNTIL.match(clause)
    if lead is None or into.ended_text or not re.search(r"\d{4}", clause):
        return False
    return into.date("ended", clause, find_date(clause[lead.end() :]))


def _read_date(clause: str, into: Annotation) -> bool:
    """Read a clause that is nothing but a date."""
    if into.founded_text or not is_date(clause):
        return False
    return into.date("founded", clause, edtf_of(clause))


def _read_kind(clause: str, into: Annotation) -> bool:
    if LEVEL.fullmatch(clause) and not into.level:
        into.level = clause
    elif _is_kind(clause) and not into.kind:
        into.kind = clause
    else:
        return False
    return True


def _is_kind(text: str) -> bool:
    return len(text.split()) <= _MAX_KIND_WORDS and KIND.search(text) is not None
