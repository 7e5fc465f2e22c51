"""What the runtime tells about itself; the metrics listen (ops/metrics.py)."""

from typing import Protocol

from loyalty_stream.pipeline.effects import Effects


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

    def position(self, topic: str, partition: int, committed: int, high_watermark: int) -> None:
        """Hear, every second and for each source partition, how far it is committed and where it ends."""

    def partitions_lost(self) -> None:
        """Hear that the source partitions known so far may now be another worker's."""

    def recovery(self, partition: int, remaining: int) -> None:
        """Hear how many changelog offsets an owned table partition still has to read; 0 when it is restored."""

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

    def position(self, topic: str, partition: int, committed: int, high_watermark: int) -> None:
        """Ignore it."""

    def partitions_lost(self) -> None:
        """Ignore it."""

    def recovery(self, partition: int, remaining: int) -> None:
        """Ignore it."""

    def cache(self, rows: int, hits: int, misses: int) -> None:
        """Ignore it."""
