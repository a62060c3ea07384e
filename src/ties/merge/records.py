"""Records merged with other sources: their ties meet theirs, and all that is recorded goes along.

A record is merged by its ties, each a statement like any other (`record_statements`). What it
records of them is not told again by rule but carried over as it stands (`carry`): events,
attestations, sources, searches, counts and names, under the codes that places and ties have now.

A record has decided which of its places are two, so merging never makes two of them one
(`place_records`). The record that came first keeps its codes, its places and the dates of its
foundings; of others the founding becomes an attestation, with its words, of the one that is
there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from ties.dataset import Dataset
from ties.importers.import_folder import ImportedSource
from ties.importers.statements import REJECTED, complete
from ties.merge.record import Made, typed
from ties.merge.words import one_line
from ties.schema.tables import KEYS

SAME: Final = "same"  # another record has the very same row
FOLDED: Final = "folded"  # a second founding: its sources attest that which is there
NO_TIE: Final = "no_tie"  # its tie is in no tie of the record; the log of the merge says why
KEPT: Final = "kept"

_OF_PLACE: Final = ("name", "country", "region", "latitude", "longitude")
_OTHER_SIDE: Final = {"a": "b", "b": "a"}
_IS_EVENT: Final = ["event_id", "tie_id", "date", "until", "kind", "side", "summary"]
_IS_PLACE: Final = ["place_id", "name", "country"]
_BY: Final = ["event_id", "source_id"]
_LOG: Final = ("source_id", "event_id", "became", "outcome")


def record_statements(dataset: Dataset, name: str) -> ImportedSource:
    """A record as a source that tells of its ties, a statement a tie.

    Its foundings are not in the statements: places are named as they are called now, and names
    hold for a time.

    Examples
    --------
    >>> import ties
    >>> told = record_statements(ties.load("us-russia"), "ours")
    >>> told.statements.loc[0, ["statement_id", "country_a", "country_b"]].tolist()
    ['ours:abilene-chita', 'RU', 'US']
    """
    rows = dataset.ties.reset_index(drop=True)
    places = dataset.places.set_index("place_id")
    ids = places["wikidata_id"].fillna("geonames:" + places["geonames_id"].astype("str"))
    given: dict[str, Any] = {"row": rows.index, "file": name, "locator": rows["tie_id"]}
    for side in "ab":
        end = places.reindex(rows[f"place_{side}"]).reset_index(drop=True)
        given |= {f"{column}_{side}": end[column] for column in _OF_PLACE}
        given[f"level_{side}"] = end["level"].astype("str")
        given[f"id_{side}"] = rows[f"place_{side}"].map(ids)
    statements = complete(pd.DataFrame(given | {"kind": rows["kind"].astype("str")}))
    statements = statements.assign(statement_id=name + ":" + rows["tie_id"], source_id=name)
    none = pd.DataFrame({column: pd.Series([], dtype=kind) for column, kind in REJECTED.items()})
    return ImportedSource(name, dataset.as_of, statements, none, dataset.sources, dataset)


def place_records(resolved: pd.DataFrame, records: Sequence[ImportedSource]) -> pd.DataFrame:
    """The ends of records' ties the places that the records say they are.

    Parameters
    ----------
    resolved
        Statements of all sources, as `ties.merge.pairs.resolve_statements` gives them with the
        first of the records as the known one.
    records
        The records among the sources; the first is the known one.

    Returns
    -------
    DataFrame
        The same rows. A place of the first record is itself. A place of another is what it was
        resolved to, unless that is not certain or another place of its record is that
        too: then it stands for itself.
    """
    changed = resolved.copy()
    for number, told in enumerate(records):
        at = changed.index[changed["source_id"] == told.name]
        ends = _ends(changed.loc[at], told)
        key = ends["place_id"] if number == 0 else _identities(ends, told.name)
        places = _dataset(told).places.set_index("place_id").reindex(ends["place_id"])
        for side in "ab":
            own = (ends["side"] == side).to_numpy()
            changed.loc[at, f"place_key_{side}"] = key[own].to_numpy()
            changed.loc[at, f"basis_{side}"] = "known"
            changed.loc[at, f"reasons_{side}"] = f"a place of the record {told.name}"
            changed.loc[at, f"country_code_{side}"] = places["country"].to_numpy()[own]
            for column in ("name", "region", "level"):
                values = places[column].astype("str").to_numpy()[own]
                changed.loc[at, f"place_{column}_{side}"] = values
    return changed


def _ends(rows: pd.DataFrame, told: ImportedSource) -> pd.DataFrame:
    """Each end of a record's ties: which place of the record, and what it was taken for."""
    ties = _dataset(told).ties.set_index("tie_id")
    own = ties.reindex(rows["statement_id"].str.slice(len(told.name) + 1))
    parts = [
        pd.DataFrame(
            {
                "side": side,
                "place_id": own[f"place_{side}"].to_numpy(),
                "key": rows[f"place_key_{side}"].to_numpy(),
                "basis": rows[f"basis_{side}"].to_numpy(),
            }
        )
        for side in "ab"
    ]
    return pd.concat(parts, ignore_index=True)


