"""How far a consumer group is, and whether every record that it consumed is accounted for (DESIGN rule 1). Pure."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct, field
from msgspec.structs import asdict

from loyalty_stream.pipeline.effects import Tally


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
        """How the raw records ended, wherever that was; `forwarded` counts those under way or waiting for a merge."""
        raw, moved = Tally(), Tally()
        for at in self.partitions:
            (moved if at.topic == self.canonical else raw).add(at.tally)
        return Tally(
            consumed=raw.consumed,
            applied=raw.applied + moved.applied,
            duplicate=raw.duplicate + moved.duplicate,
            ignored=raw.ignored + moved.ignored,
            dead_lettered=raw.dead_lettered + moved.dead_lettered,
            forwarded=raw.forwarded + moved.forwarded - moved.consumed,
        )

    @property
    def partition_faults(self) -> list[str]:
        """Where a partition's tally does not add up, or counts what was never there."""
        faults = [
            f"{at.topic}-{at.partition}: consumed {at.tally.consumed} is not the sum {_ended(at.tally)} of its outcomes"
            for at in self.partitions
            if at.tally.consumed != _ended(at.tally)
        ]
        faults += [
            f"{at.topic}-{at.partition}: consumed {at.tally.consumed} of only {at.committed} committed offsets"
            for at in self.partitions
            # What waited for a merge is counted on the canonical topic when it is taken up, with no offset of its own.
            if at.topic != self.canonical and at.tally.consumed > (at.committed or 0)
        ]
        return faults

    @property
    def faults(self) -> list[str]:
        """What is not as it must be, in a partition or among all of them."""
        faults = self.partition_faults
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
