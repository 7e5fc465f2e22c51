"""What is kept of a customer's coupons."""

from decimal import Decimal
from typing import Final, Literal

from msgspec import Struct, field

CouponState = Literal["issued", "redeemed", "rolled_back", "expired", "failed"]

REDEMPTIONS_KEPT: Final = 16


class Coupon(Struct, frozen=True, array_like=True, gc=False):
    """One coupon; `redemptions` are the ids of its last redemptions, oldest first, at most REDEMPTIONS_KEPT."""

    code_hash: str
    state: CouponState
    uses: int = 0
    series_id: str | None = None
    discount_type: str | None = None
    discount_value: Decimal | None = None
    valid_till: int | None = None
    issued_on: int | None = None
    redeemed_on: int | None = None
    redemptions: tuple[str, ...] = ()


class CouponsState(Struct, frozen=True, array_like=True, gc=False):
    """A customer's coupons by coupon id."""

    coupons: dict[str, Coupon] = field(default_factory=dict)

    def with_coupon(self, coupon_id: str, coupon: Coupon) -> "CouponsState":
        """Return a new state in which one coupon is replaced."""
        return CouponsState({**self.coupons, coupon_id: coupon})
