"""Instants, in milliseconds since the epoch, and the local calendar of a time zone.

Calendar parts of a duration are added to the local date and time, clock parts to the instant. Where the local time of
the result does not exist, because clocks were put forward over it, it is as much later as they were put forward: 02:30
becomes 03:30. Where it exists twice, because they were put back, the first of the two is meant. This is what RFC 5545
section 3.3.5 says of local times, and java.time and Temporal ("compatible") do too.

All is defined for every integer: an instant outside of FIRST_MS to LAST_MS is taken as the nearer of the two.
"""

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from loyalty_stream.model.durations import Duration

FIRST_MS: Final = -62_135_424_000_000  # 0001-01-03: in any zone a day that Python's calendar has
LAST_MS: Final = 253_402_127_999_999  # the end of 9999-12-29, likewise
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_DAY: Final = timedelta(days=1)


def local_time(at_ms: int, zone: tzinfo) -> datetime:
    """Return what calendar and clock of a zone show at an instant."""
    return (_EPOCH + _bounded(at_ms) * _MILLISECOND).astimezone(zone)


def local_day(at_ms: int, zone: tzinfo) -> date:
    """Return the day that it is in a zone at an instant."""
    return local_time(at_ms, zone).date()


def instant_of(local: datetime, zone: tzinfo) -> int:
    """Return the instant, in milliseconds, of a local time without zone; gaps and folds as the module says."""
    return _bounded((local.replace(tzinfo=zone) - _EPOCH) // _MILLISECOND)


def plus(at_ms: int, duration: Duration, zone: tzinfo, times: int = 1) -> int:
    """Return the instant that is a number of times a duration later, in milliseconds.

    Months come before days, and days before the clock. A day that its month does not have is the month's last: a month
    after 31 January is 28 or 29 February, and two months after it 31 March again, however often the duration is added
    in one go.
    """
    at_ms = _bounded(at_ms)
    if times and (duration.months or duration.days):
        local = local_time(at_ms, zone).replace(tzinfo=None, fold=0)
        try:
            later = _months_later(local, times * duration.months) + timedelta(days=times * duration.days)
        except OverflowError:
            return LAST_MS
        at_ms = instant_of(later, zone)
    return _bounded(at_ms + times * duration.milliseconds)


def day_starts_at(day: date, zone: tzinfo) -> int:
    """Return the instant, in milliseconds, at which the day before is over for good.

    It is the local midnight, or what comes in its place where clocks are put forward over it. Where they are put back
    from after midnight to before it, the day before comes back for a while: it is the second midnight then.
    """
    midnight = datetime.combine(day, time())
    first_ms, last_ms = instant_of(midnight, zone), instant_of(midnight.replace(fold=1), zone)
    if last_ms < first_ms:  # no such local time: fold tells by which of the two offsets it is read
        return _first(last_ms, first_ms, lambda at_ms: local_day(at_ms, zone) >= day)
    return last_ms if local_day(last_ms - 1, zone) < day else first_ms


def day_ends_at(day: date, zone: tzinfo) -> int:
    """Return the instant, in milliseconds, at which a day is over for good: the start of the next one."""
    return LAST_MS if day == date.max else day_starts_at(day + _DAY, zone)


def next_day_at(at_ms: int, zone: tzinfo) -> int:
    """Return the next instant, in milliseconds, at which it is another day in a zone, the day before included."""
    at_ms = _bounded(at_ms)
    if at_ms == LAST_MS:
        return LAST_MS
    day = local_day(at_ms, zone)
    midnight = datetime.combine(day + _DAY, time())
    over_ms = instant_of(midnight, zone)
    if over_ms <= at_ms:
        over_ms = instant_of(midnight.replace(fold=1), zone)
    offset = local_time(at_ms, zone).utcoffset()
    if local_time(over_ms, zone).utcoffset() == offset:
        return over_ms
    changed_ms = _first(at_ms, over_ms, lambda later_ms: local_time(later_ms, zone).utcoffset() != offset)
    return over_ms if local_day(changed_ms, zone) == day else changed_ms


def _bounded(at_ms: int) -> int:
    return min(max(at_ms, FIRST_MS), LAST_MS)


def _months_later(local: datetime, months: int) -> datetime:
    year, month = divmod(12 * local.year + local.month - 1 + months, 12)
    if year > date.max.year:
        raise OverflowError
    return local.replace(year=year, month=month + 1, day=min(local.day, monthrange(year, month + 1)[1]))


def _first(from_ms: int, to_ms: int, holds: Callable[[int], bool]) -> int:
    """Return the first instant of a span at which something holds that holds ever after; it does at its end."""
    return from_ms + bisect_left(range(to_ms - from_ms), True, key=lambda ms: holds(from_ms + ms))  # noqa: FBT003
