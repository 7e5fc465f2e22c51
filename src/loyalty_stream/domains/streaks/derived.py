"""What is published about streaks.

Each event says from which state to which state its streak went: a reader that folds `to_state` over all of them knows
the state, also where the vendor's first word of a streak is a level.
"""

from decimal import Decimal

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
