"""Look at a broker from outside, as any other service would."""

import time
import uuid
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias, cast

from confluent_kafka import (
    Consumer,
    ConsumerGroupTopicPartitions,
    IsolationLevel,
    KafkaError,
    KafkaException,
    Message,
    Producer,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient, NewTopic, OffsetSpec

from loyalty_stream.runtime.list_offsets import list_offsets

_TIMEOUT_SECONDS = 30.0

Offsets: TypeAlias = dict[tuple[str, int], int]
"""An offset for each (topic, partition)."""


class Record(NamedTuple):
    """One record to write or as read; the broker fills in what stands last."""

    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...] = ()
    partition: int = -1
    offset: int = -1
    timestamp_ms: int = 0


def unique(name: str) -> str:
    """Return a name that no other test uses."""
    return f"{name}-{uuid.uuid4().hex[:8]}"


def create_topics(bootstrap_servers: str, *names: str, partitions: int = 4, **config: str) -> None:
    """Create topics and wait until the broker knows them; config is given with `_` for `.`."""
    settings = {name.replace("_", "."): value for name, value in config.items()}
    topics = [NewTopic(name, partitions, 1, config=settings) for name in names]
    admin = admin_client(bootstrap_servers)  # must outlive its answers
    for done in admin.create_topics(topics).values():
        done.result(_TIMEOUT_SECONDS)
    if not wait_until(
        lambda: set(names) <= admin.list_topics(timeout=_TIMEOUT_SECONDS).topics.keys(), _TIMEOUT_SECONDS
    ):
        raise AssertionError(f"the broker created {names} and does not show them")


def admin_client(bootstrap_servers: str) -> AdminClient:
    """Return a client for the administration of a broker."""
    return AdminClient({"bootstrap.servers": bootstrap_servers})


def produce(bootstrap_servers: str, topic: str, records: Iterable[Record]) -> None:
    """Write records in order and wait until the broker has all of them; partition -1 leaves the choice to the key.

    The key chooses as it does for Kafka's own producer (murmur2).
    """
    producer = Producer(
        {
            "bootstrap.servers": bootstrap_servers,
            "partitioner": "murmur2_random",
            "enable.idempotence": True,  # what fails raises below: nothing is ever written twice or out of order
            "max.in.flight.requests.per.connection": 1,  # nor lost where the topic is new
            "linger.ms": 5,
            "message.max.bytes": 32 * 1024 * 1024,
            "queue.buffering.max.messages": 1_000_000,
        }
    )
    failures: list[KafkaError] = []

    def delivered(error: KafkaError | None, _message: Message) -> None:
        if error is not None:
            failures.append(error)

    for record in records:
        producer.produce(
            topic,
            key=record.key,
            value=record.value,
            headers=list(record.headers),
            partition=record.partition,
            timestamp=record.timestamp_ms,
            on_delivery=delivered,
        )
        producer.poll(0)
    left = producer.flush(_TIMEOUT_SECONDS)
    if left or failures:
        raise AssertionError(f"{left} records not written to {topic}, failures: {failures[:3]}")


def read_topic(bootstrap_servers: str, topic: str, *, settle_seconds_max: float = 15) -> list[Record]:
    """Return every committed record of a topic, ordered by partition and offset.

    Waits first until no transaction is open on it, since a commit returns before its markers are written. Whatever is
    still open after `settle_seconds_max` stays hidden, as it does from any read_committed reader.
    """
    admin = admin_client(bootstrap_servers)
    partitions = [(topic, number) for number in admin.list_topics(topic, _TIMEOUT_SECONDS).topics[topic].partitions]
    wait_until(lambda: _ends(admin, partitions, committed=True) == _ends(admin, partitions), settle_seconds_max)
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap_servers,
            "group.id": unique("reader"),
            "isolation.level": "read_committed",
            "enable.auto.commit": False,
            "enable.partition.eof": True,
            "auto.offset.reset": "earliest",
            "fetch.wait.max.ms": 10,
            "fetch.message.max.bytes": 32 * 1024 * 1024,
        }
    )
    try:
        consumer.assign([TopicPartition(name, number, 0) for name, number in partitions])
        return sorted(_read_to_end(consumer, len(partitions)), key=lambda record: (record.partition, record.offset))
    finally:
        consumer.close()


def lag(bootstrap_servers: str, group: str, *topics: str) -> Offsets:
    """Return how many offsets a consumer group is behind, by partition; nothing committed counts from 0.

    The markers of transactions take offsets too, so that a topic written in transactions may never read 0.
    """
    admin = admin_client(bootstrap_servers)
    known = admin.list_topics(timeout=_TIMEOUT_SECONDS).topics
    partitions = [(topic, number) for topic in topics for number in known[topic].partitions]
    request = ConsumerGroupTopicPartitions(group, [TopicPartition(*partition) for partition in partitions])
    [answer] = admin.list_consumer_group_offsets([request], require_stable=True).values()
    committed = {(at.topic, at.partition): max(at.offset, 0) for at in answer.result(_TIMEOUT_SECONDS).topic_partitions}
    return {partition: end - committed[partition] for partition, end in _ends(admin, partitions).items()}


def wait_until(holds: Callable[[], bool], seconds_max: float) -> bool:
    """Return True as soon as a condition holds, or False when it does not within the time."""
    deadline = time.monotonic() + seconds_max
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def _ends(admin: AdminClient, partitions: Iterable[tuple[str, int]], *, committed: bool = False) -> Offsets:
    level = IsolationLevel.READ_COMMITTED if committed else IsolationLevel.READ_UNCOMMITTED
    return list_offsets(admin, dict.fromkeys(partitions, OffsetSpec.latest()), level)


def _read_to_end(consumer: Consumer, partition_count: int) -> Iterable[Record]:
    ended: set[int | None] = set()
    while len(ended) < partition_count:
        messages = consumer.consume(10_000, timeout=0.1)
        for message in messages:
            error = message.error()
            if error is None:
                yield _record(message)
            elif error.code() == KafkaError._PARTITION_EOF:
                ended.add(message.partition())
            else:
                raise KafkaException(error)


def _record(message: Message) -> Record:
    headers = cast("list[tuple[str, bytes | None]]", message.headers() or [])
    partition, offset = message.partition(), message.offset()
    if partition is None or offset is None:
        raise AssertionError(f"a record without a place: {message.topic()}")
    _, timestamp_ms = message.timestamp()
    return Record(message.key(), message.value(), tuple(headers), partition, offset, timestamp_ms)
