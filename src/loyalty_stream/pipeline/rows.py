"""The rows of one partition as the reducers see them: decoded, cached, bounded."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from heapq import merge
from typing import Generic, TypeVar

R = TypeVar("R")

Keys = Callable[[bytes, bytes], Iterable[bytes]]
"""Return the keys that begin with a prefix and come after another key, in their order."""


def overlaid(stored: Iterable[bytes], changes: Mapping[bytes, object], prefix: bytes, after: bytes) -> Iterator[bytes]:
    """Yield stored keys as they will be with some changes, in their order; a change to None deletes."""
    changed = {key: row for key, row in changes.items() if key > after and key.startswith(prefix)}
    kept = (key for key in stored if key not in changed)
    return merge(kept, sorted(key for key, row in changed.items() if row is not None))


class RowCache(Generic[R]):
    """A least-recently-used cache of decoded rows over a loader of encoded ones.

    `load(key)` returns the newest encoded row, committed or about to be, or None. Rows written since the last
    `take_written` are kept whatever the bound; `trim` drops the least recently used beyond `capacity`, which is safe
    once the written ones are where `load` and `keys` find them. `keys` looks for the keys of all such rows.
    `take_changes` tells what has become of which row since the last call, or since the last `take_written`.
    """

    __slots__ = ("_before", "_decode", "_encode", "_keys", "_load", "_rows", "_written", "hits", "misses")

    def __init__(
        self,
        load: Callable[[bytes], bytes | None],
        decode: Callable[[bytes, bytes], R],
        encode: Callable[[R], bytes],
        keys: Keys | None = None,
    ) -> None:
        """Start empty; `decode(key, encoded)` and `encode(row)` are the table's codec."""
        self._keys = keys
        self._load = load
        self._decode = decode
        self._encode = encode
        self._rows: OrderedDict[bytes, R | None] = OrderedDict()
        self._written: dict[bytes, R | None] = {}
        self._before: dict[bytes, R | None] = {}
        self.hits = 0
        self.misses = 0

    def __len__(self) -> int:
        """Return how many rows are cached."""
        return len(self._rows)

    def get(self, key: bytes) -> R | None:
        """Return the row of a key, or None where there is none."""
        rows = self._rows
        if key in rows:
            rows.move_to_end(key)
            self.hits += 1
            return rows[key]
        self.misses += 1
        encoded = self._load(key)
        row = rows[key] = None if encoded is None else self._decode(key, encoded)
        return row

    def put(self, key: bytes, row: R | None) -> None:
        """Write a row; None deletes it."""
        if key not in self._before:
            self._before[key] = self._rows[key] if key in self._rows else self.get(key)
        self._rows[key] = row
        self._written[key] = row

    def take_changes(self) -> list[tuple[bytes, R | None, R | None]]:
        """Return the key of each row written meanwhile, the row as it was before that, and as it is now."""
        written = self._written
        changes = [(key, before, written[key]) for key, before in self._before.items()]
        self._before.clear()
        return changes

    def scan(self, prefix: bytes, after: bytes = b"") -> Iterator[bytes]:
        """Return the keys of all rows now that begin with a prefix and come after another key, in their order."""
        if self._keys is None:
            raise LookupError("this cache was given no way to look for keys")
        return overlaid(self._keys(prefix, after), self._written, prefix, after)

    def written(self) -> list[bytes]:
        """Return the keys of the rows written since the last `take_written`, each once."""
        return list(self._written)

    def take_written(self) -> dict[bytes, bytes | None]:
        """Return each row written since the last call, encoded once, None for a deleted one."""
        encode = self._encode
        written = {key: None if row is None else encode(row) for key, row in self._written.items()}
        self._written.clear()
        self._before.clear()
        return written

    def trim(self, capacity: int) -> None:
        """Drop the least recently used rows beyond a capacity; call it after `take_written` only."""
        rows = self._rows
        while len(rows) > capacity:
            rows.popitem(last=False)
