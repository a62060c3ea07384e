"""What the tables mean, written from the models: the data dictionary and the data package.

Both are made from `ties.schema.tables` and `ties.schema.vocabulary`, so that neither can say
something else than the checks do. ``python -m ties.schema.dictionary`` rewrites them in a
checkout; a test keeps them in step.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ties.schema.tables import KEYS, REQUIRED, TABLES, Column, columns
from ties.schema.vocabulary import (
    EVENT_KINDS,
    LEVELS,
    SIDES,
    SOURCE_KINDS,
    STATUSES,
    TIE_KINDS,
    Term,
)

_TYPES: Final = {"float64": "number", "Int64": "integer"}
_VOCABULARIES: Final = {
    "Level of a place": LEVELS,
    "Kind of tie": TIE_KINDS,
    "Kind of event": EVENT_KINDS,
    "Side": SIDES,
    "Kind of source": SOURCE_KINDS,
    "Status (derived, not stored)": STATUSES,
}


def data_dictionary() -> str:
    """The data dictionary as Markdown: every table, column and code."""
    parts = [
        "# Data dictionary",
        "Made from the models in `src/ties/schema/` by `make dictionary`; do not edit. Every table "
        "is a CSV file, a Parquet file or a sheet of one workbook. An empty cell is a missing "
        "value. Dates of format `edtf` are Extended Date/Time Format (ISO 8601-2): `1991`, "
        "`1991-06`, `1991-06-26`, `199X`, `1989/1991`, `../1992`, `1991~`.",
        *(_table(name) for name in TABLES),
        *(_codes(title, words) for title, words in _VOCABULARIES.items()),
    ]
    return "\n\n".join(parts) + "\n"


def data_package(record: Path) -> dict[str, Any]:
    """The Frictionless data package of a record kept as a folder of CSV tables.

    Parameters
    ----------
    record
        The folder, with its `record.toml`.

    Returns
    -------
    dict
        The content of `datapackage.json`: a resource a table, with its schema.

    Raises
    ------
    FileNotFoundError
        If the folder has no `record.toml`.
    """
    return describe_package(tomllib.loads((record / "record.toml").read_text(encoding="utf-8")))


def describe_package(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The data package of a record from what it says of itself, as `data_package` does."""
    licence = facts.get("licence")
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": facts["name"],
        "title": facts["title"],
        "description": " ".join(facts.get("description", facts["title"]).split()),
        "version": facts["as_of"],
        **({"licenses": [{"name": licence}]} if licence else {}),
        "resources": [_resource(name) for name in TABLES],
    }


def _table(name: str) -> str:
    need = "required" if name in REQUIRED else "optional"
    lines = [
        f"## `{name}` ({need})",
        "",
        TABLES[name].description,
        "",
        f"No two rows share {_quoted(KEYS[name])}.",
        "",
        "| column | type | may be missing | meaning |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| `{column}` | {_type_text(field)} | {'yes' if field.nullable else 'no'} "
        f"| {field.description}{_extra(field)} |"
        for column, field in columns(name).items()
    ]
    return "\n".join(lines)


def _codes(title: str, words: dict[str, Term]) -> str:
    lines = [f"## {title}", "", "| code | label | meaning |", "|---|---|---|"]
    lines += [f"| `{w.code}` | {w.label} | {w.definition} |" for w in words.values()]
    return "\n".join(lines)


def _quoted(names: tuple[str, ...]) -> str:
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def _type_text(field: Column) -> str:
    return "code" if field.codes else _TYPES.get(field.dtype, "text")


def _extra(field: Column) -> str:
    labels = {"unit": "Unit", "format": "Format", "references": "Refers to"}
    return "".join(f" {labels[name]}: {text}." for name, text in field.notes.items())


def _resource(name: str) -> dict[str, Any]:
    foreign = [
        {"fields": [column], "reference": _reference(name, field.references)}
        for column, field in columns(name).items()
        if field.references
    ]
    schema: dict[str, Any] = {
        "fields": [_field(column, field) for column, field in columns(name).items()],
        "primaryKey": [*KEYS[name]],
        "missingValues": [""],
    }
    # A key may not be missing, so a table whose key can be has none in the package.
    if any(columns(name)[column].nullable for column in KEYS[name]):
        del schema["primaryKey"]
    if foreign:
        schema["foreignKeys"] = foreign
    return {
        "name": name.replace("_", "-"),
        "path": f"{name}.csv",
        "description": TABLES[name].description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _reference(own: str, target: str) -> dict[str, Any]:
    table, column = target.split(".")
    return {"resource": "" if table == own else table.replace("_", "-"), "fields": [column]}


def _field(name: str, field: Column) -> dict[str, Any]:
    held_to = {
        "required": not field.nullable or None,
        "unique": field.unique or None,
        "enum": [*field.codes] or None,
        "minimum": field.least,
        "maximum": field.most,
        "pattern": field.pattern or None,
    }
    constraints = {name: value for name, value in held_to.items() if value is not None}
    described: dict[str, Any] = {
        "name": name,
        "type": _TYPES.get(field.dtype, "string"),
        "description": f"{field.description}{_extra(field)}",
    }
    return described | ({"constraints": constraints} if constraints else {})


def write(checkout: Path) -> list[Path]:
    """Write the dictionary and the data packages of a checkout; give what was written."""
    dictionary = checkout / "docs" / "data-dictionary.md"
    dictionary.parent.mkdir(exist_ok=True)
    dictionary.write_text(data_dictionary(), encoding="utf-8", newline="\n")
    written = [dictionary]
    for facts in sorted((checkout / "data" / "raw").glob("*/record.toml")):
        package = facts.parent / "datapackage.json"
        text = json.dumps(data_package(facts.parent), indent=2, ensure_ascii=False)
        package.write_text(text + "\n", encoding="utf-8", newline="\n")
        written.append(package)
    return written


if __name__ == "__main__":
    for path in write(Path.cwd()):
        print(path.relative_to(Path.cwd()))
