"""Defects put into whole records: just those are reported, in their places; no row is lost."""

from __future__ import annotations

import ast
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.defects import ALONE, WAYS, Spot, Told
from tests.strategies import Files, Row, valid_records

import ties
from ties.schema import tables
from ties.validate.references import references

# A longer look: TIES_EXAMPLES=2000 pytest tests/validate/test_defects.py
N_EXAMPLES = int(os.environ.get("TIES_EXAMPLES", "12"))
SOURCE = Path(ties.__file__).parent

# Rules that no file can break by itself, and where they are tested.
NO_DEFECT = {"depends_on_rejected": "why a row is refused with another; see `refused` below"}

# Where a call that makes problems has the rule among its arguments.
RULE_AT = {
    "problems": 2,
    "row_problems": 1,
    "problem": 0,
    "unreadable": 2,
    "StructureError": 0,
    "_find": 2,
}


def drawn(n_examples: int) -> settings:
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    return settings(
        max_examples=n_examples, deadline=None, derandomize=True, suppress_health_check=slow
    )


# The rules that there are -----------------------------------------------------------------


def rules_of_code() -> set[str]:
    """Find every rule that the checks and the readers of a record can name."""
    modules = [*(SOURCE / "validate").glob("*.py")]
    readers = ("folder", "csv_reader", "description", "parquet", "table", "workbook")
    modules += [SOURCE / "io" / f"{name}.py" for name in readers]
    return {rule for path in modules for rule in _rules(ast.parse(path.read_text("utf-8")))}


def _rules(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", None))
            given = [word.value for word in node.keywords if word.arg == "rule"]
            given += node.args[RULE_AT[name] :][:1] if name in RULE_AT else []
            yield from (rule for argument in given for rule in _said(argument))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Dict):
            if getattr(node.target, "id", "") == "_EXPLAINERS":
                yield from (pair.elts[0].value for pair in node.value.values)
            if getattr(node.target, "id", "") == "_CELL_FAULTS":
                yield from (key.value for key in node.value.keys)


def _said(argument: ast.expr) -> list[str]:
    """Give the rule that an argument names; none if it hands on one that was named before."""
    if isinstance(argument, ast.Constant):
        return [argument.value]
    assert ast.unparse(argument) in ("rule", "code", "error.rule", "fault"), ast.unparse(argument)
    return []


def test_every_rule_has_a_defect_that_breaks_it():
    assert set(WAYS) | set(ALONE) | set(NO_DEFECT) == rules_of_code()


# What must be reported --------------------------------------------------------------------


def expected(told: Iterable[Told], lines: dict[Row, int]) -> list[tuple[object, ...]]:
    return sorted((_place(one, lines) for one in told), key=repr)


def _place(one: Told, lines: dict[Row, int]) -> tuple[object, ...]:
    line = one.line if one.row is None else lines[one.row]
    return one.severity, one.file, line, one.column, one.value, one.rule


def reported(problems: pd.DataFrame) -> list[tuple[object, ...]]:
    names = ["severity", "file", "line", "column", "value", "rule"]
    rows = problems[names].astype("object").where(problems[names].notna(), None)
    return sorted((tuple(row) for row in rows.to_numpy().tolist()), key=repr)


def refused(files: Files, told: Iterable[Told]) -> set[Row]:
    """Give the rows to be refused: those with an error, and whatever hangs on a refused row.

    A row hangs on another if it refers to it, and no row kept bears the same code. An event
    also hangs on its attestations: without one it is refused.
    """
    bad = {one.row for one in told if one.severity == "error" and one.row is not None}
    while True:
        kept = {name: [row for row in rows if row not in bad] for name, rows in files.rows.items()}
        more = set(_hanging(kept)) | set(_bare(kept))
        if not more:
            return bad
        bad |= more


def _hanging(kept: dict[str, list[Row]]) -> Iterator[Row]:
    for table, column, target in references():
        codes = {row[tables.KEYS[target][0]] for row in kept[target]}
        yield from (row for row in kept.get(table, ()) if row[column] not in (*codes, ""))


def _bare(kept: dict[str, list[Row]]) -> Iterator[Row]:
    attested = {row["event_id"] for row in kept["attestations"]}
    yield from (event for event in kept["events"] if event["event_id"] not in attested)


def assert_reported(files: Files, told: list[Told]) -> None:
    """Check that just these problems are reported, and just the rows of them put aside."""
    with tempfile.TemporaryDirectory() as home:
        path, lines = files.write(Path(home) / "drawn")
        if any(one.row is None and one.severity == "error" for one in told):
            with pytest.raises(ties.UnreadableError) as caught:
                ties.read(path, on_invalid="reject")
            problems = caught.value.problems
            assert reported(problems) == expected(told, lines), problems.to_string()
            return
        dataset = ties.read(path, on_invalid="reject")
    assert reported(dataset.problems) == expected(told, lines), dataset.problems.to_string()
    bad = refused(files, told)
    for name in tables.TABLES:
        rows = files.rows.get(name, [])
        aside = dataset.rejected[dataset.rejected["table"] == name]
        assert sorted(aside["line"]) == sorted(lines[row] for row in rows if row in bad)
        assert dataset.n_read[name] == len(rows) == len(dataset.table(name)) + len(aside)
    assert dataset.rejected["reason"].str.len().gt(0).all()


@pytest.mark.parametrize("rule", sorted(WAYS.keys() | ALONE.keys()))
def test_a_defect_is_reported_in_its_place_and_nothing_else_is(rule):
    @given(valid_records(is_full=True), st.data())
    @drawn(max(2, N_EXAMPLES // 12))
    def one_defect(files, data):
        way = data.draw(st.sampled_from([*WAYS.get(rule, ()), *ALONE.get(rule, ())]))
        told = way(Spot(data.draw, files))
        assume(told is not None)
        assert_reported(files, told)

    one_defect()


@given(valid_records(is_full=True), st.data())
@drawn(N_EXAMPLES)
def test_of_several_defects_just_those_are_reported(files, data):
    spot, told = Spot(data.draw, files), []
    rules = data.draw(st.lists(st.sampled_from(sorted(WAYS)), min_size=1, max_size=5))
    for rule in rules:
        told += data.draw(st.sampled_from(WAYS[rule]))(spot) or []
    assert_reported(files, told)
