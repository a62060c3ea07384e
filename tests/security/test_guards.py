"""`make guards` takes away the guards of docs/security.md; here is seen that the list is whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.security.guards import GUARDS

CHECKOUT = Path(__file__).parents[2]


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.what)
def test_a_guard_stands_where_the_list_says(guard):
    text = (CHECKOUT / guard.file).read_text("utf-8")
    assert guard.without(text) != text
    assert all((CHECKOUT / test).exists() for test in guard.tests)


def test_every_row_of_the_page_has_a_guard_in_the_list():
    page = (CHECKOUT / "docs" / "security.md").read_text("utf-8")
    rows = re.findall(r"^\| (?!What is tried|--)(.+?) \|", page, re.MULTILINE)
    # This one is a way not taken: no code follows an address in a data package.
    rows = [row for row in rows if not row.startswith("A data package")]
    assert rows
    for row in rows:
        assert any(row.startswith(guard.row) for guard in GUARDS), row
    assert all(any(row.startswith(guard.row) for row in rows) for guard in GUARDS)
