"""What is published about coupons."""

from decimal import Decimal

from loyalty_stream.domains.coupons.state import CouponState
from loyalty_stream.model.events import DerivedBody


class CouponStateChanged(DerivedBody, frozen=True, gc=False):
    """A coupon was issued or used; `uses` counts after it, `valid_till` is in milliseconds since the epoch."""

    coupon_id: str
    code_hash: str
    series_id: str | None
    from_state: CouponState | None
    to_state: CouponState
    uses: int
    discount_type: str | None
    discount_value: Decimal | None
    valid_till: int | None


class CouponExpiringSoon(DerivedBody, frozen=True, gc=False):
    """A coupon that is not used will end at `valid_till`, in milliseconds since the epoch, by our own clock."""

    coupon_id: str
    code_hash: str
    series_id: str | None
    discount_type: str | None
    discount_value: Decimal | None
    valid_till: int
