"""The pipeline in one place: what a batch of raw or re-keyed records causes."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from msgspec.structs import replace

from loyalty_stream.model.events import CanonicalEvent, RawRecord
from loyalty_stream.model.keys import entity_id_of
from loyalty_stream.model.outcome import Applied, Duplicate, Ignored, Rejected
from loyalty_stream.pipeline.canonical import CanonicalRecord, copy_of, to_event, to_record
from loyalty_stream.pipeline.config import PipelineConfig
from loyalty_stream.pipeline.counting import count_derived, note_ratio
from loyalty_stream.pipeline.decode import decode
from loyalty_stream.pipeline.due import DueDates
from loyalty_stream.pipeline.effects import Effects, EventCount
from loyalty_stream.pipeline.emit import APP_ID_HEADER, DeadRecord, Emitter
from loyalty_stream.pipeline.framing import reader
from loyalty_stream.pipeline.internal import WaitingEvent
from loyalty_stream.pipeline.limit import DeadLetterLimit
from loyalty_stream.pipeline.reduce import reducer
from loyalty_stream.pipeline.reduced import Onward, Reduced, Waits
from loyalty_stream.pipeline.route import partitioner
from loyalty_stream.pipeline.rows import RowCache
from loyalty_stream.pipeline.schemas import CANONICAL_TYPE
from loyalty_stream.pipeline.table import STATE_VERSIONS, AnyRow, decode_row, encode_row
from loyalty_stream.pipeline.totals import book_totals
from loyalty_stream.pipeline.trace import NO_TRACE, TRACES_MAX, carried, sampled_parent
from loyalty_stream.pipeline.waiting import hold
from loyalty_stream.sources import DIALECTS
from loyalty_stream.sources.reading import Reading

if TYPE_CHECKING:
    from loyalty_stream.model.problem import RepairKind

UNKNOWN = "unknown"  # the event label of a record whose event is not known
FORWARDED = "forwarded"

Result = Applied[object] | Duplicate | Ignored | Rejected


class Processor:
    """Take batches to their effects: decode, normalise, route, reduce, emit.

    Every raw record ends as exactly one of applied, duplicate, ignored and dead-lettered, here or, when all of it
    belongs to keys of other partitions, where the first of its events is reduced. A record of which any part is
    rejected is a dead letter; else one of which any part is applied is applied.
    """

    decode_row = staticmethod(decode_row)
    encode_row = staticmethod(encode_row)
    state_versions: Mapping[str, int] = STATE_VERSIONS

    def __init__(self, config: PipelineConfig, schema_ids: Mapping[str, int] | None = None) -> None:
        """Compile everything that does not change from batch to batch; `schema_ids` are for the emitter."""
        self._home = partitioner(config.partition_by, config.partitions)
        self._due = DueDates(config.due_dates, config.due_time_zone)
        self._reduce = reducer(config.dedup_window, self._due.index_customer)
        self._emitter = Emitter(config, schema_ids)
        self._app_id = config.app_id.encode()
        self._limit = DeadLetterLimit(config.dead_letter_limit)
        self._read_canonical = reader(CANONICAL_TYPE.schema, logical=False)

    def process_raw(
        self, dialect: str, partition: int, records: Sequence[RawRecord], rows: RowCache[AnyRow]
    ) -> Effects:
        """Return what raw records of one partition cause; raise DeadLetterLimitError beyond the limit.

        Where more falls due before a record than one transaction should hold, it and those behind it are left.
        """
        effects = Effects()
        spoken = DIALECTS[dialect]
        repairs: list[RepairKind] = []
        next_day_at = self._due.next_day_at(dialect, rows)
        for place, record in enumerate(records):
            self._trace(effects, record)
            if record.timestamp >= next_day_at:
                self._follow_up(effects, partition, self._due.pass_day(dialect, record, rows), rows)
                next_day_at = self._due.next_day_at(dialect, rows)
                if self._due.is_passing(dialect, rows):
                    effects.left = len(records) - place
                    break
            reading = decode(spoken, record, repairs)
            if isinstance(reading, Rejected):
                self._settle(effects, dialect, UNKNOWN, reading, DeadRecord.of(record))
            else:
                self._process_reading(effects, dialect, partition, record, reading, rows)
                for kind in repairs:
                    effects.repairs[dialect, reading.event_name, kind] += 1
            repairs.clear()
        self._due.index_written(rows)
        book_totals(effects, rows)
        effects.dead_letter_share = self._limit.share
        return effects

    def process_canonical(self, partition: int, records: Sequence[RawRecord], rows: RowCache[AnyRow]) -> Effects:
        """Return what re-keyed records cause on the partition of their keys; raise DeadLetterLimitError likewise.

        Records that another app id has re-keyed are its own: they are passed over and not counted.
        """
        effects = Effects()
        for record in records:
            if (APP_ID_HEADER, self._app_id) not in (record.headers or ()):
                continue  # of another app id, such as a replay beside this one
            self._trace(effects, record)
            moved = msgspec.convert(self._read_canonical(record.value or b""), CanonicalRecord)
            if self._home(moved.vendor, moved.org_id, entity_id_of(moved.key, moved.customer_id)) != partition:
                raise WrongPartitionError(record.topic, partition)
            self._process_moved(effects, partition, moved, DeadRecord.of(record), rows)
        self._due.index_written(rows)
        book_totals(effects, rows)
        effects.dead_letter_share = self._limit.share
        return effects

    def _trace(self, effects: Effects, record: RawRecord) -> None:
        """Let all that is emitted from here on carry a record's trace context, if it has one."""
        if not record.headers:
            self._emitter.trace = NO_TRACE
            return
        trace = self._emitter.trace = carried(record.headers)
        parent = sampled_parent(trace)
        if parent is not None and len(effects.traces) < TRACES_MAX:
            effects.traces[parent] = None

    def _process_reading(
        self,
        effects: Effects,
        dialect: str,
        partition: int,
        record: RawRecord,
        reading: Reading,
        rows: RowCache[AnyRow],
    ) -> None:
        if reading.ignored is not None:
            self._settle(effects, dialect, reading.event_name, Ignored(reading.ignored), None)
            return
        result: Result | None = None
        elsewhere: list[_Elsewhere] = []
        for event in reading.events:
            taken = self._take(effects, partition, event, rows)
            if isinstance(taken, _Elsewhere):
                elsewhere.append(taken)
            else:
                result = _worse(result, taken)
        if elsewhere:
            copy = copy_of(record, len(elsewhere))
            for place, moving in enumerate(elsewhere):  # the first one leads where the record has no other part
                leads = result is None and place == 0
                self._pass_on(effects, partition, to_record(dialect, moving.event, copy, leads=leads), moving, rows)
        if result is None:
            _count_forwarded(effects, dialect, reading.event_name)
        else:
            dead = DeadRecord.of(record) if isinstance(result, Rejected) else None
            self._settle(effects, dialect, reading.event_name, result, dead)

    def _process_moved(
        self, effects: Effects, partition: int, moved: CanonicalRecord, carrier: DeadRecord, rows: RowCache[AnyRow]
    ) -> None:
        """Take up a re-keyed event; `carrier` is the record that it came in, for want of the raw one."""
        taken = self._take(effects, partition, to_event(moved), rows)
        if isinstance(taken, _Elsewhere):
            onward = to_record(moved.dialect, taken.event, moved.raw, leads=moved.leads)
            self._pass_on(effects, partition, onward, taken, rows)
            if moved.leads:
                _count_forwarded(effects, moved.dialect, moved.cause.event_name)
        elif moved.leads:
            self._settle(effects, moved.dialect, moved.cause.event_name, taken, _dead(carrier, moved))
        elif isinstance(taken, Rejected):
            effects.messages.append(self._emitter.dead_letter(_dead(carrier, moved), taken))

    def _take(
        self, effects: Effects, partition: int, event: CanonicalEvent, rows: RowCache[AnyRow]
    ) -> "Result | _Elsewhere":
        """Reduce an event, and what it goes on as, and what it leads to, as far as that lies on this partition."""
        while True:
            home = self._home(event.vendor, event.org_id, event.entity_id)
            if home != partition:
                return _Elsewhere(event, home)
            reduced = self._reduce(event, rows)
            self._emit(effects, reduced)
            if reduced.follow_ups:
                self._follow_up(effects, partition, reduced.follow_ups, rows)
            if reduced.released:
                self._take_up(effects, partition, reduced.released, rows)
            outcome = reduced.outcome
            if isinstance(outcome, Waits):
                return _Elsewhere(event, None)
            if not isinstance(outcome, Onward):
                if isinstance(outcome, Applied):
                    note_ratio(effects, event)
                return outcome
            event = outcome.event

    def _follow_up(
        self, effects: Effects, partition: int, events: Sequence[CanonicalEvent], rows: RowCache[AnyRow]
    ) -> None:
        """Take what an event leads to; no raw record is counted by it."""
        for event in events:
            record = to_record(event.vendor, event, None, leads=False)
            cause, trace = event.cause, self._emitter.trace
            carrier = DeadRecord(cause.topic, cause.partition, cause.offset, event.observed_at, None, None, trace)
            self._process_moved(effects, partition, record, carrier, rows)

    def _take_up(
        self, effects: Effects, partition: int, waited: Sequence[WaitingEvent], rows: RowCache[AnyRow]
    ) -> None:
        """Take the events that waited for the one just reduced, in their order, each with its own trace context."""
        under_way = self._emitter.trace
        for event in waited:
            moved = msgspec.convert(self._read_canonical(event.value), CanonicalRecord)
            cause, key = moved.cause, moved.key.encode()
            carrier = DeadRecord(
                cause.topic, cause.partition, cause.offset, moved.observed_at, key, event.value, event.trace
            )
            self._emitter.trace = event.trace
            self._process_moved(effects, partition, moved, carrier, rows)
        self._emitter.trace = under_way

    def _pass_on(
        self, effects: Effects, partition: int, record: CanonicalRecord, moving: "_Elsewhere", rows: RowCache[AnyRow]
    ) -> None:
        """Send an event to the partition of its key, or keep it until it can be taken up here."""
        message = self._emitter.canonical(record, partition if moving.home is None else moving.home)
        if moving.home is None:
            hold(moving.event.key, message.value or b"", self._emitter.trace, rows)
        else:
            effects.messages.append(message)

    def _emit(self, effects: Effects, reduced: Reduced) -> None:
        for derived in reduced.derived:
            effects.messages.append(self._emitter.derived(reduced.domain, derived))
            count_derived(effects, reduced.domain, derived)
        for domain, events in reduced.also:
            for derived in events:
                effects.messages.append(self._emitter.derived(domain, derived))
                count_derived(effects, domain, derived)

    def _settle(self, effects: Effects, dialect: str, name: str, result: Result, dead: DeadRecord | None) -> None:
        """Count how a raw record ended, and send a dead letter where it is one."""
        tally = effects.tally
        tally.consumed += 1
        if isinstance(result, Rejected):
            tally.dead_lettered += 1
            _count(effects, (dialect, name, "dead_lettered", result.reason))
            if dead is not None:
                effects.messages.append(self._emitter.dead_letter(dead, result))
            self._limit.dead_letter(result.reason)
            return
        self._limit.record()
        if isinstance(result, Applied):
            tally.applied += 1
            _count(effects, (dialect, name, "applied", ""))
        elif isinstance(result, Duplicate):
            tally.duplicate += 1
            _count(effects, (dialect, name, "duplicate", ""))
        else:
            tally.ignored += 1
            _count(effects, (dialect, name, "ignored", result.reason))


