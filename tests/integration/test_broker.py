import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from tests.kafka.client import Record, admin_client, create_topics, lag, produce, read_topic, unique


def transactional_producer(broker: str) -> Producer:
    producer = Producer({"bootstrap.servers": broker, "transactional.id": unique("tx")})
    producer.init_transactions(30)
    producer.begin_transaction()
    return producer


@pytest.fixture
def topic(broker: str) -> str:
    name = unique("topic")
    create_topics(broker, name, partitions=2, retention_ms="-1")
    return name


def test_the_broker_answers(broker: str) -> None:
    assert admin_client(broker).list_topics(timeout=10).brokers


def test_topics_are_never_made_by_accident(broker: str) -> None:
    name = unique("typo")
    assert admin_client(broker).list_topics(name, timeout=10).topics[name].error is not None


def test_a_record_comes_back_as_it_was_written(broker: str, topic: str) -> None:
    written = Record(b"key", b"value", (("a", b"1"), ("b", None)), partition=1, timestamp_ms=1_700_000_000_000)
    produce(broker, topic, [written, written._replace(key=None, value=None)])

    first, second = read_topic(broker, topic)

    assert first == written._replace(offset=0)
    assert (second.key, second.value, second.offset) == (None, None, 1)


def test_a_key_goes_to_the_partition_that_kafka_itself_would_choose(broker: str, topic: str) -> None:
    produce(broker, topic, [Record(b"21", b""), Record(b"foobar", b"")])
    # murmur2, from Kafka's own UtilsTest: "21" -> -973932308, "foobar" -> -790332482; made positive, modulo 2
    assert {record.key: record.partition for record in read_topic(broker, topic)} == {b"21": 0, b"foobar": 0}


def test_a_large_record_passes(broker: str) -> None:
    name = unique("large")
    create_topics(broker, name, partitions=1, max_message_bytes=str(20 * 1024 * 1024))
    produce(broker, name, [Record(b"key", b"x" * (17 * 1024 * 1024))])
    assert [len(record.value or b"") for record in read_topic(broker, name)] == [17 * 1024 * 1024]


def test_a_transaction_is_hidden_until_it_commits(broker: str, topic: str) -> None:
    producer = transactional_producer(broker)
    producer.produce(topic, b"paid", partition=0)
    producer.flush(10)

    before = read_topic(broker, topic, settle_seconds_max=0)
    producer.commit_transaction(30)

    assert before == []
    assert [record.value for record in read_topic(broker, topic)] == [b"paid"]


def test_an_aborted_transaction_is_never_read(broker: str, topic: str) -> None:
    producer = transactional_producer(broker)
    producer.produce(topic, b"not paid", partition=0)
    producer.flush(10)
    producer.abort_transaction(30)
    produce(broker, topic, [Record(None, b"paid", partition=0)])

    assert [record.value for record in read_topic(broker, topic)] == [b"paid"]


def test_lag_counts_from_what_the_group_has_committed(broker: str, topic: str) -> None:
    group = unique("group")
    produce(broker, topic, [Record(None, b"", partition=0)] * 3)
    consumer = Consumer({"bootstrap.servers": broker, "group.id": group, "enable.auto.commit": False})
    consumer.commit(offsets=[TopicPartition(topic, 0, 1)], asynchronous=False)
    consumer.close()

    assert lag(broker, group, topic) == {(topic, 0): 2, (topic, 1): 0}


def test_offsets_of_a_transaction_come_back_with_their_note(broker: str, topic: str) -> None:
    consumer = Consumer({"bootstrap.servers": broker, "group.id": unique("group")})
    producer = transactional_producer(broker)
    note = "x" * 4095  # as long as a broker takes by default (offset.metadata.max.bytes, one byte is the client's)
    producer.send_offsets_to_transaction([TopicPartition(topic, 0, 1, note)], consumer.consumer_group_metadata(), 30)
    producer.commit_transaction(30)

    [committed] = consumer.committed([TopicPartition(topic, 0)], timeout=10)
    consumer.close()

    assert (committed.offset, committed.metadata) == (1, note)
