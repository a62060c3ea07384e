"""A command stopped by a signal at every step that it takes on a disk, each time in a new process.

`python stopping.py SIGNAL AT_MOST PLACE ARGUMENT...` runs the command in copies of the folder
PLACE: once to count its steps, then stopped at each of them (at an even sample of AT_MOST, the
first and the last among them), and after each stop once more to its end. A step is a file that is
opened, made, moved or removed below the place. The packages are loaded once and each run is a fork,
so that a stop costs what the command does and no more. Printed is a JSON list, an entry a stop.
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
    """Give steps from the first to the last, evenly."""
    n = min(n_steps, at_most)
    return sorted({1 + round(i * (n_steps - 1) / max(n - 1, 1)) for i in range(n)})


def main() -> None:
    """Do what the module says."""
    number, at_most, place = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    arguments = sys.argv[4:]
    with tempfile.TemporaryDirectory() as home:
        whole = run(arguments, _fresh(place, Path(home) / "whole"))
        if whole["code"]:
            raise SystemExit(whole["said"])
        found = []
        for step in sample(whole["n_steps"], at_most):
            copy = _fresh(place, Path(home) / f"step-{step}")
            stopped = run(arguments, copy, number, step)
            again = run(arguments, copy)
            found.append({"step": step, "stopped": stopped, "again": again})
    print(json.dumps({"before": digests(place), "whole": whole, "stops": found}))


def _fresh(place: Path, copy: Path) -> Path:
    shutil.copytree(place, copy, symlinks=True)
    return copy


def warm(place: Path) -> None:
    """Load and build once whatever the first reading of a record loads and builds."""
    import ties
    import ties.build
    import ties.cli
    import ties.importing
    import ties.report.record

    ties.build.build_tables(ties.read(place / "record"))


if __name__ == "__main__":
    # One that was started in the background is deaf to Ctrl-C, and so would be what it runs.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    warm(Path(sys.argv[3]))
    main()