def _identities(ends: pd.DataFrame, name: str) -> pd.Series:
    """Each place of a record an identity that no other place of it has."""
    is_certain = ends["key"].notna() & ~ends["key"].str.startswith("open:").fillna(False)
    found = ends[is_certain].drop_duplicates(["place_id", "key"])
    n_keys = ends.assign(key=ends["key"].where(is_certain, "")).groupby("place_id")["key"].nunique()
    single = found[found["place_id"].map(n_keys) == 1]
    single = single[~single["key"].duplicated(keep=False)]
    known = single.set_index("place_id")["key"].astype("str")
    return (name + ":" + ends["place_id"]).where(
        ~ends["place_id"].isin(known.index), ends["place_id"].map(known)
    )


def carry(
    made: Made, resolved: pd.DataFrame, records: Sequence[ImportedSource]
) -> tuple[Dataset, pd.DataFrame]:
    """Add to a record what the records that were merged into it say.

    Parameters
    ----------
    made
        As `ties.merge.record.to_dataset` gives it, with these records as `records`.
    resolved
        As `place_records` gives it.
    records
        The records, the one that came first at the head.

    Returns
    -------
    dataset
        The record.
    events
        A row an event of a record: ``source_id``, ``event_id``, ``became`` (its code now),
        ``outcome`` (`KEPT`, `SAME`, `FOLDED` or `NO_TIE`).
    """
    if not records:
        return made.dataset, pd.DataFrame({name: pd.Series([], dtype="str") for name in _LOG})
    moved = [_moved(told, made, resolved, number == 0) for number, told in enumerate(records)]
    parts = [*moved, {name: made.dataset.table(name) for name in KEYS}]
    names = [told.name for told in records]
    sources, parts = _distinct_sources(parts, names)
    events, attestations, log = _distinct_events(parts, names)
    tables = {
        "places": _places(made, moved),
        "ties": _ties(made, moved),
        "sources": sources,
        "events": events.sort_values("event_id"),
        "attestations": attestations.sort_values(_BY),
    }
    for name in ("place_names", "searches", "counts"):
        tables[name] = _stacked([part[name] for part in parts], list(KEYS[name]))
    tables["place_names"] = _names(tables["place_names"])
    given: dict[str, Any] = {name: typed(name, frame) for name, frame in tables.items()}
    return replace(made.dataset, **given), log


