"""What a page is about, and which form it is in."""

from __future__ import annotations

from pathlib import Path

import pytest

from ties.importers.wikipedia.about import About, detect


def about(title: str, place: str | None = None) -> About:
    return About.of_page("page", title, None, None, place, "enwiki")


@pytest.mark.parametrize(
    ("title", "country", "region"),
    [
        ("List of twin towns and sister cities in Germany", "Germany", ""),
        ("List of sister cities in the United States", "United States", ""),
        ("List of sister cities in California", "United States", "California"),
        ("List of sister cities in Georgia (U.S. state)", "United States", "Georgia"),
        ("List of twin towns and sister cities in Georgia", "Georgia", ""),
        ("List of sister cities in Bosnia and Herzegovina", "Bosnia and Herzegovina", ""),
        ("List of twin towns and sister cities in Europe", "", ""),
        ("Liste der Städtepartnerschaften in Polen", "Polen", ""),
        ("", "", ""),
    ],
)
def test_the_title_of_a_list_names_a_country_or_a_state(title: str, country: str, region: str):
    found = about(title)
    assert (found.is_list, found.country, found.region) == (True, country, region)


def test_any_other_title_is_a_place():
    found = about("Portland, Maine")
    assert found.holder is not None
    assert (found.holder.name, found.holder.region) == ("Portland", "Maine")
    assert found.holder.target == "Portland, Maine"
    assert not found.is_whole


def test_a_page_on_the_ties_of_one_place_is_read_whole():
    found = about("Sister cities of Kobe")
    assert found.holder is not None
    assert (found.holder.name, found.holder.target, found.is_whole) == ("Kobe", "", True)


def test_links_become_ids_of_their_wikipedia():
    assert about("Bonn").id_of("Lyon") == "enwiki:Lyon"
    assert about("Bonn").id_of("de:Lyon") == "dewiki:Lyon"
    assert about("Bonn").id_of("") is None


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("List_of_twin_towns_in_Germany.wiki", "wikitext"),
        ("magadan_ru.wiki", "wikitext"),
        ("Springfield.wiki", "wikitext"),
        ("List_of_sister_cities_in_Maine.html", "html"),
    ],
)
def test_the_form_of_a_page_is_recognised(pages: Path, name: str, form: str):
    assert detect(pages / name) == form


@pytest.mark.parametrize("text", ["place_a,place_b\nBonn,Opole\n", '{"a": 1}', "", "\0[[a]]\n*"])
def test_what_is_no_page_has_no_form(tmp_path: Path, text: str):
    path = tmp_path / "file"
    path.write_text(text, encoding="utf-8")
    assert detect(path) is None
