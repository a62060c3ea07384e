"""Every number that two surfaces show is one number, whichever surface shows it.

The surfaces: Python (`ties.bounds`), `ties status`, claims, the data and titles of figures, the
sentences and tables of the report, and what the explorer is given.
"""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest
from matplotlib import pyplot
from tests.factory import make_dataset
from typer.testing import CliRunner
from validation.simulate import simulate

import ties
from ties import bounds, figures
from ties.claims.cards import claim_cards
from ties.claims.claim import Claim, Condition, Look
from ties.claims.grid import Choices
from ties.cli import app
from ties.cli.options import Question
from ties.cli.questions import Around
from ties.explore import payload
from ties.lifecycle.rule import StatusRule
from ties.report.looks import ReportLook
from ties.report.pages import answer_decline, answer_formation, headlines
from ties.report.sentences import say_bounds, say_range

DAYS = [f"{year}-12-31" for year in (1985, 1991, 1995, 1999, 2003, 2008, 2012, 2016)]
DAYS += ["2018-11-28", "2021-06-30", "2023-12-31", "2026-11-20"]
OWN = [
    ("t", "1989", "founded", "both"),
    ("t", "2017-05-01", "visit", "a"),
    ("u", "1991-06-26", "founded", "both"),
    ("u", "1996", "dormant", "none"),
    ("v", "199X", "founded", "none"),
    ("v", "2022-03-01", "suspended", "b"),
    ("w", "1989/2001", "founded", "none"),
    ("x", "../2003", "founded", "none"),
    ("y", "2022", "listed", "none"),
    ("z", "2012-04-01", "reported", "none", None, "active"),
]
RECORDS = {
    "bundled": lambda: ties.load("us-russia"),
    "own": lambda: make_dataset(OWN),
    "simulated": lambda: simulate("reports_err", n_ties=60, seed=4).dataset,
}


@pytest.fixture(scope="module", params=RECORDS)
def record(request):
    return RECORDS[request.param]()


@pytest.fixture(scope="module")
def numbers(record):
    """Python's numbers, by day."""
    return {day: bounds.summary(record, day) for day in DAYS}


def pair(table, name):
    return table.loc[name, ["lower", "upper"]].tolist()


def same(ours, theirs):
    assert ours == pytest.approx(theirs, nan_ok=True)


def test_years_end_as_their_last_day_says(record, numbers):
    years = bounds.by_year(record)
    for day in (day for day in DAYS if day.endswith("12-31") and int(day[:4]) in years.index):
        for name in ("ties", "in_force", "alive", "stopped"):
            ends = years.loc[int(day[:4]), [f"{name}_lower", f"{name}_upper"]].tolist()
            same(ends, pair(numbers[day], f"n_{name}"))


def test_foundings_add_up_to_the_ties_and_to_the_share(record, numbers):
    for day, table in numbers.items():
        stood = bounds.status_bounds(record, day)
        decades, years = bounds.founded_per_decade(stood), bounds.founded_per_year(stood)
        n = table.loc["n_ties", "upper"]
        assert decades["n_certain"].sum() == years["n_certain"].sum() == n
        if 1990 in decades.index:
            certain = len(bounds.share_of_decade(stood).certain)
            assert decades.loc[1990, "n_certain"] == certain


def test_cohorts_add_up_to_them(record, numbers):
    for day, table in numbers.items():
        total = bounds.cohorts(record, day).sum()
        for name in ("alive", "stopped"):
            same([total[f"{name}_lower"], total[f"{name}_upper"]], pair(table, f"n_{name}"))
        assert total["n"] == table.loc["n_ties", "upper"]
        look = ReportLook("then", record.without_disputed(), StatusRule(), day, None)
        said = look.tables()["cohorts"].drop(columns="decade").sum()
        unlike = ["dormant", "no_information"]  # a search moves a tie between them
        assert said[unlike].sum() == total[unlike].sum()
        assert said.drop(unlike).equals(total.drop(unlike))


def test_status_prints_them(record, numbers):
    for day, table in numbers.items():
        question = Question(record, StatusRule(), day, None)
        found = Around.of(question, question.tie_table())
        pd.testing.assert_frame_equal(found.numbers, table)
        assert found.n_may_stand == table.loc["n_ties", "n_possible"]


