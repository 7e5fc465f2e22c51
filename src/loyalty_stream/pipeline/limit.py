"""The dead-letter limit: a bad deployment must not empty a topic into the dead letters."""

from collections import deque
from typing import Final

RECORDS: Final = 1_000


class DeadLetterLimitError(Exception):
    """Stop the worker: too many of the last records were dead letters."""

    def __init__(self, share: float, reason: str) -> None:
        """Say what happened, with which limit, and what to do."""
        super().__init__(
            f"more than {share:.0%} of the last {RECORDS:,} records were dead letters, the newest for the reason "
            f"{reason!r}: nothing of this batch was committed. Look at the newest dead letters; if the records really "
            f"are bad, raise LOYALTY_DEAD_LETTER_LIMIT (1 never stops) and start again."
        )


class DeadLetterLimit:
    """Watch the share of dead letters among the last thousand records; a healthy record costs one addition."""

    __slots__ = ("_allowed", "_at", "_limit", "_records")

    def __init__(self, share: float) -> None:
        """Start with no records seen; a share of 1 never stops."""
        self._allowed = share
        self._limit = int(share * RECORDS)
        self._records = 0
        self._at: deque[int] = deque()

    def record(self) -> None:
        """Count a record that was used."""
        self._records += 1

    def dead_letter(self, reason: str) -> None:
        """Count a dead letter; raise DeadLetterLimitError where it is one too many."""
        self._records += 1
        self._at.append(self._records)
        self._forget()
        if self._allowed < 1 and len(self._at) > self._limit:
            raise DeadLetterLimitError(self._allowed, reason)

    @property
    def share(self) -> float:
        """The share of dead letters among the last thousand records, or among all where there are fewer."""
        self._forget()
        return len(self._at) / min(max(self._records, 1), RECORDS)

    def _forget(self) -> None:
        at = self._at
        while at and at[0] <= self._records - RECORDS:
            at.popleft()
