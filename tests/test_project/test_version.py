"""One version, named the same wherever it is named."""

import re
from importlib import metadata
from pathlib import Path

import pytest

import ties


@pytest.fixture
def version() -> str:
    return ties.__version__


def test_the_citation_names_the_version(checkout: Path, version: str):
    citation = (checkout / "CITATION.cff").read_text("utf-8")
    assert set(re.findall(r"(?m)^\s*version: (\S+)$", citation)) == {version}


def test_the_citation_names_the_sources_of_the_data(checkout: Path):
    citation = (checkout / "CITATION.cff").read_text("utf-8")
    assert [
        name for name in ("GeoNames", "Natural Earth", "us-russia") if name not in citation
    ] == []


def test_the_changelog_has_the_version_with_its_three_parts(checkout: Path, version: str):
    entries = re.split(r"(?m)^## ", (checkout / "CHANGELOG.md").read_text("utf-8"))
    entry = next(entry for entry in entries if entry.startswith(version))
    assert re.findall(r"(?m)^### (\w+)$", entry) == ["Data", "Schema", "Code"]


def test_the_commit_hooks_run_what_make_check_runs(checkout: Path):
    verb = re.search(r"(?m)^check:.*\n((?:\t.*\n)+)", (checkout / "Makefile").read_text("utf-8"))
    hooks = (checkout / ".pre-commit-config.yaml").read_text("utf-8")
    commands = verb[1].replace("$(BIN)", ".venv/bin").split("\n\t")
    assert re.findall(r"entry: (.+)", hooks) == [command.strip() for command in commands]


def test_the_installed_package_has_the_version(version: str):
    assert metadata.version("twin-ties") == version
