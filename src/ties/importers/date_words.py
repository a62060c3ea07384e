"""The words of a date in some forty languages, and a text taken apart into them.

"c. 20 июня 1990 г." is an approximate word, a day, a month, a year and a filler. Each part gets
a letter for its class, so that the shape of a date is a short string, here ``aNMY_``, which
`ties.importers.freetext` compares with the shapes it knows. A word that is in no list has the
class ``x``, and a date with one in it is not read: what a word adds cannot be guessed.

The words are in ``date_words.csv``; those of months and weekdays are CLDR's.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

# Letters that Unicode does not take apart into a letter and an accent.
_LETTERS: Final = str.maketrans(
    {"ł": "l", "đ": "d", "ø": "o", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d"}
)
_CLASSES: Final = {
    "month": "M",
    "spring": "S",
    "summer": "S",
    "autumn": "S",
    "winter": "S",
    "about": "a",
    "maybe": "q",
    "before": "b",
    "after": "f",
    "since": "s",
    "to": "u",
    "early": "e",
    "mid": "m",
    "late": "l",
    "decade": "t",
    "between": "w",
    "and": "&",
    "or": "o",
    "now": "p",
    "weekday": "_",
    "filler": "_",
    "ago": "g",
}
_SEASONS: Final = ("spring", "summer", "autumn", "winter")
_ABBREVIATED: Final = "aqbfsu_tMRS"
_ROMAN: Final = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]
_TOKEN: Final = re.compile(r"\d+|[^\W\d_]+|[^\w\s]|_")
_DASHES: Final = re.compile("[‐‑−﹣]")
_RANGE_SIGNS: Final = re.compile("[–—―〜～]")
_ORDINAL: Final = re.compile(
    r"(?<!\d)(\d{1,2})(?:(?:st|nd|rd|th|er|ere|o|a)\b|-?(?:го|е)\b(?=\s*[^\W\d]))"
)
# 1990s, 1990's, 1990er, 1990-е, 1990-х, 1990-talet, 1990-luvulla, 1990年代
_DECADE: Final = re.compile(
    r"(?<!\d)(\d{3}0)\s?(?:年代|년대|[-']?(?:s|er|ern|erne|ies|e|х|е|ые|ых|ті|тих|tych|talet|luku|luvulla|luvun"
    r"|arene|lar|lerde|larda)\b)(?:\s+(?:jahren?|evek|годы|годов|годах|роки|років|роках|lata|lat"
    r"|latach)\b)?"
)
_ORDINAL_YEAR: Final = re.compile(r"(?<!\d)(\d{4})-(?:й|го|м|ом|му|ого|ому)\b")
_ARTICLE: Final = re.compile(r"\bdes\s+(?=jahr|ann)")
_NOT_DECEMBER: Final = re.compile(r"\bdes\b(?!\.)")
_REFERENCE: Final = re.compile(r"\[(?:\d{1,3}|[a-z])\]\s*$")


class Token(NamedTuple):
    """A part of a date: its class, its text, and the numbers it may stand for."""

    kind: str
    text: str
    values: tuple[int, ...] = ()


_SIGNS: Final = {"~": Token("a", "~"), "?": Token("q", "?"), "–": Token("n", "–")}


def fold(text: str) -> str:
    """Text without case, accents and differences of width.

    Examples
    --------
    >>> fold("Août"), fold("1990年６月"), fold("październik"), fold("założenie")
    ('aout', '1990年6月', 'pazdziernik', 'zalozenie')
    """
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", bare).translate(_LETTERS)


def says_nothing(folded: str) -> bool:
    """Whether a folded text says that there is no date ("unknown", "n/a", "-")."""
    return folded in _nothing() or not re.search(r"\w", folded.replace("_", ""))


def words_of(what: str) -> list[str]:
    """Return the folded words of one class of ``date_words.csv``, such as "to"."""
    return [row["word"] for row in _rows() if row["what"] == what]


def tokens_of(folded: str) -> list[Token]:
    """Take a folded text apart.

    Examples
    --------
    >>> "".join(token.kind for token in tokens_of("late 1980s"))
    'lYt'
    >>> [token.values for token in tokens_of("listopad 1991")]
    [(10, 11), (1991,)]
    """
    text = _RANGE_SIGNS.sub("–", _DASHES.sub("-", folded))
    text = _REFERENCE.sub("", text).replace("’", "'").replace("`", "'")
    # "des" is an article in German and French, and December only as an abbreviation.
    text = _NOT_DECEMBER.sub("des_article", _ARTICLE.sub("", _ORDINAL_YEAR.sub(r"\1", text)))
    text = _ORDINAL.sub(r"\1", _DECADE.sub(r"\1 decade ", text)).replace("'", " ")
    found = [_token(part) for part in _TOKEN.findall(text)]
    return _without_dots(found)


def _token(part: str) -> Token:
    if part.isdecimal():
        kind = {1: "N", 2: "N", 4: "Y"}.get(len(part), "U")
        return Token(kind, part, (int(part),) if len(part) <= 4 else ())
    known = _lexicon().get(part) or _SIGNS.get(part)
    if known is not None:
        return known
    if part.upper() in _ROMAN:
        return Token("R", part, (_ROMAN.index(part.upper()) + 1,))
    return Token("x" if part.isalpha() else part, part)


def _without_dots(tokens: list[Token]) -> list[Token]:
    """Drop the dot of an abbreviation (c., Dec., г.); a dot between numbers stays."""
    kept: list[Token] = []
    for token in tokens:
        if token.kind == "." and kept and kept[-1].kind in _ABBREVIATED:
            continue
        kept.append(token)
    return kept


@cache
def _nothing() -> frozenset[str]:
    return frozenset(row["word"] for row in _rows() if row["what"] == "none")


@cache
def _lexicon() -> dict[str, Token]:
    """Each word its class, with the months that it may stand for."""
    lexicon: dict[str, Token] = {}
    for row in _rows():
        word, what = row["word"], row["what"]
        if what == "none":
            continue
        known = lexicon.get(word, Token(_CLASSES[what], what if what in _SEASONS else word))
        month = (int(row["month"]),) if row["month"] else ()
        lexicon[word] = known._replace(values=(*known.values, *month))
    return lexicon


def _rows() -> list[dict[str, str]]:
    text = (files("ties.importers") / "date_words.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))
