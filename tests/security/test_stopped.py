"""A command that is stopped at any moment leaves a whole result, and the next run works."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import RECORD

pytestmark = pytest.mark.slow

STOPPING = Path(__file__).parents[1] / "stopping.py"
LIST = "city,country,partner,partner country,since\nBonn,DE,Opole,PL,1954\n"
# Of some thirty steps, the first and the last among them; STOPS=99 takes every one, in minutes.
N_STOPS = int(os.environ.get("STOPS", "3"))
CHANGES = [["list.csv", "1954", "1964"], ["record/events.csv", "1991-06,", "1992-06,"]]
OF_RECORD = ("--data", "record", "--out")
COMMANDS = {
    "build": ["build", *OF_RECORD, "made/out"],
    "import": [
        *("import", "table", "list.csv", "--retrieved", "2026-02-08", "--out", "made"),
        *("--known", "record", "--no-gazetteer"),
    ],
    "merge": ["merge", "record", "other", "--out", "made/merged", "--no-gazetteer"],
    "export-folder": ["export", "csvw", *OF_RECORD, "made/csvw"],
    "export-file": ["export", "xlsx", *OF_RECORD, "made/book.xlsx"],
    "explore": ["explore", *OF_RECORD, "made/explore.html"],
    "figure": ["figure", "formation", *OF_RECORD, "made/formation.svg"],
}
# The others rest on the same two functions as these: a third as many stops will do.
THOROUGH = ("build", "import")
INTERRUPTED = {"build": signal.SIGINT, "import": signal.SIGTERM}


def n_stops(name):
    return N_STOPS if name in THOROUGH else N_STOPS // 3


def make_place(home):
    """Make a folder with two records and a list."""
    for name in ("record", "other"):
        (home / name).mkdir(parents=True)
        for file, text in RECORD.items():
            (home / name / file).write_text(text.replace("two-ties", name), encoding="utf-8")
    (home / "list.csv").write_text(LIST)
    return home


@pytest.fixture
def place(tmp_path):
    return make_place(tmp_path / "place")


@pytest.fixture(scope="module")
def stopped(tmp_path_factory):
    """What was found of every command that was killed, and of some that were interrupted."""

    def job(name, command):
        stops = {int(signal.SIGKILL): n_stops(name)}
        if name in INTERRUPTED:
            stops[int(INTERRUPTED[name])] = N_STOPS // 3
        return {"command": command, "stops": stops, "changes": CHANGES}

    jobs = {name: job(name, command) for name, command in COMMANDS.items()}
    home = make_place(tmp_path_factory.mktemp("stopped") / "place")
    arguments = [sys.executable, STOPPING, home]
    done = subprocess.run(
        list(map(str, arguments)), input=json.dumps(jobs), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def visible(files):
    return {name: digest for name, digest in files.items() if "/." not in name}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_killed_at_any_step_leaves_the_old_result_or_the_new(stopped, name):
    found = stopped[name]
    old, new = found["before"], found["whole"]["files"]
    stops = found["stops"][f"{signal.SIGKILL:d}"]
    assert old != new and len(stops) == min(n_stops(name), found["whole"]["n_steps"])
    for each in stops:
        assert each["stopped"]["code"] == -signal.SIGKILL
        assert visible(each["stopped"]["files"]) in (old, new), each["step"]
        assert each["again"]["code"] == 0, each["again"]["said"]
        # Nothing is left of the run that was killed, not even what is hidden.
        assert each["again"]["files"] == new, each["step"]


@pytest.mark.parametrize(("name", "number"), INTERRUPTED.items())
def test_a_command_that_is_interrupted_clears_up_and_says_so_in_a_word(stopped, name, number):
    found = stopped[name]
    stops = found["stops"][f"{number:d}"]
    assert stops
    for each in stops:
        told = each["stopped"]
        assert told["code"] == 128 + number, (each["step"], told["said"])
        assert told["files"] in (found["before"], found["whole"]["files"]), each["step"]
        assert told["said"].splitlines()[-1:] == ["stopped"]
        assert "Traceback" not in told["said"]


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


# The report of a record; the signal comes while Typst, which knows none, sets the PDF.
SETTING = """
import os
import signal
import sys
import threading
import time
import typst
from ties.__main__ import main

number = int(sys.argv[1])
set_in_order = typst.compile

def compile(*given, **options):
    threading.Timer(0.02, os.kill, (os.getpid(), number)).start()
    pdf = set_in_order(*given, **options)
    time.sleep(60)  # where the signal is heard, if it was not before
    return pdf

typst.compile = compile
# One that was started in the background is deaf to Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.argv = ["ties", "report", "--data", "record", "--out", "made/report"]
main()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_report_that_is_stopped_while_its_pdf_is_set_leaves_the_earlier_one(place, number):
    earlier = place / "made" / "report" / "manifest.json"
    earlier.parent.mkdir(parents=True)
    earlier.write_text('{"outputs": {}}')
    arguments = [sys.executable, "-c", SETTING, str(int(number))]
    run = subprocess.run(arguments, cwd=place, text=True, capture_output=True)
    assert earlier.read_text() == '{"outputs": {}}'
    if number == signal.SIGKILL:
        assert run.returncode == -number
    else:
        assert run.returncode == 128 + number, run.stderr
        assert run.stderr.splitlines()[-1] == "stopped" and "Traceback" not in run.stderr
        assert [path.name for path in earlier.parent.parent.iterdir()] == ["report"]
