"""Nothing is lost on topics that are so new that their leaders are not ready, where the broker says that it has all."""

from typing import Final

import pytest
from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic, OffsetSpec

from loyalty_stream.ops.topic_plan import Topic
from loyalty_stream.ops.topics import apply, connect
from loyalty_stream.pipeline.effects import Message
from loyalty_stream.runtime.clients import producer_config
from loyalty_stream.runtime.committer import KafkaCommitter
from loyalty_stream.runtime.lanes import Group, Rows
from loyalty_stream.runtime.list_offsets import end_offsets
from loyalty_stream.runtime.settings import Settings
from loyalty_stream.simulate import SimulationOptions, make_simulation
from loyalty_stream.simulate.publish import PublishOptions, publish
from tests.kafka.client import admin_client, read_topic, unique

TOPICS: Final = 24
"""So many, and each with so many partitions, keep a broker busy for about a second."""
PARTITIONS: Final = 12


@pytest.fixture
def admin(broker: str) -> AdminClient:
    return admin_client(broker)


def just_created(admin: AdminClient) -> list[str]:
    """Create topics and return their names at once when the broker tells of them."""
    names = [unique("new") for _ in range(TOPICS)]
    admin.create_topics([NewTopic(name, PARTITIONS, 1) for name in names])
    while not set(names) <= admin.list_topics(timeout=10).topics.keys():
        pass
    return names


@pytest.mark.long
def test_what_is_published_to_a_new_topic_is_all_there(broker: str, admin: AdminClient) -> None:
    simulated = SimulationOptions(events=3_000, customers=500)
    for _ in range(10):
        topics = just_created(admin)[::8]
        records = ((topics[number % 3], record) for number, record in enumerate(make_simulation(simulated).records()))
        publish(records, PublishOptions(bootstrap_servers=broker, topics=topics, linger_ms=2))
        places = [(topic, number) for topic in topics for number in range(PARTITIONS)]
        assert sum(end_offsets(admin, places).values()) == simulated.events


@pytest.mark.long
def test_a_transaction_on_new_topics_is_committed_whole(broker: str, admin: AdminClient) -> None:
    """Batches are small here, so that several of them are on their way to a partition."""
    config = producer_config(Settings(bootstrap_servers=broker), unique("lane")) | {"batch.size": 40_000}
    metadata = Consumer({"bootstrap.servers": broker, "group.id": unique("group")}).consumer_group_metadata()
    for _ in range(15):
        *_, output, changelog = just_created(admin)
        group = Group()
        group.messages = [Message(output, b"%d" % number, bytes(20_000), None, None) for number in range(1_000)]
        group.rows = {b"%d" % number: bytes(10_000) for number in range(100)}
        committer = KafkaCommitter(config, 3, changelog, _Store(), metadata)
        committer.commit(group)
        committer.close()
        assert {record.key for record in read_topic(broker, output)} == {key for _, key, *_ in group.messages}
        assert {record.key for record in read_topic(broker, changelog)} == group.rows.keys()


class _Store:
    """No store: what counts is on the broker."""

    def write(self, partition: int, rows: Rows, offset: int) -> None: ...


def test_applied_topics_can_be_written_to_at_once(broker: str) -> None:
    admin = connect({"bootstrap.servers": broker})
    names = [unique("applied") for _ in range(TOPICS)]
    apply(admin, [Topic(name, PARTITIONS, -1, {}) for name in names])
    places = [TopicPartition(name, number) for name in names for number in range(PARTITIONS)]
    for answer in admin.list_offsets(dict.fromkeys(places, OffsetSpec.latest())).values():
        assert answer.result(10).offset == 0
