"""Names to places, as the package resolves them and as others would look them up.

The names are those that only one place of their country bears, half of them in capitals: whatever
way they are looked up, they mean one place. What the package does beyond that (several places of
a name, states, dates, coordinates, a reason for each) has no like among the others.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd


def make_mentions(n: int, folder: Path) -> None:
    """Write so many names with their countries, and the gazetteer that they are looked up in."""
    from ties.places.countries import resolve_countries
    from ties.places.gazetteer import GeoNames

    known = GeoNames()
    names = known._names.join(known._places, on="row")
    names = names[["key", "country", "place_key", "name", "is_main"]]
    names = names[names["name"].map(_plain) == names["key"]].drop_duplicates(["key", "place_key"])
    names[["name", "country", "place_key"]].to_parquet(folder / "gazetteer.parquet", index=False)
    n_places = known._names.join(known._places["country"], on="row")
    n_places = n_places.groupby(["key", "country"])["row"].nunique()
    is_one = n_places.reindex(pd.MultiIndex.from_frame(names[["key", "country"]])).eq(1).to_numpy()
    # A name with more words may be read as a place and where it lies.
    one = names[is_one & names["is_main"] & ~names["key"].str.contains(" ")]
    # GeoNames has codes that are no codes of ISO (XK), which the package takes for no country.
    codes = one["country"].drop_duplicates().astype("str")
    one = one[one["country"].isin(codes[resolve_countries(codes)["country"].notna()])]
    drawn = one.sample(n, replace=True, random_state=1, ignore_index=True)
    loud = np.random.default_rng(1).random(n) < 0.5
    drawn["name"] = drawn["name"].mask(loud, drawn["name"].str.upper())
    drawn[["name", "country"]].to_parquet(folder / "mentions.parquet", index=False)


def _plain(name: str) -> str:
    """Take capitals and accents from a name."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def names_ties(folder: Path) -> Callable[[], Any]:
    """Resolve them as the package does, with the reason for each."""
    from ties.places.gazetteer import GeoNames
    from ties.places.resolver import resolve

    asked, known = pd.read_parquet(folder / "mentions.parquet"), GeoNames()
    return lambda: resolve(asked, gazetteer=known)["place_key"]


def names_pandas(folder: Path) -> Callable[[], Any]:
    """Merge on the country and the name without capitals and accents."""
    asked = pd.read_parquet(folder / "mentions.parquet")
    known = pd.read_parquet(folder / "gazetteer.parquet")
    known = known.assign(key=known["name"].map(_plain)).drop_duplicates(["country", "key"])

    def run() -> pd.Series:
        keyed = asked.assign(key=asked["name"].map(_plain))
        found = keyed.merge(known, on=["country", "key"], how="left", validate="many_to_one")
        return found["place_key"]

    return run


def names_rapidfuzz(folder: Path) -> Callable[[], Any]:
    """Take for each the nearest name of its country."""
    from rapidfuzz import process
    from rapidfuzz.distance import Levenshtein

    asked = pd.read_parquet(folder / "mentions.parquet")
    known = pd.read_parquet(folder / "gazetteer.parquet")
    known = known.assign(key=known["name"].map(_plain))
    keys = {str(code): own["key"].tolist() for code, own in known.groupby("country")}
    places = {str(code): own["place_key"].tolist() for code, own in known.groupby("country")}

    def run() -> pd.Series:
        nearest = [
            places[code][
                process.extractOne(
                    _plain(name), keys[code], scorer=Levenshtein.normalized_similarity
                )[2]
            ]
            for name, code in zip(asked["name"], asked["country"], strict=True)
        ]
        return pd.Series(nearest)

    return run


def tell_names(places: pd.Series) -> Any:
    """How many names were resolved, and to which places in a hash."""
    hashed = pd.util.hash_array(places.fillna("").to_numpy(object))
    in_order = pd.util.hash_array(hashed + np.arange(len(hashed), dtype="uint64"))
    return [int(places.notna().sum()), f"{int(in_order.sum(dtype='uint64')):016x}"]
