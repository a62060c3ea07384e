"""Cards: from claims over a record to verdicts, with the ties behind them."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pandas as pd
import pytest
from tests.factory import make_dataset
from validation.simulate import simulate

import ties
from ties.claims.cards import cards_table, changed_by, claim_cards
from ties.claims.claim import Claim, Condition, Look
from ties.claims.grid import Choices
from ties.claims.read import bundled_claims

QUICK = Choices((3, 5), {"all": ("sister", "not_stated")}, {"all": ()})


LATEST = (Look(),)


def claim(estimand, comparison, threshold, *, looks=LATEST, also=(), **options):
    condition = Condition(estimand, comparison, threshold, also, options)
    return Claim("c", "Somebody", "2020", "Here", "So it is.", "All.", (condition,), looks)


def card(events, *asked, choices=QUICK, **options):
    made = make_dataset(events, **options)
    return claim_cards(made, [claim(*asked)], choices=choices, seed=1)[0]


FOUNDED = [(f"t{i}", "1991-05-05", "founded", "both") for i in range(6)]


def test_what_is_true_at_both_bounds_and_everywhere_is_supported():
    found = card(FOUNDED, "n_ties", "at_least", 6)
    assert found.verdict == "supported"
    assert found.numbers[0]["lower"] == found.numbers[0]["upper"] == 6
    assert sorted(found.ties["tie_id"]) == [f"t{i}" for i in range(6)]


def test_what_is_false_at_both_bounds_and_everywhere_is_not_supported():
    assert card(FOUNDED, "n_ties", "at_least", 7).verdict == "not_supported"


def test_bounds_on_both_sides_of_the_threshold_leave_it_open():
    undated = [("u", "2020", "listed", "none"), ("v", "2020", "listed", "none")]
    found = card([*FOUNDED[:3], *undated], "share_of_decade", "more_than", 0.6)
    assert found.verdict == "open"
    assert found.numbers[0]["lower"] == pytest.approx(3 / 5) and found.numbers[0]["upper"] == 1
    assert sorted(found.ties.query("role == 'open'")["tie_id"]) == ["u", "v"]
    assert "because of 2 ties" in found.changes[0]
    # At three of five "more than 60%" is not yet true: one more is needed, or both to fail.
    assert "true once at least 1 are found to count, and false once at least 2" in found.changes[0]


def test_what_changes_with_a_choice_is_not_firm_and_says_with_which():
    made = make_dataset([*FOUNDED, ("t0", "2023-01-01", "visit", "a")])
    asked = claim("n_alive", "at_least", 1)
    found = claim_cards(made, [asked], choices=QUICK, seed=1)[0]
    assert found.verdict == "very_likely"
    assert found.changed_by() == ["dormant after 3 years (open)"]
    assert found.changes == ("It changes with: dormant after 3 years (open).",)


def test_another_meaning_of_the_words_can_contradict_it():
    asked = claim("n_ties", "at_least", 6, also=(7,))
    found = claim_cards(make_dataset(FOUNDED), [asked], choices=QUICK, seed=1)[0]
    assert found.verdict == "likely"
    assert found.changed_by() == ["meaning: n_ties at least 7 (false)"]


def test_all_conditions_must_hold():
    both = claim("n_ties", "at_least", 6)
    both = replace(both, conditions=(*both.conditions, Condition("n_stopped", "at_least", 1)))
    found = claim_cards(make_dataset(FOUNDED), [both], choices=QUICK, seed=1)[0]
    assert [number["holds"] for number in found.numbers] == [True, None]
    assert found.answer == "open"


def test_a_fall_with_a_witness_in_each_year_is_gradual():
    events = [(f"t{i}", "1990-01-01", "founded", "both") for i in range(4)]
    events += [(f"t{i}", "1999-01-01", "visit", "a") for i in range(4)]
    events += [(f"t{i}", f"{2000 + i}-06-01", "dormant", "none") for i in range(4)]
    fall = card(events, "fall_of_share_alive", "more_than", 0)
    assert fall.numbers[0]["lower"] == fall.numbers[0]["upper"] == 1
    straight = [event for event in events if event[2] != "visit"]
    straight += [(f"t{i}", f"{2000 + i}-03-01", "visit", "a") for i in range(4)]
    year = card(straight, "largest_year_of_stops", "at_most", 0.5)
    assert year.numbers[0]["lower"] == year.numbers[0]["upper"] == 0.25
    assert year.verdict == "supported"


def test_a_break_in_one_year_is_not_gradual():
    events = [(f"t{i}", "2021-01-01", "founded", "both") for i in range(4)]
    events += [(f"t{i}", "2022-03-01", "suspended", "b") for i in range(4)]
    found = card(events, "largest_year_of_stops", "at_most", 0.5)
    assert found.numbers[0]["lower"] == 1 and found.verdict == "not_supported"
    assert "of 4 that a government suspended or ended, 4 in 2022" in found.numbers[0]["note"]


def test_silence_of_unknown_begin_leaves_open_whether_it_was_gradual():
    events = [(f"t{i}", "1990-01-01", "founded", "both") for i in range(4)]
    found = card(
        events,
        "largest_year_of_stops",
        "at_most",
        0.5,
        searches=[(f"t{i}", "2026-11-01") for i in range(4)],
    )
    assert (found.numbers[0]["lower"], found.numbers[0]["upper"]) == (0, 1)
    assert found.verdict == "open"


def test_places_are_counted_once_however_many_ties_they_have():
    made = make_dataset(
        [(f"t{i}", "2021", "founded", "both") for i in range(3)]
        + [(f"t{i}", "2022-01-01", "suspended", "b") for i in range(3)]
    )
    shared = made.ties.assign(place_b=["us-t0", "us-t0", "us-t2"])
    made = made.__class__(**{**vars(made), "ties": shared})
    asked = [claim("n_places_stopped", "at_least", 2), claim("n_stopped", "at_least", 3)]
    found = claim_cards(made, asked, choices=QUICK, seed=1)
    assert [one.numbers[0]["lower"] for one in found] == [2, 3]


def test_a_population_is_narrowed_by_kind_and_by_region():
    made = make_dataset(FOUNDED)
    regions = made.places["region"].mask(made.places["place_id"] == "us-t1", "US-AK")
    made = made.__class__(**{**vars(made), "places": made.places.assign(region=regions)})
    whole = claim("n_ties", "at_least", 1)
    asked = [replace(whole, region="US-AK"), replace(whole, tie_kinds=("memorandum",))]
    found = claim_cards(made, asked, choices=QUICK, seed=1)
    assert [one.numbers[0]["upper"] for one in found] == [1, 0]


def test_a_quantity_is_not_asked_again_for_a_choice_that_it_does_not_depend_on():
    found = card(FOUNDED, "share_of_decade", "more_than", 0.5)
    assert found.grid["dormant_after"].unique().tolist() == [5]
    assert set(found.grid["further"]) == {
        "as usual",
        "dates: earliest",
        "dates: latest",
        "dates: span",
    }


def test_what_was_known_then_also_tries_undated_sources():
    looks = (Look("2018", "2018"),)
    found = claim_cards(
        make_dataset(FOUNDED), [claim("n_ties", "at_least", 6, looks=looks)], choices=QUICK, seed=1
    )
    assert "undated_sources: known" in set(found[0].grid["further"])


def test_a_card_is_plain_json():
    found = card([("t", "1990", "founded", "both")], "activity_ratio", "more_than", 1)
    assert found.verdict == "open" and math.isinf(found.numbers[0]["upper"])
    text = json.dumps(found.as_dict(), allow_nan=False)
    back = json.loads(text)
    assert back["verdict"] == "open" and back["numbers"][0]["upper"] == "inf"
    assert back["grid"]["n_points"] == found.n_points


def test_the_table_has_a_row_a_condition():
    cards = [card(FOUNDED, "n_ties", "at_least", n) for n in (6, 7)]
    table = cards_table(cards)
    assert table["verdict"].tolist() == ["supported", "not_supported"]
    assert (table[["n_true", "n_false", "n_open"]].sum(axis=1) == table["n_points"]).all()
    assert cards_table([]).empty


def test_changed_by_is_empty_where_nothing_changes():
    assert changed_by(card(FOUNDED, "n_ties", "at_least", 6).grid) == []


def test_claims_about_another_record_work():
    record = simulate("plain", n_ties=60, seed=2).dataset
    asked = [
        claim("share_of_decade", "more_than", 0.5, decade=1990),
        claim("n_in_force", "at_least", 10),
        claim("fall_of_share_alive", "more_than", 0, since=1999),
        claim("largest_year_of_stops", "at_most", 0.5),
    ]
    found = claim_cards(record, asked, choices=QUICK, seed=1)
    for one in found:
        number = one.numbers[0]
        assert number["lower"] <= number["upper"] or math.isnan(number["lower"])


def test_bounds_hold_the_truth_of_simulated_records():
    """What is said to be certain is true, and what is true is said to be possible."""
    day = pd.Timestamp("2018-11-28")
    for seed in range(6):
        made = simulate("plain", n_ties=80, seed=seed)
        known = made.ties[made.ties["is_seen"] & (made.ties["founded"] <= day)]
        spells = made.spells[made.spells["tie_id"].isin(made.dataset.ties["tie_id"])]
        now = spells[(spells["start"] <= day) & ~(spells["end"] <= day)]
        truth = {
            "n_ties": len(known),
            "n_in_force": now["state"].isin(["alive", "dormant"]).sum(),
            "n_stopped": now["state"].isin(["suspended", "terminated"]).sum(),
            "share_of_decade": (known["founded"].dt.year // 10 == 199).mean(),
        }
        asked = [claim(name, "at_least", 1, looks=(Look("2018-11-28"),)) for name in truth]
        for one, (name, true) in zip(
            claim_cards(made.dataset, asked, choices=QUICK, seed=1), truth.items(), strict=True
        ):
            number = one.numbers[0]
            assert number["lower"] <= true <= number["upper"], (seed, name)


KINDS = ("sister", "partner", "memorandum", "not_stated")
USUAL_ALONE = Choices((5,), {"all": KINDS}, {"all": ()})


@pytest.fixture(scope="module")
def speech():
    record = ties.load("us-russia").without_disputed()
    return claim_cards(record, bundled_claims()[:4], choices=USUAL_ALONE, seed=1)


def test_the_speech_has_a_card_a_claim_and_look(speech):
    assert [(one.claim.claim_id, one.as_of, one.known_by) for one in speech[:3]] == [
        ("several-dozen", "2018-11-28", None),
        ("several-dozen", "2018-11-28", "2018-11-28"),
        ("several-dozen", "2026-11-29", None),
    ]
    assert len(speech) == 12


def test_where_the_bounds_disagree_the_ladder_decides_and_says_so(speech):
    for one in speech[3:6]:
        number = one.numbers[0]
        assert number["lower"] < 0.5 < number["upper"] and one.answer == "open"
        codes = [rung.code for rung in number["rungs"]]
        assert codes == ["worst_case", "totals", "alike"] and number["rung"] == "alike"
        # No assumption gives more than the weaker ones allow, but for chance.
        worst, totals, _ = number["rungs"]
        assert worst.lower <= totals.lower <= totals.upper <= worst.upper


def test_the_same_seed_gives_the_same_cards(speech):
    record = ties.load("us-russia").without_disputed()
    interest = replace(bundled_claims()[3], looks=LATEST)
    again = claim_cards(record, [interest], choices=USUAL_ALONE, seed=1)
    assert speech[-1].as_dict() == again[0].as_dict()
