"""Compare what two sides have told: derived events by key, dead letters by raw record."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec
from confluent_kafka import Message
from faust.types import TP

from loyalty_stream.domains import DOMAINS
from loyalty_stream.ops.records import RecordReader, TailRecord
from loyalty_stream.ops.replay.compare import ORDER, Document, first_event_difference
from loyalty_stream.ops.replay.errors import ReplayError
from loyalty_stream.ops.replay.report import Report
from loyalty_stream.ops.replay.spill import LIVE, SHADOW, Spill, spill
from loyalty_stream.ops.spans import Span, read_spans, spans_of
from loyalty_stream.runtime.settings import Settings

DEAD_LETTERS: Final = "dead_letters"
_ENDLESS: Final = 1 << 62
_ANYWHERE: Final = -1  # where the partition of a key is not the same on both sides
_LED_TO: Final = frozenset(led_to for domain in DOMAINS for events in domain.leads_to.values() for led_to in events)
_ANSWERS: Final = frozenset(
    derived.__name__
    for domain in DOMAINS
    for event, caused in domain.causes.items()
    if event in _LED_TO
    for derived in caused
)
"""The types of the derived events that one key's event may cause for another key."""
Oldest = dict[tuple[str, int], dict[TP, int]]
"""By topic and partition of which production has deleted records: the oldest raw records that it still tells of."""


class Topic(NamedTuple):
    """A topic's name without its prefix, and how many partitions each side has of it."""

    name: str
    live: int
    shadow: int

    def place(self, partition: int) -> int:
        """Return what tells where both sides have a key: the partition, where both have as many."""
        alike = self.live == self.shadow and self.name != DEAD_LETTERS  # a record without a key lies anywhere
        return partition if alike else _ANYWHERE


class Covered(NamedTuple):
    """What both sides have processed: of each raw partition the offsets from `starts` up to and without `ends`.

    `home` is where a key lives, by vendor, org and entity id.
    """

    starts: Mapping[TP, int]
    ends: Mapping[TP, int]
    whole: bool
    home: Callable[[str, str, str], int]

    def may_be_rekeyed(self, event: Document) -> bool:
        """Tell whether what caused an event may have come by way of another partition.

        Its raw record lies on one, or it tells what was heard from another key, such as of a transfer's other leg.
        """
        if event["type"] in _ANSWERS:
            return True
        entity = event["key"].split(":", 2)[-1]
        return bool(self.home(event["vendor"], event["org_id"], entity) != event["cause"]["partition"])

    def holds(self, cause: Mapping[str, Any]) -> bool:
        """Tell whether an event's raw record is among them."""
        at = _place(cause)
        return self.starts.get(at, _ENDLESS) <= int(cause["offset"]) < self.ends.get(at, -1)


class Told(msgspec.Struct, frozen=True, array_like=True):
    """An event as it is spilled, and where it was told."""

    topic: str
    place: int
    event: dict[str, Any]


class Sides(NamedTuple):
    """Production and the shadow."""

    live: Settings
    shadow: Settings


def compare_events(
    sides: Sides, topics: Sequence[Topic], covered: Covered, report: Report, key: str | None = None
) -> None:
    """Compare what both have told of each key in each topic, or of one key, as far as both cover it."""
    by_name = {topic.name: topic for topic in topics}
    live = [span for topic in topics for span in _spans(sides.live, topic.name, topic.live)]
    shadow = [span for topic in topics for span in _spans(sides.shadow, topic.name, topic.shadow)]
    deleted = next((span for span in shadow if span.begin), None)
    if deleted is not None:
        raise ReplayError(f"{deleted.topic} has begun to be deleted: replay anew, and compare sooner")
    oldest: Oldest = {}
    for span in live:
        if span.begin:
            name = span.topic.removeprefix(sides.live.topic_prefix)
            oldest[name, by_name[name].place(span.partition)] = {}
    with spill() as spilled:
        for number, (settings, spans) in enumerate(((sides.live, live), (sides.shadow, shadow))):
            for told in _told(settings, spans, by_name, key):
                if covered.holds(told.event["cause"]):
                    _keep(spilled, number, told, oldest)
        for both in spilled.by_key():
            _compare_key(both, oldest, covered, report)


