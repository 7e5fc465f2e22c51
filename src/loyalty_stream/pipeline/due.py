"""Let things fall due by our own clock, which is the time of the records (ADR 20).

The clock of a vendor on a partition is a row: the latest day of that vendor's raw records there. The record that brings
a new day first lets a fact be stated for each date that is so many days ahead now; then it is taken itself. Before any
day passes, and with every batch, the index by date is made equal to what the rows say that were written meanwhile.

Where very much is near, a day passes in steps: each looks at so many entries, and may be in a transaction of its own.
The clock says how far it got, so that it goes on there whoever takes the record up, and all is told as in one step.
"""

from collections.abc import Iterator
from datetime import date, timedelta, tzinfo
from itertools import islice
from typing import Any, Final

from loyalty_stream.domains import DOMAINS
from loyalty_stream.model.due import Due, DueRule
from loyalty_stream.model.events import CanonicalEvent, Cause, RawRecord
from loyalty_stream.model.instants import day_ends_at, local_day
from loyalty_stream.model.row import row_key
from loyalty_stream.model.zones import zone_named
from loyalty_stream.pipeline.due_index import Entry, entries_on, forget, index
from loyalty_stream.pipeline.internal import CLOCK, ClockState, internal_row
from loyalty_stream.pipeline.rows import RowCache
from loyalty_stream.pipeline.table import AnyRow

Rows = RowCache[AnyRow]
DAY_PASSED: Final = "dayPassed"
"""What stands for an event's name in the cause: of the raw record no more counts than what day it is."""
ENTRIES_MAX: Final = 5_000
"""So many entries of the index a step looks at: a quarter of a second and some 20 MB."""
_NEVER: Final = 1 << 63
_AT_ONCE: Final = -_NEVER
_DAY: Final = timedelta(days=1)
_RULES: Final[dict[str, DueRule[Any]]] = {domain.name: domain.due for domain in DOMAINS if domain.due is not None}
_CUSTOMERS: Final = tuple(domain.name for domain in DOMAINS if domain.due is not None and domain.merge is not None)
_DAYS_AHEAD: Final = sorted({days for rule in _RULES.values() for days in rule.days_ahead})


