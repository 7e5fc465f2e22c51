"""Run every check, in the order in which one explains the next."""

from collections.abc import Callable, Iterator
from typing import Final

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from loyalty_stream.ops.doctor.cluster import SECONDS_MAX, check_brokers, check_clock, check_topics, check_workers
from loyalty_stream.ops.doctor.finding import Finding
from loyalty_stream.ops.doctor.machine import check_data_dir, check_port, check_versions
from loyalty_stream.ops.doctor.registry import check_registry
from loyalty_stream.ops.doctor.rights import (
    check_group_rights,
    check_history_rights,
    check_topic_rights,
    check_transactions,
)
from loyalty_stream.ops.doctor.store import check_redis
from loyalty_stream.ops.topics import BrokerUnreachableError, connect
from loyalty_stream.runtime.clients import client_config
from loyalty_stream.runtime.settings import Settings

ALONE: Final[tuple[Callable[[Settings], Iterator[Finding]], ...]] = (
    check_versions,
    check_data_dir,
    check_port,
    check_registry,
    check_redis,
)
"""What needs no broker."""
CLUSTER: Final[dict[str, Callable[[Settings, AdminClient], Iterator[Finding]]]] = {
    "brokers": check_brokers,
    "rights on topics": check_topic_rights,
    "rights on histories": check_history_rights,
    "rights on the group": check_group_rights,
    "transactions": check_transactions,
    "topics": check_topics,
    "workers": check_workers,
    "clock": check_clock,
}


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield what each check finds, as it is found."""
    for check in ALONE:
        yield from check(settings)
    try:
        admin = connect(client_config(settings), SECONDS_MAX)
    except BrokerUnreachableError as failure:
        fix = "start it, or set LOYALTY_BOOTSTRAP_SERVERS and LOYALTY_KAFKA_SECURITY_PROTOCOL to what it is"
        yield Finding.problem("brokers", str(failure).partition(". Is it")[0], fix)
        for name in list(CLUSTER)[1:]:
            yield Finding.skipped(name, "no broker answers")
        return
    for name, look in CLUSTER.items():
        try:
            yield from look(settings, admin)
        except KafkaException as failure:
            fix = "see the broker's log, and whether this user may ask that"
            yield Finding.problem(name, f"the broker says: {failure.args[0].str()}", fix)
