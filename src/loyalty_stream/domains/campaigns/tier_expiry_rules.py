"""What a campaign says of when its tiers start and expire.

Source: `loyalty_tiers_expiration` of Voucherify's campaign object. Of its rounding strategies only END is documented
there, so that a rounding is always to the end.
"""

from enum import StrEnum
from typing import Final

from msgspec import Struct

from loyalty_stream.domains.campaigns.periods import Period
from loyalty_stream.model.durations import Duration
from loyalty_stream.model.reasons import DeadLetterReason

MONTH_MAX: Final = 11


class ExpiryRulesError(ValueError):
    """Say that rules of expiry contradict the vendor's reference."""

    reason = DeadLetterReason.WRONG_TYPE


class CalendarRounding(Struct, frozen=True, gc=False, tag=True):
    """The expiration date is moved to the end of the month, quarter, half-year or year that it lies in."""

    period: Period


class MonthRounding(Struct, frozen=True, gc=False, tag=True):
    """The expiration date is moved to the next end of one particular month, 0 being January as the vendor counts."""

    month: int

    def __post_init__(self) -> None:
        """Refuse what is no month; raise ExpiryRulesError."""
        if not 0 <= self.month <= MONTH_MAX:
            raise ExpiryRulesError("a month is 0 for January to 11 for December")


class BalanceDrop(Struct, frozen=True, gc=False, tag=True):
    """The tier expires when the balance drops below its range, whenever that is."""


class Custom(Struct, frozen=True, gc=False, tag=True):
    """The tier expires a time after it was reached, whatever becomes of the balance."""

    extend: Duration
    rounding: CalendarRounding | MonthRounding | None = None


class Balance(Struct, frozen=True, gc=False, tag=True):
    """The tier is held for the balance of points, from the moment on at which it reaches the tier's range."""

    expiration: BalanceDrop | Custom


class PeriodStart(StrEnum):
    """When a tier that was reached by points of a period starts."""

    IMMEDIATE = "IMMEDIATE"
    NEXT_PERIOD = "NEXT_PERIOD"


class PeriodExpiration(StrEnum):
    """When a tier that was reached by points of a period expires."""

    END_OF_PERIOD = "END_OF_PERIOD"
    END_OF_NEXT_PERIOD = "END_OF_NEXT_PERIOD"


class PointsInPeriod(Struct, frozen=True, gc=False, tag=True):
    """The tier is held for the points collected in one period of the calendar; `extend` makes its end later."""

    qualification_period: Period
    start: PeriodStart
    expiration: PeriodExpiration
    extend: Duration | None = None


ExpiryRules = Balance | PointsInPeriod
"""The rules of one campaign."""
