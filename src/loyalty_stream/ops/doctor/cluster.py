"""Look at the Kafka cluster: that it answers, its topics, its workers, and the age of its records."""

import time
from collections.abc import Iterator
from typing import Final

from confluent_kafka import ConsumerGroupState, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, ConsumerGroupDescription, OffsetSpec

from loyalty_stream.ops import topic_plan, topics
from loyalty_stream.ops.doctor.finding import Finding
from loyalty_stream.runtime.patience import patiently
from loyalty_stream.runtime.settings import Settings
from loyalty_stream.sources import DIALECTS

SECONDS_MAX: Final = 10.0
COORDINATOR_SECONDS_MAX: Final = 30.0
"""The first group or transaction of a fresh cluster waits until an internal topic is there."""
_ASK_AGAIN_SECONDS: Final = 3.0
_AHEAD_SECONDS_MAX: Final = 60.0


def describe_group(settings: Settings, admin: AdminClient) -> ConsumerGroupDescription:
    """Return the group of the workers, with what this user may do with it.

    Where a fresh cluster has no coordinator yet, or is loading it, librdkafka does not ask again by itself.
    """

    def ask() -> ConsumerGroupDescription:
        [answer] = admin.describe_consumer_groups(
            [settings.app_id], include_authorized_operations=True, request_timeout=_ASK_AGAIN_SECONDS
        ).values()
        group: ConsumerGroupDescription = answer.result()
        return group

    return patiently(ask, lambda error: error.code() != KafkaError.GROUP_AUTHORIZATION_FAILED, COORDINATOR_SECONDS_MAX)


def check_brokers(settings: Settings, admin: AdminClient) -> Iterator[Finding]:
    """Say which cluster answers."""
    cluster = admin.describe_cluster(request_timeout=SECONDS_MAX).result()
    brokers = len(cluster.nodes)
    yield Finding.ok(
        "brokers",
        f"{brokers} answer{'s' * (brokers == 1)} at {settings.bootstrap_servers}, cluster {cluster.cluster_id}",
    )


def check_topics(settings: Settings, admin: AdminClient) -> Iterator[Finding]:
    """Compare the topics with the one list."""
    wanted = topic_plan.load_topics(
        settings.topic_prefix, settings.app_id, settings.partitions, settings.raw_topic_prefix
    )
    found = topics.plan(admin, wanted)
    for difference in found:
        what, _, fix = str(difference).partition(". ")
        wrong_setting = isinstance(difference, topic_plan.WrongSetting)
        yield (Finding.warning if wrong_setting else Finding.problem)("topics", what, fix)
    if not found:
        yield Finding.ok("topics", f"all {len(wanted)} are as deploy/kafka/topics.yaml says")


def check_workers(settings: Settings, admin: AdminClient) -> Iterator[Finding]:
    """Say how many workers the group has, and whether they agree on who does what."""
    group = describe_group(settings, admin)
    members = len(group.members)
    if not members:
        yield Finding.ok("workers", f"none runs as {settings.app_id!r} now")
    elif group.state is ConsumerGroupState.STABLE:
        yield Finding.ok("workers", f"{members} run as {settings.app_id!r}")
    else:
        yield Finding.warning(
            "workers",
            f"{members} run as {settings.app_id!r}, and the group is {group.state.name.lower()}",
            "look again in a minute; a group that never settles has a worker that comes and goes: see its log",
        )


def check_clock(settings: Settings, admin: AdminClient) -> Iterator[Finding]:
    """Compare this machine's clock with the newest raw records, which cannot be of the future."""
    places = [
        TopicPartition(settings.raw_topic(dialect), number)
        for dialect in DIALECTS
        for number in range(settings.partitions)
    ]
    newest_ms = -1
    for answer in admin.list_offsets(
        dict.fromkeys(places, OffsetSpec.max_timestamp()), request_timeout=SECONDS_MAX
    ).values():
        try:
            newest_ms = max(newest_ms, answer.result().timestamp)
        except KafkaException:
            continue  # a topic that is missing is told of by its own check
    if newest_ms < 0:
        yield Finding.skipped("clock", "no raw record to compare with")
        return
    ahead_seconds = newest_ms / 1000 - time.time()
    if ahead_seconds > _AHEAD_SECONDS_MAX:
        yield Finding.warning(
            "clock",
            f"the newest raw record is {ahead_seconds:.0f} s in the future",
            "set the clock of this machine or of the record's producer by NTP; due dates are told by records' times",
        )
    else:
        yield Finding.ok("clock", f"the newest raw record is {max(0.0, -ahead_seconds):.0f} s old")
