import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
from confluent_kafka import Consumer, Message, Producer

from loyalty_stream.simulate import SimulatedRecord, SimulationOptions, make_simulation
from loyalty_stream.simulate.publish import Progress, PublishError, PublishOptions, publish


@pytest.fixture(scope="module")
def brokers() -> Iterator[str]:
    """Two brokers inside the client library: real wire protocol, no server."""
    host = Producer({"bootstrap.servers": "ignored", "test.mock.num.brokers": 2, "log_level": 0})
    found = host.list_topics(timeout=10).brokers.values()
    yield ",".join(f"{broker.host}:{broker.port}" for broker in found)
    del host


@pytest.fixture
def topic(brokers: str) -> str:
    name = f"raw.{uuid4().hex}"
    Producer({"bootstrap.servers": brokers}).list_topics(name, timeout=10)  # which creates it there
    return name


def made(topic: str, *, events: int, seed: int = 1) -> Iterator[tuple[str, SimulatedRecord]]:
    return ((topic, record) for record in make_simulation(SimulationOptions(events=events, seed=seed)).records())


def read(brokers: str, topic: str, count: int) -> list[Message]:
    consumer = Consumer({"bootstrap.servers": brokers, "group.id": topic, "auto.offset.reset": "earliest"})
    consumer.subscribe([topic])
    messages: list[Message] = []
    until = time.monotonic() + 30
    while len(messages) < count and time.monotonic() < until:
        messages += [message for message in consumer.consume(500, 0.5) if message.error() is None]
    consumer.close()
    return messages


def test_what_is_published_is_what_was_simulated(brokers: str, topic: str) -> None:
    options = SimulationOptions(events=300, customers=20, bad_bytes_share=0.1)
    seen: list[int] = []
    progress = publish(
        ((topic, record) for record in make_simulation(options).records()),
        PublishOptions(bootstrap_servers=brokers, topics=[topic]),
        on_progress=lambda now: seen.append(now.delivered),
    )
    assert (progress.sent, progress.delivered, seen[-1]) == (300, 300, 300)
    assert progress.per_second > 0
    found = {(m.key(), m.value() or b"", m.timestamp()[1]) for m in read(brokers, topic, 300)}
    assert found == {(r.key, r.value, r.timestamp_ms) for r in make_simulation(options).records()}


def test_each_record_goes_to_its_own_topic(brokers: str, topic: str) -> None:
    other = f"{topic}.other"
    Producer({"bootstrap.servers": brokers}).list_topics(other, timeout=10)
    pairs = [*made(topic, events=20), *made(other, events=30, seed=2)]
    assert publish(pairs, PublishOptions(bootstrap_servers=brokers, topics=[topic, other])).delivered == 50
    for name in (topic, other):
        assert {m.value() for m in read(brokers, name, 20)} == {r.value for place, r in pairs if place == name}


def test_a_rate_is_kept(brokers: str, topic: str) -> None:
    options = PublishOptions(bootstrap_servers=brokers, topics=[topic], rate=200)
    progress = publish(made(topic, events=100), options)
    assert 0.4 <= progress.elapsed_s < 5


def test_nothing_is_sent_while_production_is_held(brokers: str, topic: str) -> None:
    answers = iter([True, True, True])
    seen: list[tuple[bool, int]] = []

    def note(progress: Progress) -> None:
        seen.append((progress.is_held, progress.delivered))

    publish(
        made(topic, events=50),
        PublishOptions(bootstrap_servers=brokers, topics=[topic]),
        on_progress=note,
        hold=lambda: next(answers, False),
    )
    assert next(answers, None) is None
    assert seen[-1] == (False, 50)


def test_a_missing_topic_says_how_to_make_it(brokers: str) -> None:
    options = PublishOptions(bootstrap_servers=brokers, topics=["nowhere"])
    with pytest.raises(PublishError, match=r"could not write to topic nowhere on .*topics apply"):
        publish(made("raw", events=1), options)


def test_an_unreachable_broker_says_what_to_check() -> None:
    options = PublishOptions(bootstrap_servers="127.0.0.1:9", topics=["raw"], connect_timeout_s=0.5)
    with pytest.raises(PublishError, match="check bootstrap_servers"):
        publish(made("raw", events=1), options)


def test_a_lost_delivery_is_raised_with_its_cause(brokers: str, topic: str) -> None:
    config = {"message.max.bytes": 1_000}
    options = PublishOptions(bootstrap_servers=brokers, topics=[topic], client_config=config)
    with pytest.raises(PublishError, match=r"max\.message\.bytes"):
        publish(made(topic, events=100), options)


def test_a_rate_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="rate is 0: it must be above 0"):
        PublishOptions(bootstrap_servers="x", topics=["y"], rate=0)
