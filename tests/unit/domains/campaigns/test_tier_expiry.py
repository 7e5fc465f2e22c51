"""When tiers start and expire: a table of dated cases, each with the sentence that it follows.

Sentences are the words of Voucherify's campaign object (`loyalty_tiers_expiration`); those in GUIDE are of its guides:
Loyalty tiers, Loyalty points and Create tier structures at https://docs.voucherify.io/build.
"""

from datetime import date
from typing import Final, NamedTuple

import pytest
from msgspec import msgpack

from loyalty_stream.domains.campaigns.periods import Period, first_day_of_next, last_day
from loyalty_stream.domains.campaigns.tier_expiry import TierTerm, rounded, tier_term
from loyalty_stream.domains.campaigns.tier_expiry_rules import (
    Balance,
    BalanceDrop,
    CalendarRounding,
    Custom,
    ExpiryRules,
    ExpiryRulesError,
    MonthRounding,
    PeriodExpiration,
    PeriodStart,
    PointsInPeriod,
)
from loyalty_stream.model.durations import parse_duration
from loyalty_stream.model.instants import local_day
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.model.zones import ZoneError, zone_named
from tests.helpers.instants import ms

MONTH, QUARTER, HALF_YEAR, YEAR = Period
IMMEDIATE, NEXT_PERIOD = PeriodStart
END_OF_PERIOD, END_OF_NEXT_PERIOD = PeriodExpiration
WARSAW, NEW_YORK, KOLKATA = "Europe/Warsaw", "America/New_York", "Asia/Kolkata"
LORD_HOWE, APIA, HAVANA = "Australia/Lord_Howe", "Pacific/Apia", "America/Havana"


class Says:
    """Sentences of the reference."""

    BALANCE_DROP: Final = "BALANCE_DROP: Tier expires when the points balance drops below the required range"
    COUNTER: Final = "The expiration date counter starts when the customer reaches the minimum required points"
    P3M: Final = "a tier with a duration of P3M will be valid for a duration of 3 months"
    EXTEND: Final = "the amount of time the tier will remain active in ISO 8601 format"
    TO_MONTH: Final = "MONTH: rounded to the end of the month"
    TO_QUARTER: Final = "QUARTER: rounded to the end of the quarter"
    TO_HALF_YEAR: Final = "HALF_YEAR: rounded to the half year"
    TO_YEAR: Final = "YEAR: rounded to the end of the year"
    TO_ONE_MONTH: Final = "a custom rounding: value 0: January ... 11: December, strategy END"
    AT_ONCE: Final = "IMMEDIATE: After reaching the minimum required points"
    NEXT: Final = "NEXT_PERIOD: When the next qualification period starts"
    THIS_END: Final = "END_OF_PERIOD: Expire tier at the end of the period"
    NEXT_END: Final = "END_OF_NEXT_PERIOD: Expire tier at the end of the next period"
    ONE_MORE_DAY: Final = "a duration of P1D will be valid for an additional duration of 1 day"
    THREE_MORE_MONTHS: Final = "a duration of P3M will be valid for an additional duration of 3 months"


class Guide:
    """Sentences of the guides, for what the reference leaves open."""

    MIDNIGHT: Final = "2025-12-31 means that the tier will expire on 2026-01-01 00:00"
    FROM_20_JULY: Final = "30 days from 20 July ... will expire on midnight 00:00 of the 20 August"
    ONE_MONTH: Final = "1 month: earned on 25th January are available until the end of 25th February"
    NO_MONTHS: Final = "0 months: earned on 1st January will expire on 00:00 of 2nd January"
    SHORT_MONTH: Final = "earned on 31st January with one month will expire at the end of 28th February"
    SAMPLE: Final = "start_date 2022-11-10, expiration_date 2023-02-28 (a printed tier; P3M and MONTH give it)"
    GRANTED: Final = "from 10th March until 31st March"
    GRANTED_NEXT: Final = "from 10th March until 30 April"
    STARTS: Final = "reached on the 10th of March, the tier will start from the 1st of April"
    SEVENTH: Final = "not at the end of the month but on the 7th day of the next month"
    ZONE: Final = "at midnight in the timezone set in Project settings"


