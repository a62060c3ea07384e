"""From bounds to a verdict: four words, one rule.

A condition is *true* if it holds at both of its bounds, *false* if at neither, else *open*. A claim
of several conditions is true if all are, false if one is false, else open (Kleene's
three-valued "and"). Then:

* ``cannot_tell``: open under the usual choices;
* ``supported``: true under the usual choices, and at every point of the grid;
* ``not_supported``: false under the usual choices, and at every point of the grid;
* ``fragile``: true or false under the usual choices, but not at every point.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ties.schema.vocabulary import Term

VERDICTS: Final = {
    term.code: term
    for term in (
        Term("supported", "Supported", "True whatever is not known, and under every choice."),
        Term("fragile", "Fragile", "True or false under the usual choices, but not under all."),
        Term(
            "not_supported", "Not supported", "False whatever is not known, and under every choice."
        ),
        Term("cannot_tell", "Cannot tell", "What is not known could make it true or false."),
    )
}


def all_hold(answers: Iterable[bool | None]) -> bool | None:
    """Join conditions of which all must hold; none at all hold.

    Examples
    --------
    >>> all_hold([True, None]), all_hold([False, None]), all_hold([True, True])
    (None, False, True)
    """
    found = list(answers)
    if any(answer is False for answer in found):
        return False
    return None if any(answer is None for answer in found) else True


def verdict(usual: bool | None, grid: Iterable[bool | None]) -> str:
    """Give the verdict from the answer under the usual choices and those over the grid.

    Examples
    --------
    >>> verdict(True, [True, True]), verdict(True, [True, None]), verdict(None, [True])
    ('supported', 'fragile', 'cannot_tell')
    """
    if usual is None:
        return "cannot_tell"
    if any(answer is not usual for answer in grid):
        return "fragile"
    return "supported" if usual else "not_supported"
