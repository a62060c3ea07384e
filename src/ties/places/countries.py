"""From the name of a country, as people write it, to its ISO 3166-1 code.

A state that is gone (the Soviet Union, East Germany) names several countries of today, or one; it
is right only for a date on which it was there. Disputed territories are marked, with the
country that they are internationally recognised to belong to.
"""

from __future__ import annotations

import csv
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

import pandas as pd

from ties.dates import date_bounds
from ties.places.names import fold
from ties.schema.regions import areas

_FUZZY_CUTOFF: Final = 88
_MIN_FUZZY: Final = 5
# Letters of the longest code (ISO 3166-1 alpha-3).
_MAX_CODE: Final = 3
_COLUMNS: Final = ("country", "region", "successors", "is_disputed", "note")
# Countries that a city bears the name of: such a name alone may well be the city.
CITY_TOO: Final = frozenset(
    ["DJ", "GI", "GT", "HK", "KW", "LU", "MC", "MO", "PA", "SG", "SM", "VA"]
)
# Names of countries in some language that are better known as places in others.
_BETTER_KNOWN: Final = frozenset(
    {"franca", "granada", "guadalupe", "haren", "luanda", "norfolk", "saint martin", "salvador"}
    | {"san martin", "santa elena", "santa helena", "santa lucia", "tunis"}
)
# Names of a country and of a region that lies elsewhere.
_STATES_TOO: Final = ("Georgia",)


def resolve_countries(texts: pd.Series, on: pd.Series | None = None) -> pd.DataFrame:
    """The country that each text names.

    A misspelt name is taken for the one country whose name is nearly the same, and the note
    says so. A text that also names a state of the country ("Ohio, United States") gives both.

    Parameters
    ----------
    texts
        Names or codes of countries, in any of 17 languages; may be missing.
    on
        EDTF date at which the name was used, where one is known: the name of a vanished state
        after its end is noted, and so is one used before it began.

    Returns
    -------
    DataFrame
        Index of `texts`: ``country`` (ISO 3166-1 alpha-2, missing if none or several are
        meant), ``region`` (the rest of the text, missing if none), ``successors`` (codes
        apart by spaces, where a vanished state has several), ``is_disputed`` (bool), ``note``
        (what was assumed or is wrong, missing if nothing).

    Examples
    --------
    >>> found = resolve_countries(pd.Series(["Japa", "Ohio, United States", "USSR"]))
    >>> found[["country", "region", "successors"]].iloc[:2]
      country region successors
    0      JP    NaN        NaN
    1      US   Ohio        NaN
    """
    codes, unique = pd.factorize(texts)
    rows = [_read(str(text)) for text in unique]
    nothing = (None, None, None, False, None)
    frame = pd.DataFrame([*rows, nothing], columns=list(_COLUMNS))
    frame = frame.astype({name: "str" for name in _COLUMNS if name != "is_disputed"})
    found = frame.take(codes).set_axis(texts.index)
    return found if on is None else _against_dates(found, texts, on)


@lru_cache(maxsize=50_000)
def country_code(text: str) -> str | None:
    """Return the ISO 3166-1 code of a country that running text names; None if it names none.

    Only an exact name counts, in any language that is listed, and a code only in capitals: nothing
    is taken for a country because it looks like one. A state that is gone gives its successors.

    Examples
    --------
    >>> country_code("the United States"), country_code("Verenigde Staten"), country_code("FRA")
    ('US', 'US', 'FR')
    >>> country_code("Lyon") is None, country_code("Au") is None, country_code("Norfolk") is None
    (True, True, True)
    """
    word = " ".join(text.replace("_", " ").split())
    key = fold(word).removeprefix("the ")
    if key in _BETTER_KNOWN or (_is_code(word) and not word.isupper()):
        return None
    if key in _disputed():
        return _disputed()[key]["country"]
    gone = _vanished().get(key)
    return gone["successors"] if gone else _exact(word, key)


@lru_cache(maxsize=50_000)
def is_region(text: str) -> bool:
    """Return whether a text is the name of a region of the countries whose regions are listed.

    Examples
    --------
    >>> is_region("Maine"), is_region("Lyon")
    (True, False)
    """
    return fold(text) in _regions()


def country_of_region(text: str) -> str | None:
    """Return the code of the one country that has a region of a name; None if none or several.

    Examples
    --------
    >>> country_of_region("Maine"), country_of_region("Lyon") is None
    ('US', True)
    """
    codes = _regions().get(fold(text), ())
    return codes[0] if len(codes) == 1 else None


