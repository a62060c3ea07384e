"""Is this a page of Wikipedia, and in which form? The readers, and a look that tells them apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from ties.errors import UnreadableError
from ties.importers.statements import Reading
from ties.importers.wikipedia.html import read_html
from ties.importers.wikipedia.wikitext import read_wikitext

READERS: Final[Mapping[str, Callable[..., Reading]]] = {
    "wikitext": read_wikitext,
    "html": read_html,
}

_N_SNIFFED: Final = 65_536
_HTML: Final = re.compile(r"\s*<(?:!doctype html|html|head|body|div|section|p|ul|h[1-6])\b", re.I)
_LINK: Final = re.compile(r"\[\[[^\[\]\n]{1,300}\]\]")
_LINE: Final = re.compile(r"^(?:\*|=+[^=\n]+=+\s*$|'''|#redirect)", re.MULTILINE | re.IGNORECASE)


def detect(path: str | Path) -> str | None:
    """Give the form of the page that a file seems to hold, from its first bytes.

    Parameters
    ----------
    path
        A file.

    Returns
    -------
    str or None
        A key of `READERS`: "html" if it begins with a tag of HTML, "wikitext" if it holds
        links in double brackets and lines of a list; None if it is neither.

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
    text = head.decode("utf-8-sig", errors="ignore")
    if "\0" in text:
        return None
    if _HTML.match(text):
        return "html"
    return "wikitext" if _LINK.search(text) and _LINE.search(text) else None
