"""What the README shows runs, and what it names exists."""

from __future__ import annotations

import contextlib
import inspect
import io
import re
from pathlib import Path

import pytest
from validation.front import answer

from ties.importers import mapping


def test_the_python_of_the_readme_runs(checkout: Path):
    code = "\n".join(
        re.findall(r"```python\n(.*?)```", (checkout / "README.md").read_text("utf-8"), re.S)
    )
    names: dict[str, object] = {}
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(code, "README.md", "exec"), names)
    assert "Ties in force on paper" in out.getvalue()


def test_every_local_link_resolves(checkout: Path):
    for page in ("README.md", "CONTRIBUTING.md"):
        targets = re.findall(r"\]\(([^)#:]+)\)", (checkout / page).read_text("utf-8"))
        assert targets
        assert [t for t in targets if not (checkout / t).exists()] == []


def test_every_verb_that_is_named_is_in_the_makefile(checkout: Path):
    verbs = set(re.findall(r"^([a-z-]+):", (checkout / "Makefile").read_text("utf-8"), re.M))
    for page in ("README.md", "CONTRIBUTING.md"):
        named = set(re.findall(r"`?make ([a-z-]+)", (checkout / page).read_text("utf-8")))
        assert named <= verbs


@pytest.mark.slow
def test_the_answer_is_the_one_that_the_record_gives(checkout: Path):
    said = answer()
    assert "**" in said
    for page in ("README.md", "docs/index.md"):
        assert said in (checkout / page).read_text("utf-8"), "run: make front"


def test_each_key_of_a_mapping_is_documented():
    keys = set(inspect.signature(mapping.TableMapping).parameters)
    assert [key for key in keys if key not in (mapping.__doc__ or "")] == []
