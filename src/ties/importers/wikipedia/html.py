"""A page in HTML as blocks, by the parser lxml.

Nothing is fetched, and no entity but those of HTML is known. What the page adds round its
text (menus, edit links, boxes, marks of references) is left out; the references that a mark
leads to are kept with the item.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from ties.errors import UnreadableError
from ties.importers.flat import read_flat
from ties.importers.statements import Reading
from ties.importers.tabular_html import grid, parse, tables_of
from ties.importers.wikipedia.about import About, title_of
from ties.importers.wikipedia.blocks import (
    MERGED_CELLS,
    Block,
    BlockKind,
    Run,
    citation,
    styled,
    trimmed,
)
from ties.importers.wikipedia.pages import read_blocks

if TYPE_CHECKING:
    # The library carries no types.
    _Element = Any

# The parser gives up at 256.
MAX_NESTED: Final = 200

_DROPPED_TAGS: Final = frozenset(
    {"style", "script", "noscript", "template", "nav", "figure", "head", "math", "svg", "link"}
    | {"meta", "form", "button", "input", "audio", "video", "iframe", "object", "footer", "aside"}
)
_DROPPED_CLASSES: Final = frozenset(
    {"mw-editsection", "toc", "navbox", "vertical-navbox", "navbox-styles", "metadata", "ambox"}
    | {"infobox", "hatnote", "thumb", "noprint", "reflist", "references", "mw-references-wrap"}
    | {"catlinks", "printfooter", "mw-jump-link", "shortdescription", "mw-empty-elt", "sidebar"}
    | {"sistersitebox", "geo-nondefault", "coordinates", "mw-cite-backlink", "portalbox"}
)
_HIDDEN: Final = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_BLOCK_TAGS: Final = frozenset(
    {"ul", "ol", "dl", "li", "dd", "dt", "p", "div", "section", "table", "tbody", "thead", "tr"}
    | {"blockquote", "main", "article", "body", "center", "td", "th", *_HEADINGS}
)
_LIST_TAGS: Final = frozenset({"ul", "ol", "dl"})
_FLAG_IMAGE: Final = re.compile(
    r"(?:^|/)(?:\d+px-)?Flag_of_(?:the_)?(.+?)(?:_\(.*)?\.(?:svg|png|gif)"
)
_SITE: Final = re.compile(r" [-–—] (?:Wikipedia|Википедия|Wikipédia|Wikipedie).*$")
_NAMESPACE: Final = re.compile(
    r"(?:file|image|special|help|category|template|talk|wikipedia|файл|категория|служебная"
    r"|datei|spezial|kategorie):",
    re.IGNORECASE,
)


def read_html(
    path: str | Path,
    *,
    title: str | None = None,
    country_a: str | None = None,
    region_a: str | None = None,
    place_a: str | None = None,
    wiki: str | None = None,
    mapping: str | Path | Mapping[str, Any] | None = None,
) -> Reading:
    """Read the ties that a page in HTML lists, or those of its largest table if it lists none.

    Parameters
    ----------
    path
        A page of Wikipedia as a browser saves it, or as its interface gives it.
    title, country_a, region_a, place_a
        As for `ties.importers.wikipedia.wikitext.read_wikitext`; the title is taken from the
        page.
    wiki
        Which Wikipedia it is from; taken from the language of the page, ``enwiki`` if it
        does not say.
    mapping
        What the columns of the table mean, see `ties.importers.mapping`: then only it is read.

    Returns
    -------
    Reading
        As `ties.importers.wikipedia.wikitext.read_wikitext` gives it.

    Raises
    ------
    UnreadableError
        If the file cannot be read, is no HTML, is nested too deeply, or is about a place and
        has no section on twinning.
    """
    source = Path(path)
    if mapping is not None:
        if country_a or region_a or place_a:
            raise UnreadableError(
                f"{source} is read by a mapping: say there what holds for every row, as "
                'country_a = "DE" or name_a = "Bonn" under [constants]'
            )
        return read_flat(source, mapping=mapping)
    tree = parse(source)
    site = wiki or f"{(tree.get('lang') or 'en').split('-')[0].casefold()}wiki"
    named = title or _title(tree, source)
    about = About.of_page(source.name, named, country_a, region_a, place_a, site)
    first = ""
    try:
        reading = read_blocks(list(html_blocks(tree)), about)
        if len(reading.statements) or not tables_of(tree):
            return reading
    except UnreadableError as error:
        if not tables_of(tree):
            raise
        first = f"{error}\n"
    try:
        return read_flat(source, mapping={"constants": _constants(about, place_a)})
    except UnreadableError as error:
        raise UnreadableError(f"{first}{error}") from error


def _constants(about: About, place: str | None) -> dict[str, str]:
    """What was said of the first place of every row of a table."""
    found = {"name_a": place and about.holder and about.holder.name, "country_a": about.country}
    return {name: text for name, text in found.items() if text}


def _title(tree: _Element, source: Path) -> str:
    for found in tree.iter("h1", "title"):
        words = _SITE.sub("", " ".join("".join(found.itertext()).split()))
        if words and (found.tag == "title" or found.get("id") == "firstHeading"):
            return words
    return title_of(source)


def html_blocks(tree: _Element) -> Iterator[Block]:
    """Blocks of a page in HTML, in order."""
    walker = _Walker(_references(tree))
    contents = [found for found in tree.iter("div") if _is_content(found)]
    for part in contents or [next(tree.iter("body"), tree)]:
        yield from walker.blocks(part)


def _is_content(element: _Element) -> bool:
    """Whether an element is the text of a page, without the menus of the site round it."""
    if "mw-parser-output" not in _classes(element):
        return False
    return all("mw-parser-output" not in _classes(outer) for outer in element.iterancestors())


def _classes(element: _Element) -> list[str]:
    return (element.get("class") or "").split()


def _references(tree: _Element) -> dict[str, str]:
    """What each reference cites, by the id that its marks lead to."""
    found: dict[str, str] = {}
    for item in tree.iter("li"):
        name = item.get("id") or ""
        if name.startswith("cite_note"):
            words = (part for part in item.iter("span") if "reference-text" in _classes(part))
            found[name] = _cited(next(words, item))
    return found


def _cited(element: _Element) -> str:
    for link in element.iter("a"):
        url = (link.get("href") or "").strip()
        if urlsplit_safe(url).scheme in ("http", "https") or url.startswith("//"):
            return citation(_words(link).strip("\"' “”"), url)
    return citation("", "", _words(element))


def _words(element: _Element) -> str:
    return " ".join("".join(str(part) for part in element.itertext()).split())


def urlsplit_safe(url: str) -> Any:
    """Take an address apart; one that is malformed has no parts."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


