"""Coordinates as scrapes hold them: pairs of numbers, or degrees, minutes and seconds."""

from __future__ import annotations

import re
from typing import Final

# 51 059 00 N 5 055 00 E: fields of a template, each padded with zeros. The letters of the
# hemispheres and minutes and seconds below 60 leave one reading; anything else has none.
_SEXAGESIMAL: Final = re.compile(
    r"(?P<d>\d{1,3}) (?P<m>0?\d{1,2}) (?P<s>0?\d{1,2}(?:\.\d{1,9})?) (?P<to>[NS])"
    r" (?P<e>\d{1,3}) (?P<n>0?\d{1,2}) (?P<t>0?\d{1,2}(?:\.\d{1,9})?) (?P<side>[EWO])"
    r"(?: (?:scale|region|type|dim):.*)?"
)
_DECIMAL: Final = re.compile(r"[+-]?\d{1,3}(?:\.\d{1,15})?")
_POLE: Final = 90.0
_DATE_LINE: Final = 180.0


def read_coordinates(value: object) -> tuple[float, float] | None:
    """Give degrees north and east, or None if the text has not exactly one reading.

    Examples
    --------
    >>> read_coordinates("50 047 24 N 6 04 048 W")
    (50.79, -6.08)
    >>> read_coordinates(["51.985103", "5.89873"])
    (51.985103, 5.89873)
    >>> read_coordinates("51 059 N 5 E") is None
    True
    """
    if isinstance(value, str):
        return _from_text(" ".join(value.split()))
    if isinstance(value, list | tuple) and len(value) == 2:
        texts = [str(part).strip() for part in value]
        if all(_DECIMAL.fullmatch(text) for text in texts):
            return _in_range(float(texts[0]), float(texts[1]))
    return None


def _from_text(text: str) -> tuple[float, float] | None:
    if len(text) > 300:
        return None
    found = _SEXAGESIMAL.fullmatch(text)
    # O is east in German and west in French.
    if found is None or found["side"] == "O":
        return None
    north = _degrees(found["d"], found["m"], found["s"])
    east = _degrees(found["e"], found["n"], found["t"])
    if north is None or east is None:
        return None
    signs = -1 if found["to"] == "S" else 1, -1 if found["side"] == "W" else 1
    return _in_range(north * signs[0], east * signs[1])


def _degrees(degrees: str, minutes: str, seconds: str) -> float | None:
    parts = float(degrees), float(minutes), float(seconds)
    if parts[1] >= 60 or parts[2] >= 60:
        return None
    # Seven decimals are a centimetre: less than the second hand of any scrape.
    return round(parts[0] + parts[1] / 60 + parts[2] / 3600, 7)


def _in_range(north: float, east: float) -> tuple[float, float] | None:
    return (north, east) if abs(north) <= _POLE and abs(east) <= _DATE_LINE else None
