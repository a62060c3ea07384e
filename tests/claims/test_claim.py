"""A claim as data: what a condition says of bounds, and how files are read."""

from __future__ import annotations

import math

import pytest
from tests.factory import make_dataset

import ties
from ties.claims.claim import Condition, Look
from ties.claims.estimands import ESTIMANDS
from ties.claims.read import (
    bundled_claims,
    check_against,
    claims_for,
    parse_claims,
    read_claims,
)
from ties.errors import UnreadableError

GOOD = """
[[claim]]
id = "mine"
who = "Somebody"
said_on = 2018-11-28
where = "A speech"
wording = "There are  a few."
population = "All ties."

[[claim.condition]]
estimand = "n_ties"
at_least = 3
also = [2, 4]
"""


def refused(text):
    with pytest.raises(UnreadableError) as error:
        parse_claims(text, "my-claims.toml")
    return str(error.value)


@pytest.mark.parametrize(
    ("comparison", "threshold", "below", "within", "above"),
    [
        ("at_least", 5, False, None, True),
        ("more_than", 5, False, None, True),
        ("at_most", 5, True, None, False),
        ("fewer_than", 5, True, None, False),
        ("between", (5, 5), False, None, False),
    ],
)
def test_a_condition_holds_at_both_bounds_at_neither_or_is_open(
    comparison, threshold, below, within, above
):
    condition = Condition("n_ties", comparison, threshold)
    assert condition.holds(1, 4) is below
    assert condition.holds(4, 6) is within
    assert condition.holds(6, 9) is above


def test_the_threshold_itself_counts_for_at_least_and_at_most_alone():
    held = {
        name: Condition("n_ties", name, 5).holds(5, 5)
        for name in ("at_least", "more_than", "at_most", "fewer_than")
    }
    assert held == {"at_least": True, "more_than": False, "at_most": True, "fewer_than": False}
    assert Condition("n_ties", "between", (5, 9)).holds(5, 9) is True


def test_a_missing_bound_leaves_it_open():
    assert Condition("n_ties", "at_least", 5).holds(math.nan, 9) is None


def test_a_claim_is_read_as_it_is_written():
    claim = parse_claims(GOOD, "x.toml")[0]
    assert claim.claim_id == "mine" and claim.wording == "There are a few."
    assert claim.conditions == (Condition("n_ties", "at_least", 3.0, (2.0, 4.0)),)


def test_without_looks_a_claim_is_tested_from_three_sides():
    claim = parse_claims(GOOD, "x.toml")[0]
    assert claim.sides == (Look("2018-11-28"), Look("2018-11-28", "2018-11-28"), Look())


def test_a_date_may_stand_in_quotes_or_not():
    quoted = GOOD.replace("2018-11-28", '"2018-11-28"')
    assert parse_claims(quoted, "x.toml") == parse_claims(GOOD, "x.toml")
    assert "is not an EDTF date" in refused(GOOD.replace("2018-11-28", "2018-11-28T10:00:00"))


def test_a_claim_is_seen_from_other_sides_unless_it_names_its_own():
    claim = parse_claims(GOOD, "x.toml")[0]
    seen = claim.seen_from([{"as_of": "2001", "known_by": None}])
    assert seen.sides == (Look("2001"),)
    assert seen.seen_from([{"as_of": "1999", "known_by": None}]) is seen


def test_looks_and_options_can_be_chosen():
    text = GOOD.replace('"n_ties"', '"share_of_decade"\ndecade = 1980')
    text = text.replace("[[claim.condition]]", 'looks = [{ as_of = "2020" }]\n[[claim.condition]]')
    claim = parse_claims(text, "x.toml")[0]
    assert claim.looks == claim.sides == (Look("2020"),)
    assert claim.conditions[0].options == {"decade": 1980}


