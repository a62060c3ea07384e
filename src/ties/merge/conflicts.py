"""Where sources disagree: what each says, which word the record takes, what another would change.

=========  =========================================  ==========================================
about      sources disagree if                        the record takes
=========  =========================================  ==========================================
founding   two give dates that share no day           the date of the founding event
           (1991 and June 1991 agree)                 (`ties.merge.dating` for merged sources)
level      one tie is told of a city, another of the  both, as ties of their own
           county, region or programme round it
status     one says that the tie was ended or         what the life cycle makes of the acts and
           suspended, another names it afterwards     reports on record; a listing changes no status
           as standing; or two report different
           states of the same days
=========  =========================================  ==========================================

A disagreement is shown and never settled here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from ties.dataset import Dataset
from ties.lifecycle.rule import StatusRule
from ties.lifecycle.tie_table import tie_table
from ties.merge.dating import DATE_RULES, choose_dates, decade_of, spans
from ties.merge.levels import WIDE
from ties.merge.standing import status_words
from ties.places.names import fold
from ties.schema.vocabulary import STATUSES

ABOUT: Final = ("founding", "level", "status")
RECORDED: Final = "recorded"
NOT_YET: Final = "not_yet"  # the status of a tie that did not stand by that day
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "founding": (RECORDED, *DATE_RULES),
    "level": (RECORDED, "wider", "narrower"),
    "status": (RECORDED, "end_believed", "listing_believed"),
}

_WORD: Final = ["tie_id", "about", "source_id", "date", "says", "is_taken"]
_OUTCOME: Final = ["founded", "founding_decade", "formal", "status"]


@dataclass(frozen=True)
class Conflicts:
    """Disagreements among the sources of a record.

    Parameters
    ----------
    words
        A row what one source says in a disagreement: ``tie_id``, ``about`` (`ABOUT`),
        ``source_id``, ``date`` (EDTF, may be missing), ``says``, ``is_taken`` (whether the
        record agrees with it). For levels a row is a tie of the two and a source of it.
    choices
        A row what a tie would be under one choice (`CHOICES`): ``tie_id``, ``about``, ``choice``,
        ``founded`` (EDTF), ``founding_decade`` (Int64, first year; missing unless all of it
        lies in one), ``formal``, ``status`` (or `NOT_YET`); all missing if the tie would not be
        counted.
    totals
        A row a number of the whole record under one choice for all disagreements of a kind:
        ``about``, ``choice``, ``measure`` ("ties", "founding_decade" or "status"), ``value``
        (the decade, "unknown" unless in one, or the status), ``n`` ties, ``change`` against
        what is recorded.
    """

    words: pd.DataFrame
    choices: pd.DataFrame
    totals: pd.DataFrame

    @property
    def n_ties(self) -> pd.Series:
        """How many ties are in disagreements, by what about."""
        n = self.words.groupby("about")["tie_id"].nunique()
        return n.reindex(list(ABOUT), fill_value=0)

    def only(self, about: str) -> Conflicts:
        """Keep the disagreements about one thing (`ABOUT`)."""
        parts = (self.words, self.choices, self.totals)
        return Conflicts(*(part[part["about"] == about] for part in parts))


def find_conflicts(
    dataset: Dataset, rule: StatusRule | None = None, as_of: str | dt.date | None = None
) -> Conflicts:
    """Find where the sources of a record disagree on a founding, a level or a status.

    Parameters
    ----------
    dataset
        A record.
    rule, as_of
        As for `ties.lifecycle`: under which rule, and on which day, a status is told.

    Returns
    -------
    Conflicts
        What each source says, and what each choice would change. Nothing is settled.

    Examples
    --------
    >>> import ties
    >>> found = find_conflicts(ties.load("us-russia"))
    >>> sorted(found.words["about"].unique())
    ['founding', 'status']
    """
    given = _founding_words(dataset)
    levels = _level_pairs(dataset)
    stops, standing = status_words(dataset)
    table = _outcomes(dataset, rule, as_of)
    stops, standing = (_with_reports_taken(words, table) for words in (stops, standing))
    words = pd.concat([given, _level_words(dataset, levels), stops, standing], ignore_index=True)
    words = words[_WORD].sort_values(["about", "tie_id", "date", "source_id"], ignore_index=True)
    parts = [
        _founding_choices(dataset, given, table, rule, as_of),
        _level_choices(levels, table),
        _status_choices(dataset, stops, standing, table, rule, as_of),
    ]
    choices = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return Conflicts(words, choices, _totals(table, choices))


def _outcomes(
    dataset: Dataset, rule: StatusRule | None, as_of: str | dt.date | None
) -> pd.DataFrame:
    """Founding, decade and status of every tie; index ``tie_id``."""
    founded = dataset.events[dataset.events["kind"] == "founded"].set_index("tie_id")["date"]
    table = tie_table(dataset, rule, as_of).set_index("tie_id")
    dates = founded.reindex(table.index).astype("str")
    decade = decade_of(dates.reset_index(drop=True)).set_axis(table.index)
    return pd.DataFrame(
        {
            "founded": dates,
            "founding_decade": decade,
            "formal": table["formal"].astype("str"),
            "status": table["status"].astype("str").fillna(NOT_YET),
        }
    )


def _founding_words(dataset: Dataset) -> pd.DataFrame:
    """The dates of each founding of which two sources give dates without a common day."""
    events = dataset.events.loc[dataset.events["kind"] == "founded", ["event_id", "tie_id", "date"]]
    told = dataset.attestations[["event_id", "source_id", "date"]].dropna(subset=["date"])
    given = spans(told.merge(events, on="event_id", suffixes=("", "_taken")))
    by_tie = given.groupby("tie_id")
    apart = by_tie["low"].transform("max") > by_tie["high"].transform("min")
    own = given[apart.astype(bool)]
    taken = spans(own[["date_taken"]].rename(columns={"date_taken": "date"}))
    agrees = (own["low"] <= taken["high"]) & (own["high"] >= taken["low"])
    return own.assign(about="founding", says="founded " + own["date"], is_taken=agrees)


def _founding_choices(
    dataset: Dataset,
    given: pd.DataFrame,
    table: pd.DataFrame,
    rule: StatusRule | None,
    as_of: str | dt.date | None,
) -> pd.DataFrame:
    """What ties would be if each of the rules for dates chose."""
    if given.empty:
        return _no_choices()
    own = dataset.keep_ties(given["tie_id"].unique())
    parts = [_choice(table.loc[sorted(given["tie_id"].unique())], "founding", RECORDED)]
    for name in DATE_RULES:
        chosen = choose_dates(given[["tie_id", "source_id", "date"]], name)
        is_founding = own.events["kind"] == "founded"
        date = own.events["date"].mask(is_founding, own.events["tie_id"].map(chosen))
        changed = replace(own, events=own.events.assign(date=date))
        parts.append(_choice(_outcomes(changed, rule, as_of), "founding", name))
    return pd.concat(parts, ignore_index=True)


def _level_pairs(dataset: Dataset) -> pd.DataFrame:
    """Pairs of ties that share an end and differ at the other only in level."""
    places = dataset.places.set_index("place_id")
    parts = []
    for side, other in ("ab", "ba"):
        place = dataset.ties[f"place_{side}"]
        parts.append(
            pd.DataFrame(
                {
                    "tie_id": dataset.ties["tie_id"],
                    "place": place,
                    "partner": dataset.ties[f"place_{other}"],
                    "country": place.map(places["country"]),
                    "name": place.map(places["name"]).map(fold, na_action="ignore"),
                    "level": place.map(places["level"].astype("str")),
                    "part_of": place.map(places["part_of"]),
                }
            )
        )
    ends = pd.concat(parts, ignore_index=True)
    wide = ends[ends["level"].isin(WIDE)]
    inner = ends.rename(columns={"tie_id": "narrower"})
    inside = wide.merge(
        inner[["narrower", "partner", "part_of"]],
        left_on=["place", "partner"],
        right_on=["part_of", "partner"],
    )
    narrow = inner[~inner["level"].isin(WIDE)]
    by = ["partner", "country", "name"]
    alike = wide.merge(narrow[[*by, "narrower"]], on=by)
    both = pd.concat([inside, alike])[["tie_id", "narrower"]]
    return both.rename(columns={"tie_id": "wider"}).drop_duplicates(ignore_index=True)


def _level_words(dataset: Dataset, levels: pd.DataFrame) -> pd.DataFrame:
    """The sources of both ties of each pair, with what they say."""
    about = dataset.events[["event_id", "tie_id"]]
    told = dataset.attestations[["event_id", "source_id"]].merge(about, on="event_id")
    told = told[["tie_id", "source_id"]].drop_duplicates()
    parts = []
    for own, other, what in (
        ("wider", "narrower", "the wider place"),
        ("narrower", "wider", "the place within"),
    ):
        rows = levels.merge(told, left_on=own, right_on="tie_id")
        parts.append(rows.assign(says=what + "; the other tie is " + rows[other]))
    words = pd.concat(parts, ignore_index=True)
    return words.assign(about="level", date=None, is_taken=True)


def _level_choices(levels: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """What is counted if of two ties the wider or the narrower alone is."""
    if levels.empty:
        return _no_choices()
    ids = sorted({*levels["wider"], *levels["narrower"]})
    parts = [_choice(table.loc[ids], "level", RECORDED)]
    for choice, dropped in (("wider", "narrower"), ("narrower", "wider")):
        is_out = pd.Series(ids, index=ids).isin(levels[dropped])
        parts.append(_choice(table.loc[ids].mask(is_out, axis="index"), "level", choice))
    return pd.concat(parts, ignore_index=True)


def _with_reports_taken(words: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Which of the reports the status on record agrees with."""
    own = table.reindex(words["tie_id"]).set_axis(words.index)
    status = own["status"].replace("revived", "active")
    agrees = words["says"].eq(status) | words["says"].eq(own["formal"])
    return words.assign(is_taken=words["is_taken"].where(words["kind"] != "reported", agrees))


