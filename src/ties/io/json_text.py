r"""What JSON may say and no file can hold: half of a character.

JSON writes a character beyond the first 65,536 as two escapes, the halves of a pair. Programs that
cut a text in its middle leave one half alone, which Python reads, and which no text in UTF-8 holds.
"""

from __future__ import annotations

import re
from typing import Final

# Escapes one after another, so that a backslash that is escaped itself begins none.
_ESCAPES: Final = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
    r"|\\."
)


def whole_characters(text: str) -> str:
    r"""Put a question mark for each half of a character that stands alone in the text of JSON.

    Examples
    --------
    >>> print(whole_characters(r'["\ud83d\ude00", "Bo\ud83dnn", "\\ud83d"]'))
    ["\ud83d\ude00", "Bo?nn", "\\ud83d"]
    """
    return _ESCAPES.sub(lambda found: "?" if found["half"] else found[0], text)
