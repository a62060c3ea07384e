"""One command's worth of merging: imports and records become a folder with one record in it.

The folder shows what became of every row: which tie each statement went into, which were rejected
and why, what each name was taken for, which ties are told at two levels. It keeps the
statements as they came, so that any tie can be taken apart again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ties import __version__
from ties.dataset import Dataset
from ties.errors import TiesError, UnreadableError, nearest
from ties.importers.import_folder import Told, code_of, is_import, read_import, read_table
from ties.importers.statements import STATEMENT
from ties.io.atomic import check_replaceable, files_in, whole_folder
from ties.io.escape import escape_formulas
from ties.io.folder import locate, read
from ties.io.writing import write_record
from ties.merge.import_source import places_of
from ties.merge.pairs import Merged
from ties.merge.records import record_statements
from ties.merge.split import COLUMNS as APART
from ties.merge.split import to_decide
from ties.merge.union import ACCOUNT, Union, unite
from ties.places.gazetteer import Gazetteer

MERGE: Final = "merge.toml"
LOG: Final = "merge-log.csv"
STATEMENTS: Final = "statements.csv"
_OURS: Final = (
    MERGE,
    LOG,
    STATEMENTS,
    "report.json",
    "report.md",
    "rejected.csv",
    "rejected-rows.csv",
    "problems.csv",
    "places.csv",
    "double-level.csv",
    "events-log.csv",
    "apart.csv",
)
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
class Combined:
    """What a merge gave: the union, the record as it passed every check, and the folder.

    Parameters
    ----------
    union
        What became of every row, see `ties.merge.union.Union`.
    dataset
        The record. Rows that contradict one another across sources are not in it.
    rejected_rows
        Those rows, with reasons, as in `Dataset.rejected`.
    folder
        Where all of it was written.
    """

    union: Union
    dataset: Dataset
    rejected_rows: pd.DataFrame
    folder: Path


def open_source(path: str | Path) -> Told:
    """Read a source of a merge: the folder of an import, or a record by its name or path.

    Raises
    ------
    TiesError
        If it cannot be read, or breaks the rules of a record.
    """
    folder = Path(path)
    if is_import(folder):
        return read_import(folder)
    dataset = read(locate(str(path)))
    return record_statements(dataset, code_of(dataset.name) or "record")


def open_sources(paths: Sequence[str | Path]) -> list[Told]:
    """Read the sources of a merge; of several that bear one name each gets its day too.

    Raises
    ------
    TiesError
        If one cannot be read, or two bear one name and one day.
    """
    told = [open_source(path) for path in paths]
    names = [one.name for one in told]
    return [renamed(one) if names.count(one.name) > 1 else one for one in told]


def renamed(told: Told) -> Told:
    """Give a source a name with its day, to tell apart two snapshots of it.

    Examples
    --------
    >>> import ties
    >>> told = record_statements(ties.load("us-russia"), "ours")
    >>> renamed(told).name == f"ours-{told.day.date()}"
    True
    """
    name = f"{told.name}-{told.day.date()}"
    own = told.statements["statement_id"].str.slice(len(told.name))
    statements = told.statements.assign(statement_id=name + own, source_id=name)
    sources = told.sources
    if told.dataset is None:
        sources = sources.assign(source_id=name)
    return Told(name, told.day, statements, told.rejected, sources, told.dataset)


def combine(
    sources: Sequence[Told],
    out: str | Path,
    *,
    name: str,
    title: str = "",
    gazetteer: Gazetteer | None = None,
    decisions: pd.DataFrame | None = None,
    apart: pd.DataFrame | None = None,
    date_rule: str = "most",
) -> Combined:
    """Merge sources into a folder: one record, and what became of every row.

    Parameters
    ----------
    sources
        As `open_sources` gives them.
    out
        The folder. An earlier merge there is replaced; files of others never are.
    name, title
        Of the record.
    gazetteer, decisions, apart, date_rule
        As for `ties.merge.union.unite`.

    Returns
    -------
    Combined
        Rows in = kept in ties + merged into them + rejected, for every source.

    Raises
    ------
    TiesError
        If the sources cannot be merged, or the folder holds files of others.
    """
    code = code_of(name)
    if not code:
        raise TiesError(f"{name!r} is no name for a record; use letters and digits")
    target = Path(out)
    check_replaceable(target, _foreign)
    union = unite(
        sources,
        name=code,
        title=title or name,
        gazetteer=gazetteer,
        decisions=decisions,
        apart=apart,
        date_rule=date_rule,
    )
    with whole_folder(target, _foreign) as folder:
        write_record(union.made.dataset, folder / "record")
        # Sources can contradict one another in ways that no record may: such rows are put aside.
        sound = read(folder / "record", on_invalid="reject")
        if len(sound.rejected):
            write_record(sound, folder / "record")
        _write(folder, sources, union, sound, apart, date_rule)
    return Combined(union, sound, sound.rejected, target)


def read_merge(folder: str | Path) -> tuple[Merged, pd.Series]:
    """Read a merge back: the statements as they came, and which went into which tie.

    Parameters
    ----------
    folder
        A folder that `combine` wrote.

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
    statements = read_table(home / STATEMENTS, _STATED)
    log = read_table(home / LOG, _LOGGED)
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
    """Give the statements of a tie of a merge, to be asked whether they belong together.

    Parameters
    ----------
    folder
        A folder that `combine` wrote.
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


def _write(
    folder: Path,
    sources: Sequence[Told],
    union: Union,
    sound: Dataset,
    apart: pd.DataFrame | None,
    date_rule: str,
) -> None:
    log = union.made.log.assign(merged_as=union.merged.log["outcome"])[[*_LOGGED]]
    tables = {
        STATEMENTS: union.merged.statements[[*_STATED]],
        LOG: log,
        "rejected.csv": union.rejected,
        "rejected-rows.csv": sound.rejected,
        "problems.csv": pd.concat([union.made.problems, sound.problems], ignore_index=True),
        "places.csv": places_of(union.merged.statements),
        "double-level.csv": union.merged.double_level,
        "events-log.csv": union.events,
        "apart.csv": pd.DataFrame(columns=[*APART]) if apart is None else apart[[*APART]],
    }
    for name, table in tables.items():
        text = escape_formulas(table).to_csv(index=False, lineterminator="\n")
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    report = _report(union, sound)
    text = json.dumps(report, indent=1, ensure_ascii=False) + "\n"
    (folder / "report.json").write_text(text, encoding="utf-8", newline="\n")
    (folder / "report.md").write_text(say(report), encoding="utf-8", newline="\n")
    (folder / MERGE).write_text(_origin(sources, sound, date_rule), encoding="utf-8", newline="\n")


def _origin(sources: Sequence[Told], sound: Dataset, date_rule: str) -> str:
    """Say of what a merge was made, in TOML."""
    about = {
        "name": sound.name,
        "date_rule": date_rule,
        "merged_with": f"ties {__version__}",
    }
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in about.items()]
    for told in sources:
        kind = "import" if told.dataset is None else "record"
        values = {"name": told.name, "kind": kind, "day": str(told.day.date())}
        own = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
        lines += ["", "[[source]]", *own]
    return "\n".join(lines) + "\n"


def _report(union: Union, sound: Dataset) -> dict[str, Any]:
    account = union.account
    events = union.events["outcome"].value_counts()
    return {
        "name": sound.name,
        "as_of": str(sound.as_of.date()),
        "rows": int(account["rows"].sum()),
        **{name: int(account[name].sum()) for name in ACCOUNT},
        "ties": len(sound.ties),
        "places": len(sound.places),
        "in_several_sources": int((union.merged.pairs["n_sources"] > 1).sum()),
        "double_level": len(union.merged.double_level),
        "events_of_records": {str(name): int(n) for name, n in events.items()},
        "rejected_rows": len(sound.rejected),
        "sources": account.to_dict("records"),
    }


def say(report: Mapping[str, Any]) -> str:
    """Say in words what a merge gave, from the values of its report."""
    lines = [
        f"# {report['name']}, as of {report['as_of']}",
        "",
        "| | |",
        "|---|---:|",
        f"| rows of all sources | {report['rows']:,} |",
        f"| the first of a tie | {report['kept']:,} |",
        f"| merged into one of these, see merge-log.csv | {report['merged']:,} |",
        f"| both ends one place | {report['self_pair']:,} |",
        f"| an end not known, see merge-log.csv | {report['unresolved']:,} |",
        f"| the country of an end not known | {report['no_country']:,} |",
        f"| rejected when imported, see rejected.csv | {report['rejected']:,} |",
        f"| ties in the record | {report['ties']:,} |",
        f"| ties that several sources name | {report['in_several_sources']:,} |",
        f"| ties told at two levels, see double-level.csv | {report['double_level']:,} |",
        f"| rows put aside since sources contradict, see rejected-rows.csv | "
        f"{report['rejected_rows']:,} |",
        "",
        "| source | rows | kept | merged | rejected for any reason |",
        "|---|---:|---:|---:|---:|",
    ]
    for row in report["sources"]:
        refused = sum(row[name] for name in ACCOUNT if name not in ("kept", "merged"))
        lines.append(
            f"| {row['source_id']} | {row['rows']:,} | {row['kept']:,} | {row['merged']:,} | "
            f"{refused:,} |"
        )
    return "\n".join(lines) + "\n"


def _foreign(folder: Path) -> list[str]:
    """Give the files of a folder that no merge wrote."""
    if not (folder / MERGE).exists():
        return files_in(folder)
    return [
        name for name in files_in(folder) if name not in _OURS and not name.startswith("record/")
    ]
