"""Compare a broker's topics with the one list, and make them so."""

import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future

from confluent_kafka import KafkaException
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    ResourceType,
)

from loyalty_stream.errors import ExplainedError
from loyalty_stream.ops.topic_plan import (
    Difference,
    Found,
    Missing,
    Topic,
    TopicsError,
    WrongPartitions,
    WrongSetting,
    differences,
    explain,
)
from loyalty_stream.runtime.list_offsets import end_offsets

_TIMEOUT_SECONDS = 15.0
_CRITICAL_ONLY = 2
"""Log level of librdkafka: it would log each failed connection beside our one message."""


class BrokerUnreachableError(ExplainedError):
    """No broker answers at the configured address."""


def connect(client_settings: Mapping[str, str], timeout_seconds: float = _TIMEOUT_SECONDS) -> AdminClient:
    """Return an admin client once a broker has answered it.

    Args:
        client_settings: Settings of librdkafka, at least `bootstrap.servers`.
        timeout_seconds: How long a broker may take to answer.

    Raises:
        BrokerUnreachableError: None does.

    """
    admin = AdminClient({"log_level": _CRITICAL_ONLY, **client_settings})
    try:
        admin.list_topics(timeout=timeout_seconds)
    except KafkaException as failure:
        raise BrokerUnreachableError(
            f"no Kafka broker answers at {client_settings.get('bootstrap.servers')!r} within {timeout_seconds:g} s"
            f" ({failure.args[0].str()}). Is it running, and is that its address?"
            " Name another: LOYALTY_BOOTSTRAP_SERVERS=host:port loyalty-stream ..."
        ) from failure
    return admin


def plan(admin: AdminClient, wanted: Sequence[Topic]) -> list[Difference]:
    """Return how the broker's topics differ from the wanted ones; none means that all is well."""
    partitions = _partition_counts(admin)
    present = [topic.name for topic in wanted if topic.name in partitions]
    settings = _settings(admin, present)
    return differences(wanted, {name: Found(partitions[name], settings[name]) for name in present})


def apply(admin: AdminClient, wanted: Sequence[Topic]) -> list[Difference]:
    """Create what is missing, set what is set otherwise, and return what was changed.

    Raises:
        TopicsError: A number of partitions is wrong, which cannot be changed safely; nothing at all was changed then.
        KafkaException: The broker refuses.

    """
    found = plan(admin, wanted)
    unsafe = [difference for difference in found if isinstance(difference, WrongPartitions)]
    if unsafe:
        raise TopicsError(explain(unsafe))
    _create(admin, [difference.topic for difference in found if isinstance(difference, Missing)])
    _set(admin, [difference for difference in found if isinstance(difference, WrongSetting)])
    return found


def check(admin: AdminClient, wanted: Sequence[Topic]) -> None:
    """Refuse to go on where a topic is missing or has the wrong number of partitions, as a worker does at its start.

    Settings are left to `plan`: a worker runs whatever they are, and the embedded broker cannot tell them.

    Raises:
        TopicsError: One line for each topic that is wrong.

    """
    found = {name: Found(count) for name, count in _partition_counts(admin).items()}
    wrong = [difference for difference in differences(wanted, found) if not isinstance(difference, WrongSetting)]
    if wrong:
        raise TopicsError(explain(wrong))


def _partition_counts(admin: AdminClient) -> dict[str, int]:
    topics = admin.list_topics(timeout=_TIMEOUT_SECONDS).topics
    return {name: len(topic.partitions) for name, topic in topics.items() if topic.error is None}


def _settings(admin: AdminClient, names: Iterable[str]) -> dict[str, dict[str, str]]:
    resources = [ConfigResource(ResourceType.TOPIC, name) for name in names]
    if not resources:
        return {}
    answers = admin.describe_configs(resources, request_timeout=_TIMEOUT_SECONDS)
    return {
        resource.name: {name: entry.value for name, entry in answer.result().items()}
        for resource, answer in answers.items()
    }


def _create(admin: AdminClient, topics: Sequence[Topic]) -> None:
    new = [NewTopic(each.name, each.partitions, each.replication_factor, config=dict(each.settings)) for each in topics]
    if new:
        _wait(admin.create_topics(new, operation_timeout=_TIMEOUT_SECONDS).values())
        _wait_visible(admin, {topic.name for topic in topics})
        # A producer that is quicker than a leader may lose its first records (ADR 21).
        end_offsets(admin, [(topic.name, number) for topic in topics for number in range(topic.partitions)])


def _wait_visible(admin: AdminClient, names: set[str]) -> None:
    """Wait until brokers tell of new topics: the controller confirms them a moment earlier."""
    deadline = time.monotonic() + _TIMEOUT_SECONDS
    while time.monotonic() < deadline and not names <= _partition_counts(admin).keys():
        time.sleep(0.05)


def _set(admin: AdminClient, wrong: Iterable[WrongSetting]) -> None:
    by_topic: dict[str, list[ConfigEntry]] = {}
    for difference in wrong:
        entry = ConfigEntry(difference.setting, difference.wanted, incremental_operation=AlterConfigOpType.SET)
        by_topic.setdefault(difference.topic.name, []).append(entry)
    resources = [
        ConfigResource(ResourceType.TOPIC, name, incremental_configs=entries) for name, entries in by_topic.items()
    ]
    if resources:
        _wait(admin.incremental_alter_configs(resources, request_timeout=_TIMEOUT_SECONDS).values())


def _wait(answers: Iterable[Future[None]]) -> None:
    for answer in answers:
        answer.result()
