"""Whatever JSON is given: a reading that lost nothing, or an error that says why."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ties.dates import is_edtf
from ties.errors import UnreadableError
from ties.importers.statements import REJECTED, STATEMENT, Reading
from ties.importers.wikidata import read_wikidata
from ties.importers.wikidata.answers import KNOWN
from ties.importers.wikidata.entities import item_id

pytestmark = pytest.mark.filterwarnings("error")
FEW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(
        [
            *("Q1", "Q2", "http://www.wikidata.org/entity/Q64", "normal", "deprecated", "value"),
            *("somevalue", "novalue", "+1995-02-18T00:00:00Z", "1995-01-01T00:00:00Z", "_:b"),
            *("Point(13 52)", "\ud800", "\x00", "P190", "item"),
        ]
    )
)
keys = st.text(max_size=3) | st.sampled_from(
    [
        *("id", "claims", "P190", "P17", "P625", "labels", "en", "value", "mainsnak", "snaktype"),
        *("datavalue", "qualifiers", "P580", "P582", "P585", "P1480", "references", "snaks"),
        *("rank", "time", "precision", "entities", "missing", "type", "numeric-id", "P813"),
        *("head", "vars", "results", "bindings", "item", "partner", "itemLabel", "statement"),
    ]
)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=25,
)


def snak(value: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries(
        {
            "snaktype": st.sampled_from(["value", "value", "somevalue", "novalue", "other"]),
            "datavalue": st.fixed_dictionaries({"value": value}) | scalars,
        }
    )


items = st.fixed_dictionaries({"id": st.sampled_from(["Q1", "Q2", "Q3", "P1"])}) | anything
moments = st.fixed_dictionaries(
    {
        "time": st.sampled_from(["+1995-02-18T00:00:00Z", "+1900-02-29T00:00:00Z", "-1", ""]),
        "precision": st.integers(-1, 15) | scalars,
        "calendarmodel": st.sampled_from(["Q1985786", "Q1985727", "Q2", None]),
    },
    optional={"before": st.integers(0, 10_000) | scalars, "after": scalars},
)
tie_statements = st.fixed_dictionaries(
    {"mainsnak": snak(items)},
    optional={
        "id": st.sampled_from(["Q1$1", "Q1$2", " "]) | scalars,
        "rank": st.sampled_from(["normal", "preferred", "deprecated"]) | anything,
        "qualifiers": st.dictionaries(
            st.sampled_from(["P580", "P582", "P585", "P1534", "P1480", "P9"]),
            st.lists(snak(moments | items), max_size=3) | anything,
            max_size=4,
        )
        | anything,
        "references": st.lists(
            st.fixed_dictionaries({"snaks": st.dictionaries(keys, anything, max_size=3)})
        )
        | anything,
    },
)
entities = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["Q1", "Q2", "q3"]) | scalars,
        "claims": st.fixed_dictionaries(
            {"P190": st.lists(tie_statements | anything, max_size=4)},
            optional={
                "P17": st.lists(st.fixed_dictionaries({"mainsnak": snak(items)})),
                "P625": st.lists(st.fixed_dictionaries({"mainsnak": snak(anything)})),
            },
        ),
    },
    optional={"labels": anything, "missing": scalars},
)
names = st.sampled_from(sorted(KNOWN))
cells = scalars | anything | st.fixed_dictionaries({"type": scalars, "value": scalars | anything})
solutions = st.dictionaries(names | keys, cells, max_size=8)


def write(folder: Path, value: Any) -> Path:
    path = folder / "any.json"
    path.write_text(json.dumps(value), "utf-8")
    return path


def check(reading: Reading) -> None:
    assert list(reading.statements) == list(STATEMENT)
    assert list(reading.rejected) == list(REJECTED)
    rows = pd.concat([reading.statements["row"], reading.rejected["row"]])
    assert set(rows) == set(range(reading.n_rows))
    for column in ("founded", "ended"):
        assert is_edtf(reading.statements[column].dropna()).all()
        written = reading.statements[f"{column}_text"]
        assert written[reading.statements[column].notna()].notna().all()
    assert reading.statements[["name_a", "name_b"]].notna().all(axis=None)
    assert reading.statements["latitude_a"].dropna().abs().le(90).all()
    assert reading.rejected[["rule", "reason", "text"]].notna().all(axis=None)


@FEW
@given(anything)
def test_any_document_is_read_or_refused(tmp_path, value: Any):
    path = write(tmp_path, value)
    try:
        check(read_wikidata(path))
    except UnreadableError as error:
        assert str(path) in str(error)


@FEW
@given(st.lists(entities, min_size=1, max_size=4))
def test_no_statement_of_an_entity_is_lost(tmp_path, given_entities: list[dict[str, Any]]):
    reading = read_wikidata(write(tmp_path, given_entities))
    check(reading)
    assert reading.n_rows == len(given_entities)
    for row, entity in enumerate(given_entities):
        entries = int(
            (reading.statements["row"] == row).sum() + (reading.rejected["row"] == row).sum()
        )
        is_read = "missing" not in entity and item_id(entity["id"]) is not None
        assert entries == (max(len(entity["claims"]["P190"]), 1) if is_read else 1)


@FEW
@given(st.lists(entities | scalars, max_size=4))
def test_lines_say_the_same_as_a_list(tmp_path, given_entities: list[Any]):
    together = [{"id": "Q7", "claims": {"P190": []}}, *given_entities]
    whole = read_wikidata(write(tmp_path, together))
    path = tmp_path / "lines.json"
    path.write_text("[\n" + "".join(f"{json.dumps(one)},\n" for one in together) + "]\n", "utf-8")
    by_line = read_wikidata(path)
    columns = [name for name in STATEMENT if name != "file"]
    assert by_line.statements[columns].equals(whole.statements[columns])
    assert by_line.rejected["rule"].equals(whole.rejected["rule"])


@FEW
@given(st.lists(solutions | anything, max_size=6))
def test_no_solution_of_an_answer_is_lost(tmp_path, given_solutions: list[Any]):
    complete = {"item": "Q1", "partner": "Q2"}
    answer = {"results": {"bindings": [complete, *given_solutions]}}
    answer["head"] = {"vars": ["item", "partner"]}
    reading = read_wikidata(write(tmp_path, answer))
    check(reading)
    assert reading.n_entries == reading.n_rows == len(given_solutions) + 1


@FEW
@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(tmp_path, content: bytes):
    path = tmp_path / "any.json"
    for before in (b"", b"[\n", b'{"id":"Q1","claims":{}}\n', b"\x1f\x8b\x08\x00", b"BZh9"):
        path.write_bytes(before + content)
        try:
            check(read_wikidata(path))
        except UnreadableError as error:
            assert str(path) in str(error)
