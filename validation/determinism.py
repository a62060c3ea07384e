"""Make everything of the bundled record with one thing changed at a time, and compare the bytes.

    python -m validation.determinism
    python -m validation.determinism processed exports

Prints how many files differed, by what was changed, as the table of docs/compatibility.md. Ends
with 1 if one did. The tests change everything at once.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pandas as pd
from tests.circumstances import (
    PRODUCTS,
    all_at_once,
    comparable,
    differing,
    make,
    make_languages,
    one_at_a_time,
)

PLAIN = "nothing"


def main() -> int:
    """Try every circumstance on the products named, or on all."""
    products = sys.argv[1:] or [*PRODUCTS]
    with tempfile.TemporaryDirectory() as home:
        scratch = Path(home)
        try:
            languages = make_languages(scratch / "languages")
        except FileNotFoundError as error:
            print(f"no other languages: {error}", file=sys.stderr)
            languages = {}
        tried = one_at_a_time(languages) | {"everything": all_at_once(languages)}

        def made(name: str) -> dict[str, dict[str, bytes]]:
            found = make(products, tried[name], scratch, Path(tempfile.mkdtemp(dir=scratch)))
            return {product: comparable(product, files) for product, files in found.items()}

        # "Nothing" is made twice: a clock shows even if nothing else is changed.
        plain, rows = made(PLAIN), {}
        for changed in tried:
            other = made(changed)
            found = {name: differing(plain[name], other[name]) for name in products}
            rows[changed] = {name: len(files) for name, files in found.items()}
            print(f"{changed}: {found}", file=sys.stderr)
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("changed")
    print(table.rename(columns={n: f"{n} ({len(plain[n])} files)" for n in products}).to_markdown())
    return int(table.to_numpy().any())


if __name__ == "__main__":
    raise SystemExit(main())
