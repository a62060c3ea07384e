"""Imports run one way: a layer imports from those below it and from none above."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

# From the bottom to the top, as in the design; modules of one layer may import one another.
LAYERS = [
    {"errors", "dates", "schema", "parallel"},
    {"dataset", "overview"},
    {"validate"},
    {"io"},
    {"places"},
    {"lifecycle", "lookup"},
    {"importers"},
    {"merge"},
    {"stats"},
    {"claims"},
    {"figures", "explore"},
    {"report", "build"},
    {"export", "widgets", "partitions"},
    {"cli", "__main__"},
]
HEIGHT = {part: height for height, layer in enumerate(LAYERS) for part in layer}


def parts_imported(module: Path, package: Path) -> Iterator[str]:
    """Name the parts of `ties` (its first-level modules) that a module imports."""
    here = ["ties", *module.relative_to(package).with_suffix("").parts]
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level] if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            names = [f"{stem}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (name.split(".")[1] for name in names if name.startswith("ties."))


def test_every_part_has_its_layer(checkout: Path):
    package = checkout / "src" / "ties"
    parts = {
        path.relative_to(package).parts[0].removesuffix(".py") for path in package.rglob("*.py")
    }
    assert parts - HEIGHT.keys() == {"__init__"}


@pytest.mark.parametrize("part", sorted(HEIGHT))
def test_a_part_imports_nothing_above_it(checkout: Path, part: str):
    package = checkout / "src" / "ties"
    modules = [*(package / part).rglob("*.py"), *package.glob(f"{part}.py")]
    upward = [
        f"{module.relative_to(package)} imports {other}"
        for module in modules
        for other in parts_imported(module, package)
        if HEIGHT.get(other, -1) > HEIGHT[part]
    ]
    assert upward == []
