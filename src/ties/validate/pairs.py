"""A pair of places is one tie: stored once, in one order, between two places on a globe."""

from __future__ import annotations

import pandas as pd

from ties.errors import WARNING, join
from ties.validate.record import RecordTables

# A place is odd if it lies so far from the middle of its country, in degrees and as a multiple
# of the usual distance, and would lie among the others with its coordinates the other way
# round. Of the places of the bundled record these bounds suspect none; with the coordinates
# of one swapped they find more than half of those that the range of a latitude does not.
_MIN_PLACES = 5
_FAR = 15.0
_ODD = 4.0
_USUAL = 2.5


def tied_to_itself(record: RecordTables) -> pd.DataFrame:
    """Find ties of a place with itself."""
    ties = record.frames["ties"]
    is_wrong = (ties["place_a"] == ties["place_b"]) & ties["place_a"].notna()
    message = "{value!r} is tied to itself; a tie has two places"
    return record.problems("ties", is_wrong, "self_tie", message, column="place_b")


def out_of_order(record: RecordTables) -> pd.DataFrame:
    """Find ties whose places stand the wrong way round."""
    ties = record.frames["ties"]
    is_wrong = (ties["place_a"] > ties["place_b"]).fillna(False)
    message = (
        "{value!r} sorts after {other!r}; swap the two, and the sides a and b of the tie's events"
    )
    return record.problems(
        "ties", is_wrong, "pair_order", message, column="place_a", other=ties["place_b"]
    )


def stored_twice(record: RecordTables) -> pd.DataFrame:
    """Find pairs that an earlier row holds already, in either order."""
    ties = record.frames["ties"]
    known = ties[["tie_id", "place_a", "place_b"]].dropna()
    codes, _ = pd.factorize(pd.concat([known["place_a"], known["place_b"]]))
    ends = codes.reshape(2, len(known))
    pair = pd.DataFrame({"one": ends.min(axis=0), "other": ends.max(axis=0)}, index=known.index)
    # The same code on an earlier row is a problem of its own, and said there.
    is_again = pair.duplicated() & ~known["tie_id"].duplicated()
    if not is_again.any():
        return join([])
    first = known["tie_id"].groupby([pair["one"], pair["other"]]).transform("first")
    line = pd.Series(record.raw["ties"].lines, index=ties.index).loc[known.index]
    first_line = line.groupby([pair["one"], pair["other"]]).transform("first")
    message = "the pair is already on line {line} as {first!r}; put the events of both there"
    return record.problems(
        "ties",
        is_again.reindex(ties.index, fill_value=False),
        "pair_twice",
        message,
        column="tie_id",
        first=first.reindex(ties.index),
        line=first_line.reindex(ties.index).astype("Int64"),
    )


def swapped_coordinates(record: RecordTables) -> pd.DataFrame:
    """Find places far from all others of their country that would lie among them if swapped."""
    places = record.frames["places"]
    if places["country"].isna().all():
        return join([])  # nothing to group by, which pandas would not bear
    here = places[["latitude", "longitude"]].where(places["country"].notna())
    country = here.groupby(places["country"], observed=True)
    middle = country.transform("median")
    spread = (here - middle).abs().groupby(places["country"]).transform("median").clip(lower=1.0)
    swapped = here.set_axis(["longitude", "latitude"], axis="columns")[["latitude", "longitude"]]
    far = (here - middle).abs().max(axis="columns", skipna=False)
    odd = ((here - middle).abs() / spread).max(axis="columns", skipna=False)
    odd_swapped = ((swapped - middle).abs() / spread).max(axis="columns", skipna=False)
    is_many = country["latitude"].transform("count") >= _MIN_PLACES
    is_wrong = is_many & (far > _FAR) & (odd > _ODD) & (odd_swapped < _USUAL)
    message = (
        "{value}, {longitude} is far from the other places of {country}; "
        "are latitude and longitude swapped?"
    )
    return record.problems(
        "places",
        is_wrong.fillna(False),
        "swapped_coordinates",
        message,
        column="latitude",
        severity=WARNING,
        longitude=places["longitude"],
        country=places["country"],
    )


def ties_without_events(record: RecordTables) -> pd.DataFrame:
    """Find ties of which nothing is recorded."""
    if not record.can_follow("events") or "tie_id" in record.absent["events"]:
        return join([])
    tie = record.frames["ties"]["tie_id"]
    is_bare = tie.notna() & ~record.is_referred_to("ties", by="events")
    message = "{value!r} has no event; add one, if only a 'listed' with its source"
    return record.problems("ties", is_bare, "no_events", message, column="tie_id", severity=WARNING)
