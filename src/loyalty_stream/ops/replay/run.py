"""Run a replay: from the range that is fixed at its start to the counts at its end."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from typing import Final

from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient
from faust.types import TP
from msgspec import Struct

from loyalty_stream.ops import topics
from loyalty_stream.ops.group import read_status
from loyalty_stream.ops.replay.errors import ReplayError
from loyalty_stream.ops.replay.plan import Plan, make_plan, plan_list, read_plan, write_plan
from loyalty_stream.ops.replay.shadow import plan_topic, shadow_of, shadow_topics
from loyalty_stream.ops.replay.workers import Workers, running
from loyalty_stream.ops.status import Status
from loyalty_stream.runtime.clients import client_config, reader_config
from loyalty_stream.runtime.list_offsets import end_offsets
from loyalty_stream.runtime.offsets import Committed, read_committed
from loyalty_stream.runtime.settings import Settings
from loyalty_stream.sources import DIALECTS

_LOOK_SECONDS: Final = 0.5
_TIMEOUT_SECONDS: Final = 30.0


class Replayed(Struct, frozen=True):
    """What came of a replay; `seconds` and `records` are those of this run, the status is the whole replay's."""

    plan: Plan
    status: Status
    records: int
    seconds: float


class Wanted(Struct, frozen=True):
    """What is asked for; without instants (milliseconds) all there is, up to now."""

    app_id: str
    from_ms: int | None = None
    to_ms: int | None = None
    workers: int = 1
    resume: bool = False


def replay(settings: Settings, wanted: Wanted, on_progress: Callable[[int, int], None] = lambda *_: None) -> Replayed:
    """Rebuild state and derived events in a shadow, and return what came of it.

    `on_progress` hears twice a second how many of the offsets are done, and of how many.

    Raises:
        ReplayError: It cannot begin or go on; the message says what to do.

    """
    started = time.monotonic()
    shadow = shadow_of(settings, wanted.app_id)
    admin = topics.connect(client_config(settings))
    plan = _resumed(admin, shadow) if wanted.resume else _begun(admin, settings, shadow, wanted)
    known = {name: len(topic.partitions) for name, topic in admin.list_topics(timeout=_TIMEOUT_SECONDS).topics.items()}
    topics.apply(admin, shadow_topics(settings, shadow, known))
    before = _done(plan, _go_to_starts(shadow, plan))
    with running(shadow, wanted.workers) as workers:
        _wait(admin, shadow, plan, workers, on_progress)
        workers.stop()
    return Replayed(plan, read_status(shadow), plan.records - before, time.monotonic() - started)


def _begun(admin: AdminClient, settings: Settings, shadow: Settings, wanted: Wanted) -> Plan:
    """Fix the range and keep it, where nothing has the app id yet."""
    known = admin.list_topics(timeout=_TIMEOUT_SECONDS).topics
    missing = [topic for topic in (settings.changelog_topic, *_raw_topics(shadow)) if topic not in known]
    if missing:
        raise ReplayError(
            f"there is no topic {' and no '.join(missing)} on {settings.bootstrap_servers}: are LOYALTY_APP_ID and "
            "LOYALTY_TOPIC_PREFIX production's?"
        )
    if plan_topic(shadow) in known and read_plan(shadow) is not None:
        raise ReplayError(
            f"there is a replay of the app id {shadow.app_id!r} already. Go on with it: --resume. Or delete it: "
            f"loyalty-stream replay clean --app-id {shadow.app_id}"
        )
    taken = [topic.name for topic in shadow_topics(settings, shadow, {}) if topic.name in known]
    if taken or any(at.offset is not None for at in read_committed(shadow, _raw_partitions(shadow)).values()):
        raise ReplayError(
            f"the app id {shadow.app_id!r} is in use and no replay's ({taken[0] if taken else 'it has committed'}): "
            "choose another one"
        )
    plan = make_plan(admin, settings, shadow, from_ms=wanted.from_ms, to_ms=wanted.to_ms)
    if not plan.records:
        raise ReplayError("there is no raw record in that range: nothing to replay")
    topics.apply(admin, [plan_list(shadow)])  # from here on all of it can be cleaned
    write_plan(shadow, plan)
    return plan


def _resumed(admin: AdminClient, shadow: Settings) -> Plan:
    known = admin.list_topics(timeout=_TIMEOUT_SECONDS).topics
    plan = read_plan(shadow) if plan_topic(shadow) in known else None
    if plan is None:
        raise ReplayError(f"no replay of the app id {shadow.app_id!r} has begun: leave out --resume")
    forgotten = any(at.offset is None for at in read_committed(shadow, plan.ends).values())
    if forgotten and shadow.changelog_topic in known:
        changelog = [TP(shadow.changelog_topic, number) for number in range(shadow.partitions)]
        if any(end_offsets(admin, changelog).values()):
            raise ReplayError(
                f"the broker has forgotten how far the replay {shadow.app_id!r} is, as it does a week after its end. "
                f"Delete it and begin anew: loyalty-stream replay clean --app-id {shadow.app_id}"
            )
    return plan


def _go_to_starts(shadow: Settings, plan: Plan) -> Mapping[TP, Committed]:
    """Let the group begin where the ranges do, where it has not begun; return how far it is."""
    committed = read_committed(shadow, [each.tp for each in plan.ranges])
    fresh = [each for each in plan.ranges if committed[each.tp].offset is None]
    if not fresh:
        return committed
    with closing(Consumer(reader_config(shadow))) as consumer:
        starts = [TopicPartition(each.topic, each.partition, each.start) for each in fresh]
        consumer.commit(offsets=starts, asynchronous=False)
    return read_committed(shadow, [each.tp for each in plan.ranges])


def _wait(
    admin: AdminClient, shadow: Settings, plan: Plan, workers: Workers, on_progress: Callable[[int, int], None]
) -> None:
    """Wait until every raw partition is at its end, and all that was re-keyed is taken up."""
    canonical = [TP(shadow.canonical_topic, number) for number in range(shadow.partitions)]
    while True:
        workers.check()
        committed = read_committed(shadow, [*plan.ends, *canonical])
        on_progress(_done(plan, committed), plan.records)
        if all((committed[tp].offset or 0) >= end for tp, end in plan.ends.items()):
            # The ends come last: what a record before them sends on was there when they were read.
            ends = end_offsets(admin, canonical)
            if all((committed[tp].offset or 0) >= end for tp, end in ends.items()):
                return
        time.sleep(_LOOK_SECONDS)


def _done(plan: Plan, committed: Mapping[TP, Committed]) -> int:
    return sum(max(0, (committed[each.tp].offset or 0) - each.start) for each in plan.ranges)


def _raw_topics(shadow: Settings) -> Sequence[str]:
    return [shadow.raw_topic(dialect) for dialect in DIALECTS]


def _raw_partitions(shadow: Settings) -> list[TP]:
    return [TP(topic, number) for topic in _raw_topics(shadow) for number in range(shadow.partitions)]
