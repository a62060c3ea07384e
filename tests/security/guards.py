"""Take away each guard that docs/security.md tells of, one at a time, and see that a test fails.

    make guards
    python -m tests.security.guards formulas workbook       those whose row or name holds a word

A copy of the checkout is changed, never the checkout itself. Ends with 1 if a guard can go and
nobody notices.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
# What the tests read.
COPIED = ("src", "tests", "data", "docs", "notebooks", "validation")
LONGEST = 1_200  # seconds


@dataclass(frozen=True)
class Guard:
    """A guard: its row of the page, where it stands, and what stands there without it."""

    row: str
    what: str
    file: str
    here: str
    instead: str
    tests: Sequence[str]

    def without(self, text: str) -> str:
        """Return the text of the file without the guard, which stands in it exactly once."""
        times = text.count(self.here)
        if times != 1:
            raise ValueError(f"{self.file} holds {self.what!r} {times} times, and not once")
        return text.replace(self.here, self.instead)

    def is_missed(self, copy: Path) -> bool:
        """Whether a test of the copy fails while the guard is gone."""
        path = copy / self.file
        text = path.read_text("utf-8")
        path.write_text(self.without(text), "utf-8")
        code = exit_code(copy, self.tests)
        path.write_text(text, "utf-8")
        told = {0: "NOT MISSED", 1: "missed"}.get(code, f"pytest ended with {code}")
        print(f"{told:>12}  {self.row}: {self.what}", flush=True)
        return code == 1


GUARDS = [
    Guard(**entry)
    for entry in tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["guard"]
]


def exit_code(copy: Path, tests: Sequence[str]) -> int:
    """Return the exit code of pytest at its first failure; 1 as well if it takes too long."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    own = {"PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1", "CI": "true"}
    try:
        return subprocess.run(
            command, cwd=copy, env=os.environ | own, capture_output=True, timeout=LONGEST
        ).returncode
    except subprocess.TimeoutExpired:
        return 1


def main() -> int:
    """Try all guards, or those that are named."""
    words = [word.casefold() for word in sys.argv[1:]]
    chosen = [
        guard
        for guard in GUARDS
        if not words or any(word in f"{guard.row} {guard.what}".casefold() for word in words)
    ]
    with tempfile.TemporaryDirectory() as home:
        copy = Path(home)
        shutil.copy(CHECKOUT / "pyproject.toml", copy)
        for part in COPIED:
            shutil.copytree(CHECKOUT / part, copy / part)
        if exit_code(copy, sorted({test for guard in chosen for test in guard.tests})):
            sys.exit("the tests fail with every guard in its place; see to that first")
        missed = [guard.is_missed(copy) for guard in chosen]
    print(f"{sum(missed)} of {len(chosen)} guards are missed when they are gone")
    return int(not all(missed))


if __name__ == "__main__":
    sys.exit(main())
