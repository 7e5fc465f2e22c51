"""Read the committed records of a topic up to where it ends when the reading begins, however it grows meanwhile."""

import time
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from confluent_kafka import Consumer, IsolationLevel, KafkaError, KafkaException, Message, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from loyalty_stream.errors import ExplainedError
from loyalty_stream.runtime.clients import client_config, end_reader_config
from loyalty_stream.runtime.list_offsets import list_offsets
from loyalty_stream.runtime.settings import Settings

_POLL_SECONDS: Final = 0.2
_POLL_RECORDS: Final = 1_000
_SETTLE_SECONDS_MAX: Final = 120.0  # without a record: longer than any dead owner's transaction stays open


class UnsettledTopicError(ExplainedError):
    """A topic cannot be read to its end; the message says which, and what to do."""


class Span(NamedTuple):
    """A stretch of one partition, from the offset `begin` up to and without `end`."""

    topic: str
    partition: int
    begin: int
    end: int


def spans_of(
    settings: Settings, topic: str, partitions: Sequence[int], *, settled: bool, since_ms: int | None = None
) -> list[Span]:
    """Return what partitions of a topic hold now, from the first record at or after an instant where one is given.

    With `settled` it ends before the first open transaction, else behind whatever is written, so that a reader waits
    until all of that is committed or aborted.
    """
    admin = AdminClient({**client_config(settings), "log_level": 0})
    return place_spans(admin, [(topic, number) for number in partitions], settled=settled, since_ms=since_ms)


def place_spans(
    admin: AdminClient, places: Sequence[tuple[str, int]], *, settled: bool, since_ms: int | None = None
) -> list[Span]:
    """Return what partitions of any topics hold now, as `spans_of` does."""
    begin = OffsetSpec.earliest() if since_ms is None else OffsetSpec.for_timestamp(since_ms)
    begins = list_offsets(admin, dict.fromkeys(places, begin))
    level = IsolationLevel.READ_COMMITTED if settled else IsolationLevel.READ_UNCOMMITTED
    ends = list_offsets(admin, dict.fromkeys(places, OffsetSpec.latest()), level)
    # No record so late as the instant is told by a negative offset.
    return [
        Span(topic, number, begin if (begin := begins[topic, number]) >= 0 else end, end)
        for (topic, number), end in ends.items()
    ]


def read_spans(settings: Settings, spans: Sequence[Span]) -> Iterator[list[Message]]:
    """Yield the committed records of spans, each partition in its order; an empty list every moment that none comes.

    Raises:
        UnsettledTopicError: A transaction stays open before the end of a span.

    """
    left = {(span.topic, span.partition): span.end for span in spans if span.begin < span.end}
    consumer = Consumer(end_reader_config(settings))
    try:
        consumer.assign([TopicPartition(*span[:3]) for span in spans if (span.topic, span.partition) in left])
        silent_seconds = 0.0
        while left:
            asked = time.monotonic()
            records = _take(consumer, _arrived(consumer), left)
            silent_seconds = 0.0 if records else silent_seconds + time.monotonic() - asked
            if silent_seconds > _SETTLE_SECONDS_MAX:
                topic, _ = next(iter(left))
                raise UnsettledTopicError(
                    f"{topic} cannot be read to its end: a transaction on it stays open. Try again later"
                )
            yield records
    finally:
        consumer.close()


def _arrived(consumer: Consumer) -> list[Message]:
    """Return what has come, without waiting for more than the first."""
    first = consumer.poll(_POLL_SECONDS)
    return [] if first is None else [first, *consumer.consume(_POLL_RECORDS - 1, timeout=0)]


def _take(consumer: Consumer, messages: Sequence[Message], left: dict[tuple[str, int], int]) -> list[Message]:
    """Return the records that lie within their spans, and drop from `left` those that are at their ends."""
    records = []
    for message in messages:
        error, offset = message.error(), message.offset() or 0
        if error is not None and error.code() != KafkaError._PARTITION_EOF:  # noqa: SLF001 - librdkafka's local code
            raise KafkaException(error)
        at = (message.topic() or "", message.partition() or 0)
        end = left.get(at)
        if end is None:
            continue
        if error is None and offset < end:
            records.append(message)
        # The last offsets may be a transaction's marker, behind which comes another record, or the partition's end.
        if offset >= (end if error is not None else end - 1):
            del left[at]
            consumer.incremental_unassign([TopicPartition(*at)])
    return records
