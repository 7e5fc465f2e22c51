"""Read what the consumer group has committed: where to go on, and the tally so far."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from confluent_kafka import Consumer, KafkaException, TopicPartition
from faust.types import TP

from loyalty_stream.pipeline.effects import Tally
from loyalty_stream.runtime.clients import reader_config
from loyalty_stream.runtime.settings import Settings

_TIMEOUT_SECONDS: Final = 30.0


class Committed(NamedTuple):
    """What one source partition has committed; `offset` None: nothing yet."""

    offset: int | None
    tally: Tally


def read_committed(settings: Settings, partitions: Iterable[TP]) -> dict[TP, Committed]:
    """Return what is committed for source partitions; blocks.

    Only stable offsets are read: librdkafka repeats the request while a transaction that commits one is still ending.
    Read it after the partitions' lanes are open, when no earlier owner can commit any more.
    """
    consumer = Consumer(reader_config(settings))
    try:
        asked = [TopicPartition(tp.topic, tp.partition) for tp in partitions]
        answers = consumer.committed(asked, _TIMEOUT_SECONDS) if asked else []
    finally:
        consumer.close()
    committed = {}
    for at in answers:
        if at.error is not None:
            raise KafkaException(at.error)
        offset = at.offset if at.offset >= 0 else None
        committed[TP(at.topic, at.partition)] = Committed(offset, Tally.load(at.metadata))
    return committed


def group_metadata(settings: Settings) -> object:
    """Return the group as a transaction names it: by id only, since a lane is fenced by its transactional id."""
    consumer = Consumer(reader_config(settings))
    try:
        return consumer.consumer_group_metadata()
    finally:
        consumer.close()
