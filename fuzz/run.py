"""Fuzz the parsers, one or all, with coverage as the guide.

One target, with the options of libFuzzer:

    python fuzz/run.py --only wikitext -- -max_total_time=60

All, each in a process of its own; printed is the table of docs/fuzzing.md:

    python fuzz/run.py --seconds 120

Inputs that reach new code are kept in fuzz/corpus (the smallest of them), findings in
fuzz/findings.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import atheris

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
FINDINGS = HERE / "findings"
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


def run(name: str, seconds: int, seeds: tuple[str | bytes, ...]) -> str:
    """Fuzz one target in a process of its own; return its row of the table."""
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
    edges, features = coverage[-1] if coverage else (0, 0)
    kept = len([*(CORPUS / name).glob("*")])
    numbers = (int(executed[1]) if executed else 0, int(edges), int(features), kept, len(found))
    return f"| {name} | " + " | ".join(f"{number:,}" for number in numbers) + " |"


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


def main() -> None:
    """Fuzz one target, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("options", nargs="*")
    asked = parser.parse_args()
    if asked.only:
        fuzz(asked.only, asked.options)
        return
    from targets import SEEDS

    print("| Parser | Inputs | Edges reached | Features | Inputs kept | Findings |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, seeds in SEEDS.items():
        print(run(name, asked.seconds, seeds), flush=True)


if __name__ == "__main__":
    main()