class Case(NamedTuple):
    """One row: the sentence, the rules, the zone, when the tier was reached, and when it expires and starts.

    Without an expiry it has none, without a start it starts when it is reached.
    """

    says: str
    rules: ExpiryRules
    zone: str
    reached: str
    expires: str | None
    starts: str | None = None


def custom(extend: str, rounding: Period | int | None = None) -> Balance:
    """Return the rules of CUSTOM, with a period to round to or the number of a month."""
    if isinstance(rounding, Period):
        return Balance(Custom(parse_duration(extend), CalendarRounding(rounding)))
    return Balance(Custom(parse_duration(extend), None if rounding is None else MonthRounding(rounding)))


def points(
    period: Period, start: PeriodStart, expiration: PeriodExpiration, extend: str | None = None
) -> PointsInPeriod:
    """Return the rules of POINTS_IN_PERIOD."""
    return PointsInPeriod(period, start, expiration, None if extend is None else parse_duration(extend))


BALANCE_DROP: Final = (
    Case(Says.BALANCE_DROP, Balance(BalanceDrop()), WARSAW, "2026-07-20T10:00+02:00", None),
    Case(Says.BALANCE_DROP, Balance(BalanceDrop()), APIA, "2011-12-29T23:59:59.999-10:00", None),
    Case(Says.BALANCE_DROP, Balance(BalanceDrop()), NEW_YORK, "2024-02-29T00:00-05:00", None),
)

EXTEND: Final = (
    Case(Guide.FROM_20_JULY, custom("P30D"), WARSAW, "2026-07-20T10:00+02:00", "2026-08-20T00:00+02:00"),
    Case(Guide.FROM_20_JULY, custom("P30D"), WARSAW, "2026-07-20T00:00+02:00", "2026-08-20T00:00+02:00"),
    Case(Guide.FROM_20_JULY, custom("P30D"), WARSAW, "2026-07-20T23:59:59.999+02:00", "2026-08-20T00:00+02:00"),
    Case(Guide.ONE_MONTH, custom("P1M"), WARSAW, "2026-01-25T12:00+01:00", "2026-02-26T00:00+01:00"),
    Case(Guide.NO_MONTHS, custom("P0M"), WARSAW, "2026-01-01T09:00+01:00", "2026-01-02T00:00+01:00"),
    Case(Guide.SHORT_MONTH, custom("P1M"), WARSAW, "2026-01-31T09:00+01:00", "2026-03-01T00:00+01:00"),
    Case(Guide.SHORT_MONTH, custom("P1M"), WARSAW, "2024-01-31T09:00+01:00", "2024-03-01T00:00+01:00"),
    Case(Guide.SHORT_MONTH, custom("P1M"), WARSAW, "2024-01-29T09:00+01:00", "2024-03-01T00:00+01:00"),
    Case(Guide.SHORT_MONTH, custom("P1Y"), WARSAW, "2024-02-29T09:00+01:00", "2025-03-01T00:00+01:00"),
    Case(Guide.SHORT_MONTH, custom("P4Y"), WARSAW, "2024-02-29T09:00+01:00", "2028-03-01T00:00+01:00"),
    Case(Guide.SHORT_MONTH, custom("P3M"), WARSAW, "2026-08-31T09:00+02:00", "2026-12-01T00:00+01:00"),
    Case(Says.P3M, custom("P3M"), WARSAW, "2026-05-10T09:00+02:00", "2026-08-11T00:00+02:00"),
    Case(Says.P3M, custom("P3M"), WARSAW, "2026-11-15T09:00+01:00", "2027-02-16T00:00+01:00"),
    Case(Says.P3M, custom("P3M"), KOLKATA, "2026-02-28T23:59+05:30", "2026-05-29T00:00+05:30"),
    Case(Says.COUNTER, custom("P1M15D"), WARSAW, "2026-01-31T09:00+01:00", "2026-03-16T00:00+01:00"),
    Case(Says.COUNTER, custom("P1D"), WARSAW, "2026-12-31T23:59:59.999+01:00", "2027-01-02T00:00+01:00"),
    Case(Guide.MIDNIGHT, custom("P1D"), WARSAW, "2025-12-30T09:00+01:00", "2026-01-01T00:00+01:00"),
    Case(Guide.MIDNIGHT, custom("P364D"), NEW_YORK, "2025-01-01T00:00-05:00", "2026-01-01T00:00-05:00"),
    # Hours lead to a day, and that day counts to its end.
    Case(Says.EXTEND, custom("PT12H"), WARSAW, "2026-05-10T10:00+02:00", "2026-05-11T00:00+02:00"),
    Case(Says.EXTEND, custom("PT12H"), WARSAW, "2026-05-10T13:00+02:00", "2026-05-12T00:00+02:00"),
    Case(Says.EXTEND, custom("P1DT12H"), WARSAW, "2026-05-10T13:00+02:00", "2026-05-13T00:00+02:00"),
    # Where clocks change on the way.
    Case(Guide.ZONE, custom("P2W"), WARSAW, "2026-03-16T09:00+01:00", "2026-03-31T00:00+02:00"),
    Case(Guide.ZONE, custom("P1D"), WARSAW, "2026-03-28T02:30+01:00", "2026-03-30T00:00+02:00"),
    Case(Guide.ZONE, custom("P1D"), WARSAW, "2026-03-28T23:30+01:00", "2026-03-30T00:00+02:00"),
    Case(Guide.ZONE, custom("PT24H"), WARSAW, "2026-03-28T23:30+01:00", "2026-03-31T00:00+02:00"),
    Case(Guide.ZONE, custom("P1D"), NEW_YORK, "2026-10-31T23:30-04:00", "2026-11-02T00:00-05:00"),
    Case(Guide.ZONE, custom("PT24H"), NEW_YORK, "2026-11-01T00:30-04:00", "2026-11-02T00:00-05:00"),
    Case(Guide.ZONE, custom("PT24H"), LORD_HOWE, "2024-04-06T23:45+11:00", "2024-04-08T00:00+10:30"),
    Case(Guide.ZONE, custom("P1D"), LORD_HOWE, "2024-10-05T02:15+10:30", "2024-10-07T00:00+11:00"),
    Case(Guide.ZONE, custom("P1D"), APIA, "2011-12-29T10:00-10:00", "2012-01-01T00:00+14:00"),
    Case(Guide.ZONE, custom("P1M"), APIA, "2011-11-30T12:00-10:00", "2012-01-01T00:00+14:00"),
    Case(Guide.ZONE, custom("P0D"), APIA, "2011-12-29T23:59-10:00", "2011-12-31T00:00+14:00"),
    Case(Guide.ZONE, custom("P0D"), HAVANA, "2024-03-09T10:00-05:00", "2024-03-10T01:00-04:00"),
    Case(Guide.ZONE, custom("P0D"), HAVANA, "2024-11-02T10:00-04:00", "2024-11-03T00:00-04:00"),
    Case(Guide.ZONE, custom("P0D"), "America/St_Johns", "2010-11-06T23:30-02:30", "2010-11-07T00:00-03:30"),
)

