"""One file that holds a record and all that it takes to look at it: `explorer_page`.

The page asks nothing of any network. Its policy lets only the very scripts and styles run
that are written into it here, by their hashes; the record comes as JSON in which no ``<`` is
left, so that no text of it can end the element it stands in.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Final

from ties.dataset import Dataset
from ties.explore.payload import payload
from ties.io.atomic import whole_file
from ties.io.escape import escape_html
from ties.lifecycle.rule import StatusRule

# In the order in which they stand in the page: a module comes after those that it imports.
MODULES: Final = (
    "days",
    "evidence",
    "lifecycle",
    "names",
    "view",
    "csv",
    "elements",
    "geometry",
    "drawing",
    "map",
    "lives",
    "detail",
    "shown",
    "rows",
    "saving",
    "main",
)
_IMPORT: Final = re.compile(r"^import (\{[^}]*\}) from \"\./(\w+)\.js\";$", re.MULTILINE)
_EXPORT: Final = re.compile(r"^export ((?:const|function|async function) (\w+))", re.MULTILINE)
_FIELD: Final = re.compile(r"\{\{(\w+)\}\}")
_UNSAFE: Final = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}


def explorer_page(
    dataset: Dataset,
    rule: StatusRule | None = None,
    as_of: str | dt.date | None = None,
    known_by: str | dt.date | None = None,
) -> str:
    """The page to explore a record, as one HTML document that stands alone.

    Parameters
    ----------
    dataset
        A record.
    rule, as_of, known_by
        What the page opens with, as for `ties.lifecycle`; its reader can change all of it.

    Returns
    -------
    str
        HTML. The same record, rule and days give the same text.

    Raises
    ------
    ValueError
        If `as_of` or `known_by` is not a date with an end.

    Examples
    --------
    >>> import ties
    >>> page = explorer_page(ties.load("us-russia"))
    >>> page.startswith("<!doctype html>"), "https://" in page.split("<script")[0]
    (True, False)
    """
    values = payload(dataset, rule, as_of, known_by)
    scripts = {
        "topojson": page_text("vendor/topojson-client.min.js"),
        "d3": page_text("vendor/d3.min.js"),
        "script": join_modules({name: page_text(f"page/{name}.js") for name in MODULES}),
    }
    style = page_text("page/style.css")
    fields = {
        **scripts,
        "style": style,
        "policy": policy(scripts.values(), style),
        "title": escape_html(values["record"]["title"]),
        "land": as_json(json.loads(_land())),
        "record": as_json(values),
    }
    return fill_page("page/index.html", fields)


def write_explorer(
    dataset: Dataset,
    path: str | Path,
    rule: StatusRule | None = None,
    as_of: str | dt.date | None = None,
    known_by: str | dt.date | None = None,
) -> Path:
    """Write the page to explore a record, whole or not at all; see `explorer_page`.

    Parameters
    ----------
    path
        File to write; folders above it are made, and a file that is there is replaced.
    dataset, rule, as_of, known_by
        As for `explorer_page`.

    Raises
    ------
    OutputError
        If the file cannot be written. What stood there before still stands.
    """
    target = Path(path)
    text = explorer_page(dataset, rule, as_of, known_by)
    with whole_file(target) as part:
        part.write_text(text, encoding="utf-8", newline="\n")
    return target


def as_json(values: object) -> str:
    r"""Write values as JSON that may stand in an element of HTML.

    Examples
    --------
    >>> as_json(["</script>"])
    '["\\u003c/script\\u003e"]'
    """
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.translate(_UNSAFE)


def join_modules(modules: Mapping[str, str]) -> str:
    r"""Join modules into one script, each in a scope of its own, after those that it imports.

    Parameters
    ----------
    modules
        The text of each module by its name, in order. A module imports names from modules
        beside it (``import { one } from "./a.js";``, a line each) and exports what it declares.

    Raises
    ------
    ValueError
        If a module imports one that does not stand before it.

    Examples
    --------
    >>> a, b = "export const one = 1;", 'import { one } from "./a.js";\nshow(one);'
    >>> print(join_modules({"a": a, "b": b}))
    const module_a = (() => {
    const one = 1;
    return { one };
    })();
    const module_b = (() => {
    const { one } = module_a;
    show(one);
    return {  };
    })();
    """
    joined: dict[str, str] = {}
    for name, text in modules.items():
        missing = {found[1] for found in _IMPORT.findall(text)} - joined.keys()
        if missing:
            raise ValueError(f"{name}.js imports {', '.join(sorted(missing))}, not yet there")
        exported = ", ".join(found[1] for found in _EXPORT.findall(text))
        body = _EXPORT.sub(r"\1", _IMPORT.sub(r"const \1 = module_\2;", text)).rstrip()
        joined[name] = f"const module_{name} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();"
    return "\n".join(joined.values())


def fill_page(name: str, fields: Mapping[str, str]) -> str:
    """A page with its fields, in one pass: what a record says is never read as a field."""
    return _FIELD.sub(lambda field: fields[field[1]], page_text(name))


def page_text(name: str) -> str:
    """A file of the pages."""
    return files("ties.explore").joinpath(name).read_text(encoding="utf-8")


def _land() -> str:
    return files("ties.figures").joinpath("land-110m.json").read_text(encoding="utf-8")


def policy(scripts: Iterable[str], style: str) -> str:
    """What the page may do: run what it holds, make images of its own, and nothing else."""
    allowed = " ".join(_hash(text) for text in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
