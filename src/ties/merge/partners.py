"""Names that several places go by, told apart by the place at the other end of the tie.

"Portland" alone may be in Maine or in Oregon. But a list that names Portland as a partner of
Khabarovsk means the same Portland as another list that says "Portland, Oregon" of Khabarovsk:
that two namesakes are both tied to one place is rare, and where a source shows that
they are, nothing is settled. A name that stays open stands for itself *with that partner*, so
that two lists which both say "Portland – Sapporo" still meet, and never meet "Portland –
Arkhangelsk".
"""

from __future__ import annotations

from typing import Final

import pandas as pd

# Ends that a partner may settle: the name alone did not tell.
_OPEN: Final = ("ambiguous", "id", "unresolved")
# Ends that follow a more certain one, of the same name and with the same partner.
_LOOSE: Final = (*_OPEN, "gazetteer", "known", "provisional")


def settle_by_partner(
    resolved: pd.DataFrame, known_pairs: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Settle ambiguous ends of statements by the other end.

    Parameters
    ----------
    resolved
        A row is a statement whose ends were resolved: ``place_key``, ``basis``, ``country_code``,
        ``name_key`` and ``reasons`` with ``_a`` and ``_b``.
    known_pairs
        Ties of the record whose places came first: ``place_a``, ``place_b``, and the folded names
        of both as ``key_a``, ``key_b``, a row a combination of names.

    Returns
    -------
    DataFrame
        The same rows; ends that were settled have ``basis`` "partner", those that stay
        open but tell the same as another statement have an identity that begins with "open:".

    Examples
    --------
    >>> rows = [
    ...     (
    ...         "us-or-portland",
    ...         "known",
    ...         "US",
    ...         "portland",
    ...         "ru-kha-khabarovsk",
    ...         "known",
    ...         "RU",
    ...         "khabarovsk",
    ...     ),
    ...     (None, "ambiguous", "US", "portland", "ru-kha-khabarovsk", "known", "RU", "khabarovsk"),
    ... ]
    >>> names = [
    ...     f"{name}_{s}"
    ...     for s in "ab"
    ...     for name in ("place_key", "basis", "country_code", "name_key")
    ... ]
    >>> settled = settle_by_partner(pd.DataFrame(rows, columns=names))
    >>> settled["place_key_a"].tolist()
    ['us-or-portland', 'us-or-portland']
    """
    settled = resolved.copy()
    for side in "ab":
        if f"reasons_{side}" not in settled:
            settled[f"reasons_{side}"] = ""
        if f"is_confirmed_{side}" not in settled:
            settled[f"is_confirmed_{side}"] = False
    if known_pairs is not None:
        settled = _settle_both(settled, known_pairs)
    # A second round lets an end settled in the first one settle its partner.
    for _ in range(2):
        told = _told(settled, known_pairs)
        for side, other in ("ab", "ba"):
            settled = _settle(settled, told[told["is_sure"]], side, other, _LOOSE)
            settled = _settle(settled, told, side, other, _OPEN)
    return _stand_open(settled)


def _settle_both(settled: pd.DataFrame, known_pairs: pd.DataFrame) -> pd.DataFrame:
    """Settle statements of which both ends are open, where one tie on record has both names."""
    names = [f"{name}_{side}" for side in "ab" for name in ("key", "country", "place")]
    turned = [f"{name}_{side}" for side in "ba" for name in ("key", "country", "place")]
    both = [known_pairs[names], known_pairs[turned].set_axis(names, axis="columns")]
    told = pd.concat(both, ignore_index=True).drop_duplicates()
    is_open = settled["basis_a"].isin(_OPEN) & settled["basis_b"].isin(_OPEN)
    asked = pd.DataFrame(
        {
            f"{name}_{side}": settled.loc[is_open, f"{column}_{side}"]
            for side in "ab"
            for name, column in (("key", "name_key"), ("country", "country_code"))
        }
    ).rename_axis("statement")
    keys = list(asked.columns)
    fits = asked.dropna().reset_index().merge(told, on=keys)
    single = fits[~fits.duplicated("statement", keep=False)].set_index("statement")
    changed = settled.copy()
    for side in "ab":
        changed.loc[single.index, f"place_key_{side}"] = single[f"place_{side}"]
        changed.loc[single.index, f"basis_{side}"] = "partner"
        changed.loc[single.index, f"reasons_{side}"] = "the one tie on record with both names"
    return changed


def _told(settled: pd.DataFrame, known_pairs: pd.DataFrame | None) -> pd.DataFrame:
    """Who goes by a name as the partner of a place, and whether region or point confirm it."""
    names = ["partner", "key", "country", "place", "is_sure"]
    parts = []
    for side, other in ("ab", "ba"):
        taken = ~settled[f"basis_{side}"].isin(_OPEN) & settled[f"place_key_{side}"].notna()
        taken &= settled[f"place_key_{other}"].notna()
        columns = [
            f"place_key_{other}",
            f"name_key_{side}",
            f"country_code_{side}",
            f"place_key_{side}",
            f"is_confirmed_{side}",
        ]
        parts.append(settled.loc[taken, columns].set_axis(names, axis="columns"))
    if known_pairs is not None:
        for side, other in ("ab", "ba"):
            columns = [f"place_{other}", f"key_{side}", f"country_{side}", f"place_{side}"]
            parts.append(known_pairs[columns].assign(sure=True).set_axis(names, axis="columns"))
    told = pd.concat(parts, ignore_index=True).drop_duplicates()
    told["is_sure"] = told["is_sure"].astype(bool)
    short = told.assign(key=told["key"].str.removesuffix(" city"))
    return pd.concat([told, short], ignore_index=True).drop_duplicates()


def _settle(
    settled: pd.DataFrame, told: pd.DataFrame, side: str, other: str, bases: tuple[str, ...]
) -> pd.DataFrame:
    """The ends, those of some bases with the one place told to be the partner of that name."""
    country = settled[f"country_code_{side}"]
    open_ = settled[f"basis_{side}"].isin(bases) & settled[f"place_key_{other}"].notna()
    open_ &= ~settled[f"is_confirmed_{side}"].astype(bool) & (settled[f"name_key_{side}"] != "")
    key = settled.loc[open_, f"name_key_{side}"]
    asked = pd.DataFrame(
        {
            "statement": settled.index[open_],
            "partner": settled.loc[open_, f"place_key_{other}"],
            "key": key.str.removesuffix(" city"),
            "own_country": country[open_],
        }
    )
    fits = asked.merge(told, on=["partner", "key"], how="inner")
    fits = fits[fits["own_country"].isna() | (fits["own_country"] == fits["country"])]
    fits = fits.drop_duplicates(["statement", "place"])
    single = fits[~fits.duplicated("statement", keep=False)].set_index("statement")
    new = single[single["place"] != settled.loc[single.index, f"place_key_{side}"]]
    changed = settled.copy()
    at = new.index
    changed.loc[at, f"place_key_{side}"] = new["place"]
    changed.loc[at, f"country_code_{side}"] = new["country"]
    changed.loc[at, f"basis_{side}"] = "partner"
    changed.loc[at, f"reasons_{side}"] = "the one of that name that is tied to " + new["partner"]
    return changed


def _stand_open(settled: pd.DataFrame) -> pd.DataFrame:
    """Let an end that stays open stand for itself, together with its partner."""
    changed = settled.copy()
    keys = {side: settled[f"place_key_{side}"] for side in "ab"}
    for side, other in ("ab", "ba"):
        is_open = settled[f"basis_{side}"] == "ambiguous"
        # Where both are open, each is told apart by the other's name.
        name_other = (
            settled[f"country_code_{other}"].fillna("") + ":" + settled[f"name_key_{other}"]
        )
        partner = keys[other].fillna(name_other)
        own = settled[f"country_code_{side}"].fillna("") + ":" + settled[f"name_key_{side}"]
        changed[f"place_key_{side}"] = changed[f"place_key_{side}"].mask(
            is_open, "open:" + own + "@" + partner
        )
    return changed
