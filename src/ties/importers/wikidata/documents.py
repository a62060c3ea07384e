"""JSON files from others: read within limits, one document or one a line, packed or not.

Three forms are about: one JSON document, a list of them, and the dumps of Wikidata, which
keep one entity a line with a comma after it, between a line ``[`` and a line ``]``. A part cut out
of a dump is read as well.

A file is judged by what it holds, not by its name: gzip and bzip2 are told by their first
bytes, and the limit counts what is unpacked.
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from ties.errors import UnreadableError
from ties.importers.statements import read_limited
from ties.io.json_text import NotJsonError, parse_json

_UTF8_MARK: Final = b"\xef\xbb\xbf"
_BRACKETS: Final = (b"[", b"]")
_MAX_SHOWN: Final = 2_000


class Line(NamedTuple):
    """One line of a file: a document, or the reason why it is none."""

    number: int
    value: Any
    error: str | None = None
    text: str = ""


def read_lines(source: Path, limit: int) -> Iterator[Line]:
    """Documents of a file: its only one, or that of each line.

    A file is read by lines if its first line, but for a bracket, is a whole document. A line
    that is no JSON comes with its error; so does each line of a part of a dump.

    Raises
    ------
    UnreadableError
        If the file cannot be read, is larger than so many bytes, or is neither form of JSON.
    """
    content = _unpacked(source, read_limited(source, limit), limit).removeprefix(_UTF8_MARK)
    if not content.strip():
        raise UnreadableError(f"{source} is empty; save it again")
    first = next((text for _, text in _texts(content)), b"")
    if first.startswith(b"{") and first.endswith(b"}"):
        return (_line(number, text) for number, text in _texts(content))
    try:
        return iter([Line(1, parse_json(content))])
    except NotJsonError as error:
        raise UnreadableError(f"{source} {error}; save it again") from error


def shown(value: object) -> str:
    """Write a part of a document as text, cut to a length that a table can hold."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (RecursionError, TypeError, ValueError):
        text = "(nested too deeply to be shown)"
    return text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 1] + "…"


def _unpacked(source: Path, packed: bytes, limit: int) -> bytes:
    stream: gzip.GzipFile | bz2.BZ2File
    if packed.startswith(b"\x1f\x8b"):
        name, stream = "gzip", gzip.GzipFile(fileobj=io.BytesIO(packed))
    elif packed.startswith(b"BZh"):
        name, stream = "bzip2", bz2.BZ2File(io.BytesIO(packed))
    else:
        return packed
    try:
        with stream:
            content = stream.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableError(f"{source} is damaged ({name}: {error}); fetch it again") from error
    if len(content) > limit:
        raise UnreadableError(f"{source} unpacks to more than {limit:,} bytes; import it in parts")
    return content


def _texts(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Lines that hold anything, without the comma and the brackets of a list."""
    for number, line in enumerate(io.BytesIO(content), start=1):
        text = line.strip().removesuffix(b",").rstrip()
        if text and text not in _BRACKETS:
            yield number, text


def _line(number: int, text: bytes) -> Line:
    try:
        return Line(number, parse_json(text))
    except NotJsonError as error:
        start = text[:_MAX_SHOWN].decode("utf-8", "replace")
        return Line(number, None, str(error), start)
