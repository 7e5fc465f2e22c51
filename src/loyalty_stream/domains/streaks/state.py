"""What is kept of a customer's streaks, targets and badges."""

from decimal import Decimal
from typing import Literal

from msgspec import Struct, field

from loyalty_stream.domains.streaks.events import EarnConstraint

StreakState = Literal["enrolled", "unenrolled", "running", "ended"]


class Streak(Struct, frozen=True, array_like=True, gc=False):
    """One streak of one target period; `levels` are the names of the levels held, in the order achieved."""

    state: StreakState
    value: Decimal | None = None
    levels: tuple[str, ...] = ()
    streak_id: str | None = None


class Target(Struct, frozen=True, array_like=True, gc=False):
    """One target of one period, as the vendor states it; `met` is None until the vendor says.

    `valued_at` and `judged_at` are the vendor's moments of the last word on the progress and on `met`: an older word
    that arrives later does not replace them.
    """

    target_group_id: str | None = None
    achieved: Decimal | None = None
    defined: Decimal | None = None
    met: bool | None = None
    closed: bool = False
    valued_at: int = 0
    judged_at: int = 0


class Badge(Struct, frozen=True, array_like=True, gc=False):
    """One badge: how often and when last it was earned, its newest earns, and its limits as stated at `counted_at`."""

    earns: int = 0
    earn_ids: tuple[str, ...] = ()
    earned_on: int | None = None
    constraints: tuple[EarnConstraint, ...] = ()
    counted_at: int = 0


class StreaksState(Struct, frozen=True, array_like=True, gc=False):
    """A customer's streaks by `streak_key`, targets by `target_key` and badges by id.

    Targets and badges stand in the order of their last change, so that the longest unchanged ones come first.
    """

    streaks: dict[str, Streak] = field(default_factory=dict)
    targets: dict[str, Target] = field(default_factory=dict)
    badges: dict[str, Badge] = field(default_factory=dict)


def streak_key(target_group_id: str | None, target_period_id: str | None, streak_name: str) -> str:
    """Return the key of a streak, `group|period|name`; a bar within an id is escaped, as the name comes last."""
    return f"{_escaped(target_group_id)}|{_escaped(target_period_id)}|{streak_name}"


def target_key(target_period_id: str | None, target_id: str) -> str:
    """Return the key of a target, `period|target`; a bar within the period is escaped, as the target comes last."""
    return f"{_escaped(target_period_id)}|{target_id}"


def _escaped(part: str | None) -> str:
    return "" if part is None else part.replace("%", "%25").replace("|", "%7C")
