"""The documentation builds without a warning, and what it shows runs."""

from __future__ import annotations

import doctest
import inspect
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import ties
from ties.cli import app

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md") if "record" not in path.parts)
COMMANDS = sorted(
    {
        command
        for page in PAGES
        for block in re.findall(r"```console\n(.*?)```", page.read_text("utf-8"), re.S)
        for command in re.findall(r"^\$ (.*)$", block, re.M)
    }
)
SLOW = ("ties report", "ties lab")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_python_of_a_page_runs(page, checkout, monkeypatch):
    monkeypatch.chdir(checkout)
    examples = doctest.DocTestParser().get_doctest(
        page.read_text("utf-8"), {}, page.name, str(page), 0
    )
    # A page tells one story from top to bottom, so a failure early on is a failure of it all.
    result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(examples)
    assert result.failed == 0


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith("ties")])
def test_a_command_of_a_page_runs(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    if command.startswith(SLOW):
        command += " --help"  # run whole by other tests; here: that its options exist
    result = CliRunner().invoke(app, shlex.split(command)[1:])
    assert result.exit_code == 0, result.output


def test_the_queries_of_the_page_on_exporting_run(tmp_path, monkeypatch):
    duckdb = pytest.importorskip("duckdb")
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(app, ["export", "parquet"]).exit_code == 0
    page = (DOCS / "how-to" / "export.md").read_text("utf-8")
    queries = re.findall(r"```sql\n(.*?)```", page, re.S)
    assert queries
    for query in queries:
        assert duckdb.sql(query).fetchall()


def test_other_commands_are_verbs_of_the_makefile(checkout):
    others = {c for c in COMMANDS if not c.startswith(("ties", "source"))}
    verbs = set(re.findall(r"^([a-z-]+):", (checkout / "Makefile").read_text("utf-8"), re.M))
    assert {c.removeprefix("make ") for c in others} <= verbs


def test_every_public_name_is_in_the_reference():
    reference = (DOCS / "reference" / "api.rst").read_text("utf-8")
    named = set(re.findall(r"auto(?:function|class|exception):: (\w+)$", reference, re.M))
    # Packages are described by what they hold.
    modules = {name for name in ties.__all__ if inspect.ismodule(getattr(ties, name))}
    assert set(ties.__all__) - modules - {"__version__"} <= named
    assert all(f":: ties.{name}" in reference for name in modules)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    out = tmp_path_factory.mktemp("site")
    subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", DOCS, out],
        check=True,
        capture_output=True,
        text=True,
    )
    return out


@pytest.mark.slow
def test_the_site_builds_without_a_warning_and_has_a_page_a_tie(site):
    pages = {path.stem for path in (site / "record" / "ties").glob("*.html")}
    assert pages == set(ties.load("us-russia").ties["tie_id"])


@pytest.mark.slow
def test_the_site_loads_nothing_from_elsewhere(site):
    loads = re.compile(
        r'<(?:script|img|iframe)[^>]+src="(https?:[^"]+)|<link[^>]+rel="stylesheet"[^>]+href="(https?:[^"]+)'
    )
    assert not [path.name for path in site.rglob("*.html") if loads.search(path.read_text("utf-8"))]
