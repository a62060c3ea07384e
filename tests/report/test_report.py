"""The report of the record: whole, short, self-contained, and the same in other circumstances."""

from __future__ import annotations

import json
import re

import pytest
from lxml import html
from tests.circumstances import (
    RECORD,
    all_at_once,
    comparable,
    contents,
    differing,
    make,
    make_languages,
)

import ties
from ties.claims.verdict import VERDICTS
from ties.io.writing import write_record
from ties.report import build_report, build_reports

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """The report, made here."""
    return build_report(RECORD, tmp_path_factory.mktemp("plain") / "report")


@pytest.fixture(scope="module")
def body(plain):
    """What the page says."""
    page = html.document_fromstring((plain / "index.html").read_text(encoding="utf-8"))
    for style in page.xpath("//style"):
        style.drop_tree()
    return page.find("body")


@pytest.fixture(scope="module")
def two_runs(plain, tmp_path_factory):
    """The report made here, and made by the command where everything is different."""
    scratch = tmp_path_factory.mktemp("circumstances")
    try:
        languages = make_languages(scratch / "languages")
    except FileNotFoundError:
        languages = {}
    make(["report"], all_at_once(languages), scratch, scratch / "other")
    return [plain, scratch / "other" / "report"]


def n_words(element):
    return len(element.text_content().split())


def test_the_sentence_its_source_and_four_verdicts_come_first(body):
    first = body.xpath(".//main/div[@class='first']")[0]
    assert "several dozen" in first.xpath(".//blockquote")[0].text_content()
    assert first.xpath(".//a[starts-with(@href, 'https://')]")
    verdicts = [item.text_content() for item in first.xpath(".//li")]
    assert len(verdicts) == 4
    words = [term.label for term in VERDICTS.values()]
    assert all(
        verdict.startswith(tuple(words)) and re.search(r"\d", verdict) for verdict in verdicts
    )
    assert len(first.xpath(".//img")) == 1


def test_the_page_and_each_answer_are_short(body):
    assert n_words(body) <= 9000
    sections = "How they formed", "How they declined", "Whether they came back"
    for name in sections:
        text = body.xpath(f".//h1[.='{name}']/following-sibling::p[1]")[0]
        assert text[0].tag == "strong" and n_words(text) <= 80
    for appendix in body.xpath(".//details"):
        appendix.drop_tree()
    assert n_words(body) <= 2500


def test_every_link_to_a_file_leads_to_one(plain):
    for page in ("index.html", "sources.html"):
        links = html.document_fromstring((plain / page).read_text("utf-8")).xpath("//a/@href")
        ours = [link for link in links if not link.startswith(("#", "http"))]
        assert ours and all((plain / link).is_file() for link in ours)


def test_every_source_is_listed_and_linked(plain):
    page = (plain / "sources.html").read_text("utf-8")
    sources = ties.load("us-russia").sources
    assert page.count("<li>") == len(sources)
    assert page.count('href="http') >= sources["url"].str.startswith("http").sum()


def test_a_picture_says_what_it_shows(body):
    for picture in body.xpath(".//img"):
        assert len(picture.get("alt").split()) > 8


def test_two_runs_give_the_same_bytes_though_everything_around_them_differs(two_runs):
    one, other = (comparable("report", contents(out)) for out in two_runs)
    assert differing(one, other) == []


def test_only_checksums_of_what_was_read_tell_the_order_of_its_rows(two_runs):
    one, other = (contents(out) for out in two_runs)
    assert differing(one, other) == ["manifest.json"]


def test_the_page_needs_nothing_from_elsewhere(plain):
    page = (plain / "index.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert not re.search(r'(?:src|rel="stylesheet"[^>]*href)="(?!data:)', page)
    assert 'name="viewport"' in page


def test_everything_is_there(plain):
    names = set(contents(plain))
    assert {"index.html", "report.pdf", "manifest.json"} <= names
    assert (plain / "report.pdf").read_bytes().startswith(b"%PDF")
    for kind in (".svg", ".png"):
        assert sum(name.startswith("figures/") and name.endswith(kind) for name in names) >= 6
    assert any(name.startswith("tables/") and name.endswith(".csv") for name in names)


def test_the_manifest_names_its_inputs_and_no_path_of_this_machine(plain):
    text = (plain / "manifest.json").read_text(encoding="utf-8")
    assert json.loads(text)
    assert "events.csv" in text and str(plain.parent) not in text


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """The reports of two small records and the page that compares them."""
    home = tmp_path_factory.mktemp("both")
    records = [home / "one", home / "other"]
    for folder in records:
        write_record(ties.load("us-russia").keep_ties(["portland-arkhangelsk"]), folder)
    build_reports([str(folder) for folder in records], home / "reports", compare_as_of=None)
    return home / "reports"


def test_reports_of_several_records_come_with_a_page_that_compares_them(both):
    assert sorted(path.name for path in both.iterdir()) == ["comparison", "one", "other"]
    page = html.document_fromstring((both / "comparison" / "index.html").read_text("utf-8"))
    links = [link for link in page.xpath("//a/@href") if not link.startswith("#")]
    assert {"../one/index.html", "../other/index.html"} <= set(links)
    assert all((both / "comparison" / link).is_file() for link in links)
    assert len(page.xpath("//main//img")) == 6
