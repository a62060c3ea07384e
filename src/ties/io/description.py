"""What a record says of itself: its name, its title, its date and its countries.

A folder says it in ``record.toml``, a workbook in a sheet ``record`` with the columns ``key``
and ``value``. Either may be absent.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from ties import dates
from ties.errors import join, make_problems

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

RECORD_FILE: Final = "record.toml"
RECORD_SHEET: Final = "record"
# File or sheet with the rows of the table that a record was made of; see `Dataset.rows`.
ROWS: Final = "rows"

_MAX_SIZE: Final = 1_000_000


@dataclass
class Description:
    """What a record says of itself; what it does not say is missing."""

    file: str = RECORD_FILE
    name: str = ""
    title: str = ""
    as_of: pd.Timestamp | None = None
    countries: tuple[str, ...] = ()
    licence: str = ""
    problems: pd.DataFrame = field(default_factory=lambda: join([]))


def read_toml(path: Path) -> Description:
    """Read the description of a record from its ``record.toml``, where there is one."""
    try:
        if not path.exists():
            return Description(path.name)
        if not path.is_file() or path.stat().st_size > _MAX_SIZE:
            return _failed(path.name, "is not a short text file; write name, title and as_of in it")
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        return _failed(path.name, f"is not TOML: {error}", int(line[1]) if line else None)
    except UnicodeDecodeError:
        return _failed(path.name, "is not UTF-8; save it as UTF-8")
    except OSError as error:
        return _failed(path.name, f"cannot be read: {error.strerror}; see to its permissions")
    return _describe(values, path.name)


def read_sheet(sheet: Worksheet, book: str) -> Description:
    """Read the description of a record from a sheet of keys and values."""
    rows = sheet.iter_rows(min_row=1, max_row=min(sheet.max_row, 100), max_col=2, values_only=True)
    values: dict[str, object] = {str(row[0]).strip(): row[-1] for row in rows if row[0] is not None}
    values.pop("key", None)
    countries = values.get("countries")
    if isinstance(countries, str):
        values["countries"] = re.findall(r"[^\s,;]+", countries)
    return _describe(values, f"{book}[{sheet.title}]")


def _describe(values: Mapping[str, object], file: str) -> Description:
    found = Description(file)
    readers: dict[str, Callable[[object], object]] = {
        "name": _as_text,
        "title": _as_text,
        "as_of": _as_day,
        "countries": _as_countries,
        "licence": _as_text,
    }
    for key, reader in readers.items():
        if values.get(key) is None:
            continue
        try:
            setattr(found, key, reader(values[key]))
        except ValueError as error:
            problem = _problem(file, f"{values[key]!r} {error}", column=key)
            found.problems = join([found.problems, problem])
    return found


def _as_text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("is not text; put it in quotes")
    return value.strip()


def _as_day(value: object) -> pd.Timestamp:
    message = "is not a day; write it as 2026-11-23"
    if not isinstance(value, str | dt.date):
        raise ValueError(message)
    try:
        return dates.last_day(value)
    except ValueError:
        raise ValueError(message) from None


def _as_countries(value: object) -> tuple[str, ...]:
    codes = [value] if isinstance(value, str) else value
    if not isinstance(codes, list) or not all(
        isinstance(code, str) and re.fullmatch("[A-Z]{2}", code) for code in codes
    ):
        raise ValueError('is not a list of ISO 3166-1 codes; write ["RU", "US"]')
    return tuple(codes)


def _failed(file: str, message: str, line: int | None = None) -> Description:
    return Description(file, problems=_problem(file, message, line=line))


def _problem(
    file: str, message: str, *, column: str | None = None, line: int | None = None
) -> pd.DataFrame:
    lines = pd.NA if line is None else line
    return make_problems(
        [message], table="record", file=file, rule="record", column=column, lines=lines
    )