def _count(effects: Effects, labels: tuple[str, str, str, str]) -> None:
    """Count an outcome; its labels, equal to those of an EventCount, are made into one the first time only."""
    events = effects.events
    if labels in events:
        events[labels] += 1  # type: ignore[index]  # as a key a tuple is what the named one is
    else:
        events[EventCount(*labels)] = 1


def _count_forwarded(effects: Effects, dialect: str, name: str) -> None:
    effects.tally.consumed += 1
    effects.tally.forwarded += 1
    _count(effects, (dialect, name, FORWARDED, ""))


class _Elsewhere(NamedTuple):
    """An event that is not for this partition, or, where `home` is None, not for now."""

    event: CanonicalEvent
    home: int | None


class WrongPartitionError(RuntimeError):
    """Say that a re-keyed event lies on a partition that does not hold its key."""

    def __init__(self, topic: str, partition: int) -> None:
        """Name the cause and the fix."""
        super().__init__(
            f"{topic} partition {partition} holds an event whose key belongs elsewhere: LOYALTY_PARTITIONS or "
            f"LOYALTY_PARTITION_BY changed while events were under way. Set them back and let the topic drain first."
        )


def _worse(result: Result | None, other: Result) -> Result:
    """Return which of two parts' outcomes counts for their record: rejected, then applied, then the first."""
    if result is None or isinstance(result, Rejected):
        return result or other
    if isinstance(other, (Rejected, Applied)) and not isinstance(result, Applied):
        return other
    return other if isinstance(other, Rejected) else result


def _dead(carrier: DeadRecord, moved: CanonicalRecord) -> DeadRecord:
    """Return the raw record of a re-keyed event; where it did not travel along, the event and where the record is."""
    cause = moved.cause
    if moved.raw is None:
        return replace(carrier, cause=f"{cause.topic}-{cause.partition}@{cause.offset}")
    headers = [(header.name, header.value) for header in moved.raw.headers]
    return DeadRecord(
        cause.topic, cause.partition, cause.offset, moved.raw.timestamp_at, moved.raw.key, moved.raw.value, headers
    )
