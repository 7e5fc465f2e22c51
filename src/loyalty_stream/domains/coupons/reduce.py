"""Reduce coupon events to coupons.

A common code is redeemed many times and its limits are those of the series, which no event states: uses are counted,
and a redeemed coupon may be redeemed again. What an issue says of the coupon wins over what a redemption says, since
only an issue carries the coupon's own end of validity and a redemption that of the series.
Source: CouponIssue and CouponRedeem in https://docs.capillarytech.com/docs/event-schema-payload; series limits in
https://docs.capillarytech.com/reference/create-coupon-series; failures and rollbacks in Voucherify's customer activity,
https://docs.voucherify.io/api-reference/customers/customer-activity-object.
"""

from collections.abc import Callable
from typing import Final, Never

from msgspec.structs import replace

from loyalty_stream.domains.coupons.derived import CouponExpiringSoon, CouponStateChanged
from loyalty_stream.domains.coupons.due import unused_until
from loyalty_stream.domains.coupons.events import (
    CouponExpiryNeared,
    CouponFailed,
    CouponIssued,
    CouponRedeemed,
    CouponRolledBack,
)
from loyalty_stream.domains.coupons.state import REDEMPTIONS_KEPT, Coupon, CouponsState, CouponState
from loyalty_stream.model.due import NOTHING_DUE
from loyalty_stream.model.events import CanonicalEvent, EventBody
from loyalty_stream.model.outcome import DUPLICATE, Applied, Outcome


def issued(state: CouponsState, _event: CanonicalEvent, body: CouponIssued) -> Outcome[CouponsState]:
    """Add the coupon; an issue of a known one refreshes its details and leaves its state alone."""
    known = state.coupons.get(body.coupon_id)
    coupon = _issue_details(Coupon(body.code_hash, "issued") if known is None else known, body)
    after = state.with_coupon(body.coupon_id, coupon)
    return Applied(after, (_changed(body.coupon_id, None, coupon),) if known is None else ())


def redeemed(state: CouponsState, _event: CanonicalEvent, body: CouponRedeemed) -> Outcome[CouponsState]:
    """Count one use; a redemption may come before its issue, and one that was counted before is a duplicate."""
    known = state.coupons.get(body.coupon_id)
    before = Coupon(body.code_hash, "redeemed") if known is None else known
    if body.redemption_id is not None and body.redemption_id in before.redemptions:
        return DUPLICATE
    coupon = _used(before, body)
    from_state = None if known is None else known.state
    return Applied(state.with_coupon(body.coupon_id, coupon), (_changed(body.coupon_id, from_state, coupon),))


def failed(state: CouponsState, _event: CanonicalEvent, body: CouponFailed) -> Outcome[CouponsState]:
    """Tell the failure; the coupon, known or not, stays as it is."""
    known = state.coupons.get(body.coupon_id)
    coupon = Coupon(body.code_hash, "issued", series_id=body.series_id) if known is None else known
    told = _changed(body.coupon_id, None if known is None else known.state, replace(coupon, state="failed"))
    return Applied(state, (told,))


def rolled_back(state: CouponsState, _event: CanonicalEvent, body: CouponRolledBack) -> Outcome[CouponsState]:
    """Take one use back that was counted; one that was not is counted no more if it still comes."""
    known = state.coupons.get(body.coupon_id)
    before = Coupon(body.code_hash, "issued", series_id=body.series_id) if known is None else known
    redemptions = before.redemptions
    counted = body.redemption_id is None or body.redemption_id in redemptions
    if body.redemption_id is not None and not counted:
        redemptions = (*redemptions, body.redemption_id)[-REDEMPTIONS_KEPT:]
    uses = max(before.uses - 1, 0) if counted else before.uses
    coupon = replace(before, state="rolled_back", uses=uses, redemptions=redemptions)
    from_state = None if known is None else known.state
    return Applied(state.with_coupon(body.coupon_id, coupon), (_changed(body.coupon_id, from_state, coupon),))


def near_expiry(state: CouponsState, event: CanonicalEvent, body: CouponExpiryNeared) -> Outcome[CouponsState]:
    """Remind of each coupon that is not used and ends that day, but has not ended yet; it changes no coupon."""
    soon = tuple(
        CouponExpiringSoon(
            coupon_id, coupon.code_hash, coupon.series_id, coupon.discount_type, coupon.discount_value, end
        )
        for coupon_id, coupon in state.coupons.items()
        if (end := unused_until(coupon)) is not None
        and body.starts_at <= end < body.ends_at
        and end >= event.observed_at
    )
    return Applied(state, soon) if soon else NOTHING_DUE


REDUCERS: Final[dict[type[EventBody], Callable[[CouponsState, CanonicalEvent, Never], Outcome[CouponsState]]]] = {
    CouponIssued: issued,
    CouponRedeemed: redeemed,
    CouponFailed: failed,
    CouponRolledBack: rolled_back,
    CouponExpiryNeared: near_expiry,
}


def _issue_details(coupon: Coupon, body: CouponIssued) -> Coupon:
    """Return the coupon with what the issue says, and what was known where the issue says nothing."""
    return replace(
        coupon,
        code_hash=body.code_hash,
        series_id=coupon.series_id if body.series_id is None else body.series_id,
        discount_type=coupon.discount_type if body.discount_type is None else body.discount_type,
        discount_value=coupon.discount_value if body.discount_value is None else body.discount_value,
        valid_till=coupon.valid_till if body.valid_till is None else body.valid_till,
        issued_on=coupon.issued_on if body.issued_on is None else body.issued_on,
    )


def _used(coupon: Coupon, body: CouponRedeemed) -> Coupon:
    """Return the coupon with one more use, and with the redemption's details where none were known."""
    redemption = () if body.redemption_id is None else (body.redemption_id,)
    return replace(
        coupon,
        state="redeemed",
        uses=coupon.uses + 1,
        series_id=body.series_id if coupon.series_id is None else coupon.series_id,
        discount_type=body.discount_type if coupon.discount_type is None else coupon.discount_type,
        discount_value=body.discount_value if coupon.discount_value is None else coupon.discount_value,
        valid_till=body.valid_till if coupon.valid_till is None else coupon.valid_till,
        redeemed_on=coupon.redeemed_on if body.redeemed_on is None else body.redeemed_on,
        redemptions=(*coupon.redemptions, *redemption)[-REDEMPTIONS_KEPT:],
    )


def _changed(coupon_id: str, from_state: CouponState | None, coupon: Coupon) -> CouponStateChanged:
    """Return the derived event of a coupon as it is after the change."""
    return CouponStateChanged(
        coupon_id=coupon_id,
        code_hash=coupon.code_hash,
        series_id=coupon.series_id,
        from_state=from_state,
        to_state=coupon.state,
        uses=coupon.uses,
        discount_type=coupon.discount_type,
        discount_value=coupon.discount_value,
        valid_till=coupon.valid_till,
    )
