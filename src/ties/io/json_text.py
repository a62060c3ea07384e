r"""What JSON may say and no file can hold: half of a character.

JSON writes a character beyond the first 65,536 as two escapes, the halves of a pair. Programs that
cut a text in its middle leave one half alone, which Python reads, and which no text in UTF-8 holds.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

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


class NotJsonError(ValueError):
    """A text is no JSON that we read; the message says why."""


def parse_json(content: bytes, **options: Any) -> Any:
    """What a JSON text in UTF-8 says, with whole characters.

    Parameters
    ----------
    content
        With or without a byte order mark.
    options
        Of `json.loads`.

    Raises
    ------
    NotJsonError
        If the text is not JSON in UTF-8, is nested too deeply, or holds an absurd number.

    Examples
    --------
    >>> parse_json(b'{"id": "Q64"}')
    {'id': 'Q64'}
    """
    try:
        text = content.decode("utf-8-sig")
        has_half = r"\ud" in text or r"\uD" in text
        return json.loads(whole_characters(text) if has_half else text, **options)
    except UnicodeDecodeError as error:
        raise NotJsonError(f"is not UTF-8 (byte {error.start + 1})") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, " if b"\n" in content.strip() else ""
        raise NotJsonError(f"is not JSON: {error.msg} ({where}column {error.colno})") from None
    except RecursionError:
        raise NotJsonError("is nested too deeply for a list of ties") from None
    except ValueError:
        raise NotJsonError("holds a number of more than 4,300 digits") from None
