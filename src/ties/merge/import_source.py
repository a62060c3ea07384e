"""One command's worth of importing: a file of somebody else's becomes a folder with a record in it.

The folder keeps the input byte for byte, says where it came from, and shows what became of every
entry: accepted, rejected with its reason, merged into which tie. Nothing of it is edited
afterwards; a new version of the source is a new folder beside it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ties import __version__
from ties.dataset import Dataset
from ties.dates import last_day
from ties.errors import TiesError
from ties.importers.import_folder import ORIGIN, code_of, numbered, source_table
from ties.importers.kinds import reader
from ties.importers.statements import Reading
from ties.io.atomic import check_replaceable, files_in, whole_folder
from ties.io.escape import escape_formulas
from ties.io.writing import write_record
from ties.merge.pairs import MERGED, Merged, merge, resolve_statements
from ties.merge.record import to_dataset
from ties.places.gazetteer import Gazetteer
from ties.places.resolver import MENTION, candidates

REPORT: Final = "report.json"
_OURS: Final = (
    ORIGIN,
    REPORT,
    "report.md",
    "statements.csv",
    "rejected.csv",
    "problems.csv",
    "merge-log.csv",
    "places.csv",
    "ambiguous.csv",
    "double-level.csv",
)


@dataclass(frozen=True)
class Origin:
    """Where an input came from, as far as somebody said so."""

    name: str
    retrieved: str
    producer: str = ""
    url: str = ""
    licence: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Imported:
    """What an import gave: the reading, the merge, the record, and the folder it was written to."""

    reading: Reading
    merged: Merged
    dataset: Dataset
    refused: pd.DataFrame
    folder: Path
    counts: Mapping[str, int]


def import_source(
    kind: str,
    source: str | Path,
    out: str | Path,
    origin: Origin,
    *,
    known: Dataset | None = None,
    gazetteer: Gazetteer | None = None,
    decisions: pd.DataFrame | None = None,
    options: Mapping[str, Any] | None = None,
) -> Imported:
    """Import a file into ``<out>/<name>/<retrieved>``.

    Parameters
    ----------
    kind
        One of `ties.importers.kinds.KINDS`.
    source
        The file, as received.
    out
        Folder under which imports are kept.
    origin
        Where the file came from. ``retrieved`` is the day of the listing: a file that does not
        say when something was, is a witness of that day.
    known, gazetteer, decisions
        As for `ties.places.resolver.resolve`.
    options
        What the reader of this kind takes, such as ``mapping`` for flat tables.

    Returns
    -------
    Imported
        Entries read = accepted + rejected, and accepted = ties + merged + refused.

    Raises
    ------
    UnreadableError
        If the file cannot be read at all.
    TiesError
        If there is no such kind, the day is none, or the folder holds files of others.
    """
    # Before the file is read, which may take its time.
    _day(origin.retrieved), _code(origin.name)
    reading = reader(kind)(Path(source), **(options or {}))
    return _keep(reading, Path(source), out, origin, known, gazetteer, decisions)


def import_live(
    countries: Sequence[str],
    out: str | Path,
    name: str,
    *,
    contact: str,
    known: Dataset | None = None,
    gazetteer: Gazetteer | None = None,
    decisions: pd.DataFrame | None = None,
    **service: Any,
) -> Imported:
    """Import the ties between countries from Wikidata's query service.

    Pages that were received are kept in ``<out>/<name>/pages`` until the import is whole, so that
    one that was interrupted goes on where it stopped.

    Parameters
    ----------
    countries, contact, service
        As for `ties.importers.wikidata.client.read_live`.
    out, name
        Written is ``<out>/<name>/<day>``, with the day on which the last page was received.
    known, gazetteer, decisions
        As for `ties.places.resolver.resolve`.

    Raises
    ------
    LiveQueryError
        If the service gave no answer that can be used.
    TiesError
        If the folder holds files of others.
    """
    from ties.importers.wikidata.cache import last_received
    from ties.importers.wikidata.client import read_live

    cache = Path(out) / _code(name) / "pages"
    reading = read_live(countries, contact=contact, cache=cache, **service)
    origin = Origin(
        name,
        last_received(cache),
        producer="Wikidata",
        url="https://query.wikidata.org/",
        licence="CC0 1.0",
        options={"countries": list(countries)},
    )
    made = _keep(reading, cache, out, origin, known, gazetteer, decisions)
    shutil.rmtree(cache)
    return made


def _keep(
    reading: Reading,
    received: Path,
    out: str | Path,
    origin: Origin,
    known: Dataset | None,
    gazetteer: Gazetteer | None,
    decisions: pd.DataFrame | None,
) -> Imported:
    """Make a record of what was read, and write it with all that became of it."""
    day, name = _day(origin.retrieved), _code(origin.name)
    target = Path(out) / name / str(day.date())
    check_replaceable(target, _foreign)
    statements = numbered(reading.statements, name)
    merged = merge(resolve_statements(statements, known, gazetteer, decisions))
    made = to_dataset(
        merged,
        sources=source_table(name, origin.name, day, origin.producer, origin.url, origin.licence),
        name=name,
        title=origin.name,
        as_of=day,
        known=known,
    )
    counts = _counts(reading, merged, made.rejected)
    with whole_folder(target, _foreign) as folder:
        _write(folder, received, origin, reading, merged, made, counts)
        _write_open(folder, statements, known, gazetteer)
    return Imported(reading, merged, made.dataset, made.rejected, target, counts)


def _code(name: str) -> str:
    code = code_of(name)
    if not code:
        raise TiesError(f"{name!r} is no name for a folder; use letters and digits")
    return code


def _day(text: str) -> pd.Timestamp:
    try:
        return last_day(text)
    except ValueError as error:
        raise TiesError(f"retrieved: {error}") from error


def _counts(reading: Reading, merged: Merged, refused: pd.DataFrame) -> dict[str, int]:
    """Count what became of every entry; the parts add up, or it is a fault of ours."""
    outcome = merged.log["outcome"].value_counts()
    found = {
        "rows": reading.n_rows,
        "entries": reading.n_entries,
        "rejected": len(reading.rejected),
        "statements": len(reading.statements),
        "ties": int(outcome.get("kept", 0)),
        "merged": int(sum(outcome.get(name, 0) for name in MERGED)),
        "self_pair": int(outcome.get("self_pair", 0)),
        "unresolved": int(outcome.get("unresolved", 0)),
        "not_in_record": len(refused),
        "problems": len(reading.problems),
    }
    parts = found["ties"] + found["merged"] + found["self_pair"] + found["unresolved"]
    if found["rejected"] + parts != found["entries"]:
        raise AssertionError("entries were lost between reading and merging")
    return found


def _write(
    folder: Path,
    source: Path,
    origin: Origin,
    reading: Reading,
    merged: Merged,
    made: Any,
    counts: Mapping[str, int],
) -> None:
    kept = folder / "received" / source.name
    kept.parent.mkdir()
    if source.is_dir():
        shutil.copytree(source, kept)
    else:
        shutil.copyfile(source, kept)
    _write_origin(folder / ORIGIN, origin, kept)
    tables = {
        "statements": reading.statements,
        "rejected": reading.rejected,
        "problems": reading.problems,
        "merge-log": merged.log,
        "places": places_of(merged.statements),
        "double-level": merged.double_level,
    }
    for name, table in tables.items():
        _to_csv(table, folder / f"{name}.csv")
    write_record(made.dataset, folder / "record")
    rejected = reading.rejected["rule"].value_counts()
    report = {**counts, "rejected_by_rule": {str(k): int(v) for k, v in rejected.items()}}
    text = json.dumps(report, indent=1, ensure_ascii=False) + "\n"
    (folder / REPORT).write_text(text, encoding="utf-8", newline="\n")
    (folder / "report.md").write_text(say(origin, report), encoding="utf-8", newline="\n")


def _write_open(
    folder: Path,
    statements: pd.DataFrame,
    known: Dataset | None,
    gazetteer: Gazetteer | None,
) -> None:
    """Write the names that several places go by, for somebody to decide."""
    sides = []
    for side in "ab":
        own = {f"{name}_{side}": name for name in MENTION if name != "on"}
        sides.append(statements[[*own]].rename(columns=own).assign(on=statements["founded"]))
    open_ = candidates(pd.concat(sides, ignore_index=True), known, gazetteer)
    asked = open_.assign(decided_on="", reason="")
    _to_csv(asked, folder / "ambiguous.csv")


def places_of(resolved: pd.DataFrame) -> pd.DataFrame:
    """Give each name as written with what it was taken for, a row a distinct one."""
    columns = ("name", "country", "place_key", "basis", "score", "reasons")
    sides = [
        resolved[[f"{name}_{side}" for name in columns]].set_axis(list(columns), axis="columns")
        for side in "ab"
    ]
    both = pd.concat(sides, ignore_index=True).drop_duplicates(list(columns))
    return both.sort_values(list(columns[:3]), kind="stable", ignore_index=True)


def _to_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table that people open in a spreadsheet: no text of it is a formula."""
    escape_formulas(table).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def _write_origin(path: Path, origin: Origin, kept: Path) -> None:
    files = [kept] if kept.is_file() else [kept / name for name in sorted(files_in(kept))]
    values = {
        "name": origin.name,
        "producer": origin.producer,
        "url": origin.url,
        "licence": origin.licence,
        "retrieved": origin.retrieved,
        "file": kept.name,
        "bytes": sum(file.stat().st_size for file in files),
        "sha256": _checksum(kept, files),
        "imported_with": f"ties {__version__}",
        "options": json.dumps(dict(origin.options), ensure_ascii=False, default=str),
    }
    # A JSON text without control characters is a TOML text too.
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _checksum(kept: Path, files: Sequence[Path]) -> str:
    """Give the SHA-256 of a file; of a folder that of the lines that `sha256sum` gives of it."""

    def digest(path: Path) -> str:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    if kept.is_file():
        return digest(kept)
    lines = [f"{digest(file)}  {file.relative_to(kept).as_posix()}\n" for file in files]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def say(origin: Origin, report: Mapping[str, Any]) -> str:
    """Say in words what became of an input."""
    lines = [
        f"# {code_of(origin.name)}, retrieved {origin.retrieved}",
        "",
        "| | |",
        "|---|---:|",
        f"| rows of the input | {report['rows']:,} |",
        f"| entries (a partner named) | {report['entries']:,} |",
        f"| rejected, see rejected.csv | {report['rejected']:,} |",
        f"| ties | {report['ties']:,} |",
        f"| merged into one of these, see merge-log.csv | {report['merged']:,} |",
        f"| both ends one place | {report['self_pair']:,} |",
        f"| an end not known, see places.csv | {report['unresolved']:,} |",
        f"| known, but not fit for the record | {report['not_in_record']:,} |",
        f"| problems, see problems.csv | {report['problems']:,} |",
    ]
    reasons = [f"| {rule} | {n:,} |" for rule, n in report["rejected_by_rule"].items()]
    if reasons:
        lines += ["", "| rejected for | entries |", "|---|---:|", *reasons]
    return "\n".join(lines) + "\n"


def _foreign(folder: Path) -> list[str]:
    """Give the files of a folder that no import wrote."""
    if not (folder / ORIGIN).exists():
        return files_in(folder)
    ours = {"received", "record"}
    return [
        name for name in files_in(folder) if name not in _OURS and name.split("/")[0] not in ours
    ]
