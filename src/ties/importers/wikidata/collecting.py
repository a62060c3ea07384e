"""What Wikidata says of a tie, as columns of a statement: the same for entities and for answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from ties.importers.collector import Collector
from ties.importers.statements import Reading
from ties.importers.wikidata.times import Moment

KIND: Final = "twinned administrative body"  # the label of P190


@dataclass
class WikidataCollector(Collector):
    """Entries of one or several files of Wikidata; a row is an entity, or a solution of a query."""

    n_rows: int = 0

    def dates(self, moments: Iterable[Moment], locator: str, column: str) -> dict[str, Any]:
        """Both columns of a date, with warnings for whatever is to be known of it.

        Several values that differ are no date: which of them holds is not ours to pick.
        """
        distinct = list(dict.fromkeys(moments))
        for moment in distinct:
            for rule, reason in moment.remarks:
                message = f"{locator}: {moment.text!r} {reason}"
                self.warn(rule, message, column=column, value=moment.text)
        text = "; ".join(dict.fromkeys(moment.text for moment in distinct)) or None
        found = {moment.edtf for moment in distinct}
        if len(found) <= 1:
            return {column: next(iter(found), None), f"{column}_text": text}
        message = f"{locator}: gives several values; none is picked, the text has them all"
        self.warn("date_several", message, column=column, value=text)
        return {column: None, f"{column}_text": text}

    def place(
        self,
        side: str,
        locator: str,
        place_id: str | None,
        name: str | None,
        countries: Mapping[str, str],
        points: Sequence[tuple[float, float]],
    ) -> tuple[dict[str, Any], list[str]]:
        """Columns of one side, and what of it goes into the note.

        Parameters
        ----------
        side
            ``a`` or ``b``.
        locator
            Of the entry, for warnings.
        place_id, name
            As the source has them; the id stands for a name that is not there.
        countries
            Distinct countries, each with its name or code; of several none is picked, with a
            warning.
        points
            Latitude and longitude in degrees; of several the first counts.
        """
        name = name or place_id
        latitude, longitude = points[0] if points else (None, None)
        cells = {"name": name, "id": place_id, "latitude": latitude, "longitude": longitude}
        notes = []
        several = ", ".join(dict.fromkeys(countries.values()))
        if len(countries) == 1:
            cells["country"] = several
        elif countries:
            notes.append(f"countries of {name}: {several}")
            message = f"{locator}: {name} has several countries; none is picked"
            self.warn("country_several", message, column=f"country_{side}", value=several)
        if len(points) > 1:
            rest = ", ".join(f"{north:g} {east:g}" for north, east in points[1:])
            notes.append(f"further coordinates of {name}: {rest}")
        return {f"{column}_{side}": value for column, value in cells.items()}, notes

    def finished(self) -> Reading:
        """What was read; once for each file it is said how many names are only ids."""
        return self.reading(self.n_rows, self._warn_of_ids)

    def _warn_of_ids(self, statements: pd.DataFrame) -> Iterable[pd.DataFrame]:
        names = pd.concat([statements.set_index("file")[f"name_{side}"] for side in "ab"])
        is_bare = names.str.fullmatch(r"[Qq]\d+").eq(True)
        for file, n_bare in is_bare.groupby(level=0, sort=False).sum().items():
            if n_bare:
                message = (
                    f"{n_bare:,} of {names.index.value_counts()[file]:,} names are ids, as the "
                    "input gives no label; places are found by their id, or ask for labels"
                )
                self.warn("no_label", message, column="name", file=str(file))
        return ()
