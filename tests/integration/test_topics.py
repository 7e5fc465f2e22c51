import pytest
from confluent_kafka.admin import AdminClient

from loyalty_stream.ops.embedded import EmbeddedBroker
from loyalty_stream.ops.topic_plan import Missing, Topic, TopicsError, WrongPartitions, WrongSetting, load_topics
from loyalty_stream.ops.topics import BrokerUnreachableError, apply, check, connect, plan
from tests.kafka.client import create_topics, unique, wait_until
from tests.kafka.settings import free_ports


@pytest.fixture
def admin(broker: str) -> AdminClient:
    return connect({"bootstrap.servers": broker})


@pytest.fixture
def wanted() -> list[Topic]:
    return load_topics(f"{unique('prefix')}.", unique("app"), partitions=2)


def settled(admin: AdminClient, wanted: list[Topic]) -> bool:
    """Whether the broker comes to tell what it was told: its metadata follow a moment later."""
    return wait_until(lambda: plan(admin, wanted) == [], 10)


def test_on_an_empty_broker_every_topic_is_missing(admin: AdminClient, wanted: list[Topic]) -> None:
    assert plan(admin, wanted) == [Missing(topic) for topic in wanted]


def test_applied_topics_differ_in_nothing(admin: AdminClient, wanted: list[Topic]) -> None:
    assert len(apply(admin, wanted)) == len(wanted)
    assert settled(admin, wanted)
    assert apply(admin, wanted) == []
    check(admin, wanted)


def test_a_setting_that_was_changed_is_set_back_and_others_are_left(
    admin: AdminClient, broker: str, wanted: list[Topic]
) -> None:
    raw = wanted[0]
    create_topics(broker, raw.name, partitions=2, retention_ms="1000", segment_ms="60000")
    own = Topic(raw.name, 2, -1, {"segment.ms": "60000"})

    changed = apply(admin, wanted)

    assert WrongSetting(raw, "retention.ms", raw.settings["retention.ms"], "1000") in changed
    assert settled(admin, wanted)
    assert plan(admin, [own]) == []


def test_wrong_partitions_change_nothing_at_all(admin: AdminClient, broker: str, wanted: list[Topic]) -> None:
    create_topics(broker, wanted[0].name, partitions=3)
    with pytest.raises(TopicsError, match="has 3 partitions where 2 are needed"):
        apply(admin, wanted)
    found = plan(admin, wanted)
    assert WrongPartitions(wanted[0], 3) in found
    assert [Missing(topic) for topic in wanted[1:]] == [each for each in found if isinstance(each, Missing)]


def test_a_worker_is_told_each_topic_that_stops_it(admin: AdminClient, wanted: list[Topic]) -> None:
    with pytest.raises(TopicsError) as refusal:
        check(admin, wanted)
    assert str(refusal.value).splitlines() == [str(Missing(topic)) for topic in wanted]


def test_the_embedded_broker_passes_the_check_of_a_worker(wanted: list[Topic]) -> None:
    with EmbeddedBroker({topic.name: topic.partitions for topic in wanted}) as embedded:
        check(connect({"bootstrap.servers": embedded.bootstrap_servers}), wanted)


def test_an_address_where_nothing_listens_is_named_with_what_to_do() -> None:
    [port] = free_ports(1)
    with pytest.raises(BrokerUnreachableError, match=rf"127\.0\.0\.1:{port}.*LOYALTY_BOOTSTRAP_SERVERS="):
        connect({"bootstrap.servers": f"127.0.0.1:{port}"}, timeout_seconds=1)