@pytest.mark.parametrize(
    ("change", "to", "says"),
    [
        ('who = "Somebody"', "", "line 2, who: is missing"),
        ("who =", "whoo =", "did you mean 'who'?"),
        ('who = "Somebody"', "who = 3", "put it in quotes"),
        ('"n_ties"', '"n_tie"', "did you mean 'n_ties'?"),
        ('"n_ties"', '"moons"', "they are n_ties"),
        ("at_least = 3", "", "needs one of at_least"),
        ("at_least = 3", "at_least = 3\nat_most = 9", "it has 2"),
        ("at_least = 3", 'at_least = "three"', "at_least: 'three' is not a number"),
        ("at_least = 3", "between = [9, 3]", "the smaller first"),
        ("also = [2, 4]", "also = [true]", "also: True is not a number"),
        ("also = [2, 4]", "decade = 1990", "decade: is not an option of n_ties"),
        ("2018-11-28", '"some day"', "said_on: 'some day' is not an EDTF date"),
        ("2018-11-28", '"2018/.."', "has no last day"),
        ('"mine"', '"My claim"', "use a-z, 0-9 and single hyphens"),
        ("wording =", 'tie_kinds = ["sistr"]\nwording =', "did you mean 'sister'?"),
        ("wording =", "looks = []\nwording =", "is not a list of looks"),
        ("wording =", 'looks = [{ as_off = "2018" }]\nwording =', "did you mean 'as_of'?"),
        ("[[claim]]", "colour = 1\n[[claim]]", "colour: is not known here"),
        ("[[claim.condition]]", "[[claim.conditions]]", "did you mean 'condition'?"),
    ],
)
def test_what_is_wrong_is_said_in_the_terms_of_the_file(change, to, says):
    assert change in GOOD
    message = refused(GOOD.replace(change, to))
    assert message.startswith("my-claims.toml: ") and says in message


def test_every_problem_is_told_at_once_with_the_line_of_its_claim():
    message = refused(GOOD.replace('who = "Somebody"', "") + GOOD.replace("at_least = 3", ""))
    assert "line 2, who" in message
    assert "line 15, condition" in message and "line 15, id: 'mine' stands twice" in message


@pytest.mark.parametrize("text", ["", "claim = 3", "[[claim", "x = 1\n", "a = " + "[" * 5000])
def test_what_is_no_file_of_claims_is_refused(text):
    refused(text)


def test_a_file_that_is_missing_too_large_or_no_text_is_refused(tmp_path):
    for name, content, says in (
        ("none.toml", None, "no such file"),
        ("big.toml", b"#" * 1_000_001, "larger than 1 MB"),
        ("latin.toml", b"# \xe9\xff", "not UTF-8"),
    ):
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(UnreadableError, match=says):
            read_claims(tmp_path / name)


def test_a_source_that_the_record_does_not_have_is_refused():
    claims = parse_claims(GOOD.replace("wording =", 'source = "s99"\nwording ='), "x.toml")
    with pytest.raises(UnreadableError, match="claim mine: 's99' is not a source of the record"):
        check_against(claims, make_dataset([("t", "1990", "founded", "both")]))


def test_another_record_has_no_claims_unless_a_file_gives_some(tmp_path):
    other = make_dataset([("t", "1990", "founded", "both")])
    assert claims_for(other) == []
    (tmp_path / "mine.toml").write_text(GOOD)
    assert [claim.claim_id for claim in claims_for(other, tmp_path / "mine.toml")] == ["mine"]
    assert claims_for(ties.load("us-russia")) == bundled_claims()


@pytest.mark.parametrize("name", ties.records().index)
def test_each_record_that_ships_has_claims_of_its_own(name):
    claims = claims_for(ties.load(name))
    assert len(claims) >= 4 and any(claim.source_id for claim in claims)


def test_the_bundled_claims_name_sources_of_the_record():
    claims = bundled_claims()
    check_against(claims, ties.load("us-russia"))
    assert {c.estimand for claim in claims for c in claim.conditions} <= set(ESTIMANDS)
    speech = [claim.claim_id for claim in claims if claim.said_on == "2018-11-28"]
    assert speech == [
        "several-dozen",
        "most-in-the-1990s",
        "gradually-disappeared",
        "interest-increases",
    ]
    assert all(len(claim.sides) == 3 for claim in claims[:4])


def test_every_estimand_offers_only_options_that_it_has():
    for estimand in ESTIMANDS.values():
        assert set(estimand.otherwise) <= set(estimand.options)
