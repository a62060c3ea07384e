"""Pages of answers on disk: each as received, beside a note of what was asked and its checksum.

A page counts only if it is whole: its note is written after it, both are put in place by a rename,
and a page whose checksum differs, or that answers another query, is asked for again. So a run that
is killed at any moment can be taken up, and no page is asked for twice.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ties.errors import UnreadableError
from ties.importers.statements import read_limited
from ties.importers.wikidata.documents import NotJsonError, parse_json
from ties.importers.wikidata.manners import LiveQueryError

_MAX_NOTE: Final = 100_000


@dataclass(frozen=True)
class Pages:
    """A folder of pages; made when the first is kept.

    Parameters
    ----------
    folder
        Where pages are kept: ``DE-FR/1a2b….json``, each with its ``1a2b….note.json``.
    endpoint
        The service that they come from; pages of another one do not count.
    max_bytes
        The largest page.
    """

    folder: Path
    endpoint: str
    max_bytes: int

    def path(self, chunk: str, query: str) -> Path:
        """Give the place of a page: its name is made of what was asked, and of whom."""
        asked = hashlib.sha256(f"{self.endpoint}\n{query}".encode()).hexdigest()
        return self.folder / chunk / f"{asked[:32]}.json"

    def find(self, chunk: str, query: str) -> bytes | None:
        """Give a page that was kept, if it is whole."""
        path = self.path(chunk, query)
        note = self._note(path, query)
        if note is None or not path.is_file():
            return None
        try:
            body = read_limited(path, self.max_bytes)
        except UnreadableError:
            return None
        return body if hashlib.sha256(body).hexdigest() == note.get("sha256") else None

    def was_too_much(self, chunk: str, query: str) -> bool:
        """Tell whether a query is known to have run into the service's time limit."""
        note = self._note(self.path(chunk, query), query)
        return note is not None and note.get("too_much") is True

    def keep(self, chunk: str, query: str, body: bytes, now: float) -> None:
        """Keep a page, and then its note."""
        path = self.path(chunk, query)
        about = {"sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body)}
        self._write(path, body)
        self._write(_note_path(path), self._described(query, now, about))

    def keep_too_much(self, chunk: str, query: str, now: float) -> None:
        """Keep in mind that a query was too much for the service."""
        note = self._described(query, now, {"too_much": True})
        self._write(_note_path(self.path(chunk, query)), note)

    def _described(self, query: str, now: float, about: dict[str, Any]) -> bytes:
        received = dt.datetime.fromtimestamp(now, dt.UTC).isoformat(timespec="seconds")
        note = about | {"received": received, "endpoint": self.endpoint, "query": query}
        return json.dumps(note, indent=2, ensure_ascii=False).encode() + b"\n"

    def _note(self, path: Path, query: str) -> dict[str, Any] | None:
        try:
            note = parse_json(read_limited(_note_path(path), _MAX_NOTE))
        except (UnreadableError, NotJsonError):
            return None
        same = isinstance(note, dict) and note.get("query") == query
        return note if same and note.get("endpoint") == self.endpoint else None

    def _write(self, path: Path, content: bytes) -> None:
        """Put a file in place whole or not at all."""
        part = path.with_suffix(path.suffix + ".part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(path)
        except OSError as error:
            reason = f"{path.parent} cannot be written to: {error.strerror}; name another cache"
            raise LiveQueryError(reason) from error


def _note_path(path: Path) -> Path:
    return path.with_suffix(".note.json")


def last_received(folder: Path) -> str:
    """Give the day on which the last page of a folder was received, as ISO 8601, in UTC.

    Raises
    ------
    UnreadableError
        If there is no note of a page.
    """
    notes = (parse_json(read_limited(path, _MAX_NOTE)) for path in folder.rglob("*.note.json"))
    days = [str(note["received"])[:10] for note in notes if isinstance(note, dict)]
    if not days:
        raise UnreadableError(f"{folder} holds no page of an answer")
    return max(days)
