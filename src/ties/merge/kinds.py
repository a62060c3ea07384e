"""What sources call a tie, in the words of the record.

Every country has its own word, and most mean the same: "Partnerstadt", "ville jumelée" and
"город-побратим" are sister ties. A word that is not listed here is left out with a warning:
whether a "cooperation" is a partnership or a memorandum is for a person to say.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from ties.places.names import fold
from ties.schema.vocabulary import TIE_KINDS

_WORDS: Final = {
    "sister": (
        "sister",
        "sister city",
        "sister cities",
        "sister town",
        "sister county",
        "sister state",
        "sister region",
        "sister tie",
        "sistercity",
        "sister city relationship",
        "twin",
        "twins",
        "twin town",
        "twin towns",
        "twin city",
        "twin cities",
        "twinning",
        "twinned",
        "twinned town",
        "twinned city",
        "twinned administrative body",
        "Partnerstadt",
        "Städtepartnerschaft",
        "Partnergemeinde",
        "jumelage",
        "ville jumelée",
        "ciudad hermana",
        "ciudades hermanas",
        "hermanamiento",
        "cidade irmã",
        "cidade gémea",
        "gemellaggio",
        "città gemellata",
        "stedenband",
        "partnerstad",
        "vänort",
        "vennskapsby",
        "venskabsby",
        "ystävyyskaupunki",
        "miasto partnerskie",
        "partnerské město",
        "partnerské mesto",
        "testvérváros",
        "kardeş şehir",
        "побратим",
        "город-побратим",
        "города-побратимы",
        "місто-побратим",
        "姉妹都市",
        "友好城市",
        "자매도시",
    ),
    "friendship": (
        "friendship",
        "friendship city",
        "friendship cities",
        "friendship town",
        "friendship agreement",
        "friendship tie",
        "friend city",
        "friendly city",
        "Freundschaft",
        "Städtefreundschaft",
        "友好都市",
    ),
    "partner": (
        "partner",
        "partner city",
        "partner cities",
        "partner town",
        "partnership",
        "partnership city",
        "city partnership",
        "partnership agreement",
    ),
    "contact": ("contact", "contacts", "kontakt"),
    "memorandum": (
        "memorandum",
        "memorandum of understanding",
        "memorandum of cooperation",
        "mou",
    ),
}
_MEANING: Final = {fold(word): kind for kind, words in _WORDS.items() for word in words}


def kinds_of(texts: pd.Series) -> pd.Series:
    """The kind of tie that each text names, missing if it names none that is known.

    Parameters
    ----------
    texts
        What a source calls the tie, in any script; may be missing.

    Returns
    -------
    Series
        Index of `texts`; codes of `ties.schema.vocabulary.TIE_KINDS`.

    Examples
    --------
    >>> kinds_of(pd.Series(["Twin town", "Freundschaft", "cooperation", None])).tolist()
    ['sister', 'friendship', nan, nan]
    """
    codes, unique = pd.factorize(texts)
    meant = pd.Series([*(_MEANING.get(fold(str(text))) for text in unique), None], dtype="str")
    return meant.take(codes).set_axis(texts.index)


def settle_kinds(ties: pd.Series, sources: pd.Series, kinds: pd.Series) -> pd.Series:
    """The kind of each tie: that which most of its sources name, else the first listed.

    Parameters
    ----------
    ties, sources, kinds
        A row is a statement: the tie, the source, and the kind that it names.

    Returns
    -------
    Series
        Index: those ties of which a source names a kind.
    """
    told = pd.DataFrame({"tie": ties, "source": sources, "kind": kinds}).dropna().drop_duplicates()
    votes = told.groupby(["tie", "kind"]).size().rename("votes").reset_index()
    rank = {kind: place for place, kind in enumerate(TIE_KINDS)}
    votes = votes.assign(rank=votes["kind"].map(rank))
    votes = votes.sort_values(["tie", "votes", "rank"], ascending=[True, False, True])
    return votes.drop_duplicates("tie").set_index("tie")["kind"]
