"""A source of somebody else's becomes a record: in memory, or as a folder that shows what it did.

    file -> reading -> statements -> places -> ties -> record, with every entry accounted for

The folder keeps the input byte for byte, says where it came from, and shows what became of every
entry: accepted, rejected with its reason, merged into which tie. A new version of the source is
a new folder beside it.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from ties import __version__
from ties.dataset import Dataset
from ties.dates import last_day
from ties.errors import (
    InternalError,
    TiesError,
    UnreadableError,
    describe,
    join,
    public,
    unexpected,
)
from ties.importers.freetext import edtf_of
from ties.importers.import_folder import ORIGIN, code_of, numbered, source_table
from ties.importers.kinds import reader
from ties.importers.statements import Reading, with_cells
from ties.io.atomic import files_in
from ties.io.writing import as_toml
from ties.merge.pairs import MERGED, Merged, merge, resolve_statements
from ties.merge.record import to_dataset
from ties.merge.result_folder import as_page, check_free, places_of, sound, write_result
from ties.merge.rows import assumptions, lost_rows, rows_of
from ties.merge.undecided import undecided
from ties.places.gazetteer import Gazetteer


@dataclass(frozen=True)
class Origin:
    """Where an input came from, as far as somebody said so.

    Parameters
    ----------
    name
        Title of the source; its code follows from it.
    retrieved
        The day of the listing: 2026-02-08, or 08.02.2026. A source that does not say when
        something was, is a witness of that day.
    producer, url, licence
        Who made it, where it is from, how it may be used.
    options
        How it was read.
    """

    name: str
    retrieved: str
    producer: str = ""
    url: str = ""
    licence: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The name as a folder may bear it."""
        code = code_of(self.name)
        if not code:
            raise TiesError(f"{self.name!r} is no name for a folder; use letters and digits")
        return code

    @property
    def day(self) -> pd.Timestamp:
        """The last day that `retrieved` admits."""
        try:
            return last_day(edtf_of(self.retrieved).edtf or self.retrieved)
        except ValueError as error:
            raise TiesError(f"retrieved: {error}") from error


@dataclass(frozen=True)
class ImportResult:
    """What an import gave.

    Parameters
    ----------
    reading
        The statements and the entries that are none.
    merged
        Which statement went into which pair.
    dataset
        The record. Its ``problems`` are those of the source, by file and cell; its ``rejected``
        are the entries that are in no tie, and what contradicted itself; its ``rows`` are all
        entries with what each became.
    refused
        Statements of ties that cannot be in a record: ``statement_id``, ``pair``, ``reason``.
    counts
        Entries read = rejected + ties + merged + self_pair + unresolved.
    folder
        Where it was written; nowhere if it is in memory alone.
    """

    reading: Reading
    merged: Merged
    dataset: Dataset
    refused: pd.DataFrame
    counts: Mapping[str, int]
    folder: Path | None = None


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
) -> ImportResult:
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
        Where the file came from.
    known, gazetteer, decisions
        As for `ties.places.resolver.resolve`.
    options
        What the reader of this kind takes, such as ``mapping`` for flat tables.

    Raises
    ------
    UnreadableError
        If the file cannot be read at all.
    TiesError
        If there is no such kind, the day is none, or the folder holds files of others.
    """
    check_free(_target(out, origin))  # before the file is read, which may take its time
    reading = reader(kind)(Path(source), **(options or {}))
    made = import_reading(reading, origin, known, gazetteer, decisions)
    return _written(made, Path(source), out, origin, known, gazetteer)


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
) -> ImportResult:
    """Import the ties between countries from Wikidata's query service.

    Pages that were received are kept in ``<out>/<name>/pages`` until the import is whole, so that
    one that was interrupted goes on where it stopped.

    Parameters
    ----------
    countries, contact, service
        As for `ties.importers.wikidata.live.read_live`.
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
    from ties.importers.wikidata.live import last_received, read_live

    cache = Path(out) / Origin(name, "").code / "pages"
    reading = read_live(countries, contact=contact, cache=cache, **service)
    origin = Origin(
        name,
        last_received(cache),
        producer="Wikidata",
        url="https://query.wikidata.org/",
        licence="CC0 1.0",
        options={"countries": list(countries)},
    )
    check_free(_target(out, origin))
    made = import_reading(reading, origin, known, gazetteer, decisions)
    written = _written(made, cache, out, origin, known, gazetteer)
    shutil.rmtree(cache)
    return written


def import_reading(
    reading: Reading,
    origin: Origin,
    known: Dataset | None = None,
    gazetteer: Gazetteer | None = None,
    decisions: pd.DataFrame | None = None,
) -> ImportResult:
    """Make a record of what was read, in memory; `import_source` says what is what."""
    day, name = origin.day, origin.code
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
    lost = lost_rows(reading, merged.statements, made.log)
    assumed = assumptions(merged.statements, day, gazetteer)
    found = with_cells(join([reading.problems, lost, assumed]), reading.columns)
    if made.dataset.ties.empty:
        told = unexpected(public(found))
        what = f"{origin.name}: {reading.n_entries:,} rows were read, and none of them is a tie"
        raise UnreadableError(f"{what}\n{describe(told, limit=3)}", told)
    rows = rows_of(merged.statements, made.log, made.place_ids, reading.rejected, reading.own)
    record = sound(replace(made.dataset, rows=rows))
    # What is to come was told row by row.
    others = made.problems[made.problems["rule"] != "future"]
    problems = public(join([found, others, record.problems]))
    counts = _counts(reading, merged, made.rejected, problems)
    record = replace(
        record,
        problems=problems,
        rejected=pd.concat([_as_rejected(lost, rows), record.rejected], ignore_index=True),
        n_read={"rows": reading.n_entries},
    )
    return ImportResult(reading, merged, record, made.rejected, counts)


