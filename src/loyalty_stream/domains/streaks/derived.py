"""What is published about streaks, targets and badges.

Each event of a streak says from which state to which state it went: a reader that folds `to_state` over all of them
knows the state, also where the vendor's first word of a streak is a level. Each event of a target has its progress and
goal as they are known after it.
"""

from decimal import Decimal

from loyalty_stream.domains.streaks.events import EarnConstraint
from loyalty_stream.domains.streaks.state import StreakState
from loyalty_stream.model.events import DerivedBody


class StreakStateChanged(DerivedBody, frozen=True, gc=False):
    """A customer enrolled in a streak or left it, or the streak started or ended."""

    streak_name: str
    streak_id: str | None
    target_group_id: str | None
    target_period_id: str | None
    from_state: StreakState | None
    to_state: StreakState
    value: Decimal | None
    level: str | None


class StreakProgressed(DerivedBody, frozen=True, gc=False):
    """A customer achieved a level of a streak."""

    streak_name: str
    streak_id: str | None
    target_group_id: str | None
    target_period_id: str | None
    from_state: StreakState | None
    to_state: StreakState
    value: Decimal | None
    level: str | None


class StreakBroken(DerivedBody, frozen=True, gc=False):
    """A customer lost the level named, or reached the end (`to_state` ended) without all levels."""

    streak_name: str
    streak_id: str | None
    target_group_id: str | None
    target_period_id: str | None
    from_state: StreakState | None
    to_state: StreakState
    value: Decimal | None
    level: str | None


class TargetEnrolled(DerivedBody, frozen=True, gc=False):
    """A customer takes part in a target."""

    target_id: str
    target_group_id: str | None
    target_period_id: str | None
    delta: Decimal | None
    achieved: Decimal | None
    defined: Decimal | None


class TargetPeriodOpened(DerivedBody, frozen=True, gc=False):
    """A target's period began to count."""

    target_id: str
    target_group_id: str | None
    target_period_id: str | None
    delta: Decimal | None
    achieved: Decimal | None
    defined: Decimal | None


class TargetProgressed(DerivedBody, frozen=True, gc=False):
    """A customer's progress changed by `delta`, negative by a return, to `achieved`; or the goal, `defined`, did."""

    target_id: str
    target_group_id: str | None
    target_period_id: str | None
    delta: Decimal | None
    achieved: Decimal | None
    defined: Decimal | None


class TargetAchieved(DerivedBody, frozen=True, gc=False):
    """A customer reached a target; `delta` may stand in a TargetProgressed of the same activity too."""

    target_id: str
    target_group_id: str | None
    target_period_id: str | None
    delta: Decimal | None
    achieved: Decimal | None
    defined: Decimal | None


class TargetUnachieved(DerivedBody, frozen=True, gc=False):
    """A customer no longer meets a target."""

    target_id: str
    target_group_id: str | None
    target_period_id: str | None
    delta: Decimal | None
    achieved: Decimal | None
    defined: Decimal | None


class TargetPeriodClosed(DerivedBody, frozen=True, gc=False):
    """A target's period is over for a customer, at the progress stated last."""

    target_id: str
    target_group_id: str | None
    target_period_id: str | None
    delta: Decimal | None
    achieved: Decimal | None
    defined: Decimal | None


class BadgeEarned(DerivedBody, frozen=True, gc=False):
    """A customer earned a badge; `constraints` are the limits on earning it, with their counts at that moment."""

    badge_id: str
    earn_id: str
    earned_on: int | None
    constraints: tuple[EarnConstraint, ...]
