"""When coupons fall due: so many days before the day on which a coupon ends that may still be used."""

from collections.abc import Iterable
from datetime import date, tzinfo
from typing import Final

from loyalty_stream.domains.coupons.events import CouponExpiryNeared
from loyalty_stream.domains.coupons.state import Coupon, CouponsState
from loyalty_stream.model.due import Due, DueRule
from loyalty_stream.model.instants import day_ends_at, day_starts_at, local_day

_UNUSED: Final = frozenset({"issued", "rolled_back"})


def unused_until(coupon: Coupon) -> int | None:
    """Return the end, in milliseconds, of a coupon that is not used; None for one without an end, or used."""
    return coupon.valid_till if coupon.state in _UNUSED else None


def dates(state: CouponsState, zone: tzinfo) -> Iterable[Due]:
    """Return the days on which coupons end; they belong to no programme."""
    ends = {end for coupon in state.coupons.values() if (end := unused_until(coupon)) is not None}
    return (("", local_day(end, zone)) for end in ends)


def fact(_program_id: str, day: date, days_ahead: int, zone: tzinfo) -> CouponExpiryNeared:
    """Return the fact that the end of coupons is near."""
    return CouponExpiryNeared(day_starts_at(day, zone), day_ends_at(day, zone), days_ahead)


DUE: Final = DueRule(dates, (7, 1), fact)
