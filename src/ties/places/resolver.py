"""Which place is meant by a name, with the reason: known places first, then a gazetteer.

A name is compared without case, accents and script. Where it lies (country, state, the city
that it is part of, coordinates) and when it was used narrow the choice. A place is
taken only if one is left, or if one is so much larger than its namesakes that nobody would
mean another without saying so. Everything else stays ambiguous, with its candidates.

=============  ===========================================================================
basis          what stands behind the identity
=============  ===========================================================================
decision       somebody decided, and gave a reason
known          a place of the record that was given
gazetteer      a place of the gazetteer
fuzzy          a name of one of these that is nearly the same
id             the source's own id, where the name does not tell
provisional    a name that nobody knows, in a known country: it stands for itself
ambiguous      several places go by the name
unresolved     neither the country nor the place is known, or the name was not borne then
=============  ===========================================================================
"""

from __future__ import annotations

import warnings
from typing import Final

import numpy as np
import pandas as pd

from ties.dataset import Dataset
from ties.errors import TiesWarning
from ties.places import decisions as deciding
from ties.places.countries import resolve_countries
from ties.places.gazetteer import Gazetteer
from ties.places.names import fold, split_names
from ties.places.namesakes import NEAR_KM, known_names, namesakes

MENTION: Final = {
    "name": "str",
    "country": "str",
    "region": "str",
    "level": "str",
    "id": "str",
    "latitude": "float64",
    "longitude": "float64",
    "on": "str",
}
BASES: Final = (
    "decision",
    "known",
    "gazetteer",
    "fuzzy",
    "id",
    "provisional",
    "ambiguous",
    "unresolved",
)

FAR_KM: Final = 100.0
# A namesake is passed over if the largest place has so many times its people.
DOMINANT: Final = 10.0
DOMINANT_ABROAD: Final = 20.0
DOMINANT_OTHER_NAME: Final = 100.0
_MIN_ABROAD: Final = 50_000
_FUZZY: Final = 90
_MIN_FUZZY: Final = 6
_LIKE: Final = 70
_N_LIKE: Final = 5