def _spans(settings: Settings, name: str, partitions: int) -> list[Span]:
    return spans_of(settings, f"{settings.topic_prefix}{name}", range(partitions), settled=True)


def _keep(spilled: Spill, side: int, told: Told, oldest: Oldest) -> None:
    spilled.add(side, f"{told.topic}|{told.event['key']}".encode(), msgspec.msgpack.encode(told))
    if side == LIVE and (told.topic, told.place) in oldest:
        of_place = oldest[told.topic, told.place]
        at, offset = _place(told.event["cause"]), told.event["cause"]["offset"]
        of_place[at] = min(of_place.get(at, _ENDLESS), offset)


def _compare_key(both: tuple[list[bytes], list[bytes]], oldest: Oldest, covered: Covered, report: Report) -> None:
    told = [[msgspec.msgpack.decode(value, type=Told) for value in values] for values in both]
    live, shadow = ([each.event for each in side if _is_kept(each, oldest)] for side in told)
    report.events_not_covered += len(told[SHADOW]) - len(shadow)
    if not live and not shadow:
        return
    report.keys += 1
    report.events += max(len(live), len(shadow))
    if not covered.whole:  # a shadow without the history before counts from 1
        _count_anew(live)
        _count_anew(shadow)
    found = first_event_difference(live, shadow)
    if found is None:
        return
    topic, key = (told[LIVE] or told[SHADOW])[0].topic, (live or shadow)[0]["key"]
    if found.path[-1] == ORDER and any(covered.may_be_rekeyed(event) for event in live):
        report.reordered.add((topic, key))
    else:
        report.add(topic, key, found)


def _is_kept(told: Told, oldest: Oldest) -> bool:
    """Tell whether production's topic still holds all that this event's raw record caused."""
    of_place = oldest.get((told.topic, told.place))
    cause = told.event["cause"]
    return of_place is None or int(cause["offset"]) > of_place.get(_place(cause), _ENDLESS)


def _count_anew(events: list[Any]) -> None:
    before = events[0]["seq"] - 1 if events and "seq" in events[0] else 0
    for event in events:
        if "seq" in event:
            event["seq"] -= before


def _told(settings: Settings, spans: Sequence[Span], topics: Mapping[str, Topic], key: str | None) -> Iterator[Told]:
    reader = RecordReader(settings)
    wanted = None if key is None else key.encode()
    for messages in read_spans(settings, spans):
        for message in messages:
            if wanted is None or message.key() == wanted:
                name = (message.topic() or "").removeprefix(settings.topic_prefix)
                yield Told(name, topics[name].place(message.partition() or 0), _event(reader, message))


def _event(reader: RecordReader, message: Message) -> dict[str, Any]:
    record = reader.read(message)
    if record.kind == "derived":
        event: dict[str, Any] = record.value
        return event
    if record.kind == "dead_letter":
        return _dead_letter(record)
    problem = record.value.get("problem", record.kind) if isinstance(record.value, dict) else record.kind
    raise ReplayError(f"{record.topic} {record.partition}:{record.offset} cannot be read: {problem}")


def _dead_letter(record: TailRecord) -> dict[str, Any]:
    source = record.value["source"]
    cause = {"topic": source["topic"], "partition": int(source["partition"]), "offset": int(source["offset"])}
    place = f"{cause['topic']} {cause['partition']}:{cause['offset']}"
    told = {"reason": record.value["reason"], "detail": record.value["detail"]}
    return {"id": place, "type": "dead letter", "key": place, "cause": cause, **told}


def _place(cause: Document) -> TP:
    return TP(cause["topic"], cause["partition"])
