"""Read CSV files row by row."""

import csv
import io
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty_stream.ops.imports.csv_rows import RowReader

LIMIT = 10_000
CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(
    ['{"a": "b"}', 'a "quoted"\r\nline', "\n", "\r\n", ",", '"', '""', "é, ü"]
)
TABLES = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=8)
)


class Found(NamedTuple):
    """One row as it was read, and where the next one begins."""

    line: int
    cells: list[str] | None
    too_large: bool
    raw: bytes
    position: int
    next_line: int


def read(content: bytes, *, position: int = 0, line: int = 1, row_bytes_max: int = LIMIT) -> list[Found]:
    file = io.BytesIO(content)
    file.seek(position)
    rows = RowReader(file, row_bytes_max=row_bytes_max, position=position, line=line)
    return [Found(*row, rows.raw(), rows.position, rows.line) for row in rows]


def cells_of(content: bytes) -> list[list[str] | None]:
    return [row.cells for row in read(content)]


def written(table: list[list[str]], line_end: str = "\r\n") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=line_end, quoting=csv.QUOTE_ALL).writerows(table)
    return text.getvalue().encode()


@given(table=TABLES, line_end=st.sampled_from(["\r\n", "\n"]))
def test_what_a_csv_writer_wrote_is_what_is_read(table: list[list[str]], line_end: str) -> None:
    content = written(table, line_end)
    found = read(content)
    assert [row.cells for row in found] == table
    assert b"".join(row.raw for row in found) == content
    assert found[-1].position == len(content)


@given(table=TABLES, data=st.data())
def test_reading_goes_on_at_the_start_of_any_row(table: list[list[str]], data: st.DataObject) -> None:
    content = written(table)
    found = read(content)
    at = data.draw(st.integers(0, len(found) - 1))
    assert read(content, position=found[at].position, line=found[at].next_line) == found[at + 1 :]


@given(content=st.binary(max_size=60) | st.text('",\n\r ab', max_size=40).map(str.encode))
def test_any_bytes_are_read_to_their_end_and_each_row_knows_its_place(content: bytes) -> None:
    position = 0
    for row in read(content):
        assert content[:position].count(b"\n") + 1 <= row.line <= row.next_line
        assert content[: row.position].endswith(row.raw)
        position = row.position
    assert content[position:].strip(b"\r\n") == b""


@pytest.mark.parametrize("broken", [b'a,"b"c,d\n', b'"a"b\n', b"\xff\xfe,b\n"])
def test_a_row_that_is_not_well_formed_is_its_bytes_and_the_next_one_is_read(broken: bytes) -> None:
    first, second, third = read(b"1,2\n" + broken + b"3,4\n")
    assert (first.cells, third.cells) == (["1", "2"], ["3", "4"])
    assert (second.cells, second.raw, second.line, third.line) == (None, broken, 2, 3)


def test_an_empty_line_is_no_row_and_a_last_line_needs_no_end() -> None:
    assert cells_of(b"1,2\n\n\r\n3,4") == [["1", "2"], ["3", "4"]]


def test_a_quotation_that_is_never_closed_is_not_well_formed_to_the_end() -> None:
    first, second = read(b'1,2\n3,"4\n5,6\n')
    assert (first.cells, second.cells, second.raw, second.line) == (["1", "2"], None, b'3,"4\n5,6\n', 2)


@pytest.mark.parametrize(
    "large", [b'1,"' + b'a ""word""\n' * 40 + b'"\n', b"1," + b"x" * 400 + b"\n", b'"' + b"x" * 400 + b'",2\n']
)
def test_a_row_that_is_too_large_is_passed_over_whole_and_not_kept(large: bytes) -> None:
    first, second, third = read(b"1,2\n" + large + b"3,4\n", row_bytes_max=100)
    assert (first.cells, third.cells) == (["1", "2"], ["3", "4"])
    assert (second.cells, second.too_large, second.raw) == (None, True, b"")
    assert third.line == 2 + large.count(b"\n")
    assert third.position == 8 + len(large)


@pytest.mark.parametrize(("end", "is_unclosed"), [(b'"\n', False), (b"", True), (b'"', False)])
def test_a_row_is_too_large_or_not_closed_up_to_the_end(end: bytes, is_unclosed: bool) -> None:  # noqa: FBT001 - drawn
    rows = RowReader(io.BytesIO(b'1,"' + b"line\n" * 100 + end), row_bytes_max=100)
    assert [(row.too_large, rows.is_unclosed) for row in rows] == [(True, is_unclosed)]


def test_a_cell_may_be_larger_than_the_csv_modules_own_limit() -> None:
    [row] = read(b'1,"' + b"x" * 200_000 + b'"\n', row_bytes_max=300_000)
    assert row.cells == ["1", "x" * 200_000]


class Counting(io.BytesIO):
    """A file that notes how much of it is asked for at once."""

    asked_max = 0

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        self.asked_max = max(self.asked_max, len(line))
        return line


def test_no_more_than_a_rows_limit_is_read_at_once() -> None:
    file = Counting(b"x" * 100_000 + b"\n1,2\n")
    rows = list(RowReader(file, row_bytes_max=100))
    assert [row.cells for row in rows] == [None, ["1", "2"]]
    assert file.asked_max <= 101
