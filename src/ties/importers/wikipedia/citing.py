"""References in wikitext: where the named ones are defined, and what each cites."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ties.importers.wikipedia.blocks import citation

if TYPE_CHECKING:
    from mwparserfromhell.wikicode import Wikicode

_NAMED_REF: Final = re.compile(r"<ref\b[^<>]{0,500}>|</ref\s*>", re.IGNORECASE)
_REF_NAME: Final = re.compile(r"\bname\s*=\s*(?:\"([^\"<>]+)\"|'([^'<>]+)'|([^\s\"'<>/]+))", re.I)
_TITLES: Final = ("title", "заглавие", "titel", "titre", "título", "название")
_ADDRESSES: Final = ("url", "ссылка", "lien", "href")


def named_references(text: str) -> dict[str, str]:
    """Give the text of each named reference, wherever on the page it is defined."""
    found: dict[str, str] = {}
    name, start = "", 0
    for tag in _NAMED_REF.finditer(text):
        if tag[0].startswith("</"):
            if name and tag.start() - start < 10_000:
                found.setdefault(name, text[start : tag.start()])
            name = ""
        elif not tag[0].endswith("/>"):
            name, start = ref_name(tag[0]), tag.end()
    return found


def ref_name(tag: str) -> str:
    """Give the name in a tag of a reference, or nothing."""
    found = _REF_NAME.search(tag)
    return next((part for part in found.groups() if part), "").strip() if found else ""


def cited(code: Wikicode) -> str:
    """Give what a reference cites: title and address of its template or link, or its words."""
    nodes: list[Any] = list(code.nodes)
    for node in nodes:
        kind = type(node).__name__
        if kind == "Template":
            said = {str(p.name).strip().casefold(): p.value.strip_code() for p in node.params}
            title = next((said[key] for key in _TITLES if said.get(key)), "")
            url = next((said[key] for key in _ADDRESSES if said.get(key)), "")
            if title or url:
                return citation(title.strip("'\" "), url)
        elif kind == "ExternalLink":
            shown = node.title.strip_code() if node.title else ""
            return citation(shown, str(node.url))
    return citation("", "", code.strip_code())
