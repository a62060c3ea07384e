"""Defects of a set as a whole are found, and only where they are."""

from __future__ import annotations

import pandas as pd

from ties.importers.nested_defects import find_defects
from ties.importers.statements import make_statements


def statements(*pairs: tuple[str, str], **said: str) -> pd.DataFrame:
    return make_statements(
        [
            {
                "row": row,
                "file": "a",
                "locator": f"line {row + 1}",
                "name_a": a,
                "name_b": b,
                **said,
            }
            for row, (a, b) in enumerate(pairs)
        ]
    )


def rules(table: pd.DataFrame) -> list[str]:
    return find_defects(table, "a")["rule"].tolist()


def test_a_sound_set_has_no_defect():
    assert rules(statements(("A", "B"), ("B", "A"), country_a="X")) == []


def test_an_empty_set_has_no_defect():
    assert rules(statements()) == []


def test_a_pair_named_again_is_repeated_but_its_mirror_is_not():
    found = rules(statements(("A", "B"), ("B", "A"), ("A", "B"), country_a="X"))
    assert found == ["repeated"]


def test_ties_named_from_one_side_are_counted():
    table = statements(("A", "B"), ("B", "A"), ("B", "C"), ("C", "D"), ("A", "X"), country_a="X")
    found = find_defects(table, "a")
    assert found["rule"].tolist() == ["one_sided"]
    assert found["message"][0].startswith("of 3 ties whose other end is listed too, 1 are named")


def test_places_that_all_hang_together_are_a_crawl():
    chain = [(f"P{n}", f"P{n + 1}") for n in range(60)]
    assert "one_piece" in rules(statements(*chain, country_a="X"))
    assert "one_piece" not in rules(statements(*chain, ("Q", "R"), country_a="X"))


def test_names_of_one_language_for_two_countries_are_namesakes():
    table = pd.concat(
        [
            statements(("Toledo", "Nara"), country_a="Spain"),
            statements(("Toledo", "Bonn"), country_a="Ohio"),
            statements(("Ulm", "Bern"), country_a="Germany"),
            statements(("Ulm", "Genf"), country_a="Deutschland"),
        ],
        ignore_index=True,
    )
    found = find_defects(table, "a")
    assert found.query("rule == 'namesakes'")["value"].tolist() == ["Toledo"]
