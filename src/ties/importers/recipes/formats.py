"""Which scrape is this? The formats, their readers, and a cheap look that tells them apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from ties.errors import UnreadableError
from ties.importers.recipes.adjacency import read_adjacency
from ties.importers.recipes.console import read_console_dump
from ties.importers.recipes.nested import PARTNER_LISTS, read_nested
from ties.importers.recipes.pairs import read_pairs
from ties.importers.recipes.paths import read_paths
from ties.importers.statements import Reading

READERS: Final[Mapping[str, Callable[..., Reading]]] = {
    "nested": read_nested,
    "console": read_console_dump,
    "pairs": read_pairs,
    "adjacency": read_adjacency,
    "paths": read_paths,
}

# Enough for the first entries of any of them.
_N_SNIFFED: Final = 65_536
_LISTS: Final = "|".join(PARTNER_LISTS)
# Bare keys or single quotes behind a brace: JavaScript, not JSON.
_CONSOLE: Final = re.compile(r"\{\s*(?:[^\W\d]\w*|'[^'\n]{1,200}')\s*:\s*\{")
_NESTED: Final = re.compile(
    rf'\A\s*\{{\s*"[^"\n]{{0,200}}"\s*:\s*\{{[\s\S]*?"(?:{_LISTS})"\s*:\s*\['
)
_PLACE: Final = r'"[^",]{1,200}(?:, ?[^",]{1,200})+"'
_PAIR: Final = re.compile(r"(?:Q\d+|\w+:\S+|\d+)\t(?:Q\d+|\w+:\S+|\d+)")
_NUMBERS: Final = re.compile(r'"?"?(?:,"?\d+"?)+')
_LABEL: Final = re.compile(rf"{_PLACE}(?:,{_PLACE})+,*")
_PATH: Final = re.compile(r"[^<>{}\[\]]+(?: > [^<>{}\[\]]+)+")


def detect(path: str | Path) -> str | None:
    """Give the name of the format that a file seems to be in, from its first bytes.

    Parameters
    ----------
    path
        A file.

    Returns
    -------
    str or None
        A key of `READERS`; None if the file is in none of these formats, is empty, or is no
        text in UTF-8. Reading may still find that the rest of the file does not fit.

    Raises
    ------
    UnreadableError
        If there is no such file, or it cannot be opened.
    """
    source = Path(path)
    try:
        with source.open("rb") as stream:
            head = stream.read(_N_SNIFFED)
    except OSError as error:
        raise UnreadableError(f"{source} cannot be read: {error.strerror}") from error
    if b"\0" in head:
        return None
    text = head.decode("utf-8-sig", errors="ignore")
    if text.lstrip()[:1] == "{":
        return _of_object(text)
    # The last line may be cut off.
    lines = [line.rstrip("\r") for line in text.split("\n")]
    return _of_lines(lines[:-1] or lines)


def _of_object(text: str) -> str | None:
    if _CONSOLE.match(text.lstrip()):
        return "console"
    return "nested" if _NESTED.match(text) else None


def _of_lines(lines: list[str]) -> str | None:
    filled = [line for line in lines if line.strip()][:50]
    if not filled:
        return None
    if all(_PAIR.fullmatch(line) for line in filled):
        return "pairs"
    if _NUMBERS.fullmatch(filled[0]) or all(_LABEL.fullmatch(line) for line in filled):
        return "adjacency"
    if len(filled) > 1 and all(_PATH.fullmatch(line) for line in filled[1:]):
        return "paths"
    return None
