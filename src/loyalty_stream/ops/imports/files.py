"""Open a file for an import, plain or compressed by gzip, and name it by what is in it."""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from xxhash import xxh3_128

from loyalty_stream.ops.imports.errors import ImportFailedError

_ENDS_BYTES: Final = 64 * 1024
_BUFFER_BYTES: Final = 256 * 1024
_GZIP: Final = b"\x1f\x8b"
_MARK: Final = b"\xef\xbb\xbf"


class OpenFile:
    """A file that is being read: `content` is what it holds, decompressed.

    `identity` is what it is known by: its size as it lies on the disk, and a hash of its first and last 64 KiB.
    """

    def __init__(self, path: Path, file: BinaryIO) -> None:
        """Begin at its start; by its first bytes, not by its name, it is a gzip file or not."""
        self._path = path
        self._file = file
        self.size_bytes, self.identity = _identity(file)
        file.seek(0)
        packed = file.read(len(_GZIP)) == _GZIP
        file.seek(0)
        self.content: BinaryIO = file
        if packed:
            self.content = io.BufferedReader(gzip.GzipFile(fileobj=file), _BUFFER_BYTES)

    def skip_mark(self) -> int:
        """Pass over a byte order mark, and return how many bytes of the content that takes; call it first."""
        if self.content.read(len(_MARK)) == _MARK:
            return len(_MARK)
        self.content.seek(0)
        return 0

    @property
    def read_bytes(self) -> int:
        """How far it is read, in bytes as it lies on the disk."""
        return self._file.tell()

    def check(self) -> None:
        """Raise ImportFailedError where it is another file by now; nothing can be read from it afterwards."""
        if _identity(self._file)[1] != self.identity:
            raise ImportFailedError(
                f"{self._path} was changed while it was imported. Import it again, now that it is whole: what came of "
                "it already does no harm"
            )


@contextmanager
def open_file(path: Path) -> Iterator[OpenFile]:
    """Open a file for as long as the context is open.

    Raises:
        ImportFailedError: It cannot be read, or is no whole gzip file.

    """
    try:
        with path.open("rb", buffering=_BUFFER_BYTES) as file:
            yield OpenFile(path, file)
    except (EOFError, gzip.BadGzipFile, zlib.error) as failure:
        raise ImportFailedError(
            f"{path} is no whole gzip file ({failure}). Fetch it again and import it then: the rows before the damage "
            "may be published already, which does no harm"
        ) from failure
    except OSError as failure:
        raise ImportFailedError(f"{path} cannot be read: {failure.strerror or failure}") from failure


def _identity(file: BinaryIO) -> tuple[int, str]:
    size_bytes = file.seek(0, io.SEEK_END)
    file.seek(0)
    ends = xxh3_128(file.read(_ENDS_BYTES))
    file.seek(max(0, size_bytes - _ENDS_BYTES))
    ends.update(file.read(_ENDS_BYTES))
    return size_bytes, f"{size_bytes}-{ends.hexdigest()}"
