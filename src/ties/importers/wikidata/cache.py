"""Answers of the query service on disk: each as received, beside a note of what was asked.

A file is named by a hash of the query, and counts only if it is whole: its note, with its checksum,
is written after it. So a run that is killed at any moment can be taken up, and nothing is asked
for twice.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ties.errors import UnreadableError
from ties.importers.statements import read_limited
from ties.importers.wikidata.documents import NotJsonError, parse_json
from ties.importers.wikidata.service import LiveQueryError
from ties.io.atomic import OutputError, whole_file

_MAX_NOTE: Final = 100_000
_NOTE: Final = ".note.json"


@dataclass(frozen=True)
class Cache:
    """A folder of answers; made when the first is kept.

    Parameters
    ----------
    folder
        Where they are kept: ``DE-FR/1a2b….json``, each with its ``1a2b….note.json``.
    endpoint
        The service that they come from; answers of another one do not count.
    max_bytes
        The largest answer.
    """

    folder: Path
    endpoint: str
    max_bytes: int

    def path(self, chunk: str, query: str) -> Path:
        """Place of an answer: its name is made of what was asked, and of whom."""
        asked = hashlib.sha256(f"{self.endpoint}\n{query}".encode()).hexdigest()
        return self.folder / chunk / f"{asked[:32]}.json"

    def find(self, chunk: str, query: str) -> bytes | None:
        """The answer that was kept, if it is whole."""
        path = self.path(chunk, query)
        try:
            body = read_limited(path, self.max_bytes)
        except UnreadableError:
            return None
        is_whole = hashlib.sha256(body).hexdigest() == self._note(path, query).get("sha256")
        return body if is_whole else None

    def was_too_much(self, chunk: str, query: str) -> bool:
        """Whether a query is known to have run into a limit."""
        return self._note(self.path(chunk, query), query).get("too_much") is True

    def keep(self, chunk: str, query: str, body: bytes) -> None:
        """Keep an answer, and then its note."""
        self._write(self.path(chunk, query), body)
        about = {"sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body)}
        self._describe(chunk, query, about)

    def keep_too_much(self, chunk: str, query: str) -> None:
        """Keep in mind that a query was too much for the service."""
        self._describe(chunk, query, {"too_much": True})

    def _describe(self, chunk: str, query: str, about: dict[str, Any]) -> None:
        received = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        note = about | {"received": received, "endpoint": self.endpoint, "query": query}
        text = json.dumps(note, indent=2, ensure_ascii=False) + "\n"
        self._write(self.path(chunk, query).with_suffix(_NOTE), text.encode())

    def _note(self, path: Path, query: str) -> dict[str, Any]:
        try:
            note = parse_json(read_limited(path.with_suffix(_NOTE), _MAX_NOTE))
        except (UnreadableError, NotJsonError):
            return {}
        asked = {"query": query, "endpoint": self.endpoint}
        return note if isinstance(note, dict) and asked.items() <= note.items() else {}

    def _write(self, path: Path, content: bytes) -> None:
        try:
            with whole_file(path) as scratch:
                scratch.write_bytes(content)
        except OutputError as error:
            raise LiveQueryError(f"{error}; name another cache") from error


def last_received(folder: Path) -> str:
    """Day on which the last answer of a folder was received, as ISO 8601, in UTC.

    Raises
    ------
    UnreadableError
        If there is no note of an answer.
    """
    notes = (parse_json(read_limited(path, _MAX_NOTE)) for path in folder.rglob(f"*{_NOTE}"))
    days = [str(note["received"])[:10] for note in notes if isinstance(note, dict)]
    if not days:
        raise UnreadableError(f"{folder} holds no answer")
    return max(days)
