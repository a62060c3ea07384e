"""What a file of ties can be, who reads it, and which of them a file seems to be."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from ties.errors import TiesError, UnreadableError, nearest
from ties.importers.statements import Reading

# Each reader is imported when it is needed: some stand on libraries of the extra `import`.
KINDS: Final[Mapping[str, str]] = {
    "table": "ties.importers.flat.read_flat",
    "wikidata": "ties.importers.wikidata.read_wikidata",
    "wikitext": "ties.importers.wikipedia.wikitext.read_wikitext",
    "html": "ties.importers.wikipedia.html.read_html",
    "nested": "ties.importers.nested.read_nested",
}

# What a person can say of a file, and what the readers that take it call that.
OPTIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "map": {"table": "mapping", "html": "mapping"},
    "country": {"wikitext": "country_a", "html": "country_a"},
    "place": {"wikitext": "place_a", "html": "place_a"},
    "title": {"wikitext": "title", "html": "title"},
}

_TABLES: Final = (".xlsx", ".xlsm", ".xls", ".ods", ".parquet", ".dbf", ".shp")
_PACKED: Final = (".gz", ".bz2", ".xz")
_N_SNIFFED: Final = 65_536
_OF_WIKIDATA: Final = re.compile(r'wikidata\.org/|"claims"\s*:|"bindings"\s*:|"Q[1-9]\d*"')


def reader(kind: str) -> Callable[..., Reading]:
    """The function that reads inputs of a kind.

    Raises
    ------
    TiesError
        If there is no such kind.
    """
    if kind not in KINDS:
        raise TiesError(f"{kind!r} is no kind of import; they are {', '.join(KINDS)}")
    module, name = KINDS[kind].rsplit(".", 1)
    found: Callable[..., Reading] = getattr(import_module(module), name)
    return found


def reader_options(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What was said of a file under the names that its reader has for it.

    Parameters
    ----------
    kind
        One of `KINDS`.
    given
        By keys of `OPTIONS`; a missing value was not said.

    Raises
    ------
    TiesError
        If something was said that this kind of file has no use for.

    Examples
    --------
    >>> reader_options("wikitext", {"country": "Germany", "map": None})
    {'country_a': 'Germany'}
    """
    said = {name: value for name, value in given.items() if value is not None}
    for name in said:
        if kind not in OPTIONS[name]:
            fitting = " or ".join(OPTIONS[name])
            more = ""
            if (kind, name) == ("table", "country"):
                more = '; for a table, write country_a = "…" under [constants] of the mapping'
            raise TiesError(f"--{name} is for {fitting}, and not for {kind}{more}")
    return {OPTIONS[name][kind]: value for name, value in said.items()}


def detect(path: str | Path) -> str:
    r"""Which kind of import a file seems to be, from its name and its first bytes.

    What is none of the others is taken for a table, whose reader says what is wrong with it.

    Parameters
    ----------
    path
        A file.

    Returns
    -------
    str
        One of `KINDS`.

    Raises
    ------
    UnreadableError
        If there is no such file; a mistyped kind is recognised.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = pathlib.Path(folder) / "list.txt"
    ...     _ = page.write_text("== [[Bonn]] ==\n* [[Opole]], Poland (1954)\n")
    ...     detect(page)
    'wikitext'
    """
    source = Path(path)
    try:
        with source.open("rb") as stream:
            head = stream.read(_N_SNIFFED)
    except OSError as error:
        near = nearest(source.name, list(KINDS))
        way_out = f"; did you mean the kind {near!r}?" if near else ""
        raise UnreadableError(f"{source} cannot be read: {error.strerror}{way_out}") from error
    suffixes = [suffix.casefold() for suffix in source.suffixes]
    if suffixes[-1:] and suffixes[-1] in _TABLES:
        return "table"
    if suffixes[-1:] and suffixes[-1] in _PACKED:
        return "wikidata"
    return _by_content(source, head.decode("utf-8-sig", errors="ignore").lstrip())


def _by_content(source: Path, text: str) -> str:
    if text.startswith(("{", "[{", "[\n", "[\r")) and _OF_WIKIDATA.search(text):
        return "wikidata"
    from ties.importers.nested import looks_nested
    from ties.importers.wikipedia.about import detect as detect_page

    return "nested" if looks_nested(text) else detect_page(source) or "table"
