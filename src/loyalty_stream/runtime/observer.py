"""What the runtime tells about itself; the metrics listen (ops/metrics.py)."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from loyalty_stream.pipeline.effects import Effects


class StoreSize(NamedTuple):
    """What one partition's database takes, in bytes."""

    disk: int
    memtable: int


class Observer(Protocol):
    """Hear what happens; every call comes on the event loop and must return at once.

    Counts of events are told only once the transaction that holds them is committed.
    """

    def batch_processed(self, topic: str, partition: int, records: int, seconds: float, effects: Effects) -> None:
        """Hear that a batch is committed; `seconds` is what its processing took, without the commit."""

    def transaction_committed(self, partition: int, records: int, seconds: float) -> None:
        """Hear that a lane committed; `seconds` runs from the first message produced to the answered commit."""

    def transaction_failed(self) -> None:
        """Hear that a transaction failed; the process ends next."""

    def failed(self, error: BaseException, where: str) -> None:
        """Hear what the process ends for, once nothing is processed any more; it may take some seconds."""

    def position(self, topic: str, partition: int, committed: int, high_watermark: int) -> None:
        """Hear, every second and for each source partition, how far it is committed and where it ends."""

    def partitions_lost(self) -> None:
        """Hear that the source partitions known so far may now be another worker's."""

    def recovery(self, partition: int, remaining: int) -> None:
        """Hear how many changelog offsets an owned table partition still has to read; 0 when it is restored."""

    def store(self, sizes: Mapping[int, StoreSize], block_cache: int) -> None:
        """Hear, every second, what each partition's database takes, and how many bytes the one block cache holds."""

    def readiness(self, *, ready: bool) -> None:
        """Hear, every second, whether the worker is assigned, restored and committing."""

    def cache(self, rows: int, hits: int, misses: int) -> None:
        """Hear how many rows are cached, and the hits and misses since the start."""


class NullObserver:
    """Hear nothing."""

    def batch_processed(self, topic: str, partition: int, records: int, seconds: float, effects: Effects) -> None:
        """Ignore it."""

    def transaction_committed(self, partition: int, records: int, seconds: float) -> None:
        """Ignore it."""

    def transaction_failed(self) -> None:
        """Ignore it."""

    def failed(self, error: BaseException, where: str) -> None:
        """Ignore it."""

    def position(self, topic: str, partition: int, committed: int, high_watermark: int) -> None:
        """Ignore it."""

    def partitions_lost(self) -> None:
        """Ignore it."""

    def recovery(self, partition: int, remaining: int) -> None:
        """Ignore it."""

    def store(self, sizes: Mapping[int, StoreSize], block_cache: int) -> None:
        """Ignore it."""

    def readiness(self, *, ready: bool) -> None:
        """Ignore it."""

    def cache(self, rows: int, hits: int, misses: int) -> None:
        """Ignore it."""
