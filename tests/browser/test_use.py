"""What a reader does on the page: filter, slide, search, share, keep; at any size, by keyboard."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from defusedxml import ElementTree
from PIL import Image

import ties

pytestmark = pytest.mark.slow

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '<img src=x onerror="alert(1)"></script><script>alert(2)</script>\u202egnp'


def shown(page) -> int:
    return sum(page.counts().values())


def test_a_box_hides_a_status_and_leaves_its_number(explore):
    page = explore()
    before = page.counts()
    assert before["suspended"] > 0
    page.page.uncheck("#status-suspended")
    page.settle()
    assert page.counts() == before
    assert "suspended" not in set(page.table()["status"])


def test_filters_narrow_and_start_over_undoes_them(explore):
    page = explore()
    n = len(page.table())
    page.page.select_option("#decade", "1980")
    page.settle()
    some = page.table()
    assert 0 < len(some) < n
    assert set(some["founding_decade"]) == {"1980"}
    page.page.click("#reset")
    page.settle()
    assert len(page.table()) == n


def test_the_slider_looks_from_the_end_of_a_year(explore):
    page = explore()
    page.page.evaluate(
        """() => { const year = document.getElementById("year"); year.value = 1995;
        year.dispatchEvent(new Event("input", { bubbles: true })); }"""
    )
    page.settle()
    table = ties.tie_table(ties.load("us-russia").without_disputed(), as_of="1995")
    assert len(page.table()) == int(table["status"].notna().sum())
    assert "1995" in page.page.inner_text("#year-shown")


def test_play_runs_through_the_years_and_stops_when_asked(explore):
    page = explore(fragment="#as_of=1990-12-31")
    page.page.click("#play")
    page.page.wait_for_timeout(2_500)
    page.page.click("#play")
    stopped = page.page.input_value("#year")
    assert int(stopped) > 1991
    page.page.wait_for_timeout(900)
    assert page.page.input_value("#year") == stopped


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Leningrad", "Saint Petersburg"),
        ("Архангельск", "Arkhangelsk"),
        ("Portland Maine", "Portland"),
        ("no such place", None),
    ],
)
def test_search_takes_any_name_that_a_place_bore(explore, asked, found):
    page = explore()
    page.page.fill("#q", asked)
    page.settle()
    names = page.names()
    assert any(found in name for name in names) if found else names == []
    assert bool(names) is bool(found)


def test_a_link_that_is_shared_shows_the_same(explore):
    page = explore()
    page.page.select_option("#decade", "1990")
    page.page.fill("#q", "Alaska")
    page.settle()
    address = page.page.evaluate("location.hash")
    other = explore(fragment=address)
    assert other.names() == page.names()
    assert other.page.input_value("#q") == "Alaska"


def test_an_address_full_of_nonsense_is_taken_as_no_choice(explore):
    page = explore(
        fragment="#as_of=yesterday&dormant_after=-3&decade=x&map=NaN,1,2&tie=nothing&status=all"
    )
    assert shown(page) == shown(explore())


def test_a_tie_is_opened_by_the_keyboard_and_shows_its_events_with_sources(explore):
    page = explore()
    page.page.fill("#q", "Portland Maine")
    page.settle()
    page.page.locator("#rows button").first.focus()
    page.page.keyboard.press("Enter")
    page.page.wait_for_selector("#detail-body ol.events li")
    links = page.page.locator("#detail-body a[href]").all()
    assert links
    assert {link.get_attribute("href").split(":")[0] for link in links} <= {"http", "https"}
    assert all("noopener" in (link.get_attribute("rel") or "") for link in links)


def test_pictures_are_saved_as_they_are_shown(explore):
    page = explore()
    svg = page.download("svg").read_text("utf-8")
    drawn = ElementTree.fromstring(svg)
    words = " ".join(drawn.itertext())
    assert "2026-11-29" in words and "Dormant" in words
    # A line goes to every tie, however few paths they are gathered in.
    assert "".join(path.get("d", "") for path in drawn.iter(f"{SVG}path")).count("M") > 150
    with Image.open(page.download("png")) as picture:
        assert min(picture.size) > 300
        assert len(picture.convert("RGB").getcolors(10_000_000)) > 20


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(320, 800), (1280, 900), (3840, 2160)], ids=str)
def test_it_fits_any_screen_and_passes_the_audit_of_axe(explore, size, scheme):
    page = explore(size=size, color_scheme=scheme)
    assert page.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    page.page.locator("#rows button").first.click()
    # The page forbids scripts from outside, so the audit comes in by the debugger.
    page.page.evaluate(AXE.read_text("utf-8"))
    found = page.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    serious = [v for v in found["violations"] if v["impact"] in ("serious", "critical")]
    told = [(v["id"], v["nodes"][0]["html"][:120]) for v in serious]
    assert told == []


def test_names_of_others_are_shown_as_text_and_run_nothing(explore):
    record = ties.load("us-russia")
    changed = replace(
        record,
        title=HOSTILE,
        places=record.places.assign(name=HOSTILE),
        events=record.events.assign(summary=HOSTILE),
        sources=record.sources.assign(title=HOSTILE, url="javascript:alert(3)"),
    )
    page = explore(changed)
    assert any("<img src=x" in name for name in page.names())
    page.page.locator("#rows button").first.click()
    page.page.wait_for_selector("#detail-body")
    assert page.page.locator("#detail-body img, #rows img").count() == 0
    assert page.page.locator("a[href^=javascript]").count() == 0


def test_what_is_saved_for_a_spreadsheet_runs_nothing(explore):
    record = ties.load("us-russia")
    changed = replace(record, places=record.places.assign(name="=HYPERLINK(1)"))
    text = explore(changed).download("csv").read_text("utf-8-sig")
    assert "'=HYPERLINK" in text
    assert ",=HYPERLINK" not in text


def test_the_record_lies_in_the_page_as_data(explore):
    page = explore()
    assert json.loads(page.page.inner_text("#record") or page.page.text_content("#record"))
