"""Fixtures that every test may use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

# A whole record in a few lines: two ties, one of them suspended and dormant before that.
# Line 1 of each table is its header, so the first row is line 2.
RECORD = {
    "places.csv": """\
place_id,name,country,region,level,latitude,longitude,population,geonames_id,wikidata_id,part_of,claimed_by
ru-mag-magadan,Magadan,RU,RU-MAG,city,59.56,150.81,92052,2123628,Q6206,,
ru-spe-saint-petersburg,Saint Petersburg,RU,RU-SPE,city,59.94,30.31,,,,,
us-ak-anchorage,Anchorage,US,US-AK,city,61.22,-149.90,,,,,
us-fl-st-petersburg,St. Petersburg,US,US-FL,city,27.77,-82.68,,,,,
""",
    "place_names.csv": """\
place_id,name,language,valid_from,valid_to
ru-mag-magadan,Magadan,en,1939,
ru-spe-saint-petersburg,Leningrad,en,1924-01-26,1991-09-06
ru-spe-saint-petersburg,Saint Petersburg,en,,
""",
    "ties.csv": """\
tie_id,place_a,place_b,kind
anchorage-magadan,ru-mag-magadan,us-ak-anchorage,sister
st-petersburg-saint-petersburg,ru-spe-saint-petersburg,us-fl-st-petersburg,
""",
    "events.csv": """\
event_id,tie_id,date,until,kind,side,actor,summary
anchorage-magadan-1991-founded,anchorage-magadan,1991-06,,founded,both,,The mayors signed.
anchorage-magadan-2022-suspended,anchorage-magadan,2022-03-08,,suspended,b,Anchorage Assembly,The assembly voted.
st-petersburg-saint-petersburg-1999-founded,st-petersburg-saint-petersburg,199X,,founded,both,,Made in the 1990s.
st-petersburg-saint-petersburg-2001-visit,st-petersburg-saint-petersburg,2001,,visit,a,,A delegation came.
""",
    "attestations.csv": """\
event_id,source_id,date,note
anchorage-magadan-1991-founded,s1,1991-06-22,
anchorage-magadan-2022-suspended,s2,2022-03-08,
st-petersburg-saint-petersburg-1999-founded,s1,,
st-petersburg-saint-petersburg-2001-visit,s2,2001,
""",
    "sources.csv": """\
source_id,title,publisher,url,published,accessed,kind,note
s1,List of sister cities,City,https://example.org/1,2015,2023-01-02,government,
s2,The news,Paper,https://example.org/2,2022-03-09,2023-01-03,news,
""",
    "searches.csv": """\
tie_id,searched_on,query,hits
st-petersburg-saint-petersburg,2023-01-03,St. Petersburg sister city,0
""",
    "counts.csv": """\
date,count,scope,source_id
2015,2,ties in force,s1
""",
    "record.toml": """\
name = "two-ties"
title = "Two ties"
as_of = 2023-01-03
countries = ["RU", "US"]
""",
}

Edit = Callable[..., Path]


@pytest.fixture
def record_folder(tmp_path: Path) -> Path:
    """Give the folder of a small valid record: 4 places, 2 ties, 4 events, 2 sources."""
    folder = tmp_path / "two-ties"
    folder.mkdir()
    for name, text in RECORD.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def edited(record_folder: Path) -> Edit:
    """Give a way to change one file of the small record: ``edited(name, old, new)``.

    The old text has to be there, so that a test cannot pass by changing nothing.
    """

    def edit(name: str, old: str, new: str) -> Path:
        path = record_folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {name}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return record_folder

    return edit
