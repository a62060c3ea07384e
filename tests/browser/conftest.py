"""A real browser for the tests that need one, and a page in it that must stay without errors."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import ties
from ties.explore import write_explorer

FLAGS = [
    "--no-sandbox",  # continuous integration runs as root, where there is none
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE = (1280, 900)


def _missing(what: str) -> None:
    """Skip, unless whoever runs the tests said that a browser is there."""
    reason = f"{what}: the tests in a browser need it (apt-get install chromium; pip: playwright)"
    if os.environ.get("TIES_NEEDS_BROWSER"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Give a headless Chromium: that of the environment variable CHROMIUM, else of the system."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        _missing("no Chromium here")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("playwright is not installed")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


class Explorer:
    """One page with a record in it, and what a reader does there."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def look(self, **choices: object) -> None:
        """Go to a view by its address, as somebody does who was sent a link."""
        wanted = "&".join(f"{name}={value}" for name, value in choices.items())
        self.page.evaluate(
            """text => new Promise(done => {
                if (location.hash.slice(1) === text) return done();
                addEventListener("hashchange", () => done(), { once: true });
                location.hash = text;
            })""",
            wanted,
        )

    def counts(self) -> dict[str, int]:
        """Read the number beside each status."""
        found = self.page.locator("#legend .count").all()
        return {
            one.get_attribute("id").removeprefix("count-"): int(one.inner_text().replace(",", ""))
            for one in found
        }

    def download(self, kind: str) -> Path:
        """Save what is shown, and give the file."""
        with self.page.expect_download() as awaited:
            self.page.click(f"#save-{kind}")
        path: Path = awaited.value.path()
        return path

    def table(self) -> pd.DataFrame:
        """Give the ties shown, as the page itself saves them."""
        text = self.download("csv").read_text(encoding="utf-8-sig")
        return pd.read_csv(StringIO(text), dtype="str", keep_default_na=False, na_values=[""])

    def names(self) -> list[str]:
        """Give the names in the rows of the list."""
        found: list[str] = self.page.locator("#rows th").all_inner_texts()
        return found

    def settle(self) -> None:
        """Wait until the address says what is shown."""
        self.page.wait_for_timeout(350)


Open = Callable[..., Explorer]


@pytest.fixture
def explore(browser: Any, tmp_path: Path) -> Iterator[Open]:
    """Give a way to open a record in the browser; any error on the page fails the test."""
    wrong: list[str] = []
    contexts = []

    def open_record(
        record: ties.Dataset | None = None,
        size: tuple[int, int] = WIDE,
        fragment: str = "",
        **more: Any,
    ) -> Explorer:
        path = write_explorer(record or ties.load("us-russia"), tmp_path / "explore.html")
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="en-GB", **more
        )
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda said: said.type in ("error", "warning") and wrong.append(said.text)
        )
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda asked: asked.url.startswith("http") and wrong.append(asked.url))
        page.on("dialog", lambda asked: (wrong.append(asked.message), asked.dismiss()))
        page.goto(path.as_uri() + fragment)
        page.wait_for_selector("html[data-ready=yes]", timeout=20_000)
        return Explorer(page)

    yield open_record
    for context in contexts:
        context.close()
    assert wrong == []
