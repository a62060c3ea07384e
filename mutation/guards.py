"""Take away each guard that docs/security.md tells of, one at a time, and see that a test fails.

    python mutation/guards.py
    python mutation/guards.py --only formulas workbook

The guards are listed in mutation/guards.toml. A copy of the checkout under build/guards is changed,
never the checkout itself. Ends with 1 if a guard can go and nobody notices.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from copying import CHECKOUT, copy_checkout

SCRATCH = CHECKOUT / "build" / "guards"
# What tests read; the notebooks and the page come with it.
COPIED = ("src", "tests", "data", "docs", "notebooks", "pyproject.toml")
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
        """Give the text of the file without the guard.

        Raises
        ------
        ValueError
            If the guard does not stand exactly once in the file.
        """
        times = text.count(self.here)
        if times != 1:
            raise ValueError(f"{self.file} holds {self.what!r} {times} times, and not once")
        return text.replace(self.here, self.instead)


def guards() -> list[Guard]:
    """Give all guards, in the order of the page."""
    text = Path(__file__).with_suffix(".toml").read_text("utf-8")
    return [Guard(**entry) for entry in tomllib.loads(text)["guard"]]


def main() -> None:
    """Try all guards, or those whose row or name holds a word."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", nargs="+", metavar="WORD", default=[""])
    words = parser.parse_args().only
    chosen = [
        guard
        for guard in guards()
        if any(word.casefold() in f"{guard.row} {guard.what}".casefold() for word in words)
    ]
    copy_checkout(SCRATCH, COPIED)
    tests = sorted({test for guard in chosen for test in guard.tests})
    if _run(tests):
        sys.exit("the tests fail with every guard in its place; see to that first")
    unnoticed = [guard for guard in chosen if not _is_noticed(guard)]
    print(f"{len(chosen) - len(unnoticed)} of {len(chosen)} guards are missed when they are gone")
    sys.exit(1 if unnoticed else 0)


def _is_noticed(guard: Guard) -> bool:
    path = SCRATCH / guard.file
    text = path.read_text("utf-8")
    path.write_text(guard.without(text), "utf-8")
    try:
        code = _run(guard.tests)
    finally:
        path.write_text(text, "utf-8")
    told = {0: "NOT MISSED", 1: "missed"}.get(code, f"pytest ended with {code}")
    print(f"{told:>12}  {guard.row}: {guard.what}", flush=True)
    return code == 1


def _run(tests: Sequence[str]) -> int:
    """Run tests until one fails; give the exit code of pytest, 1 as well if they take too long."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    own = {"PYTHONPATH": str(SCRATCH / "src"), "PYTHONDONTWRITEBYTECODE": "1", "CI": "true"}
    try:
        done = subprocess.run(
            command, cwd=SCRATCH, env=os.environ | own, capture_output=True, timeout=LONGEST
        )
    except subprocess.TimeoutExpired:
        return 1
    return done.returncode


if __name__ == "__main__":
    main()