ROUNDED_TO_PERIODS: Final = (
    Case(Guide.SAMPLE, custom("P3M", MONTH), WARSAW, "2022-11-10T09:54:47.200+01:00", "2023-03-01T00:00+01:00"),
    Case(Says.TO_MONTH, custom("P1M", MONTH), WARSAW, "2026-01-05T09:00+01:00", "2026-03-01T00:00+01:00"),
    Case(Says.TO_MONTH, custom("P3M", MONTH), WARSAW, "2025-12-31T09:00+01:00", "2026-04-01T00:00+02:00"),
    Case(Says.TO_MONTH, custom("P3M", MONTH), WARSAW, "2023-11-29T09:00+01:00", "2024-03-01T00:00+01:00"),
    Case(Says.TO_MONTH, custom("P1M", MONTH), NEW_YORK, "2026-10-02T09:00-04:00", "2026-12-01T00:00-05:00"),
    Case(Says.TO_MONTH, custom("P1D", MONTH), KOLKATA, "2026-12-31T09:00+05:30", "2027-02-01T00:00+05:30"),
    Case(Says.TO_MONTH, custom("P1D", MONTH), APIA, "2011-12-10T09:00-10:00", "2012-01-01T00:00+14:00"),
    # One instant, two months: 31 March in New York is 1 April in Warsaw.
    Case(Guide.ZONE, custom("P0D", MONTH), NEW_YORK, "2026-03-31T22:30+00:00", "2026-04-01T00:00-04:00"),
    Case(Guide.ZONE, custom("P0D", MONTH), WARSAW, "2026-03-31T22:30+00:00", "2026-05-01T00:00+02:00"),
    Case(Says.TO_QUARTER, custom("P3M", QUARTER), WARSAW, "2026-01-10T09:00+01:00", "2026-07-01T00:00+02:00"),
    Case(Says.TO_QUARTER, custom("P3M", QUARTER), WARSAW, "2026-03-31T09:00+02:00", "2026-07-01T00:00+02:00"),
    Case(Says.TO_QUARTER, custom("P3M", QUARTER), WARSAW, "2025-11-30T09:00+01:00", "2026-04-01T00:00+02:00"),
    Case(Says.TO_QUARTER, custom("P2M", QUARTER), WARSAW, "2026-08-15T09:00+02:00", "2027-01-01T00:00+01:00"),
    Case(Says.TO_QUARTER, custom("P24D", QUARTER), LORD_HOWE, "2024-03-10T09:00+11:00", "2024-07-01T00:00+10:30"),
    Case(Says.TO_HALF_YEAR, custom("P3M", HALF_YEAR), WARSAW, "2026-01-10T09:00+01:00", "2026-07-01T00:00+02:00"),
    Case(Says.TO_HALF_YEAR, custom("P3M", HALF_YEAR), WARSAW, "2026-03-31T09:00+02:00", "2026-07-01T00:00+02:00"),
    Case(Says.TO_HALF_YEAR, custom("P3M", HALF_YEAR), WARSAW, "2026-04-01T09:00+02:00", "2027-01-01T00:00+01:00"),
    Case(Says.TO_HALF_YEAR, custom("P1D", HALF_YEAR), NEW_YORK, "2025-12-30T09:00-05:00", "2026-01-01T00:00-05:00"),
    Case(Says.TO_HALF_YEAR, custom("P1D", HALF_YEAR), NEW_YORK, "2025-12-31T09:00-05:00", "2026-07-01T00:00-04:00"),
    Case(Says.TO_YEAR, custom("P3M", YEAR), WARSAW, "2026-02-10T09:00+01:00", "2027-01-01T00:00+01:00"),
    Case(Says.TO_YEAR, custom("P3M", YEAR), WARSAW, "2026-11-10T09:00+01:00", "2028-01-01T00:00+01:00"),
    Case(Says.TO_YEAR, custom("P1Y", YEAR), WARSAW, "2024-02-29T09:00+01:00", "2026-01-01T00:00+01:00"),
    Case(Says.TO_YEAR, custom("P1Y", YEAR), KOLKATA, "2026-12-31T23:59:59.999+05:30", "2028-01-01T00:00+05:30"),
    Case(Guide.MIDNIGHT, custom("P0D", YEAR), WARSAW, "2025-01-01T00:00+01:00", "2026-01-01T00:00+01:00"),
)

