"""The facts about streaks, targets and badges, whichever vendor states them.

One event may speak of several streaks or targets, in order.
"""

from decimal import Decimal

from msgspec import Struct

from loyalty_stream.model.events import EventBody


class StreakEntry(Struct, frozen=True, gc=False):
    """What one event says of one streak.

    `value` is the customer's progress as the vendor states it; `level` names the level that was achieved or lost;
    `levels_total` and `levels_achieved` come with the end; `achieved_on` is the vendor's text.
    """

    streak_name: str
    streak_id: str | None = None
    user_streak_id: str | None = None
    target_id: str | None = None
    target_group_id: str | None = None
    target_period_id: str | None = None
    value: Decimal | None = None
    level: str | None = None
    levels_total: int | None = None
    levels_achieved: int | None = None
    achieved_on: str | None = None


class StreakCustomerEnrolled(EventBody, frozen=True, gc=False, tag=True):
    """The customer takes part."""

    entries: tuple[StreakEntry, ...]


class StreakCustomerUnenrolled(EventBody, frozen=True, gc=False, tag=True):
    """The customer no longer takes part."""

    entries: tuple[StreakEntry, ...]


class StreakStarted(EventBody, frozen=True, gc=False, tag=True):
    """The customer's streak began to count."""

    entries: tuple[StreakEntry, ...]


class StreakEnded(EventBody, frozen=True, gc=False, tag=True):
    """The customer's streak closed, with all levels or short of some."""

    entries: tuple[StreakEntry, ...]


class StreakLevelAchieved(EventBody, frozen=True, gc=False, tag=True):
    """The customer reached a level."""

    entries: tuple[StreakEntry, ...]


class StreakLevelLost(EventBody, frozen=True, gc=False, tag=True):
    """The customer lost a level again; `cause` is what made it so, say `return`."""

    entries: tuple[StreakEntry, ...]
    cause: str | None = None


class TargetEntry(Struct, frozen=True, gc=False):
    """What one event says of one target (a milestone).

    `achieved` is the customer's progress and `defined` the goal, both as the vendor states them; `delta` is what this
    event added, negative where it took away.
    """

    target_id: str
    target_group_id: str | None = None
    target_period_id: str | None = None
    delta: Decimal | None = None
    achieved: Decimal | None = None
    defined: Decimal | None = None


class TargetCustomerEnrolled(EventBody, frozen=True, gc=False, tag=True):
    """The customer takes part in a target."""

    entries: tuple[TargetEntry, ...]


class TargetPeriodStarted(EventBody, frozen=True, gc=False, tag=True):
    """A target's period began to count."""

    entries: tuple[TargetEntry, ...]


class TargetValueUpdated(EventBody, frozen=True, gc=False, tag=True):
    """The customer's progress changed, or the goal did."""

    entries: tuple[TargetEntry, ...]


class TargetValueAchieved(EventBody, frozen=True, gc=False, tag=True):
    """The customer reached a target."""

    entries: tuple[TargetEntry, ...]


class TargetGroupAchieved(EventBody, frozen=True, gc=False, tag=True):
    """The customer met a unified group of targets; the entries are those that the vendor counts."""

    entries: tuple[TargetEntry, ...]


class TargetGroupUnachieved(EventBody, frozen=True, gc=False, tag=True):
    """The customer no longer meets a unified group of targets."""

    entries: tuple[TargetEntry, ...]


class TargetPeriodCompleted(EventBody, frozen=True, gc=False, tag=True):
    """A target's period closed."""

    entries: tuple[TargetEntry, ...]


class EarnConstraint(Struct, frozen=True, gc=False):
    """A limit on earning a badge, and how much of it is used; a limit of None is none.

    At the level BADGE the count is that of all customers. `roll_type` and `roll_value` are the length of a rolling
    window.
    """

    constraint_level: str | None = None
    constraint_type: str | None = None
    roll_type: str | None = None
    roll_value: int | None = None
    max_earn_limit: int | None = None
    current_earn_count: int | None = None


class BadgeEarned(EventBody, frozen=True, gc=False, tag=True):
    """The customer earned a badge; `earned_on` is in milliseconds since the epoch."""

    badge_id: str
    earn_id: str
    earned_on: int | None = None
    constraints: tuple[EarnConstraint, ...] = ()
