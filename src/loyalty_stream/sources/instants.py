"""Moments that a vendor writes as ISO 8601 text, read to the millisecond; parts of one are dropped.

There are three readings. `instant` and `instant_day` are for fields of the kind INSTANT: a time names its zone, and
whatever else needs mending. `given_instant` is for facts that may have no zone, which is UTC then: an impossible one is
refused. `vendor_time` is for when an event took place: whatever is no plausible time is none, since the record's own
timestamp can stand for it.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from loyalty_stream.model.problem import Problem
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.wire import ISO_DAY_LENGTH, NotCleanError, iso_day, label, moment, plausible

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


def iso_instant(text: str) -> int | None:
    """Return the moment, in milliseconds since the epoch, that a text stands for, or None where it is none.

    Without an offset it is UTC.
    """
    written = _written(text)
    return None if written is None else _milliseconds(written)


def instant(value: str | None) -> int | None:
    """Return milliseconds since the epoch of a date, or of a time with its zone, or None where there is none.

    Raises NotCleanError for what needs trimming, has a time but no zone, or is no moment of a calendar.
    """
    if value is None:
        return None
    written = _written(value) if value == value.strip() else None
    if written is None or (written.tzinfo is None and len(value) != ISO_DAY_LENGTH):
        raise NotCleanError
    return moment(_milliseconds(written))


def instant_day(value: str | None) -> date | None:
    """Return the UTC date of an ISO 8601 text, or None where there is none; raise NotCleanError likewise."""
    at = instant(value)
    return None if at is None else date.fromisoformat(iso_day(at))


def vendor_time(text: str | None) -> int | None:
    """Return the vendor's time of an event, in milliseconds, or None where it is missing, impossible or implausible.

    Raises NotCleanError where the text needs trimming.
    """
    at_ms = iso_instant(label(text) or "")
    return at_ms if plausible(at_ms) else None


def given_instant(text: str | None, path: str) -> int | None:
    """Return a moment of the facts, in milliseconds, or None where none is given; raise Problem for an impossible one.

    Raises NotCleanError where the text needs trimming.
    """
    given = label(text)
    if not given:
        return None
    at_ms = iso_instant(given)
    if at_ms is None:
        raise Problem(DeadLetterReason.INVALID_DATE, f"{path} is not a date of the calendar")
    return at_ms


def _written(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _milliseconds(written: datetime) -> int:
    return ((written if written.tzinfo else written.replace(tzinfo=UTC)) - _EPOCH) // _MILLISECOND
