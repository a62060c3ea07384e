"""A folder is written whole or not at all, whatever stops the run."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from ties.io.atomic import OutputError, files_in, whole_file, whole_folder

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


# Runs that are killed, each a fork, at every step that they take on the disk; "elsewhere" is a
# system that cannot let two folders change places.
RUNS = textwrap.dedent(
    """
    import os, sys
    from pathlib import Path
    import filelock
    from ties.io.atomic import whole_folder
    home, system = Path(sys.argv[1]), sys.argv[2]

    def write(out, stop_after):
        n_steps = 0
        def step(event, values):
            nonlocal n_steps
            if event.startswith(("open", "os.", "shutil.")) and str(out) in str(values):
                n_steps += 1
                if n_steps == stop_after:
                    os.kill(os.getpid(), 9)
        sys.addaudithook(step)
        if system == "elsewhere":
            sys.platform = "elsewhere"
        with whole_folder(out, lambda folder: []) as folder:
            for name in (f"{i}.txt" for i in range(50)):
                (folder / name).write_text("new")
        return n_steps

    for stop in map(int, sys.argv[3:]):
        if os.fork() == 0:
            (home / f"{stop}.steps").write_text(str(write(home / str(stop) / "out", stop)))
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.wait()[1])
        assert code == (-9 if stop else 0), code
    """
)


def run(home, system, stops):
    for stop in stops:
        (home / str(stop) / "out").mkdir(parents=True)
        fill(home / str(stop) / "out", "old")
    subprocess.run([sys.executable, "-c", RUNS, home, system, *map(str, stops)], check=True)


@pytest.mark.slow
@pytest.mark.parametrize("system", ["here", "elsewhere"])
def test_a_run_killed_at_any_step_leaves_a_whole_result(tmp_path, system):
    run(tmp_path, system, [0])
    n_steps = int((tmp_path / "0.steps").read_text())
    # The fifty files are alike; what comes before and after them is not.
    stops = [n for n in range(1, n_steps + 1) if n < 10 or n > n_steps - 60 or n % 10 == 0]
    run(tmp_path, system, stops)
    for stop in stops:
        out = tmp_path / str(stop) / "out"
        # Between two renames the earlier result stands aside; the next run puts it back.
        if out.exists() or system == "here":
            assert read(out) in ("old", "new")
        with pytest.raises(KeyError), whole_folder(out, foreign):
            raise KeyError
        assert read(out) in ("old", "new")
        assert names_in(out.parent) == ["out"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets two folders change places")
def test_the_place_of_a_result_is_never_empty(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    fill(out, "old")
    seen, is_over = [], threading.Event()

    def look():
        while not is_over.is_set():
            seen.append(out.is_dir())

    watcher = threading.Thread(target=look)
    watcher.start()
    for number in range(50):
        with whole_folder(out, foreign) as folder:
            fill(folder, str(number))
    is_over.set()
    watcher.join()
    assert len(seen) > 50 and all(seen)


def test_a_file_whose_run_was_killed_is_written_by_the_next_and_nothing_is_left(tmp_path):
    out = tmp_path / "page.html"
    out.write_text("old")
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom ties.io.atomic import whole_file\n"
        "with whole_file(Path(sys.argv[1])) as made:\n"
        "    made.write_text('half')\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(out)])
    assert done.returncode == -signal.SIGKILL
    assert out.read_text() == "old" and names_in(tmp_path) != ["page.html"]
    with whole_file(out) as made:
        made.write_text("new")
    assert out.read_text() == "new" and names_in(tmp_path) == ["page.html"]


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
            "import signal, sys, time\n"
            "from pathlib import Path\nfrom ties.io.atomic import whole_folder\n"
            # One that was started in the background is deaf to Ctrl-C.
            "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
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


# Root may write anywhere, so the run is nobody's; a folder of temporary files is root's own.
UNPRIVILEGED = textwrap.dedent(
    """
    import os, sys, tempfile
    from pathlib import Path
    from ties.io.atomic import OutputError, whole_file, whole_folder
    home = Path(tempfile.mkdtemp())
    (home / "out").mkdir()
    (home / "out" / "0.txt").write_text("old")
    (home / "page").write_text("old")
    home.chmod(0o555)
    if os.geteuid() == 0:
        os.setuid(65534)
    ways = (lambda: whole_folder(home / "out", lambda _: []), lambda: whole_file(home / "page"))
    for write in ways:
        try:
            with write() as made:
                sys.exit("it was written")
        except OutputError as error:
            print(error)
    print((home / "out" / "0.txt").read_text(), (home / "page").read_text(), len([*home.iterdir()]))
    """
)


def test_a_folder_that_may_not_be_written_is_told_and_keeps_what_it_had():
    done = subprocess.run([sys.executable, "-c", UNPRIVILEGED], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    *told, kept = done.stdout.splitlines()
    assert len(told) == 2 and all("Permission denied" in line for line in told)
    assert kept == "old old 2"


def mounted(home, *script):
    """Run a script where a disk of its own is mounted; the mount ends with it."""
    ours = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
    if shutil.which("unshare") is None or subprocess.run([*ours, "true"], check=False).returncode:
        pytest.skip("this system lets nobody mount a disk for a test")
    return subprocess.run(
        [*ours, " && ".join(script), sys.executable, str(home)],
        capture_output=True,
        text=True,
        check=False,
    )


WRITE = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from ties.io.atomic import OutputError, files_in, whole_file, whole_folder
    home, size = Path(sys.argv[1]), int(sys.argv[2])
    told = []
    ways = (lambda: whole_folder(home / "out", lambda _: []), lambda: whole_file(home / "page"))
    for write in ways:
        try:
            with write() as made:
                target = made / "0.txt" if made.is_dir() else made
                with target.open("w") as file:
                    for _ in range(size):
                        file.write("x" * 1024)
            told.append("written")
        except OutputError as error:
            told.append(str(error).split(": ")[-1])
    print(told, files_in(home), len((home / "out" / "0.txt").read_text()))
    """
)


