"""A file of Wikidata of any form: entities, or the answer to a query."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from ties.importers.statements import MAX_BYTES, Reading
from ties.importers.wikidata.answers import is_answer
from ties.importers.wikidata.documents import read_lines
from ties.importers.wikidata.entities import LANGUAGES, read_entity_lines
from ties.importers.wikidata.results import read_answers


def read_wikidata(
    path: str | Path, *, languages: Sequence[str] = LANGUAGES, max_bytes: int = MAX_BYTES
) -> Reading:
    """Read the ties of a file of Wikidata, whichever of the two forms it has.

    Parameters
    ----------
    path
        A JSON file, plain or packed: entities, as `ties.importers.wikidata.entities` reads them, or
        the answer to a query, as `ties.importers.wikidata.results` does.
    languages
        Codes of the languages to take the names of entities in, the most wanted first.
    max_bytes
        The largest file read, unpacked.

    Returns
    -------
    Reading
        A row of the input is an entity, or a solution of the query.

    Raises
    ------
    UnreadableError
        If the file cannot be read, is too large, or has neither form.

    Examples
    --------
    >>> import json, pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "query.json"
    ...     _ = path.write_text(json.dumps([{"city": "Bonn", "twin": "Opole"}]))
    ...     read_wikidata(path).statements[["name_a", "name_b"]]
      name_a name_b
    0   Bonn  Opole
    """
    source = Path(path)
    lines = read_lines(source, max_bytes)
    first = next(lines, None)
    if first is not None and first.error is None and is_answer(first.value):
        return read_answers([(source, first.value)])
    given = [] if first is None else [first]
    return read_entity_lines(chain(given, lines), source, languages)