@cache
def _regions() -> dict[str, list[str]]:
    """Return the countries of each name of a region; Guam, which has a country's code, is none."""
    countries = {area.name for area in areas().values() if "-" not in area.code}
    found: dict[str, list[str]] = {}
    for area in areas().values():
        if "-" in area.code and (area.name not in countries or area.name in _STATES_TOO):
            found.setdefault(fold(area.name), []).append(area.code.split("-")[0])
    return found


def _against_dates(found: pd.DataFrame, texts: pd.Series, on: pd.Series) -> pd.DataFrame:
    """Note where a vanished state is named for a time in which it was not there."""
    held = texts.map({name: row for name, row in _vanished_by_text(texts).items()})
    known = held.notna() & on.notna()
    if not known.any():
        return found
    days = date_bounds(on[known])
    start = pd.to_datetime(held[known].map(lambda row: row["valid_from"]))
    end = pd.to_datetime(held[known].map(lambda row: row["valid_to"]))
    outside = (days["earliest"] > end) | (days["latest"] < start)
    wrong = outside[outside].index
    note = texts[wrong] + " was not there on " + on[wrong]
    return found.assign(note=found["note"].where(~found.index.isin(wrong), note))


def _vanished_by_text(texts: pd.Series) -> dict[str, dict[str, str]]:
    named = {str(text): fold(str(text)) for text in texts.dropna().unique()}
    return {text: _vanished()[key] for text, key in named.items() if key in _vanished()}


def _read(text: str) -> tuple[str | None, str | None, str | None, bool, str | None]:
    key = fold(text).removeprefix("in ").removeprefix("the ")
    if not key:
        return None, None, None, False, None
    if key in _disputed():
        row = _disputed()[key]
        return row["country"], None, None, True, row["note"] or None
    if key in _vanished():
        return _successor(_vanished()[key])
    code = _exact(text, key)
    if code is not None:
        return code, None, None, False, None
    if "," in text:
        region, _, country = text.rpartition(",")
        inner = _read(country)
        if inner[0]:
            return inner[0], region.strip(), None, inner[3], inner[4]
    return _nearly(text, key)


def _exact(text: str, key: str) -> str | None:
    """Return the country of a code as it is written, or of a name; ČR is not Costa Rica."""
    word = text.strip()
    if word.isascii() and word.casefold() in _codes():
        return _codes()[word.casefold()]
    is_short = word.isascii() and len(word) <= _MAX_CODE
    return None if is_short else _names().get(key)


def _successor(row: dict[str, str]) -> tuple[str | None, str | None, str | None, bool, str | None]:
    successors = row["successors"].split()
    note = f"{row['name']} existed until {row['valid_to']}"
    if len(successors) == 1:
        return successors[0], None, None, False, note
    return None, None, " ".join(successors), False, note


def _nearly(text: str, key: str) -> tuple[str | None, str | None, str | None, bool, str | None]:
    from rapidfuzz import fuzz, process

    names = [name for name in _names() if len(name) >= _MIN_FUZZY]
    if len(key) < _MIN_FUZZY - 1:
        return None, None, None, False, f"{text!r} is no country that we know"
    near = process.extract(key, names, scorer=fuzz.ratio, score_cutoff=_FUZZY_CUTOFF, limit=None)
    meant = {_names()[name] for name, _, _ in near}
    if len(meant) == 1:
        best = near[0][0]
        return meant.pop(), None, None, False, f"{text!r} was read as {best!r}"
    return None, None, None, False, f"{text!r} is no country that we know"


def _table(name: str) -> list[dict[str, str]]:
    text = files("ties.places").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _is_code(name: str) -> bool:
    return name.isascii() and len(name) <= _MAX_CODE


@cache
def _names() -> dict[str, str]:
    """Return each folded name of a country with its code; a name of two countries is left out."""
    found: dict[str, set[str]] = {}
    for row in (*_table("countries.csv"), *_table("country_words.csv")):
        if not _is_code(row["name"]):
            found.setdefault(fold(row["name"]), set()).add(row["code"])
    return {name: min(codes) for name, codes in found.items() if len(codes) == 1 and name}


@cache
def _codes() -> dict[str, str]:
    """Return the code of each code and abbreviation in plain letters; ISO 3166-1 comes first."""
    rows = (*_table("country_words.csv"), *_table("countries.csv"))
    found = {row["name"].casefold(): row["code"] for row in rows if _is_code(row["name"])}
    return found | {code.casefold(): code for code in areas() if len(code) == 2}


@cache
def _vanished() -> dict[str, dict[str, str]]:
    # "УССР" is written in Latin letters as "USSR" is; the first row, the whole Union, is meant.
    return {fold(row["name"]): row for row in reversed(_table("vanished.csv"))}


@cache
def _disputed() -> dict[str, dict[str, str]]:
    return {fold(row["name"]): row for row in _table("disputed.csv")}
