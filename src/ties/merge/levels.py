"""One tie told at two levels: a city, and the county, region or programme round it.

Sources differ on who holds a tie: one names Fairbanks, another the borough it lies in. Whether
these are one tie or two is for a person to say, so such pairs are pointed out and never merged.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from ties.dataset import Dataset

WIDE: Final = ("region", "county", "borough", "district", "joint")
SAME_NAME: Final = "the same names at two levels"
PART_OF: Final = "one place is part of the other"


def double_levels(
    resolved: pd.DataFrame, log: pd.DataFrame, known: Dataset | None = None
) -> pd.DataFrame:
    """Point out pairs that share one end, and at the other differ only in level.

    Parameters
    ----------
    resolved, log
        Statements, and the tie that each went into, as in `ties.merge.pairs.Merged`.
    known
        A record that knows the level of its places and what they are part of.

    Returns
    -------
    DataFrame
        A row is two pairs: ``pair`` (that with the wider place), ``other``, ``reason``. Either the
        two places bear one name in one country and one of them is a region or the like, or one
        is part of the other on record.
    """
    ends = _ends(resolved, log, known)
    found = pd.concat([_of_one_name(ends), _of_one_place(ends, known)], ignore_index=True)
    found = found.drop_duplicates(["pair", "other"]).sort_values(["pair", "other"])
    return found.astype({"reason": "str"}).reset_index(drop=True)


def _ends(resolved: pd.DataFrame, log: pd.DataFrame, known: Dataset | None) -> pd.DataFrame:
    """Each end of each tie under every name that it was given, with the place opposite."""
    parts = []
    for side, other in ("ab", "ba"):
        parts.append(
            pd.DataFrame(
                {
                    "pair": log["pair"],
                    "place": resolved[f"place_key_{side}"],
                    "partner": resolved[f"place_key_{other}"],
                    "country": resolved[f"country_code_{side}"],
                    "key": resolved[f"name_key_{side}"],
                    "level": resolved[f"place_level_{side}"],
                }
            )
        )
    ends = pd.concat(parts, ignore_index=True)
    ends = ends if ends["pair"].notna().all() else ends.dropna(subset=["pair"])
    if known is not None:
        levels = known.places.set_index("place_id")["level"].astype("str")
        ends["level"] = ends["place"].map(levels).fillna(ends["level"])
    return ends.assign(is_wide=ends["level"].isin(WIDE))


def _of_one_name(ends: pd.DataFrame) -> pd.DataFrame:
    by = ["partner", "country", "key"]
    wide = ends[ends["is_wide"]].dropna(subset=by).drop_duplicates()
    # Most places have no partner that is wide: what is theirs need not be looked through.
    near = ends[~ends["is_wide"] & ends["partner"].isin(wide["partner"])]
    narrow = near[[*by, "pair", "place"]].dropna(subset=by).drop_duplicates()
    both = wide.merge(narrow.rename(columns={"pair": "other"}), on=by, suffixes=("", "_other"))
    both = both[both["place"] != both["place_other"]]
    return both[["pair", "other"]].drop_duplicates().assign(reason=SAME_NAME)


def _of_one_place(ends: pd.DataFrame, known: Dataset | None) -> pd.DataFrame:
    if known is None:
        return pd.DataFrame({"pair": [], "other": [], "reason": []}).astype({"pair": "Int64"})
    around = known.places.set_index("place_id")["part_of"].dropna()
    ends = ends[["pair", "place", "partner"]]
    # Where no place lies in another, pandas would take what is missing for numbers.
    outer = ends["place"].map(around).astype("str")
    inner = ends.assign(around=outer).dropna(subset=["around"])
    inner = inner.drop_duplicates()
    own = ends[ends["partner"].isin(inner["partner"])].drop_duplicates()
    both = own.merge(
        inner[["pair", "around", "partner"]].rename(columns={"pair": "other", "around": "place"}),
        on=["place", "partner"],
    )
    return both[["pair", "other"]].drop_duplicates().assign(reason=PART_OF)
