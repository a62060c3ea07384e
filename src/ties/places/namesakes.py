"""Every place that goes by a name, narrowed as far as what is said beside the name goes.

Country, level, date, surroundings and coordinates leave candidates out one after the other.
Which of those left is meant is decided in `ties.places.resolver`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ties.dataset import Dataset
from ties.dates import date_bounds
from ties.places.gazetteer import CANDIDATE, Gazetteer
from ties.places.names import fold, split_names
from ties.schema.regions import areas

NEAR_KM: Final = 50.0
_EARTH_KM: Final = 6371.0


def namesakes(
    asked: pd.DataFrame, known: Dataset | None, gazetteer: Gazetteer | None
) -> pd.DataFrame:
    """Every place that a mention may mean, a row a candidate, narrowed as far as it goes."""
    wanted = _search_keys(asked)
    names = _names(pd.Index(wanted["key"].unique()), known, gazetteer)
    found = wanted.merge(names, on="key", how="inner", suffixes=("", "_place"))
    found = found.sort_values(["mention", "rank", "is_main"], ascending=[True, True, False])
    found = found[found["rank"] == found.groupby("mention")["rank"].transform("min")]
    found = _in_country(found, asked)
    found = _of_level(found, asked)
    found = _borne_then(found, asked)
    found = found.drop_duplicates(["mention", "place_key"])
    found = _around(found, asked)
    return _at_point(found, asked).reset_index(drop=True)


def _search_keys(asked: pd.DataFrame) -> pd.DataFrame:
    """The folded names to look for, the fullest first: "Mexico City" before "Mexico"."""
    key, mention = asked["key"], pd.Series(asked.index, index=asked.index)
    is_city = key.str.endswith(" city")
    qualified = (asked["around"] != "") & ~asked["around"].str.contains("|", regex=False)
    full = key + " " + asked["around"]
    parts = [
        pd.DataFrame({"mention": mention, "key": full, "rank": 0})[qualified],
        pd.DataFrame({"mention": mention, "key": key, "rank": 1}),
        pd.DataFrame({"mention": mention, "key": key.str.removesuffix(" city"), "rank": 2})[
            is_city
        ],
        pd.DataFrame({"mention": mention, "key": asked["before_slash"], "rank": 2})[
            asked["before_slash"] != ""
        ],
    ]
    return pd.concat(parts, ignore_index=True)


def _names(keys: pd.Index, known: Dataset | None, gazetteer: Gazetteer | None) -> pd.DataFrame:
    parts = [pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in CANDIDATE.items()})]
    same = pd.Series(dtype="str")
    if known is not None:
        names = known_names(known)
        parts.append(names[names["key"].isin(keys)])
        ids = known.places.dropna(subset=["geonames_id"])
        same = pd.Series(
            ids["place_id"].to_numpy(), index="geonames:" + ids["geonames_id"].astype("str")
        )
    if gazetteer is not None:
        others = gazetteer.lookup(keys)
        parts.append(others.assign(place_key=others["place_key"].replace(same.to_dict())))
    both = pd.concat(parts, ignore_index=True).rename(
        columns={"name": "place", "country": "country_place", "level": "level_place"}
    )
    return both.rename(columns={"latitude": "lat_place", "longitude": "lon_place"})


def known_names(known: Dataset) -> pd.DataFrame:
    """Every name of every place of a record, a row a name (see `CANDIDATE`)."""
    places = known.places
    own = places.assign(text=places["name"], is_main=True, valid_from=None, valid_to=None)
    other = known.place_names.rename(columns={"name": "text"}).merge(
        places, on="place_id", validate="many_to_one"
    )
    both = pd.concat([own, other.assign(is_main=other["text"] == other["name"])], ignore_index=True)
    parts = split_names(both["text"])
    names = both.assign(
        key=parts["key"],
        place_key=both["place_id"],
        level=both["level"].astype("str"),
        population=both["population"].astype("float64"),
    )
    return names.reindex(columns=list(CANDIDATE)).astype(CANDIDATE)


def _in_country(found: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    country = found["mention"].map(asked["country"])
    successors = found["mention"].map(asked["successors"])
    is_same = (country == found["country_place"]) | (country.isna() & successors.isna())
    codes = successors.dropna().unique()
    for text in codes:
        is_same |= (successors == text) & found["country_place"].isin(text.split())
    return found[is_same.to_numpy()]


def _of_level(found: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    """Keep candidates of the mention's level: a region is never the city of the same name."""
    said = found["mention"].map(asked["level"])
    wide = found["level_place"].isin(["region", "county", "borough"])
    said_wide = said.isin(["region", "county", "borough"])
    # A state is called by its bare name (Maryland), if no city goes by it.
    bare = said.isna() & ~(found.assign(n=~wide).groupby("mention")["n"].transform("any"))
    kept = (wide == said_wide) | (wide & bare)
    return found[kept.to_numpy()]


