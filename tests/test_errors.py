"""Every error is documented with its cause and its cure, and every exit code means what is said."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import ties as package

PAGE = (Path(__file__).parents[1] / "docs/reference/errors.md").read_text("utf-8")


def errors():
    """Every exception that a module of the package defines."""
    found = {}
    for module in pkgutil.walk_packages(package.__path__, "ties."):
        members = vars(importlib.import_module(module.name)).values()
        found |= {
            value.__name__: value
            for value in members
            if inspect.isclass(value)
            and issubclass(value, BaseException)
            and value.__module__.startswith("ties.")
        }
    return found


def described():
    return dict(re.findall(r"^`(\w+)`\n: (.+?)(?=\n\n|\Z)", PAGE, re.MULTILINE | re.DOTALL))


def test_every_error_is_on_the_page_and_no_other():
    assert set(described()) == set(errors())


def test_every_error_says_what_it_is():
    assert [name for name, kind in errors().items() if not vars(kind).get("__doc__")] == []


def test_every_error_that_a_user_meets_has_its_cure():
    ours = {name for name, kind in errors().items() if issubclass(kind, package.TiesError)}
    texts = described()
    assert [name for name in ours if "**Cure**" not in texts[name]] == []


def ties(*arguments, **options):
    command = [sys.executable, "-m", "ties", *map(str, arguments)]
    return subprocess.Popen(
        command,
        text=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,
    )


def ended(run):
    said, complaint = run.communicate(timeout=300)
    return run.returncode, said, complaint


@pytest.fixture
def broken(edited):
    return edited("events.csv", ",suspended,", ",suspnded,")


@pytest.fixture
def full(record_folder):
    """A place that holds somebody's file."""
    (record_folder.parent / "full").mkdir()
    (record_folder.parent / "full" / "mine.txt").write_text("mine")
    return record_folder


CODES = {
    "done": (0, lambda home: ("check", home)),
    "errors found": (1, lambda home: ("check", home)),
    "no such command": (2, lambda home: ("chekc", home)),
    "no such option": (2, lambda home: ("check", home, "--colour")),
    "no record there": (2, lambda home: ("status", "--data", home / "none")),
    "a record with errors": (2, lambda home: ("status", "--data", home)),
    "files of others": (
        2,
        lambda home: ("build", "--data", home, "--out", home.parent / "full"),
    ),
}


@pytest.mark.parametrize("case", CODES)
def test_an_exit_code_means_what_the_page_says(case, request):
    needs = {"files of others": "full", "errors found": "broken", "a record with errors": "broken"}
    home = request.getfixturevalue(needs.get(case, "record_folder"))
    code, arguments = CODES[case]
    found, said, complaint = ended(ties(*arguments(home)))
    assert found == code, complaint
    assert "Traceback" not in complaint
    assert bool(complaint) == (code == 2) and bool(said) == (code != 2)
    assert re.search(rf"^\| {code} \|", PAGE, re.MULTILINE)


@pytest.mark.parametrize("form", ["csv", "table"])
def test_output_that_nobody_reads_any_longer_ends_with_1(form):
    with ties("status", "--format", form) as run:
        run.stdout.close()
        complaint = run.stderr.read()
    assert run.returncode == 1
    assert complaint == ""


# Within typer, at the beginning of a command, and within pandas, some of which is in C.
LOADED = ("ties.cli", "zipfile", "numpy", "zoneinfo._zoneinfo", "ties.io.folder")
STOPPED = [(module, signal.SIGTERM) for module in LOADED]
STOPPED += [("numpy", signal.SIGINT), ("numpy", signal.SIGHUP)]


@pytest.mark.parametrize(("module", "number"), STOPPED)
def test_a_signal_ends_with_128_and_its_number_while_modules_are_loaded_too(module, number):
    code = 128 + number
    assert str(code) in PAGE
    # It comes once, and to a run that is not deaf to it as one in the background would be.
    program = (
        "import os, signal, sys\nmodule, number = sys.argv[1], int(sys.argv[2])\n"
        "signal.signal(number, signal.SIG_DFL)\n"
        "from ties.__main__ import main\nsys.argv = ['ties', 'status']\n"
        "sent = []\n"
        "def send(event, values):\n"
        "    if event == 'import' and values[0] == module and not sent:\n"
        "        sent.append(module)\n"
        "        os.kill(os.getpid(), number)\n"
        "sys.addaudithook(send)\nmain()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, module, str(int(number))],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert done.stderr in ("", "stopped\n")
