"""Find a tie or a place by its name, as people write it.

Nobody remembers that a tie is called ``portland-arkhangelsk``. They write "Portland Maine",
"Архангельск", "Leningrad Los Angeles". So every place goes by all the names that it ever bore,
in any script, and by those of its region and country; letters are compared without case and
accents. Of the ties that fit, those whose places are fully named come first. What is not
found is answered with the nearest name, never with a guess.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final

import pandas as pd

from ties.dataset import Dataset
from ties.errors import TiesError, nearest
from ties.schema.regions import area_name, areas

N_CANDIDATES: Final = 12

# Between two names these join and say nothing; an apostrophe may stand for a soft sign.
_JOINING: Final = frozenset({"and", "и"})
_APOSTROPHES: Final = str.maketrans("", "", "'’‘ʼʹ`´")


class UnknownNameError(TiesError):
    """No place or tie of the record goes by that name."""


class AmbiguousNameError(TiesError):
    """Several ties fit a name; `candidates` are their ids."""

    def __init__(self, message: str, candidates: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.candidates = list(candidates)


@dataclass(frozen=True)
class _Called:
    """What a place goes by: its names, each in words, and the words for where it lies."""

    names: frozenset[tuple[str, ...]]
    around: frozenset[str]

    @property
    def own_words(self) -> frozenset[str]:
        return frozenset[str]().union(*self.names)

    @property
    def words(self) -> frozenset[str]:
        return self.around | self.own_words

    def is_named_in(self, words: set[str]) -> bool:
        """Whether one of the names stands in full among words."""
        return any(words.issuperset(name) for name in self.names if name)


def fold(text: str) -> str:
    """Reduce a name to what is compared: words without case, accents and punctuation.

    Examples
    --------
    >>> fold("Cañon City"), fold("Йошкар-Ола"), fold("Arkhangel'sk")
    ('canon city', 'иошкар ола', 'arkhangelsk')
    """
    letters = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).casefold()
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(word for word in re.findall(r"\w+", plain) if word not in _JOINING)


def find_tie(dataset: Dataset, name: str) -> str:
    """The id of the one tie that a name means.

    Parameters
    ----------
    dataset
        A record.
    name
        A tie's id, or names of one or both of its places in any order, current or old, with
        region or country where that is needed to tell them apart.

    Raises
    ------
    UnknownNameError
        If no tie fits; the message says what comes nearest.
    AmbiguousNameError
        If several fit equally well; the message lists them.

    Examples
    --------
    >>> import ties
    >>> find_tie(ties.load("us-russia"), "Portland Maine")
    'portland-arkhangelsk'
    """
    folded: dict[str, str] = {fold(tie_id): tie_id for tie_id in dataset.ties["tie_id"]}
    if fold(name) in folded:
        return folded[fold(name)]
    words = set(fold(name).split())
    called = _called(dataset)
    best = _best(dataset.ties, called, words) if words else []
    if len(best) == 1:
        return best[0]
    if best:
        listed = _listed(dataset, best)
        raise AmbiguousNameError(f"{len(best)} ties fit {name!r}; say which:\n{listed}", best)
    raise UnknownNameError(f"no tie fits {name!r}{_way_out(dataset, called, words)}")


def ties_of_place(dataset: Dataset, name: str) -> pd.Index:
    """The ids of the ties of places that are called so, or lie where it says.

    Parameters
    ----------
    dataset
        A record.
    name
        Any name of a place, current or old, or of its region or country; beginnings of words
        will do where no whole word fits.

    Returns
    -------
    Index
        Ids of ties, in the order of the record.

    Raises
    ------
    UnknownNameError
        If no place of a tie is called so.

    Examples
    --------
    >>> import ties
    >>> "los-angeles-saint-petersburg" in ties_of_place(ties.load("us-russia"), "ленинград")
    True
    """
    words = set(fold(name).split())
    called = _called(dataset)
    fitting = {place for place, known in called.items() if words <= known.words}
    if not fitting:
        fitting = {place for place, known in called.items() if _begin(words, known.words)}
    ties = dataset.ties
    of_place = ties["place_a"].isin(fitting) | ties["place_b"].isin(fitting)
    if not words or not of_place.any():
        raise UnknownNameError(f"no place of a tie is called {name!r}{_nearest(called, words)}")
    found: pd.Index = pd.Index(ties.loc[of_place, "tie_id"])
    return found


def distinct_names(dataset: Dataset) -> pd.Series:
    """Each place's name, with its region where two places of the record share the name.

    Returns
    -------
    Series
        Index place_id; text.

    Examples
    --------
    >>> import ties
    >>> distinct_names(ties.load("us-russia"))["us-me-portland"]
    'Portland (Maine)'
    """
    places = dataset.places.set_index("place_id")
    region = places["region"].fillna(places["country"])
    qualified = places["name"] + " (" + region.map(area_name) + ")"
    names: pd.Series = places["name"].mask(places["name"].duplicated(keep=False), qualified)
    return names


def words_of_places(dataset: Dataset) -> dict[str, frozenset[str]]:
    """The folded words that each place goes by: its names, its region and its country.

    Returns
    -------
    dict
        A place_id to its words, as `fold` gives them.

    Examples
    --------
    >>> import ties
    >>> {"leningrad", "ленинград"} <= words_of_places(ties.load())["ru-spe-saint-petersburg"]
    True
    """
    return {place: known.words for place, known in _called(dataset).items()}


def _called(dataset: Dataset) -> dict[str, _Called]:
    """What each place of the record goes by."""
    names: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for table in (dataset.places, dataset.place_names):
        for place, name in zip(table["place_id"], table["name"], strict=True):
            names[place].add(tuple(fold(name).split()))
    places = dataset.places
    wholes = dict(zip(places["place_id"], places["part_of"], strict=True))
    codes = zip(places["place_id"], places["country"], places["region"], strict=True)
    return {
        place: _Called(
            frozenset(names[place]),
            _around(country, region).union(*names.get(wholes[place], ())),
        )
        for place, country, region in codes
    }


def _around(country: str, region: object) -> frozenset[str]:
    """The words for a country and a region: their codes and names."""
    codes = [country] if pd.isna(region) else [country, str(region)]  # type: ignore[call-overload]
    known = (areas()[code] for code in codes if code in areas())
    texts = chain(codes, (text for area in known for text in (area.name, area.alpha_3)))
    return frozenset(chain.from_iterable(fold(text).split() for text in texts))


def _best(ties: pd.DataFrame, called: Mapping[str, _Called], words: set[str]) -> list[str]:
    """The ties that fit best: by the places fully named, then by whole words, then begun."""
    fits: dict[int, list[str]] = defaultdict(list)
    for tie, a, b in zip(ties["tie_id"], ties["place_a"], ties["place_b"], strict=True):
        rank = _rank(called[a], called[b], words)
        if rank is not None:
            fits[rank].append(tie)
    return fits[max(fits)] if fits else []


def _rank(a: _Called, b: _Called, words: set[str]) -> int | None:
    """How well words fit a pair of places; nothing if they do not."""
    if words <= a.words | b.words:
        return int(a.is_named_in(words)) + int(b.is_named_in(words))
    if _begin(words, a.own_words | b.own_words):
        return -1
    return -2 if _begin(words, a.words | b.words) else None


def _begin(words: set[str], known: Iterable[str]) -> bool:
    """Whether each word is the beginning of a known one."""
    return all(any(other.startswith(word) for other in known) for word in words)


def _way_out(dataset: Dataset, called: Mapping[str, _Called], words: set[str]) -> str:
    """What may have been meant: the nearest name, or the ties of which a part fits."""
    near = _nearest(called, words)
    if near:
        return near
    ties = dataset.ties
    named = {place for place, known in called.items() if known.is_named_in(words)}
    partly = ties.loc[ties["place_a"].isin(named) | ties["place_b"].isin(named), "tie_id"]
    return f"; these fit in part:\n{_listed(dataset, [*partly])}" if len(partly) else ""


def _nearest(called: Mapping[str, _Called], words: set[str]) -> str:
    """Ask after the known words that unknown ones are nearest to."""
    known = frozenset().union(*(place.words for place in called.values()))
    near = {word: nearest(word, sorted(known)) for word in sorted(words - known)}
    found = [f"{meant!r} for {word!r}" for word, meant in near.items() if meant]
    return f"; did you mean {' and '.join(found)}?" if found else ""


def _listed(dataset: Dataset, tie_ids: list[str]) -> str:
    """A line for each tie: its id and the names of its places."""
    shown = dataset.ties.set_index("tie_id").loc[tie_ids[:N_CANDIDATES]]
    name = distinct_names(dataset)
    names = zip(shown.index, shown["place_a"].map(name), shown["place_b"].map(name), strict=True)
    width = max(len(tie_id) for tie_id in shown.index)
    lines = [f"  {tie_id:<{width}}  {a} – {b}" for tie_id, a, b in names]
    more = len(tie_ids) - len(shown)
    return "\n".join([*lines, f"  and {more} more"] if more else lines)


def tie_names(dataset: Dataset) -> pd.Series:
    """Each tie's name: those of its two places, that of the record's first country first.

    Returns
    -------
    Series
        Index tie_id; text.

    Examples
    --------
    >>> import ties
    >>> tie_names(ties.load("us-russia"))["portland-arkhangelsk"]
    'Portland (Maine) – Arkhangelsk'
    """
    ends = dataset.ties.set_index("tie_id")
    names = distinct_names(dataset)
    # Of no rows pandas 3.0 makes numbers, to which no text can be added.
    a, b = (ends[end].map(names).astype("str") for end in ("place_a", "place_b"))
    country = ends["place_b"].map(dataset.places.set_index("place_id")["country"])
    is_first = country == dataset.countries[0] if dataset.countries else country.isna()
    named: pd.Series = (a + " – " + b).mask(is_first, b + " – " + a)
    return named
