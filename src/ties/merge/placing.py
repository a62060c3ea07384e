"""The places of a record that is made of statements: one row a place, whoever names it.

What the record that came first knows of a place stands. Of other places the gazetteer tells name,
coordinates and people; where it tells nothing, the source's own words and coordinates do.

A place gets a code of country, region and name (`de-berlin`), in plain letters. Namesakes within
a region are told apart by what identifies them (`us-oh-springfield-4525353`), and not by
their number, so that a code depends neither on the order of rows nor on what else is there,
unless a namesake is.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import Final

import pandas as pd

from ties.dataset import Dataset
from ties.merge.words import tidy
from ties.places.names import fold

_UNDETERMINED: Final = "und"  # ISO 639: the language of a name as written is not known
_WIDE: Final = ("county", "district", "region", "borough", "joint")
_ISO_REGION: Final = r"[A-Z]{2}-[A-Z0-9]{1,3}"
_LONGEST: Final = 80
_N_DIGITS: Final = 8
# Claimed as a whole, and with a code of their own in lists of countries: a tie of Taipei is one of
# TW. What a claim takes out of totals are places whose country two sides write differently.
_OF_THEIR_OWN: Final = ("EH", "FK", "PS", "TW", "XK")

_TEXTS: Final = {
    "country_code": "country",
    "name": "written",
    "country": "written_country",
    "id": "own_id",
    "place_name": "name",
    "place_region": "region",
    "place_level": "level",
}
_NUMBERS: Final = {
    "place_latitude": "latitude",
    "place_longitude": "longitude",
    "place_population": "population",
    "latitude": "own_latitude",
    "longitude": "own_longitude",
}


def ends_of(statements: pd.DataFrame) -> pd.DataFrame:
    """Both ends of every statement of a tie, a row an end.

    Parameters
    ----------
    statements
        Resolved statements with the number of their ``pair``.

    Returns
    -------
    DataFrame
        ``pair``, ``place_key``, the words of the source (``written``, ``written_country``,
        ``own_id``, ``own_latitude``, ``own_longitude``), and what the place was taken for
        (``name``, ``region``, ``level``, ``latitude``, ``longitude``, ``population``, ``country``).
        In the order of sources and statements, whatever the order of the rows was.
    """
    rows = statements.sort_values(["source_id", "statement_id"], kind="stable")
    wanted = {"place_key": "place_key"} | _TEXTS | _NUMBERS
    sides = [
        rows[["pair", *(f"{name}_{side}" for name in wanted)]].set_axis(
            ["pair", *wanted.values()], axis="columns"
        )
        for side in "ab"
    ]
    both = pd.concat(sides, ignore_index=True)
    return both.assign(written=tidy(both["written"]), name=tidy(both["name"]))


def commonest(keys: pd.Series, values: pd.Series) -> pd.Series:
    """The value that stands most often beside each key; of several the first in order.

    Examples
    --------
    >>> commonest(pd.Series(["a", "a", "a"]), pd.Series(["Köln", "Cologne", "Köln"])).to_dict()
    {'a': 'Köln'}
    """
    told = pd.DataFrame({"key": keys.array, "value": values.array}).dropna()
    n = told.groupby(["key", "value"], observed=True).size().rename("n").reset_index()
    ordered = n.sort_values(["key", "n", "value"], ascending=[True, False, True])
    return ordered.drop_duplicates("key").set_index("key")["value"]


def make_places(
    ends: pd.DataFrame, known: Dataset | None = None
) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame]:
    """The places of some ties.

    Parameters
    ----------
    ends
        As `ends_of` gives it; each place has a country.
    known
        The record whose places came first.

    Returns
    -------
    places
        Columns of the table `places`, sorted by ``place_id``, with those that a place on record
        is part of.
    place_ids
        Which place each identity became; index ``place_key``.
    doubts
        What was assumed or left out: ``place_key``, ``rule``, ``message``.
    """
    own = _described(ends)
    on_record = pd.Series(False, index=own.index)
    if known is not None:
        on_record |= own.index.isin(known.places["place_id"])
    taken = [] if known is None else known.places["place_id"].tolist()
    made = distinct_codes(_codes(own[~on_record]), taken)
    ids = pd.Series(own.index, index=own.index).where(on_record).fillna(made).astype("str")
    found = own.assign(place_id=ids)
    places = found[~on_record]
    if known is not None:
        kept = _on_record(known, own.index[on_record])
        places = pd.concat([places, kept.astype({"level": "str"})], ignore_index=True)
    return places.sort_values("place_id", ignore_index=True), ids, _doubts(own[~on_record])


def make_names(ends: pd.DataFrame, place_ids: pd.Series, places: pd.DataFrame) -> pd.DataFrame:
    """The names as sources write them, but for those that the places bear themselves."""
    written = pd.DataFrame(
        {"place_id": ends["place_key"].map(place_ids), "name": ends["written"]}
    ).drop_duplicates()
    own = written["place_id"].map(places.set_index("place_id")["name"])
    other = written[written["name"].notna() & (written["name"] != own)]
    other = other.sort_values(["place_id", "name"], ignore_index=True)
    return other.assign(language=_UNDETERMINED)


def distinct_codes(codes: pd.Series, taken: list[str]) -> pd.Series:
    """Separate identities that would bear one code, by what identifies them.

    Parameters
    ----------
    codes
        The code wanted for each identity; index: the identity.
    taken
        Codes that are not to be had.

    Examples
    --------
    >>> wanted = {"geonames:12": "de-neustadt", "wikidata:Q3": "de-neustadt", "x": "fr-nice"}
    >>> distinct_codes(pd.Series(wanted), []).tolist()
    ['de-neustadt-12', 'de-neustadt-q3', 'fr-nice']
    """
    shared = codes.duplicated(keep=False) | codes.isin(taken)
    own = codes.where(~shared, codes + "-" + _mark(codes.index))
    again = own.duplicated(keep=False) | own.isin(taken)
    if not again.any():
        return own
    long = [hashlib.sha256(str(key).encode()).hexdigest() for key in codes.index]
    return own.where(~again, codes + "-" + pd.Series(long, index=codes.index))


def _mark(identities: pd.Index) -> pd.Series:
    """The number of an identity, or for a name some digits that stand for it."""
    texts = pd.Series(identities, index=identities, dtype="str")
    number = texts.str.extract(r"^\w+:([Qq]?\d+)$", expand=False).str.casefold()
    unnumbered = texts[number.isna()]
    digits = [hashlib.sha256(str(t).encode()).hexdigest()[:_N_DIGITS] for t in unnumbered]
    return number.fillna(pd.Series(digits, index=unnumbered.index, dtype="str"))


def _described(ends: pd.DataFrame) -> pd.DataFrame:
    """What is known of each identity, a row an identity."""
    key = ends["place_key"]
    texts = {
        name: commonest(key, ends[name])
        for name in ("name", "written", "country", "region", "level")
    }
    index = pd.Index(sorted(key.unique()), name="place_key", dtype="str")
    own = pd.DataFrame({name: found.reindex(index) for name, found in texts.items()}).astype("str")
    level = own["level"].where(own["level"].isin(_WIDE), "city")
    region = own["country"] + "-" + own["region"]
    # GeoNames writes the states of the United States as ISO does, and other countries otherwise.
    region = region.where(own["country"] == "US")
    is_iso = own["region"].str.fullmatch(_ISO_REGION).fillna(False).astype(bool)
    region = own["region"].where(is_iso, region)
    points = _points(ends, index)
    ids = index.to_series()
    own_ids = ends["own_id"].where(ends["own_id"].str.fullmatch("Q[1-9][0-9]*").fillna(False))
    n_ids = own_ids.groupby(key).nunique().reindex(index, fill_value=0)
    wikidata = commonest(key, own_ids).reindex(index).where(n_ids == 1)
    claimant = commonest(key, _claimants(ends["written_country"])).reindex(index)
    return own.assign(
        name=own["name"].fillna(own["written"]).fillna(ids),
        level=level,
        is_level_told=own["level"].notna() | ids.str.startswith("geonames:"),
        region=region.where(region.str.fullmatch(_ISO_REGION).fillna(False).astype(bool)),
        slug=own["region"],
        **points,
        geonames_id=pd.to_numeric(ids.str.extract(r"^geonames:(\d+)$", expand=False)).astype(
            "Int64"
        ),
        wikidata_id=ids.str.extract(r"^wikidata:(Q\d+)$", expand=False).fillna(wikidata),
        n_wikidata_ids=n_ids,
        claimed_by=claimant.where(claimant != own["country"]),
    )


def _points(ends: pd.DataFrame, index: pd.Index) -> dict[str, pd.Series]:
    """The coordinates of each place: the gazetteer's, else the first that a source gives."""
    columns = ["latitude", "longitude"]
    told = ends[["place_key", *columns]].dropna().drop_duplicates("place_key")
    own = ends[["place_key", "own_latitude", "own_longitude"]].dropna()
    in_range = own["own_latitude"].between(-90, 90) & own["own_longitude"].between(-180, 180)
    own = own[in_range].drop_duplicates("place_key").set_axis(["place_key", *columns], axis=1)
    point = pd.concat([told, own]).drop_duplicates("place_key").set_index("place_key")
    people = ends[["place_key", "population"]].dropna().drop_duplicates("place_key")
    population = people.set_index("place_key")["population"].reindex(index)
    population = population.round().where(population > 0).astype("Int64")
    return {name: point[name].reindex(index) for name in columns} | {"population": population}


