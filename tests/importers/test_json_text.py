"""Halves of characters are taken out of JSON, and nothing else is."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from ties.io.json_text import whole_characters

# Halves, pairs, backslashes and what looks like an escape.
TEXTS = st.lists(
    st.sampled_from(["\ud83d", "\ude00", "\U0001f600", "\\", "u", "\\ud83d", '"', "a", "Ё", "\n"])
).map("".join)


@given(TEXTS, st.booleans())
def test_the_text_is_what_a_file_can_hold_of_it(text, ascii_only):
    given = json.dumps([text])
    # As a program writes it that escapes only what it must: the halves.
    if not ascii_only:
        given = "".join(
            json.dumps(mark)[1:-1]
            if "\ud800" <= mark <= "\udfff"
            else json.dumps(mark, ensure_ascii=False)[1:-1]
            for mark in text
        )
        given = f'["{given}"]'
    held = json.loads(given)[0].encode("utf-8", "replace").decode("utf-8")
    assert json.loads(whole_characters(given)) == [held]
