"""What is published about streaks, targets and badges.

Each event of a streak says from which state to which state it went: a reader that folds `to_state` over all of them
knows the state, also where the vendor's first word of a streak is a level. Each event of a target has its progress and
goal as they are known after it.
"""

from decimal import Decimal

from loyalty_stream.domains.streaks.events import EarnConstraint
from loyalty_stream.domains.streaks.state import StreakState
from loyalty_stream.model.events import DerivedBody


class StreakTold(DerivedBody, frozen=True, gc=False):
    """What every event of a streak tells; the state is that after it."""

    streak_name: str
    streak_id: str | None
    target_group_id: str | None
    target_period_id: str | None
    from_state: StreakState | None
    to_state: StreakState
    value: Decimal | None
    level: str | None


class StreakStateChanged(StreakTold, frozen=True, gc=False):
    """A customer enrolled in a streak or left it, or the streak started or ended."""


class StreakProgressed(StreakTold, frozen=True, gc=False):
    """A customer achieved a level of a streak."""


class StreakBroken(StreakTold, frozen=True, gc=False):
    """A customer lost the level named, or reached the end (`to_state` ended) without all levels."""


class TargetTold(DerivedBody, frozen=True, gc=False):
    """What every event of a target tells; a value is None where the vendor does not say."""

    target_id: str
    target_group_id: str | None
    target_period_id: str | None
    delta: Decimal | None
    achieved: Decimal | None
    defined: Decimal | None


class TargetEnrolled(TargetTold, frozen=True, gc=False):
    """A customer takes part in a target."""


class TargetPeriodOpened(TargetTold, frozen=True, gc=False):
    """A target's period began to count."""


class TargetProgressed(TargetTold, frozen=True, gc=False):
    """A customer's progress changed by `delta`, negative by a return, to `achieved`; or the goal, `defined`, did."""


class TargetAchieved(TargetTold, frozen=True, gc=False):
    """A customer reached a target; `delta` may stand in a TargetProgressed of the same activity too."""


class TargetUnachieved(TargetTold, frozen=True, gc=False):
    """A customer no longer meets a target."""


class TargetPeriodClosed(TargetTold, frozen=True, gc=False):
    """A target's period is over for a customer, at the progress stated last."""


class BadgeEarned(DerivedBody, frozen=True, gc=False):
    """A customer earned a badge; `constraints` are the limits on earning it, with their counts at that moment."""

    badge_id: str
    earn_id: str
    earned_on: int | None
    constraints: tuple[EarnConstraint, ...]
