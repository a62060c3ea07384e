"""The quick way to read a CSV file gives what the plain way gives, or nothing at all."""

import io

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ties.io import csv_fast_path as well_formed
from ties.io import csv_reader as text
from ties.io.csv_reader import MAX_CELL
from ties.io.folder import record_folder
from ties.io.table import table_of

# Marks that a parser may take in its own way, and words that one may take for missing.
PIECES = ["a", ",", ",", "\n", "\n", "\r\n", "\r", '"', '""', "é", "NA", "", " ", "\0", "\ufeff"]
PIECES += ["\u2028", "\x85", "\x0b", "'", "=1", '"a,b"', '"a\nb"', '"a""b"']
SOME_BYTES = [piece.encode() for piece in PIECES] + [b"\xff", b"\xed\xa0\x80", b"\xc0\xaf"]


def quickly(content, width=3):
    return well_formed.read_well_formed(io.BytesIO(content), width, 2, MAX_CELL)


def plainly(content, width=3):
    """Give the table as Python's parser has it, or nothing if it refuses the file."""
    header = b",".join([b"x"] * width) + b"\n"
    try:
        with text.cell_limit():
            rows = list(text.records(text._lines(io.BytesIO(header + content))))[1:]
    except text.StructureError:
        return None
    return table_of("ties", "ties.csv", [""] * width, rows, reason="")


def is_same(content, width=3):
    """Tell whether the quick way took a file, after seeing that it then read it as the plain."""
    found = quickly(content, width)
    if found is None:
        return False
    plain = plainly(content, width)
    assert plain is not None
    assert not plain.broken
    pd.testing.assert_frame_equal(found[0], plain.cells)
    assert found[1].tolist() == plain.lines.tolist()
    return True


@given(st.lists(st.sampled_from(SOME_BYTES), max_size=25).map(b"".join), st.integers(1, 3))
@settings(max_examples=500, deadline=None)
@example(b'"a,b",c,"d""e"\r\n\r\n,,\n"",NA,\n', 3)
@example(b'"""",a,"""b"""', 3)
@example(b'""\na\n\n', 1)
@example(b"\xef\xbb\xbfa,b,c", 3)
@example(b"a,b,c\r", 3)
def test_what_is_read_quickly_is_read_as_plainly(content, width):
    is_same(content, width)


CELLS = st.lists(
    st.sampled_from(["", "a", "NA", "é", " b ", '"c,d"', '"e""f"', '""', "'=1", "\u2028"]),
    min_size=3,
    max_size=3,
).map(",".join)


@given(st.lists(st.one_of(CELLS, st.just("")), max_size=8), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=100, deadline=None)
def test_a_file_in_order_is_read_quickly(lines, end):
    assert is_same(end.join(lines).encode())


@pytest.mark.parametrize("size", [1, 7, 40])
def test_where_a_block_ends_does_not_matter(monkeypatch, size):
    content = 'a,b,c\n\n,,\n"d,""e",é,f\r\ng,h,i'.encode()
    whole = quickly(content)
    monkeypatch.setattr(well_formed, "_BLOCK", size)
    parts = quickly(content)
    assert parts[0].equals(whole[0])
    assert parts[1].tolist() == whole[1].tolist() == [2, 5, 6]


@pytest.mark.parametrize(
    "content",
    [
        b'a,"b\nc",d\n',
        b'a,b"c,d\n',
        b'a,"b"c,d\n',
        b'a,"b,c\n',
        b"a,b\n",
        b"a,b,c,d\n",
        b"a,b\rc,d\n",
        b"a,\0,c\n",
        b"a,\xff,c\n",
        b"\xef\xbb\xbfa,b,c\n",
        b"a,b," + b"c" * MAX_CELL + b"\n",
        b"a,b,c\n" * 3 + b"d,e," + b"f" * 9_000_000,
    ],
    ids=lambda content: repr(content[:20]),
)
def test_a_file_that_needs_an_explanation_is_left_to_the_plain_way(content):
    assert quickly(content) is None


def test_the_bundled_record_is_in_order():
    for path in record_folder().glob("*.csv"):
        header, content = path.read_bytes().split(b"\n", 1)
        assert is_same(content, header.count(b",") + 1)
