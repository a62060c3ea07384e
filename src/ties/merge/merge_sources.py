"""Several sources become one record: imports by their statements, records by their ties.

    sources -> statements -> places -> ties -> record, with a log that names every row

The records among the sources come first: their places are the first that a name is held to
mean, and what they record goes along (`ties.merge.records`). Every statement of every
source is afterwards in exactly one tie, or rejected with a reason. The folder of a merge keeps the
statements as they came, so that any tie can be taken apart again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ties import __version__
from ties.dataset import Dataset
from ties.errors import InternalError, TiesError, UnreadableError, nearest
from ties.importers.import_folder import (
    ImportedSource,
    code_of,
    is_import,
    read_import,
    read_table,
)
from ties.importers.statements import STATEMENT
from ties.io.folder import locate, read_record
from ties.io.writing import as_toml
from ties.merge.dating import DATE_RULES
from ties.merge.pairs import MERGED, REFUSED, Merged, merge, resolve_statements
from ties.merge.record import NO_COUNTRY, Made, to_dataset
from ties.merge.records import carry, place_records, record_statements
from ties.merge.result_folder import MERGE, as_page, check_free, places_of, sound, write_result
from ties.merge.split import COLUMNS as APART
from ties.merge.split import take_apart, to_decide
from ties.places.gazetteer import Gazetteer

# What became of a row; the first two are in ties, the others are not.
ACCOUNT: Final = ("kept", "merged", *REFUSED, NO_COUNTRY, "rejected")
_SIDES: Final = {
    f"{name}_{side}": kind
    for side in "ab"
    for name, kind in (("place_key", "str"), ("reasons", "str"))
}
_STATED: Final = {**STATEMENT, "statement_id": "str", "source_id": "str", **_SIDES}
_LOGGED: Final = {
    "statement_id": "str",
    "outcome": "str",
    "merged_as": "str",
    "pair": "Int64",
    "end": "str",
    "reason": "str",
    "tie_id": "str",
}


@dataclass(frozen=True)
class MergeResult:
    """What a merge gave.

    Parameters
    ----------
    merged
        The statements with their places, and which went into which pair.
    dataset
        The record as it passed every check. Rows that contradict one another across sources are
        not in it but in its ``rejected``.
    log
        A row a statement, with the ``tie_id`` that it went into.
    problems
        What was assumed or left out (warnings, see `ties.errors`).
    events
        What became of the events of the records among the sources: ``source_id``, ``event_id``,
        ``became``, ``outcome``, see `ties.merge.records.carry`.
    rejected
        Entries that the imports had refused: ``source_id`` and the columns of
        `ties.importers.statements.REJECTED`.
    account
        A row a source: ``source_id``, ``rows`` (entries of an import, ties of a record), and how
        many of them were kept, merged or rejected for what (`ACCOUNT`).
    folder
        Where it was written; nowhere if it is in memory alone.
    """

    merged: Merged
    dataset: Dataset
    log: pd.DataFrame
    problems: pd.DataFrame
    events: pd.DataFrame
    rejected: pd.DataFrame
    account: pd.DataFrame
    folder: Path | None = None

    def __post_init__(self) -> None:
        """Refuse a merge that lost a row: that would be a fault of ours."""
        parts = self.account[[*ACCOUNT]].sum(axis="columns")
        wrong = self.account.loc[parts != self.account["rows"], "source_id"]
        if len(wrong):
            raise InternalError(f"rows of {', '.join(wrong)} were lost in merging")
        if int(self.account["kept"].sum()) != self.log["tie_id"].nunique():
            raise InternalError("ties and the rows that are kept in them differ in number")


def open_sources(paths: Sequence[str | Path]) -> list[ImportedSource]:
    """Read the sources of a merge; of several that bear one name each gets its day too.

    Raises
    ------
    TiesError
        If one cannot be read, breaks the rules of a record, or two bear one name and one day.
    """
    found = [open_source(path) for path in paths]
    names = [one.name for one in found]
    return [renamed(one) if names.count(one.name) > 1 else one for one in found]


def open_source(path: str | Path) -> ImportedSource:
    """Read a source of a merge: the folder of an import, or a record by its name or path."""
    if is_import(path):
        return read_import(path)
    dataset = read_record(locate(str(path)))
    return record_statements(dataset, code_of(dataset.name) or "record")


def renamed(source: ImportedSource) -> ImportedSource:
    """Name a source with its day too, to tell apart two snapshots of it.

    Examples
    --------
    >>> import ties
    >>> source = record_statements(ties.load("us-russia"), "ours")
    >>> renamed(source).name == f"ours-{source.day.date()}"
    True
    """
    name = f"{source.name}-{source.day.date()}"
    own = source.statements["statement_id"].str.slice(len(source.name))
    statements = source.statements.assign(statement_id=name + own, source_id=name)
    sources = source.sources
    if source.dataset is None:
        sources = sources.assign(source_id=name)
    return replace(source, name=name, statements=statements, sources=sources)


def merge_sources(
    sources: Sequence[ImportedSource],
    out: str | Path | None = None,
    *,
    name: str,
    title: str = "",
    gazetteer: Gazetteer | None = None,
    decisions: pd.DataFrame | None = None,
    apart: pd.DataFrame | None = None,
    date_rule: str = "most",
) -> MergeResult:
    """Make one record of several sources, in memory or in a folder.

    Parameters
    ----------
    sources
        As `open_sources` gives them, each under a name of its own. Of records the order counts:
        the first keeps its codes and its dates. Of imports it does not.
    out
        The folder. An earlier merge there is replaced; files of others never are.
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
    MergeResult
        The record, and what became of every row: rows in = kept in ties + merged into them +
        rejected, for every source. Its date is that of its latest source.

    Raises
    ------
    TiesError
        If there is no source, two bear one name, there is no such rule for dates, or the folder
        holds files of others.
    DecisionError
        If a decision does not fit the sources.
    """
    code = code_of(name)
    if not code:
        raise TiesError(f"{name!r} is no name for a record; use letters and digits")
    _check(sources, date_rule)
    if out is not None:
        check_free(Path(out))
    records = [source for source in sources if source.dataset is not None]
    known = records[0].dataset if records else None
    statements = pd.concat([source.statements for source in sources], ignore_index=True)
    resolved = resolve_statements(statements, known, gazetteer, decisions)
    resolved = place_records(resolved, records)
    if apart is not None:
        resolved = take_apart(resolved, apart)
    merged = merge(resolved, known)
    made = to_dataset(
        merged,
        sources=pd.concat([s.sources for s in sources if s.dataset is None] or [_no_source()]),
        name=code,
        title=title or name,
        as_of=max(source.day for source in sources),
        known=known,
        date_rule=date_rule,
        records=[source.name for source in records],
    )
    dataset, events = carry(made, resolved, records)
    rejected = [source.rejected.assign(source_id=source.name) for source in sources]
    refused = pd.concat(rejected, ignore_index=True)
    account = _account(sources, statements, made, refused)
    record = sound(replace(dataset, countries=_countries(dataset, records)))
    result = MergeResult(merged, record, made.log, made.problems, events, refused, account)
    return result if out is None else _written(result, Path(out), sources, apart, date_rule)


def _check(sources: Sequence[ImportedSource], date_rule: str) -> None:
    if not sources:
        raise TiesError("there is nothing to merge; name imports or records")
    if date_rule not in DATE_RULES:
        raise TiesError(f"{date_rule!r} is no rule for dates; choose from {', '.join(DATE_RULES)}")
    names = [source.name for source in sources]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise TiesError(f"two sources are called {twice[0]!r}; give them names of their own")


def _no_source() -> pd.DataFrame:
    return pd.DataFrame({"source_id": pd.Series([], dtype="str")})


def _countries(dataset: Dataset, records: Sequence[ImportedSource]) -> tuple[str, ...]:
    """The two countries that a record is about, if no tie reaches beyond them."""
    stated = [source.dataset.countries for source in records if source.dataset is not None]
    if len({frozenset(pair) for pair in stated}) != 1:
        return dataset.countries
    country = dataset.places.set_index("place_id")[["country", "claimed_by"]]
    ends = country.reindex([*dataset.ties["place_a"], *dataset.ties["place_b"]])
    is_own = ends["country"].isin(stated[0]) | ends["claimed_by"].isin(stated[0])
    return stated[0] if is_own.all() else ()


def _account(
    sources: Sequence[ImportedSource],
    statements: pd.DataFrame,
    made: Made,
    rejected: pd.DataFrame,
) -> pd.DataFrame:
    """Count what became of every row of every source."""
    outcome = made.log["outcome"].mask(made.log["outcome"].isin(MERGED), "merged")
    rows = pd.concat(
        [
            pd.DataFrame({"source_id": statements["source_id"], "outcome": outcome.to_numpy()}),
            pd.DataFrame({"source_id": rejected["source_id"], "outcome": "rejected"}),
        ]
    )
    names = [source.name for source in sources]
    counts = pd.crosstab(rows["source_id"], rows["outcome"])
    counts = counts.reindex(index=names, columns=list(ACCOUNT), fill_value=0)
    counts.insert(0, "rows", [len(s.statements) + len(s.rejected) for s in sources])
    return counts.rename_axis(index="source_id", columns=None).reset_index()


def read_merge(folder: str | Path) -> tuple[Merged, pd.Series]:
    """Read a merge back: the statements as they came, and which went into which tie.

    Parameters
    ----------
    folder
        A folder that `merge_sources` wrote.

    Returns
    -------
    merged
        For `ties.merge.pairs.split` and `ties.merge.split.to_decide`; of what each end was
        resolved to it holds the identity and the reasons.
    tie_ids
        The number of each tie's pair, by its ``tie_id``.

    Raises
    ------
    UnreadableError
        If it is no folder of a merge.
    """
    home = Path(folder)
    if not (home / MERGE).is_file():
        raise UnreadableError(f"{home} is no folder of a merge; name one that ties merge wrote")
    statements = read_table(home / "statements.csv", _STATED)
    log = read_table(home / "merge-log.csv", _LOGGED)
    own = statements.assign(pair=log["pair"]).dropna(subset=["pair"])
    low = own[["place_key_a", "place_key_b"]].min(axis="columns")
    high = own[["place_key_a", "place_key_b"]].max(axis="columns")
    pairs = own.assign(low=low, high=high).groupby("pair")
    table = pairs.agg(
        place_key_a=("low", "first"),
        place_key_b=("high", "first"),
        n_statements=("statement_id", "size"),
        n_sources=("source_id", "nunique"),
    )
    double = read_table(
        home / "double-level.csv", {"pair": "Int64", "other": "Int64", "reason": "str"}
    )
    tie_ids = log.dropna(subset=["tie_id"]).drop_duplicates("tie_id").set_index("tie_id")["pair"]
    # As it was before a tie was found to be none that a record can hold.
    before = log.assign(
        outcome=log["merged_as"], reason=log["reason"].where(log["outcome"] == log["merged_as"])
    )
    before = before[["statement_id", "outcome", "pair", "end", "reason"]]
    return Merged(statements, before, table.reset_index(), double), tie_ids


def questions(folder: str | Path, tie_id: str) -> pd.DataFrame:
    """Statements of a tie of a merge, to be asked whether they belong together.

    Parameters
    ----------
    folder
        A folder that `merge_sources` wrote.
    tie_id
        A tie of its record.

    Returns
    -------
    DataFrame
        As `ties.merge.split.to_decide` gives it.

    Raises
    ------
    TiesError
        If there is no such folder or tie.
    """
    merged, tie_ids = read_merge(folder)
    if tie_id not in tie_ids.index:
        near = nearest(tie_id, tie_ids.index)
        way_out = f"; did you mean {near!r}?" if near else "; ties status --data names them"
        raise TiesError(f"the merge made no tie {tie_id!r}{way_out}")
    return to_decide(merged, int(tie_ids[tie_id]))


def _written(
    result: MergeResult,
    target: Path,
    sources: Sequence[ImportedSource],
    apart: pd.DataFrame | None,
    date_rule: str,
) -> MergeResult:
    merged, dataset = result.merged, result.dataset
    tables = {
        "statements": merged.statements[[*_STATED]],
        "merge-log": result.log.assign(merged_as=merged.log["outcome"])[[*_LOGGED]],
        "rejected": result.rejected,
        "rejected-rows": dataset.rejected,
        "problems": pd.concat([result.problems, dataset.problems], ignore_index=True),
        "places": places_of(merged.statements),
        "double-level": merged.double_level,
        "events-log": result.events,
        "apart": pd.DataFrame(columns=[*APART]) if apart is None else apart[[*APART]],
    }
    report = _report(result)
    texts = {MERGE: _origin(sources, dataset, date_rule), "report.md": _page(report)}
    return replace(result, folder=write_result(target, dataset, tables, report, texts))


def _origin(sources: Sequence[ImportedSource], dataset: Dataset, date_rule: str) -> str:
    """Of what a merge was made, in TOML."""
    about = {
        "name": dataset.name,
        "date_rule": date_rule,
        "merged_with": f"ties {__version__}",
    }
    parts = [as_toml(about)]
    for source in sources:
        kind = "import" if source.dataset is None else "record"
        values = {"name": source.name, "kind": kind, "day": str(source.day.date())}
        parts.append("[[source]]\n" + as_toml(values))
    return "\n".join(parts)


def _report(result: MergeResult) -> dict[str, Any]:
    account, dataset = result.account, result.dataset
    events = result.events["outcome"].value_counts()
    return {
        "name": dataset.name,
        "as_of": str(dataset.as_of.date()),
        "rows": int(account["rows"].sum()),
        **{name: int(account[name].sum()) for name in ACCOUNT},
        "ties": len(dataset.ties),
        "places": len(dataset.places),
        "in_several_sources": int((result.merged.pairs["n_sources"] > 1).sum()),
        "double_level": len(result.merged.double_level),
        "events_of_records": {str(name): int(n) for name, n in events.items()},
        "rejected_rows": len(dataset.rejected),
        "sources": account.to_dict("records"),
    }


def _page(report: Mapping[str, Any]) -> str:
    """What a merge gave, in words."""
    counts = {
        "rows of all sources": report["rows"],
        "the first of a tie": report["kept"],
        "merged into one of these, see merge-log.csv": report["merged"],
        "both ends one place": report["self_pair"],
        "an end not known, see merge-log.csv": report["unresolved"],
        "the country of an end not known": report["no_country"],
        "rejected when imported, see rejected.csv": report["rejected"],
        "ties in the record": report["ties"],
        "ties that several sources name": report["in_several_sources"],
        "ties told at two levels, see double-level.csv": report["double_level"],
        "rows put aside since sources contradict, see rejected-rows.csv": report["rejected_rows"],
    }
    lines = [
        "| source | rows | kept | merged | rejected for any reason |",
        "|---|---:|---:|---:|---:|",
    ]
    for row in report["sources"]:
        refused = sum(row[name] for name in ACCOUNT if name not in ("kept", "merged"))
        cells = (row["source_id"], *(f"{row[n]:,}" for n in ("rows", "kept", "merged")))
        lines.append(f"| {' | '.join(cells)} | {refused:,} |")
    return as_page(f"{report['name']}, as of {report['as_of']}", counts, lines)
