"""When a tier that a customer reached starts and expires.

Voucherify decides on tiers by days of the project's time zone. An expiration date is the last day of the tier: "an
expiration date of 2025-12-31 means that the tier will expire on 2026-01-01 00:00" (Loyalty points, Point and tier
calculation on a new day). So a tier that expires at the end of a month expires at the first instant of the next one.

- The counter of CUSTOM starts when the customer reaches the tier. The reference also says that it starts when the
  balance drops, but its own explanation of `extend`, and the guides, speak of the reaching only: "The expiration date
  counter starts when the customer reaches the minimum required points" (Loyalty tiers); 30 days from 20 July is
  00:00 of 20 August (Create tier structures).
- It is extended first and rounded then, as points are: "1 month and rounded up till the end of each month, points
  earned in January will expire at the end of 28th February" (Loyalty points). The one tier printed with dates, from
  2022-11-10 to 2023-02-28 (List member's loyalty tiers), is what the P3M and MONTH of the printed campaigns give,
  though the page does not say that it is of one of them. A day that is the end of a period already stays.
- A tier that starts with the next period is granted in that period, and the ends of periods are counted from the period
  in which it is granted: "valid until the end of the period in which it was granted" (Loyalty tiers). Counted from the
  period before, END_OF_PERIOD would expire it before it starts.
- An end of a period is extended as a date: "not at the end of the month but on the 7th day of the next month" (Loyalty
  tiers); so a month after 30 June is 30 July, and a month after 28 February is 28 March. No sample shows months.
- Whatever hours a duration has, the tier lasts to the end of the day that they lead to: tiers are recalculated at
  midnight only.

Sources: https://docs.voucherify.io/build/loyalty-tiers, /build/loyalty-points, /build/create-tier-structures and
`loyalty_tiers_expiration` in https://docs.voucherify.io/api-reference/campaigns/campaign-object.
"""

from datetime import date, tzinfo

from msgspec import Struct

from loyalty_stream.domains.campaigns.periods import first_day_of_next, last_day, last_day_of_month
from loyalty_stream.domains.campaigns.tier_expiry_rules import (
    Balance,
    BalanceDrop,
    CalendarRounding,
    ExpiryRules,
    MonthRounding,
    PeriodExpiration,
    PeriodStart,
    PointsInPeriod,
)
from loyalty_stream.model.durations import Duration
from loyalty_stream.model.instants import day_ends_at, day_starts_at, local_day, plus
from loyalty_stream.model.zones import zone_named


class TierTerm(Struct, frozen=True, gc=False):
    """How long a tier lasts: from an instant on, and until just before another one, in milliseconds since the epoch.

    `expires_on` is the last day of the tier in the project's time zone, as the vendor writes it. Both ends are None
    where the tier has no date, because it lasts for as long as the balance does.
    """

    starts_at_ms: int
    expires_at_ms: int | None = None
    expires_on: date | None = None


def tier_term(rules: ExpiryRules, reached_at_ms: int, zone_name: str) -> TierTerm:
    """Return when a tier that was reached at an instant, in milliseconds, starts and expires.

    `zone_name` is the project's time zone by its IANA name. Raise ZoneError where there is none of that name.
    """
    zone = zone_named(zone_name)
    if isinstance(rules, PointsInPeriod):
        return _period_term(rules, reached_at_ms, zone)
    return _balance_term(rules, reached_at_ms, zone)


def rounded(day: date, rounding: CalendarRounding | MonthRounding | None) -> date:
    """Return the expiration date that a rounding makes of one: the same day or a later one."""
    match rounding:
        case None:
            return day
        case CalendarRounding(period=period):
            return last_day(period, day)
        case MonthRounding(month=month):
            year = day.year if day.month <= month + 1 else min(day.year + 1, date.max.year)
            return last_day_of_month(year, month + 1)


def _balance_term(rules: Balance, reached_at_ms: int, zone: tzinfo) -> TierTerm:
    if isinstance(rules.expiration, BalanceDrop):
        return TierTerm(reached_at_ms)
    extended = local_day(plus(reached_at_ms, rules.expiration.extend, zone), zone)
    return _term(reached_at_ms, rounded(extended, rules.expiration.rounding), zone)


def _period_term(rules: PointsInPeriod, reached_at_ms: int, zone: tzinfo) -> TierTerm:
    period, starts_at_ms, granted_on = rules.qualification_period, reached_at_ms, local_day(reached_at_ms, zone)
    if rules.start is PeriodStart.NEXT_PERIOD:
        granted_on = first_day_of_next(period, granted_on)
        starts_at_ms = day_starts_at(granted_on, zone)
    expires_on = last_day(period, granted_on)
    if rules.expiration is PeriodExpiration.END_OF_NEXT_PERIOD:
        expires_on = last_day(period, first_day_of_next(period, granted_on))
    return _term(starts_at_ms, _extended(expires_on, rules.extend, zone), zone)


def _extended(expires_on: date, extend: Duration | None, zone: tzinfo) -> date:
    """Return the day that a duration after the last moment of a day lies in."""
    return expires_on if extend is None else local_day(plus(day_ends_at(expires_on, zone) - 1, extend, zone), zone)


def _term(starts_at_ms: int, expires_on: date, zone: tzinfo) -> TierTerm:
    return TierTerm(starts_at_ms, day_ends_at(expires_on, zone), expires_on)
