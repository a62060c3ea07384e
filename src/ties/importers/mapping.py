"""What the columns of a table mean, said by a person: the mapping file.

Columns are recognised by their names where they can be (`ties.importers.headings`). Where they
cannot, a file in TOML says it, and overrides whatever was recognised::

    [columns]                   # a heading of the table = a column of a statement
    "Partnerstadt" = "name_b"
    "Ebene" = ["level_a", "level_b"]
    "geom" = "geometry"         # LINESTRING: longitude latitude of place a, then of place b
    "lfd." = "ignore"
    "#7" = "note"               # the seventh column, where a heading is blank or stands twice

    [constants]                 # what every row has in common
    name_a = "Leipzig"
    country_a = "DE"

    [statuses]                  # what words of a column of statuses mean
    "eingemottet" = "dormant"   # or active, suspended, terminated, in_force

    [countries]                 # what words for a country mean: ISO 3166-1
    "Ulster" = "GB"

    [options]
    sheet = "Partner"           # of a workbook; the first one unless told
    encoding = "cp1251"         # UTF-8, or UTF-16 with its mark, unless told
    delimiter = ";"             # found out unless told
    quotes = false              # a quotation mark is a letter as any other
    header = false              # the first row is a row; then name the columns:
    names = ["city", "partner", "year"]
    header_line = 3             # what stands above the header is no row
    day_first = true            # 03/04/1990 is 3 April; unless told, it stays both
    first_of_january = "year"   # 1 January stands for its year; "day": for itself
    spans = "life"              # 1989-91 is a founding and an end; "uncertain": so is no span
    carry_down = ["name_a"]     # a blank cell repeats the cell above
    split = { name_b = ";" }    # several partners in a cell: one entry each
    recognise = false           # only the columns named above count

Several columns may be the ``note`` or the ``reference``; they are joined.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ties.errors import UnreadableError, hint, shorten
from ties.importers.statements import STATEMENT, read_limited
from ties.schema.regions import areas
from ties.schema.vocabulary import REPORTED_STATUSES

# What a heading can mean beside a column of a statement.
GEOMETRY: Final = "geometry"
IGNORE: Final = "ignore"
POINTS: Final = ("point_a", "point_b")

_OURS: Final = ("row", "file", "locator", "reported_status")
TARGETS: Final = (*(name for name in STATEMENT if name not in _OURS), *POINTS, GEOMETRY, IGNORE)
JOINED: Final = ("note", "reference")

_CODE_LENGTH: Final = 2
_MAX_SIZE: Final = 1_000_000
_TEXTS: Final = ("sheet", "encoding", "delimiter")
_TRUTHS: Final = ("quotes", "header", "day_first", "recognise")
_LISTS: Final = ("names", "carry_down")
_CHOICES: Final = {"spans": ("life", "uncertain"), "first_of_january": ("year", "day")}
_OPTIONS: Final = (*_TEXTS, *_TRUTHS, *_LISTS, *_CHOICES, "header_line", "split")
_CONSTANT: Final = tuple(
    name for name, kind in STATEMENT.items() if kind == "str" and name not in _OURS
)


@dataclass(frozen=True)
class TableMapping:
    """How to read one table; each part may be left to what is recognised.

    Parameters
    ----------
    columns
        Heading of the table, to the columns of a statement that it fills.
    constants
        Columns of a statement that are the same in every row.
    statuses
        Word of a column of statuses, to a reported status.
    countries
        Word of a column of countries, to a code of ISO 3166-1.
    sheet, encoding, delimiter, quotes, header, names, header_line, day_first, first_of_january, spans, carry_down, split, recognise
        Options; see the module.
    """  # noqa: E501

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    quotes: bool = True
    header: bool = True
    names: tuple[str, ...] = ()
    header_line: int | None = None
    day_first: bool | None = None
    first_of_january: str | None = None
    spans: str | None = None
    carry_down: tuple[str, ...] = ()
    split: Mapping[str, str] = field(default_factory=dict)
    recognise: bool = True


def read_mapping(source: str | Path | Mapping[str, Any] | TableMapping | None) -> TableMapping:
    """A mapping from its file, or from a dictionary of the same form.

    Parameters
    ----------
    source
        Path of a TOML file, a dictionary as that file would be, or None for no mapping.

    Raises
    ------
    UnreadableError
        If it is no TOML, or says what no mapping can say; the message names the key.

    Examples
    --------
    >>> read_mapping({"columns": {"Partnerstadt": "name_b"}}).columns
    {'Partnerstadt': ('name_b',)}
    >>> read_mapping({"columns": {"Partnerstadt": "nameb"}})
    Traceback (most recent call last):
    ties.errors.UnreadableError: the mapping: columns, 'Partnerstadt': 'nameb' is no column of a statement; did you mean 'name_b'?
    """  # noqa: E501
    if source is None:
        return TableMapping()
    if isinstance(source, TableMapping):
        return source
    if isinstance(source, Mapping):
        return _Checked("the mapping", source).mapping()
    return _Checked(str(source), _parse(Path(source))).mapping()


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(read_limited(path, _MAX_SIZE).decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadableError(f"{path} is not UTF-8; save it as UTF-8") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UnreadableError(
            f'{path} is not TOML: {error}; a line reads "Partnerstadt" = "name_b"'
        ) from error


@dataclass(frozen=True)
class _Checked:
    """A mapping as it was written, read part by part with an error that names the part."""

    name: str
    said: Mapping[str, Any]

    def mapping(self) -> TableMapping:
        self._known("", self.said, ("columns", "constants", "statuses", "countries", "options"))
        columns = {str(key): self._targets(key, value) for key, value in self._part("columns")}
        constants = {key: self._constant(key, value) for key, value in self._part("constants")}
        statuses = {key: self._status(key, value) for key, value in self._part("statuses")}
        countries = {key: self._country(key, value) for key, value in self._part("countries")}
        options = dict(self._part("options"))
        self._known("options, ", options, _OPTIONS)
        twice = sorted(set(constants) & {name for names in columns.values() for name in names})
        if twice:
            raise self._error(f"{twice[0]} is both a column and a constant; keep one")
        read: dict[str, Any] = {key: self._option(key, value) for key, value in options.items()}
        mapping = TableMapping(columns, constants, statuses, countries, **read)
        if not mapping.header and not mapping.names:
            raise self._error('options, header = false: name the columns, as names = ["city"]')
        return mapping

    def _error(self, what: str) -> UnreadableError:
        return UnreadableError(f"{self.name}: {what}")

    def _part(self, key: str) -> list[tuple[str, Any]]:
        part = self.said.get(key, {})
        if not isinstance(part, Mapping):
            raise self._error(f"{key} is no table; write [{key}] on a line of its own")
        return list(part.items())

    def _known(self, where: str, said: Mapping[str, Any], names: tuple[str, ...]) -> None:
        for key in said:
            if key not in names:
                way_out = hint(str(key), names) or f"; there is {', '.join(names)}"
                raise self._error(f"{where}{shorten(str(key))} is not known{way_out}")

    def _targets(self, key: str, value: object) -> tuple[str, ...]:
        targets = (value,) if isinstance(value, str) else value
        if not isinstance(targets, list | tuple) or not targets:
            raise self._error(f"columns, {key!r}: write the name of a column, or a list of them")
        for target in targets:
            if target not in TARGETS:
                way_out = hint(str(target), TARGETS) or f"; there is {', '.join(TARGETS)}"
                reason = f"{shorten(str(target))} is no column of a statement{way_out}"
                raise self._error(f"columns, {key!r}: {reason}")
        return tuple(targets)

    def _constant(self, key: str, value: object) -> str:
        if key not in _CONSTANT:
            way_out = hint(key, _CONSTANT) or f"; there is {', '.join(_CONSTANT)}"
            raise self._error(f"constants, {key!r} is no column of text{way_out}")
        if not isinstance(value, str) or not value.strip():
            raise self._error(f'constants, {key}: write a text, as {key} = "Leipzig"')
        return value.strip()

    def _status(self, key: str, value: object) -> str:
        if value not in REPORTED_STATUSES:
            way_out = (
                hint(str(value), REPORTED_STATUSES) or f"; there is {', '.join(REPORTED_STATUSES)}"
            )
            raise self._error(f"statuses, {key!r}: {shorten(str(value))} is no status{way_out}")
        return str(value)

    def _country(self, key: str, value: object) -> str:
        if not isinstance(value, str) or value not in areas() or len(value) != _CODE_LENGTH:
            reason = f"{shorten(str(value))} is no code of ISO 3166-1; write two letters, as GB"
            raise self._error(f"countries, {key!r}: {reason}")
        return value

    def _option(self, key: str, value: object) -> object:
        if key in _TEXTS and (not isinstance(value, str) or not value):
            raise self._error(f"options, {key}: write a text")
        if key in _TRUTHS and not isinstance(value, bool):
            raise self._error(f"options, {key}: write true or false")
        if key == "header_line" and (type(value) is not int or value < 1):
            raise self._error("options, header_line: write the number of a line, from 1")
        if key in _CHOICES and value not in _CHOICES[key]:
            one, other = _CHOICES[key]
            raise self._error(f'options, {key}: write "{one}" or "{other}"')
        if key == "encoding":
            return self._encoding(str(value))
        if key == "delimiter" and (len(str(value)) != 1 or str(value) in '"\r\n'):
            raise self._error("options, delimiter: write one sign, such as ';' or '\\t'")
        if key == "split":
            return self._splits(value)
        return self._list(key, value) if key in _LISTS else value

    def _encoding(self, value: str) -> str:
        try:
            found = codecs.lookup(value)
        except (LookupError, ValueError) as error:
            reason = f"{shorten(value)} is not known; there is utf-8, cp1252, cp1251, cp1250"
            raise self._error(f"options, encoding: {reason}") from error
        if not found._is_text_encoding:
            raise self._error(f"options, encoding: {shorten(value)} is no encoding of text")
        return value

    def _list(self, key: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list | tuple) or not all(isinstance(item, str) for item in value):
            raise self._error(f"options, {key}: write a list of texts")
        if key == "carry_down":
            self._known("options, carry_down: ", dict.fromkeys(value), _CONSTANT)
        return tuple(value)

    def _splits(self, value: object) -> dict[str, str]:
        if not isinstance(value, Mapping):
            raise self._error('options, split: write split = { name_b = ";" }')
        self._known("options, split: ", value, _CONSTANT)
        for key, sign in value.items():
            if not isinstance(sign, str) or not re.search(r"\S|\n", sign) or len(sign) > 20:
                raise self._error(f"options, split, {key}: write the sign between two partners")
        return dict(value)
