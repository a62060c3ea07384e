"""A folder is written whole or not at all, whatever stops the run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from ties.whole import OutputError, files_in, whole_folder

OURS = {f"{i}.txt" for i in range(50)}


def foreign(folder):
    return [name for name in files_in(folder) if name not in OURS]


def fill(folder, text):
    for name in sorted(OURS):
        (folder / name).write_text(text)


def read(folder):
    assert set(files_in(folder)) == OURS
    (text,) = {(folder / name).read_text() for name in OURS}
    return text


def names_in(folder):
    return [path.name for path in folder.iterdir()]


# A run that says where it is and then does as it is told.
RUN = textwrap.dedent(
    """
    import sys, os, time
    from pathlib import Path
    import ties.whole
    from ties.whole import whole_folder
    ours = [f"{i}.txt" for i in range(50)]
    out, stop_after = Path(sys.argv[1]), int(sys.argv[2])
    steps = 0

    def step():
        global steps
        if steps == stop_after:
            os.kill(os.getpid(), 9)
        steps += 1

    rename = Path.rename
    def counted(self, target):
        step()
        made = rename(self, target)
        step()
        return made
    Path.rename = counted
    rmtree = ties.whole.shutil.rmtree
    def removed(*args, **options):
        step()
        rmtree(*args, **options)
    ties.whole.shutil.rmtree = removed
    with whole_folder(out, lambda folder: []) as folder:
        for name in sorted(ours):
            if int(name[:-4]) % 7 == 0:
                step()
            (folder / name).write_text("new")
    print(steps)
    """
)


def run(out, stop_after):
    return subprocess.run(
        [sys.executable, "-c", RUN, str(out), str(stop_after)], capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def n_steps(tmp_path_factory):
    out = tmp_path_factory.mktemp("count") / "out"
    out.mkdir()
    return int(run(out, -1).stdout)


def test_a_run_killed_at_any_step_leaves_a_whole_result(tmp_path, n_steps):
    assert n_steps > 12
    for stop in range(n_steps):
        out = tmp_path / str(stop) / "out"
        out.mkdir(parents=True)
        fill(out, "old")
        assert run(out, stop).returncode == -signal.SIGKILL
        # Between two renames the earlier result stands aside; the next run puts it back.
        if out.exists():
            assert read(out) in ("old", "new")
        with pytest.raises(KeyError), whole_folder(out, foreign):
            raise KeyError
        assert read(out) in ("old", "new")
        assert names_in(out.parent) == ["out"]


def test_runs_at_once_leave_one_whole_result(tmp_path):
    out, ready = tmp_path / "out", threading.Barrier(4)
    failures = []

    def one(text):
        try:
            with whole_folder(out, foreign) as folder:
                fill(folder, text)
                ready.wait()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=one, args=(str(i),)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert read(out) in "0123"
    assert names_in(tmp_path) == ["out"]


def test_a_run_under_way_keeps_its_scratch(tmp_path):
    out = tmp_path / "out"
    with whole_folder(out, foreign) as slow:
        fill(slow, "slow")
        with whole_folder(out, foreign) as quick:
            fill(quick, "quick")
        assert read(out) == "quick"
        assert read(slow) == "slow"
    assert read(out) == "slow"


def test_an_interrupt_leaves_no_half_result(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    fill(out, "old")
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time\nfrom pathlib import Path\nfrom ties.whole import whole_folder\n"
            "with whole_folder(Path(sys.argv[1]), lambda _: []) as folder:\n"
            "    (folder / 'half').write_text('half')\n"
            "    print('now', flush=True)\n"
            "    time.sleep(60)\n",
            str(out),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "now\n"
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    process.communicate()
    assert read(out) == "old"
    assert names_in(tmp_path) == ["out"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_told(tmp_path):
    tmp_path.chmod(0o500)
    with (
        pytest.raises(OutputError, match="Permission denied"),
        whole_folder(tmp_path / "out", foreign),
    ):
        pass


def test_a_full_disk_is_told_and_leaves_the_earlier_result(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    fill(out, "old")
    with pytest.raises(OutputError, match="No space left"), whole_folder(out, foreign):
        Path("/dev/full").write_text("x")
    assert read(out) == "old"
    assert names_in(tmp_path) == ["out"]


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").symlink_to("elsewhere")
    with pytest.raises(OutputError, match="is a link"), whole_folder(tmp_path / "out", foreign):
        pass
