"""The page comes to the same answers as Python: every tie, over a grid of settings."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pandas as pd
import pytest
from validation.simulate import simulate

import ties
from ties.lifecycle.rule import StatusRule
from ties.schema.vocabulary import REPORTED_STATUSES, STATUSES

pytestmark = [
    pytest.mark.slow,
    # The grid looks from days after the end of a record too.
    pytest.mark.filterwarnings("ignore:the record ends on:ties.errors.TiesWarning"),
]

DAYS = ("2026-11-23", "2018-11-28", "1999-12-31", "2031-06-30")
YEARS = (1, 5, 12)
KNOWN = (None, "2018-11-28", "2003-01-01")

# What a setting is called in the address, and in Python.
GRID = [
    {"as_of": day, "known_by": known, "dormant_after": years}
    for day, known, years in product(DAYS, KNOWN, YEARS)
]
FINER = [
    {"as_of": day, "known_by": known, "dormant_after": 4, "dates": dates}
    | {"search_lookback_years": reach, "undated_sources": undated}
    for day, known, dates, reach, undated in [
        ("2026-11-23", None, "earliest", 9, "unknown"),
        ("2024-02-29", None, "latest", 9, "unknown"),
        ("2018-11-28", None, "span", None, "unknown"),
        ("2018-11-28", "2018-11-28", "recorded", 30, "known"),
        ("2016-02-29", "2018-11-28", "earliest", 9, "known"),
        ("2018-11-28", "2012-01-01", "latest", None, "known"),
        ("2026-11-23", "2024-06-30", "span", 15, "known"),
    ]
]
REPORTS = [setting | {"reports": reports} for setting in GRID[::4] for reports in ("yes", "no")]
# Columns that the page saves and Python does not, and Python's that the page has no use for.
ONLY_PAGE = ["as_of", "known_by", "dormant_after", "reports"]
ONLY_PYTHON = ["place_a", "place_b"]


def expected(record: ties.Dataset, setting: dict) -> pd.DataFrame:
    """Give Python's tie table as text, as CSV would hold it."""
    choices = {
        name: setting[name]
        for name in ("dormant_after", "search_lookback_years", "dates", "undated_sources")
        if name in setting
    }
    choices["reports"] = setting.get("reports") != "no"
    table = ties.tie_table(record, StatusRule(**choices), setting["as_of"], setting["known_by"])
    table = table[table["status"].notna()].drop(columns=ONLY_PYTHON).reset_index(drop=True)
    for name in table.select_dtypes(["datetime"]):
        table[name] = table[name].dt.strftime("%Y-%m-%d")
    return table.astype("object").where(table.notna(), None)


def agree(page: pd.DataFrame, python: pd.DataFrame) -> None:
    """Check that both say the same of the same ties, cell by cell."""
    page = page.drop(columns=ONLY_PAGE).sort_values("tie_id", ignore_index=True)
    page = page.astype("object").where(page.notna(), None)
    assert [*page] == [*python] and page["tie_id"].tolist() == python["tie_id"].tolist()
    for name in python:
        if name.startswith(("latitude", "longitude")):
            assert page[name].astype(float).equals(python[name].astype(float)), name
        else:
            said = [None if value is None else str(value) for value in python[name]]
            assert page[name].tolist() == said, name


def check(open_page, record: ties.Dataset, grid: list[dict]) -> None:
    page = open_page(record)
    counted = set(record.without_disputed().ties["tie_id"])
    for setting in grid:
        page.look(**{k: "" if v is None else v for k, v in setting.items()}, disputed="yes")
        python = expected(record, setting)
        agree(page.table(), python)
        numbers = python["status"].value_counts().to_dict()
        assert {k: n for k, n in page.counts().items() if n} == numbers, setting
    page.look(as_of=grid[0]["as_of"])
    assert set(page.table()["tie_id"]) <= counted


def test_the_bundled_record_over_days_knowledge_and_years(explore):
    check(explore, ties.load("us-russia"), GRID)


def test_the_finer_choices_of_the_rule(explore):
    check(explore, ties.load("us-russia"), FINER)


def test_the_ties_of_another_pair_of_countries(explore):
    check(explore, ties.load("us-russia").subset_record("UA", "US"), GRID[::4])


@pytest.mark.parametrize("seed", [1, 2])
def test_a_simulated_record(explore, seed):
    record = simulate("plain", n_ties=250, seed=seed).dataset
    check(explore, record, [*GRID[::5], *FINER])


def test_reports_of_a_state_read_and_left_out(explore):
    """Registers that err meet acts and visits, so that each has to give way to the other."""
    record = simulate("reports_err", n_ties=250, seed=3).dataset
    assert set(record.events["reported_status"].dropna()) == set(REPORTED_STATUSES)
    check(explore, record, REPORTS)


def test_a_rule_with_other_signs_of_life(explore, tmp_path):
    """The kinds of event that count are Python's to choose; the page has to follow."""
    from ties.explore import write_explorer

    record = replace(ties.load("us-russia"), name="few-signs")
    rule = StatusRule(qualifying=frozenset({"visit", "founded"}))
    page = explore(record)
    path = write_explorer(record, tmp_path / "few.html", rule, "2018-11-28")
    page.page.goto(path.as_uri())
    table = ties.tie_table(record.without_disputed(), rule, "2018-11-28")
    assert {k: n for k, n in page.counts().items() if n} == {
        k: n for k, n in table["status"].value_counts().items() if n
    }


def test_the_table_of_cohorts_is_that_of_python(explore):
    record = ties.load("germany-russia")
    page = explore(record)
    for day in ("2026-11-29", "2018-11-28", "1991-12-31"):
        page.look(as_of=day)
        rows = page.page.locator("#cohort-rows tr").all()
        shown = [row.locator("th, td").all_inner_texts() for row in rows]
        table = ties.cohorts(record, day)[[*STATUSES]]
        names = ["Not one decade" if pd.isna(decade) else f"{decade}s" for decade in table.index]
        numbers = [[str(n) for n in (*row, sum(row))] for row in table.to_numpy().tolist()]
        python = [[name, *row] for name, row in zip(names, numbers, strict=True)]
        assert [row for row in shown if row[-1] != "0"] == [row for row in python if row[-1] != "0"]
        decades = [int(row[0][:4]) for row in shown if row[0] != "Not one decade"]
        assert decades == [*range(decades[0], decades[-1] + 10, 10)]
