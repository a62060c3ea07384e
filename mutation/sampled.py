"""mutmut, held to a sample of the changes that it could make in each file.

mutmut writes every change of a file into one copy of it. For a file with five hundred that takes
minutes, and to try thirty of them most would be written for nothing.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import Any

import mutmut.mutation.file_mutation as mutating
from mutmut.__main__ import cli

SIZES = Path("sizes.json")
COUNTS = Path("counts")

_all_mutations = mutating.create_mutations


def sampled_mutations(filename: str, *rest: Any) -> Any:
    """Give some of the changes of a file, chosen by its seed, and note how many there are."""
    module, mutations, *ignored = _all_mutations(filename, *rest)
    usable = [m for m in mutations if m.contained_by_top_level_function is not None]
    wanted = json.loads(SIZES.read_text("utf-8"))[str(filename)]
    COUNTS.mkdir(exist_ok=True)
    (COUNTS / str(filename).replace("/", ".")).write_text(str(len(usable)), "utf-8")
    places = random.Random(wanted["seed"]).sample(
        range(len(usable)), min(wanted["size"], len(usable))
    )
    return module, [usable[place] for place in sorted(places)], *ignored


if __name__ == "__main__":
    mutating.create_mutations = sampled_mutations
    sys.argv[0] = "mutmut"
    cli()
