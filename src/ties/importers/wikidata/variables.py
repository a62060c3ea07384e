"""The variables of a query's answer: which of them says what.

Everybody names the variables of a query as they like. Known are those of the queries in this
package and the usual ones: ``item`` or ``city`` for one side, ``sistercity``, ``twin`` or
``partner`` for the other, each with an ending such as ``Label``, ``CountryLabel`` or ``Coord``.
Case, hyphens and low lines do not matter. A variable that might belong to either side
(``country``) is not guessed: like every unknown one it goes into the note.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

_SIDES: Final[Mapping[str, tuple[str, ...]]] = {
    "a": (
        *("item", "city", "town", "place", "municipality", "origin", "origincity"),
        *("itema", "citya", "placea", "item1", "city1", "place1"),
    ),
    "b": (
        *("partner", "partnercity", "sistercity", "sister", "twin", "twincity", "twintown"),
        *("twinned", "twinnedcity", "destination", "destinationcity"),
        *("itemb", "cityb", "placeb", "item2", "city2", "place2"),
    ),
}
_PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "item": ("",),
    "name": ("label", "name"),
    "country": ("country",),
    "country_name": ("countrylabel", "countryname"),
    "country_code": ("countrycode", "iso", "iso2"),
    "region": ("region", "admin"),
    "region_name": ("regionlabel", "adminlabel"),
    "level_name": ("typelabel", "instancelabel"),
    "point": ("coordinates", "coordinate", "coords", "coord", "location", "geo", "point"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "long", "lon", "lng"),
}
_TIE: Final[Mapping[str, tuple[str, ...]]] = {
    "statement": ("statement", "stmt"),
    "rank": ("rank", "statementrank"),
    "reference_url": ("referenceurl", "refurl", "reference"),
    "stated_in": ("statedin",),
    "stated_in_name": ("statedinlabel",),
    "retrieved": ("retrieved",),
    "end_cause": ("endcause",),
    "end_cause_name": ("endcauselabel",),
}
_DATES: Final[Mapping[str, tuple[str, ...]]] = {
    "start": ("start", "starttime", "startdate", "since", "begin", "founded"),
    "end": ("end", "endtime", "enddate", "until", "ended"),
    "point_in_time": ("pointintime",),
}
_DATE_PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "": ("",),
    "_precision": ("precision",),
    "_calendar": ("calendar", "calendarmodel"),
    "_unknown": ("unknown",),
    "_none": ("none",),
}


def _known() -> dict[str, str]:
    """Role of each known variable, written small and without low lines."""
    known = {word: role for role, words in _TIE.items() for word in words}
    for side, places in _SIDES.items():
        for part, endings in _PARTS.items():
            known |= {place + end: f"{part}_{side}" for place in places for end in endings}
    for date, starts in _DATES.items():
        for part, endings in _DATE_PARTS.items():
            known |= {start + end: date + part for start in starts for end in endings}
    return known


KNOWN: Final = _known()


def roles(variables: Iterable[str]) -> dict[str, str]:
    """What each variable of an answer stands for; the unknown ones are left out.

    Where several variables stand for the same, the first one counts and the others are as
    unknown.

    Examples
    --------
    >>> roles(["item", "itemLabel", "sistercity", "country"])
    {'item': 'item_a', 'itemLabel': 'name_a', 'sistercity': 'item_b'}
    """
    found: dict[str, str] = {}
    for variable in variables:
        role = KNOWN.get(variable.lower().replace("_", "").replace("-", ""))
        if role is not None and role not in found.values():
            found[variable] = role
    return found


def names_ties(found: Mapping[str, str]) -> bool:
    """Whether an answer names both places of a tie.

    Examples
    --------
    >>> names_ties({"item": "item_a"})
    False
    """
    given = set(found.values())
    return all({f"item_{side}", f"name_{side}"} & given for side in "ab")
