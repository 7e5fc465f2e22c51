"""Merge two customers' coupons.

Coupons are known by the vendor's ids, so one that both have is one coupon that was used under both ids: what either
counted adds up, and a redemption that both know counts once.
Source: loyaltyCustomerMerge in https://docs.capillarytech.com/docs/event-schema-payload.
"""

from typing import Final

from loyalty_stream.domains.coupons.state import REDEMPTIONS_KEPT, Coupon, CouponsState
from loyalty_stream.model.events import CanonicalEvent
from loyalty_stream.model.merge import CustomerMerge, MergeRules, known, leave_silently, united
from loyalty_stream.model.outcome import Applied


def absorb(
    survivor: CouponsState, victim: CouponsState, _event: CanonicalEvent, _merge: CustomerMerge
) -> Applied[CouponsState]:
    """Give the survivor the coupons of both."""
    return Applied(CouponsState(united(survivor.coupons, victim.coupons, _joined)))


def count(state: CouponsState) -> int:
    """Return how many coupons there are."""
    return len(state.coupons)


MERGE_RULES: Final = MergeRules(leave=leave_silently, absorb=absorb, count=count)


def _joined(ours: Coupon, theirs: Coupon) -> Coupon:
    """Return one coupon of two: redeemed if either is, with the survivor's details where they are known."""
    older, newer = sorted((theirs, ours), key=lambda coupon: coupon.redeemed_on or 0)
    redemptions = tuple(dict.fromkeys([*older.redemptions, *newer.redemptions]))
    told_twice = len(older.redemptions) + len(newer.redemptions) - len(redemptions)
    return Coupon(
        code_hash=ours.code_hash,
        state="redeemed" if theirs.state == "redeemed" else ours.state,
        uses=max(ours.uses + theirs.uses - told_twice, 0),  # one that was taken back is told, and not counted
        series_id=known(ours.series_id, theirs.series_id),
        discount_type=known(ours.discount_type, theirs.discount_type),
        discount_value=known(ours.discount_value, theirs.discount_value),
        valid_till=known(ours.valid_till, theirs.valid_till),
        issued_on=known(ours.issued_on, theirs.issued_on),
        redeemed_on=known(newer.redeemed_on, older.redeemed_on),
        redemptions=redemptions[-REDEMPTIONS_KEPT:],
    )