ROUNDED_TO_ONE_MONTH: Final = (
    Case(Says.TO_ONE_MONTH, custom("P2M", 0), WARSAW, "2026-11-10T09:00+01:00", "2027-02-01T00:00+01:00"),
    Case(Says.TO_ONE_MONTH, custom("P3M", 0), WARSAW, "2026-01-10T09:00+01:00", "2027-02-01T00:00+01:00"),
    Case(Says.TO_ONE_MONTH, custom("P1M", 0), WARSAW, "2025-12-31T09:00+01:00", "2026-02-01T00:00+01:00"),
    Case(Says.TO_ONE_MONTH, custom("P1M", 1), WARSAW, "2026-01-31T09:00+01:00", "2026-03-01T00:00+01:00"),
    Case(Says.TO_ONE_MONTH, custom("P3M", 1), WARSAW, "2023-11-29T09:00+01:00", "2024-03-01T00:00+01:00"),
    Case(Says.TO_ONE_MONTH, custom("P0D", 1), WARSAW, "2027-03-01T09:00+01:00", "2028-03-01T00:00+01:00"),
    Case(Says.TO_ONE_MONTH, custom("P4M", 1), WARSAW, "2022-11-10T09:00+01:00", "2024-03-01T00:00+01:00"),
    Case(Says.TO_ONE_MONTH, custom("P1M", 2), WARSAW, "2026-02-15T09:00+01:00", "2026-04-01T00:00+02:00"),
    Case(Says.TO_ONE_MONTH, custom("P1M", 5), WARSAW, "2026-05-31T09:00+02:00", "2026-07-01T00:00+02:00"),
    Case(Says.TO_ONE_MONTH, custom("P2M", 5), WARSAW, "2026-05-31T09:00+02:00", "2027-07-01T00:00+02:00"),
    Case(Says.TO_ONE_MONTH, custom("P3M", 9), NEW_YORK, "2026-07-04T09:00-04:00", "2026-11-01T00:00-04:00"),
    Case(Says.TO_ONE_MONTH, custom("P3M", 11), WARSAW, "2026-02-10T09:00+01:00", "2027-01-01T00:00+01:00"),
    Case(Says.TO_ONE_MONTH, custom("P0D", 11), WARSAW, "2026-12-31T09:00+01:00", "2027-01-01T00:00+01:00"),
    Case(Says.TO_ONE_MONTH, custom("P1D", 11), WARSAW, "2026-12-31T09:00+01:00", "2028-01-01T00:00+01:00"),
    Case(Says.TO_ONE_MONTH, custom("P1D", 11), APIA, "2011-12-29T09:00-10:00", "2012-01-01T00:00+14:00"),
)

