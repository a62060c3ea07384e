"""A record in memory: its tables, its date, and what was wrong with its rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from ties.dates import date_bounds, last_day
from ties.errors import TiesError, empty_problems
from ties.schema import tables
from ties.schema.regions import area_name


@dataclass(frozen=True, eq=False)
class Dataset:
    """The tables of one record, checked, with what was refused on the way.

    ``record["events"]`` is a table, `tables` are all of them, and two records are equal if their
    tables and what they say of themselves are.

    Parameters
    ----------
    places, place_names, ties, events, sources, attestations, searches, counts
        One frame a table, as `ties.schema.tables` describes it.
    as_of
        The record's own date: what happened later is not in it.
    name, title
        Short name and title of the record.
    countries
        ISO 3166-1 codes of the two countries that the record is about; empty if any.
    licence
        SPDX id of the licence that the record may be used under; empty if it states none.
    problems
        What was found wrong, a row a problem (see `ties.errors`).
    rejected
        The rows that were refused: ``table``, ``file``, ``line``, ``reason`` (every message
        on the row) and ``row`` (its cells as they were read, as JSON). Empty unless rows were
        to be rejected.
    n_read
        How many rows were read, by table: those accepted and those rejected.
    rows
        The rows of the table that the record was made of, if it was: what each became
        (``tie_id``, ``outcome``, ``reason``), where it stands (``file``, ``locator``), what it
        says in its own words (``name_a_written`` and so on) and its further columns under
        their own headings. Text. See `ties.merge.rows`.

    Examples
    --------
    >>> import ties
    >>> record = ties.load("us-russia")
    >>> record["places"] is record.places, record == ties.load("us-russia")
    (True, True)
    """

    places: pd.DataFrame
    place_names: pd.DataFrame
    ties: pd.DataFrame
    events: pd.DataFrame
    sources: pd.DataFrame
    attestations: pd.DataFrame
    searches: pd.DataFrame
    counts: pd.DataFrame
    as_of: pd.Timestamp
    name: str = ""
    title: str = ""
    countries: tuple[str, ...] = ()
    licence: str = ""
    problems: pd.DataFrame = field(default_factory=empty_problems)
    rejected: pd.DataFrame = field(default_factory=lambda: empty_rejected())
    n_read: Mapping[str, int] = field(default_factory=dict)
    rows: pd.DataFrame = field(default_factory=lambda: no_rows())

    __hash__ = None  # type: ignore[assignment]

    @classmethod
    def from_frames(
        cls,
        frames: Mapping[str, pd.DataFrame],
        *,
        on_invalid: Literal["raise", "reject"] = "raise",
        as_of: str | dt.date | None = None,
        name: str = "",
        title: str = "",
        countries: tuple[str, ...] = (),
        licence: str = "",
    ) -> Dataset:
        """Check frames as files are checked, and make a record of them.

        Parameters
        ----------
        frames
            By the names of the tables; those that a record needs not may be left out. Dates are
            EDTF text; numbers may be text.
        on_invalid, as_of
            As for `ties.read`.
        name, title, countries, licence
            What the record says of itself.

        Raises
        ------
        InvalidTableError
            If there are errors and `on_invalid` is ``raise``.

        Examples
        --------
        >>> import ties
        >>> record = ties.load("us-russia")
        >>> len(ties.Dataset.from_frames(record.tables, as_of=record.as_of).ties)
        164
        """
        from ties.io.description import Description
        from ties.io.folder import from_frames

        about = Description(name=name, title=title, countries=tuple(countries), licence=licence)
        return from_frames(frames, about, on_invalid=on_invalid, as_of=as_of)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables of the record by name."""
        return {name: getattr(self, name) for name in tables.TABLES}

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Look a table up by its name."""
        return self.table(name)

    def __eq__(self, other: object) -> bool:
        """Compare tables, and what the records say of themselves; problems are no part of it."""
        if not isinstance(other, Dataset):
            return NotImplemented
        said = ("as_of", "name", "title", "countries", "licence")
        return all(getattr(self, name) == getattr(other, name) for name in said) and all(
            table.equals(other.table(name)) for name, table in self.tables.items()
        )

    def check(self) -> pd.DataFrame:
        """Problems of the record as its tables stand now, as `ties.check` finds them in files."""
        from ties.io.folder import check_frames

        return check_frames(self.tables, self.as_of)

    def write(self, folder: str | Path) -> Path:
        """Write a folder of CSV files and ``record.toml`` that `ties.read` takes back.

        Raises
        ------
        OutputError
            If the folder holds files of others, or cannot be written.
        """
        from ties.io.writing import write_record

        return write_record(self, folder)

    def table(self, name: str) -> pd.DataFrame:
        """Look a table up by its name."""
        if name not in tables.TABLES:
            raise KeyError(f"{name!r} is not a table; they are {', '.join(tables.TABLES)}")
        frame: pd.DataFrame = getattr(self, name)
        return frame

    def in_order(self) -> Dataset:
        """The record with the rows of each table sorted by what they say, its code first.

        What is written of a record should not show in which order its files happened to hold it.

        Examples
        --------
        >>> import ties
        >>> record = ties.load("us-russia")
        >>> record.in_order().events["event_id"].is_monotonic_increasing
        True
        """
        ordered: dict[str, Any] = {name: _sorted(self.table(name)) for name in tables.TABLES}
        return replace(self, **ordered)

    def keep_ties(self, tie_ids: Iterable[str]) -> Dataset:
        """Keep only these ties, with the events, attestations and searches that are theirs.

        Places and sources stay whole, since other tables may refer to them.
        """
        kept = self.ties[self.ties["tie_id"].isin(list(tie_ids))]
        events = self.events[self.events["tie_id"].isin(kept["tie_id"])]
        return replace(
            self,
            ties=kept,
            events=events,
            attestations=self.attestations[self.attestations["event_id"].isin(events["event_id"])],
            searches=self.searches[self.searches["tie_id"].isin(kept["tie_id"])],
            rows=self.rows[self.rows["tie_id"].isin(kept["tie_id"])],
        )

    def between(self, one: str, other: str, *, disputed: bool = False) -> Dataset:
        """Keep the ties of two countries; places claimed by another country only if asked.

        Parameters
        ----------
        one, other
            ISO 3166-1 alpha-2 codes, in any order.
        disputed
            Also keep ties of places that lie in a third country but are claimed by one of
            the two, such as Crimea between the United States and Russia.
        """
        country = self.places.set_index("place_id")["country"]
        claim = self.places.set_index("place_id")["claimed_by"]
        ends = [self.ties[end] for end in ("place_a", "place_b")]
        is_pair = _is_pair(ends[0].map(country), ends[1].map(country), one, other)
        is_claimed = ends[0].map(claim).notna() | ends[1].map(claim).notna()
        if disputed:
            claimed = [end.map(claim).fillna(end.map(country)) for end in ends]
            is_pair |= _is_pair(claimed[0], claimed[1], one, other)
        else:
            is_pair &= ~is_claimed
        return self.keep_ties(self.ties.loc[is_pair, "tie_id"])

    def subset_record(self, one: str, other: str) -> Dataset:
        """A record of its own of the ties of two countries.

        Unlike `between` it keeps disputed places, marked, and leaves out places and sources that
        none of its ties refers to; published totals are left out, since they count other ties.

        Parameters
        ----------
        one, other
            ISO 3166-1 alpha-2 codes, in any order.

        Raises
        ------
        TiesError
            If there is no tie between the two.

        Examples
        --------
        >>> import ties
        >>> pair = ties.load("us-russia").subset_record("UA", "US")
        >>> pair.name, len(pair.ties)
        ('us-russia-ua-us', 3)
        """
        kept = self.between(one, other, disputed=True)
        if kept.ties.empty:
            raise TiesError(f"the record has no tie between {one} and {other}")
        used = set(kept.ties["place_a"]) | set(kept.ties["place_b"])
        wholes = self.places.set_index("place_id")["part_of"]
        while more := set(wholes.reindex([*used]).dropna()) - used:
            used |= more
        return replace(
            kept,
            places=kept.places[kept.places["place_id"].isin(used)],
            place_names=kept.place_names[kept.place_names["place_id"].isin(used)],
            sources=kept.sources[kept.sources["source_id"].isin(kept.attestations["source_id"])],
            counts=kept.counts.iloc[:0],
            countries=(one, other),
            name="-".join(part.casefold() for part in (self.name, one, other) if part),
            title=f"Ties between {area_name(one)} and {area_name(other)}",
        )

    def without_disputed(self) -> Dataset:
        """Keep the ties that count in totals: those between the two countries of the record.

        A place that one of the two claims and that lies in a third, such as Crimea, makes a
        tie disputed: the record keeps it, no total counts it. A record that names no two
        countries counts all its ties.
        """
        return self if len(self.countries) != 2 else self.between(*self.countries)

    def in_language(self, language: str, on: str | dt.date | None = None) -> Dataset:
        """The record with its places named in a language, as they were called on a day.

        A place that the record does not name in that language keeps its own name. Of several names
        that may have held on the day the first of the table is taken. Every name is still found
        by `ties show`, and no other table changes.

        Parameters
        ----------
        language
            ISO 639 code, such as ``de``.
        on
            An EDTF date, of which the last day is taken, or a date; the record's own if missing.

        Raises
        ------
        TiesError
            If the record has no name in that language.

        Examples
        --------
        >>> import ties
        >>> record = ties.load("germany-russia").in_language("de", "1985")
        >>> record.places.set_index("place_id")["name"]["ru-spe-saint-petersburg"]
        'Leningrad'
        """
        names = self.place_names[self.place_names["language"] == language]
        if names.empty:
            known = ", ".join(sorted(self.place_names["language"].dropna().unique())) or "none"
            raise TiesError(f"the record names no place in {language!r}; its languages: {known}")
        day = self.as_of if on is None else last_day(on)
        begin, end = date_bounds(names["valid_from"]), date_bounds(names["valid_to"])
        holds = ~(begin["earliest"] > day) & ~(end["latest"] < day)
        chosen = names[holds].drop_duplicates("place_id").set_index("place_id")["name"]
        own = self.places.assign(language=None, valid_from=None, valid_to=None)
        kept = own[[*self.place_names.columns]].astype(self.place_names.dtypes.to_dict())
        shown = self.places["place_id"].map(chosen).fillna(self.places["name"])
        return replace(
            self,
            places=self.places.assign(name=shown.astype(self.places["name"].dtype)),
            place_names=pd.concat([self.place_names, kept], ignore_index=True),
        )

    def __repr__(self) -> str:
        """What is in the record in one line."""
        return (
            f"<Dataset {self.name or 'unnamed'}: {len(self.ties)} ties, {len(self.events)} events, "
            f"{len(self.sources)} sources, as of {self.as_of.date()}; "
            f"{len(self.problems)} problems, {len(self.rejected)} rows rejected>"
        )

    def _repr_html_(self) -> str:
        """Counts, span and problems, for JupyterLab."""
        from ties.overview import overview

        return overview(self)


def no_rows() -> pd.DataFrame:
    """The rows of a record that was made of no table: none.

    Examples
    --------
    >>> list(no_rows())
    ['tie_id']
    """
    return pd.DataFrame({"tie_id": pd.Series([], dtype="str")})


def empty_rejected() -> pd.DataFrame:
    """A frame of rejected rows without a row.

    Examples
    --------
    >>> list(empty_rejected())
    ['table', 'file', 'line', 'reason', 'row']
    """
    names = ("table", "file", "line", "reason", "row")
    kinds = {name: "Int64" if name == "line" else "str" for name in names}
    return pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in kinds.items()})


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    # A code is unique; only where none is do the other columns matter.
    first = [*table.columns[:1]]
    by = first if table[first[0]].is_unique else [*table.columns]
    return table.sort_values(by, ignore_index=True)


def _is_pair(a: pd.Series, b: pd.Series, one: str, other: str) -> pd.Series:
    return ((a == one) & (b == other)) | ((a == other) & (b == one))