def _status_choices(
    dataset: Dataset,
    stops: pd.DataFrame,
    standing: pd.DataFrame,
    table: pd.DataFrame,
    rule: StatusRule | None,
    as_of: str | dt.date | None,
) -> pd.DataFrame:
    """How ties would stand if the word of an end were an act, or acts were none."""
    if stops.empty:
        return _no_choices()
    ids = sorted(stops["tie_id"].unique())
    own = dataset.keep_ties(ids)
    meant = stops.dropna(subset=["stop"]).drop_duplicates("event_id").set_index("event_id")["stop"]
    believed = own.events["event_id"].map(meant).astype("str")
    kind = own.events["kind"].astype("str")
    side = own.events["side"].astype("str")
    ended = own.events.assign(
        reported_status=own.events["reported_status"].mask(believed.notna()),
        kind=believed.fillna(kind),
        side=side.mask(believed.notna() & (side == "none"), "both"),
    )
    is_end = own.events["event_id"].isin(meant.index)
    parts = [
        _choice(table.loc[ids], "status", RECORDED),
        _choice(_outcomes(replace(own, events=ended), rule, as_of), "status", "end_believed"),
    ]
    left = replace(own, events=own.events[~is_end])
    parts.append(_choice(_outcomes(left, rule, as_of), "status", "listing_believed"))
    return pd.concat(parts, ignore_index=True)


