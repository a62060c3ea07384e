"""Which ties and which sources count: the usual choices, by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ties.dataset import Dataset
from ties.schema.vocabulary import TIE_KINDS
from ties.stats.leave_out import NOT_STATED, without_sources

# Kinds of source that list ties without telling what happened to them.
LISTS: Final = ("directory", "encyclopedia", "repository")


def default_tie_kinds() -> dict[str, tuple[str, ...]]:
    """Give the usual choices of ties: all, sister ties alone, those whose kind is stated."""
    stated = tuple(TIE_KINDS)
    return {"all": (*stated, NOT_STATED), "sister": ("sister",), "stated": stated}


def default_source_kinds(dataset: Dataset) -> dict[str, tuple[str, ...]]:
    """Give the usual choices of sources: none left out, each kind in turn, all lists."""
    present = sorted(dataset.sources["kind"].astype("str").fillna(NOT_STATED).unique())
    lists = tuple(kind for kind in LISTS if kind in present)
    choices: dict[str, tuple[str, ...]] = {"all": ()}
    choices |= {f"without {kind.replace('_', ' ')}": (kind,) for kind in present}
    return choices | ({"without lists": lists} if len(lists) > 1 else {})


def without_source_kinds(dataset: Dataset, kinds: Sequence[str]) -> Dataset:
    """Leave out what only sources of these kinds say; see `ties.stats.leave_out`."""
    if not kinds:
        return dataset
    kind = dataset.sources["kind"].astype("str").fillna(NOT_STATED)
    return without_sources(dataset, dataset.sources.loc[kind.isin([*kinds]), "source_id"])
