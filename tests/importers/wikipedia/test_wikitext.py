"""Whole pages in wikitext: what each line says, and that none is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from ties.errors import UnreadableError
from ties.importers.statements import Reading
from ties.importers.wikipedia.wikitext import MAX_PAGE, read_wikitext

Write = Callable[..., Reading]


@pytest.fixture
def read(tmp_path: Path) -> Write:
    """Give a way to read a list for Germany, or whatever the options say."""

    def write(text: str, **options: str) -> Reading:
        path = tmp_path / "page.wiki"
        path.write_text(text, encoding="utf-8")
        if "title" not in options and "place_a" not in options:
            options["title"] = "List of twin towns and sister cities in Germany"
        return read_wikitext(path, **options)

    return write


def said(reading: Reading, name: str) -> pd.Series:
    """Give the one statement on a partner, what it does not say left out."""
    found = reading.statements[reading.statements["name_b"] == name]
    assert len(found) == 1, f"{len(found)} statements on {name}"
    return found.iloc[0].dropna()


def rules(reading: Reading) -> list[str]:
    return reading.rejected["rule"].tolist()


def test_a_european_list_is_read_whole(pages: Path):
    reading = read_wikitext(pages / "List_of_twin_towns_in_Germany.wiki")
    assert (reading.n_rows, len(reading.statements), len(reading.rejected)) == (24, 18, 9)
    assert reading.statements["country_a"].eq("Germany").all()
    reims = said(reading, "Reims")
    assert reims["name_a"] == "Aachen"
    assert reims["id_a"] == "enwiki:Aachen"
    assert (reims["founded"], reims["founded_text"]) == ("1967", "since 1967")
    assert reims["reference"] == "Partner of Aachen, https://example.org/aachen"
    assert reims["locator"] == "line 9, section 'A'"


def test_an_own_reference_goes_before_that_of_the_place(pages: Path):
    reading = read_wikitext(pages / "List_of_twin_towns_in_Germany.wiki")
    own = said(reading, "Arlington County")
    assert own["reference"] == "Arlington, https://example.org/arlington"
    assert own["region_b"] == "Virginia"


def test_italics_mean_what_the_page_says_they_mean(pages: Path):
    reading = read_wikitext(pages / "List_of_twin_towns_in_Germany.wiki")
    tie = said(reading, "Kostroma")
    assert (tie["founded"], tie["ended"]) == ("2005", "2022")
    assert tie["status"].endswith("Ties in italics are no longer active.")
    assert tie["note"] == "set in italics"


def test_italics_without_a_legend_are_a_warning(read: Write):
    reading = read("'''[[Bonn]]'''\n* ''[[Pskov]], Russia''\n")
    assert "status" not in said(reading, "Pskov")
    assert reading.problems["rule"].tolist() == ["set_apart"]


def test_a_suspension_is_a_status_and_no_end(pages: Path):
    tie = said(read_wikitext(pages / "List_of_twin_towns_in_Germany.wiki"), "Minsk")
    assert (tie["founded"], tie["status"]) == ("1993", "suspended in 2022")
    assert "ended" not in tie


def test_a_sentence_that_names_a_pair_and_an_end_is_a_statement(pages: Path):
    tie = said(read_wikitext(pages / "List_of_twin_towns_in_Germany.wiki"), "Kaliningrad")
    assert (tie["name_a"], tie["country_b"], tie["ended"]) == ("Bonn", "Russia", "2022-03")
    assert "was terminated" in tie["status"]


def test_prose_never_becomes_a_place(pages: Path):
    reading = read_wikitext(pages / "List_of_twin_towns_in_Germany.wiki")
    assert sorted(rules(reading)) == [
        "network",
        "network",
        "network",
        "no_tie",
        "no_tie",
        "other_section",
        "prose",
        "several_uncertain",
        "unmarked_text",
    ]


def test_a_network_ties_no_two_of_its_members(pages: Path):
    reading = read_wikitext(pages / "List_of_twin_towns_in_Germany.wiki")
    assert not reading.statements["name_b"].isin(["Agros", "Altea"]).any()
    assert said(reading, "Frontenhausen")["name_a"] == "Bad Kötzting"


def test_several_partners_in_a_line_are_several_entries(pages: Path):
    reading = read_wikitext(pages / "List_of_twin_towns_in_Germany.wiki")
    berlin = reading.statements[reading.statements["name_a"] == "Berlin – Pankow"]
    names = ["Ashkelon", "Kołobrzeg", "Kiev", "Rivne", "Lyon", "Nice"]
    assert berlin["name_b"].tolist() == names
    assert berlin["row"].nunique() == 3
    assert said(reading, "Kiev")["id_b"] == "enwiki:Kyiv"


def test_a_country_behind_the_last_of_two_is_not_given_to_the_first(pages: Path):
    reading = read_wikitext(pages / "List_of_twin_towns_in_Germany.wiki")
    assert "country_b" not in said(reading, "Lyon")
    assert said(reading, "Nice")["country_b"] == "France"


def test_a_level_in_brackets_is_no_part_of_the_name(pages: Path):
    tie = said(read_wikitext(pages / "List_of_twin_towns_in_Germany.wiki"), "Gödöllő")
    assert (tie["name_a"], tie["level_a"]) == ("Aichach-Friedberg", "district")
    assert (tie["founded"], tie["founded_text"]) == ("1994-05-12", "signed on 12 May 1994")


def test_a_heading_of_former_ties_is_a_status(pages: Path):
    tie = said(read_wikitext(pages / "List_of_twin_towns_in_Germany.wiki"), "Volgograd")
    assert (tie["name_a"], tie["status"]) == ("Bonn", "Former twin towns")
    assert "kind" not in tie


def test_a_list_for_a_state_gives_country_and_region(pages: Path):
    reading = read_wikitext(pages / "List_of_sister_cities_in_Maine.wiki")
    assert (len(reading.statements), rules(reading)) == (8, ["prose"])
    assert reading.statements["country_a"].eq("United States").all()
    assert reading.statements["region_a"].eq("Maine").all()
    aomori = said(reading, "Aomori")
    assert (aomori["name_a"], aomori["kind"], aomori["founded"]) == (
        "Auburn",
        "friendship city",
        "1994",
    )
    assert said(reading, "Quanzhou")["kind"] == "Friendship cities"


def test_a_state_named_like_a_country_is_a_region_beside_a_flag(pages: Path):
    tie = said(read_wikitext(pages / "List_of_sister_cities_in_Maine.wiki"), "Savannah")
    assert (tie["country_b"], tie["region_b"]) == ("USA", "Georgia")


def test_named_references_are_found_where_they_are_defined(pages: Path):
    tie = said(read_wikitext(pages / "List_of_sister_cities_in_Maine.wiki"), "Cap-Haïtien")
    both = "Sisters, https://example.org/portland; City council, minutes of 1999."
    assert tie["reference"] == both


def test_a_link_behind_a_name_is_a_region_with_a_warning(pages: Path):
    reading = read_wikitext(pages / "List_of_sister_cities_in_Maine.wiki")
    tie = said(reading, "Shinagawa")
    assert (tie["region_b"], tie["country_b"]) == ("Tokyo", "Japan")
    assert tie["note"] == "old sister: Salford"
    assert reading.problems["rule"].tolist() == ["region_unsure"]


def test_a_russian_article_is_read_in_its_section_only(pages: Path):
    reading = read_wikitext(
        pages / "magadan_ru.wiki", title="Магадан", country_a="Россия", wiki="ruwiki"
    )
    assert (len(reading.statements), rules(reading)) == (7, ["prose"])
    anchorage = said(reading, "Анкоридж")
    assert (anchorage["country_b"], anchorage["founded"]) == ("США", "1991")
    assert anchorage["id_a"] == "ruwiki:Магадан"
    assert anchorage["reference"] == "Побратимы Магадана, https://example.org/magadan"
    assert said(reading, "Сибецу")["founded"] == "1993-07-12"
    assert said(reading, "Елгава")["status"] == "отношения приостановлены в 2022 году"
    assert said(reading, "Донецк")["ended"] == "2014"
    assert said(reading, "Йеллоунайф")["status"] == "Бывшие города-побратимы"
    assert said(reading, "Шуанъяшань")["country_b"] == "Китай"


def test_an_article_may_hold_columns_groups_and_a_table(pages: Path):
    reading = read_wikitext(pages / "Springfield.wiki", title="Springfield")
    assert (len(reading.statements), rules(reading)) == (6, ["prose", "merged_cells"])
    assert reading.statements["name_a"].eq("Springfield").all()
    assert said(reading, "Tralee")["founded"] == "1987"
    assert said(reading, "Takikawa")["country_b"] == "Japan"
    nowa = said(reading, "Nowa Sól")
    assert (nowa["kind"], nowa["founded_text"]) == ("Partner cities", "since 1995")
    assert said(reading, "Jena")["note"] == "Remarks: by letter"
    assert said(reading, "Guatapé")["founded"] == "2010~"


def test_hostile_markup_is_set_aside_line_by_line(pages: Path):
    reading = read_wikitext(pages / "hostile.wiki")
    assert reading.statements["name_b"].tolist() == ["Nested", "Lyon", "Seen", "Bern"]
    assert rules(reading) == [
        *["markup"] * 3,
        "not_a_place",
        "template",
        "several_uncertain",
        "empty",
        "prose",
        "unmarked_text",
        "comment",
    ]


@pytest.mark.parametrize(
    ("line", "founded", "ended"),
    [
        ("(since 1991)", "1991", None),
        ("(1991)", "1991", None),
        ("since [[1991]]", "1991", None),
        ("– 12 June 1991", "1991-06-12", None),
        ("(June 5, 1991)", "1991-06-05", None),
        ("(1987–2022)", "1987", "2022"),
        ("(1989–91)", "1989", "1991"),
        ("(1991–present)", "1991", None),
        ("(terminated in 2022)", None, "2022"),
        ("(until March 2022)", None, "2022-03"),
        ("(1985, ended 2001)", "1985", "2001"),
        ("(suspended in 2022)", None, None),
        ("(c. 1970)", "1970~", None),
        ("{{efn|Signed in 1999.}}", "1999", None),
    ],
)
def test_dates_behind_a_partner_are_read(
    read: Write, line: str, founded: str | None, ended: str | None
):
    tie = said(read(f"'''[[Bonn]]'''\n* [[Pskov]], Russia {line}\n"), "Pskov")
    assert (tie.get("founded"), tie.get("ended")) == (founded, ended)


def test_a_date_that_cannot_be_read_keeps_its_text_and_is_reported(read: Write):
    reading = read(
        "'''[[Bonn]]'''\n* [[Pskov]], Russia (1985, 31.02.1991)\n* [[Riga]] (30.02.1991)\n"
    )
    tie = said(reading, "Riga")
    assert "founded" not in tie
    assert tie["founded_text"] == "30.02.1991"
    assert "date_unread" in reading.problems["rule"].tolist()


@pytest.mark.parametrize(
    ("item", "names"),
    [
        ("{{flagicon|FRA}} [[Lyon]], {{flagicon|ITA}} [[Turin]]", ["Lyon", "Turin"]),
        ("[[Lyon]] {{flag|France}}, [[Turin]] {{flag|Italy}}", ["Lyon", "Turin"]),
        ("[[Lyon]]; [[Turin]]", ["Lyon", "Turin"]),
        ("[[Lyon]] / [[Turin]]", ["Lyon", "Turin"]),
        ("[[Lyon]], [[Nice]] and [[Metz]]", ["Lyon", "Nice", "Metz"]),
        ("France: [[Lyon]], [[Nice]]", ["Lyon", "Nice"]),
        ("[[Sarajevo]], Bosnia and Herzegovina", ["Sarajevo"]),
        ("[[Port of Spain]], [[Trinidad and Tobago]]", ["Port of Spain"]),
        ("[[Portland, Maine|Portland]], [[Maine]], [[United States]]", ["Portland"]),
        ("[[Pushkin]] (Saint Petersburg), Russia", ["Pushkin"]),
        ("City of [[Bath]], England", ["City of Bath"]),
        ("Lyon, France", ["Lyon"]),
        ("[[File:Flag of France.svg|20px]] [[Lyon]]", ["Lyon"]),
        ("{{nowrap|{{flagicon|FRA}} [[Lyon]], France}}", ["Lyon"]),
    ],
)
def test_the_markup_says_how_many_partners_there_are(read: Write, item: str, names: list[str]):
    reading = read(f"'''[[Bonn]]'''\n* {item}\n")
    assert reading.statements["name_b"].tolist() == names
    assert rules(reading) == []


@pytest.mark.parametrize(
    ("item", "rule"),
    [
        ("[[Lyon]], [[Nice]], [[Metz]]", "several_uncertain"),
        ("[[Lyon]]; Turin", "several_uncertain"),
        ("Lyon", "unmarked_text"),
        ("[[France]]", "not_a_place"),
        ("[[1967]]", "not_a_place"),
        ("[[Eurocities]]", "network"),
        ("{{Twin|Lyon}}", "template"),
        ("[[Lyon]] is where the mayor was born", "prose"),
        ("Bonn does not sign any twinning treaties.", "no_tie"),
        ("Vienna – as a general rule, Vienna is twinned to no other city", "no_tie"),
        ("", "empty"),
    ],
)
def test_what_is_no_partner_for_certain_is_set_aside(read: Write, item: str, rule: str):
    reading = read(f"'''[[Bonn]]'''\n* {item}\n")
    assert rules(reading) == [rule]
    assert reading.statements.empty
    assert reading.rejected["reason"].notna().all()


def test_an_item_under_no_place_is_set_aside(read: Write):
    assert rules(read("==A==\n* [[Lyon]], France\n")) == ["no_holder"]


def test_a_partner_below_a_partner_is_set_aside(read: Write):
    reading = read("'''[[Bonn]]'''\n* [[Lyon]], France\n** [[Oxford]], England\n")
    assert reading.statements["name_b"].tolist() == ["Lyon"]
    assert rules(reading) == ["nested_entry"]


def test_a_country_above_the_places_is_theirs(read: Write):
    text = "==Austria==\n===Linz===\n* [[Tampa, Florida|Tampa]], United States\n"
    tie = said(read(text, title="List of twin towns and sister cities in Europe"), "Tampa")
    assert (tie["name_a"], tie["country_a"], tie["region_b"]) == ("Linz", "Austria", "Florida")


def test_a_country_below_a_place_is_that_of_its_partners(read: Write):
    tie = said(read("'''[[Bonn]]'''\n'''France:'''\n* [[Lyon]]\n"), "Lyon")
    assert (tie["name_a"], tie["country_a"], tie["country_b"]) == ("Bonn", "Germany", "France")


def test_a_flag_that_contradicts_the_text_is_a_warning(read: Write):
    reading = read("'''[[Bonn]]'''\n* {{flagicon|FRA}} [[Turin]], Italy\n")
    assert said(reading, "Turin")["country_b"] == "Italy"
    assert reading.problems["rule"].tolist() == ["country_conflict"]


def test_a_heading_of_a_kind_of_place_is_no_region(read: Write):
    tie = said(read("==Cities and towns==\n'''[[Bonn]]'''\n* [[Lyon]], France\n"), "Lyon")
    assert "region_a" not in tie


def test_a_heading_taken_for_a_place_is_a_warning(read: Write):
    reading = read("==Bonn==\n* [[Lyon]], France\n* [[Riga]], Latvia\n")
    assert reading.statements["name_a"].tolist() == ["Bonn", "Bonn"]
    assert reading.problems["rule"].tolist() == ["heading_as_place"]
    assert read("==Overview==\nSome towns have partners.\n").problems.empty


def test_a_term_in_bold_at_the_top_is_no_place(read: Write):
    text = "'''Sister cities''' are places that have signed agreements.\n* [[Lyon]], France\n"
    assert rules(read(text)) == ["prose", "no_holder"]


def test_a_redirect_names_the_page_to_import(read: Write):
    with pytest.raises(UnreadableError, match="'Sister cities of Bonn'; import that page"):
        read("#REDIRECT [[Sister cities of Bonn]]")


def test_an_article_without_a_section_says_what_to_do(read: Write):
    with pytest.raises(UnreadableError, match="give its title"):
        read("==History==\n* [[Lyon]], France\n", title="Bonn")


def test_a_page_larger_than_a_page_can_be_is_refused(read: Write):
    with pytest.raises(UnreadableError, match="larger than"):
        read("x" * (MAX_PAGE + 1))


def test_a_template_may_span_lines(read: Write):
    tie = said(read("'''[[Bonn]]'''\n* {{flagicon\n|France\n}} [[Lyon]] (1999)\n"), "Lyon")
    assert (tie["country_b"], tie["founded"]) == ("France", "1999")
