"""The lines of a text file that somebody's program wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from ties.errors import UnreadableError
from ties.importers.statements import MAX_BYTES, read_limited

MAX_LINE: Final = 1_000_000


def read_text(path: Path, limit: int = MAX_BYTES) -> str:
    """Give the text of a file in UTF-8, with or without a byte order mark.

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
        raise UnreadableError(
            f"{path} is not UTF-8: {place} does not fit; save it as UTF-8"
        ) from error
    if "\0" in text:
        raise UnreadableError(f"{path} holds a NUL byte: it is damaged or not text")
    return text


def text_lines(path: Path) -> list[str]:
    """Give the lines of a text file, as a text editor counts them.

    Raises
    ------
    UnreadableError
        If the file cannot be read, or a line is longer than a million characters.
    """
    text = read_text(path).replace("\r\n", "\n")
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    longest = max(map(len, lines), default=0)
    if longest > MAX_LINE:
        raise UnreadableError(f"{path} has a line of {longest:,} characters; is it a table?")
    return lines
