import csv
import io

import pytest

from ties.io import csv_reader as text
from ties.io import table as rows_of_text
from ties.io.csv_reader import read_csv

HEADER = "tie_id,place_a,place_b,kind\n"
ROW = "a-b,ru-a,us-b,sister\n"


@pytest.fixture
def write(tmp_path):
    def written(content):
        path = tmp_path / "ties.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return written


def only(table):
    assert len(table.problems) == 1, table.problems.to_string()
    problem = table.problems.iloc[0]
    line = None if problem.isna()["line"] else int(problem["line"])
    return problem["rule"], line, problem["message"]


def test_a_line_is_counted_as_an_editor_counts_it(write):
    path = write(HEADER + '"a\nb\n",x,y,z\n\n' + ROW + ",,,\n" + ROW)
    table = read_csv(path, "ties")
    assert table.lines.tolist() == [2, 6, 8]
    assert table.named()["tie_id"].tolist() == ["a\nb\n", "a-b", "a-b"]
    assert table.problems.empty


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_marks_and_line_ends_do_not_matter(write, mark, end):
    table = read_csv(write(mark + (HEADER + ROW).replace("\n", end).encode()), "ties")
    assert table.headings == ["tie_id", "place_a", "place_b", "kind"]
    assert table.cells.iloc[0].tolist() == ["a-b", "ru-a", "us-b", "sister"]


UTF8 = "save it as UTF-8 (in Excel: 'CSV UTF-8 (comma delimited)')"
STRUCTURE = {
    "empty": (b"", "empty_file", None, "is empty; write the header line, or remove the file"),
    "only blank lines": (
        b"\n\n \n".replace(b" ", b""),
        "empty_file",
        None,
        "is empty; write the header line, or remove the file",
    ),
    "semicolons": (
        (HEADER + ROW).replace(",", ";").encode(),
        "delimiter",
        1,
        "is separated by semicolons; save it with commas (in Excel: 'CSV UTF-8')",
    ),
    "tabs": (
        (HEADER + ROW).replace(",", "\t").encode(),
        "delimiter",
        1,
        "is separated by tabs; save it with commas (in Excel: 'CSV UTF-8')",
    ),
    "UTF-16 with a mark": ((HEADER + ROW).encode("utf-16"), "encoding", None, f"is UTF-16; {UTF8}"),
    "UTF-16 without": ((HEADER + ROW).encode("utf-16-le"), "encoding", None, f"is UTF-16; {UTF8}"),
    "Latin-1": (
        (HEADER + "a-b,Malmö,us-b,\n").encode("latin-1"),
        "encoding",
        2,
        f"byte 9 of this line (0xF6, 'ö' in Latin-1) is not UTF-8; {UTF8}",
    ),
    "NUL": (
        (HEADER + ROW + "a\0b,,,\n").encode(),
        "nul_byte",
        3,
        "holds a NUL byte: the file is damaged or not text; save it as CSV again",
    ),
    "unclosed quote": (
        (HEADER + ROW + 'x,"y,z,\n' + ROW).encode(),
        "quote",
        3,
        "a quote opened in the row that starts here is not closed properly (unexpected end of "
        "data); close it, and write a quote inside quotes twice",
    ),
    "old Macintosh": (
        (HEADER + ROW).replace("\n", "\r").encode(),
        "line_ends",
        1,
        "ends its lines with a bare carriage return (old Macintosh); save with LF",
    ),
}


@pytest.mark.parametrize("case", STRUCTURE)
def test_a_file_that_is_no_table_is_told_once(write, case):
    content, *expected = STRUCTURE[case]
    table = read_csv(write(content), "ties")
    assert only(table) == tuple(expected)
    assert not table.is_readable


def test_ragged_rows_are_kept_aside_and_the_rest_is_read(write):
    table = read_csv(write(HEADER + "a-b,x\n" + ROW + "a,b,c,d,e\n"), "ties")
    cells = {row: broken.cells for row, broken in table.broken.items()}
    assert cells == {0: ["a-b", "x"], 2: ["a", "b", "c", "d", "e"]}
    assert table.problems["line"].tolist() == [2, 4]
    assert table.problems["message"].iloc[0] == (
        "has 2 cells where the header has 4; a cell with a comma in it needs quotes round it"
    )
    assert len(table.cells) == 3


def test_a_quote_that_swallows_the_file_is_told_where_it_opens(write):
    table = read_csv(write(HEADER + ROW + 'x,"' + ROW * 20_000), "ties")
    assert only(table)[:2] == ("quote", 3)


class EndlessLine(io.RawIOBase):
    """A line of a gigabyte that never was in memory; it counts what is taken from it."""

    taken = 0

    def readable(self):
        return True

    def readinto(self, buffer):
        size = min(len(buffer), 1_000_000_000 - self.taken)
        buffer[:size] = b"x" * size
        self.taken += size
        return size


def test_a_line_of_a_gigabyte_is_refused_after_ten_megabytes():
    source = EndlessLine()
    with pytest.raises(text.StructureError) as caught:
        text._read_stream(io.BufferedReader(source), "ties", "ties.csv")
    assert caught.value.message == "is longer than 10,000,000 bytes; is this a table?"
    assert caught.value.line == 1
    assert source.taken < 11_000_000


def test_a_folder_in_the_place_of_a_file_is_told(tmp_path):
    (tmp_path / "ties.csv").mkdir()
    assert only(read_csv(tmp_path / "ties.csv", "ties"))[2] == "is not a regular file; remove it"


def test_a_file_without_permission_is_told(write, monkeypatch):
    path = write(HEADER + ROW)

    def refuse(*_args, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "open", refuse)
    assert only(read_csv(path, "ties"))[2] == (
        "cannot be read: Permission denied; see to its permissions"
    )


def test_reading_is_the_same_whatever_the_size_of_a_chunk(write, monkeypatch):
    path = write(HEADER + ROW * 3 + "x\n" + ROW * 3)
    whole = read_csv(path, "ties")
    monkeypatch.setattr(rows_of_text, "_CHUNK", 2)
    parts = read_csv(path, "ties")
    assert parts.cells.equals(whole.cells)
    assert parts.broken == whole.broken
    assert parts.lines.tolist() == whole.lines.tolist()


def test_the_limit_of_a_cell_holds_where_another_library_raised_it(write):
    path = write(HEADER + "a" * 140_000 + ROW)
    before = csv.field_size_limit(2**31 - 2)
    try:
        assert "more than 131,072 characters" in only(read_csv(path, "ties"))[2]
        assert csv.field_size_limit() == 2**31 - 2
    finally:
        csv.field_size_limit(before)
