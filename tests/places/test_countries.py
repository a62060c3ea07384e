"""The name of a country, in many languages and spellings, becomes its code."""

from __future__ import annotations

import pandas as pd
import pytest

from ties.places.countries import resolve_countries


def one(text, on=None):
    return resolve_countries(pd.Series([text], dtype="str"), pd.Series([on], dtype="str")).iloc[0]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("United States", "US"),
        ("the United States", "US"),
        ("U.S.A.", "US"),
        ("США", "US"),
        ("Vereinigte Staaten", "US"),
        ("アメリカ合衆国", "US"),
        ("ru", "RU"),
        ("RUS", "RU"),
        ("England", "GB"),
        ("in Italy", "IT"),
        ("Georgia (country)", "GE"),
        ("Japa", "JP"),
        ("Kazakhstah", "KZ"),
        ("Republic of Ireland", "IE"),
        ("Taiwan (Republic of China)", "TW"),
        ("People's Republic of China", "CN"),
        ("GDR", "DE"),
        ("Korea", None),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_a_name_is_read(text, code):
    found = one(text)["country"]
    assert found == code if code else pd.isna(found)


def test_a_misspelling_is_told():
    assert one("Japa")["note"] == "'Japa' was read as 'japan'"


def test_a_state_before_its_country_is_kept():
    found = one("Ohio, United States")
    assert (found["country"], found["region"]) == ("US", "Ohio")


def test_a_vanished_state_with_several_heirs_names_no_country():
    found = one("Czechoslovakia", "1990")
    assert pd.isna(found["country"])
    assert found["successors"] == "CZ SK"


@pytest.mark.parametrize(("on", "is_wrong"), [("1991", False), ("1992", True), ("../1990", False)])
def test_a_vanished_state_after_its_end_is_told(on, is_wrong):
    assert ("was not there" in one("USSR", on)["note"]) is is_wrong


def test_disputed_territory_is_marked():
    found = one("Republic of Crimea")
    assert (found["country"], found["is_disputed"]) == ("UA", True)