def _moved(
    told: ImportedSource, made: Made, resolved: pd.DataFrame, is_first: bool
) -> dict[str, Any]:
    """The tables of a record under the codes that its places and ties have now."""
    dataset = _dataset(told)
    rows = resolved[resolved["source_id"] == told.name]
    ends = _ends(rows, told)
    became = ends.assign(now=ends["key"].map(made.place_ids)).dropna(subset=["now"])
    places = became.drop_duplicates("place_id").set_index("place_id")["now"]
    # A place of no tie keeps its code, unless another place has it.
    unused = dataset.places[~dataset.places["place_id"].isin(places.index)]
    there = made.dataset.places
    is_other = ~_is_row_of(unused[_IS_PLACE], there) & unused["place_id"].isin(there["place_id"])
    codes = unused["place_id"]
    own = codes.where(~is_other | is_first, codes + "-" + told.name)
    places = pd.concat([places, own.set_axis(codes)])
    log = made.log.set_index("statement_id")["tie_id"].reindex(rows["statement_id"])
    ties = log.set_axis(rows["statement_id"].str.slice(len(told.name) + 1)).dropna()
    now = made.dataset.ties.set_index("tie_id")["place_a"]
    first = dataset.ties.set_index("tie_id")["place_a"].reindex(ties.index).map(places)
    is_turned = (first != ties.map(now)).reindex(dataset.events["tie_id"])
    side = dataset.events["side"].astype("str")
    turned = side.map(_OTHER_SIDE).fillna(side)
    known = dataset.places.assign(
        place_id=dataset.places["place_id"].map(places),
        part_of=dataset.places["part_of"].map(places),
    )
    return {
        "places": known,
        "place_names": dataset.place_names.assign(
            place_id=dataset.place_names["place_id"].map(places)
        ),
        "ties": dataset.ties.assign(tie_id=dataset.ties["tie_id"].map(ties)),
        "events": dataset.events.assign(
            tie_id=dataset.events["tie_id"].map(ties),
            side=side.where(~is_turned.fillna(False).to_numpy(bool), turned),
        ),
        "sources": dataset.sources,
        "attestations": dataset.attestations,
        "searches": dataset.searches.assign(tie_id=dataset.searches["tie_id"].map(ties)).dropna(
            subset=["tie_id"]
        ),
        "counts": dataset.counts,
    }


