"""Which words name a country, or a region that is listed.

The one place where reading a list asks the list of countries.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files
from typing import Final

from ties.importers.wikipedia.words import fault_of
from ties.places.names import fold
from ties.schema.regions import areas

# Countries that a city bears the name of: such a name alone may well be the city.
CITY_TOO: Final = frozenset(
    {"DJ", "GI", "GT", "HK", "KW", "LU", "MC", "MO", "PA", "SG", "SM", "VA"}
)


_TABLES: Final = {
    "countries.csv": "code",
    "country_words.csv": "code",
    "vanished.csv": "successors",
    "disputed.csv": "country",
}
_CODE_LENGTH: Final = 3
# Names of a country and of a region that lies elsewhere.
_STATES_TOO: Final = ("Georgia",)
# Names of countries in some language that are better known as cities in others.
_BETTER_KNOWN: Final = frozenset(
    {"franca", "granada", "guadalupe", "luanda", "norfolk", "salvador", "san martin", "santa elena"}
    | {"santa helena", "santa lucia", "saint martin", "tunis"}
)
_MORE_CODES: Final = {
    "ENG": "GB",
    "SCO": "GB",
    "WAL": "GB",
    "NIR": "GB",
    "UK": "GB",
    "EU": "EU",
    "VS": "US",
    "GER": "DE",
    "NED": "NL",
    "SUI": "CH",
    "DEN": "DK",
    "POR": "PT",
    "GRE": "GR",
    "CRO": "HR",
    "SLO": "SI",
    "BUL": "BG",
    "LAT": "LV",
    "ROC": "TW",
    "CHI": "CL",
    "RSA": "ZA",
    "URS": "SU",
    "GDR": "DD",
    "YUG": "YU",
    "TCH": "CS",
}


def fault_of_bare(name: str) -> tuple[str, str] | None:
    """Why a name that stands alone, without a country, is no name of a place in one.

    Examples
    --------
    >>> fault_of_bare("France")
    ('not_a_place', "'France' is a country and not a place in one; name the place")
    >>> fault_of_bare("Luxembourg") is None
    True
    """
    found = fault_of(name)
    if found is None and (country_code(name) or "LU") not in CITY_TOO:
        return (
            "not_a_place",
            f"{name.strip()!r} is a country and not a place in one; name the place",
        )
    return found


@lru_cache(maxsize=50_000)
def country_code(text: str) -> str | None:
    """ISO 3166-1 code of a country as written; None if it is none.

    Only an exact name counts, in any language that is listed: nothing is taken for a country
    because it looks like one (Niger, Nigeria, and Niger the river are one letter apart). A
    state that is gone, or a disputed territory, gives some text that is not None.

    Examples
    --------
    >>> country_code("the United States"), country_code("Verenigde Staten"), country_code("FRA")
    ('US', 'US', 'FR')
    >>> country_code("Lyon") is None, country_code("Au") is None
    (True, True)
    """
    word = " ".join(text.replace("_", " ").split())
    if len(word) <= _CODE_LENGTH and word.isascii():
        return _codes().get(word)
    return _names().get(word.casefold().removeprefix("the "))


@lru_cache(maxsize=50_000)
def is_region(text: str) -> bool:
    """Whether a text is the name of a region of the countries whose regions are listed.

    Examples
    --------
    >>> is_region("Maine"), is_region("Lyon")
    (True, False)
    """
    return fold(text) in _regions()


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Codes by the names of countries, of states that are gone and of disputed territories."""
    names: dict[str, str] = {}
    for table, code in _TABLES.items():
        text = files("ties.places").joinpath(table).read_text(encoding="utf-8")
        for row in csv.DictReader(text.splitlines()):
            if len(row["name"]) > _CODE_LENGTH or not row["name"].isascii():
                names.setdefault(row["name"].casefold(), row[code])
    return {name: code for name, code in names.items() if name not in _BETTER_KNOWN}


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    countries = [area for area in areas().values() if "-" not in area.code]
    codes = {code: area.code for area in countries for code in (area.code, area.alpha_3) if code}
    return codes | _MORE_CODES


@lru_cache(maxsize=1)
def _regions() -> frozenset[str]:
    # A territory that has a country's code too, as Guam, is that country.
    countries = {area.name for area in areas().values() if "-" not in area.code}
    return frozenset(
        fold(area.name)
        for area in areas().values()
        if "-" in area.code and (area.name not in countries or area.name in _STATES_TOO)
    )