# Every pair of start and expiration for every period, reached in May: without an extension ...
MAY: Final = "2026-05-10T15:00+02:00"
JUNE_1, JULY_1, JANUARY_1 = "2026-06-01T00:00+02:00", "2026-07-01T00:00+02:00", "2027-01-01T00:00+01:00"
PERIODS: Final = (
    Case(Says.THIS_END, points(MONTH, IMMEDIATE, END_OF_PERIOD), WARSAW, MAY, JUNE_1),
    Case(Says.NEXT_END, points(MONTH, IMMEDIATE, END_OF_NEXT_PERIOD), WARSAW, MAY, JULY_1),
    Case(Says.NEXT, points(MONTH, NEXT_PERIOD, END_OF_PERIOD), WARSAW, MAY, JULY_1, JUNE_1),
    Case(Says.NEXT, points(MONTH, NEXT_PERIOD, END_OF_NEXT_PERIOD), WARSAW, MAY, "2026-08-01T00:00+02:00", JUNE_1),
    Case(Says.THIS_END, points(QUARTER, IMMEDIATE, END_OF_PERIOD), WARSAW, MAY, JULY_1),
    Case(Says.NEXT_END, points(QUARTER, IMMEDIATE, END_OF_NEXT_PERIOD), WARSAW, MAY, "2026-10-01T00:00+02:00"),
    Case(Says.NEXT, points(QUARTER, NEXT_PERIOD, END_OF_PERIOD), WARSAW, MAY, "2026-10-01T00:00+02:00", JULY_1),
    Case(Says.NEXT, points(QUARTER, NEXT_PERIOD, END_OF_NEXT_PERIOD), WARSAW, MAY, JANUARY_1, JULY_1),
    Case(Says.THIS_END, points(HALF_YEAR, IMMEDIATE, END_OF_PERIOD), WARSAW, MAY, JULY_1),
    Case(Says.NEXT_END, points(HALF_YEAR, IMMEDIATE, END_OF_NEXT_PERIOD), WARSAW, MAY, JANUARY_1),
    Case(Says.NEXT, points(HALF_YEAR, NEXT_PERIOD, END_OF_PERIOD), WARSAW, MAY, JANUARY_1, JULY_1),
    Case(Says.NEXT, points(HALF_YEAR, NEXT_PERIOD, END_OF_NEXT_PERIOD), WARSAW, MAY, "2027-07-01T00:00+02:00", JULY_1),
    Case(Says.THIS_END, points(YEAR, IMMEDIATE, END_OF_PERIOD), WARSAW, MAY, JANUARY_1),
    Case(Says.NEXT_END, points(YEAR, IMMEDIATE, END_OF_NEXT_PERIOD), WARSAW, MAY, "2028-01-01T00:00+01:00"),
    Case(Says.NEXT, points(YEAR, NEXT_PERIOD, END_OF_PERIOD), WARSAW, MAY, "2028-01-01T00:00+01:00", JANUARY_1),
    Case(Says.NEXT, points(YEAR, NEXT_PERIOD, END_OF_NEXT_PERIOD), WARSAW, MAY, "2029-01-01T00:00+01:00", JANUARY_1),
)

