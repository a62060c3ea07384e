"""What an import gathers as it reads: entries, rejected entries and warnings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from ties.errors import WARNING, join, make_problems, public
from ties.importers.statements import Reading, make_rejected, make_statements
from ties.importers.wikidata.times import Moment

KIND: Final = "twinned administrative body"  # the label of P190
_SIDES: Final = ("a", "b")


@dataclass
class Collected:
    """Entries in the order in which they were read; a reading in the end.

    Each entry is accepted or rejected once, and each row of the input has at least one.
    """

    entries: list[dict[str, Any]] = field(default_factory=list)
    rejected: list[dict[str, Any]] = field(default_factory=list)
    n_rows: int = 0
    _warnings: dict[tuple[str, str | None, str], list[tuple[str, str | None]]] = field(
        default_factory=dict
    )

    def reject(self, row: int, file: str, locator: str, rule: str, reason: str, text: str) -> None:
        """Set one entry aside, with its text as it was read."""
        where = {"row": row, "file": file, "locator": locator}
        self.rejected.append(where | {"rule": rule, "reason": reason, "text": text})

    def warn(
        self,
        rule: str,
        file: str,
        message: str,
        column: str | None = None,
        value: str | None = None,
    ) -> None:
        """Note what deserves a look in an entry that is accepted; the message names it."""
        self._warnings.setdefault((rule, column, file), []).append((message, value))

    def date(
        self, moments: Iterable[Moment], file: str, locator: str, column: str
    ) -> dict[str, str | None]:
        """Give the two columns of a date, with warnings for whatever is to be known of it.

        Several values that differ are no date: which of them holds is not ours to pick.
        """
        distinct = list(dict.fromkeys(moments))
        for moment in distinct:
            for rule, reason in moment.remarks:
                message = f"{locator}: {moment.text!r} {reason}"
                self.warn(rule, file, message, column, moment.text)
        text = "; ".join(dict.fromkeys(moment.text for moment in distinct)) or None
        dates = {moment.edtf for moment in distinct}
        if len(dates) <= 1:
            return {column: next(iter(dates), None), f"{column}_text": text}
        message = f"{locator}: gives several values; none is picked, the text has them all"
        self.warn("date_several", file, message, column, text)
        return {column: None, f"{column}_text": text}

    def place(
        self,
        side: str,
        where: tuple[str, str],
        place_id: str | None,
        name: str | None,
        countries: Mapping[str, str],
        points: list[tuple[float, float]],
    ) -> tuple[dict[str, Any], list[str]]:
        """Give the columns of one side, and what of it goes into the note.

        Parameters
        ----------
        side
            ``a`` or ``b``.
        where
            File and locator of the entry.
        place_id, name
            As the source has them; the id stands for a name that is not there.
        countries
            Distinct countries, each with its name or code; of several none is picked, with a
            warning.
        points
            Latitude and longitude in degrees; of several the first counts.
        """
        several = list(dict.fromkeys(countries.values()))
        latitude, longitude = points[0] if points else (None, None)
        cells = {
            "name": name or place_id,
            "country": several[0] if len(countries) == 1 else None,
            "id": place_id,
            "latitude": latitude,
            "longitude": longitude,
        }
        notes = []
        if len(countries) > 1:
            notes.append(f"countries of {name or place_id}: {', '.join(several)}")
            message = f"{where[1]}: {name or place_id} has several countries; none is picked"
            self.warn("country_several", where[0], message, f"country_{side}", ", ".join(several))
        if len(points) > 1:
            rest = ", ".join(f"{north:g} {east:g}" for north, east in points[1:])
            notes.append(f"further coordinates of {name or place_id}: {rest}")
        return {f"{column}_{side}": value for column, value in cells.items()}, notes

    def reading(self) -> Reading:
        """Give what was gathered as a reading."""
        statements = make_statements(sorted(self.entries, key=_row))
        rejected = make_rejected(sorted(self.rejected, key=_row))
        self._warn_of_ids(statements)
        return Reading(statements, rejected, self.n_rows, self._problems())

    def _warn_of_ids(self, statements: pd.DataFrame) -> None:
        """Say once for each file how many names are only ids."""
        names = pd.concat(
            [
                statements[["file", f"name_{side}"]].set_axis(["file", "name"], axis=1)
                for side in _SIDES
            ]
        )
        bare = names["name"].str.fullmatch(r"Q\d+", flags=re.IGNORECASE).fillna(False).astype(bool)
        for file, n_bare in names.loc[bare, "file"].value_counts(sort=False).items():
            n = int((names["file"] == file).sum())
            message = (
                f"{n_bare:,} of {n:,} names are ids, as the input gives no label; "
                "places are found by their id, or ask for labels"
            )
            self.warn("no_label", str(file), message, "name")

    def _problems(self) -> pd.DataFrame:
        parts = (
            make_problems(
                [message for message, _ in found],
                table="statements",
                file=file,
                rule=rule,
                column=column,
                values=[value for _, value in found],
                severity=WARNING,
            )
            for (rule, column, file), found in self._warnings.items()
        )
        return public(join(parts))


def _row(entry: Mapping[str, Any]) -> int:
    return int(entry["row"])
