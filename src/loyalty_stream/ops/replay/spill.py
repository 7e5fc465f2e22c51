"""Bring together what two topics hold of each key, on disk, however much it is."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from struct import Struct as Packing
from typing import Any, Final

import rocksdict
from xxhash import xxh3_128_digest

LIVE: Final = 0
SHADOW: Final = 1
_KEY: Final = Packing(">16sBQ")  # the key's hash, whose it is, its number
Both = tuple[list[bytes], list[bytes]]
"""What production and the shadow hold of one key."""


class Spill:
    """Values by key and side, on disk."""

    def __init__(self, database: rocksdict.Rdict) -> None:
        """Start with nothing."""
        self._database = database
        self._number = 0

    def add(self, side: int, key: bytes, value: bytes) -> None:
        """Keep one more value of a key."""
        self._number += 1
        self._database[_KEY.pack(xxh3_128_digest(key), side, self._number)] = value

    def put(self, side: int, key: bytes, value: bytes) -> None:
        """Keep a value in place of the key's earlier one."""
        self._database[_KEY.pack(xxh3_128_digest(key), side, 0)] = value

    def by_key(self) -> Iterator[Both]:
        """Yield what there is of each key, the values of each side in the order in which they came."""
        items: Iterator[tuple[Any, Any]] = iter(self._database.items())
        for _, group in groupby(items, key=lambda item: item[0][:16]):
            both: Both = ([], [])
            for key, value in group:
                both[_KEY.unpack(key)[1]].append(value)
            yield both


@contextmanager
def spill() -> Iterator[Spill]:
    """Yield an empty spill, in a temporary folder that is gone at the end."""
    options = rocksdict.Options(raw_mode=True)
    options.create_if_missing(True)  # noqa: FBT003 - RocksDB's own signature
    options.set_compression_type(rocksdict.DBCompressionType.lz4())
    options.set_keep_log_file_num(1)
    with tempfile.TemporaryDirectory(prefix="loyalty-diff-", ignore_cleanup_errors=True) as folder:
        database = rocksdict.Rdict(str(Path(folder) / "spill"), options=options)
        try:
            yield Spill(database)
        finally:
            database.close()
