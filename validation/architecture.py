"""Draw the house from its imports, and write what follows from them into docs/architecture.md.

    make architecture

The layers are decided here; the tests hold every import to them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import networkx as nx
import numpy as np
from validation.pages import fill

TOP = Path(__file__).resolve().parents[1]
PACKAGE = TOP / "src" / "ties"
PAGE = TOP / "docs" / "architecture.md"
PICTURE = TOP / "docs" / "images" / "architecture.svg"

# From the bottom to the top; modules of one layer may import one another.
LAYERS: Final = [
    {"errors", "dates", "schema", "parallel"},
    {"dataset", "overview", "validate", "io"},  # a record: in memory, checked, in files
    {"places"},
    {"lifecycle", "lookup"},
    {"importers"},
    {"merge"},
    {"inputs"},
    {"bounds"},
    {"stats"},
    {"claims"},
    {"figures", "explore"},
    {"report", "build"},
    {"export", "widgets", "partitions"},
    {"cli", "__main__"},
]
HEIGHT: Final = {part: height for height, layer in enumerate(LAYERS) for part in layer}
N_SLOTS: Final = 5  # parts that fit side by side
# Of a change, what others read of it: they follow by themselves, or they do not.
READ: Final = {
    "event kinds": ("ties.schema.vocabulary", {"EVENT_KINDS", "REPORTED_STATUSES"}),
    "figures": ("ties.figures", {"NAMES", "catalogue"}),
    "importers": ("ties.importers.kinds", {"KINDS", "OPTIONS", "detect", "reader"}),
    "claims": ("ties.claims.read", {"read_claims", "bundled_claims"}),
}


def imports(module: Path) -> Iterator[str]:
    """Yield what a module imports, by full names, such as ``ties.errors.TiesError``."""
    here = ["ties", *module.relative_to(PACKAGE).with_suffix("").parts]
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level] if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{stem}.{alias.name}" for alias in node.names)


def modules(part: str = "") -> list[Path]:
    """Return the modules of a part (a folder or a module right below `ties`), or of all."""
    found = sorted(PACKAGE.rglob("*.py"))
    return [path for path in found if not part or part_of(path) == part]


def part_of(module: Path) -> str:
    """Return the folder or module right below `ties` in which a module lies."""
    return module.relative_to(PACKAGE).parts[0].removesuffix(".py")


def parts_imported(module: Path) -> set[str]:
    """Return the parts of `ties` that a module imports, its own among them."""
    return {name.split(".")[1] for name in imports(module) if name.startswith("ties.")} & {*HEIGHT}


def readers(change: str) -> list[str]:
    """Return the modules that read what a change of a kind of `READ` adds to."""
    home, names = READ[change]
    wanted = {home, *(f"{home}.{name}" for name in names)}
    return [
        module.relative_to(TOP).as_posix() for module in modules() if wanted & {*imports(module)}
    ]


def graph() -> nx.DiGraph:
    """Return which part imports which below it, without what follows from the rest."""
    edges = {
        (part, other)
        for part in HEIGHT
        for module in modules(part)
        for other in parts_imported(module)
        if HEIGHT[other] < HEIGHT[part]
    }
    return nx.transitive_reduction(nx.DiGraph(edges))


def page(text: str) -> str:
    """Return the page with what is generated in it made anew."""
    layers = [", ".join(f"`{part}`" for part in sorted(layer)) for layer in reversed(LAYERS)]
    blocks = {"layers": "\n".join(f"{n}. {layer}" for n, layer in enumerate(layers, 1))}
    blocks |= {change: "\n".join(f"- `{name}`" for name in readers(change)) for change in READ}
    return fill(text, blocks)


def draw(out: Path) -> None:
    """Draw the parts, a layer a row, and an arrow from each to those it stands on."""
    from matplotlib.figure import Figure

    from ties.figures.style import house_style, save

    edges = graph()
    place = positions(edges)
    with house_style():
        figure = Figure(figsize=(6.3, 7.4))
        ax = figure.add_axes((0, 0, 1, 1))
        ax.set(xlim=(-0.6, N_SLOTS - 0.4), ylim=(-1.2, len(LAYERS) - 0.5))
        ax.axis("off")
        for one, other in sorted(edges.edges):
            (x, y), (to_x, to_y) = place[one], place[other]
            arrow = {"arrowstyle": "-|>", "color": "#8a8f98", "lw": 0.9, "shrinkA": 0, "shrinkB": 0}
            ax.annotate("", (to_x, to_y + 0.27), (x, y - 0.27), zorder=1, arrowprops=arrow)
        for part, (x, y) in place.items():
            is_folder = (PACKAGE / part).is_dir()
            box = {"boxstyle": "round,pad=0.4", "ec": "#4a5568", "lw": 0.9}
            box["fc"] = "#e9eef2" if is_folder else "white"
            weight = "bold" if is_folder else "normal"
            ax.text(x, y, part, ha="center", va="center", fontsize=9.5, weight=weight, bbox=box)
        note = "An arrow leads to what a part imports; what follows from other arrows is left out."
        ax.text(-0.5, -0.9, f"{note} Bold: a folder.", fontsize=8, color="#555555", va="center")
        save(figure, out)


def positions(edges: nx.DiGraph) -> dict[str, tuple[float, int]]:
    """Return where each part stands: its layer, and the slot in it that keeps arrows apart.

    One part after another is moved to where arrows cross fewest others and fewest names, until no
    move helps; the same imports give the same picture.
    """
    parts = [
        part for part in sorted(HEIGHT, key=lambda part: (HEIGHT[part], part)) if part in edges
    ]
    of_layer = {height: [p for p in parts if HEIGHT[p] == height] for height in range(len(LAYERS))}
    slot = {
        p: (at + 0.5) / len(of) * N_SLOTS - 0.5
        for of in of_layer.values()
        for at, p in enumerate(of)
    }
    slot = {part: float(round(x)) for part, x in slot.items()}

    def cost() -> float:
        lines = [(slot[a], HEIGHT[a], slot[b], HEIGHT[b]) for a, b in sorted(edges.edges)]
        total = sum(abs(x - u) for x, _, u, _ in lines) / 10
        for x, y, u, v in lines:
            for part in parts:
                if v < HEIGHT[part] < y:
                    at = x + (u - x) * (y - HEIGHT[part]) / (y - v)
                    total += 3 * max(0.0, 0.55 - abs(at - slot[part]))
        for number, (x, y, u, v) in enumerate(lines):
            for x2, y2, u2, v2 in lines[:number]:
                low, high = max(v, v2), min(y, y2)
                if low < high:
                    ends = [
                        (x + (u - x) * (y - h) / (y - v)) - (x2 + (u2 - x2) * (y2 - h) / (y2 - v2))
                        for h in (low, high)
                    ]
                    total += 0.5 * (ends[0] * ends[1] < -1e-9)
        return total

    best, is_better = cost(), True
    while is_better:
        is_better = False
        for part in parts:
            for x in np.arange(0, N_SLOTS - 0.9, 0.5):
                before = slot[part]
                if any(abs(slot[p] - x) < 1 for p in of_layer[HEIGHT[part]] if p != part):
                    continue
                slot[part] = float(x)
                if (now := cost()) < best - 1e-9:
                    best, is_better = now, True
                else:
                    slot[part] = before
    return {part: (slot[part], HEIGHT[part]) for part in parts}


def main() -> None:
    """Write the page and the picture."""
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
    draw(PICTURE)


if __name__ == "__main__":
    main()
