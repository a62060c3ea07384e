"""A command that is stopped at any moment leaves a whole result, and the next run works."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from tests.conftest import RECORD

STOPPING = Path(__file__).parents[1] / "stopping.py"
LIST = "city,country,partner,partner country,since\nBonn,DE,Opole,PL,1954\n"
# Of some thirty steps, the first and the last among them; STOPS=99 takes every one, in minutes.
N_STOPS = int(os.environ.get("STOPS", "3"))
COMMANDS = {
    "build": ["build", "--data", "record", "--out", "made/out"],
    "import": [
        *("import", "table", "list.csv", "--retrieved", "2026-02-08", "--out", "made"),
        *("--known", "record", "--no-gazetteer"),
    ],
}


@pytest.fixture
def place(tmp_path):
    """A folder with a record, a list, and whatever a command made there before."""
    home = tmp_path / "place"
    (home / "record").mkdir(parents=True)
    for name, text in RECORD.items():
        (home / "record" / name).write_text(text, encoding="utf-8")
    (home / "list.csv").write_text(LIST)
    return home


def stop(place, number, at_most, name):
    """Make a result, change what it is made from, and stop the command that makes it anew."""
    command = COMMANDS[name]
    subprocess.run([sys.executable, "-m", "ties", *command], cwd=place, check=True)
    (place / "list.csv").write_text(LIST.replace("1954", "1964"))
    events = place / "record" / "events.csv"
    events.write_text(events.read_text().replace("1991-06,", "1992-06,"))
    arguments = [sys.executable, STOPPING, str(int(number)), str(at_most), place, *command]
    done = subprocess.run(list(map(str, arguments)), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def visible(files):
    return {name: digest for name, digest in files.items() if "/." not in name}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_killed_at_any_step_leaves_the_old_result_or_the_new(place, name):
    found = stop(place, signal.SIGKILL, N_STOPS, name)
    old, new = found["before"], found["whole"]["files"]
    assert old != new and len(found["stops"]) == min(N_STOPS, found["whole"]["n_steps"])
    for each in found["stops"]:
        assert each["stopped"]["code"] == -signal.SIGKILL
        assert visible(each["stopped"]["files"]) in (old, new), each["step"]
        assert each["again"]["code"] == 0, each["again"]["said"]
        # Nothing is left of the run that was killed, not even what is hidden.
        assert each["again"]["files"] == new, each["step"]


@pytest.mark.parametrize(
    ("name", "number", "code"), [("build", signal.SIGINT, 130), ("import", signal.SIGTERM, 143)]
)
def test_a_command_that_is_interrupted_clears_up_and_says_so_in_a_word(place, name, number, code):
    found = stop(place, number, N_STOPS // 2 + 1, name)
    for each in found["stops"]:
        stopped = each["stopped"]
        assert stopped["code"] == code, (each["step"], stopped["said"])
        assert stopped["files"] in (found["before"], found["whole"]["files"]), each["step"]
        assert stopped["said"].splitlines()[-1:] == ["stopped"]
        assert "Traceback" not in stopped["said"]


def test_runs_at_once_leave_one_whole_result(place):
    command = [sys.executable, "-m", "ties", *COMMANDS["build"]]
    subprocess.run(command, cwd=place, check=True)
    whole = written(place)
    runs = [subprocess.Popen(command, cwd=place, stderr=subprocess.PIPE) for _ in range(3)]
    assert [run.communicate(timeout=120)[1] for run in runs] == [b""] * 3
    assert [run.returncode for run in runs] == [0] * 3
    assert written(place) == whole


def written(place):
    return {p: p.read_bytes() for p in (place / "made").rglob("*") if p.is_file()}


# The report of a record, with two notebooks that say that they run and then go on for ever.
REPORT = """
import signal
import sys
from pathlib import Path
from nbformat.v4 import new_code_cell, new_notebook
import nbformat
import ties.report.run
from ties.__main__ import main

home = Path(sys.argv[1])
paths = [home / f"{name}.ipynb" for name in "ab"]
for path in paths:
    seen = str(path.with_suffix(".seen"))
    code = f"import os, pathlib; pathlib.Path({seen!r}).write_text(str(os.getpid()))"
    code += "\\nimport time; time.sleep(900)"
    cells = [new_code_cell("record = 1", metadata={"tags": ["parameters"]}), new_code_cell(code)]
    nbformat.write(new_notebook(cells=cells), path)
ties.report.run.bundled_notebooks = lambda: paths
# One that was started in the background is deaf to Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.argv = ["ties", "report", "--data", "record", "--out", "made/report"]
main()
"""


def wait_for(what):
    """Wait until something is so, and not for ever."""
    for _ in range(6_000):
        if found := what():
            return found
        time.sleep(0.05)
    raise TimeoutError("it was not so in five minutes")


def kernels(place):
    files = [place / f"{name}.seen" for name in "ab"]
    return [int(file.read_text()) for file in files if file.exists() and file.read_text()]


@pytest.mark.notebook
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_report_that_is_stopped_leaves_no_kernel_running(place, number):
    earlier = place / "made" / "report" / "manifest.json"
    earlier.parent.mkdir(parents=True)
    earlier.write_text('{"outputs": {}}')
    run = subprocess.Popen(
        [sys.executable, "-c", REPORT, str(place)],
        cwd=place,
        text=True,
        stderr=subprocess.PIPE,
    )
    wait_for(lambda: run.poll() is not None or len(kernels(place)) == 2)
    assert run.poll() is None, run.stderr.read()
    running = kernels(place)
    run.send_signal(number)
    said = run.communicate()[1]
    # A kernel whose report was killed looks for it once a second.
    wait_for(lambda: number != signal.SIGKILL or not any(map(psutil.pid_exists, running)))
    assert not any(map(psutil.pid_exists, running))
    assert earlier.read_text() == '{"outputs": {}}'
    if number != signal.SIGKILL:
        assert run.returncode == 128 + number
        assert said.splitlines()[-1] == "stopped" and "Traceback" not in said
        assert [path.name for path in earlier.parent.parent.iterdir()] == ["report"]
