"""Moments as an operator writes them: ISO 8601, or how long ago. Pure."""

import re
from datetime import UTC, datetime
from typing import Final

from loyalty_stream.model.durations import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from loyalty_stream.model.instants import LAST_MS
from loyalty_stream.serving.readable import moment

_AGO: Final = re.compile(r"([0-9]{1,9})([smhdw])", re.ASCII)
_UNITS_MS: Final = {"s": SECOND_MS, "m": MINUTE_MS, "h": HOUR_MS, "d": DAY_MS, "w": 7 * DAY_MS}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def parse_moment(text: str, now_ms: int) -> int:
    """Return the milliseconds since the epoch that a text means, never below 0; without a zone it is UTC.

    Raises:
        ValueError: It is neither an ISO 8601 moment nor a duration.

    """
    ago = _AGO.fullmatch(text)
    if ago is not None:
        return max(0, now_ms - int(ago[1]) * _UNITS_MS[ago[2]])
    try:
        written = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(
            f"{text!r} is no moment: give one as 2026-05-01T12:00:00Z or 2026-05-01 (UTC where no zone is given), or "
            "how long ago as 90s, 30m, 2h, 7d or 1w"
        ) from None
    zoned = written if written.tzinfo else written.replace(tzinfo=UTC)
    return max(0, round((zoned - _EPOCH).total_seconds() * SECOND_MS))


def shown_moment(milliseconds: int) -> str:
    """Return a moment as ISO 8601 in UTC, whatever a producer gave out as one."""
    return moment(min(max(0, milliseconds), LAST_MS))
