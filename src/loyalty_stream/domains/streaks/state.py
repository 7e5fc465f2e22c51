"""What is kept of a customer's streaks."""

from decimal import Decimal
from typing import Literal

from msgspec import Struct, field

StreakState = Literal["enrolled", "unenrolled", "running", "ended"]


class Streak(Struct, frozen=True, array_like=True, gc=False):
    """One streak of one target period; `levels` are the names of the levels held, in the order achieved."""

    state: StreakState
    value: Decimal | None = None
    levels: tuple[str, ...] = ()
    streak_id: str | None = None


class StreaksState(Struct, frozen=True, array_like=True, gc=False):
    """A customer's streaks by `streak_key`."""

    streaks: dict[str, Streak] = field(default_factory=dict)


def streak_key(target_group_id: str | None, target_period_id: str | None, streak_name: str) -> str:
    """Return the key of a streak, `group|period|name`; a bar within an id is escaped, as the name comes last."""
    return f"{_escaped(target_group_id)}|{_escaped(target_period_id)}|{streak_name}"


def _escaped(part: str | None) -> str:
    return "" if part is None else part.replace("%", "%25").replace("|", "%7C")