# ... and with one: of days, so that the last day moves by as many, and of months, so that it keeps its number.
EXTENDED_PERIODS: Final = (
    Case(Guide.SEVENTH, points(MONTH, IMMEDIATE, END_OF_PERIOD, "P7D"), WARSAW, MAY, "2026-06-08T00:00+02:00"),
    Case(Guide.SEVENTH, points(MONTH, IMMEDIATE, END_OF_NEXT_PERIOD, "P7D"), WARSAW, MAY, "2026-07-08T00:00+02:00"),
    Case(
        Says.ONE_MORE_DAY,
        points(MONTH, NEXT_PERIOD, END_OF_PERIOD, "P1D"),
        WARSAW,
        MAY,
        "2026-07-02T00:00+02:00",
        JUNE_1,
    ),
    Case(
        Says.THREE_MORE_MONTHS,
        points(MONTH, NEXT_PERIOD, END_OF_NEXT_PERIOD, "P3M"),
        WARSAW,
        MAY,
        "2026-11-01T00:00+01:00",
        JUNE_1,
    ),
    Case(Says.ONE_MORE_DAY, points(QUARTER, IMMEDIATE, END_OF_PERIOD, "P1D"), WARSAW, MAY, "2026-07-02T00:00+02:00"),
    Case(
        Says.THREE_MORE_MONTHS,
        points(QUARTER, IMMEDIATE, END_OF_NEXT_PERIOD, "P3M"),
        WARSAW,
        MAY,
        "2026-12-31T00:00+01:00",
    ),
    Case(
        Says.ONE_MORE_DAY,
        points(QUARTER, NEXT_PERIOD, END_OF_PERIOD, "P1D"),
        WARSAW,
        MAY,
        "2026-10-02T00:00+02:00",
        JULY_1,
    ),
    Case(
        Says.THREE_MORE_MONTHS,
        points(QUARTER, NEXT_PERIOD, END_OF_NEXT_PERIOD, "P3M"),
        WARSAW,
        MAY,
        "2027-04-01T00:00+02:00",
        JULY_1,
    ),
    Case(
        Says.THREE_MORE_MONTHS,
        points(HALF_YEAR, IMMEDIATE, END_OF_PERIOD, "P3M"),
        WARSAW,
        MAY,
        "2026-10-01T00:00+02:00",
    ),
    Case(
        Says.ONE_MORE_DAY,
        points(HALF_YEAR, IMMEDIATE, END_OF_NEXT_PERIOD, "P1D"),
        WARSAW,
        MAY,
        "2027-01-02T00:00+01:00",
    ),
    Case(
        Says.THREE_MORE_MONTHS,
        points(HALF_YEAR, NEXT_PERIOD, END_OF_PERIOD, "P3M"),
        WARSAW,
        MAY,
        "2027-04-01T00:00+02:00",
        JULY_1,
    ),
    Case(
        Says.ONE_MORE_DAY,
        points(HALF_YEAR, NEXT_PERIOD, END_OF_NEXT_PERIOD, "P1D"),
        WARSAW,
        MAY,
        "2027-07-02T00:00+02:00",
        JULY_1,
    ),
    Case(Says.THREE_MORE_MONTHS, points(YEAR, IMMEDIATE, END_OF_PERIOD, "P3M"), WARSAW, MAY, "2027-04-01T00:00+02:00"),
    Case(Says.ONE_MORE_DAY, points(YEAR, IMMEDIATE, END_OF_NEXT_PERIOD, "P1D"), WARSAW, MAY, "2028-01-02T00:00+01:00"),
    Case(
        Says.THREE_MORE_MONTHS,
        points(YEAR, NEXT_PERIOD, END_OF_PERIOD, "P3M"),
        WARSAW,
        MAY,
        "2028-04-01T00:00+02:00",
        JANUARY_1,
    ),
    Case(
        Says.ONE_MORE_DAY,
        points(YEAR, NEXT_PERIOD, END_OF_NEXT_PERIOD, "P1D"),
        WARSAW,
        MAY,
        "2029-01-02T00:00+01:00",
        JANUARY_1,
    ),
)

