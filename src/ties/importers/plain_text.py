"""A file of others as text."""

from __future__ import annotations

from pathlib import Path

from ties.errors import UnreadableError
from ties.importers.statements import MAX_BYTES, read_limited


def read_text(path: Path, limit: int = MAX_BYTES) -> str:
    """Text of a file in UTF-8, with or without a byte order mark; every line ends in LF.

    Raises
    ------
    UnreadableError
        If the file cannot be read, is too large, or is not text in UTF-8.
    """
    data = read_limited(path, limit)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = f"byte {error.start + 1:,} (0x{error.object[error.start]:02X})"
        reason = f"{path} is not UTF-8: {place} does not fit; save it as UTF-8"
        raise UnreadableError(reason) from error
    if "\0" in text:
        raise UnreadableError(f"{path} holds a NUL byte: it is damaged or not text")
    return text.replace("\r\n", "\n")
