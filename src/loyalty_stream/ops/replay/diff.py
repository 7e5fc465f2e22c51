"""Compare a shadow with production: what both told of the replay's range, and what both keep."""

import time
from collections.abc import Collection
from typing import Final

from confluent_kafka.admin import AdminClient
from faust.types import TP
from msgspec import Struct

from loyalty_stream.domains import DOMAINS
from loyalty_stream.ops import topics
from loyalty_stream.ops.replay.errors import ReplayError
from loyalty_stream.ops.replay.events import DEAD_LETTERS, Covered, Sides, Topic, compare_events
from loyalty_stream.ops.replay.plan import Plan, read_plan
from loyalty_stream.ops.replay.report import Report
from loyalty_stream.ops.replay.rows import Tables, compare_rows
from loyalty_stream.ops.replay.shadow import plan_topic, shadow_of
from loyalty_stream.pipeline.route import partitioner
from loyalty_stream.runtime.clients import client_config
from loyalty_stream.runtime.list_offsets import end_offsets
from loyalty_stream.runtime.offsets import read_committed
from loyalty_stream.runtime.settings import Settings

_TIMEOUT_SECONDS: Final = 30.0
_SETTLE_SECONDS_MAX: Final = 10.0
_LOOK_SECONDS: Final = 0.5


class Asked(Struct, frozen=True):
    """What to compare: all, or some domains, or one key; and how to tell of it."""

    app_id: str
    domains: tuple[str, ...] = ()
    key: str | None = None
    differences_max: int = 20
    shows_keys: bool = False


def diff(settings: Settings, asked: Asked) -> Report:
    """Return how a shadow differs from production, which may go on meanwhile.

    Raises:
        ReplayError: The replay is not at its end, or something cannot be read.

    """
    shadow = shadow_of(settings, asked.app_id)
    admin = topics.connect(client_config(settings))
    plan = _finished_plan(admin, settings, shadow)
    report = Report(differences_max=asked.differences_max, shows_keys=asked.shows_keys or asked.key is not None)
    if not plan.whole:
        report.notes.append("the shadow knows nothing of the records before its range: much differs by nature")
    _settle(admin, settings, report)
    committed = {tp: at.offset or 0 for tp, at in read_committed(settings, plan.ends).items()}
    ends = {tp: min(end, committed[tp]) for tp, end in plan.ends.items()}
    home = partitioner(settings.partition_by, settings.partitions)
    covered = Covered({each.tp: each.start for each in plan.ranges}, ends, plan.whole, home)
    sides = Sides(settings, shadow)
    compare_events(sides, _topics(admin, sides, asked.domains), covered, report, asked.key)
    behind = sum(max(0, end - committed[tp]) for tp, end in plan.ends.items())
    if behind:
        report.notes.append(f"production is {behind} offsets before the replay's end: tables are not compared")
    else:
        _compare_tables(settings, shadow, plan, asked, report)
    return report


def _compare_tables(settings: Settings, shadow: Settings, plan: Plan, asked: Asked, report: Report) -> None:
    kinds = frozenset(asked.domains) or None
    ends = plan.changelog_ends if _went_on(settings, plan) else None
    compare_rows(Tables(settings, shadow, kinds, asked.key), ends, report)


def _went_on(settings: Settings, plan: Plan) -> bool:
    return any((at.offset or 0) > plan.ends[tp] for tp, at in read_committed(settings, plan.ends).items())


def _finished_plan(admin: AdminClient, settings: Settings, shadow: Settings) -> Plan:
    known = admin.list_topics(timeout=_TIMEOUT_SECONDS).topics
    plan = read_plan(shadow) if plan_topic(shadow) in known else None
    if plan is None:
        raise ReplayError(
            f"there is no replay of the app id {shadow.app_id!r}. Run: loyalty-stream replay --app-id {shadow.app_id}"
        )
    if plan.production != settings.app_id:
        raise ReplayError(f"it is a replay of {plan.production!r}, and LOYALTY_APP_ID is {settings.app_id!r}")
    committed = read_committed(shadow, plan.ends)
    left = sum(max(0, end - (committed[tp].offset or 0)) for tp, end in plan.ends.items())
    if left:
        raise ReplayError(
            f"the replay has {left} offsets to go. Go on with: loyalty-stream replay --app-id {shadow.app_id} --resume"
        )
    return plan


def _settle(admin: AdminClient, settings: Settings, report: Report) -> None:
    """Wait until production has taken up what was re-keyed so far."""
    canonical = [TP(settings.canonical_topic, number) for number in range(settings.partitions)]
    ends = end_offsets(admin, canonical)
    deadline = time.monotonic() + _SETTLE_SECONDS_MAX
    while True:
        committed = read_committed(settings, canonical)
        left = sum(max(0, end - (committed[tp].offset or 0)) for tp, end in ends.items())
        if not left:
            return
        if time.monotonic() > deadline:
            report.notes.append(f"production has {left} re-keyed events to take up, which may differ for that")
            return
        time.sleep(_LOOK_SECONDS)


def _topics(admin: AdminClient, sides: Sides, domains: Collection[str]) -> list[Topic]:
    known = admin.list_topics(timeout=_TIMEOUT_SECONDS).topics
    chosen = [domain.topic_name for domain in DOMAINS if not domains or domain.name in domains]
    names = [f"derived.{name}" for name in dict.fromkeys(chosen)] + ([] if domains else [DEAD_LETTERS])
    counted = []
    for name in names:
        both = [f"{side.topic_prefix}{name}" for side in sides]
        missing = [topic for topic in both if topic not in known]
        if missing:
            raise ReplayError(f"there is no topic {missing[0]}")
        live, shadow = (len(known[topic].partitions) for topic in both)
        counted.append(Topic(name, live, shadow))
    return counted
