"""What a source's word for the state of a tie means: "actif", "ruht seit 2022", "не действует".

The words are rows of ``status_words.csv``: a word (``*`` stands for any ending), its languages, its
status, and its use. A ``cell`` word counts only where a status is all that is written; a ``text``
word also in a heading or a sentence; beside a ``date`` word a date is the day of the end. The
status ``not`` turns activity into dormancy; a ``filler`` says nothing.

A cell is read only if all of it is understood. What follows a comma or stands in brackets may be a
remark of its own, if no word of it is a status.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, NamedTuple

import pandas as pd

from ties.errors import shorten
from ties.importers.date_words import fold, says_nothing, tokens_of
from ties.importers.freetext import edtf_of

# Commas part clauses, but not a day from its year: "June 5, 1991".
CLAUSES: Final = re.compile(r";|(?<!\b\d)(?<!\b\d\d),|,(?!\s*\d{4}\b)")
MAX_LENGTH: Final = 300

_NOT: Final = "not"
_FILLER: Final = "filler"
_BRACKETS: Final = re.compile(r"[()\[\]（）]|\s[–—-]\s")
# States that last from the day that is named; of the others the day is when somebody looked.
_LASTING: Final = ("dormant", "suspended", "terminated")


class Status(NamedTuple):
    """What a text says of the state of a tie.

    Parameters
    ----------
    status
        One of the reported statuses of the vocabulary; None if the text does not tell for certain.
    on
        EDTF date that it states for it, or None: then it holds on the day of the source.
    reason
        Why there is no status; empty if there is one, or the text is blank.
    """

    status: str | None = None
    on: str | None = None
    reason: str = ""


@lru_cache(maxsize=50_000)
def read_status(text: str | None) -> Status:
    """Return the status that a cell states, with the date it gives for it.

    Examples
    --------
    >>> read_status("ruht (seit 2022)")
    Status(status='dormant', on='2022', reason='')
    >>> read_status("n'est plus actif").status, read_status("aktiv seit 1991")[:2]
    ('dormant', ('active', None))
    >>> read_status("soll beendet werden").reason
    "'soll beendet werden' says more than a status (soll werden)"
    """
    if not isinstance(text, str) or says_nothing(fold(text).strip()):
        return Status()
    if len(text) > MAX_LENGTH:
        return Status(reason=f"{shorten(text)} is too long for a status")
    found: list[tuple[str, str]] = []
    dates: list[str] = []
    for clause in CLAUSES.split(_BRACKETS.sub(";", text)):
        folded = fold(clause).strip(" .:–—-!")
        statuses, rest = _parts(folded)
        if statuses:
            dates += [rest] if rest else []
            found += [(status, clause) for status in statuses]
        elif edtf_of(folded).edtf is not None:
            dates.append(folded)
    return _one(text, {status for status, _ in found}, dates)


def status_in(text: str) -> str | None:
    """Return the one status that running text speaks of, such as a heading or a sentence.

    Examples
    --------
    >>> status_in("Former twin towns"), status_in("The partnership was suspended in 2022.")
    ('terminated', 'suspended')
    >>> status_in("active exchange of pupils") is None
    True
    """
    found = {s for s in _LASTING if pattern([s], ("text", "date")).search(text)}
    return found.pop() if len(found) == 1 else None


def read_statuses(texts: pd.Series, known: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Return the statuses of many cells; what a person said of a text stands over its words.

    Parameters
    ----------
    texts
        Cells as written; may be missing.
    known
        Status by text, as in ``[statuses]`` of a mapping; compared without case and accents.

    Returns
    -------
    DataFrame
        Index of `texts`; ``status``, ``on`` and ``reason`` (str), see `Status`.

    Examples
    --------
    >>> read_statuses(pd.Series(["ruht", "ja"]), {"ja": "active"})["status"].tolist()
    ['dormant', 'active']
    """
    given = {fold(text).strip(): status for text, status in (known or {}).items()}
    codes, unique = pd.factorize(texts)
    rows = [
        Status(given[key]) if (key := fold(str(text)).strip()) in given else read_status(str(text))
        for text in unique
    ]
    frame = pd.DataFrame([*rows, Status()], columns=Status._fields).astype("str")
    # Code -1, a missing text, takes the last row.
    return frame.take(codes).set_axis(texts.index)