MARCH_10, APRIL_1, MAY_1 = "2026-03-10T09:00+01:00", "2026-04-01T00:00+02:00", "2026-05-01T00:00+02:00"
PERIOD_BORDERS: Final = (
    Case(Guide.GRANTED, points(MONTH, IMMEDIATE, END_OF_PERIOD), WARSAW, MARCH_10, APRIL_1),
    Case(Guide.GRANTED_NEXT, points(MONTH, IMMEDIATE, END_OF_NEXT_PERIOD), WARSAW, MARCH_10, MAY_1),
    Case(Guide.STARTS, points(MONTH, NEXT_PERIOD, END_OF_PERIOD), WARSAW, MARCH_10, MAY_1, APRIL_1),
    Case(Says.AT_ONCE, points(MONTH, IMMEDIATE, END_OF_PERIOD), WARSAW, "2026-03-31T23:59:59.999+02:00", APRIL_1),
    Case(Says.AT_ONCE, points(MONTH, IMMEDIATE, END_OF_PERIOD), WARSAW, APRIL_1, MAY_1),
    Case(Says.NEXT, points(MONTH, NEXT_PERIOD, END_OF_PERIOD), WARSAW, "2026-03-31T23:59:59.999+02:00", MAY_1, APRIL_1),
    Case(Says.NEXT, points(MONTH, NEXT_PERIOD, END_OF_PERIOD), WARSAW, APRIL_1, JUNE_1, MAY_1),
    # February, and the turn of the year.
    Case(
        Says.THIS_END,
        points(MONTH, IMMEDIATE, END_OF_PERIOD),
        WARSAW,
        "2024-02-29T09:00+01:00",
        "2024-03-01T00:00+01:00",
    ),
    Case(
        Says.NEXT_END,
        points(MONTH, IMMEDIATE, END_OF_NEXT_PERIOD),
        WARSAW,
        "2024-01-31T09:00+01:00",
        "2024-03-01T00:00+01:00",
    ),
    Case(
        Says.NEXT,
        points(QUARTER, NEXT_PERIOD, END_OF_PERIOD),
        WARSAW,
        "2026-12-31T23:59:59.999+01:00",
        "2027-04-01T00:00+02:00",
        JANUARY_1,
    ),
    Case(
        Guide.SEVENTH,
        points(MONTH, IMMEDIATE, END_OF_PERIOD, "P1M"),
        WARSAW,
        "2026-02-10T09:00+01:00",
        "2026-03-29T00:00+01:00",  # 28 February and a month is 28 March, the day before clocks change
    ),
    Case(
        Guide.SEVENTH,
        points(MONTH, IMMEDIATE, END_OF_PERIOD, "P1M"),
        WARSAW,
        "2024-02-29T09:00+01:00",
        "2024-03-30T00:00+01:00",
    ),
    Case(
        Guide.SHORT_MONTH,
        points(MONTH, IMMEDIATE, END_OF_PERIOD, "P1M"),
        WARSAW,
        "2026-01-10T09:00+01:00",
        "2026-03-01T00:00+01:00",
    ),
    Case(
        Says.ONE_MORE_DAY,
        points(YEAR, IMMEDIATE, END_OF_PERIOD, "P0D"),
        WARSAW,
        "2025-06-10T09:00+02:00",
        "2026-01-01T00:00+01:00",
    ),
    Case(Says.ONE_MORE_DAY, points(MONTH, IMMEDIATE, END_OF_PERIOD, "PT12H"), WARSAW, MAY, "2026-06-02T00:00+02:00"),
    # In other zones.
    Case(
        Guide.ZONE,
        points(MONTH, IMMEDIATE, END_OF_PERIOD),
        NEW_YORK,
        "2026-10-31T23:30-04:00",
        "2026-11-01T00:00-04:00",
    ),
    Case(
        Guide.ZONE,
        points(MONTH, NEXT_PERIOD, END_OF_PERIOD, "P1D"),
        NEW_YORK,
        "2026-10-31T23:30-04:00",
        "2026-12-02T00:00-05:00",
        "2026-11-01T00:00-04:00",
    ),
    Case(
        Guide.ZONE,
        points(YEAR, IMMEDIATE, END_OF_PERIOD),
        KOLKATA,
        "2025-12-31T18:30+00:00",  # New Year's Day in Kolkata
        "2027-01-01T00:00+05:30",
    ),
    Case(
        Guide.ZONE,
        points(QUARTER, IMMEDIATE, END_OF_PERIOD, "P1M"),
        LORD_HOWE,
        "2024-02-01T00:00+11:00",
        "2024-05-01T00:00+10:30",
    ),
    Case(
        Guide.ZONE,
        points(MONTH, IMMEDIATE, END_OF_NEXT_PERIOD),
        APIA,
        "2011-11-10T09:00-10:00",
        "2012-01-01T00:00+14:00",
    ),
    Case(
        Guide.ZONE,
        points(MONTH, IMMEDIATE, END_OF_PERIOD, "P30D"),
        APIA,
        "2011-11-10T09:00-10:00",
        "2012-01-01T00:00+14:00",  # 30 November and 30 days: a day that Apia left out, so the one after it
    ),
)

