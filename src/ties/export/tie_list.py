"""The list that an office wants: one row a tie, in people's words, as a workbook, CSV or page.

Places bear their names as the rows of the source write them, where the record was made of a table,
else those of the record. What is not known is blank, and a column in which nothing is known is
left out; the further columns of the source's own rows stay, under their own headings.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Final

import pandas as pd

from ties.dataset import Dataset
from ties.dates import NOT_KNOWN, roughly, span
from ties.io.escape import escape_formulas, escape_html
from ties.lifecycle.episodes import lifecycle
from ties.lifecycle.rule import StatusRule
from ties.lifecycle.tie_table import tie_table
from ties.lookup import distinct_names
from ties.merge.rows import COLUMNS
from ties.schema.regions import area_name
from ties.schema.vocabulary import BASES, STATUSES, TIE_KINDS, Term

NOT_YET: Final = Term(
    "not_yet", "Not yet", "It did not yet stand on that day, or nothing was known of it."
)
_EXPLAINED: Final = {"Status": {**STATUSES, NOT_YET.code: NOT_YET}, "Basis": BASES}
_WIDEST: Final = 48
_UNBROKEN: Final = ("Founded", "Since", "Last activity", "Source row", "Tie")


def tie_list(
    dataset: Dataset,
    rule: StatusRule | None = None,
    as_of: str | dt.date | None = None,
    known_by: str | dt.date | None = None,
    *,
    written: bool = True,
) -> pd.DataFrame:
    """List the ties of a record as they stand on a day, in words.

    Parameters
    ----------
    dataset, rule, as_of, known_by
        As for `ties.tie_table`.
    written
        Places by their names as the source's rows write them, where there are any; else by
        those of the record, which may be in a language (`Dataset.in_language`).

    Returns
    -------
    DataFrame
        A row a tie, in the order of the source's rows, else by name; text, missing where nothing
        is known. ``Place``, ``Country``, ``Partner``, ``Partner country`` (the record's first
        country stands first, else the one that most ties share), ``Kind``, ``Founded``,
        ``Founded as written``, ``Status``, ``Status as written``, ``Since``, ``Basis`` (of the
        status), ``Last activity``, ``Notes``, the source's further columns, ``Source row`` and
        ``Tie``.

    Examples
    --------
    >>> import ties
    >>> shown = tie_list(ties.load("us-russia"), as_of="2018-11-28").set_index("Tie")
    >>> shown.loc["anchorage-magadan", ["Place", "Partner", "Founded", "Status"]].tolist()
    ['Anchorage', 'Magadan', '1991-06-22', 'No information']
    """
    table = tie_table(dataset, rule, as_of, known_by)
    own = table.reindex(columns=[*COLUMNS, "row"]).astype("str")
    founded = _in_words(roughly, table["founded_earliest"], table["founded_latest"])
    last = table["last_activity"]
    shown = {
        **_ends(dataset, table, own, written),
        "Kind": _labels(table["kind"], TIE_KINDS).fillna(own["kind_written"]),
        "Founded": founded,
        "Founded as written": own["founded_written"],
        "Status": _labels(table["status"], STATUSES).fillna(NOT_YET.label),
        "Status as written": own["status_written"],
        "Since": _since(table["tie_id"], lifecycle(dataset, rule, as_of, known_by)),
        "Basis": _labels(table["basis"], BASES),
        "Last activity": _in_words(span, last, last),
        "Notes": own["note_written"],
    }
    for name in [str(name) for name in dataset.rows if name not in COLUMNS]:
        heading = f"{name} (own)" if name in (*shown, "Source row", "Tie") else name
        shown[heading] = table[f"{name}_own" if f"{name}_own" in table else name]
    shown |= {"Source row": own["row"], "Tie": table["tie_id"]}
    found = pd.DataFrame(shown).astype("str")
    place = pd.Series(range(len(dataset.rows)), index=dataset.rows["tie_id"])
    order = table["tie_id"].map(place[~place.index.duplicated()])
    ranked = found[["Place", "Partner", "Tie"]].assign(order=order)
    ranked = ranked.sort_values(["order", "Place", "Partner", "Tie"])
    found = found.loc[ranked.index].reset_index(drop=True)
    found.attrs = table.attrs
    return found


def _ends(
    dataset: Dataset, table: pd.DataFrame, own: pd.DataFrame, written: bool
) -> dict[str, pd.Series]:
    """Both ends in words, each tie turned so that a column holds one country as far as it goes."""
    names = distinct_names(dataset)
    ends = {}
    for side in "ab":
        name = table[f"place_{side}"].map(names)
        country = table[f"country_{side}"].map(area_name, na_action="ignore")
        if written:
            said = own[f"country_{side}_written"]
            name = own[f"name_{side}_written"].fillna(name)
            country = said.where(said.str.len() > 2).fillna(country)  # DE is Germany
        ends[side] = pd.DataFrame({"Place": name, "Country": country}).astype("str")
    turned = _is_turned(dataset, table)
    first = ends["a"].mask(turned, ends["b"])
    other = ends["b"].mask(turned, ends["a"]).set_axis(["Partner", "Partner country"], axis=1)
    return {str(name): column for name, column in pd.concat([first, other], axis=1).items()}


def _is_turned(dataset: Dataset, table: pd.DataFrame) -> pd.Series:
    """Which ties to name from their other end."""

    def is_commoner(what: str) -> pd.Series:
        a, b = table[f"{what}_a"], table[f"{what}_b"]
        n = pd.concat([a, b[a != b]]).value_counts()
        return b.map(n).fillna(0) > a.map(n).fillna(0)

    at_home = table["country_a"] == table["country_b"]
    abroad = is_commoner("country")
    if len(dataset.countries) == 2:
        abroad = table["country_b"] == dataset.countries[0]
    return abroad.mask(at_home, is_commoner("place")).astype(bool)


def _labels(codes: pd.Series, terms: Mapping[str, Term]) -> pd.Series:
    return codes.astype("object").map({code: term.label for code, term in terms.items()})


def _in_words(form: Callable[..., str], earliest: pd.Series, latest: pd.Series) -> pd.Series:
    texts = [form(*days) for days in zip(earliest, latest, strict=True)]
    words = pd.Series(texts, index=earliest.index, dtype="str")
    return words.mask(words == NOT_KNOWN)


def _since(tie_ids: pd.Series, episodes: pd.DataFrame) -> pd.Series:
    """The days on which each status may have begun, in words."""
    current = episodes[(episodes["axis"] == "status") & episodes["end_latest"].isna()]
    began = current.set_index("tie_id").reindex(tie_ids)
    words = _in_words(roughly, began["start_earliest"], began["start_latest"])
    return words.set_axis(tie_ids.index)


def write_list(dataset: Dataset, ties: pd.DataFrame, path: Path, suffix: str) -> None:
    """Write a list of ties as a workbook (.xlsx), a table (.csv) or a page (.html).

    Parameters
    ----------
    dataset
        The record, which names the list.
    ties
        As `tie_list` gives it.
    path
        The file, which need not end in `suffix`.
    """
    shown = ties.dropna(axis="columns", how="all")
    if suffix == ".csv":  # the mark at its begin tells Excel that it is UTF-8
        escape_formulas(shown).to_csv(path, index=False, lineterminator="\n", encoding="utf-8-sig")
    elif suffix == ".html":
        path.write_text(_page(dataset, ties, shown), encoding="utf-8", newline="\n")
    else:
        _write_workbook(dataset, ties, shown, path)


def _about(dataset: Dataset, ties: pd.DataFrame) -> list[tuple[str, str]]:
    """What the list is, and what its words mean."""
    known = ties.attrs.get("known_by")
    head = [
        ("List", dataset.title or dataset.name or "Ties"),
        ("Ties", f"{len(ties):,}"),
        ("As they stood on", str(ties.attrs["as_of"]) + (f", known by {known}" if known else "")),
    ]
    words = [
        (term.label, term.definition)
        for column, terms in _EXPLAINED.items()
        for term in terms.values()
        if ties[column].eq(term.label).any()
    ]
    return [*head, *words]


def _write_workbook(dataset: Dataset, ties: pd.DataFrame, shown: pd.DataFrame, path: Path) -> None:
    from xlsxwriter import Workbook

    from ties.export.workbook import check_fits

    sheets = {
        "Ties": shown,
        "About": pd.DataFrame(_about(dataset, ties), columns=["What", "Meaning"]),
    }
    for name, table in sheets.items():
        check_fits(name, table)
    with Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": dataset.title, "created": dataset.as_of.to_pydatetime()})
        text = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        for name, table in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(0)
            sheet.set_footer("&L&F&R&P / &N")
            sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
            for place, (heading, column) in enumerate(table.items()):
                sheet.set_column(place, place, _width(str(heading), column), text)
                sheet.write_string(0, place, str(heading), head)
                for row, value in column.dropna().items():
                    sheet.write_string(int(str(row)) + 1, place, value, text)


def _width(heading: str, column: pd.Series) -> int:
    longest = column.dropna().str.len().quantile(0.9) if column.notna().any() else 0
    # A heading may break between its words, under the button of the filter.
    word = max(map(len, heading.split() or [""])) + 3
    return min(max(int(longest) + 2, word), _WIDEST)


def _page(dataset: Dataset, ties: pd.DataFrame, shown: pd.DataFrame) -> str:
    """A page that stands alone, to be read, printed or put on a website."""
    from ties.figures.style import STATUS_COLOURS

    (_, title), *about = _about(dataset, ties)
    codes = {term.label: code for code, term in _EXPLAINED["Status"].items()}

    def cell(heading: str, value: object) -> str:
        if pd.isna(value):  # type: ignore[call-overload]
            return "<td></td>"
        kind = codes[str(value)] if heading == "Status" else "short"
        mark = f' class="{kind}"' if heading in ("Status", *_UNBROKEN) else ""
        return f"<td{mark}>{escape_html(value)}</td>"

    rows = [
        "<tr>" + "".join(map(cell, shown.columns, row)) + "</tr>"
        for row in shown.itertuples(index=False, name=None)
    ]
    heads = "".join(f'<th scope="col">{escape_html(name)}</th>' for name in shown)
    meanings = "".join(
        f"<dt>{escape_html(word)}</dt><dd>{escape_html(text)}</dd>" for word, text in about
    )
    colours = " ".join(f".{code} {{ --mark: {mark}; }}" for code, mark in STATUS_COLOURS.items())
    page = files("ties.export").joinpath("list.html").read_text(encoding="utf-8")
    return Template(page).substitute(
        title=escape_html(title),
        heads=heads,
        rows="\n".join(rows),
        meanings=meanings,
        colours=colours,
    )
