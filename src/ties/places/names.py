"""Names of places as people write them, taken apart and made comparable.

"Frankfurt (Oder)", "St. Petersburg, Florida", "Berlin – Pankow" and "Leningrad Oblast" are a name
with something beside it: where it lies, what it is part of, or what kind of place it
is. The words beside the name are kept apart from it, since they decide which of several
namesakes is meant, and a region must never become the city of the same name.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import pandas as pd
from anyascii import anyascii

# Words that say what kind of place it is. A city by any other word is a city.
_CITY: Final = (
    "city of",
    "town of",
    "village of",
    "municipality of",
    "commune of",
    "stadt",
    "gmina",
    "royal borough of",
    "london borough of",
    "metropolitan borough of",
    "borough of",
)
_CITY_AFTER: Final = ("municipality", "town", "shi", "si", "cho", "machi")
_LEVELS: Final = {
    "county": ("county", "megye", "powiat"),
    "district": (
        "district",
        "raion",
        "rayon",
        "landkreis",
        "kreis",
        "arrondissement",
        "ward",
        "ku",
    ),
    "region": (
        "oblast",
        "krai",
        "region",
        "province",
        "prefecture",
        "governorate",
        "voivodeship",
        "canton",
        "department",
        "state",
        "republic",
        "okrug",
    ),
}
_WORD_LEVEL: Final = {word: level for level, words in _LEVELS.items() for word in words}
_SAME_WORD: Final = {
    "st": "saint",
    "ste": "saint",
    "sankt": "saint",
    "sint": "saint",
    "mt": "mount",
}
_APOSTROPHES: Final = str.maketrans("", "", "'’‘ʼʹ`´")
_WORDS: Final = re.compile(r"[a-z0-9]+")
_DASH: Final = re.compile(r"\s+[–—-]\s+")
_BRACKETS: Final = re.compile(r"[(（\[]([^()（）\[\]]*)[)）\]]")
_SEPARATORS: Final = re.compile(r"[,，;]")


def fold(text: str) -> str:
    """Reduce a name to what is compared: Latin words without case, accents and punctuation.

    Examples
    --------
    >>> fold("Cañon City"), fold("Йошкар-Ола"), fold("Sankt-Peterburg"), fold("東京")
    ('canon city', 'ioshkar ola', 'saint peterburg', 'dongjing')
    """
    plain = text.translate(_APOSTROPHES)
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
        plain = anyascii(plain).translate(_APOSTROPHES)
    words = _WORDS.findall(plain.casefold())
    return " ".join(_SAME_WORD.get(word, word) for word in words)


def split_names(names: pd.Series) -> pd.DataFrame:
    """Take written names apart.

    Parameters
    ----------
    names
        Names as written; none missing.

    Returns
    -------
    DataFrame
        Index of `names`: ``key`` (the folded name itself), ``level`` (`city`, `county`,
        `district` or `region` where a word says so, else missing), ``around`` (folded words
        beside the name, apart by "|"; empty if none).

    Examples
    --------
    >>> names = pd.Series(["Portland, ME", "Leningrad Oblast", "Berlin – Pankow"])
    >>> split_names(names)["key"].tolist()
    ['portland', 'leningrad', 'pankow']
    """
    codes, unique = pd.factorize(names)
    parts = [_split(str(name)) for name in unique]
    frame = pd.DataFrame(parts, columns=["key", "level", "around"]).astype("str")
    frame["level"] = frame["level"].mask(frame["level"] == "")
    split = frame.take(codes)
    split.index = names.index
    return split


def _split(name: str) -> tuple[str, str, str]:
    around = [fold(found) for found in _BRACKETS.findall(name)]
    bare = _BRACKETS.sub(" ", name)
    first, *rest = _SEPARATORS.split(bare)
    around += [fold(part) for part in rest]
    whole = _DASH.split(first.strip(" –—-"))
    if len(whole) == 2 and all(fold(part) for part in whole):
        around.append(fold(whole[0]))
        first = whole[1]
    kinds = [part for part in around if part in _WORD_LEVEL]
    level = _WORD_LEVEL[kinds[0]] if kinds else ""
    # "Utah State" beside a name means Utah.
    around = [_without_level(part)[0] for part in around if part not in _WORD_LEVEL]
    key, said = _without_level(fold(first))
    if not key:  # nothing stands outside the brackets
        key, around = " ".join(around) or fold(name), []
    return key, said or level, "|".join(dict.fromkeys(part for part in around if part))


def _without_level(key: str) -> tuple[str, str]:
    """Part a folded name from the word that says what kind of place it is."""
    for words in _CITY:
        if key.startswith(words + " "):
            return key[len(words) + 1 :], "city"
    parts = key.split()
    if len(parts) < 2:
        return key, ""
    if parts[-1] in _WORD_LEVEL:
        return " ".join(parts[:-1]), _WORD_LEVEL[parts[-1]]
    if parts[-1] in _CITY_AFTER:
        return " ".join(parts[:-1]), "city"
    if parts[0] == "republic" and parts[1] == "of":
        return " ".join(parts[2:]), "region"
    if parts[0] in ("landkreis", "kreis", "powiat", "canton", "province") and len(parts) > 1:
        return " ".join(parts[1:]).removeprefix("of "), _WORD_LEVEL[parts[0]]
    return key, ""
