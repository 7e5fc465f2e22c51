"""The facts about streaks, whichever vendor states them. One event may speak of several streaks, in order."""

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
