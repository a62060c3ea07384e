"""A report is written whole or not at all, and never over anything else."""

from __future__ import annotations

import json
import threading

import pytest

from ties.io.atomic import OutputError, whole_folder
from ties.report.errors import MissingExtraError
from ties.report.output import MANIFEST, not_of_a_report


def replaced(out):
    return whole_folder(out, not_of_a_report)


def write(folder, text="x"):
    (folder / "page.html").write_text(text)
    (folder / MANIFEST).write_text(json.dumps({"outputs": {"page.html": ""}}))


def test_an_earlier_report_is_replaced(tmp_path):
    out = tmp_path / "deep" / "report"
    for text in ("first", "second"):
        with replaced(out) as folder:
            write(folder, text)
    assert (out / "page.html").read_text() == "second"
    assert [path.name for path in out.parent.iterdir()] == ["report"]


def test_a_failure_leaves_the_earlier_report(tmp_path):
    out = tmp_path / "report"
    with replaced(out) as folder:
        write(folder, "first")
    with pytest.raises(KeyboardInterrupt), replaced(out) as folder:
        write(folder, "second")
        raise KeyboardInterrupt
    assert (out / "page.html").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


@pytest.mark.parametrize("name", ["notes.txt", "deep/notes.txt"])
def test_a_folder_with_other_files_is_refused(tmp_path, name):
    out = tmp_path / "report"
    with replaced(out) as folder:
        write(folder)
    (out / name).parent.mkdir(exist_ok=True)
    (out / name).write_text("mine")
    with (
        pytest.raises(OutputError, match=r"notes\.txt"),
        replaced(out) as folder,
    ):
        write(folder)
    assert (out / name).read_text() == "mine"


def test_a_file_is_no_place_for_a_report(tmp_path):
    (tmp_path / "report").write_text("mine")
    with (
        pytest.raises(OutputError, match="is a file"),
        replaced(tmp_path / "report"),
    ):
        pass


def test_two_runs_at_once_leave_one_whole_report(tmp_path):
    out, both = tmp_path / "report", threading.Barrier(4)
    failures = []

    def run(text):
        try:
            with replaced(out) as folder:
                write(folder, text)
                both.wait()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(str(i),)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert {path.name for path in out.iterdir()} == {"page.html", MANIFEST}
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_a_missing_extra_says_what_to_install():
    assert 'pip install "twin-ties[report]"' in str(MissingExtraError("report", ["typst"]))
