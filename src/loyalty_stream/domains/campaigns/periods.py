"""The calendar periods of loyalty tiers: month, quarter, half-year and year.

Source: qualification_period of loyalty_tiers_expiration in Voucherify's campaign object: quarters are January to March,
April to June, July to September, October to December; half-years January to June and July to December.
"""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum
from typing import Final


class Period(StrEnum):
    """A period of the calendar, by Voucherify's name."""

    MONTH = "MONTH"
    QUARTER = "QUARTER"
    HALF_YEAR = "HALF_YEAR"
    YEAR = "YEAR"


_MONTHS: Final = {Period.MONTH: 1, Period.QUARTER: 3, Period.HALF_YEAR: 6, Period.YEAR: 12}


def last_day(period: Period, day: date) -> date:
    """Return the last day of the period that a day lies in."""
    months = _MONTHS[period]
    return last_day_of_month(day.year, (day.month - 1) // months * months + months)


def first_day_of_next(period: Period, day: date) -> date:
    """Return the first day of the period after the one that a day lies in; the calendar's last day has none after."""
    last = last_day(period, day)
    return last if last == date.max else last + timedelta(days=1)


def last_day_of_month(year: int, month: int) -> date:
    """Return the last day of a month, January being 1."""
    return date(year, month, monthrange(year, month)[1])