def _as_rejected(lost: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Entries that are in no tie, in the columns of `Dataset.rejected`."""
    refused = rows[rows["outcome"] == "rejected"].reset_index(drop=True)
    own = refused.drop(columns=["tie_id", "outcome", "reason", "file", "locator"])
    filled = own.notna()
    return pd.DataFrame(
        {
            "table": "rows",
            "file": refused["file"],
            "line": refused["locator"].str.extract(r"^(?:line|row) (\d+)$")[0].astype("Int64"),
            "reason": refused["reason"],
            "row": [
                json.dumps(row[is_said].to_dict(), ensure_ascii=False)
                for (_, row), (_, is_said) in zip(own.iterrows(), filled.iterrows(), strict=True)
            ],
        }
    ).astype({"table": "str", "row": "str"})


def _counts(
    reading: Reading, merged: Merged, refused: pd.DataFrame, problems: pd.DataFrame
) -> dict[str, int]:
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
        "found_nowhere": _n_places(merged.statements, "provisional"),
        "ambiguous": _n_places(merged.statements, "ambiguous"),
        "dates_left_out": int(problems["rule"].isin(["date_unread", "future"]).sum()),
        "problems": len(problems),
    }
    parts = found["ties"] + found["merged"] + found["self_pair"] + found["unresolved"]
    if found["rejected"] + parts != found["entries"]:
        raise InternalError("entries were lost between reading and merging")
    return found


def _n_places(statements: pd.DataFrame, basis: str) -> int:
    """Count the places at either end that stand on some basis."""
    sides = [statements.loc[statements[f"basis_{s}"] == basis, f"place_key_{s}"] for s in "ab"]
    return int(pd.concat(sides).nunique())


def _target(out: str | Path, origin: Origin) -> Path:
    return Path(out) / origin.code / str(origin.day.date())


def _written(
    made: ImportResult,
    received: Path,
    out: str | Path,
    origin: Origin,
    known: Dataset | None,
    gazetteer: Gazetteer | None,
) -> ImportResult:
    reading, merged = made.reading, made.merged
    tables = {
        "statements": reading.statements,
        "rejected": reading.rejected,
        "problems": made.dataset.problems,
        "merge-log": merged.log,
        "places": places_of(merged.statements),
        "double-level": merged.double_level,
        "undecided": undecided(merged.statements, known, gazetteer),
    }
    rules = reading.rejected["rule"].value_counts()
    report = {**made.counts, "rejected_by_rule": {str(k): int(v) for k, v in rules.items()}}
    texts = {ORIGIN: _origin(origin, received), "report.md": _page(origin, report)}
    target = _target(out, origin)
    return replace(made, folder=write_result(target, made.dataset, tables, report, texts, received))


def _origin(origin: Origin, received: Path) -> str:
    is_file = received.is_file()
    files = [received] if is_file else [received / name for name in sorted(files_in(received))]
    return as_toml(
        {
            "name": origin.name,
            "producer": origin.producer,
            "url": origin.url,
            "licence": origin.licence,
            "retrieved": str(origin.day.date()),
            "file": received.name,
            "bytes": sum(file.stat().st_size for file in files),
            "sha256": _checksum(received, files),
            "imported_with": f"ties {__version__}",
            "options": json.dumps(dict(origin.options), ensure_ascii=False, default=str),
        }
    )


def _checksum(received: Path, files: Sequence[Path]) -> str:
    """SHA-256 of a file; of a folder that of the lines that `sha256sum` prints of it."""

    def digest(path: Path) -> str:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    if received.is_file():
        return digest(received)
    lines = [f"{digest(file)}  {file.relative_to(received).as_posix()}\n" for file in files]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _page(origin: Origin, report: Mapping[str, Any]) -> str:
    """What became of an input, in words."""
    counts = {
        "rows of the input": report["rows"],
        "entries (a partner named)": report["entries"],
        "rejected, see rejected.csv": report["rejected"],
        "ties": report["ties"],
        "merged into one of these, see merge-log.csv": report["merged"],
        "both ends one place": report["self_pair"],
        "an end not known, see places.csv": report["unresolved"],
        "known, but not fit for the record": report["not_in_record"],
        "places found nowhere, see undecided.csv": report["found_nowhere"],
        "names of several places, see undecided.csv": report["ambiguous"],
        "dates that could not be used, see problems.csv": report["dates_left_out"],
        "problems, see problems.csv": report["problems"],
    }
    reasons = [f"| {rule} | {n:,} |" for rule, n in report["rejected_by_rule"].items()]
    more = [["| rejected for | entries |", "|---|---:|", *reasons]] if reasons else []
    return as_page(f"{origin.code}, retrieved {origin.day.date()}", counts, *more)