@dataclass
class _Walker:
    """Walks through the elements of a page and gives a block for each line of it."""

    references: dict[str, str]

    def blocks(
        self, element: _Element, kind: BlockKind = "text", level: int = 0, depth: int = 0
    ) -> Iterator[Block]:
        """Blocks of an element that may hold lines of text and further blocks."""
        if depth > MAX_NESTED:
            text = "markup", f"nests elements more than {MAX_NESTED} deep; no list needs that"
            yield Block("text", _line(element), [Run("text", _words(element)[:200])], fault=text)
            return
        line = Block(kind, _line(element), level=level)
        self._text(element.text, line, ())
        for child in element:
            if _is_dropped(child):
                pass
            elif child.tag in _BLOCK_TAGS or (depth < MAX_NESTED and _holds_blocks(child)):
                yield from _finished(line)
                line = Block("text", _line(child), level=level)
                yield from self._block(child, level, depth + 1)
            else:
                self._inline(child, line, (), depth + 1)
            self._text(child.tail, line, ())
        yield from _finished(line)

    def _block(self, element: _Element, level: int, depth: int) -> Iterator[Block]:
        tag = element.tag
        if tag in _HEADINGS:
            line = Block("heading", _line(element), level=_HEADINGS[tag])
            self._inline(element, line, (), depth)
            yield from _finished(line)
        elif tag in _LIST_TAGS:
            yield from self.blocks(element, "text", level + 1, depth)
        elif tag in ("li", "dd", "dt"):
            kind: BlockKind = "term" if tag == "dt" else "item"
            yield from self.blocks(element, kind, max(level, 1), depth)
        elif tag == "table":
            yield Block("table", _line(element))
            if next(element.iterdescendants("ul", "ol", "table"), None) is None:
                yield from self._rows(element, depth)
            else:
                yield from self.blocks(element, "text", level, depth)
        else:
            yield from self.blocks(element, "text", level, depth)

    def _rows(self, table: _Element, depth: int) -> Iterator[Block]:
        """Rows of a table; a cell that spans rows is in each, one that spans columns a fault."""
        for element, cells in grid(table):
            row = Block("row", _line(element))
            if cells and all(cell.tag == "th" for cell in cells):
                row.kind = "header"
            elif any(one is other for one, other in pairwise(cells)):
                row.fault = MERGED_CELLS
            for cell in cells:
                line = Block("text", row.line)
                self._inline(cell, line, (), depth)
                row.cells.append(trimmed(line.runs))
                row.references += line.references
            yield row

    def _inline(self, element: _Element, line: Block, style: tuple[str, ...], depth: int) -> None:
        """Gather what an element within a line shows."""
        tag = element.tag
        if _is_dropped(element) or depth > MAX_NESTED:
            return
        if tag == "br":
            line.runs.append(styled("break", "", style))
        elif tag == "img":
            self._image(element, line, style)
        elif tag == "sup" and "reference" in _classes(element):
            self._cite(element, line)
        elif tag == "a" and self._target(element, line) is not None:
            self._link(element, line, style)
        else:
            inner = (*style, tag)
            if tag in _BLOCK_TAGS:
                line.runs.append(styled("break", "", style))
            self._text(element.text, line, inner)
            for child in element:
                self._inline(child, line, inner, depth + 1)
                self._text(child.tail, line, inner)

    def _text(self, text: str | None, line: Block, style: tuple[str, ...]) -> None:
        if text:
            line.runs.append(styled("text", re.sub(r"\s+", " ", text), style))

    def _image(self, element: _Element, line: Block, style: tuple[str, ...]) -> None:
        source = unquote((element.get("src") or "").split("?")[0])
        flag = _FLAG_IMAGE.search(source)
        if flag is not None:
            line.runs.append(styled("flag", flag[1].replace("_", " "), style))

    def _cite(self, element: _Element, line: Block) -> None:
        for link in element.iter("a"):
            note = (link.get("href") or "").partition("#")[2]
            text = self.references.get(note) or self.references.get(unquote(note))
            if text and text not in line.references:
                line.references.append(text)

    def _target(self, element: _Element, line: Block) -> str | None:
        """Title of the page that a link leads to; None if it leads to none."""
        parts = urlsplit_safe(element.get("href") or "")
        language, _, site = parts.netloc.partition(".")
        is_wiki = not parts.netloc or site.startswith("wikipedia.org")
        title = ""
        if is_wiki and parts.path.startswith(("/wiki/", "./")):
            title = parts.path.split("/", 2)[-1] if parts.path.startswith("/") else parts.path[2:]
        elif is_wiki and parts.path.endswith("/index.php"):
            title = (parse_qs(parts.query).get("title") or [""])[0]
        if not title:
            if parts.scheme in ("http", "https") and not is_wiki:
                line.references.append(citation(_words(element), element.get("href") or ""))
            return None
        title = " ".join(unquote(title).replace("_", " ").split())
        if _NAMESPACE.match(title):
            return None
        is_foreign = bool(parts.netloc) and "extiw" in _classes(element)
        return f"{language}:{title}" if is_foreign else title

    def _link(self, element: _Element, line: Block, style: tuple[str, ...]) -> None:
        inner = (*style, *(child.tag for child in element.iter() if isinstance(child.tag, str)))
        for image in element.iter("img"):
            self._image(image, line, style)
        label = _words(element)
        if label:
            target = self._target(element, line) or ""
            line.runs.append(styled("link", label, inner, target))


def _line(element: _Element) -> int:
    return int(element.sourceline or 0)


def _is_dropped(element: _Element) -> bool:
    """Whether an element is no part of the text: a comment, a menu, or hidden."""
    return (
        not isinstance(element.tag, str)
        or element.tag in _DROPPED_TAGS
        or not _DROPPED_CLASSES.isdisjoint(_classes(element))
        or _HIDDEN.search(element.get("style") or "") is not None
    )


def _holds_blocks(element: _Element) -> bool:
    """Whether an inline element wraps a list, as careless pages do."""
    return next(element.iter("ul", "ol", "table", "li"), None) is not None


def _finished(line: Block) -> Iterator[Block]:
    line.runs = trimmed(line.runs)
    if line.runs or line.references:
        yield line
