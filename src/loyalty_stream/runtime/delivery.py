"""Know that the broker holds what it has acknowledged.

A producer of several requests in flight may lose its first records of a partition without an error: while the leader is
not ready it refuses the first request and takes the second, and the producer then believes the first to have arrived
earlier. Such a record is reported as delivered, but without an offset (ADR 21).
"""

from typing import Any

from confluent_kafka import KafkaError

ONE_AT_A_TIME = {"max.in.flight.requests.per.connection": 1}
"""Settings of a producer that cannot lose records so, at the price of a round trip for each request."""


class RecordsLostError(Exception):
    """The broker has acknowledged records that it does not hold."""


class Deliveries:
    """What the broker said of the records of one transaction."""

    def __init__(self) -> None:
        """Start with nothing delivered."""
        self.lost = 0
        self.tail_offset: int | None = None

    def note(self, error: KafkaError | None, message: Any) -> None:
        """Hear of a record; of one that failed the transaction itself tells."""
        if error is None and message.offset() is None:
            self.lost += 1

    def note_tail(self, error: KafkaError | None, message: Any) -> None:
        """Hear of the record whose offset is asked for."""
        self.note(error, message)
        if error is None:
            self.tail_offset = message.offset()

    def check(self) -> None:
        """Raise RecordsLostError where a record has no place."""
        if self.lost:
            raise RecordsLostError(f"{self.lost} records were acknowledged but not written")