def test_the_command_prints_them():
    for day in DAYS[-4:-2]:
        said = CliRunner().invoke(app, ["status", "--as-of", day, "--format", "json"])
        shown = pd.DataFrame(json.loads(said.stdout)["bounds"]).set_index("quantity")
        table = bounds.summary(ties.load("us-russia"), day)
        same(shown[["lower", "upper"]].to_numpy(), table[["lower", "upper"]].to_numpy("float64"))


def test_claims_rest_on_them(record, numbers):
    looks = tuple(Look(day) for day in DAYS)
    asked = [
        Claim("c", "", "2020", "", "", "", (Condition(name, "at_least", 1),), looks)
        for name in bounds.HEADLINES
    ]
    kinds = ("sister", "friendship", "partner", "contact", "memorandum", "not_stated")
    cards = claim_cards(record, asked, choices=Choices((5,), {"all": kinds}, {"all": ()}), seed=1)
    for card in cards:
        number = card.numbers[0]
        same([number["lower"], number["upper"]], pair(numbers[card.as_of], number["estimand"]))


def test_the_report_says_them(record, numbers):
    counted = record.without_disputed()
    for day, table in numbers.items():
        look = ReportLook("then", counted, StatusRule(), day, None)
        pd.testing.assert_frame_equal(look.tables()["numbers"].set_index("quantity"), table)
        for name, said in headlines(look.stood).items():
            lower, upper = pair(table[table["label"] == name].set_axis(["x"]), "x")
            if not pd.isna(lower):
                shares = say_bounds(lower, upper, ""), say_range(lower, upper)
                assert said == shares[table.set_index("label").loc[name, "unit"] != "share"]
        n = table.loc["n_ties", "upper"]
        if n:
            share = say_bounds(*pair(table, "share_of_decade"))
            assert share.casefold() in answer_formation(look).casefold()
            alive = [int(end) for end in pair(table, "n_alive")]
            if alive[1] > alive[0] and "it was" in answer_decline(look):
                assert f"it was between {alive[0]} and {alive[1]}" in answer_decline(look)


def test_most_is_said_exactly_where_a_claim_would_be_true(record, numbers):
    most = Condition("share_of_decade", "more_than", 0.5)
    for day, table in numbers.items():
        if not table.loc["n_ties", "upper"]:
            continue
        look = ReportLook("then", record.without_disputed(), StatusRule(), day, None)
        words = {
            True: "**Most ties were founded",
            False: "**At most half of the ties were founded",
            None: "the sources alone do not say whether it was most.**",
        }
        assert words[most.holds(*pair(table, "share_of_decade"))] in answer_formation(look)


def test_figures_draw_and_title_them(record, numbers):
    for day in (DAYS[3], "2018-11-28"):
        table = numbers[day]
        if not table.loc["n_ties", "lower"]:
            continue
        formation = figures.draw("formation", record, as_of=day).axes[0]
        title = " ".join(formation.get_title(loc="left").split())
        if "founded in the 1990s" in title:
            own = table.loc["share_of_decade"]
            wanted = {
                int(own["n"]),
                int(own["n_certain"]),
                int(own["n_certain"] + own["n_possible"]),
            }
            assert wanted <= {int(n) for n in re.findall(r"\b\d+\b(?!%|s)", title)}
        stock = figures.draw("stock", record, as_of=day).axes[0]
        title = " ".join(stock.get_title(loc="left").split())
        least = table.loc["n_alive", "lower"]
        assert (f"at least {least:.0f} w" if least else "no sign of life") in title
        assert say_range(*pair(table, "n_ties")) in title
        pyplot.close("all")


def test_the_explorer_is_given_them(record, numbers):
    for day in ("2018-11-28", "1999-12-31"):
        given = payload(record, as_of=day)["bounds"]
        at = given["day"].index((pd.Timestamp(day) - pd.Timestamp("1970-01-01")).days)
        for name in ("ties", "in_force", "alive", "stopped"):
            ends = [given[f"{name}_{end}"][at] for end in ("lower", "upper")]
            same(ends, pair(numbers[day], f"n_{name}"))