def _codes(own: pd.DataFrame) -> pd.Series:
    """The code that each place would bear: country, region, name, and a wider level."""
    names = pd.Series([fold(str(name)) for name in own["name"]], index=own.index, dtype="str")
    region = own["slug"].fillna("").str.replace("^.*-", "", regex=True).map(fold).astype("str")
    level = own["level"].where(own["level"].isin(_WIDE), "").astype("str")
    is_said = [text.endswith(kind) for text, kind in zip(names, level, strict=True)]
    level = level.mask(pd.Series(is_said, index=own.index), "")
    parts: pd.Series = own["country"].str.casefold() + " " + region + " " + names + " " + level
    return parts.str.split().str.join("-").str.slice(0, _LONGEST).str.strip("-").astype("str")


def _on_record(known: Dataset, place_ids: pd.Index) -> pd.DataFrame:
    """Take places as they are on record, with those that they are part of."""
    wanted = set(place_ids)
    wholes = known.places.set_index("place_id")["part_of"]
    while more := set(wholes.reindex([*wanted]).dropna()) - wanted:
        wanted |= more
    return known.places[known.places["place_id"].isin(wanted)]


def _doubts(own: pd.DataFrame) -> pd.DataFrame:
    level = own.index[~own["is_level_told"]]
    several = own.index[own["n_wikidata_ids"] > 1]
    parts = [
        pd.DataFrame(
            {
                "place_key": level,
                "rule": "level_assumed",
                "message": "no source says what kind of place it is; it was taken for a city",
            }
        ),
        pd.DataFrame(
            {
                "place_key": several,
                "rule": "several_ids",
                "message": "sources give it several ids of Wikidata; none was taken. Is it one "
                "place?",
            }
        ),
    ]
    return pd.concat(parts, ignore_index=True).astype("str")


@cache
def _claims() -> dict[str, str]:
    """The one country that claims a territory, by the territory's folded name."""
    text = files("ties.places").joinpath("disputed.csv")
    with text.open(encoding="utf-8") as file:
        table = pd.read_csv(file, dtype="str", keep_default_na=False)
    single = table[table["claimed_by"].str.fullmatch("[A-Z]{2}")]
    single = single[~single["country"].isin(_OF_THEIR_OWN)]
    return {fold(row["name"]): row["claimed_by"] for row in single.to_dict("records")}


def _claimants(countries: pd.Series) -> pd.Series:
    """Who claims the territory that a source writes in place of a country."""
    folded = {text: fold(str(text)) for text in countries.dropna().unique()}
    meant = {text: _claims()[key] for text, key in folded.items() if key in _claims()}
    return countries.map(meant).astype("str")
