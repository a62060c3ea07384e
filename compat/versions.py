"""Run the tests with the oldest and the newest libraries that are admitted, on every Python.

    make compat                   the Pythons that are here; says which are not
    python compat/versions.py --only oldest-3.11

Each environment is made anew under build/compat. The two ends run all tests, those between them a
short list; left out is what tries the project rather than the package: the browser, the site, the
wheel. Writes compat/results/versions.json and docs/compatibility.md; of environments that were not
asked for, what was measured earlier stays.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import time
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import interpreters
import page

TOP = Path(__file__).resolve().parents[1]
WORK = TOP / "build" / "compat"
EXTRAS = ("report", "import", "gazetteer", "export", "widgets", "dask")
# Of the tools of development, those that tests of the package import.
TOOLS = ("pytest", "hypothesis", "msoffcrypto-tool", "duckdb", "frictionless", "csvw")
# What a change of a library shows in first: the examples in docstrings, with what they print; the
# README; reading, figures and exports. The Pythons between the oldest and the newest get these.
SHORT = (
    "src",
    "tests/test_project/test_readme.py",
    "tests/io/test_folder.py",
    "tests/io/test_parquet.py",
    "tests/io/test_workbook.py",
    "tests/figures",
    "tests/export",
)
# The browser, and reports and notebooks run whole, which take longer than all else together.
LEFT_OUT = ("tests/browser", "tests/report/test_report.py", "tests/notebooks")
MARKS = "not package and not notebook"
# A warning is an error, as in the suite, when our own code causes it. Old libraries are warned
# by new ones that they will stop to work; that is between them.
WARNINGS = r"""
error
ignore::DeprecationWarning
ignore::PendingDeprecationWarning
ignore::FutureWarning
error::DeprecationWarning:ties\.
error::PendingDeprecationWarning:ties\.
error::FutureWarning:ties\.
"""


@dataclass(frozen=True)
class Environment:
    """A Python and which of the admitted versions of the libraries it gets."""

    versions: str  # oldest or newest
    python: str

    @property
    def is_end(self) -> bool:
        """Whether it is one of the two ends, where all tests are run."""
        return self.versions == "oldest" or self.python == interpreters.PYTHONS[-1]

    @property
    def name(self) -> str:
        """Name it as on the page: oldest-3.11."""
        return f"{self.versions}-{self.python}"


ENVIRONMENTS = [
    Environment("oldest", interpreters.PYTHONS[0]),
    *(Environment("newest", python) for python in interpreters.PYTHONS),
]


def try_out(environment: Environment, interpreter: Path, uv: str, short: bool) -> dict[str, Any]:
    """Make an environment, run the tests in it, and tell what came of it."""
    is_short = short or not environment.is_end
    began = time.monotonic()
    folder = WORK / environment.name
    shutil.rmtree(folder, ignore_errors=True)
    try:
        _install(environment, interpreter, folder, uv)
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().splitlines()
        return {"name": environment.name, "not_installed": said[:3]}
    python = folder / "bin" / "python"
    return {
        "name": environment.name,
        "python": _output(python, "import platform; print(platform.python_version())"),
        "versions": json.loads(_output(python, _VERSIONS, *core())),
        "tests": "short" if is_short else "all",
        **_test(python, SHORT if is_short else (), WORK / f"{environment.name}.xml"),
        "seconds": round(time.monotonic() - began),
    }


_VERSIONS = """
import json, sys
from importlib.metadata import version
print(json.dumps({name: version(name) for name in sys.argv[1:]}))
"""


def _install(environment: Environment, interpreter: Path, folder: Path, uv: str) -> None:
    pins = WORK / f"{environment.name}.txt"
    chosen = "lowest-direct" if environment.versions == "oldest" else "highest"
    # No lock is asked, and no earlier choice.
    pins.unlink(missing_ok=True)
    extras = [word for extra in EXTRAS for word in ("--extra", extra)]
    python = ["--python", folder / "bin" / "python"]
    # One library has an extension in C that it can do without, and no wheel for every Python.
    variables = {**os.environ, "WITH_EXTENSION": "0"}
    for command in (
        ["venv", "--python", interpreter, folder],
        ["pip", "compile", "pyproject.toml", *extras, "--resolution", chosen, *python, "-o", pins],
        ["pip", "install", *python, "-r", pins, *tools()],
        ["pip", "install", *python, "--no-deps", "--editable", "."],
    ):
        subprocess.run(
            [uv, *command, "--quiet"], cwd=TOP, env=variables, check=True, capture_output=True
        )


def _test(python: Path, paths: Iterable[str], results: Path) -> dict[str, Any]:
    ignored = [f"--ignore={path}" for path in LEFT_OUT]
    options = [*ignored, "-m", MARKS, "-o", f"filterwarnings={WARNINGS}", f"--junit-xml={results}"]
    results.unlink(missing_ok=True)
    with results.with_suffix(".log").open("wb") as log:
        subprocess.run(
            [
                python,
                "-m",
                "pytest",
                "-q",
                "-p",
                "no:cacheprovider",
                "--continue-on-collection-errors",
                *options,
                *paths,
            ],
            cwd=TOP,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            check=False,
        )
    suite = ET.parse(results).getroot().find("testsuite") if results.exists() else None
    if suite is None:
        told = f"pytest did not come to its end; see {results.with_suffix('.log').name}"
        return {"passed": 0, "failed": 1, "skipped": 0, "failures": [told]}
    counts = {name: int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")}
    n_failed = counts["failures"] + counts["errors"]
    return {
        "passed": counts["tests"] - n_failed - counts["skipped"],
        "failed": n_failed,
        "skipped": counts["skipped"],
        "failures": [
            f"{case.get('classname')}::{case.get('name')}"
            for case in suite.iter("testcase")
            if case.find("failure") is not None or case.find("error") is not None
        ],
    }


def resolves(python: str, uv: str) -> bool:
    """Tell whether there are wheels of the core libraries for a Python that is not here."""
    command = [uv, "pip", "compile", "pyproject.toml", "--quiet", "--upgrade"]
    command += ["--python-version", python, "--only-binary", ":all:", "--output-file", os.devnull]
    return subprocess.run(command, cwd=TOP, capture_output=True, check=False).returncode == 0


def core() -> list[str]:
    """Name the libraries that every installation has."""
    return [_name(line) for line in _project()["project"]["dependencies"]]


def tools() -> list[str]:
    """Give what the tests need beside the package, with its bounds."""
    return [line for line in _project()["dependency-groups"]["dev"] if _name(line) in TOOLS]


def _project() -> dict[str, Any]:
    return tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))


def _name(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0]


def _output(python: Path, code: str, *words: str) -> str:
    return subprocess.run(
        [python, "-c", code, *words], capture_output=True, text=True, check=True
    ).stdout.strip()


def main() -> int:
    """Run what was asked for, write the results and the page, and say what failed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--uv", default="uv", help="the program that makes environments")
    asked.add_argument("--measured-on", default="unknown", help="day to print on the page")
    asked.add_argument(
        "--only", nargs="*", metavar="NAME", help="environments, such as newest-3.12"
    )
    asked.add_argument("--short", action="store_true", help="the short list of tests everywhere")
    asked.add_argument("--at-once", type=int, default=2, help="environments at the same time")
    args = asked.parse_args()

    wanted = [e for e in ENVIRONMENTS if not args.only or e.name in args.only]
    found = {e.python: interpreters.find(e.python) for e in wanted}
    for python in (python for python, path in found.items() if path is None):
        print(f"no Python {python} here: nothing was run with it", flush=True)
    WORK.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(args.at_once) as pool:
        runs = [(e, path) for e in wanted if (path := found[e.python]) is not None]
        rows = list(pool.map(lambda run: try_out(*run, args.uv, args.short), runs))
    absent = {python: resolves(python, args.uv) for python, path in found.items() if path is None}
    page.keep_versions(rows, absent, [e.name for e in ENVIRONMENTS], args.measured_on)
    print(page.versions_table(rows))
    return int(any(row.get("failed", 1) for row in rows))


if __name__ == "__main__":
    raise SystemExit(main())