CASES: Final = (
    *BALANCE_DROP,
    *EXTEND,
    *ROUNDED_TO_PERIODS,
    *ROUNDED_TO_ONE_MONTH,
    *PERIODS,
    *EXTENDED_PERIODS,
    *PERIOD_BORDERS,
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.says} [{case.zone} {case.reached}]")
def test_a_tier_starts_and_expires_as_the_reference_says(case: Case) -> None:
    term = tier_term(case.rules, ms(case.reached), case.zone)
    assert term.starts_at_ms == ms(case.starts or case.reached), case.says
    assert term.expires_at_ms == (None if case.expires is None else ms(case.expires)), case.says


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.says} [{case.zone} {case.reached}]")
def test_the_expiration_date_is_the_last_day_of_the_tier(case: Case) -> None:
    term = tier_term(case.rules, ms(case.reached), case.zone)
    if term.expires_at_ms is None:
        assert term.expires_on is None
    else:
        assert term.expires_on == local_day(term.expires_at_ms - 1, zone_named(case.zone))


def test_the_tier_that_the_reference_prints_has_its_date() -> None:
    term = tier_term(custom("P3M", MONTH), ms("2022-11-10T08:54:47.200Z"), "UTC")
    assert term == TierTerm(ms("2022-11-10T08:54:47.200Z"), ms("2023-03-01T00:00Z"), date(2023, 2, 28))


def test_each_option_and_pair_of_options_is_in_the_table() -> None:
    rules = [case.rules for case in CASES]
    roundings = {
        each.expiration.rounding for each in rules if isinstance(each, Balance) and isinstance(each.expiration, Custom)
    }
    assert roundings >= {None, *map(CalendarRounding, Period), MonthRounding(0), MonthRounding(11)}
    pairs = {
        (each.qualification_period, each.start, each.expiration, each.extend is not None)
        for each in rules
        if isinstance(each, PointsInPeriod)
    }
    assert len(pairs) == 4 * 2 * 2 * 2


@pytest.mark.parametrize("month", [-1, 12])
def test_there_are_twelve_months_to_round_to(month: int) -> None:
    with pytest.raises(ExpiryRulesError, match="0 for January") as refused:
        MonthRounding(month)
    assert refused.value.reason is DeadLetterReason.WRONG_TYPE


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(ZoneError):
        tier_term(custom("P1D"), 0, "Mars/Phobos")


@pytest.mark.parametrize("rules", dict.fromkeys(case.rules for case in CASES), ids=str)
def test_rules_survive_their_encoding(rules: ExpiryRules) -> None:
    assert msgpack.decode(msgpack.encode(rules), type=ExpiryRules) == rules


@pytest.mark.parametrize(
    "rounding", [None, *map(CalendarRounding, Period), MonthRounding(0), MonthRounding(11)], ids=str
)
@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2025, 12, 31), date(2026, 1, 1)], ids=str)
def test_a_rounded_date_stays_where_it_is(day: date, rounding: CalendarRounding | MonthRounding | None) -> None:
    assert rounded(rounded(day, rounding), rounding) == rounded(day, rounding) >= day


@pytest.mark.parametrize("period", Period)
def test_the_calendar_ends_without_an_error(period: Period) -> None:
    assert last_day(period, date.max) == first_day_of_next(period, date.max) == date.max
    assert rounded(date.max, MonthRounding(0)) <= date.max
