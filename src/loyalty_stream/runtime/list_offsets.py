"""Ask the brokers where partitions begin, end, or are at an instant."""

from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

from confluent_kafka import IsolationLevel, KafkaError, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec

from loyalty_stream.runtime.patience import patiently

Place = TypeVar("Place", bound=tuple[str, int])
"""A topic and the number of a partition."""

_ASK_SECONDS_MAX: Final = 15.0
_MOVING: Final = {
    KafkaError.UNKNOWN_TOPIC_OR_PART,
    KafkaError.LEADER_NOT_AVAILABLE,
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError.REPLICA_NOT_AVAILABLE,
    KafkaError.KAFKA_STORAGE_ERROR,
    KafkaError.FENCED_LEADER_EPOCH,
    KafkaError.UNKNOWN_LEADER_EPOCH,
    KafkaError.OFFSET_NOT_AVAILABLE,
}
"""What a broker says while a partition is new, or on its way to another broker; Kafka's own clients ask again too."""


def list_offsets(
    admin: AdminClient,
    wanted: Mapping[Place, OffsetSpec],
    level: IsolationLevel = IsolationLevel.READ_UNCOMMITTED,
    patience_seconds: float = 30.0,
) -> dict[Place, int]:
    """Return an offset for each partition, once the leaders of all of them answer.

    Negative where there is none such, as no record so late as an instant.

    Args:
        admin: Who asks.
        wanted: What of which partitions.
        level: With READ_COMMITTED the end is the first offset of an open transaction.
        patience_seconds: For how long a partition may be new or on its way to another broker.

    Raises:
        KafkaException: Not all leaders answer.

    """
    places = {TopicPartition(*place): place for place in wanted}
    if not places:
        return {}
    request = {at: wanted[place] for at, place in places.items()}

    def ask() -> dict[Place, int]:
        answers = admin.list_offsets(request, isolation_level=level, request_timeout=_ASK_SECONDS_MAX)
        return {places[at]: answer.result().offset for at, answer in answers.items()}

    return patiently(ask, lambda error: error.code() in _MOVING, patience_seconds)


def end_offsets(admin: AdminClient, partitions: Iterable[Place]) -> dict[Place, int]:
    """Return where partitions end, whatever is committed."""
    return list_offsets(admin, dict.fromkeys(partitions, OffsetSpec.latest()))
