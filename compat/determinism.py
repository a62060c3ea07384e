"""Make everything of the bundled record with one thing changed at a time, and compare the bytes.

    make determinism
    python compat/determinism.py --only processed exports

Writes compat/results/determinism.json and docs/compatibility.md. Ends with 1 if a file differs.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import page

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.circumstances import (
    PRODUCTS,
    Circumstances,
    all_at_once,
    comparable,
    differing,
    make,
    make_languages,
    one_at_a_time,
)

PLAIN = "nothing"


def main() -> int:
    """Try every circumstance, and write down which files differed."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--only", nargs="+", choices=PRODUCTS, default=[*PRODUCTS], metavar="WHAT")
    asked.add_argument("--measured-on", default="unknown", help="day to print on the page")
    args = asked.parse_args()
    with tempfile.TemporaryDirectory() as home:
        scratch = Path(home)
        try:
            languages = make_languages(scratch / "languages")
        except FileNotFoundError as error:
            print(f"no other languages: {error}", flush=True)
            languages = {}
        tried = one_at_a_time(languages) | {"everything": all_at_once(languages)}
        plain = _made(args.only, tried[PLAIN], scratch, PLAIN)
        rows = {}
        # "Nothing" once more: a clock shows even if nothing else is changed.
        for changed, under in tried.items():
            made = _made(args.only, under, scratch, f"once more, {changed}")
            rows[changed] = {name: differing(plain[name], made[name]) for name in args.only}
            print(f"{changed}: {rows[changed]}", flush=True)
    files = {name: len(plain[name]) for name in args.only}
    page.keep_determinism(rows, files, args.measured_on)
    return int(any(names for found in rows.values() for names in found.values()))


def _made(
    products: list[str], under: Circumstances, scratch: Path, name: str
) -> dict[str, dict[str, bytes]]:
    made = make(products, under, scratch, scratch / "made" / name.replace("/", " "))
    return {product: comparable(product, files) for product, files in made.items()}


if __name__ == "__main__":
    raise SystemExit(main())
