"""Say in words whether a worker does its work, and what is missing where it does not."""

from collections.abc import Mapping
from typing import Any, Final, Protocol


class Readiness(Protocol):
    """What the runtime knows of itself (runtime/app.py)."""

    @property
    def assigned(self) -> bool:
        """Whether the group has given out the partitions."""

    @property
    def recovered(self) -> bool:
        """Whether the tables are restored."""

    @property
    def committing(self) -> bool:
        """Whether records are processed and committed."""


_MISSING: Final[Mapping[str, str]] = {
    "assigned": "no partitions assigned yet: joining the consumer group",
    "recovered": "tables are being restored from the changelog",
    "committing": "committed offsets are being read",
}


def readiness_report(readiness: Readiness) -> tuple[int, dict[str, Any]]:
    """Return the HTTP status and body of /readyz: 200, or 503 with the first thing that is missing."""
    states = {name: getattr(readiness, name) for name in _MISSING}
    missing = next((text for name, text in _MISSING.items() if not states[name]), None)
    return (200 if missing is None else 503), {"ready": missing is None, **states, "missing": missing}
