"""Moments that a vendor writes as ISO 8601 text."""

from datetime import UTC, datetime, timedelta
from typing import Final

from loyalty_stream.model.problem import Problem
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.wire import label, plausible

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


def iso_instant(text: str) -> int | None:
    """Return the moment, in milliseconds since the epoch, that a text stands for, or None where it is none.

    Parts of a millisecond are dropped. Without an offset it is UTC.
    """
    try:
        written = datetime.fromisoformat(text)
    except ValueError:
        return None
    return ((written if written.tzinfo else written.replace(tzinfo=UTC)) - _EPOCH) // _MILLISECOND


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