def resolve(
    mentions: pd.DataFrame,
    known: Dataset | None = None,
    gazetteer: Gazetteer | None = None,
    decisions: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The place that each mention means.

    Parameters
    ----------
    mentions
        A row is a naming of a place: ``name``, and of what else is known ``country``, ``region``,
        ``level``, ``id`` (``Q64``, ``geonames:2950159``), ``latitude``, ``longitude``, ``on``
        (EDTF date on which the name was used).
    known
        A record whose places come first.
    gazetteer
        Where to look for other places; without one they stand for themselves.
    decisions
        What somebody decided, see `ties.places.decisions`.

    Returns
    -------
    DataFrame
        Index of `mentions`: ``place_key`` (identity, missing if ambiguous or unresolved),
        ``basis`` (see this module), ``score`` (0 to 1), ``reasons``, ``country`` (ISO 3166-1
        alpha-2), ``n_candidates``, ``is_disputed``, ``name_key`` (the folded name),
        ``is_confirmed`` (region or coordinates confirm the place), ``level``, and of the place
        ``name``, ``region``, ``latitude``, ``longitude``, ``population``.

    Examples
    --------
    >>> import ties
    >>> asked = pd.DataFrame(
    ...     {"name": ["Архангельск", "Portland, ME"], "country": ["Russia", "USA"]}
    ... )
    >>> resolve(asked, ties.load("us-russia"))["place_key"].tolist()
    ['ru-ark-arkhangelsk', 'us-me-portland']
    """
    full = mentions.reindex(columns=list(MENTION)).astype(MENTION)
    # Numbered again in the order of appearance, which groups with missing values do not keep.
    number, _ = pd.factorize(full.groupby(list(MENTION), dropna=False).ngroup())
    distinct = full[~pd.Series(number).duplicated().to_numpy()].reset_index(drop=True)
    asked = _asked(distinct)
    found = namesakes(asked, known, gazetteer)
    decided = _decide(asked, found)
    decided = _nearly(decided, asked, known, gazetteer)
    decided = _by_id(decided, asked, known)
    decided = _provisional(decided, asked)
    if decisions is not None:
        decided = decide(decided, distinct, decisions, known, gazetteer)
    resolved = decided.take(number)
    resolved.index = mentions.index
    return resolved


def decide(
    resolved: pd.DataFrame,
    mentions: pd.DataFrame,
    decisions: pd.DataFrame,
    known: Dataset | None = None,
    gazetteer: Gazetteer | None = None,
) -> pd.DataFrame:
    """Mentions as somebody decided about them, with what is known of the places decided for.

    Parameters
    ----------
    resolved
        As `resolve` gives it.
    mentions
        Same index; with ``partner`` (the name at the tie's other end) for decisions about one.
    decisions, known, gazetteer
        As for `resolve`.
    """
    columns = ["country", "name", "region", "latitude", "longitude", "population"]
    keys = pd.Index(decisions["place_key"].dropna().unique(), dtype="str")
    parts = [] if gazetteer is None else [gazetteer.places(keys)]
    if known is not None:
        on_record = known.places.rename(columns={"place_id": "place_key"})
        parts.insert(0, on_record[on_record["place_key"].isin(keys)])
    places = pd.DataFrame(columns=["place_key", *columns])
    if parts:
        places = pd.concat([part[["place_key", *columns]] for part in parts], ignore_index=True)
    places = places.drop_duplicates("place_key").set_index("place_key")
    told = decisions[decisions["latitude"].notna()]["place_key"]
    for key in keys.difference(places.index).difference(told):
        warnings.warn(
            f"decisions: {key!r} is neither in the record nor in the gazetteer and has no point; "
            "see to its spelling, or write its latitude and longitude beside it",
            TiesWarning,
            stacklevel=2,
        )
    return deciding.apply(resolved, mentions, decisions, places)


def candidates(
    mentions: pd.DataFrame, known: Dataset | None = None, gazetteer: Gazetteer | None = None
) -> pd.DataFrame:
    """The places that go by the names of mentions, for a person to choose from.

    Returns
    -------
    DataFrame
        A row is a candidate of a mention: ``mention`` (its label in the index of `mentions`),
        ``place_key``, ``place``, ``place_country``, ``place_region``, ``latitude``,
        ``longitude``, ``population`` (float) and ``km`` (distance, where coordinates are given);
        the largest place first.
    """
    full = mentions.reindex(columns=list(MENTION)).astype(MENTION)
    found = namesakes(_asked(full), known, gazetteer)
    found = found.sort_values(["mention", "population"], ascending=[True, False], kind="stable")
    return found[["mention", "place_key", *_CANDIDATE, "km"]].rename(columns=_CANDIDATE)


_CANDIDATE: Final = {
    "place": "place",
    "country_place": "place_country",
    "region": "place_region",
    "lat_place": "latitude",
    "lon_place": "longitude",
    "population": "population",
}


def similar(
    mentions: pd.DataFrame, known: Dataset | None = None, gazetteer: Gazetteer | None = None
) -> pd.DataFrame:
    """Places of a mention's country whose names look like its own, the likest first.

    Returns
    -------
    DataFrame
        As `candidates` gives it, at most five a mention, with ``score`` (0 to 100, of rapidfuzz).
    """
    from rapidfuzz import fuzz, process

    asked = _asked(mentions.reindex(columns=list(MENTION)).astype(MENTION))
    asked = asked[asked["country"].notna() & (asked["key"] != "")]
    on_record = None if known is None else known_names(known)
    parts = [pd.DataFrame(columns=["mention", "place_key", *_CANDIDATE.values(), "km", "score"])]
    for country, group in asked.groupby("country"):
        names = [] if on_record is None else [on_record[on_record["country"] == country]]
        names += [] if gazetteer is None else [gazetteer.names_in(str(country))]
        own = pd.concat([*names, pd.DataFrame(columns=["key"])], ignore_index=True)
        own = own.rename(columns={"name": "place", "country": "place_country"})
        own = own.rename(columns={"region": "place_region"})
        for mention, key in group["key"].items():
            near = process.extract(
                key, own["key"].tolist(), scorer=fuzz.ratio, score_cutoff=_LIKE, limit=None
            )
            rows = own.iloc[[place for _, _, place in near]]
            rows = rows.assign(mention=pd.Series(mention, rows.index), km=np.nan)
            rows = rows.assign(score=[score for _, score, _ in near])
            parts.append(rows.drop_duplicates("place_key").head(_N_LIKE)[[*parts[0]]])
    return pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)


def _asked(distinct: pd.DataFrame) -> pd.DataFrame:
    """Take each mention apart: its key, its level, where it lies."""
    countries = resolve_countries(distinct["country"], distinct["on"])
    parts = split_names(distinct["name"].fillna(""))
    level = distinct["level"].map(_plain_level).fillna(parts["level"])
    around = parts["around"]
    for text in (distinct["region"], countries["region"]):
        around = around + "|" + text.fillna("").map(fold).astype("str")
    return pd.DataFrame(
        {
            "key": parts["key"],
            "before_slash": _before_slash(distinct["name"].fillna("")),
            "level": level.astype("str"),
            "around": around.str.strip("|"),
            "country": countries["country"],
            "successors": countries["successors"],
            "is_disputed": countries["is_disputed"],
            "note": countries["note"],
            "id": distinct["id"],
            "on": distinct["on"],
            "latitude": distinct["latitude"],
            "longitude": distinct["longitude"],
        }
    )


def _before_slash(names: pd.Series) -> pd.Series:
    """The part of a name before a slash: "Lahr" of "Lahr/Schwarzwald"; empty without one."""
    first = names.str.split("/").str[0].where(names.str.contains("/", regex=False), "")
    return first.map(fold).astype("str")


def _plain_level(text: object) -> str | None:
    """Read a level as a source writes it; a municipality by any name is a city."""
    if pd.isna(text):  # type: ignore[call-overload]
        return None
    word = fold(str(text))
    if word in ("city", "municipality", "municipal", "town", "village", "commune"):
        return "city"
    return word if word in ("county", "district", "region", "borough", "joint") else None


def _decide(asked: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Choose the one place that is left, or that dominates; else say that it is ambiguous."""
    in_time = found[~found["is_late"]]
    late = pd.Index(found["mention"].unique()).difference(in_time["mention"].unique())
    mains = in_time.groupby("mention")["is_main"].transform("any")
    top = in_time["population"].groupby(in_time["mention"]).transform("max")
    # Another name of a far larger place outweighs the own name of a hamlet.
    left = in_time[
        in_time["is_main"] | ~mains | (in_time["population"].eq(top) & top.ge(_MIN_ABROAD))
    ]
    ordered = left.sort_values(["mention", "population"], ascending=[True, False], kind="stable")
    first = ordered.drop_duplicates("mention").set_index("mention")
    second = ordered[ordered.duplicated("mention")].drop_duplicates("mention").set_index("mention")
    n = ordered.groupby("mention").size().reindex(asked.index, fill_value=0)
    chosen = first.reindex(asked.index)
    is_abroad = asked["country"].isna()
    has_main = left.groupby("mention")["is_main"].any().reindex(asked.index, fill_value=False)
    by_other_name = has_main & ~chosen["is_main"].eq(True)
    factor = np.where(is_abroad, DOMINANT_ABROAD, DOMINANT)
    factor = np.where(by_other_name, DOMINANT_OTHER_NAME, factor)
    # Words beside the name that fit no candidate may tell of a place that we do not know.
    is_unplaced = (asked["around"] != "") & ~chosen["is_around"].eq(True) & (chosen["rank"] > 0)
    runner_up = second["population"].reindex(asked.index).fillna(0).clip(lower=1)
    dominates = (chosen["population"] >= factor * runner_up) & ~is_unplaced
    dominates &= ~is_abroad | (chosen["population"] >= _MIN_ABROAD)
    near = chosen["km"] <= NEAR_KM
    is_small = (chosen["population"].fillna(0) < _MIN_ABROAD) | is_unplaced
    is_clear = (n == 1) & ~(is_abroad & ~near & ~chosen["is_around"].eq(True) & is_small)
    second_km = second["km"].reindex(asked.index)
    nearest_only = near & (second_km > NEAR_KM)
    taken = is_clear | ((n > 1) & (dominates | nearest_only))
    is_far = chosen["km"] > FAR_KM
    basis = pd.Series("gazetteer", index=asked.index).mask(
        ~chosen["place_key"].str.startswith("geonames:", na=False), "known"
    )
    basis = basis.mask(~taken, "ambiguous").mask(n == 0, "none")
    basis = basis.mask(asked.index.isin(late), "unresolved")
    score = pd.Series(1.0, index=asked.index).mask(n > 1, 0.85).mask(is_far, 0.6).where(taken, 0.0)
    kept = chosen.where(taken)
    return pd.DataFrame(
        {
            "place_key": kept["place_key"].astype("str"),
            "basis": basis.astype("str"),
            "score": score,
            "reasons": _reasons(asked, chosen, taken, n, late),
            "country": asked["country"].fillna(kept["country_place"]).astype("str"),
            "n_candidates": n.astype("Int64"),
            "is_disputed": asked["is_disputed"].astype(bool),
            "name_key": asked["key"],
            "is_confirmed": taken & (near | chosen["is_around"].eq(True) | (chosen["rank"] == 0)),
            "level": asked["level"],
            "name": kept["place"].astype("str"),
            "region": kept["region"].astype("str"),
            "latitude": kept["lat_place"].astype("float64"),
            "longitude": kept["lon_place"].astype("float64"),
            "population": kept["population"].astype("float64"),
        }
    )


def _reasons(
    asked: pd.DataFrame, chosen: pd.DataFrame, taken: pd.Series, n: pd.Series, late: pd.Index
) -> pd.Series:
    """In words why a place was taken, or why not."""
    people = chosen["population"].fillna(0).map("{:,.0f}".format).astype("str")
    text = pd.Series("no place goes by this name", index=asked.index)
    text = text.mask(n >= 1, "the only place of that name")
    text = text.mask(
        n > 1, "the largest of " + n.astype("str") + " of that name: " + people + " people"
    )
    text = text.mask(taken & chosen["is_around"].eq(True), text + ", where the source says")
    far = chosen["km"].round(0).map("{:,.0f}".format).astype("str")
    text = text.mask(
        taken & (chosen["km"] <= NEAR_KM), text + ", " + far + " km from the point given"
    )
    text = text.mask(
        taken & (chosen["km"] > FAR_KM), text + ", but " + far + " km from the point given"
    )
    go = n.map({1: " place goes"}).fillna(" places go") + " by this name"
    text = text.mask((n > 0) & ~taken, n.astype("str") + go)
    text = text.mask(asked.index.isin(late), "the place did not bear this name then")
    return text.where(asked["note"].isna(), text + "; " + asked["note"].fillna("")).astype("str")


def _nearly(
    decided: pd.DataFrame, asked: pd.DataFrame, known: Dataset | None, gazetteer: Gazetteer | None
) -> pd.DataFrame:
    """Take a place of the record whose name is nearly the same, if there is just one."""
    if known is None:
        return decided
    from rapidfuzz import fuzz, process

    names = known_names(known)
    open_ = decided.index[
        (decided["basis"] == "none")
        & (asked["level"].isna() | (asked["level"] == "city"))
        & asked["country"].isin(names["country"].unique())
        & (asked["key"].str.len() >= _MIN_FUZZY)
    ]
    rows = []
    for country, group in asked.loc[open_].groupby("country"):
        own = names[(names["country"] == country) & (names["key"].str.len() >= _MIN_FUZZY)]
        own = own.drop_duplicates(["key", "place_key"]).reset_index(drop=True)
        keys = own["key"].tolist()
        scores = process.cdist(group["key"], keys, scorer=fuzz.ratio, score_cutoff=_FUZZY)
        for mention, row in zip(group.index, scores, strict=True):
            hits = own[row > 0]
            if hits["place_key"].nunique() == 1:
                rows.append((mention, hits["place_key"].iloc[0], hits["key"].iloc[0], row.max()))
    if not rows:
        return decided
    near = pd.DataFrame(rows, columns=["mention", "place_key", "key", "score"]).set_index("mention")
    places = known.places.set_index("place_id").reindex(near["place_key"])
    is_city = places["level"].eq("city").to_numpy()
    near, places = near[is_city], places[is_city]
    changed = decided.copy()
    at = near.index
    changed.loc[at, "place_key"] = near["place_key"]
    changed.loc[at, "basis"] = "fuzzy"
    changed.loc[at, "score"] = near["score"] / 100
    changed.loc[at, "reasons"] = "nearly the same as '" + near["key"] + "'"
    for name in ("name", "region", "latitude", "longitude"):
        changed.loc[at, name] = places[name].to_numpy()
    changed.loc[at, "n_candidates"] = 1
    return changed


def _by_id(decided: pd.DataFrame, asked: pd.DataFrame, known: Dataset | None) -> pd.DataFrame:
    """Let the source's own id stand where it is on record, or where the name does not tell."""
    changed = decided.copy()
    has_id = asked["id"].notna()
    if known is not None:
        places = known.places
        ids = pd.concat(
            [
                places.dropna(subset=["wikidata_id"]).set_index("wikidata_id")["place_id"],
                places.dropna(subset=["geonames_id"])
                .assign(code=lambda p: "geonames:" + p["geonames_id"].astype("str"))
                .set_index("code")["place_id"],
            ]
        )
        place = asked["id"].map(ids[~ids.index.duplicated()])
        on_record = place.notna()
        changed["place_key"] = changed["place_key"].mask(on_record, place)
        changed["basis"] = changed["basis"].mask(on_record, "known")
        changed["score"] = changed["score"].mask(on_record, 1.0)
        changed["reasons"] = changed["reasons"].mask(
            on_record, "by its id " + asked["id"].fillna("")
        )
    # Two ids of one scheme are two places, whatever their names.
    scheme = asked["id"].str.extract(r"^([a-z]+:|Q)", expand=False).fillna("")
    n_ids = asked["id"].groupby([changed["place_key"], scheme]).transform("nunique")
    is_shared = has_id & (changed["basis"] == "gazetteer") & (n_ids > 1)
    changed["reasons"] = changed["reasons"].mask(is_shared, "places with other ids go by this name")
    loose = is_shared | (has_id & changed["basis"].isin(["ambiguous", "none"]))
    key = asked["id"].where(asked["id"].str.contains(":", na=False), "wikidata:" + asked["id"])
    changed["place_key"] = changed["place_key"].mask(loose, key)
    changed["basis"] = changed["basis"].mask(loose, "id")
    changed["reasons"] = changed["reasons"].mask(
        loose, changed["reasons"] + "; its id " + asked["id"].fillna("") + " tells it apart"
    )
    return changed


def _provisional(decided: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    """Let a name that nobody knows stand for itself within its country."""
    is_open = decided["basis"] == "none"
    has_country = asked["country"].notna() & (asked["key"] != "")
    level = ("@" + asked["level"]).where(asked["level"].isin(["region", "county", "district"]), "")
    key = "name:" + asked["country"].fillna("") + ":" + asked["key"] + level
    named = is_open & has_country
    lost = is_open & ~has_country
    return decided.assign(
        place_key=decided["place_key"].mask(named, key),
        basis=decided["basis"].mask(named, "provisional").mask(lost, "unresolved"),
        score=decided["score"].mask(named, 0.5),
        latitude=decided["latitude"].mask(named, asked["latitude"]),
        longitude=decided["longitude"].mask(named, asked["longitude"]),
    )
