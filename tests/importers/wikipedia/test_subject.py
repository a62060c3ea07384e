"""Whose ties a page lists: by its title, by its headings, or because a person says it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ties.cli import app
from ties.errors import UnreadableError
from ties.importers.flat import read_flat
from ties.importers.wikipedia.html import read_html
from ties.importers.wikipedia.wikitext import read_wikitext

LIST = "<ul><li>Poreč (Croazia), 1982</li><li>Niepołomice (Polonia)</li></ul>"
ROWS = (
    "<table><tr><th>Stadt</th><th>Land</th><th>seit</th></tr>"
    "<tr><td><p>Opole</p></td><td rowspan='2'>Polen</td><td>1954</td></tr>"
    "<tr><td>Krakau<sup class='reference'>[1]</sup></td><td>1991</td></tr></table>"
)


def page(folder: Path, title: str, body: str) -> Path:
    path = folder / "page.html"
    html = f"<html><head><title>{title}</title></head><body>{body}</body></html>"
    path.write_text(html, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "title", ["Gemellaggi con Monselice - Comune di Monselice", "Our sister cities | Bonn"]
)
def test_a_title_of_a_site_is_no_place_and_the_advice_works(tmp_path: Path, title: str):
    path = page(tmp_path, title, f"<h1>{title}</h1>{LIST}")
    with pytest.raises(UnreadableError, match="say it with --place NAME"):
        read_html(path)
    found = read_html(path, place_a="Monselice", country_a="Italy").statements
    assert found[["name_a", "country_a"]].drop_duplicates().to_numpy().tolist() == [
        ["Monselice", "Italy"]
    ]
    assert found["name_b"].tolist() == ["Poreč", "Niepołomice"]
    assert found["country_b"].tolist() == ["Croazia", "Polonia"]


def test_headings_name_the_towns_of_a_page_on_many(tmp_path: Path):
    body = (
        "<h2>La Rochelle</h2><ul><li>Lübeck, Allemagne (depuis 1988)</li></ul>"
        "<h2>Rochefort</h2><ul><li>Torrelavega, Espagne</li></ul>"
    )
    reading = read_html(page(tmp_path, "Jumelage et coopération de la Charente-Maritime", body))
    pairs = reading.statements[["name_a", "name_b"]].to_numpy().tolist()
    assert pairs == [["La Rochelle", "Lübeck"], ["Rochefort", "Torrelavega"]]
    assert reading.problems["rule"].tolist() == ["heading_as_place"] * 2


def test_the_place_is_an_option_of_the_command(tmp_path: Path):
    path = page(tmp_path, "Gemellaggi - Comune di Monselice", LIST)
    words = ["import", str(path), "--place", "Monselice", "--country", "Italy"]
    out = CliRunner().invoke(app, [*words, "--out", str(tmp_path / "raw"), "--no-gazetteer"])
    assert out.exit_code == 0, out.output
    assert "2" in out.output


def test_an_article_without_a_section_is_read_whole_where_its_place_is_said(tmp_path: Path):
    path = tmp_path / "page.wiki"
    path.write_text("==Partners abroad of ours==\n* [[Lyon]], France\n", encoding="utf-8")
    found = read_wikitext(path, place_a="Bonn").statements
    assert found[["name_a", "name_b"]].to_numpy().tolist() == [["Bonn", "Lyon"]]


def test_a_table_on_the_page_of_a_city_names_its_partners(tmp_path: Path):
    found = read_html(page(tmp_path, "Bonn", "<h2>Partnerstädte</h2>" + ROWS)).statements
    assert found[["name_a", "name_b", "country_b", "founded"]].to_numpy().tolist() == [
        ["Bonn", "Opole", "Polen", "1954"],
        ["Bonn", "Krakau", "Polen", "1991"],
    ]


def test_a_table_whose_place_no_one_says_asks_for_it(tmp_path: Path):
    path = page(tmp_path, "Partnerstädte | Stadt Bonn", ROWS)
    with pytest.raises(UnreadableError, match="--place NAME"):
        read_html(path)
    assert len(read_html(path, place_a="Bonn").statements) == 2


def test_a_page_that_is_nothing_but_a_table_is_a_table(tmp_path: Path):
    rows = ROWS.replace("<th>Stadt", "<th>Partnerstadt").replace("<td>", "<td>")
    body = rows.replace("<tr>", "<tr><th>Ort</th>", 1).replace("<tr><td>", "<tr><td>Bonn</td><td>")
    path = page(tmp_path, "Liste", body)
    for reading in (read_html(path), read_flat(path)):
        found = reading.statements[["name_a", "name_b", "founded"]]
        assert found.to_numpy().tolist() == [["Bonn", "Opole", "1954"], ["Bonn", "Krakau", "1991"]]


def test_a_mapping_says_what_the_columns_of_a_table_mean(tmp_path: Path):
    body = (
        "<table><tr><th>현</th><th colspan='2'>교류지</th><th>일</th></tr>"
        "<tr><td>히로시마현</td><td>구레시</td><td>창원시</td><td>1999.10.12</td></tr></table>"
    )
    path = page(tmp_path, "x", body)
    with pytest.raises(UnreadableError, match="say in a mapping"):
        read_html(path)
    said = {"columns": {"#2": "name_a", "#3": "name_b", "일": "founded"}}
    found = read_html(path, mapping=said).statements
    assert found[["name_a", "name_b", "founded"]].to_numpy().tolist() == [
        ["구레시", "창원시", "1999-10-12"]
    ]
    with pytest.raises(UnreadableError, match=r"under \[constants\]"):
        read_html(path, mapping=said, country_a="Japan")
