"""Fuzz the parsers, one or all, with coverage as the guide; write what was measured.

One target, with the options of libFuzzer:

    python fuzz/run.py --only wikitext -- -max_total_time=60

All, each in a process of its own, for so many seconds each:

    python fuzz/run.py --seconds 120 --measured-on 2026-11-24

Inputs that reach new code are kept in fuzz/corpus (the smallest of them), findings in
fuzz/findings.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import atheris

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
FINDINGS = HERE / "findings"
RESULTS = HERE / "results.json"
PAGE = HERE.parent / "docs" / "fuzzing.md"
MAX_LENGTH = 4096
MOST_KEPT = 15
_COVERAGE = re.compile(r"cov: (\d+) ft: (\d+)")
_EXECUTED = re.compile(r"stat::number_of_executed_units: (\d+)")


def fuzz(name: str, options: list[str]) -> None:
    """Fuzz one target until libFuzzer ends the process."""
    with atheris.instrument_imports(include=["ties"]):
        from targets import TARGETS

    atheris.Setup([sys.argv[0], *options], TARGETS[name])
    atheris.Fuzz()


def run(name: str, seconds: int, seeds: tuple[str | bytes, ...]) -> dict[str, Any]:
    """Fuzz one target in a process of its own, and say what came of it."""
    findings = FINDINGS / name
    with tempfile.TemporaryDirectory() as scratch:
        grown = Path(scratch)
        for number, seed in enumerate(seeds):
            content = seed.encode() if isinstance(seed, str) else seed
            (grown / f"seed-{number}").write_bytes(content)
        for kept in sorted((CORPUS / name).glob("*")):
            shutil.copy(kept, grown)
        findings.mkdir(parents=True, exist_ok=True)
        common = [f"-max_len={MAX_LENGTH}", "-timeout=20", "-rss_limit_mb=4096", "-seed=1"]
        done = child(
            name,
            [
                *common,
                f"-max_total_time={seconds}",
                f"-artifact_prefix={findings}/",
                "-print_final_stats=1",
                "-close_fd_mask=1",
                str(grown),
            ],
        )
        keep(name, grown)
    found = sorted(path.name for path in findings.iterdir())
    if not found:
        findings.rmdir()
    coverage = _COVERAGE.findall(done)
    executed = _EXECUTED.search(done)
    return {
        "target": name,
        "inputs": int(executed[1]) if executed else None,
        "edges": int(coverage[-1][0]) if coverage else None,
        "features": int(coverage[-1][1]) if coverage else None,
        "kept": len(list((CORPUS / name).glob("*"))),
        "findings": found,
    }


def keep(name: str, grown: Path) -> None:
    """Keep some of the inputs that reached new code: the smallest, within 8 kB."""
    shutil.rmtree(CORPUS / name, ignore_errors=True)
    (CORPUS / name).mkdir(parents=True)
    room = 8_192
    by_size = sorted(grown.iterdir(), key=lambda path: (path.stat().st_size, path.name))
    # Evenly from the smallest to the largest, or only the shallow ones would be kept.
    for path in by_size[:: max(len(by_size) // MOST_KEPT, 1)]:
        room -= path.stat().st_size
        if room < 0:
            break
        shutil.copy(path, CORPUS / name)


def child(name: str, options: list[str]) -> str:
    """Run this program on one target and give what it said."""
    command = [sys.executable, __file__, "--only", name, "--", *options]
    done = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace")
    return done.stderr


def document(told: dict[str, Any]) -> str:
    """Write what was measured as a page."""
    header = "| Parser | Inputs | Edges reached | Features | Inputs kept | Findings |"
    lines = [
        f"| {row['target']} | {row['inputs'] or 0:,} | {row['edges'] or 0:,} | "
        f"{row['features'] or 0:,} | {row['kept']} | {len(row['findings'])} |"
        for row in told["targets"]
    ]
    return TEXT.format(
        inputs=told["inputs"],
        seconds=told["seconds_each"],
        measured_on=told["measured_on"],
        python=told["python"],
        table="\n".join([header, "|---|---:|---:|---:|---:|---:|", *lines]),
    )


TEXT = """\
# Fuzzing

Whatever a file holds, a reader of it ends in a result in which every entry is accounted for, or in
one error in plain words: no traceback, no hang, no lost entry. [Atheris](https://github.com/google/atheris)
looks for inputs that break this, with the coverage of the code as its guide.

`make fuzz` gives every parser a minute. Measured on {measured_on} with Python {python}, {seconds}
seconds each, {inputs:,} inputs in all:

{table}

Short texts are quick to read and tables are not, so most inputs are of the former. An input is a
finding if it takes longer than 20 seconds or 4 GB. Some of those that reached new code are kept in
`fuzz/corpus` and are where the next run begins; a test reads each.

## What it found

Mended, each with a test:

- Dates with one digit of a month or day unspecified (`1988-1X`), and the 31st of June of a year
  that is not known to the digit (`200X-06-31`), ended in a traceback.
- Files of decisions (`ambiguous.csv`, `apart.csv`) in which a row has more cells than the header
  were read with every cell in the wrong column, or ended in a traceback.
"""


def main() -> None:
    """Fuzz one target, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--measured-on", default="")
    parser.add_argument("options", nargs="*")
    asked = parser.parse_args()
    if asked.only:
        fuzz(asked.only, asked.options)
        return
    from targets import SEEDS

    rows = []
    for name, seeds in SEEDS.items():
        rows.append(run(name, asked.seconds, seeds))
        print(rows[-1], flush=True)
    told = {
        "measured_on": asked.measured_on,
        "python": platform.python_version(),
        "seconds_each": asked.seconds,
        "inputs": sum(row["inputs"] or 0 for row in rows),
        "targets": rows,
    }
    RESULTS.write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    PAGE.write_text(document(told), "utf-8")


if __name__ == "__main__":
    main()