def _choice(outcomes: pd.DataFrame, about: str, choice: str) -> pd.DataFrame:
    rows = outcomes.rename_axis("tie_id").reset_index()
    return rows.assign(about=about, choice=choice)[["tie_id", "about", "choice", *_OUTCOME]]


def _no_choices() -> pd.DataFrame:
    kinds = dict.fromkeys(["tie_id", "about", "choice", *_OUTCOME], "str")
    kinds["founding_decade"] = "Int64"
    return pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in kinds.items()})


def _totals(table: pd.DataFrame, choices: pd.DataFrame) -> pd.DataFrame:
    """Count all ties of the record under each choice, with the change against what is recorded."""
    parts = []
    recorded = _count(table)
    for (about, choice), rows in choices.groupby(["about", "choice"], sort=False):
        own = rows.set_index("tie_id")[_OUTCOME]
        kept = table.drop(index=own.index)
        counted = _count(pd.concat([kept, own.dropna(subset=["status"])]))
        both = counted.merge(
            recorded, on=["measure", "value"], how="outer", suffixes=("", "_recorded")
        )
        both = both.fillna({"n": 0, "n_recorded": 0})
        change = (both["n"] - both["n_recorded"]).astype("int64")
        counts = both.assign(
            about=str(about), choice=str(choice), n=both["n"].astype("int64"), change=change
        )
        parts.append(counts[["about", "choice", "measure", "value", "n", "change"]])
    columns = ["about", "choice", "measure", "value", "n", "change"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _count(table: pd.DataFrame) -> pd.DataFrame:
    decade = table["founding_decade"].astype("str").fillna("unknown")
    counts = {
        "founding_decade": decade.value_counts().sort_index(),
        "status": table["status"].value_counts().reindex([*STATUSES, NOT_YET], fill_value=0),
        "ties": pd.Series({"all": len(table)}),
    }
    parts = [
        pd.DataFrame({"measure": measure, "value": n.index, "n": n.to_numpy()})
        for measure, n in counts.items()
    ]
    return pd.concat(parts, ignore_index=True)
