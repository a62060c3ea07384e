"""Pages whose prose is written by hand and whose tables are measured."""

from __future__ import annotations

import re
from collections.abc import Mapping


def fill(text: str, blocks: Mapping[str, str]) -> str:
    """Return a page with each block, from ``<!-- name -->`` to ``<!-- end -->``, made anew.

    Raises
    ------
    ValueError
        If the page has no place for a block, or several.

    Examples
    --------
    >>> fill("<!-- sum --><!-- end -->", {"sum": "1 + 1 = 2"}).splitlines()
    ['<!-- sum -->', '1 + 1 = 2', '<!-- end -->']
    """
    for name, block in blocks.items():
        pattern = rf"<!-- {re.escape(name)} -->.*?<!-- end -->"
        new = f"<!-- {name} -->\n{block}\n<!-- end -->"
        text, n = re.subn(pattern, lambda _, new=new: new, text, flags=re.DOTALL)
        if n != 1:
            raise ValueError(f"the page has {n} places for {name!r}, and not one")
    return text
