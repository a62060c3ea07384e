"""A page of blocks, read from the top: whose partners each item names.

Headings, names in bold and the outer items of nested lists say under which place an item
stands, and in which country its partners lie; they may also say that what follows is former,
a friendship, or a network of towns. An item under no place, or one that stands below another
partner, is set aside rather than given to the place that happened to come last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final

from ties.errors import UnreadableError
from ties.importers.collector import Collector
from ties.importers.heading_words import MAYBE_FOUNDED, readings
from ties.importers.statements import Reading
from ties.importers.wikipedia.about import About, Place
from ties.importers.wikipedia.annotations import annotate
from ties.importers.wikipedia.blocks import Block, Run, plain
from ties.importers.wikipedia.context import (
    MAX_LABEL_WORDS,
    Context,
    Surroundings,
    leading_bold,
    looks_of,
    read_label,
)
from ties.importers.wikipedia.items import Fault, Item, Partner, read_item, read_sentence
from ties.importers.wikipedia.words import (
    DENIAL,
    ENDED,
    FORMER,
    TWINNING,
    fault_of,
    is_sentence,
)

# A line that says what setting an item apart means on this page.
_LEGENDS: Final = {
    "set in italics": re.compile(r"\b(?:italic|курсив|kursiv|italique)", re.IGNORECASE),
    "struck out": re.compile(
        r"\b(?:struck|strike|зач[её]ркн|durchgestrichen|barré)", re.IGNORECASE
    ),
}
# The longest lists have some three thousand lines.
MAX_BLOCKS: Final = 100_000


@dataclass(frozen=True)
class _Columns:
    """Which column of a table says what; None if none does."""

    names: tuple[str, ...]
    partner: int
    holder: int | None
    country: int | None
    since: int | None


@dataclass
class _Node:
    """A list item with the items below it."""

    block: Block
    children: list[_Node] = field(default_factory=list)


def read_blocks(blocks: list[Block], about: About) -> Reading:
    """Read the ties that a page lists, from its blocks.

    Raises
    ------
    UnreadableError
        If the page is about a place and has no section on twinning, or has more lines than
        a page can have.
    """
    if len(blocks) > MAX_BLOCKS:
        raise UnreadableError(f"{about.file} has more than {MAX_BLOCKS:,} lines; is it one page?")
    if not about.is_list and not about.is_whole:
        blocks = _twinning_sections(blocks, about)
    page = _Page(Surroundings(about, Collector(about.file)))
    place = 0
    while place < len(blocks):
        if blocks[place].kind == "item":
            end = place
            while end < len(blocks) and blocks[end].kind == "item":
                end += 1
            for node in _nested(blocks[place:end]):
                page.read_node(node, Context())
            place = end
        else:
            page.read_block(blocks[place])
            place += 1
    reading = page.above.entries.reading(page.n_rows)
    if about.is_guess and reading.statements.empty:
        raise UnreadableError(
            f"{about.file} does not tell whose ties it lists, neither by its title nor by its "
            "headings; say it with --place NAME"
        )
    return reading


def _twinning_sections(blocks: list[Block], about: About) -> list[Block]:
    """Keep what stands in sections on twinning, with the sections within them."""
    kept: list[Block] = []
    level = 0
    for block in blocks:
        if block.kind == "heading":
            if level and block.level <= level:
                level = 0
            if not level and TWINNING.search(block.text):
                level = block.level
        if level:
            kept.append(block)
    if kept or about.is_said:
        return kept or blocks
    raise UnreadableError(
        f"{about.file} has no section on twin towns or sister cities; if all of it is about the "
        "ties of one place, say which with --place NAME; if it is a list for a country, give its "
        'title with --title "List of sister cities in COUNTRY"'
    )


def _nested(blocks: list[Block]) -> list[_Node]:
    top: list[_Node] = []
    path: list[_Node] = []
    for block in blocks:
        while path and path[-1].block.level >= block.level:
            path.pop()
        node = _Node(block)
        (path[-1].children if path else top).append(node)
        path.append(node)
    return top


@dataclass
class _Page:
    """Where reading stands on a page."""

    above: Surroundings
    n_rows: int = 0
    columns: _Columns | None = None
    legends: dict[str, str] = field(default_factory=dict)

    # What stands above an item.

    def read_block(self, block: Block) -> None:
        """Read a block that is no list item."""
        if block.kind == "heading":
            self.above.open(block)
            self.columns = None
        elif block.kind == "table":
            self.columns = None
        elif block.kind == "header":
            self.columns = _read_header(block)
        elif block.kind == "row":
            self._read_row(block)
        elif block.text:
            self._read_text(block)

    # Lines of text: the name of a place, a label, or prose.

    def _read_text(self, block: Block) -> None:
        bold = leading_bold(block.runs)
        text = block.text
        is_short = len(text.split()) <= MAX_LABEL_WORDS
        is_label = plain(bold) == text or block.kind == "term" or text.endswith(":")
        if is_short and is_label and not DENIAL.search(text):
            label = read_label(text)
            if label is not None and not self.above.is_city_too(text) and not block.fault:
                self.above.label = label
                return
        name = plain(bold)
        is_name = bool(name) and (read_label(name) is None or self.above.is_city_too(name))
        if is_name and self.above.about.is_list and not block.fault:
            self.above.name(block, bold)
            behind = plain(block.runs[len(bold) :]).strip(" ,.:–—")
            if len(behind.split()) <= 5 and not is_sentence(behind) and not DENIAL.search(text):
                return
        self._reject_or_end(block)

    def _reject_or_end(self, block: Block) -> None:
        """Read a line of prose: at most one tie that ended, or what italics mean."""
        is_past = FORMER.search(block.text) or ENDED.search(block.text)
        for looks, words in _LEGENDS.items():
            if words.search(block.text) and is_past:
                self.legends[looks] = block.text
        holder = self.above.holder()
        item = Item(fault=block.fault)
        if not block.fault:
            item = read_sentence(block.runs, holder.name if holder else "")
        self._take(block, item, holder, self.above.context(Context()))

    # List items and rows of tables.

    def read_node(self, node: _Node, outer: Context) -> None:
        """Read a list item: a partner, or what stands above the items below it."""
        block = node.block
        if not node.children or (block.fault and block.runs):
            return self._read_partner(node, outer)
        flags = [run.text for run in block.runs if run.kind == "flag"]
        label = read_label(block.text or " ".join(flags))
        before = self.above.named, self.above.label
        if not block.runs:
            # A marker that jumps a level says nothing, and hides nothing.
            self._read_partner(_Node(block), outer)
        elif label is not None:
            outer = label.under(outer)
        elif self._is_holder(node):
            self.above.name(block, block.runs)
        else:
            return self._read_partner(node, outer)
        for child in node.children:
            self.read_node(child, outer)
        self.above.named, self.above.label = before
        return None

    def _is_holder(self, node: _Node) -> bool:
        if not self.above.about.is_list:
            return False
        if leading_bold(node.block.runs):
            return True
        own = read_item(node.block.runs)
        has_country = any(partner.country for partner in own.partners)
        is_flagged = any(run.kind == "flag" for run in node.block.runs)
        return self.above.holder() is None and not is_flagged and not has_country

    def _read_partner(self, node: _Node, outer: Context) -> None:
        """Read an item; what stands below it is a note, or the partner of nobody knows whom."""
        runs, references = list(node.block.runs), list(node.block.references)
        nested = [child for child in node.children if _is_partner(child)]
        for part in (
            part for child in node.children if child not in nested for part in _flat(child)
        ):
            runs.append(Run("text", f" ({re.sub('[()]', ' ', part.text)})"))
            references += part.references
        self._take_item(replace(node.block, runs=runs, references=references), outer)
        for part in (part for child in nested for part in _flat(child)):
            reason = "stands below another partner; whose partner is it? Outdent it, or name it"
            self.above.entries.reject(*self._row(part), "nested_entry", reason, part.text)

    def _take_item(self, block: Block, outer: Context) -> None:
        holder, context = self.above.holder(), self.above.context(outer)
        fault = self._fault_above(block, context) or _holder_fault(holder)
        item = Item(fault=fault) if fault else read_item(block.runs, context.country)
        if item.fault is not None and item.fault[0] == "prose" and holder is not None:
            stopped = read_sentence(block.runs, holder.name)
            item = stopped if stopped.partners else item
        self._take(block, item, holder, context)

    def _read_row(self, block: Block) -> None:
        holder, context = self.above.holder(), self.above.context(Context())
        item = Item(fault=self._fault_above(block, context))
        if item.fault is None:
            item, cells = _row_item(block, self.columns, context.country)
            holder = self.above.place(cells, ()) if cells else holder
        self._take(block, item, holder, context)

    def _fault_above(self, block: Block, context: Context) -> Fault | None:
        fault = block.fault or self.above.section_fault()
        if fault is None and context.network:
            listed = f"is listed as a member of a network ({context.network})"
            fault = "network", f"{listed}, which ties no two towns"
        return fault

    # What was found, as statements.

    def _row(self, block: Block) -> tuple[int, str]:
        section = self.above.headings[-1].block.text if self.above.headings else ""
        where = f", section {section[:60]!r}" if section else ""
        self.n_rows += 1
        return self.n_rows - 1, f"line {block.line}{where}"

    def _take(self, block: Block, item: Item, holder: Place | None, context: Context) -> None:
        """Accept the partners of an item, or reject it with its reason."""
        row, locator = self._row(block)
        reject = self.above.entries.reject
        fault = item.fault or _holder_fault(holder)
        if fault is not None or holder is None or not item.partners:
            reject(row, locator, *(fault or ("empty", "names nothing")), block.text or "(blank)")
            return
        for partner in item.partners:
            if partner.fault is not None:
                reject(row, locator, *partner.fault, block.text or partner.name)
            else:
                states = self._states(locator, block, partner, holder, context)
                self._accept(row, locator, block, partner, holder, context, states)

    def _states(
        self, locator: str, block: Block, partner: Partner, holder: Place, context: Context
    ) -> list[str]:
        """Words for the state of a tie; with warnings of all that is to be known of it."""
        found, looks = partner.annotation, looks_of(block.runs)
        self.above.warn_of_heading(holder)
        for rule, message in partner.warnings:
            self._warn(rule, locator, message, block, partner.name)
        for column, rule, reason in found.doubts:
            self._warn(rule, locator, reason, block, getattr(found, column), column)
        legend = [self.legends[look] for look in looks if look in self.legends]
        states = [state for state in (found.status, context.status, *legend) if state]
        if looks and not states:
            message = f"{partner.name!r} is {looks[0]}; the page does not say why here"
            self._warn("set_apart", locator, message, block, partner.name)
        return states

    def _warn(
        self,
        rule: str,
        locator: str,
        message: str,
        block: Block,
        value: str,
        column: str | None = None,
    ) -> None:
        text = f"{locator}: {message}"
        self.above.entries.warn(rule, text, line=block.line, column=column, value=value)

    def _accept(
        self,
        row: int,
        locator: str,
        block: Block,
        partner: Partner,
        holder: Place,
        context: Context,
        states: list[str],
    ) -> None:
        found, page = partner.annotation, self.above.about
        self.above.entries.accept(
            row,
            locator,
            name_a=holder.name,
            country_a=holder.country,
            region_a=holder.region,
            level_a=holder.level,
            id_a=page.id_of(holder.target),
            name_b=partner.name,
            country_b=partner.country,
            region_b=partner.region,
            level_b=found.level,
            id_b=page.id_of(partner.target),
            kind=found.kind or context.kind,
            founded=found.founded,
            founded_text=found.founded_text,
            ended=found.ended,
            ended_text=found.ended_text,
            status="; ".join(states),
            note="; ".join([*found.notes, *looks_of(block.runs)]),
            reference="; ".join(block.references or holder.references),
        )


def _holder_fault(holder: Place | None) -> Fault | None:
    if holder is None:
        return "no_holder", "stands under the name of no place: whose partner is it?"
    fault = fault_of(holder.name)
    return fault and ("no_holder", f"stands under what is no place: {fault[1]}")


def _is_partner(node: _Node) -> bool:
    """Whether an item below another looks like a partner and not like a note on one."""
    item = read_item(node.block.runs)
    is_flagged = any(run.kind == "flag" for run in node.block.runs)
    return item.fault is None and any(
        partner.target and (partner.country or is_flagged) for partner in item.partners
    )


def _flat(node: _Node) -> list[Block]:
    return [node.block, *(block for child in node.children for block in _flat(child))]


def _read_header(block: Block) -> _Columns | None:
    """Recognise the columns of a table by their names; None without one for partners."""
    names = tuple(plain(cell) for cell in block.cells)
    fields = [{(found.field, found.side) for found in readings(name)} for name in names]
    since = _first(fields, {("founded", ""), ("founded_text", ""), (MAYBE_FOUNDED, "")})
    partners = [
        place
        for place, name in enumerate(names)
        if place != since and (("name", "b") in fields[place] or TWINNING.search(name))
    ]
    places = [
        place
        for place, found in enumerate(fields)
        if place not in partners and found & {("name", ""), ("name", "a")}
    ]
    if not partners and not places:
        return None
    holder = places[0] if partners and places else None
    country = _first(fields, {("country", ""), ("country", "b")})
    return _Columns(names, (partners or places)[0], holder, country, since)


def _first(fields: list[set[tuple[str, str]]], wanted: set[tuple[str, str]]) -> int | None:
    return next((place for place, found in enumerate(fields) if found & wanted), None)


def _row_item(block: Block, columns: _Columns | None, country: str) -> tuple[Item, list[Run]]:
    """Read a row of a table: the item that it makes, and the cell that names whose it is."""
    if columns is None:
        reason = "stands in a table without a column for twin towns; import it as a flat table"
        return Item(fault=("table", reason)), []
    if len(block.cells) != len(columns.names):
        counted = f"has {len(block.cells)} cells where the header has {len(columns.names)}"
        return Item(fault=("ragged", f"{counted}; unfold merged cells")), []
    cells = block.cells
    if columns.country is not None:
        country = _named(cells[columns.country]) or country
    item = read_item(cells[columns.partner], country)
    used = {columns.partner, columns.holder, columns.country}
    for place, name in enumerate(columns.names):
        text = plain(cells[place])
        if place in used or not text:
            continue
        for partner in item.partners:
            if place == columns.since:
                annotate(text, partner.annotation)
            else:
                partner.annotation.notes.append(f"{name}: {text}")
    return item, cells[columns.holder] if columns.holder is not None else []


def _named(cell: list[Run]) -> str:
    flags = [run.text for run in cell if run.kind == "flag"]
    return plain(cell) or (flags[0] if flags else "")
