"""Write docs/compatibility.md from what compat/versions.py and compat/determinism.py measured."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RESULTS = HERE / "results"
PAGE = HERE.parent / "docs" / "compatibility.md"

TEMPLATE = """\
# Compatibility

What the package was run with. `make compat` measures it and writes this page; it is no part of
`make test`, which takes the locked versions.

Measured on {versions_on}. *Oldest* has the lowest version of every library that `pyproject.toml`
admits, of the core and of the extras; *newest* has the highest that there is, without the lock.
*All* tests are those of the package with its extras, the examples in its docstrings, and the
snippets of the README and of the documentation; left out are the browser, the site and the wheel,
and reports and notebooks run whole. *Short* is the examples, the README, and the tests of reading,
figures and exports.

{versions}

{core}

{told}A deprecation warning is an error in these runs, as it is in the suite, when our own code
causes it. Those that one library gets from another are not ours: the oldest typer is warned by the
newest click, and the oldest edtf and matplotlib by the newest pyparsing.
{determinism}"""
DETERMINISM = """
## The same bytes, whatever surrounds it

`make determinism` makes everything that is made of the bundled record once in plain
circumstances, and again with one thing changed at a time: the time zone, the language, the seed of
hashes, the threads, the order of the rows, the mask of new files, the folder with the home and the
user. Measured on {measured_on}; a number is how many files differed from the plain run.

{rows}

The manifest of a report holds checksums of the files that were read, so it follows the order of
their rows, and is compared without them. Of exports that hold the tables as they are, the rows are
compared. A merge numbers the rows of its inputs; compared is the record that it makes. `make test`
changes everything at once, and compares all of these and the report.
"""


def keep_versions(
    rows: Iterable[dict[str, Any]], absent: dict[str, bool], order: list[str], measured_on: str
) -> None:
    """Put what was measured in some environments beside what was measured in others."""
    earlier = _read("versions") if (RESULTS / "versions.json").exists() else {}
    known = {row["name"]: row for row in earlier.get("rows", [])}
    known |= {row["name"]: row | {"measured_on": measured_on} for row in rows}
    ran = sorted((row for row in known.values() if row["name"] in order), key=_place(order))
    pythons = {row["name"].partition("-")[2] for row in ran}
    absent = {python: has for python, has in absent.items() if python not in pythons}
    _keep("versions", {"rows": ran, "absent": absent})


def _place(order: list[str]) -> Callable[[dict[str, Any]], int]:
    return lambda row: order.index(row["name"])


def _keep(name: str, told: dict[str, Any]) -> None:
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(told, indent=1, ensure_ascii=False) + "\n"
    (RESULTS / f"{name}.json").write_text(text, "utf-8")
    write()


def write() -> None:
    """Write the page from the results that there are."""
    versions = _read("versions")
    text = TEMPLATE.format(
        versions_on=_days(versions["rows"]),
        versions=versions_table(versions["rows"]),
        core=_core_table(versions["rows"]),
        told=_absent(versions["absent"]),
        determinism=_determinism(),
    )
    PAGE.write_text(text, "utf-8")


def keep_determinism(
    rows: dict[str, dict[str, list[str]]], files: dict[str, int], measured_on: str
) -> None:
    """Put the files that differed, by what was changed and by product, on the page."""
    _keep("determinism", {"measured_on": measured_on, "files": files, "differing": rows})


def _determinism() -> str:
    if not (RESULTS / "determinism.json").exists():
        return ""
    told = _read("determinism")
    header = ["changed", *(f"{name} ({n:,} files)" for name, n in told["files"].items())]
    lines = [
        [changed, *(str(len(found[name])) if name in found else "" for name in told["files"])]
        for changed, found in told["differing"].items()
    ]
    rows = table(header, lines, 1)
    return DETERMINISM.format(measured_on=told["measured_on"], rows=rows)


def _days(told: Iterable[dict[str, Any]]) -> str:
    return " and ".join(sorted({each["measured_on"] for each in told}))


def versions_table(rows: Sequence[dict[str, Any]]) -> str:
    """Give a line an environment: what passed in it, and what did not."""
    lines = []
    for row in rows:
        if "not_installed" in row:
            said = "not installed: " + " ".join(row["not_installed"])
            lines.append([row["name"], "", said, "", "", "", ""])
        else:
            counts = [f"{row[kind]:,}" for kind in ("passed", "failed", "skipped")]
            lines.append([row["name"], row["python"], row["tests"], *counts, str(row["seconds"])])
    header = ["environment", "Python", "tests", "passed", "failed", "skipped", "seconds"]
    return table(header, lines, 3)


def _core_table(rows: Sequence[dict[str, Any]]) -> str:
    ran = [row for row in rows if "versions" in row]
    names = ran[0]["versions"] if ran else {}
    lines = [[name, *(row["versions"][name] for row in ran)] for name in names]
    return table(["core library", *(row["name"] for row in ran)], lines, 1 + len(ran))


def _absent(absent: dict[str, bool]) -> str:
    found = {True: "its libraries have wheels for it", False: "its libraries lack a wheel for it"}
    lines = [
        f"- Python {python}: no interpreter was to be had, so **nothing was run**; {found[wheels]}."
        for python, wheels in absent.items()
    ]
    return "\n".join([*lines, "", ""]) if lines else ""


def table(header: Sequence[str], lines: Iterable[Sequence[str]], n_text: int) -> str:
    """Give a table in Markdown; columns after the first `n_text` are numbers."""
    rule = ["---"] * n_text + ["---:"] * (len(header) - n_text)
    return "\n".join("| " + " | ".join(line) + " |" for line in (header, rule, *lines))


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((RESULTS / f"{name}.json").read_text("utf-8"))
    return found


if __name__ == "__main__":
    write()
