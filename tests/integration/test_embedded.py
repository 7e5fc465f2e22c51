import subprocess
import sys
from collections.abc import Iterator

import pytest
from confluent_kafka import OFFSET_INVALID, Consumer, Producer, TopicPartition

from loyalty_stream.ops.embedded import EmbeddedBroker, EmbeddedBrokerError
from tests.kafka.client import Record, admin_client, produce, read_topic, unique


@pytest.fixture
def embedded() -> Iterator[EmbeddedBroker]:
    with EmbeddedBroker({"events": 3, "paid": 1}) as broker:
        yield broker


def transactional_producer(embedded: EmbeddedBroker) -> Producer:
    producer = Producer({"bootstrap.servers": embedded.bootstrap_servers, "transactional.id": "worker-0"})
    producer.init_transactions(10)
    producer.begin_transaction()
    return producer


def test_topics_have_the_partitions_that_were_asked_for(embedded: EmbeddedBroker) -> None:
    embedded.create_topic("later", 7)
    topics = admin_client(embedded.bootstrap_servers).list_topics(timeout=10).topics
    assert {name: len(topic.partitions) for name, topic in topics.items()} == {"events": 3, "paid": 1, "later": 7}


def test_records_come_back_with_key_value_and_headers(embedded: EmbeddedBroker) -> None:
    written = [Record(b"key", b"value", (("kind", b"points"),), partition=1), Record(None, None, partition=1)]
    produce(embedded.bootstrap_servers, "events", written)
    read = read_topic(embedded.bootstrap_servers, "events")
    assert [record._replace(offset=-1, timestamp_ms=0) for record in read] == written


def test_a_committed_transaction_is_read(embedded: EmbeddedBroker) -> None:
    producer = transactional_producer(embedded)
    producer.produce("paid", b"10")
    producer.commit_transaction(10)
    assert [record.value for record in read_topic(embedded.bootstrap_servers, "paid")] == [b"10"]


def test_an_open_transaction_is_read_too_unlike_on_a_real_broker(embedded: EmbeddedBroker) -> None:
    producer = transactional_producer(embedded)
    producer.produce("paid", b"10")
    producer.flush(10)
    assert [record.value for record in read_topic(embedded.bootstrap_servers, "paid")] == [b"10"]
    producer.abort_transaction(10)


def test_offsets_of_a_plain_commit_are_kept(embedded: EmbeddedBroker) -> None:
    consumer = Consumer({"bootstrap.servers": embedded.bootstrap_servers, "group.id": unique("group")})
    consumer.commit(offsets=[TopicPartition("events", 2, 41, "a note")], asynchronous=False)
    [committed] = consumer.committed([TopicPartition("events", 2)], timeout=10)
    consumer.close()
    assert (committed.offset, committed.metadata) == (41, "a note")


def test_offsets_of_a_transaction_are_forgotten_unlike_on_a_real_broker(embedded: EmbeddedBroker) -> None:
    consumer = Consumer({"bootstrap.servers": embedded.bootstrap_servers, "group.id": unique("group")})
    producer = transactional_producer(embedded)
    offsets = [TopicPartition("events", 2, 41)]
    producer.send_offsets_to_transaction(offsets, consumer.consumer_group_metadata(), 10)
    producer.commit_transaction(10)
    [committed] = consumer.committed([TopicPartition("events", 2)], timeout=10)
    consumer.close()
    assert committed.offset == OFFSET_INVALID


def test_a_topic_cannot_be_created_twice(embedded: EmbeddedBroker) -> None:
    with pytest.raises(EmbeddedBrokerError, match="cannot create 'events' with 3 partitions"):
        embedded.create_topic("events", 3)


def test_a_stopped_broker_says_so() -> None:
    broker = EmbeddedBroker().start()
    broker.stop()
    broker.stop()
    with pytest.raises(EmbeddedBrokerError, match=r"start\(\) it first"):
        broker.create_topic("events", 1)


@pytest.mark.usefixtures("embedded")
def test_two_brokers_do_not_share_topics() -> None:
    with EmbeddedBroker({"other": 1}) as second:
        assert set(admin_client(second.bootstrap_servers).list_topics(timeout=10).topics) == {"other"}


def test_it_runs_as_a_process_of_its_own_until_it_is_ended() -> None:
    command = [sys.executable, "-m", "loyalty_stream.ops.embedded", "events=2"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        bootstrap_servers = process.stdout.readline().strip()
        topics = admin_client(bootstrap_servers).list_topics(timeout=10).topics
        process.terminate()
        assert process.wait(10) == 0
    assert len(topics["events"].partitions) == 2
