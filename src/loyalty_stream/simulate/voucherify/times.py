"""Moments as the vendor writes them, and the calendar of a project."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


def milliseconds(text: str) -> int:
    """Return the milliseconds since the epoch of a moment as the vendor writes it."""
    return (datetime.fromisoformat(text) - _EPOCH) // _MILLISECOND


def local_time(at_ms: int, time_zone: str) -> datetime:
    """Return what clocks in a time zone show at a moment."""
    return (_EPOCH + at_ms * _MILLISECOND).astimezone(ZoneInfo(time_zone))


def midnight_ms(day: date, time_zone: str) -> int:
    """Return the moment at which a day begins in a time zone."""
    return (datetime.combine(day, time(), ZoneInfo(time_zone)) - _EPOCH) // _MILLISECOND
