"""What a program printed of a JavaScript object while it grew, one dump after another.

It is not JSON: keys stand bare and texts in single quotes. Each dump repeats all that the
one before it held, so the last is read, by a library for JSON5, and the others are looked
through for names of places that the last has lost.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from ties.errors import UnreadableError
from ties.importers.recipes.lines import read_text
from ties.importers.recipes.nested import read_places
from ties.importers.statements import Reading
from ties.importers.wikipedia.collect import Collector
from ties.io.json_text import whole_characters

_START: Final = re.compile(r"^(?=\{)", re.MULTILINE)
# Dumps of deep or long objects leave out what is in them.
_ABBREVIATED: Final = re.compile(r"\[(?:Object|Array|Circular)\b[^\]]*\]|\.\.\. \d+ more items?")
_KEY: Final = re.compile(
    r"^\{? {0,2}(?:'((?:[^'\\]|\\.){1,200})'|(\w{1,200})): *(?:\{|$)", re.MULTILINE
)

# The parser is written in Python: this takes it up to ten seconds.
MAX_DUMP: Final = 500_000
MAX_LOG: Final = 50_000_000


def read_console_dump(path: str | Path) -> Reading:
    """Read the last dump of an object that is keyed by place.

    Parameters
    ----------
    path
        A log in which each dump begins with ``{`` at the start of a line.

    Returns
    -------
    Reading
        As `ties.importers.recipes.nested.read_nested` gives it, for the last dump. A warning
        counts the earlier ones (``earlier_dumps``), and one names each place that only an
        earlier one holds (``lost_place``).

    Raises
    ------
    UnreadableError
        If the file cannot be read, the last dump is cut off or abbreviated, or the library
        that reads it is not installed.
    """
    source = Path(path)
    dumps = [part for part in _START.split(read_text(source, MAX_LOG)) if part.startswith("{")]
    if not dumps:
        raise UnreadableError(f"{source} holds no dump: no line of it begins with an opening brace")
    last = _parse(dumps[-1], source)
    entries = Collector(source.name)
    if len(dumps) > 1:
        message = f"{len(dumps) - 1} earlier dumps of the same object stand before the last"
        entries.warn("earlier_dumps", f"{message}, which was read")
    earlier = {found[1] or found[2] for dump in dumps[:-1] for found in _KEY.finditer(dump)}
    for name in sorted(earlier - {name.replace("'", "\\'") for name in last} - last.keys()):
        message = f"{name!r} stands in an earlier dump and not in the last; it was not read"
        entries.warn("lost_place", message, value=name)
    return read_places(list(last.items()), entries)


def _parse(dump: str, source: Path) -> dict[str, Any]:
    if len(dump) > MAX_DUMP:
        raise UnreadableError(f"the last dump in {source} is longer than {MAX_DUMP:,} characters")
    cut = _ABBREVIATED.search(dump)
    if cut is not None:
        raise UnreadableError(
            f"the last dump in {source} is abbreviated ({cut[0]}); print the object whole, as JSON"
        )
    tree = _load(dump, source)
    if not isinstance(tree, dict) or not tree:
        raise UnreadableError(f"the last dump in {source} is not an object that is keyed by place")
    return tree


def _load(dump: str, source: Path) -> Any:
    try:
        import json5
    except ImportError as error:
        reason = "is a dump of a JavaScript object, which the library json5 reads"
        raise UnreadableError(f"{source} {reason}; install ties[import]") from error
    try:
        return json5.loads(whole_characters(dump), allow_duplicate_keys=False)
    except RecursionError as error:
        raise UnreadableError(f"the last dump in {source} is nested too deeply") from error
    except ValueError as error:
        raise UnreadableError(f"the last dump in {source} cannot be read: {error}") from error
