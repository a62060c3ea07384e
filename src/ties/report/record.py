"""The record that a report is about: its tables, its files, and how a notebook gets at it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ties.dataset import Dataset
from ties.inputs import is_table, read
from ties.io.folder import locate
from ties.io.writing import write_record
from ties.report.errors import ReportError
from ties.report.output import sha256

# What a record's folder may hold that belongs to it; whatever else lies there is not an input.
_SUFFIXES = (".csv", ".parquet", ".toml")


@dataclass(frozen=True)
class OpenedRecord:
    """A record with the place it was read from."""

    dataset: Dataset
    path: Path

    @classmethod
    def open(cls, source: Dataset | str | Path, scratch: Path) -> OpenedRecord:
        """Open a record by its name or path; what is no record on disk is written to `scratch`."""
        if isinstance(source, Dataset) or is_table(source):
            # It is read again from there, so that pages and notebooks see the same.
            dataset = source if isinstance(source, Dataset) else read(source)
            return cls.open(write_record(dataset, scratch / "record"), scratch)
        path = locate(source)
        return cls(read(path), path.resolve())

    def hashes(self) -> dict[str, str]:
        """The SHA-256 of each file of the record, by its name within the record.

        Raises
        ------
        ReportError
            If a file cannot be read.
        """
        try:
            if self.path.is_file():
                return {self.path.name: sha256(self.path)}
            files = sorted(p for p in self.path.iterdir() if p.suffix in _SUFFIXES and p.is_file())
            return {path.name: sha256(path) for path in files}
        except OSError as error:
            raise ReportError(f"cannot read {error.filename}: {error.strerror}") from error
