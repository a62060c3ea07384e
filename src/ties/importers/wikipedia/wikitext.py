"""A page in wikitext as blocks, by the parser mwparserfromhell.

Nothing is fetched and no template is expanded: what a template shows is known for the few
that lists of ties are written with, and an item that hangs on any other is set aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ties.errors import UnreadableError
from ties.importers.plain_text import read_text
from ties.importers.statements import Reading
from ties.importers.wikipedia import templates
from ties.importers.wikipedia.about import About, title_of
from ties.importers.wikipedia.blocks import (
    MAX_DEPTH,
    MERGED_CELLS,
    Block,
    BlockKind,
    Run,
    citation,
    plain,
    styled,
    trimmed,
)
from ties.importers.wikipedia.logical import (
    Logical,
    fault_of_markup,
    logical_lines,
    unclosed_comment,
)
from ties.importers.wikipedia.pages import read_blocks
from ties.places.countries import country_code

if TYPE_CHECKING:
    from mwparserfromhell.nodes import Template
    from mwparserfromhell.wikicode import Wikicode

# MediaWiki itself allows two mebibytes a page.
MAX_PAGE: Final = 2_200_000

_HEADING: Final = re.compile(r"(={1,6})\s*(.+?)\s*\1\s*")
_MARKERS: Final = re.compile(r"[*#:;]+")
_REDIRECT: Final = re.compile(
    r"\s*#(?:redirect|перенаправление|weiterleitung|redirection)\s*:?\s*\[\[([^\]|]{1,300})",
    re.IGNORECASE,
)
_FILE: Final = re.compile(
    r"(?:file|image|файл|изображение|datei|bild|fichier|archivo|bestand|plik|immagine|ficheiro):",
    re.IGNORECASE,
)
_HIDDEN: Final = re.compile(r"(?:category|категория|kategorie|catégorie|categoría):", re.IGNORECASE)
_FLAG_FILE: Final = re.compile(r":Flag[_ ]of[_ ](?:the[_ ])?(.+?)(?:[_ ]\(.*)?\.\w{3,4}", re.I)
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[a-z]{2,8})?")
_TRAIL: Final = re.compile(r"[^\W\d_]+")
_CELL_STYLE: Final = re.compile(r"^[^\[\]{}|]*=[^\[\]{}|]*\|(?!\|)")
_CELLS: Final = re.compile(r"\|\||!!")

_NAMED_REF: Final = re.compile(r"<ref\b[^<>]{0,500}>|</ref\s*>", re.IGNORECASE)
_REF_NAME: Final = re.compile(r"\bname\s*=\s*(?:\"([^\"<>]+)\"|'([^'<>]+)'|([^\s\"'<>/]+))", re.I)
_TITLES: Final = ("title", "заглавие", "titel", "titre", "título", "название")
_ADDRESSES: Final = ("url", "ссылка", "lien", "href")
# Names of the tags that a stretch of text stands within.
_Tags = frozenset[str]

_DROPPED_TAGS: Final = frozenset(
    {"references", "gallery", "math", "style", "script", "timeline", "imagemap", "hr"}
)


def read_wikitext(
    path: str | Path,
    *,
    title: str | None = None,
    country_a: str | None = None,
    region_a: str | None = None,
    place_a: str | None = None,
    wiki: str = "enwiki",
) -> Reading:
    """Read the ties that a page in wikitext lists.

    A page called "List of sister cities in X" is read whole, X being the country (or the
    state) of the places that it lists; so is a page without a title, then of no country. Any
    other title is the place that the page is about: only its sections on twinning are read,
    and what lies outside of them is no entry.

    Parameters
    ----------
    path
        A file in UTF-8 with the source text of one page.
    title
        Title of the page; taken from the name of the file if that begins with "List of".
    country_a, region_a
        Where the listed places lie, if the title does not say it.
    place_a
        The place that the page is about, if the title is not its name.
    wiki
        Which Wikipedia it is from: links become ids such as ``enwiki:Portland, Maine``.

    Returns
    -------
    Reading
        A row is a list item, a row of a table, or a line of text that is neither a heading
        nor the name of a place; an entry is a partner that it names.

    Raises
    ------
    UnreadableError
        If the file cannot be read, is larger than a page can be, is a redirect, or is about
        a place and has no section on twinning.
    """
    source = Path(path)
    text = read_text(source, MAX_PAGE)
    redirect = _REDIRECT.match(text)
    if redirect is not None:
        raise UnreadableError(f"{source} is a redirect to {redirect[1]!r}; import that page")
    about = About.of_page(
        source.name, title or title_of(source), country_a, region_a, place_a, wiki
    )
    return read_blocks(list(wikitext_blocks(text)), about)


def wikitext_blocks(text: str) -> Iterator[Block]:
    """Blocks of a page in wikitext, in order."""
    yield from _Parser(_named_references(text)).blocks(text, 1, 0)
    place = unclosed_comment(text)
    if place is not None:
        reason = "opens a comment that never closes, which hides the rest of the page; close it"
        line = text.count("\n", 0, place) + 1
        yield Block("text", line, [Run("text", text[place:])], fault=("comment", reason))


@dataclass
class _Parser:
    """Walks through logical lines and, within each, through the nodes that the parser gives."""

    named: dict[str, str]
    n_tables: int = 0
    cited: list[str] = field(default_factory=list)

    def blocks(self, text: str, first: int, depth: int) -> Iterator[Block]:
        row: Block | None = None
        for piece in logical_lines(text, first):
            content = piece.text.strip()
            if content.startswith("{|"):
                self.n_tables += 1
                yield Block("table", piece.line)
            elif self.n_tables and content[:2] in ("|-", "|}", "|+"):
                if row is not None:
                    yield row
                row = None
                self.n_tables -= content.startswith("|}")
            elif self.n_tables and content[:1] in ("|", "!") and not content.startswith("}}"):
                row = row or Block("header" if content[0] == "!" else "row", piece.line)
                if content[0] == "|":
                    row.kind = "row"
                self._add_cells(content, row)
            elif content:
                yield from self._line(piece, content, depth)
        if row is not None:
            yield row

    def _line(self, piece: Logical, content: str, depth: int) -> Iterator[Block]:
        heading = _HEADING.fullmatch(content)
        if heading is not None:
            yield self._block("heading", piece.line, heading[2], len(heading[1]))
            return
        markers = _MARKERS.match(content)
        if markers is None:
            if set(content) != {"-"} and not content.startswith(("__", "|}")):
                yield from self._text_or_list(piece, content, depth)
            return
        rest = content[markers.end() :]
        level = min(len(markers[0]), MAX_DEPTH)
        kind: BlockKind = "term" if markers[0].endswith(";") else "item"
        yield self._block(kind, piece.line, rest, level)

    def _text_or_list(self, piece: Logical, content: str, depth: int) -> Iterator[Block]:
        """A line of text; or, if it is a template with a list in it, the items of that."""
        if content.startswith("{{") and depth < 5 and fault_of_markup(content) is None:
            nodes: list[Any] = [node for node in _parse(content).nodes if str(node).strip()]
            if len(nodes) == 1 and type(nodes[0]).__name__ == "Template":
                inner = list(self._listed(nodes[0], piece, depth))
                if inner:
                    yield from inner
                    return
        block = self._block("text", piece.line, content, 0)
        if block.runs or block.references or block.fault:
            yield block

    def _listed(self, template: Template, piece: Logical, depth: int) -> Iterator[Block]:
        name = templates.normal(str(template.name))
        whole, offset = str(template), 0
        for param in template.params:
            value = str(param.value)
            offset = max(whole.find(value, offset), 0)
            line = piece.line + whole.count("\n", 0, offset)
            if re.search(r"(?:^|\n)\s*[*#]", value):
                yield from self.blocks(value, line, depth + 1)
            elif name in templates.LISTS and not param.showkey and value.strip():
                yield self._block("item", line, value.strip(), 1)

    def _add_cells(self, content: str, row: Block) -> None:
        if fault_of_markup(content[1:]) is not None:
            row.fault = fault_of_markup(content[1:])
            return
        for cell in _CELLS.split(content[1:]):
            inner = _CELL_STYLE.sub("", cell, count=1)
            if re.search(r"\b(?:row|col)span\b", cell[: len(cell) - len(inner)], re.I):
                row.fault = MERGED_CELLS
            block = self._block("text", row.line, inner.strip(), 0)
            row.cells.append(block.runs)
            row.references += block.references

    def _block(self, kind: BlockKind, line: int, content: str, level: int) -> Block:
        fault = fault_of_markup(content)
        if fault is not None:
            return Block(kind, line, [Run("text", content)], level, fault=fault)
        self.cited = []
        runs = trimmed(_with_trails(list(self._runs(_parse(content), frozenset(), 0))))
        return Block(kind, line, runs, level, list(dict.fromkeys(self.cited)))

    def _runs(self, code: Wikicode, style: _Tags, depth: int) -> Iterator[Run]:
        if depth > MAX_DEPTH:
            yield styled("unknown", "too deep", style)
            return
        nodes: list[Any] = list(code.nodes)
        for node in nodes:
            kind = type(node).__name__
            if kind == "Text":
                yield styled("text", str(node.value).replace("\n", " "), style)
            elif kind == "HTMLEntity":
                yield styled("text", _character(node), style)
            elif kind == "Wikilink":
                yield from self._link(node, style, depth)
            elif kind == "ExternalLink":
                yield from self._address(node, style, depth)
            elif kind == "Template":
                yield from self._template(node, style, depth)
            elif kind == "Tag":
                yield from self._tag(node, style, depth)
            elif kind != "Comment":
                yield styled("text", str(node), style)

    def _tag(self, node: Any, style: _Tags, depth: int) -> Iterator[Run]:
        tag = str(node.tag).strip().casefold()
        if tag == "ref":
            self._cite(node)
        elif tag == "br":
            yield styled("break", "", style)
        elif tag not in _DROPPED_TAGS and node.contents is not None:
            yield from self._runs(node.contents, style | {tag}, depth + 1)

    def _cite(self, node: Any) -> None:
        text = str(node.contents or "").strip() or self.named.get(_ref_name(str(node)), "")
        if text and fault_of_markup(text) is None:
            self.cited.append(_cited(_parse(text)))

    def _link(self, node: Any, style: _Tags, depth: int) -> Iterator[Run]:
        target = " ".join(str(node.title).replace("_", " ").split())
        if _FILE.match(target):
            flag = _FLAG_FILE.search(":" + target.split(":", 1)[1])
            if flag is not None:
                yield styled("flag", flag[1].replace("_", " "), style)
            return
        if _HIDDEN.match(target):
            return
        target = target.lstrip(": ").split("#")[0].strip()
        shown = list(self._runs(node.text, style, depth + 1)) if node.text is not None else []
        yield from (run for run in shown if run.kind == "flag")
        label = plain(shown) or target
        if label:
            first = shown[0] if shown else styled("link", label, style)
            yield first._replace(kind="link", text=label, target=target)

    def _address(self, node: Any, style: _Tags, depth: int) -> Iterator[Run]:
        url = str(node.url).strip()
        shown = list(self._runs(node.title, style, depth + 1)) if node.title else []
        self.cited.append(citation(plain(shown), url))
        yield from shown

    def _template(self, node: Template, style: _Tags, depth: int) -> Iterator[Run]:
        name = templates.normal(str(node.name))
        values = [param.value for param in node.params if not param.showkey]
        flag = self._flag(node, name, values)
        if flag:
            yield styled("flag", flag, style)
        elif name in templates.LINKS or templates.RUSSIAN_LINKS.fullmatch(name):
            yield from self._foreign_link(node, name, style)
        elif name in templates.TRANSPARENT and values:
            value = values[-1] if name in templates.LANGUAGE_FIRST else values[0]
            inner = style | {"s"} if name in templates.STRUCK else style
            yield from self._runs(value, inner, depth + 1)
        elif name in templates.FOOTNOTES and values:
            shown = plain(list(self._runs(values[-1], style, depth + 1)))
            yield styled("text", f" ({re.sub('[()]', ' ', shown)})", style)
        elif name in templates.SHORT_CITES:
            self.cited.append(" ".join(str(value).strip() for value in values))
        elif name in templates.LISTS and values and depth:
            for value in values:
                yield from self._runs(value, style, depth + 1)
                yield styled("break", "", style)
        elif not templates.is_silent(name) and name not in templates.LISTS:
            yield styled("unknown", " ".join(str(node.name).split()), style)

    def _flag(self, node: Template, name: str, values: list[Wikicode]) -> str:
        if name in templates.FLAGS:
            return plain(list(self._runs(values[0], frozenset(), MAX_DEPTH - 5))) if values else ""
        bare = " ".join(str(node.name).split())
        if country_code(bare) is not None:
            return bare
        return templates.named_flag(bare)

    def _foreign_link(self, node: Template, name: str, style: _Tags) -> Iterator[Run]:
        values = [plain(list(self._runs(p.value, style, 0))) for p in node.params if not p.showkey]
        if not values or not values[0]:
            return
        named = {str(p.name).strip(): str(p.value).strip() for p in node.params if p.showkey}
        if name in templates.LINKS:
            label = named.get("lt") or values[0]
        else:
            label = values[1] if len(values) > 1 and values[1] else values[0]
        yield styled("link", label, style, values[0])


def _parse(text: str) -> Wikicode:
    import mwparserfromhell

    return mwparserfromhell.parse(text)


def _character(node: Any) -> str:
    try:
        return " " if (shown := str(node.normalize())) == "\xa0" else shown
    except (ValueError, OverflowError):
        return "\ufffd"


def _with_trails(runs: list[Run]) -> list[Run]:
    """Join letters that follow a link to its label, as MediaWiki does: [[bus]]es."""
    joined: list[Run] = []
    for run in runs:
        if joined and joined[-1].kind == "link" and run.kind == "text":
            trail = _TRAIL.match(run.text)
            if trail is not None and trail[0].islower():
                joined[-1] = joined[-1]._replace(text=joined[-1].text + trail[0])
                run = run._replace(text=run.text[trail.end() :])
        joined.append(run)
    return joined


def _named_references(text: str) -> dict[str, str]:
    """Text of each named reference, wherever on the page it is defined."""
    found: dict[str, str] = {}
    name, start = "", 0
    for tag in _NAMED_REF.finditer(text):
        if tag[0].startswith("</"):
            if name and tag.start() - start < 10_000:
                found.setdefault(name, text[start : tag.start()])
            name = ""
        elif not tag[0].endswith("/>"):
            name, start = _ref_name(tag[0]), tag.end()
    return found


def _ref_name(tag: str) -> str:
    """Name in a tag of a reference, or nothing."""
    found = _REF_NAME.search(tag)
    return next((part for part in found.groups() if part), "").strip() if found else ""


def _cited(code: Wikicode) -> str:
    """What a reference cites: title and address of its template or link, or its words."""
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
