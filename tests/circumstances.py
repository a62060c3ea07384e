"""What may differ between two runs and must not show in what they write.

The time zone, the language, the hash seed, the threads, the folder, the home, the user, the mask of
new files, and the order in which the rows of the record's tables happen to stand.
"""

from __future__ import annotations

import csv
import functools
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

RECORD = Path(__file__).resolve().parents[1] / "data" / "raw" / "us-russia"

# Every library that counts threads reads one of these; Arrow reads the first.
_THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "RAYON_NUM_THREADS",
    "ARROW_IO_THREADS",
)
# By the name that a process asks for: the source and the encoding. A comma in numbers, a dotless i,
# and encodings that cannot hold all that the record says.
LANGUAGES: Mapping[str, tuple[str, str]] = {
    "de_DE.UTF-8": ("de_DE", "UTF-8"),
    "ru_RU.UTF-8": ("ru_RU", "UTF-8"),
    "tr_TR.UTF-8": ("tr_TR", "UTF-8"),
    "de_DE.ISO-8859-1": ("de_DE", "ISO-8859-1"),
    "ru_RU.KOI8-R": ("ru_RU", "KOI8-R"),
}
# Python would take UTF-8 for the language C by itself.
IN_ASCII: Mapping[str, str] = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
_SOURCES = Path("/usr/share/i18n/locales")

# Several commands in one process: starting takes longer than most of them.
_COMMANDS = """
import json, sys
from ties.cli import app
for words in json.loads(sys.argv[1]):
    # A mistake that is told in a message ends in a code, not in an error.
    if code := app(words, standalone_mode=False):
        sys.exit(code)
"""


@dataclass(frozen=True)
class Circumstances:
    """Under what commands run."""

    zone: str = "UTC"
    language: str = "C.UTF-8"
    seed: str = "0"
    threads: int = 2
    umask: int = 0o022
    user: str = "somebody"
    # The folder that is home, and holds the one to run in.
    home: str = "home"
    # Seed for the order of the rows; without one they stand as committed.
    order: int | None = None
    variables: Mapping[str, str] = field(default_factory=dict)

    def run(self, scratch: Path, *commands: Sequence[str | Path]) -> None:
        """Run commands of `ties` in one process; a failure is an error that tells what it said."""
        home = scratch / self.home
        here = home / "work"
        here.mkdir(parents=True, exist_ok=True)
        words = json.dumps([[str(word) for word in command] for command in commands])
        done = subprocess.run(
            [sys.executable, "-c", _COMMANDS, words],
            cwd=here,
            env=self._environment(home),
            umask=self.umask,
            preexec_fn=functools.partial(_use_processors, self.threads),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, (done.stdout + done.stderr).decode(errors="replace")

    def record(self, scratch: Path) -> Path:
        """Give the folder of the record, its rows in this order."""
        if self.order is None:
            return RECORD
        folder = scratch / f"order-{self.order}" / RECORD.name
        if not folder.exists():
            shuffle(RECORD, folder, self.order)
        return folder

    def _environment(self, home: Path) -> dict[str, str]:
        ours = ("LC_", "LANG", "XDG_", "MPL", "PYTHON")
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith(ours)},
            **dict.fromkeys(("USER", "LOGNAME", "USERNAME"), self.user),
            **dict.fromkeys(_THREADS, str(self.threads)),
            "HOME": str(home),
            "TZ": self.zone,
            "LC_ALL": self.language,
            "LANG": self.language,
            "PYTHONHASHSEED": self.seed,
            **self.variables,
        }


def shuffle(record: Path, out: Path, seed: int) -> None:
    """Copy a record with the rows of each of its tables in another order."""
    shutil.copytree(record, out)
    chance = random.Random(seed)
    for path in sorted(out.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        chance.shuffle(rows)
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *rows])


