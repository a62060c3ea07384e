"""From bounds and chances to a verdict: seven words, one rule.

A condition is *true* if it holds at both of its bounds, *false* if at neither, else *open*. A claim
of several conditions is true if all are, false if one is false, else open (Kleene's
three-valued "and"). Where that is so whatever is not known, and under every choice of the grid, the
claim is *supported* or *not supported*.

Where it is not, the strongest assumption of the ladder that gives a chance decides
(`ties.claims.ladder`), in the calibrated words of the Intergovernmental Panel on Climate Change
(Mastrandrea et al., *Guidance Note on Consistent Treatment of Uncertainties*, 2010): at least 90
and 66 in 100, given the assumption; and only if the answer would not turn within what is plausible
of it. The words are never to be read without the number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from ties.schema.vocabulary import Term

VERY_LIKELY: Final = 0.90
LIKELY: Final = 0.66

VERDICTS: Final = {
    term.code: term
    for term in (
        Term("supported", "Supported", "True whatever is not known, and under every choice."),
        Term(
            "very_likely",
            "Very likely",
            "True in at least 90 of 100 draws, given an assumption that would have to be "
            "implausibly wrong; or true in the worst case, and false under no choice.",
        ),
        Term(
            "likely",
            "Likely",
            "True in at least 66 of 100 draws, given such an assumption; or true in the worst "
            "case, and false under some choice.",
        ),
        Term(
            "open",
            "Open",
            "Neither is likely, or the answer turns within what is plausible.",
        ),
        Term("unlikely", "Unlikely", "False in at least 66 of 100 draws, or as for likely."),
        Term(
            "very_unlikely", "Very unlikely", "False in at least 90 of 100 draws, or as for that."
        ),
        Term(
            "not_supported", "Not supported", "False whatever is not known, and under every choice."
        ),
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


def verdict(
    answers: Sequence[bool | None],
    chance: tuple[float, float] = (0.0, 1.0),
    *,
    turns: bool = False,
) -> str:
    """The verdict on a claim.

    Parameters
    ----------
    answers
        The answer under the usual choices, then those over the grid.
    chance
        Least and greatest chance that the claim is true, given the assumptions of the ladder.
    turns
        Whether the answer would turn within what is plausible of those assumptions.

    Examples
    --------
    >>> verdict([True, True]), verdict([True, None]), verdict([False, True])
    ('supported', 'very_likely', 'unlikely')
    >>> verdict([None], (0.93, 0.99)), verdict([None], (0.0, 0.2)), verdict([None], (0.4, 0.8))
    ('very_likely', 'unlikely', 'open')
    >>> verdict([None], (0.93, 0.99), turns=True)
    'open'
    """
    usual = answers[0]
    if usual is not None:
        if all(answer is usual for answer in answers):
            return "supported" if usual else "not_supported"
        is_firm = (not usual) not in answers
        return _in_words(usual, is_firm)
    low, high = chance
    is_true, is_false = low >= LIKELY, 1 - high >= LIKELY - 1e-9
    if turns or not (is_true or is_false):
        return "open"
    return _in_words(is_true, (low if is_true else 1 - high) >= VERY_LIKELY - 1e-9)


def _in_words(is_true: bool, is_firm: bool) -> str:
    word = "likely" if is_true else "unlikely"
    return f"very_{word}" if is_firm else word
