"""How long a tier lasts by its campaign's rules: a model of its own, from the vendor's reference.

Source: `loyalty_tiers_expiration` of the campaign object and https://docs.voucherify.io/build/loyalty-tiers.
"""

from calendar import monthrange
from datetime import date, timedelta
from typing import Final

from loyalty_stream.simulate.voucherify.world import Json

_MONTHS: Final = {"MONTH": 1, "QUARTER": 3, "HALF_YEAR": 6, "YEAR": 12}
_DAY: Final = timedelta(days=1)


def last_day_of_tier(rules: Json | None, reached_on: date) -> date | None:
    """Return the last day of a tier that was reached on a day of the project's; None where it has none."""
    if rules is None:
        return None
    end = rules["expiration_date"]
    if rules["qualification_type"] == "BALANCE":
        if end["type"] == "BALANCE_DROP":
            return None
        return _rounded(_later(reached_on, end["extend"]), end.get("rounding"))
    months = _MONTHS[rules["qualification_period"]]
    begins = date(reached_on.year, (reached_on.month - 1) // months * months + 1, 1)
    periods = 1 + (rules["start_date"]["type"] == "NEXT_PERIOD") + (end["type"] == "END_OF_NEXT_PERIOD")
    last = _months_later(begins, periods * months) - _DAY
    return _later(last, end.get("extend") or rules.get("extend") or "P0D")


def _later(day: date, duration: str) -> date:
    number = int(duration[1:-1])
    return _months_later(day, number) if duration.endswith("M") else day + timedelta(days=number)


def _months_later(day: date, months: int) -> date:
    month = 12 * day.year + day.month - 1 + months
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _rounded(day: date, rounding: Json | None) -> date:
    """Return the end of the period that a day lies in, or of the next month of a number, 0 being January."""
    if rounding is None:
        return day
    months = _MONTHS.get(rounding["type"])
    if months is not None:
        return _months_later(date(day.year, (day.month - 1) // months * months + 1, 1), months) - _DAY
    month = rounding["value"] + 1
    year = day.year + (day.month > month)
    return date(year, month, monthrange(year, month)[1])
