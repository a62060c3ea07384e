"""The tables as CSV, described for programs: a Frictionless data package, or CSV on the Web.

Both descriptions are made from the models of the tables, CSVW from the data package, so they cannot
say different things. The folder is still a record: ``ties.read`` takes it back.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Final

from ties.build import folder_name
from ties.dataset import Dataset
from ties.export.plain import write_json
from ties.io.writing import describe, write_record
from ties.schema.dictionary import describe_package

PACKAGE: Final = "datapackage.json"
CSVW: Final = "csv-metadata.json"
_DATATYPES: Final = {"string": "string", "integer": "integer", "number": "double"}
_SPDX: Final = "https://spdx.org/licenses/"


def write_data_package(dataset: Dataset, folder: Path) -> None:
    """Write the tables as CSV, and ``datapackage.json`` with the checksum of each."""
    write_record(dataset, folder)
    package = _package(dataset)
    for resource in package["resources"]:
        content = (folder / resource["path"]).read_bytes()
        resource["bytes"] = len(content)
        resource["hash"] = f"sha256:{hashlib.sha256(content).hexdigest()}"
    write_json(package, folder / PACKAGE)


def write_csvw(dataset: Dataset, folder: Path) -> None:
    """Write the tables as CSV, and ``csv-metadata.json`` as the W3C's CSVW asks for it."""
    write_record(dataset, folder)
    package = _package(dataset)
    about: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": package["title"],
        "dc:description": package["description"],
        "dc:date": package["version"],
    }
    if dataset.licence:
        about["dc:license"] = {"@id": _SPDX + dataset.licence}
    paths = {resource["name"]: resource["path"] for resource in package["resources"]}
    tables = [_csvw_table(resource, paths) for resource in package["resources"]]
    write_json({**about, "tables": tables}, folder / CSVW)


def _package(dataset: Dataset) -> dict[str, Any]:
    facts: dict[str, Any] = dict(describe(dataset))
    facts["name"] = folder_name(dataset.name) or "record"
    facts["title"] = dataset.title or facts["name"]
    return describe_package(facts)


def _csvw_table(resource: dict[str, Any], paths: dict[str, str]) -> dict[str, Any]:
    schema: dict[str, Any] = {"columns": [_csvw_column(f) for f in resource["schema"]["fields"]]}
    if "primaryKey" in resource["schema"]:
        schema["primaryKey"] = resource["schema"]["primaryKey"]
    if "foreignKeys" in resource["schema"]:
        schema["foreignKeys"] = [
            {
                "columnReference": key["fields"],
                "reference": {
                    # The data package names a table's own rows by nothing.
                    "resource": paths.get(key["reference"]["resource"], resource["path"]),
                    "columnReference": key["reference"]["fields"],
                },
            }
            for key in resource["schema"]["foreignKeys"]
        ]
    return {
        "url": resource["path"],
        "dc:description": resource["description"],
        "tableSchema": schema,
    }


def _csvw_column(field: dict[str, Any]) -> dict[str, Any]:
    rules = field.get("constraints", {})
    datatype: dict[str, Any] = {"base": _DATATYPES[field["type"]]}
    datatype |= {key: rules[key] for key in ("minimum", "maximum") if key in rules}
    if "enum" in rules:
        datatype["format"] = "|".join(rules["enum"])
    elif "pattern" in rules:
        datatype["format"] = rules["pattern"].removeprefix("^").removesuffix("$")
    return {
        "name": field["name"],
        "titles": field["name"],
        "dc:description": field["description"],
        "datatype": datatype,
        "required": rules.get("required", False),
        "null": "",
    }
