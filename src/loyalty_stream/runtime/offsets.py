"""Read what the consumer group has committed: where to go on, and the tally so far."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from faust.types import TP

from loyalty_stream.pipeline.effects import Tally
from loyalty_stream.runtime.clients import LIBRARY_LOG, reader_config
from loyalty_stream.runtime.patience import patiently
from loyalty_stream.runtime.settings import Settings
from loyalty_stream.runtime.versions import load_versions

_TIMEOUT_SECONDS: Final = 60.0
"""Longer than a killed worker's transaction holds offsets back: 30 seconds, which the broker checks every 10."""
_COORDINATOR_COMING: Final = frozenset(
    {
        KafkaError.NOT_COORDINATOR,
        KafkaError.COORDINATOR_NOT_AVAILABLE,
        KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
    }
)
"""What is said while the group's coordinator moves or loads, as right after a broker's start."""


class Committed(NamedTuple):
    """What one source partition has committed; `offset` None: nothing yet.

    `versions` are those of each kind of state that the last owner wrote, where they are not the first ones.
    """

    offset: int | None
    tally: Tally
    versions: Mapping[str, int] = MappingProxyType({})


def read_committed(settings: Settings, partitions: Iterable[TP]) -> dict[TP, Committed]:
    """Return what is committed for source partitions; blocks.

    Only stable offsets are read: librdkafka repeats the request while a transaction that commits one is still ending.
    Read it after the partitions' lanes are open, when no earlier owner can commit any more.
    """
    asked = [TopicPartition(tp.topic, tp.partition) for tp in partitions]
    if not asked:
        return {}
    consumer = Consumer(reader_config(settings), logger=LIBRARY_LOG)
    try:
        answers = patiently(
            lambda: consumer.committed(asked, _TIMEOUT_SECONDS),
            lambda error: error.code() in _COORDINATOR_COMING,
            _TIMEOUT_SECONDS,
        )
    finally:
        consumer.close()
    committed = {}
    for at in answers:
        if at.error is not None:
            raise KafkaException(at.error)
        offset = at.offset if at.offset >= 0 else None
        committed[TP(at.topic, at.partition)] = Committed(offset, Tally.load(at.metadata), load_versions(at.metadata))
    return committed


def group_metadata(settings: Settings) -> object:
    """Return the group as a transaction names it: by id only, since a lane is fenced by its transactional id."""
    consumer = Consumer(reader_config(settings), logger=LIBRARY_LOG)
    try:
        return consumer.consumer_group_metadata()
    finally:
        consumer.close()
