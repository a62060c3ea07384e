"""Random scrapes: no traceback, and every entry a statement or rejected with a reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ties.errors import UnreadableError
from ties.importers.nested import read_nested
from ties.importers.statements import Reading

SETTINGS = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
NAMES = st.one_of(
    st.sampled_from(
        ["Bonn", "Opole", "Xi'an", "1967", "Polen", "[1]", "", " ", "NaN", "Luxemburg"]
    ),
    st.text(max_size=12),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), NAMES),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(NAMES, st.sampled_from(["city", "partners"])), inner, max_size=4),
    ),
    max_leaves=8,
)
KEYS = ["partners", "sister_city", "country_of_sc", "continent_of_sc", "country", "coordinates"]
PLACES = st.dictionaries(st.sampled_from(KEYS), st.one_of(VALUES, st.lists(VALUES, max_size=4)))


def check(reading: Reading) -> None:
    seen = set(reading.statements["row"]) | set(reading.rejected["row"])
    assert seen == set(range(reading.n_rows))
    assert reading.rejected[["rule", "reason", "locator"]].notna().all(axis=None)
    assert reading.statements["locator"].notna().all()


@SETTINGS
@given(tree=st.dictionaries(NAMES, st.one_of(PLACES, VALUES), max_size=6))
def test_every_partner_of_a_nested_object_is_an_entry(tmp_path: Path, tree: dict[str, Any]):
    path = tmp_path / "tree.json"
    path.write_text(json.dumps(tree), encoding="utf-8")
    try:
        reading = read_nested(path)
    except UnreadableError:
        return
    check(reading)
    assert reading.n_rows == len(tree)
    partners = [listed(value) for value in tree.values()]
    assert reading.n_entries == sum(max(len(names), 1) for names in partners)


def listed(value: Any) -> list[Any]:
    if not isinstance(value, dict):
        return []
    lists = [value[key] for key in ("sister_city", "partners") if isinstance(value.get(key), list)]
    return lists[0] if lists else []


@SETTINGS
@given(content=st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_no_bytes_break_the_reading(tmp_path: Path, content: bytes):
    path = tmp_path / "scrape"
    path.write_bytes(content)
    try:
        check(read_nested(path))
    except UnreadableError as error:
        assert "scrape" in str(error)
