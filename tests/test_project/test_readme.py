"""What the README shows runs, and what it names exists."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path


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
