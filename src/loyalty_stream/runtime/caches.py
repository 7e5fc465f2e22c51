"""The row caches of the partitions that this worker owns, bounded together."""

from collections.abc import Callable
from typing import Any, NamedTuple

from loyalty_stream.pipeline.rows import Keys, RowCache


class CacheUsage(NamedTuple):
    """The rows cached now, and the hits and misses since the start."""

    rows: int
    hits: int
    misses: int


class RowCaches:
    """One RowCache for each owned partition; they share one bound, however many there are."""

    def __init__(self, rows_max: int) -> None:
        """Start without partitions."""
        self._rows_max = rows_max
        self._caches: dict[int, RowCache[Any]] = {}
        self._hits = 0
        self._misses = 0

    def open(
        self,
        partition: int,
        load: Callable[[bytes], bytes | None],
        decode: Callable[[bytes, bytes], object],
        encode: Callable[[Any], bytes],
        keys: Keys | None = None,
    ) -> None:
        """Start an empty cache of a partition."""
        self._caches[partition] = RowCache(load, decode, encode, keys)

    def of(self, partition: int) -> RowCache[Any]:
        """Return the cache of an owned partition."""
        return self._caches[partition]

    def trim(self, partition: int) -> None:
        """Drop a partition's least recently used rows beyond its share; call it after `take_written`."""
        self._caches[partition].trim(self._rows_max // len(self._caches))

    def drop(self) -> None:
        """Forget every partition."""
        for cache in self._caches.values():
            self._hits += cache.hits
            self._misses += cache.misses
        self._caches.clear()

    def usage(self) -> CacheUsage:
        """Return what is cached and how well it served."""
        caches = self._caches.values()
        return CacheUsage(
            sum(map(len, caches)),
            self._hits + sum(cache.hits for cache in caches),
            self._misses + sum(cache.misses for cache in caches),
        )
