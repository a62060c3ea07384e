"""Tie-years: what was at risk follows from the year before, and an end ends them."""

from __future__ import annotations

from tests.factory import make_dataset

import ties

RISKS = ("dormancy", "suspension", "end", "revival")
RECORD = make_dataset(
    [
        ("a", "1990-05", "founded", "both"),
        ("a", "1993-01-01", "dormant", "none"),
        ("a", "1995-03-01", "visit", "none"),
        ("a", "1997-06-01", "suspended", "a"),
        ("a", "1999-06-01", "terminated", "a"),
        ("b", "1990/1992", "founded", "both"),
    ],
    as_of="2003-12-31",
)


def years_of(tie, **options):
    table = ties.panel(RECORD, **options)
    return table[table["tie_id"] == tie].set_index("year")


def test_a_tie_has_a_row_a_year_from_its_founding_to_its_end():
    assert years_of("a").index.tolist() == [*range(1990, 2000)]
    assert years_of("b").index.tolist() == [*range(1992, 2004)]


def test_what_happens_in_a_year_was_possible_when_it_began():
    own = years_of("a")
    happened = {risk: own.index[own[f"event_{risk}"]].tolist() for risk in RISKS}
    assert happened == {"dormancy": [1993], "suspension": [1997], "end": [1999], "revival": [1995]}
    for risk in RISKS:
        assert not (own[f"event_{risk}"] & ~own[f"at_risk_{risk}"]).any()
        assert not own[f"at_risk_{risk}"].iloc[0]
    assert own["at_risk_revival"][own["at_risk_revival"]].index.tolist() == [1994, 1995, 1998, 1999]


def test_an_age_is_given_where_the_year_of_the_founding_is_certain():
    assert years_of("a")["age"].tolist() == [*range(10)]
    assert years_of("b")["age"].isna().all()
    assert str(years_of("b")["age"].dtype) == "Int64"


def test_other_years_of_dormancy_need_no_rule():
    short, rule = years_of("b", dormant_after=2), years_of("b", rule=ties.StatusRule(2))
    assert short.equals(rule)
    assert not short.equals(years_of("b"))