def reports_in(statements: pd.DataFrame) -> pd.DataFrame:
    """Return statements of a page with the state that the words beside a name speak of."""
    texts = statements["status"]
    found = {text: status_in(text) for text in texts.dropna().unique()}
    days = {text: read_status(text).on for text in found}
    return statements.assign(
        reported_status=texts.map(found).astype("str"), reported_on=texts.map(days).astype("str")
    )


@cache
def _alternatives(statuses: tuple[str, ...], uses: tuple[str, ...]) -> str:
    words = [row["word"] for row in _rows() if row["status"] in statuses and row["use"] in uses]
    return "|".join(_regex(word) for word in sorted(words, key=len, reverse=True))


def pattern(statuses: Iterable[str], uses: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern that finds the words of some statuses and uses in text as written."""
    return re.compile(_alternatives(tuple(statuses), tuple(uses)), re.IGNORECASE)


def _regex(word: str) -> str:
    stem = re.escape(word.removesuffix("*")).replace(r"\ ", r"\s+")
    if word[0] >= "\u2e80":  # scripts without spaces between words
        return stem
    return rf"\b{stem}" + ("[^\\W\\d_]*" if word.endswith("*") else r"\b")


def _parts(folded: str) -> tuple[set[str], str]:
    """Return the statuses of a clause, and what is left of it beside them and fillers."""
    statuses: list[str] = []

    def take(match: re.Match[str]) -> str:
        statuses.append(_statuses()[str(match.lastgroup)])
        return " "

    rest = _words().sub(take, folded)
    is_negated = _NOT in statuses
    found = {status for status in statuses if status not in (_NOT, _FILLER)}
    if is_negated:
        found = {"dormant"} if found == {"active"} else {_NOT}
    # In force is implied by any word for how alive a tie is.
    found = found - {"in_force"} or found
    return found, "" if not re.search(r"\w", rest) else " ".join(rest.split()).strip(" .:'’")


def _one(text: str, found: set[str], dates: list[str]) -> Status:
    """Return the status if there is one, and the date if it is one and says when it was so."""
    found = found - {"in_force"} or found
    if not found or _NOT in found:
        return Status(reason=f"{shorten(text)} is no word for a status that is known")
    if len(found) > 1:
        names = " and ".join(sorted(found))
        return Status(reason=f"{shorten(text)} speaks of several states ({names})")
    status = found.pop()
    days = {date: edtf_of(date).edtf for date in dates}
    unread = [date for date, day in days.items() if day is None]
    if unread:
        return Status(reason=f"{shorten(text)} says more than a status ({', '.join(unread[:3])})")
    if len(set(days.values())) > 1:
        return Status(reason=f"{shorten(text)} names several dates")
    day = next(iter(days.values()), None)
    if status in _LASTING or day is None:
        return Status(status, day)
    if day.startswith("../"):
        return Status(reason=f"{shorten(text)} does not say how the tie stood afterwards")
    is_since = day.endswith("/..") or any(t.kind == "s" for d in dates for t in tokens_of(d))
    return Status(status, None if is_since else day)


@cache
def _words() -> re.Pattern[str]:
    """Find every word of the table in a folded text, the longest first; a group a status."""
    rows = sorted(_rows(), key=lambda row: len(row["word"]), reverse=True)
    parts = (f"(?P<w{n}>{_regex(fold(row['word']))})" for n, row in enumerate(rows))
    return re.compile("|".join(parts))


@cache
def _statuses() -> dict[str, str]:
    rows = sorted(_rows(), key=lambda row: len(row["word"]), reverse=True)
    return {f"w{n}": row["status"] for n, row in enumerate(rows)}


@cache
def _rows() -> list[dict[str, str]]:
    text = (files("ties.importers") / "status_words.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))
