"""The vendor's time of one thing: whatever happens to it happens later than all before."""

from dataclasses import dataclass


@dataclass(slots=True)
class Clock:
    """Hold the time of the last event, in milliseconds since the epoch."""

    last_ms: int = 0
