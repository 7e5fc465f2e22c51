"""The facts about coupons, whichever vendor states them.

A code is a bearer secret: only its hash travels. Times are milliseconds since the epoch. `valid_till` is the coupon's
own end where the vendor gives one, else that of its series.
"""

from decimal import Decimal

from loyalty_stream.model.events import EventBody


class CouponIssued(EventBody, frozen=True, gc=False, tag=True):
    """The customer received a coupon."""

    coupon_id: str
    code_hash: str
    series_id: str | None = None
    discount_type: str | None = None
    discount_value: Decimal | None = None
    valid_till: int | None = None
    issued_on: int | None = None


class CouponRedeemed(EventBody, frozen=True, gc=False, tag=True):
    """The customer used a coupon once; `bill_id` is None where it was used without a bill."""

    coupon_id: str
    code_hash: str
    redemption_id: str | None = None
    redeemed_on: int | None = None
    series_id: str | None = None
    discount_type: str | None = None
    discount_value: Decimal | None = None
    valid_till: int | None = None
    bill_id: str | None = None


class CouponFailed(EventBody, frozen=True, gc=False, tag=True):
    """A coupon could not be issued, used or given back; whatever it was before, it still is."""

    coupon_id: str
    code_hash: str
    series_id: str | None = None


class CouponRolledBack(EventBody, frozen=True, gc=False, tag=True):
    """One use of a coupon was taken back; `redemption_id` is that of the use."""

    coupon_id: str
    code_hash: str
    redemption_id: str | None = None
    series_id: str | None = None


class CouponExpiryNeared(EventBody, frozen=True, gc=False, tag=True):
    """By our own clock it is so many days until the day on which a coupon, or several, end; nothing has changed yet.

    The day is from `starts_at` to just before `ends_at`.
    """

    starts_at: int
    ends_at: int
    days_ahead: int
