"""The page as a file: one document, no network, nothing that runs but what was written into it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import tomllib
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pytest
from tests.factory import make_dataset
from tests.io.test_escape import HOSTILE
from typer.testing import CliRunner

import ties
from ties.cli import app
from ties.explore import decide, explorer_page, write_explorer
from ties.explore.page import MODULES, as_json, join_modules
from ties.figures.style import STATUS_COLOURS

ORIGINS = [
    *files("ties.explore").joinpath("vendor").iterdir(),
    *(Path(__file__).parents[1] / "browser" / "vendor").iterdir(),
]


class Elements(HTMLParser):
    """Collects the elements of a page, and the text of its scripts and styles."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.raw = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag in ("script", "style"):
            self.raw.append([tag, dict(attributes), ""])

    def handle_data(self, data):
        if self.cdata_elem:
            self.raw[-1][2] += data


@pytest.fixture(scope="module")
def page():
    return explorer_page(ties.load("us-russia"))


def test_the_same_record_gives_the_same_page(page):
    assert explorer_page(ties.load("us-russia")) == page


def test_the_page_needs_nothing_from_elsewhere(page):
    found = Elements(page).tags
    assert not [tag for tag, _ in found if tag in ("link", "iframe", "object", "base", "img")]
    assert not [a for _, a in found if "src" in a or "srcset" in a]
    assert not [name for _, a in found for name in a if name.startswith("on") or name == "style"]


def test_the_policy_allows_exactly_what_is_in_the_page(page):
    parsed = Elements(page)
    policy = next(a["content"] for tag, a in parsed.tags if "http-equiv" in a)
    rules = {words[0]: words[1:] for words in (part.split() for part in policy.split("; "))}
    assert rules["default-src"] == ["'none'"] and "connect-src" not in rules

    def hashes(tag):
        texts = [
            t for name, a, t in parsed.raw if name == tag and a.get("type") != "application/json"
        ]
        return [
            f"'sha256-{base64.b64encode(hashlib.sha256(t.encode()).digest()).decode()}'"
            for t in texts
        ]

    assert rules["script-src"] == hashes("script") and len(rules["script-src"]) == 3
    assert rules["style-src"] == hashes("style")


def test_no_text_of_a_record_can_leave_its_place():
    texts = [*HOSTILE, "{{script}}", "</script><script>alert(1)</script>", "]]>", "\u2028"]
    made = make_dataset([(f"t{i}", "1991", "founded", "both") for i in range(len(texts))])
    names = [texts[i // 2] for i in range(len(made.places))]
    hostile = replace(
        made,
        title="</title><script>alert(1)</script>{{record}}",
        places=made.places.assign(name=names),
        events=made.events.assign(summary=texts, actor=texts),
    )
    honest, attacked = (Elements(explorer_page(record)) for record in (made, hostile))
    assert [tag for tag, _ in attacked.tags] == [tag for tag, _ in honest.tags]
    record = next(text for _, a, text in attacked.raw if a.get("id") == "record")
    assert json.loads(record)["places"]["name"] == hostile.in_order().places["name"].tolist()


def test_json_holds_no_mark_that_html_reads():
    text = as_json({"a": "</script><!--&\u2028\u2029"})
    assert not set(text) & set("<>&\u2028\u2029")
    assert json.loads(text) == {"a": "</script><!--&\u2028\u2029"}


def test_a_module_stands_after_those_that_it_imports():
    with pytest.raises(ValueError, match=r"b\.js imports a, not yet there"):
        join_modules({"b": 'import { x } from "./a.js";', "a": "export const x = 1;"})


def test_every_module_is_in_the_page():
    folder = files("ties.explore").joinpath("page")
    on_disk = {
        path.name.removesuffix(".js") for path in folder.iterdir() if path.name.endswith(".js")
    }
    assert on_disk == {*MODULES, *decide.MODULES}


def test_no_module_makes_markup_of_text_or_runs_it():
    texts = [files("ties.explore").joinpath(f"page/{name}.js").read_text() for name in MODULES]
    unsafe = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|\.html\("
    )
    assert not re.findall(unsafe, "\n".join(texts))


@pytest.mark.parametrize(
    "origin", [p for p in ORIGINS if p.name.endswith(".toml")], ids=lambda p: p.name
)
def test_what_others_wrote_is_as_received(origin):
    said = tomllib.loads(origin.read_text(encoding="utf-8"))
    file = next(path for path in ORIGINS if path.name == said["file"])
    assert hashlib.sha256(file.read_bytes()).hexdigest() == said["sha256"]
    assert said["version"] in file.read_text(encoding="utf-8")[:600]


def test_each_status_has_a_colour_in_both_themes():
    style = files("ties.explore").joinpath("page/style.css").read_text(encoding="utf-8")
    for code in STATUS_COLOURS:
        assert len(re.findall(rf"--{code}: #[0-9a-f]{{6}};", style)) == 2


def test_a_page_is_written_whole(tmp_path, page):
    out = write_explorer(ties.load("us-russia"), tmp_path / "new" / "explore.html")
    assert out.read_text(encoding="utf-8") == page
    assert [path.name for path in out.parent.iterdir()] == ["explore.html"]


def test_the_command_writes_the_ties_of_two_countries(tmp_path):
    out = tmp_path / "pair.html"
    done = CliRunner().invoke(app, ["explore", "--between", "UA", "US", "-o", str(out)])
    assert done.exit_code == 0, done.output
    record = next(t for _, a, t in Elements(out.read_text("utf-8")).raw if a.get("id") == "record")
    # With the disputed one, which the page shows on request.
    own = ties.load("us-russia").subset_record("UA", "US").ties["tie_id"]
    assert len(own) and sorted(json.loads(record)["ties"]["id"]) == sorted(own)


def test_the_command_refuses_a_file_that_is_no_page(tmp_path):
    done = CliRunner().invoke(app, ["explore", "-o", str(tmp_path / "page.pdf")])
    assert done.exit_code == 2 and not list(tmp_path.iterdir())
