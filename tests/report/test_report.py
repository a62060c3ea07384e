"""The report of a record of one's own: whole, self-contained, and the same twice."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys

import pytest


def digests(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def two_runs(tmp_path_factory):
    found = []
    for zone, seed in (("UTC", "1"), ("Asia/Kamchatka", "2")):
        out = tmp_path_factory.mktemp("run") / "report"
        command = [sys.executable, "-m", "ties", "report"]
        done = subprocess.run(
            [*command, "--out", str(out)],
            env={**os.environ, "TZ": zone, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            timeout=400,
        )
        assert done.returncode == 0, done.stderr
        found.append(out)
    return found


def test_two_runs_give_the_same_bytes(two_runs):
    assert digests(two_runs[0]) == digests(two_runs[1])


def test_the_page_needs_nothing_from_elsewhere(two_runs):
    page = (two_runs[0] / "index.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert not re.search(r'(?:src|rel="stylesheet"[^>]*href)="https?:', page)
    assert 'name="viewport"' in page


def test_everything_is_there(two_runs):
    names = set(digests(two_runs[0]))
    assert {"index.html", "report.pdf", "manifest.json"} <= names
    assert (two_runs[0] / "report.pdf").read_bytes().startswith(b"%PDF")
    for kind in (".svg", ".png"):
        assert sum(name.startswith("figures/") and name.endswith(kind) for name in names) >= 6
    assert any(name.startswith("tables/") and name.endswith(".csv") for name in names)


def test_the_manifest_names_its_inputs_and_no_path_of_this_machine(two_runs):
    text = (two_runs[0] / "manifest.json").read_text(encoding="utf-8")
    assert json.loads(text)
    assert "events.csv" in text and str(two_runs[0].parent) not in text
