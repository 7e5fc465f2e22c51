"""How far the consumer group is, and whether every record that it consumed is accounted for (DESIGN rule 1)."""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from confluent_kafka.admin import AdminClient, OffsetSpec
from confluent_kafka import IsolationLevel, TopicPartition
from faust.types import TP
from msgspec import Struct, field
from msgspec.structs import asdict

from loyalty_stream.ops.topics import connect
from loyalty_stream.pipeline.effects import Tally
from loyalty_stream.runtime.clients import client_config
from loyalty_stream.runtime.offsets import Committed, read_committed
from loyalty_stream.runtime.settings import Settings
from loyalty_stream.sources import DIALECTS

_TIMEOUT_SECONDS: Final = 15.0
_LOOKS: Final = 5
_LOOK_AGAIN_SECONDS: Final = 0.5


class UnknownGroupError(Exception):
    """Nothing is committed under this application id."""


class PartitionStatus(Struct, frozen=True):
    """One source partition; `committed` is None where nothing is committed yet."""

    topic: str
    partition: int
    committed: int | None
    begin: int
    end: int
    tally: Tally

    @property
    def lag(self) -> int:
        """How many offsets are still to be processed."""
        return max(0, self.end - (self.begin if self.committed is None else self.committed))


class TopicStatus(Struct):
    """One source topic: its partitions together."""

    topic: str
    partitions: int = 0
    lag: int = 0
    tally: Tally = field(default_factory=Tally)


class Status(Struct):
    """All source topics of a group: `canonical` holds what was forwarded to the partition of its own key."""

    group: str
    canonical: str
    partitions: Sequence[PartitionStatus]

    @property
    def topics(self) -> list[TopicStatus]:
        """Each topic's sums, in the order of the partitions."""
        topics: dict[str, TopicStatus] = {}
        for at in self.partitions:
            topic = topics.setdefault(at.topic, TopicStatus(at.topic))
            topic.partitions += 1
            topic.lag += at.lag
            topic.tally.add(at.tally)
        return list(topics.values())

    @property
    def lag(self) -> int:
        """How many offsets are still to be processed."""
        return sum(at.lag for at in self.partitions)

    @property
    def total(self) -> Tally:
        """How the raw records ended, wherever that was; `forwarded` counts those that wait on the canonical topic."""
        raw, moved = Tally(), Tally()
        for at in self.partitions:
            (moved if at.topic == self.canonical else raw).add(at.tally)
        return Tally(
            consumed=raw.consumed,
            applied=raw.applied + moved.applied,
            duplicate=raw.duplicate + moved.duplicate,
            ignored=raw.ignored + moved.ignored,
            dead_lettered=raw.dead_lettered + moved.dead_lettered,
            forwarded=raw.forwarded - moved.consumed,
        )

    @property
    def faults(self) -> list[str]:
        """What is not as it must be: where a tally does not add up, or counts what was never there."""
        faults = [
            f"{at.topic}-{at.partition}: consumed {at.tally.consumed} is not the sum {_ended(at.tally)} of its outcomes"
            for at in self.partitions
            if at.tally.consumed != _ended(at.tally)
        ]
        faults += [
            f"{at.topic}-{at.partition}: consumed {at.tally.consumed} of only {at.committed} committed offsets"
            for at in self.partitions
            if at.tally.consumed > (at.committed or 0)
        ]
        waiting = self.total.forwarded
        if waiting < 0:
            faults.append(f"{self.canonical}: {-waiting} more records came out than were forwarded to it")
        return faults

    def as_json(self) -> dict[str, Any]:
        """Return everything ready for JSON."""
        total = asdict(self.total)
        total["in_flight"] = total.pop("forwarded")
        return {
            "group": self.group,
            "holds": not self.faults,
            "faults": self.faults,
            "lag": self.lag,
            **total,
            "topics": [
                {"topic": each.topic, "partitions": each.partitions, "lag": each.lag, **asdict(each.tally)}
                for each in self.topics
            ],
        }


def identity(total: Tally) -> str:
    """Return the identity of DESIGN rule 1 in words and numbers."""
    text = (
        f"consumed {total.consumed} = applied {total.applied} + duplicates {total.duplicate} + "
        f"ignored {total.ignored} + dead-lettered {total.dead_lettered}"
    )
    return f"{text} + in flight {total.forwarded}" if total.forwarded else text


def _ended(tally: Tally) -> int:
    return tally.applied + tally.duplicate + tally.ignored + tally.dead_lettered + tally.forwarded


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
    begins = _offsets(admin, partitions, OffsetSpec.earliest())
    ends = _offsets(admin, partitions, OffsetSpec.latest())
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


def _offsets(admin: AdminClient, partitions: Iterable[TP], which: OffsetSpec) -> dict[TP, int]:
    request = {TopicPartition(tp.topic, tp.partition): which for tp in partitions}
    answers = admin.list_offsets(
        request, isolation_level=IsolationLevel.READ_UNCOMMITTED, request_timeout=_TIMEOUT_SECONDS
    )
    return {TP(at.topic, at.partition): answer.result().offset for at, answer in answers.items()}
