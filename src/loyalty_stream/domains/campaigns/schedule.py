"""What a campaign says of when it is active.

Source: Voucherify's campaign object; the comments of each field are its words.
"""

from enum import StrEnum
from typing import Final

from msgspec import Struct

from loyalty_stream.model.durations import Duration
from loyalty_stream.model.reasons import DeadLetterReason

DAYS_OF_WEEK: Final = frozenset(range(7))


class ScheduleError(ValueError):
    """Say that a schedule contradicts the vendor's reference."""

    reason = DeadLetterReason.WRONG_TYPE


class CreationStatus(StrEnum):
    """How far the campaign, or the generation of its vouchers, has come."""

    DONE = "DONE"
    IN_PROGRESS = "IN_PROGRESS"
    FAILED = "FAILED"
    DRAFT = "DRAFT"
    MODIFYING = "MODIFYING"


class ValidityTimeframe(Struct, frozen=True, gc=False):
    """The campaign is valid for a duration from the start of each interval on; the first one starts with it."""

    interval: Duration
    duration: Duration

    def __post_init__(self) -> None:
        """Refuse an interval that leads nowhere; raise ScheduleError."""
        if not self.interval:
            raise ScheduleError("the interval of a validity timeframe must be longer than nothing")


class CampaignSchedule(Struct, frozen=True, gc=False):
    """Everything that decides on a campaign's activity; instants are milliseconds since the epoch.

    What is None, or an empty set of days, restricts nothing.
    """

    active: bool = True  # "disable a campaign even though it's within the active period"
    starts_at_ms: int | None = None  # "inactive before this date"
    expires_at_ms: int | None = None  # "inactive after this date": at it, still active
    timeframe: ValidityTimeframe | None = None
    days_of_week: frozenset[int] = frozenset()  # 0 is Sunday
    activity_duration_after_publishing: Duration | None = None
    published_at_ms: int | None = None  # of the voucher that is asked about; None asks about the campaign itself
    creation_status: CreationStatus = CreationStatus.DONE
    vouchers_generation_status: CreationStatus = CreationStatus.DONE

    def __post_init__(self) -> None:
        """Refuse what the reference excludes; raise ScheduleError."""
        if self.timeframe is not None and self.starts_at_ms is None:
            raise ScheduleError("a validity timeframe needs a start date, from which its intervals are counted")
        if not self.days_of_week <= DAYS_OF_WEEK:
            raise ScheduleError("a day of the week is 0 for Sunday to 6 for Saturday")