def make_languages(folder: Path) -> dict[str, str]:
    """Compile `LANGUAGES` into a folder, and give the variable by which processes find them.

    Raises
    ------
    FileNotFoundError
        If the system lacks the sources of the languages, or the command that compiles them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, (source, encoding) in LANGUAGES.items():
        if not (_SOURCES / source).is_file():
            raise FileNotFoundError(f"no source of {source}; Debian's package `locales` brings it")
        command = ["localedef", "-i", source, "-f", encoding, str(folder / name)]
        subprocess.run(command, check=True, capture_output=True)
    return {"LOCPATH": str(folder)}


def contents(path: Path) -> dict[str, bytes]:
    """Give the bytes of a file, or of every file in a folder, by name within it."""
    if path.is_file():
        return {path.name: path.read_bytes()}
    return {
        file.relative_to(path).as_posix(): file.read_bytes()
        for file in sorted(path.rglob("*"))
        if file.is_file()
    }


def differing(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> list[str]:
    """Name the files that are not the same in both, or not in both."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def _use_processors(n: int) -> None:
    """Keep to so many processors, where a process can ask for that."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:n])


def one_at_a_time(languages: Mapping[str, str]) -> dict[str, Circumstances]:
    """Give circumstances that differ from the plain ones in one thing, by what that is.

    Parameters
    ----------
    languages
        As `make_languages` gives them; empty where languages cannot be made, and then left out.
    """
    made = {
        f"language {name}": Circumstances(language=name, variables=languages)
        for name in (LANGUAGES if languages else ())
    }
    return {
        "nothing": Circumstances(),
        "time zone Pacific/Kiritimati": Circumstances(zone="Pacific/Kiritimati"),
        "time zone America/Los_Angeles": Circumstances(zone="America/Los_Angeles"),
        "language C": Circumstances(language="C"),
        "language C, in ASCII": Circumstances(language="C", variables=IN_ASCII),
        **made,
        "hash seed 1": Circumstances(seed="1"),
        "hash seed 12345": Circumstances(seed="12345"),
        "1 thread": Circumstances(threads=1),
        "order of rows": Circumstances(order=1),
        "another order of rows": Circumstances(order=2),
        "mask of new files 077": Circumstances(umask=0o077),
        "folder, home and user": Circumstances(home="Дом/a b", user="другой"),
    }


def all_at_once(languages: Mapping[str, str]) -> Circumstances:
    """Give circumstances that differ from the plain ones in everything."""
    return Circumstances(
        zone="Pacific/Kiritimati",
        language="tr_TR.UTF-8" if languages else "C",
        seed="12345",
        threads=1,
        umask=0o077,
        user="другой",
        home="Дом/a b",
        order=3,
        variables=languages,
    )


_LIST = """\
city,country,partner,partner country,since
Duluth,United States,Petrozavodsk,Russia,1986
Bonn,Germany,Opole,Poland,1954
Opole,Poland,Bonn,Germany,1997
"""


def _export(record: Path, out: Path, *forms: str) -> list[list[str | Path]]:
    endings = {"xlsx": ".xlsx", "geojson": ".geojson", "graphml": ".graphml"}
    return [
        ["export", form, "--data", record, "--out", out / (form + endings.get(form, ""))]
        for form in forms
    ]


def _merge(record: Path, out: Path) -> list[list[str | Path]]:
    out.mkdir(parents=True)
    received = out / "list.csv"
    received.write_text(_LIST, "utf-8")
    return [
        ["import", "table", received, "--retrieved", "2020-01-01", "--out", out, "--no-gazetteer"],
        ["merge", record, out / "list" / "2020-01-01", "--out", out / "merged", "--no-gazetteer"],
    ]


# The commands that make each product of a record in a folder.
PRODUCTS: Mapping[str, Callable[[Path, Path], list[list[str | Path]]]] = {
    "processed": lambda record, out: [["build", "--data", record, "--out", out]],
    "report": lambda record, out: [["report", "--data", record, "--out", out]],
    "exports": lambda record, out: [
        *_export(record, out, "geojson", "graphml", "json"),
        ["explore", "--data", record, "--out", out / "explore.html"],
    ],
    "tables": lambda record, out: _export(record, out, "frictionless", "csvw", "parquet", "xlsx"),
    "merge": _merge,
}


def make(
    products: Sequence[str], under: Circumstances, scratch: Path, out: Path
) -> dict[str, dict[str, bytes]]:
    """Make products of the record, each in a folder of its own, and give the files of each."""
    record = under.record(scratch)
    commands = [words for name in products for words in PRODUCTS[name](record, out / name)]
    under.run(scratch, *commands)
    return {name: contents(out / name) for name in products}


def comparable(product: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Leave out of a product what speaks of the input's own order, and so follows it.

    The manifest of a report has checksums of the files that were read. Exports that hold the tables
    as they are hold them in that order: their rows are the same. A merge numbers the rows of its
    inputs; the record that it makes is the same.
    """
    if product == "report":
        manifest = json.loads(files["manifest.json"])
        manifest["inputs"] = sorted(manifest["inputs"])
        return {**files, "manifest.json": json.dumps(manifest).encode()}
    if product == "tables":
        tables = {name: text for name, text in files.items() if name.endswith(".csv")}
        return {name: b"\n".join(sorted(text.splitlines())) for name, text in tables.items()}
    if product == "merge":
        return {name: text for name, text in files.items() if name.startswith("merged/record/")}
    return {**files}
