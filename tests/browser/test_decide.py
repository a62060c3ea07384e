"""The page of `ties decide` in a browser: decided by keyboard and mouse, saved, and read back."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from ties.explore.decide import decide_page
from ties.merge.undecided import EVIDENCE, PLACE
from ties.places.decisions import COLUMNS, no_decisions, read_decisions

pytestmark = pytest.mark.slow

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
HOSTILE = "=<img src=x onerror=alert(1)>"
NAMES = pd.DataFrame(
    [
        {
            "name": "Portland",
            "country": "US",
            "partner": "Tver",
            "place_key": key,
            "place": "Portland",
        }
        | {"latitude": y, "longitude": x, "open": "ambiguous", "place_country": "US"}
        for key, y, x in (("us-me-portland", 43.66, -70.26), ("us-or-portland", 45.52, -122.68))
    ]
    + [{"name": HOSTILE, "country": "DE", "country_code": "DE", "open": "unfound", "reasons": "?"}],
    columns=[*COLUMNS, *EVIDENCE, *PLACE],
)


@pytest.fixture
def show(browser, tmp_path):
    wrong, contexts = [], []

    def open_page(size=(1280, 900), scheme="light"):
        earlier = no_decisions()
        earlier.loc[0] = ["Ulm", "DE", None, None, "x", None, None, "2026", "why, and so"]
        path = tmp_path / "decide.html"
        path.write_text(decide_page(NAMES, earlier, "our <list>"), encoding="utf-8")
        view = {"width": size[0], "height": size[1]}
        context = browser.new_context(viewport=view, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: wrong.append(said.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda asked: asked.url.startswith("http") and wrong.append(asked.url))
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-ready=yes]")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


def saved(page):
    with page.expect_download() as awaited:
        page.keyboard.press("s")
    return read_decisions(awaited.value.path()).set_index("name")


def test_what_is_chosen_by_keys_is_saved_as_a_file_of_decisions(show):
    page = show()
    page.keyboard.press("2")
    page.fill("#reason", 'the mayor said "Oregon", in 1990')
    page.locator("#next").click()
    page.keyboard.press("0")
    page.locator("#map").click(position={"x": 300, "y": 200})
    found = saved(page)
    assert page.inner_text("#progress") == "2 of 2 names decided"
    assert found.index.tolist() == ["Ulm", "Portland", HOSTILE]
    portland = found.loc["Portland"]
    assert (portland["place_key"], portland["partner"]) == ("us-or-portland", "Tver")
    assert portland["reason"] == 'the mayor said "Oregon", in 1990'
    assert (portland["latitude"], portland["longitude"]) == (45.52, -122.68)
    assert pd.isna(found.loc[HOSTILE, "place_key"])
    assert abs(found.loc[HOSTILE, "latitude"]) <= 90


def test_what_is_left_open_is_not_saved_and_a_mark_on_the_map_chooses(show):
    page = show()
    page.locator("#map g").first.click()
    assert page.inner_text("#progress") == "1 of 2 names decided"
    page.keyboard.press("u")
    page.keyboard.press("7")
    assert saved(page).index.tolist() == ["Ulm"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(390, 844), (1280, 900), (2560, 1440)])
def test_it_fits_any_screen_and_passes_the_audit_of_axe(show, size, scheme):
    page = show(size, scheme)
    page.keyboard.press("1")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