class DueDates:
    """The clocks, and the index of what falls due.

    `wanted` is `off`, `all`, or a list, separated by commas, of programmes as `vendor:org_id:program_id` and of
    organisations as `vendor:org_id`, which stands for what belongs to no programme.
    """

    def __init__(self, wanted: str, zone: str) -> None:
        """Take the settings; where nothing is wanted, nothing is done."""
        self._zone: tzinfo = zone_named(zone)
        self._all = wanted == "all"
        self._named = frozenset(name.strip() for name in wanted.split(","))
        self._on = wanted != "off"

    def next_day_at(self, vendor: str, rows: Rows) -> int:
        """Return the timestamp from which on a vendor's record brings a new day, in milliseconds."""
        if not self._on:
            return _NEVER
        clock = _clock(vendor, rows)
        return _AT_ONCE if clock is None or clock.before is not None else day_ends_at(clock.day, self._zone)

    def is_passing(self, vendor: str, rows: Rows) -> bool:
        """Tell whether a day of a vendor has begun to pass and is not through."""
        clock = _clock(vendor, rows)
        return clock is not None and clock.before is not None

    def pass_day(self, vendor: str, record: RawRecord, rows: Rows) -> list[CanonicalEvent]:
        """Set the clock to a record's day, and return what falls due by that, in order; nothing the first time.

        That is one step: while `is_passing`, the same record must come again.
        """
        self.index_written(rows)
        clock, today = _clock(vendor, rows), local_day(record.timestamp, self._zone)
        if clock is None:
            _set(vendor, ClockState(today), rows)
            return []
        day, before, after = today, clock.day, b""
        if clock.before is not None:
            day, before, after = clock.day, clock.before, clock.after
        step = list(islice(_due(vendor, before, day, after, rows), ENTRIES_MAX))
        if len(step) == ENTRIES_MAX:
            last, _ = step[-1]
            _set(vendor, ClockState(day, before, last.row_key if last.day >= day else b""), rows)
        elif today > day:  # the record that brought that day is gone, and this one brings another
            _set(vendor, ClockState(today, day), rows)
        else:
            _set(vendor, ClockState(day), rows)
        return [
            self._event(entry, days, record)
            for entry, ahead in step
            for days in ahead
            if self._covers(entry.key, entry.program_id)
        ]

    def index_written(self, rows: Rows) -> None:
        """Index the rows written in this batch."""
        if self._on:
            for written in rows.written():
                domain, _, key = written.decode().partition("|")
                if domain in _RULES:
                    self._index(domain, key, rows)

    def index_customer(self, key: str, rows: Rows) -> None:
        """Index a customer's rows, before they may be handed over to another customer."""
        if self._on:
            for domain in _CUSTOMERS:
                self._index(domain, key, rows)

    def _index(self, domain: str, key: str, rows: Rows) -> None:
        """Index one row; what a merged customer had stays as it was then, and goes on to the survivor."""
        today, row = _today(key.partition(":")[0], rows), rows.get(row_key(domain, key))
        if today is not None and (row is None or row.moved_to is None):
            dates = () if row is None else self._dates(domain, key, row, today)
            index(domain, key, frozenset(dates), rows)

    def _dates(self, domain: str, key: str, row: AnyRow, today: date) -> Iterator[Due]:
        """Yield what of a row falls due from now on; what is late does so with the next day."""
        rule = _RULES[domain]
        for program_id, day in set(rule.dates(row.state, self._zone)):
            if self._covers(key, program_id) and (day >= today or rule.late):
                yield program_id, max(day, today + _DAY) if rule.late else day

    def _covers(self, key: str, program_id: str) -> bool:
        if self._all:
            return True
        vendor, org_id, _ = key.split(":", 2)
        return (f"{vendor}:{org_id}:{program_id}" if program_id else f"{vendor}:{org_id}") in self._named

    def _event(self, entry: Entry, days_ahead: int, record: RawRecord) -> CanonicalEvent:
        """Return the fact that something is due, as of the record that brought the day."""
        vendor, org_id, entity_id = entry.key.split(":", 2)
        return CanonicalEvent(
            vendor,
            org_id,
            entity_id if entry.domain in _CUSTOMERS else None,
            entry.key,
            f"due|{entry.day.isoformat()}|{days_ahead}|{entry.program_id}",
            record.timestamp,
            False,  # noqa: FBT003 - a positional field: the time is not the vendor's
            record.timestamp,
            Cause(DAY_PASSED, None, record.topic, record.partition, record.offset),
            _RULES[entry.domain].fact(entry.program_id, entry.day, days_ahead, self._zone),
        )


def _clock(vendor: str, rows: Rows) -> ClockState | None:
    row = rows.get(row_key(CLOCK, vendor))
    if row is None:
        return None
    state: ClockState = row.state
    return state


def _set(vendor: str, clock: ClockState, rows: Rows) -> None:
    rows.put(row_key(CLOCK, vendor), internal_row(CLOCK, clock))


def _today(vendor: str, rows: Rows) -> date | None:
    clock = _clock(vendor, rows)
    return None if clock is None else clock.day


def _due(vendor: str, before: date, day: date, after: bytes, rows: Rows) -> Iterator[tuple[Entry, tuple[int, ...]]]:
    """Yield each entry to look at when a new day comes, and of how many days ahead a fact is stated of it.

    First those of the days that are over, each forgotten, then those that are near, from behind the row `after`.
    """
    for prefix in _over(before, day):
        for entry in entries_on(vendor, prefix, rows):
            forget(entry, rows)
            yield entry, (0,) if _RULES[entry.domain].late and entry.day > before else ()
    for near in _near(before, day):
        for entry in entries_on(vendor, near.isoformat(), rows, after):
            ahead = _RULES[entry.domain].days_ahead
            yield entry, tuple(days for days in ahead if before < near - days * _DAY <= day)


def _over(before: date, day: date) -> Iterator[str]:
    """Yield what the ISO texts of the days begin with that are over: each of them, or a whole year."""
    while before < day:
        if before.year < day.year and (before.month, before.day) == (1, 1):
            yield f"{before.year:04}-"
            before = before.replace(year=before.year + 1)
        else:
            yield before.isoformat()
            before += _DAY


def _near(before: date, day: date) -> list[date]:
    """Return the days from a new day on of which something may be due now that was not before it."""
    passed = (day - before).days
    near = {day.toordinal() + days - back for days in _DAYS_AHEAD for back in range(min(passed, days + 1))}
    return [date.fromordinal(number) for number in sorted(near) if number <= date.max.toordinal()]
