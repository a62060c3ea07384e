"""All checks of a record, in one pass over all its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import pandas as pd

from ties import dates
from ties.errors import ERROR, join, make_problems
from ties.io.table import Table
from ties.schema import tables
from ties.validate import evidence, names, pairs, references, timing
from ties.validate.cells import type_cells
from ties.validate.header import check_filled, check_header
from ties.validate.record import RecordTables, is_among
from ties.validate.rows import check_rows

RULES: Final[tuple[Callable[[RecordTables], pd.DataFrame], ...]] = (
    references.unknown_references,
    references.part_of_itself,
    pairs.tied_to_itself,
    pairs.out_of_order,
    pairs.stored_twice,
    pairs.swapped_coordinates,
    pairs.ties_without_events,
    names.hidden_characters,
    names.mixed_letters,
    timing.more_than_one_founding,
    timing.ended_before_founding,
    timing.nothing_to_reinstate,
    timing.agreed_after_the_end,
    timing.founded_for_a_term,
    timing.run_ends_early,
    timing.names_end_early,
    timing.before_the_place,
    timing.in_the_future,
    evidence.act_without_a_side,
    evidence.report_without_a_status,
    evidence.unattested,
    evidence.date_from_nowhere,
    evidence.published_too_early,
    evidence.read_before_published,
)

# Where a record states no date of its own, these tell when somebody last looked.
_LOOKS: Final = (("sources", "accessed"), ("sources", "published"), ("searches", "searched_on"))


def inspect_record(
    raw: Mapping[str, Table], as_of: pd.Timestamp | None
) -> tuple[RecordTables, pd.DataFrame]:
    """Type and check the tables of a record.

    Parameters
    ----------
    raw
        The files, one for each of `ties.schema.tables.TABLES`.
    as_of
        The record's own date; without one, the latest day among its sources and searches.

    Returns
    -------
    record
        The tables with their types, bad cells missing; every row of every file is there.
    problems
        All that is wrong, a row a problem, with the number of the row.
    """
    frames, absent = {}, {}
    for name, table in raw.items():
        frames[name], absent[name] = _inspect_table(table)
    record = RecordTables(raw, frames, absent)
    record.is_dated = as_of is not None
    record.as_of = _last_look(record) if as_of is None else as_of
    between = join([*(rule(record) for rule in RULES), _undated(record)])
    within = [raw[name].problems for name in tables.TABLES]
    return record, join([*within, _on_whole_rows(raw, between)])


def _inspect_table(table: Table) -> tuple[pd.DataFrame, frozenset[str]]:
    """Check one table and note its problems; give its rows, and the columns it has not.

    Cells with an error are missing in the rows, so that nothing further is said of them.
    """
    if not table.is_readable:
        cells = pd.DataFrame(columns=list(tables.columns(table.name)), dtype="str")
        return type_cells(table, cells)[0], frozenset()
    cells, absent = check_header(table)
    check_filled(table)
    typed, untyped = type_cells(table, cells)
    found = _on_whole_rows({table.name: table}, join([untyped, check_rows(table, typed)]))
    if found.empty and table.problems.empty:
        return typed, absent  # as most tables are; what follows only looks at problems
    # A cell is missing for a reason already given: another form, or a column that is absent.
    of_columns = table.problems.loc[table.problems["row"].isna(), "column"].dropna()
    is_known = found["column"].isin(of_columns)
    is_known |= is_among(_cell(found), _cell(join([table.problems, untyped])))
    table.add(found[~(is_known & (found["rule"] == "missing"))])
    return _without_bad_cells(table.name, typed, table.problems), absent


def _without_bad_cells(table: str, typed: pd.DataFrame, problems: pd.DataFrame) -> pd.DataFrame:
    # A key that stands twice is still the code that other tables refer to.
    is_bad = (problems["severity"] == ERROR) & (problems["rule"] != "duplicate_key")
    bad = problems[is_bad & problems["row"].notna() & problems["column"].isin(typed.columns)]
    clean = typed.copy()
    for column, part in bad.groupby("column", sort=False):
        # A misformed code still is what other rows refer to; the row itself is refused.
        if tables.KEYS[table] != (column,):
            is_fine = np.ones(len(typed), dtype=bool)
            is_fine[part["row"].to_numpy("int64")] = False
            clean[column] = clean[column].where(is_fine)
    return clean


def _cell(problems: pd.DataFrame) -> pd.Series:
    return problems["row"].astype("str") + " " + problems["column"].astype("str")


def _on_whole_rows(raw: Mapping[str, Table], problems: pd.DataFrame) -> pd.DataFrame:
    """Leave out what is said of broken rows: that they are broken says it all."""
    broken = {(name, row) for name, table in raw.items() for row in table.broken}
    if not broken:
        return problems
    where = pd.MultiIndex.from_arrays([problems["table"], problems["row"]])
    return problems[~where.isin(list(broken))]


def _last_look(record: RecordTables) -> pd.Timestamp | None:
    """The latest last day that the record's sources, else its events, speak of."""
    for columns in (_LOOKS, (("events", "date"),)):
        days = pd.concat(
            [dates.date_bounds(record.frames[table][name])["latest"] for table, name in columns]
        )
        if days.notna().any():
            return pd.Timestamp(days.max()).as_unit("s")
    return None


def _undated(record: RecordTables) -> pd.DataFrame:
    if record.as_of is not None or not record.raw["events"].is_readable:
        return join([])
    message = "nothing in the record tells when it was made; state as_of = 2026-11-23"
    return make_problems([message], table="record", file="record.toml", rule="no_as_of")
