"""One version, named the same wherever it is named."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest


@pytest.fixture
def version(checkout: Path) -> str:
    return tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))["project"]["version"]


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


def test_the_installed_package_has_the_version(version: str):
    assert metadata.version("ties") == version
