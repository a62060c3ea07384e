"""Names that look like another: characters that nobody sees, and letters of two alphabets.

A name with such a character is not found by who searches for it, and two that look the same may not
be. So it is said; nothing is changed, since a few are right, as in the scripts of Iran.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from ties.errors import WARNING, join
from ties.validate.record import RecordTables

NAMED: Final = {"places": "name", "place_names": "name"}

# Soft hyphen, spaces and joiners of no width, marks that turn the direction of the text.
_HIDDEN: Final = "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
_LATIN, _OTHER = "A-Za-z\u00c0-\u024f", "\u0370-\u03ff\u0400-\u052f"
_MIXED: Final = f"[{_LATIN}][{_OTHER}]|[{_OTHER}][{_LATIN}]"


def hidden_characters(record: RecordTables) -> pd.DataFrame:
    """Find names with characters that cannot be seen."""
    message = "{value!r} holds a character that nobody sees or that turns the text; type it anew"
    return _find(record, _HIDDEN, "hidden_character", message)


def mixed_letters(record: RecordTables) -> pd.DataFrame:
    """Find words that mix Latin letters with Greek or Cyrillic ones that look alike."""
    message = "{value!r} mixes letters of two alphabets in a word; type it anew"
    return _find(record, _MIXED, "mixed_letters", message)


def _find(record: RecordTables, pattern: str, rule: str, message: str) -> pd.DataFrame:
    return join(
        [
            record.problems(
                table,
                record.frames[table][column].str.contains(pattern, na=False),
                rule,
                message,
                column=column,
                severity=WARNING,
            )
            for table, column in NAMED.items()
        ]
    )
