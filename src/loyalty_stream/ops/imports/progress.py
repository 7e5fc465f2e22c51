"""How far the import of a file is, as the topic of imports keeps it."""

import time
from typing import Final, Self

import msgspec
from confluent_kafka import Consumer, IsolationLevel, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec
from msgspec import Struct

from loyalty_stream.ops.imports.errors import ImportFailedError
from loyalty_stream.runtime.clients import client_config, reader_config
from loyalty_stream.runtime.settings import Settings

IMPORTS_PARTITION: Final = 0
"""Where all progress is kept, however many partitions the topic has: their number may grow, and a file stays found."""
_POLL_SECONDS: Final = 0.2
_TIMEOUT_SECONDS: Final = 30.0
_SETTLE_SECONDS_MAX: Final = 120.0  # without a record: longer than any dead owner's transaction stays open


class Progress(Struct, frozen=True):
    """How much of a file is imported, in one transaction with the records that it counts.

    `position` and `line` are where the next row begins, in bytes of the content and lines from 1. Of the `rows` some
    were `malformed`, and published as they are, and some `too_large`, and left out.
    """

    position: int = 0
    line: int = 1
    rows: int = 0
    malformed: int = 0
    too_large: int = 0
    finished: bool = False

    def dump(self) -> bytes:
        """Return the progress as a record of the topic holds it."""
        return msgspec.json.encode(self)

    @classmethod
    def load(cls, value: bytes) -> Self:
        """Return the progress that `dump` wrote."""
        return msgspec.json.decode(value, type=cls)


def imports_topic(settings: Settings) -> str:
    """Return the topic that keeps how far each import is."""
    return f"{settings.topic_prefix}imports"


def read_progress(settings: Settings, identity: str) -> Progress | None:
    """Return how far a file's import is, as committed, or None where it has never begun.

    Call it once no earlier import of this file can commit any more. Others may still be at work: their open
    transactions hide what lies behind them, so that it reads on until it has seen all that is there now.

    Raises:
        ImportFailedError: The topic cannot be read to its end.

    """
    at = TopicPartition(imports_topic(settings), IMPORTS_PARTITION, 0)
    admin = AdminClient(client_config(settings))
    asked = admin.list_offsets({at: OffsetSpec.latest()}, isolation_level=IsolationLevel.READ_UNCOMMITTED)
    end = asked[at].result(_TIMEOUT_SECONDS).offset
    consumer = Consumer(
        {**reader_config(settings), "enable.partition.eof": True, "auto.offset.reset": "earliest", "log_level": 0}
    )
    found: Progress | None = None
    try:
        consumer.assign([at])
        deadline = time.monotonic() + _SETTLE_SECONDS_MAX
        while time.monotonic() < deadline:
            for message in consumer.consume(1_000, timeout=_POLL_SECONDS):
                error = message.error()
                if error is None:
                    deadline = time.monotonic() + _SETTLE_SECONDS_MAX
                    found = Progress.load(message.value() or b"") if message.key() == identity.encode() else found
                elif error.code() != KafkaError._PARTITION_EOF:  # noqa: SLF001 - librdkafka's local code
                    raise KafkaException(error)
                elif (message.offset() or 0) >= end:
                    return found
    finally:
        consumer.close()
    raise ImportFailedError(f"{at.topic} cannot be read to its end: a transaction on it stays open. Try again later")
