"""Read a CSV file row by row, in bounded memory, and know at which byte and line each row begins.

The format is RFC 4180's: commas, cells in double quotes where they hold a comma, a quote (doubled) or a line's end;
lines end in LF or CRLF. What is otherwise is no well-formed row, and is handed out as its bytes.
"""

import csv
from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

_QUOTE: Final = b'"'
_CELL_CHARACTERS_MAX: Final = 2**31 - 1


class Row(NamedTuple):
    """A row by its first line's number: its cells, or None where it is not well-formed or too large."""

    line: int
    cells: list[str] | None
    too_large: bool = False


class RowReader:
    """Yield the rows of a file; `position` and `line` are where the next one begins, in bytes and lines from 1.

    An empty line is no row. A row beyond `row_bytes_max` is read to its end, and not kept.
    """

    def __init__(self, file: BinaryIO, *, row_bytes_max: int, position: int = 0, line: int = 1) -> None:
        """Begin where the file stands, which is the start of a row."""
        csv.field_size_limit(
            _CELL_CHARACTERS_MAX
        )  # the module's own, of the whole process, is 128 Ki; rows have theirs
        self.position = position
        self.line = line
        self._lines = _Lines(file, row_bytes_max)

    @property
    def is_unclosed(self) -> bool:
        """Whether the row that was yielded last is too large because a quotation is not closed up to the end."""
        return self._lines.is_unclosed

    def raw(self) -> bytes:
        """Return the bytes of the row that was yielded last; none of one that is too large."""
        return b"".join(self._lines.taken)

    def __iter__(self) -> Iterator[Row]:
        """Yield each row from here on."""
        lines = self._lines
        reader = csv.reader(lines, strict=True)
        while True:
            line = self.line
            lines.begin_row()
            cells: list[str] | None = None
            too_large = False
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                pass
            except _TooLargeError:
                lines.skip_row()
                too_large = True
            self.position += lines.taken_bytes
            self.line += lines.ended
            if cells != []:
                yield Row(line, cells if lines.is_text else None, too_large)


class _TooLargeError(Exception):
    """The row that is being read goes beyond the limit."""


class _Lines:
    """The lines of a file as the csv module asks for them; the bytes of the row at hand are remembered.

    Not a generator: that would end with the first error, where the next row is wanted.
    """

    def __init__(self, file: BinaryIO, row_bytes_max: int) -> None:
        self._file = file
        self._row_bytes_max = row_bytes_max
        self.taken: list[bytes] = []
        self.begin_row()

    def begin_row(self) -> None:
        """Forget the row before; `ended` counts the line's ends of the new one."""
        self.taken.clear()
        self.taken_bytes = 0
        self.ended = 0
        self.is_text = True
        self.is_unclosed = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._read(self._row_bytes_max + 1)
        if not line:
            raise StopIteration
        self.taken.append(line)
        if self.taken_bytes > self._row_bytes_max:
            raise _TooLargeError
        try:
            return line.decode()
        except UnicodeDecodeError:
            self.is_text = False
            return line.decode("utf-8", "surrogateescape")

    def skip_row(self) -> None:
        """Read to the end of a row that is too large: the line's end at which no quotation is open."""
        quotes, last = sum(line.count(_QUOTE) for line in self.taken), self.taken[-1]
        self.taken.clear()
        while last and (quotes % 2 or not last.endswith(b"\n")):
            last = self._read(self._row_bytes_max)
            quotes += last.count(_QUOTE)
        self.is_unclosed = quotes % 2 == 1

    def _read(self, bytes_max: int) -> bytes:
        line = self._file.readline(bytes_max)
        self.taken_bytes += len(line)
        self.ended += line.endswith(b"\n")
        return line
