"""Ties from Wikidata: entities, answers to queries, and the live query service."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from ties.errors import UnreadableError
from ties.importers.statements import MAX_BYTES, Reading
from ties.importers.wikidata.answers import AnswerReader, is_answer
from ties.importers.wikidata.collector import TieCollector
from ties.importers.wikidata.documents import read_lines
from ties.importers.wikidata.entities import LANGUAGES, EntityReader

__all__ = ["read_wikidata"]


def read_wikidata(
    path: str | Path | Sequence[str | Path],
    *,
    languages: Sequence[str] = LANGUAGES,
    max_bytes: int = MAX_BYTES,
) -> Reading:
    """Ties of a file of Wikidata: entities, or the answer to a query.

    Parameters
    ----------
    path
        A JSON file, plain or packed with gzip or bzip2: entities as
        `ties.importers.wikidata.entities` has them, or an answer as
        `ties.importers.wikidata.answers` does. Or several, whose rows are numbered on.
    languages
        Codes of the languages to take the names of entities in, the most wanted first.
    max_bytes
        The largest file read, unpacked.

    Returns
    -------
    Reading
        A row of the input is an entity, or a solution of the query. ``locator`` is the id of the
        statement, such as ``Q3955$f5bc4a76-…``, or where it has none its place in the file.
        An entity without a tie is a rejected entry (``no_tie``).

    Raises
    ------
    UnreadableError
        If a file cannot be read, is too large, has neither form, or is an answer whose
        variables do not name two places.

    Examples
    --------
    >>> import json, pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "query.json"
    ...     _ = path.write_text(json.dumps([{"city": "Bonn", "twin": "Q92212"}]))
    ...     read_wikidata(path).statements[["locator", "name_a", "id_b", "name_b"]]
      locator name_a    id_b  name_b
    0    $[0]   Bonn  Q92212  Q92212
    """
    entries = TieCollector()
    entities, answers = EntityReader(entries, languages), AnswerReader(entries)
    for source in map(Path, [path] if isinstance(path, str | Path) else path):
        entries.file = source.name.encode("utf-8", "replace").decode("utf-8")
        lines = read_lines(source, max_bytes)
        first = [line for line in [next(lines, None)] if line is not None]
        if first and is_answer(first[0].value):
            answers.read(source, first[0].value)
        elif not entities.read(chain(first, lines)):
            raise UnreadableError(
                f"{source} holds no entity of Wikidata (an object with 'id' and 'claims') and is "
                "no answer to a query; save Special:EntityData/Q64.json, lines of a dump, or the "
                "answer as JSON"
            )
    entities.finish()
    answers.finish()
    return entries.finished()