def _borne_then(found: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    """Leave out names that the place did not bear at the date; remember that they were."""
    on = found["mention"].map(asked["on"])
    held = found["valid_from"].notna() | found["valid_to"].notna()
    check = held & on.notna()
    is_late = pd.Series(False, index=found.index)
    if check.any():
        rows = found[check]
        day = date_bounds(on[check])
        start, end = date_bounds(rows["valid_from"]), date_bounds(rows["valid_to"])
        wrong = (day["earliest"] > end["latest"]) | (day["latest"] < start["earliest"])
        is_late.loc[wrong[wrong].index] = True
    return found.assign(is_late=is_late)


def _around(found: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    """Keep the candidates that lie where the mention says."""
    split = asked["around"].str.split("|").explode()
    words = split[split != ""].rename("word").rename_axis("mention").reset_index()
    if words.empty or found.empty:
        return found.assign(is_around=False)
    regions = _region_words()
    pairs = found[["mention", "place_key", "country_place", "region"]].merge(words, on="mention")
    code = pairs["region"].where(
        pairs["region"].str.contains("-", na=False), pairs["country_place"] + "-" + pairs["region"]
    )
    area = pairs["word"].map(regions["code"].groupby(regions["word"]).agg(set))
    fits = np.array(
        [isinstance(codes, set) and own in codes for codes, own in zip(area, code, strict=True)],
        dtype=bool,
    )
    names_area = area.notna().to_numpy()
    of = pairs.assign(fits=fits, names_area=names_area)
    fitting = of[of["fits"]].set_index(["mention", "place_key"]).index
    is_around = found.set_index(["mention", "place_key"]).index.isin(fitting)
    found = found.assign(is_around=is_around)
    any_fits = found.groupby("mention")["is_around"].transform("any")
    # A state that no candidate lies in means another place than any of them.
    stated = found["mention"].isin(
        of.loc[of["names_area"] & of["country_place"].isin(["US"]), "mention"]
    )
    return found[is_around | ~(any_fits | stated).to_numpy()]


def _region_words() -> pd.DataFrame:
    """The words by which a region may be called, with its ISO 3166-2 code."""
    rows = []
    for code, area in areas().items():
        if "-" in code:
            rows += [(fold(area.name), code), (code.split("-")[1].casefold(), code)]
    nations = {"england": "ENG", "scotland": "SCT", "wales": "WLS", "northern ireland": "NIR"}
    rows += [(name, f"GB-{code}") for name, code in nations.items()]
    return pd.DataFrame(rows, columns=["word", "code"])


def _at_point(found: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    """Keep the candidates near the mention's own coordinates, where any is."""
    ends = [found["mention"].map(asked[name]) for name in ("latitude", "longitude")]
    km = distance(ends[0], ends[1], found["lat_place"], found["lon_place"])
    found = found.assign(km=km)
    nearest = found.groupby("mention")["km"].transform("min")
    return found[(nearest.isna() | (nearest > NEAR_KM) | (found["km"] <= NEAR_KM)).to_numpy()]


def distance(lat_1: pd.Series, lon_1: pd.Series, lat_2: pd.Series, lon_2: pd.Series) -> pd.Series:
    """Great-circle distances in kilometres (haversine, on a sphere).

    Examples
    --------
    >>> one, other = pd.Series([59.94]), pd.Series([55.75])
    >>> round(float(distance(one, pd.Series([30.31]), other, pd.Series([37.62]))[0]))
    635
    """
    y_1, x_1, y_2, x_2 = (np.radians(column) for column in (lat_1, lon_1, lat_2, lon_2))
    half = np.sin((y_2 - y_1) / 2) ** 2 + np.cos(y_1) * np.cos(y_2) * np.sin((x_2 - x_1) / 2) ** 2
    return pd.Series(2 * _EARTH_KM * np.arcsin(np.sqrt(half)))