@pytest.mark.slow
def test_a_disk_that_fills_up_keeps_the_earlier_result_and_the_next_run_works(tmp_path):
    (tmp_path / "write.py").write_text(WRITE)
    run = f'"$0" "{tmp_path}/write.py" "$1"'
    (tmp_path / "disk").mkdir()
    done = mounted(
        tmp_path / "disk",
        'mount -t tmpfs -o size=256k tmpfs "$1"',
        f"{run} 10",
        f"{run} 400",
        f"{run} 20",
    )
    assert done.returncode == 0, done.stderr
    first, full, again = done.stdout.splitlines()
    files = "['out/0.txt', 'page']"
    assert first == f"['written', 'written'] {files} 10240"
    assert full == f"{['No space left on device'] * 2} {files} 10240"
    assert again == f"['written', 'written'] {files} 20480"


@pytest.mark.slow
def test_a_disk_that_may_only_be_read_keeps_the_earlier_result(tmp_path):
    (tmp_path / "write.py").write_text(WRITE)
    run = f'"$0" "{tmp_path}/write.py" "$1"'
    (tmp_path / "disk").mkdir()
    disk = 'mount -t tmpfs -o size=256k tmpfs "$1"'
    done = mounted(tmp_path / "disk", disk, f"{run} 10", 'mount -o remount,ro "$1"', f"{run} 20")
    assert done.returncode == 0, done.stderr
    told = f"{['Read-only file system'] * 2} ['out/0.txt', 'page'] 10240"
    assert done.stdout.splitlines()[1] == told


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


@pytest.mark.parametrize("comes", ["before the run", "meanwhile"])
def test_a_folder_with_a_file_of_others_is_never_replaced(tmp_path, comes):
    out = tmp_path / "out"
    out.mkdir()
    fill(out, "old")
    theirs = out / "letter.txt"
    if comes == "before the run":
        theirs.write_text("theirs")
    with pytest.raises(OutputError, match=r"letter\.txt"), whole_folder(out, foreign) as folder:
        fill(folder, "new")
        theirs.write_text("theirs")
    assert theirs.read_text() == "theirs"
    theirs.unlink()
    assert read(out) == "old"
