"""What the codes of countries and regions mean: ISO 3166-1 and ISO 3166-2, in English.

Countries are complete; regions are those of the countries that the bundled records are about.
A code that is not listed stands for itself, so that nothing is lost of another record.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import NamedTuple


class Area(NamedTuple):
    """A country or a region of one, with its codes."""

    code: str
    name: str
    alpha_3: str = ""


@cache
def areas() -> dict[str, Area]:
    """Every country and region that is listed, by its code."""
    text = files("ties.schema").joinpath("regions.csv").read_text(encoding="utf-8")
    return {row["code"]: Area(**row) for row in csv.DictReader(text.splitlines())}


def area_name(code: str) -> str:
    """The English name of a country or region, or the code itself if it is not listed.

    Examples
    --------
    >>> area_name("US-ME"), area_name("RU"), area_name("FR-75C")
    ('Maine', 'Russia', 'FR-75C')
    """
    return areas().get(code, Area(code, code)).name
