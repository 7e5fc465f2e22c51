"""Read the status of a consumer group from the broker: committed offsets with their tallies, and the topics' ends."""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from confluent_kafka.admin import AdminClient, OffsetSpec
from faust.types import TP

from loyalty_stream.errors import ExplainedError
from loyalty_stream.ops.status import PartitionStatus, Status
from loyalty_stream.ops.topics import connect
from loyalty_stream.runtime.clients import client_config
from loyalty_stream.runtime.list_offsets import end_offsets, list_offsets
from loyalty_stream.runtime.offsets import Committed, read_committed
from loyalty_stream.runtime.settings import Settings
from loyalty_stream.sources import DIALECTS

_TIMEOUT_SECONDS: Final = 15.0
_LOOKS: Final = 5
_LOOK_AGAIN_SECONDS: Final = 0.5


class UnknownGroupError(ExplainedError):
    """Nothing is committed under this application id."""


def read_status(settings: Settings) -> Status:
    """Return the status of the group `LOYALTY_APP_ID`.

    Where a tally does not add up it looks again: the markers of a transaction reach the topics one after another.

    Raises:
        UnknownGroupError: The group has committed nothing.
        BrokerUnreachableError: No broker answers.

    """
    admin = connect(client_config(settings))
    partitions = _partitions(admin, settings)
    for look in range(_LOOKS):
        status = _look(admin, settings, partitions)
        if not status.faults or look == _LOOKS - 1:
            break
        time.sleep(_LOOK_AGAIN_SECONDS)
    return status


def _look(admin: AdminClient, settings: Settings, partitions: Sequence[TP]) -> Status:
    committed = read_committed(settings, partitions)
    if all(at.offset is None for at in committed.values()):
        raise UnknownGroupError(
            f"the group {settings.app_id!r} has committed nothing on {settings.bootstrap_servers}. Has a worker run? "
            "Is LOYALTY_APP_ID the one that it has? (The embedded broker of the demo keeps no offsets.)"
        )
    begins = list_offsets(admin, dict.fromkeys(partitions, OffsetSpec.earliest()))
    ends = end_offsets(admin, partitions)
    return Status(settings.app_id, settings.canonical_topic, _statuses(partitions, committed, begins, ends))


def _statuses(
    partitions: Iterable[TP], committed: Mapping[TP, Committed], begins: Mapping[TP, int], ends: Mapping[TP, int]
) -> list[PartitionStatus]:
    return [
        PartitionStatus(tp.topic, tp.partition, committed[tp].offset, begins[tp], ends[tp], committed[tp].tally)
        for tp in partitions
    ]


def _partitions(admin: AdminClient, settings: Settings) -> list[TP]:
    known = admin.list_topics(timeout=_TIMEOUT_SECONDS).topics
    wanted = [*map(settings.raw_topic, DIALECTS), settings.canonical_topic]
    found = [TP(topic, number) for topic in wanted if topic in known for number in sorted(known[topic].partitions)]
    if not found:
        raise UnknownGroupError(
            f"none of {', '.join(wanted)} exists on {settings.bootstrap_servers}. Is LOYALTY_TOPIC_PREFIX right? "
            "Create them: loyalty-stream topics apply"
        )
    return found
