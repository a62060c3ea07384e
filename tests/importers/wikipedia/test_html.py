"""Whole pages in HTML: the same words mean the same as in wikitext."""

from __future__ import annotations

from pathlib import Path

import pytest

from ties.errors import UnreadableError
from ties.importers.statements import Reading
from ties.importers.wikipedia.html import read_html
from ties.importers.wikipedia.wikitext import read_wikitext

COLUMNS = ["name_a", "country_a", "region_a", "id_a", "name_b", "country_b", "founded", "status"]


def read(folder: Path, body: str) -> Reading:
    path = folder / "page.html"
    title = "List of sister cities in Maine - Wikipedia"
    path.write_text(f"<html><title>{title}</title><body>{body}</body></html>", encoding="utf-8")
    return read_html(path)


def test_a_page_in_html_is_read_whole(pages: Path):
    reading = read_html(pages / "List_of_sister_cities_in_Maine.html")
    assert (reading.n_rows, len(reading.statements)) == (10, 9)
    assert reading.rejected["rule"].tolist() == ["prose", "merged_cells"]
    assert reading.problems["rule"].tolist() == ["set_apart"]


def test_html_and_wikitext_of_one_list_say_the_same(pages: Path):
    shared = ["Aomori", "Arkhangelsk", "Cap-Haïtien", "Mytilene"]
    both = [
        read_wikitext(pages / "List_of_sister_cities_in_Maine.wiki"),
        read_html(pages / "List_of_sister_cities_in_Maine.html"),
    ]
    tables = [
        reading.statements.loc[reading.statements["name_b"].isin(shared), COLUMNS].reset_index(
            drop=True
        )
        for reading in both
    ]
    assert len(tables[0]) == len(shared)
    assert tables[0].equals(tables[1])


def test_marks_of_references_lead_to_what_they_cite(pages: Path):
    ties = read_html(pages / "List_of_sister_cities_in_Maine.html").statements.set_index("name_b")
    assert ties["reference"]["Arkhangelsk"] == "Sisters, https://example.org/portland"
    assert ties["reference"]["Cap-Haïtien"] == "City council, minutes of 1999."


def test_a_link_to_another_language_says_which(pages: Path):
    ties = read_html(pages / "List_of_sister_cities_in_Maine.html").statements.set_index("name_b")
    assert ties["id_b"]["Mytilene"] == "elwiki:Δ"
    assert ties["id_b"]["Cap-Haïtien"] == "enwiki:Cap-Haïtien"


def test_a_row_of_a_table_names_whose_partner_it_is(pages: Path):
    ties = read_html(pages / "List_of_sister_cities_in_Maine.html").statements.set_index("name_b")
    assert ties.loc["Harbin", ["name_a", "country_b", "founded"]].tolist() == [
        "Bangor",
        "China",
        "2000",
    ]


def test_menus_scripts_and_navigation_are_no_entries(pages: Path):
    reading = read_html(pages / "List_of_sister_cities_in_Maine.html")
    texts = " ".join(reading.rejected["text"].tolist() + reading.statements["name_b"].tolist())
    assert not any(word in texts for word in ("Main page", "Ohio", "edit", "[[No]]"))


def test_an_entity_that_reaches_for_a_file_stays_text(tmp_path: Path):
    path = tmp_path / "page.html"
    secret = tmp_path / "secret"
    secret.write_text("Lyon", encoding="utf-8")
    path.write_text(
        f'<!DOCTYPE html [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
        "<html><body><p><b>Bonn</b></p><ul><li>&x;, France</li></ul></body></html>",
        encoding="utf-8",
    )
    reading = read_html(path, title="List of twin towns in Germany")
    assert "Lyon" not in reading.statements["name_b"].tolist()


def test_a_page_that_the_parser_would_cut_off_is_refused(tmp_path: Path):
    deep = "<div>" * 300 + "</div>" * 300
    with pytest.raises(UnreadableError, match="cannot be read to its end"):
        read(tmp_path, deep + "<p><b>Bangor</b></p><ul><li><a href='/wiki/Lyon'>Lyon</a></li></ul>")


def test_what_lies_too_deep_is_set_aside(tmp_path: Path):
    deep = "<div>" * 230 + "<ul><li>Lyon, France</li></ul>" + "</div>" * 230
    reading = read(tmp_path, deep)
    assert reading.rejected["rule"].tolist() == ["markup"]


@pytest.mark.parametrize("content", [b"", b"   ", b"<!-- -->"])
def test_an_empty_file_is_refused_in_plain_words(tmp_path: Path, content: bytes):
    path = tmp_path / "page.html"
    path.write_bytes(content)
    with pytest.raises(UnreadableError, match="is not HTML"):
        read_html(path)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path):
    path = tmp_path / "page.html"
    path.write_bytes("<p>Zürich</p>".encode("latin-1"))
    with pytest.raises(UnreadableError, match="is not UTF-8"):
        read_html(path)