def _places(made: Made, moved: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Places as the first record has them; others as later records or sources know them."""
    first, *others = [part["places"].astype({"level": "str"}) for part in moved]
    every = pd.concat([*others, made.dataset.places.astype({"level": "str"})], ignore_index=True)
    more = every[~every["place_id"].isin(first["place_id"])]
    # `first` takes the first value that is not missing.
    more = more.groupby("place_id", as_index=False).first()
    whole: pd.DataFrame = pd.concat([first, more], ignore_index=True)
    return whole.sort_values("place_id")


def _ties(made: Made, moved: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """The kind of each tie: as the first record that has it, else what most sources say."""
    ties = made.dataset.ties.astype({"kind": "str"})
    told = pd.concat([part["ties"][["tie_id", "kind"]].astype("str") for part in moved])
    first = told.dropna().drop_duplicates("tie_id").set_index("tie_id")["kind"]
    return ties.assign(kind=ties["tie_id"].map(first).fillna(ties["kind"]))


def _names(names: pd.DataFrame) -> pd.DataFrame:
    """Leave out a name in no known language that the place bears in a known one."""
    is_bare = (names["language"] == "und") & names[["valid_from", "valid_to"]].isna().all(axis=1)
    known = names.loc[~is_bare, ["place_id", "name"]].drop_duplicates().assign(is_known=True)
    is_known = names[["place_id", "name"]].merge(known, how="left")["is_known"].notna()
    kept: pd.DataFrame = names.loc[~(is_bare.to_numpy(bool) & is_known.to_numpy(bool))]
    return kept


def _distinct_sources(
    parts: Sequence[dict[str, Any]], names: Sequence[str]
) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """Put sources together; one that bears the code of another is told apart by its record."""
    sources = parts[0]["sources"].astype("str")
    changed = [dict(parts[0])]
    for part, name in zip(parts[1:], [*names[1:], "merged"], strict=True):
        own = part["sources"].astype("str")
        is_same = _is_row_of(own, sources)
        is_taken = own["source_id"].isin(sources["source_id"]) & ~is_same
        codes = own["source_id"].where(~is_taken, own["source_id"] + "-" + name)
        renamed = codes.set_axis(own["source_id"])
        moved = {
            key: part[key].assign(source_id=part[key]["source_id"].map(renamed))
            for key in ("attestations", "counts")
        }
        changed.append({**part, **moved})
        sources = pd.concat([sources, own.assign(source_id=codes)[~is_same]], ignore_index=True)
    return sources.sort_values("source_id"), changed


def _distinct_events(
    parts: Sequence[dict[str, Any]], names: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Put events together: one founding a tie, and no code twice."""
    events, attested, log = [], [], []
    taken = pd.DataFrame(columns=_IS_EVENT, dtype="str")
    for part, name in zip(parts, [*names, "merged"], strict=True):
        own = part["events"].astype("str").reset_index(drop=True)
        is_lost = own["tie_id"].isna()
        is_same = _is_row_of(own[_IS_EVENT], taken)
        clash = own["event_id"].isin(taken["event_id"]) & ~is_same
        code = own["event_id"].where(~clash, own["event_id"] + "-" + name)
        founding = taken[taken["kind"] == "founded"].set_index("tie_id")["event_id"]
        there = own["tie_id"].map(founding).astype("str").where(own["kind"] == "founded")
        is_folded = there.notna() & ~is_same
        became = there.where(is_folded, code).mask(is_lost).set_axis(own["event_id"])
        new = own.assign(event_id=code)[~is_same & ~is_folded & ~is_lost]
        events.append(new)
        taken = pd.concat([taken, new[_IS_EVENT]], ignore_index=True)
        words = own["summary"].where(is_folded & (name in names)).set_axis(own["event_id"])
        dates = own["date"].where(is_folded).set_axis(own["event_id"])
        attested.append(_attested(part["attestations"], became, words, dates))
        if name in names:
            outcome = pd.Series(KEPT, index=own.index).mask(is_same, SAME).mask(is_folded, FOLDED)
            outcome = outcome.mask(is_lost, NO_TIE)
            log.append(
                pd.DataFrame(
                    {
                        "source_id": name,
                        "event_id": own["event_id"],
                        "became": became.to_numpy(),
                        "outcome": outcome,
                    }
                ).astype("str")
            )
    every = pd.concat(attested, ignore_index=True)
    return pd.concat(events, ignore_index=True), _one_a_source(every), pd.concat(log)


def _attested(
    attestations: pd.DataFrame, became: pd.Series, words: pd.Series, dates: pd.Series
) -> pd.DataFrame:
    """Attestations of the events as they are now; of folded ones with the words they had."""
    own = attestations[attestations["event_id"].isin(became.dropna().index)].astype("str")
    said = own["event_id"].map(words).astype("str")
    note = own["note"].fillna("").astype("str") + ("; recorded as: " + said).fillna("")
    note = note.str.removeprefix("; ")
    return own.assign(
        event_id=own["event_id"].map(became),
        date=own["date"].fillna(own["event_id"].map(dates).astype("str")),
        note=note.mask(note == "", None),
    )


def _one_a_source(attestations: pd.DataFrame) -> pd.DataFrame:
    """Each source one word on each event; what else it says goes into the note."""
    rows = attestations.drop_duplicates([*_BY, "date", "note"]).reset_index(drop=True)
    first = rows[~rows.duplicated(_BY)].set_index(_BY)
    again = rows[rows.duplicated(_BY)]
    if again.empty:
        return first.reset_index()
    shown = first["date"].reindex(pd.MultiIndex.from_frame(again[_BY])).to_numpy()
    texts = ("also gives: " + again["date"].where(again["date"] != shown)).fillna("")
    texts = (texts + ("; " + again["note"]).fillna("")).str.removeprefix("; ")
    more = one_line([again[name] for name in _BY], texts.mask(texts == "").astype("str"))
    note = first["note"].fillna("")
    note = (note + ("; " + more).reindex(first.index).fillna("")).str.removeprefix("; ")
    return first.assign(note=note.mask(note == "", None)).reset_index()


def _is_row_of(rows: pd.DataFrame, others: pd.DataFrame) -> pd.Series:
    """Which rows stand in another frame, cell by cell."""
    columns = list(rows.columns)
    own = pd.MultiIndex.from_frame(rows[columns].astype("str").fillna("").astype("str"))
    there = others.reindex(columns=columns).astype("str").fillna("").astype("str")
    return pd.Series(own.isin(pd.MultiIndex.from_frame(there)), index=rows.index)


def _stacked(frames: list[pd.DataFrame], keys: list[str]) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True).drop_duplicates(keys).sort_values(keys)


def _dataset(told: ImportedSource) -> Dataset:
    if told.dataset is None:
        raise TypeError(f"{told.name} is no record")
    return told.dataset
