"""Which column of a table is which column of a statement, found by the headings and shown first.

A heading that names its side (`Partnerstadt`, `country2`) is settled by itself. One that does not
(`Stadt`, `Land`) is settled by the others: where `Partnerstadt` is the second name, `Stadt` is
the first; where the mapping says that every row's first place is Leipzig, `Land` is the other's
country. What the headings leave open is not settled by guessing: reading stops, and the
message shows the mapping to write.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from ties.errors import UnreadableError, nearest, shorten
from ties.importers.date_words import fold
from ties.importers.heading_words import (
    MAYBE_FOUNDED,
    NUMBER,
    SIDED,
    HeadingReading,
    readings,
    word_readings,
)
from ties.importers.mapping import IGNORE, JOINED, TableMapping, read_mapping
from ties.importers.status_words import read_statuses
from ties.places.countries import resolve_countries

TOLD: Final = "told"  # by the mapping
SURE: Final = "sure"
PROBABLE: Final = "probable"
AMBIGUOUS: Final = "ambiguous"
UNUSED: Final = "unused"

# What one heading can say of both places at once.
_SHARED: Final = ("level",)
_SIDES: Final = ("a", "b")
_N_SHOWN: Final = 40
# Share of the cells that decides, and how many are looked at.
_MOST: Final = 0.7
_N_FITTED: Final = 200
_LONGEST_NAME: Final = 60
_ENTITY: Final = r"(?:<?https?://(?:www\.)?wikidata\.org/(?:entity|wiki)/)?Q[1-9]\d*>?"


@dataclass
class _Heading:
    """What has been found out about one heading so far."""

    place: int
    text: str
    sure: str = ""
    columns: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    why: str = ""
    readings: list[HeadingReading] = field(default_factory=list)

    def settle(self, sure: str, columns: Iterable[str], why: str) -> None:
        self.sure, self.columns, self.why = sure, tuple(columns), why

    def doubt(self, candidates: Iterable[str], why: str) -> None:
        self.settle(AMBIGUOUS, (), why)
        self.candidates = tuple(candidates)


def recognise(
    headings: Sequence[str],
    mapping: Mapping[str, Any] | TableMapping | None = None,
    cells: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """What each heading of a table means, before anything is read.

    Parameters
    ----------
    headings
        Headings in order, as written.
    mapping
        What a person says of them; see `ties.importers.mapping`.
    cells
        What stands under them, columns in their order: it decides between two meanings of a
        heading, as of "State" (a country, a region or a status).

    Returns
    -------
    DataFrame
        A row a heading, in order: ``place`` (from 1, int64), ``heading``, ``column`` (of a
        statement; several with commas; missing if none), ``sure`` (``told`` by the mapping,
        ``sure``, ``probable``, ``ambiguous``, ``unused``), ``candidates`` (of an ambiguous one)
        and ``why``.

    Raises
    ------
    UnreadableError
        If the mapping names a heading that is not there.

    Examples
    --------
    >>> recognise(["Stadt", "Partnerstadt", "seit"])[["heading", "column", "sure"]]
            heading   column sure
    0         Stadt   name_a sure
    1  Partnerstadt   name_b sure
    2          seit  founded sure
    """
    said = read_mapping(mapping)
    found = [_Heading(place, text.strip()) for place, text in enumerate(headings)]
    _tell(found, said)
    if said.recognise:
        for heading in found:
            heading.readings = [] if heading.sure else _own_readings(heading.text)
            if cells is not None and heading.readings:
                _look_beneath(heading, cells.iloc[:, heading.place])
        _spread(found, cells)
        _pair(found)
        _settle_sideless(found)
        _settle_sided(found, said)
        _settle_partly(found, said)
        _find_conflicts(found)
    for heading in found:
        if not heading.sure:
            heading.settle(UNUSED, (), "no word of it is known" if heading.text else "is blank")
    return pd.DataFrame(
        {
            "place": pd.Series([heading.place + 1 for heading in found], dtype="int64"),
            "heading": pd.Series([heading.text for heading in found], dtype="str"),
            "column": _joined(heading.columns for heading in found),
            "sure": pd.Series([heading.sure for heading in found], dtype="str"),
            "candidates": _joined(heading.candidates for heading in found),
            "why": pd.Series([heading.why for heading in found], dtype="str"),
        }
    )


def require(
    found: pd.DataFrame, mapping: TableMapping, file: str, cells: pd.DataFrame | None = None
) -> None:
    """Refuse a table whose headings leave open what a statement needs.

    Parameters
    ----------
    found
        As `recognise` gives it.
    mapping
        What a person said.
    file
        Name of the table.
    cells
        What stands under the headings: it tells what to propose for those that are not known.

    Raises
    ------
    UnreadableError
        If a heading is ambiguous, or one of the two places has neither name nor id. The
        message shows the lines of a mapping file that would settle it.
    """
    ambiguous = found[found["sure"] == AMBIGUOUS]
    filled = {name for cell in found["column"].dropna() for name in cell.split(", ")}
    filled |= set(mapping.constants)
    missing = [s for s in _SIDES if not {f"name_{s}", f"id_{s}"} & filled]
    if ambiguous.empty and not missing:
        return
    proposals = _proposals(found, filled, missing, cells)
    if missing == ["a"] and ambiguous.empty and "name_a" not in proposals.values():
        raise UnreadableError(
            f"{file}: each row names a partner, and none says whose; write whose partners they are "
            'under [constants] of a mapping file, as name_a = "Bonn" and country_a = "DE"'
        )
    reasons = [
        f"{shorten(heading)} {why}"
        for heading, why in zip(ambiguous["heading"], ambiguous["why"], strict=True)
    ]
    reasons += [f"no column is known to name place {side} (name_{side})" for side in missing]
    shown = ", ".join(repr(heading) for heading in found["heading"].head(_N_SHOWN))
    lines = [f"{file}: {reason}" for reason in reasons]
    lines += [f"its headings are {shown}; say in a mapping file what they mean, such as:"]
    lines += _template(found, proposals)
    still = [side for side in missing if f"name_{side}" not in proposals.values()]
    lines += ["[constants]"] * bool(still) + [f'name_{side} = "..."' for side in still]
    raise UnreadableError("\n".join(lines))


def _proposals(
    found: pd.DataFrame, filled: set[str], missing: list[str], cells: pd.DataFrame | None
) -> dict[int, str]:
    """Return what columns that no heading explains may be, by what stands in them."""
    if cells is None:
        return {}
    names = [f"name_{side}" for side in missing]
    free = {
        "founded": ["founded"] * ("founded" not in filled),
        "country": [name for name in ("country_b", "country_a") if name not in filled],
        "status": ["status"] * ("status" not in filled),
        "name": names,
    }
    proposed = {}
    for place in found.loc[found["sure"] == UNUSED, "place"]:
        own = cells.iloc[:, place - 1].astype("str").str.strip()
        texts = own[own != ""].drop_duplicates().head(_N_FITTED)
        kind = next((kind for kind in free if free[kind] and _may_be(kind, texts)), None)
        if kind is not None:
            proposed[int(place)] = free[kind].pop(0)
    return proposed


def _may_be(kind: str, texts: pd.Series) -> bool:
    """Whether texts look like dates, countries, states or names."""
    if texts.empty:
        return False
    if kind == "name":
        return bool(
            (~texts.str.contains(r"\d") & texts.str.len().lt(_LONGEST_NAME)).mean() >= _MOST
        )
    return _fits(kind, texts)


def _template(found: pd.DataFrame, proposals: Mapping[int, str]) -> list[str]:
    """Return the lines of a mapping file for the headings that are not settled."""
    lines = ["[columns]"]
    open_ones = found[found["sure"].isin([AMBIGUOUS, UNUSED])].head(_N_SHOWN)
    for place, text, candidates in zip(
        open_ones["place"], open_ones["heading"], open_ones["candidates"].fillna(""), strict=True
    ):
        is_plain = text and found["heading"].eq(text).sum() == 1
        # What JSON escapes, TOML escapes the same.
        key = json.dumps(text if is_plain else f"#{place}", ensure_ascii=False)
        named: list[str] = candidates.split(", ") if candidates else []
        proposed = [proposals[place]] if place in proposals else []
        first, *others = [*named, *proposed, IGNORE]
        lines.append(f'{key} = "{first}"' + (f"  # or {', '.join(others)}" if others else ""))
    return lines


def _tell(found: list[_Heading], said: TableMapping) -> None:
    """Settle the headings that the mapping names."""
    for key, columns in said.columns.items():
        named = _named(found, key)
        if not named:
            near = nearest(key, [heading.text for heading in found])
            way_out = f"; did you mean {near!r}?" if near else ""
            there = ", ".join(repr(heading.text) for heading in found[:_N_SHOWN])
            raise UnreadableError(f"the mapping names {key!r}{way_out}; the headings are {there}")
        if len(named) > 1:
            places = " or ".join(f'"#{heading.place + 1}"' for heading in named)
            raise UnreadableError(f"{key!r} stands over {len(named)} columns; write {places}")
        wanted = tuple(name for name in columns if name != IGNORE)
        named[0].settle(TOLD if wanted else UNUSED, wanted, "so says the mapping")
    _forbid_shared_targets(found)


def _named(found: list[_Heading], key: str) -> list[_Heading]:
    if key.startswith("#") and key[1:].isdecimal():
        return [heading for heading in found if heading.place == int(key[1:]) - 1]
    exact = [heading for heading in found if heading.text == key.strip()]
    return exact or [h for h in found if h.text and fold(h.text) == fold(key.strip())]


def _forbid_shared_targets(found: list[_Heading]) -> None:
    for column, users in _users(found).items():
        if len(users) > 1 and column not in JOINED:
            names = " and ".join(repr(heading.text) for heading in users)
            raise UnreadableError(f"the mapping gives {column} to {names}; one column can fill it")


def _own_readings(text: str) -> list[HeadingReading]:
    own = readings(text)
    # A bare "id" numbers the rows.
    return [HeadingReading(NUMBER, "")] if HeadingReading(NUMBER, "") in own else own


def _look_beneath(heading: _Heading, cells: pd.Series) -> None:
    """Let the cells choose between readings; what is all Q-numbers is an id, or says nothing."""
    texts = cells.astype("str").str.strip()
    texts = texts[texts != ""].drop_duplicates().head(_N_FITTED)
    if len(texts) and texts.str.fullmatch(_ENTITY).all():
        sided = [reading for reading in heading.readings if reading.field in ("name", "id")]
        heading.readings = [reading._replace(field="id") for reading in sided]
        if not sided:
            heading.settle(UNUSED, (), "holds nothing but ids of Wikidata")
    elif len(heading.readings) > 1:
        heading.readings = _fitting(heading.readings, texts)


def _spread(found: list[_Heading], cells: pd.DataFrame | None) -> None:
    """Let a heading of places hold for a blank one beside it too, as where its cell was merged."""
    named = [h for h in found if any(r.field == "name" for r in h.readings)]
    if cells is None or len(named) != 1:
        return
    for heading in named:
        after = next((h for h in found if h.place == heading.place + 1), None)
        if after is not None and not after.text and _may_be("name", cells.iloc[:, after.place]):
            after.readings = heading.readings


def _settle_partly(found: list[_Heading], said: TableMapping) -> None:
    """Take a heading of which one word is known for the name that is missing, if there is one."""
    missing = [s for s in _free(found, said, "name") if s in _free(found, said, "id")]
    open_ones = [h for h in found if not h.sure and not h.readings and h.text]
    words = {h.place: [r for r in word_readings(h.text) if r.field == "name"] for h in open_ones}
    for side in missing if len(missing) == 1 else []:
        fitting = [h for h in open_ones if any(r.side in ("", side) for r in words[h.place])]
        if len(fitting) == 1:
            fitting[0].settle(PROBABLE, [f"name_{side}"], "one of its words is that for a place")


def _fitting(own: list[HeadingReading], texts: pd.Series) -> list[HeadingReading]:
    """Return the readings that the cells fit, or all if they fit none of them."""
    if texts.empty:
        return own
    fitting = [reading for reading in own if _fits(reading.field, texts)]
    return fitting or own


def _fits(field: str, texts: pd.Series) -> bool:
    has_year = texts.str.contains(r"\d{4}", regex=True).mean() >= _MOST
    if field in ("founded", "ended", MAYBE_FOUNDED):
        return bool(has_year)
    if field == "country":
        found = resolve_countries(texts)
        is_exact = found["note"].isna() | found["successors"].notna()
        return bool(
            ((found["country"].notna() | found["successors"].notna()) & is_exact).mean() >= _MOST
        )
    if field == "status":
        return bool(read_statuses(texts)["status"].notna().mean() >= _MOST)
    is_other = _fits("country", texts) or _fits("status", texts)
    return not has_year and not (field == "region" and is_other)


def _pair(found: list[_Heading]) -> None:
    """Of two readings, take that which another heading completes: source and target label."""
    single = {heading.readings[0] for heading in found if len(heading.readings) == 1}
    for heading in found:
        if len(heading.readings) > 1:
            paired = [
                reading
                for reading in heading.readings
                if reading.side and HeadingReading(reading.field, _other(reading.side)) in single
            ]
            left = [reading for reading in heading.readings if reading not in single]
            heading.readings = next((r for r in (paired, left) if len(r) == 1), heading.readings)


def _settle_sideless(found: list[_Heading]) -> None:
    """Settle what concerns the tie and not one of its places, and doubt what has two readings."""
    for heading in found:
        if len(heading.readings) > 1:
            names = [name for reading in heading.readings for name in _columns(reading)]
            heading.doubt(names, f"can be {' or '.join(names)}")
        elif heading.readings and heading.readings[0].field not in SIDED:
            own = heading.readings[0].field
            if own == NUMBER:
                heading.settle(UNUSED, (), "numbers the rows")
            elif own != MAYBE_FOUNDED:
                heading.settle(SURE, [own], "its words say so")
    dates = [h for h in found if not h.sure and h.readings and h.readings[0].field == MAYBE_FOUNDED]
    is_dated = {"founded", "founded_text"} & _users(found).keys()
    for heading in dates:
        if is_dated:
            heading.settle(UNUSED, (), "another column is the founding")
        elif len(dates) == 1:
            heading.settle(PROBABLE, ["founded"], "the only date, taken for the founding")
        else:
            heading.doubt(["founded", "ended"], "is one of several dates")


def _settle_sided(found: list[_Heading], said: TableMapping) -> None:
    """Settle what belongs to one of the two places; names first, since others follow them."""
    for name in SIDED:
        own = [h for h in found if not h.sure and h.readings and h.readings[0].field == name]
        for heading in own:
            side = heading.readings[0].side
            if side:
                heading.settle(SURE, [f"{name}_{side}"], "its words say so")
        for heading in [h for h in own if not h.sure] if name != "name" else []:
            _settle_beside(found, heading, name, _free(found, said, name), len(own))
        _settle_unsided([h for h in own if not h.sure], name, _free(found, said, name), said)


def _settle_beside(
    found: list[_Heading], heading: _Heading, name: str, free: list[str], n_own: int
) -> None:
    """Let the only column of its kind belong to the name that it stands behind, or before."""
    if n_own > 1 or len(free) < 2 or name in _SHARED:
        return
    for others, where in (
        (found[: heading.place][::-1], "behind"),
        (found[heading.place + 1 :], "before"),
    ):
        for other in others:
            if other.columns and other.columns[0] in ("name_a", "name_b"):
                side = other.columns[0][-1]
                why = f"stands {where} {other.text!r}"
                return heading.settle(PROBABLE, [f"{name}_{side}"], why)
            is_of_place = other.readings and other.readings[0].field in SIDED
            if not is_of_place or where == "before":
                break


def _free(found: list[_Heading], said: TableMapping, name: str) -> list[str]:
    """The sides for which a field has no column yet."""
    taken = _users(found).keys() | said.constants.keys()
    return [side for side in _SIDES if f"{name}_{side}" not in taken]


def _settle_unsided(
    unsided: list[_Heading], name: str, free: list[str], said: TableMapping
) -> None:
    fixed = [side for side in _SIDES if f"name_{side}" in said.constants]
    columns = [f"{name}_{side}" for side in free]
    if not free:
        for heading in unsided:
            heading.settle(UNUSED, (), f"both places have their {name}")
    elif len(unsided) == 1 and len(free) == 2 and name in _SHARED:
        unsided[0].settle(SURE, columns, "the only one, so it is that of both places")
    elif len(unsided) == 1 and len(free) == 1:
        unsided[0].settle(SURE, columns, f"the other place has its {name}")
    elif len(unsided) == 1 and len(fixed) == 1 and _other(fixed[0]) in free:
        column = f"{name}_{_other(fixed[0])}"
        unsided[0].settle(SURE, [column], "the mapping names the other place")
    elif len(unsided) == 2 and len(free) == 2:
        for heading, column, place in zip(unsided, columns, ("first", "second"), strict=True):
            heading.settle(PROBABLE, [column], f"the {place} of two, in order")
    else:
        for heading in unsided:
            wanted = [f"{name}_{side}" for side in _SIDES]
            heading.doubt(wanted, f"does not say of which place: {' or '.join(wanted)}")


def _find_conflicts(found: list[_Heading]) -> None:
    """Doubt headings that claim one column between them."""
    for column, users in _users(found).items():
        recognised = [heading for heading in users if heading.sure != TOLD]
        if len(users) == 1 or column in JOINED:
            continue
        names = " and ".join(repr(heading.text) for heading in users)
        for heading in recognised:
            if len(recognised) < len(users):
                heading.settle(UNUSED, (), f"the mapping gives {column} to another")
            else:
                heading.doubt([column], f"is one of {len(users)} that can be {column}: {names}")


def _users(found: list[_Heading]) -> dict[str, list[_Heading]]:
    users: dict[str, list[_Heading]] = {}
    for heading in found:
        for column in heading.columns:
            users.setdefault(column, []).append(heading)
    return users


def _columns(reading: HeadingReading) -> list[str]:
    if reading.field in SIDED:
        return [f"{reading.field}_{side}" for side in (reading.side or "ab")]
    return ["founded" if reading.field == MAYBE_FOUNDED else reading.field]


def _other(side: str) -> str:
    return "b" if side == "a" else "a"


def _joined(names: Iterable[tuple[str, ...]]) -> pd.Series:
    return pd.Series([", ".join(cell) or None for cell in names], dtype="str")
