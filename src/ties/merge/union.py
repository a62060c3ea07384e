"""Several sources become one record: imports by their statements, records by their ties.

    sources -> statements -> places -> ties -> record, with a log that names every row

The records among the sources come first: their places are the first that a name is held to
mean, and what they record goes along (`ties.merge.records`). Every statement of every
source is afterwards in exactly one tie, or rejected with a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from ties.dataset import Dataset
from ties.errors import InternalError, TiesError
from ties.importers.import_folder import Told
from ties.merge.dating import DATE_RULES
from ties.merge.pairs import MERGED, REFUSED, Merged, merge, resolve_statements
from ties.merge.record import NO_COUNTRY, Made, to_dataset
from ties.merge.records import carry, place_records
from ties.merge.split import take_apart
from ties.places.gazetteer import Gazetteer

# What became of a row; the first two are in ties, the others are not.
ACCOUNT: Final = ("kept", "merged", *REFUSED, NO_COUNTRY, "rejected")


@dataclass(frozen=True)
class Union:
    """One record of several sources.

    Parameters
    ----------
    merged
        The statements with their places, and which went into which pair.
    made
        The record, its log (a row a statement, with its ``tie_id``) and its problems.
    events
        What became of the events of the records among the sources: ``source_id``, ``event_id``,
        ``became``, ``outcome``, see `ties.merge.records.Carried`.
    rejected
        Entries that the imports had refused: ``source_id`` and the columns of
        `ties.importers.statements.REJECTED`.
    account
        A row a source: ``source_id``, ``rows`` (entries of an import, ties of a record), and how
        many of them were kept, merged or rejected for what (`ACCOUNT`).
    """

    merged: Merged
    made: Made
    events: pd.DataFrame
    rejected: pd.DataFrame
    account: pd.DataFrame

    def __post_init__(self) -> None:
        """Refuse a union that lost a row: that would be a fault of ours."""
        parts = self.account[[*ACCOUNT]].sum(axis="columns")
        wrong = self.account.loc[parts != self.account["rows"], "source_id"]
        if len(wrong):
            raise InternalError(f"rows of {', '.join(wrong)} were lost in merging")
        if int(self.account["kept"].sum()) != len(self.made.dataset.ties):
            raise InternalError("ties and the rows that are kept in them differ in number")


def unite(
    sources: Sequence[Told],
    *,
    name: str,
    title: str,
    gazetteer: Gazetteer | None = None,
    decisions: pd.DataFrame | None = None,
    apart: pd.DataFrame | None = None,
    date_rule: str = "most",
) -> Union:
    """Make one record of several sources.

    Parameters
    ----------
    sources
        As `ties.importers.import_folder.read_import` or `ties.merge.records.record_statements` give
        them, each under a name of its own. Of records the order counts: the first keeps its codes
        and its dates. Of imports it does not.
    name, title
        Of the record that is made.
    gazetteer, decisions
        As for `ties.places.resolver.resolve`.
    apart
        Ties to be taken apart again, see `ties.merge.split`.
    date_rule
        Which of several founding dates a tie bears that is dated in no record, one of
        `ties.merge.dating.DATE_RULES`.

    Returns
    -------
    Union
        The record, and what became of every row. Its date is that of its latest source.

    Raises
    ------
    TiesError
        If there is no source, two bear one name, or there is no such rule for dates.
    DecisionError
        If a decision does not fit the sources.
    """
    _check(sources, date_rule)
    records = [told for told in sources if told.dataset is not None]
    known = records[0].dataset if records else None
    statements = pd.concat([told.statements for told in sources], ignore_index=True)
    resolved = resolve_statements(statements, known, gazetteer, decisions)
    resolved = place_records(resolved, records)
    if apart is not None:
        resolved = take_apart(resolved, apart)
    merged = merge(resolved, known)
    made = to_dataset(
        merged,
        sources=pd.concat([t.sources for t in sources if t.dataset is None] or [_no_source()]),
        name=name,
        title=title,
        as_of=max(told.day for told in sources),
        known=known,
        date_rule=date_rule,
        records=[told.name for told in records],
    )
    made, events = _carried(made, resolved, records)
    rejected = pd.concat([t.rejected.assign(source_id=t.name) for t in sources], ignore_index=True)
    account = _account(sources, statements, made, rejected)
    return Union(merged, made, events, rejected, account)


def _check(sources: Sequence[Told], date_rule: str) -> None:
    if not sources:
        raise TiesError("there is nothing to merge; name imports or records")
    if date_rule not in DATE_RULES:
        raise TiesError(f"{date_rule!r} is no rule for dates; choose from {', '.join(DATE_RULES)}")
    names = [told.name for told in sources]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise TiesError(f"two sources are called {twice[0]!r}; give them names of their own")


def _no_source() -> pd.DataFrame:
    return pd.DataFrame({"source_id": pd.Series([], dtype="str")})


def _carried(
    made: Made, resolved: pd.DataFrame, records: Sequence[Told]
) -> tuple[Made, pd.DataFrame]:
    if not records:
        names = ("source_id", "event_id", "became", "outcome")
        return made, pd.DataFrame({name: pd.Series([], dtype="str") for name in names})
    found = carry(made, resolved, records)
    countries = _countries(found.dataset, records)
    return replace(made, dataset=replace(found.dataset, countries=countries)), found.events


def _countries(dataset: Dataset, records: Sequence[Told]) -> tuple[str, ...]:
    """Give the two countries that a record is about, if no tie reaches beyond them."""
    told = [r.dataset.countries for r in records if r.dataset is not None]
    single = told[0]
    if len({frozenset(pair) for pair in told}) != 1:
        return dataset.countries
    country = dataset.places.set_index("place_id")[["country", "claimed_by"]]
    ends = country.reindex([*dataset.ties["place_a"], *dataset.ties["place_b"]])
    is_own = ends["country"].isin(single) | ends["claimed_by"].isin(single)
    return single if is_own.all() else ()


def _account(
    sources: Sequence[Told], statements: pd.DataFrame, made: Made, rejected: pd.DataFrame
) -> pd.DataFrame:
    """Count what became of every row of every source."""
    outcome = made.log["outcome"].mask(made.log["outcome"].isin(MERGED), "merged")
    rows = pd.concat(
        [
            pd.DataFrame({"source_id": statements["source_id"], "outcome": outcome.to_numpy()}),
            pd.DataFrame({"source_id": rejected["source_id"], "outcome": "rejected"}),
        ]
    )
    names = [told.name for told in sources]
    counts = pd.crosstab(rows["source_id"], rows["outcome"])
    counts = counts.reindex(index=names, columns=list(ACCOUNT), fill_value=0)
    total = [len(told.statements) + len(told.rejected) for told in sources]
    counts.insert(0, "rows", total)
    return counts.rename_axis(index="source_id", columns=None).reset_index()
