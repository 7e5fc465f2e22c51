"""What a shadow replays, fixed when it begins and kept on a topic of its own."""

import msgspec
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, OffsetSpec
from faust.types import TP
from msgspec import Struct

from loyalty_stream.ops.replay.errors import ReplayError
from loyalty_stream.ops.replay.shadow import plan_topic
from loyalty_stream.ops.spans import read_spans, spans_of
from loyalty_stream.ops.topic_plan import Topic
from loyalty_stream.runtime.clients import client_config
from loyalty_stream.runtime.list_offsets import list_offsets
from loyalty_stream.runtime.settings import Settings
from loyalty_stream.sources import DIALECTS

_TIMEOUT_SECONDS = 30.0
_KEY = b"plan"


class Range(Struct, frozen=True):
    """What is replayed of one raw partition: from offset `start` up to and without `end`."""

    topic: str
    partition: int
    start: int
    end: int

    @property
    def tp(self) -> TP:
        """The partition."""
        return TP(self.topic, self.partition)


class Plan(Struct, frozen=True):
    """What a shadow replays.

    `changelog_ends` is where production's changelog ended before the ranges were fixed, by partition: a row that lies
    before it holds nothing from behind them.
    """

    app_id: str
    production: str
    ranges: tuple[Range, ...]
    changelog_ends: tuple[int, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing lies before what is replayed, so that the tables hold all that production's do."""
        return all(each.start == 0 for each in self.ranges)

    @property
    def records(self) -> int:
        """How many offsets are replayed."""
        return sum(each.end - each.start for each in self.ranges)

    @property
    def ends(self) -> dict[TP, int]:
        """Where each raw partition ends."""
        return {each.tp: each.end for each in self.ranges}


def plan_list(shadow: Settings) -> Topic:
    """Return the plan's own topic."""
    return Topic(plan_topic(shadow), 1, -1, {"cleanup.policy": "compact"})


def make_plan(
    admin: AdminClient, settings: Settings, shadow: Settings, *, from_ms: int | None, to_ms: int | None
) -> Plan:
    """Return what is to be replayed: of each raw partition all, or what lies between two instants of its records."""
    # Before the ends: what production has written by now comes from records that are there now.
    changelog = [TP(settings.changelog_topic, number) for number in range(settings.partitions)]
    changelog_ends = _offsets(admin, changelog, to_ms)
    raw = [TP(shadow.raw_topic(dialect), number) for dialect in DIALECTS for number in range(shadow.partitions)]
    ends = _offsets(admin, raw, to_ms)
    starts = _offsets(admin, raw, from_ms, latest=False)
    return Plan(
        shadow.app_id,
        settings.app_id,
        tuple(Range(tp.topic, tp.partition, min(starts[tp], ends[tp]), ends[tp]) for tp in raw),
        tuple(changelog_ends.values()),
    )


def _offsets(admin: AdminClient, partitions: list[TP], at_ms: int | None, *, latest: bool = True) -> dict[TP, int]:
    """Return the offset of the first record at or after an instant, by default the end or the beginning of each."""
    edge = OffsetSpec.latest() if latest else OffsetSpec.earliest()
    found = list_offsets(admin, dict.fromkeys(partitions, edge if at_ms is None else OffsetSpec.for_timestamp(at_ms)))
    none = [tp for tp, offset in found.items() if offset < 0]  # no record so late as the instant
    return {**found, **list_offsets(admin, dict.fromkeys(none, OffsetSpec.latest()))}


def write_plan(shadow: Settings, plan: Plan) -> None:
    """Keep a plan on its topic."""
    producer = Producer({**client_config(shadow), "acks": "all", "log_level": 0})
    producer.produce(plan_topic(shadow), msgspec.json.encode(plan), _KEY)
    if producer.flush(_TIMEOUT_SECONDS):
        raise ReplayError(f"the plan of the replay cannot be written to {plan_topic(shadow)}. Start it again")


def read_plan(shadow: Settings) -> Plan | None:
    """Return the plan that a shadow's topic keeps, or None where the replay was ended before it was written."""
    [*values] = [
        message.value() or b""
        for messages in read_spans(shadow, spans_of(shadow, plan_topic(shadow), [0], settled=True))
        for message in messages
    ]
    return msgspec.json.decode(values[-1], type=Plan) if values else None
