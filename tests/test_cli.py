"""The command as people type it: what it prints, and how it ends."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pandas as pd
import pytest

from ties.cli.output import print_csv, print_json
from ties.io.folder import record_folder as packaged


def ties(*arguments, **options):
    command = [sys.executable, "-m", "ties", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", timeout=300, **options
    )


def test_help_needs_none_of_the_heavy_libraries():
    code = (
        "import sys\nfrom ties.cli import main\nsys.argv = ['ties', '--help']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'pandas', 'numpy', 'matplotlib', 'pandera', 'pyarrow', 'nbclient'}\n"
        "print('loaded:', sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert "loaded: []" in done.stdout


def test_a_question_waits_for_no_library_that_it_does_not_need():
    code = (
        "import sys\nfrom ties.cli import app\napp(['status'], standalone_mode=False)\n"
        "heavy = {'dask.dataframe', 'matplotlib', 'scipy', 'statsmodels', 'nbclient'}\n"
        "print('loaded:', sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert "loaded: []" in done.stdout, done.stderr


@pytest.mark.parametrize(
    "command", ["check", "build", "status", "show", "figure", "report", "lab", "import", "claims"]
)
def test_each_command_has_help(command):
    done = ties(command, "--help")
    assert done.returncode == 0 and "Usage" in done.stdout


def test_check_says_clean_with_0():
    assert ties("check", packaged("us-russia")).returncode == 0


def test_check_names_every_problem_and_ends_with_1(record_folder):
    events = record_folder / "events.csv"
    events.write_text(events.read_text().replace(",suspended,", ",suspnded,"))
    done = ties("check", record_folder)
    assert done.returncode == 1
    assert "suspended" in done.stdout and "Traceback" not in done.stderr
    document = json.loads(ties("check", record_folder, "--format", "json").stdout)
    assert any(problem["value"] == "suspnded" for problem in document["problems"])


def test_what_cannot_be_read_ends_with_2(tmp_path):
    done = ties("check", tmp_path / "nothing-here")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("status", "--as-of", "yesterday"),
        ("status", "--status", "asleep"),
        ("status", "--dormant-after", "0"),
        ("figure", "pie", "-o", "pie.svg"),
        ("show", "Atlantis"),
    ],
)
def test_a_mistake_is_told_without_a_traceback(arguments, tmp_path):
    done = ties(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr and "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_status_agrees_with_the_package_in_every_format():
    import io

    import ties as package

    table = package.tie_table(package.load(), as_of="2018-11-28")
    n = int(table["status"].notna().sum())
    document = json.loads(ties("status", "--as-of", "2018-11-28", "--format", "json").stdout)
    read = pd.read_csv(
        io.StringIO(ties("status", "--as-of", "2018-11-28", "--format", "csv").stdout)
    )
    assert len(document["ties"]) == len(read) == n


@pytest.mark.parametrize("name", ["portland-arkhangelsk", "Portland Maine", "Архангельск"])
def test_show_finds_a_tie_as_people_write_it(name):
    done = ties("show", name)
    assert done.returncode == 0
    assert "Arkhangelsk" in done.stdout and "1988-11-18" in done.stdout


def test_an_ambiguous_name_lists_the_candidates():
    done = ties("show", "Portland")
    assert done.returncode == 2
    assert "portland-arkhangelsk" in done.stderr and "portland-khabarovsk" in done.stderr


def test_a_figure_is_written_whole(tmp_path):
    out = tmp_path / "stock.svg"
    assert ties("figure", "stock", "-o", out).returncode == 0
    assert out.read_text(encoding="utf-8").rstrip().endswith("</svg>")
    assert [path.name for path in tmp_path.iterdir()] == ["stock.svg"]


class Screen(io.StringIO):
    """What a command writes to, a terminal or a pipe."""

    def __init__(self, is_terminal):
        super().__init__()
        self.is_terminal = is_terminal

    def isatty(self):
        return self.is_terminal

    def reconfigure(self, **kwargs):
        pass


@pytest.mark.parametrize("put", [print_csv, print_json], ids=["csv", "json"])
@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_terminal_gets_no_characters_that_steer_it(monkeypatch, put, is_terminal):
    screen = Screen(is_terminal)
    monkeypatch.setattr(sys, "stdout", screen)
    table = pd.DataFrame({"name": ["\x9b2J\u202eksmO", "Tula"]})
    put(table if put is print_csv else {"names": table["name"].tolist()})
    steering = set("\x9b\u202e") & set(screen.getvalue())
    assert steering == (set() if is_terminal else set("\x9b\u202e"))
    assert "2JksmO" in screen.getvalue() or not is_terminal
    assert screen.getvalue().endswith("Tula\n" if put is print_csv else "\n  ]\n}\n")
