"""Commands stopped by a signal at every step that they take on a disk, each time in a new process.

`python stopping.py PLACE < jobs.json` runs each job in copies of the folder PLACE: its command to
the end, so that there is an earlier result; then, with the inputs changed, once to count its
steps, and stopped at each of them (at an even sample, the first and the last among them), and after
each stop once more to the end. A step is a file that is opened, made, moved or removed below the
place. The packages are loaded once and each run is a fork, so that a stop costs what the command
does and no more.

A job has a ``command`` (words), ``stops`` (of each signal, how many at most) and ``changes`` of
inputs (file, old text, new text). Printed is JSON, by the name of each job: the files ``before`` it
ran anew, the ``whole`` run, and its ``stops`` by signal.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

STEPS = ("open", "os.", "shutil.", "ctypes.dlsym")


def run(arguments: list[str], place: Path, number: int = 0, stop_at: int = 0) -> dict[str, Any]:
    """Run a command in a folder, to its end or to a step; give its exit code and what it said."""
    said = place.with_suffix(".said")
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        _become(arguments, place, said, write_end, number, stop_at)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        n_steps = len(pipe.read())
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    text = said.read_text(errors="replace")
    return {"code": code, "n_steps": n_steps, "said": text, "files": digests(place)}


def _become(
    arguments: list[str], place: Path, said: Path, steps: int, number: int, stop_at: int
) -> None:
    """Be the command, in a process of its own."""
    with said.open("wb") as out:
        os.dup2(out.fileno(), 2)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.chdir(place)
    sys.argv = ["ties", *arguments]
    here, n_steps = str(place), 0

    def count(event: str, values: tuple[Any, ...]) -> None:
        nonlocal n_steps
        if not event.startswith(STEPS):
            return
        if event != "ctypes.dlsym" and not any(here in str(value) for value in values):
            return
        n_steps += 1
        os.write(steps, b".")
        if n_steps == stop_at:
            os.kill(os.getpid(), number)

    code = 1
    try:
        from ties.__main__ import main

        sys.addaudithook(count)
        main()
        code = 0
    except SystemExit as ended:
        code = int(ended.code or 0)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(code)


def digests(folder: Path) -> dict[str, str]:
    """Give the digest of every file of a folder, hidden ones too, and name those that are empty."""
    return {
        path.relative_to(folder).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file() or not any(path.iterdir())
    }


def sample(n_steps: int, at_most: int) -> list[int]:
    """Give steps from the first to the last, evenly; if one is wanted, the one in the middle."""
    n = min(n_steps, at_most)
    if n == 1:
        return [(n_steps + 1) // 2]
    return sorted({1 + round(i * (n_steps - 1) / (n - 1)) for i in range(n)})


def stops(job: dict[str, Any], place: Path, home: Path) -> dict[str, Any]:
    """Do one job in a folder of its own."""
    command = job["command"]
    base = _fresh(place, home / "base")
    _to_its_end(command, base)
    for name, old, new in job["changes"]:
        text = (base / name).read_text("utf-8")
        assert old in text, f"{old!r} is not in {name}"
        (base / name).write_text(text.replace(old, new), "utf-8")
    whole = _to_its_end(command, _fresh(base, home / "whole"))
    found: dict[str, list[dict[str, Any]]] = {}
    for number, at_most in job["stops"].items():
        found[number] = []
        for step in sample(whole["n_steps"], at_most):
            copy = _fresh(base, home / f"{number}-{step}")
            stopped = run(command, copy, int(number), step)
            found[number].append({"step": step, "stopped": stopped, "again": run(command, copy)})
    return {"before": digests(base), "whole": whole, "stops": found}


def _to_its_end(command: list[str], place: Path) -> dict[str, Any]:
    done = run(command, place)
    if done["code"]:
        raise SystemExit(f"{command}: {done['said']}")
    return done


def _fresh(place: Path, copy: Path) -> Path:
    shutil.copytree(place, copy, symlinks=True)
    return copy


def warm(place: Path) -> None:
    """Load and build once whatever the first reading of a record loads and builds."""
    import ties
    import ties.build
    import ties.cli
    import ties.explore
    import ties.export.workbook
    import ties.figures
    import ties.merge.import_source
    import ties.merge.merge_sources
    import ties.report.record

    record = ties.read(place / "record")
    ties.build.build_tables(record)
    ties.figures.draw("formation", record)


def main() -> None:
    """Do what the module says."""
    # One that was started in the background is deaf to Ctrl-C, and so would be what it runs.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    place, jobs = Path(sys.argv[1]), json.load(sys.stdin)
    warm(place)
    with tempfile.TemporaryDirectory() as home:
        told = {}
        for name, job in jobs.items():
            (Path(home) / name).mkdir()
            told[name] = stops(job, place, Path(home) / name)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
