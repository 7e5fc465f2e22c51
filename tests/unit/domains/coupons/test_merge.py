"""Merge two customers' coupons."""

from decimal import Decimal

from loyalty_stream.domains.coupons import DOMAIN
from loyalty_stream.domains.coupons.state import REDEMPTIONS_KEPT, Coupon, CouponsState
from tests.unit.domains.helpers import absorbed, left, rules_of


def merged(ours: Coupon, theirs: Coupon) -> Coupon:
    outcome = absorbed(DOMAIN, CouponsState({"1": ours}), CouponsState({"1": theirs}))
    assert outcome.derived == ()
    return outcome.state.coupons["1"]


def used(*redemptions: str, redeemed_on: int | None = None) -> Coupon:
    return Coupon("hash", "redeemed", len(redemptions), redeemed_on=redeemed_on, redemptions=redemptions)


def test_the_survivor_has_the_coupons_of_both() -> None:
    survivor, victim = CouponsState({"1": Coupon("a", "issued")}), CouponsState({"2": Coupon("b", "redeemed", 3)})
    outcome = absorbed(DOMAIN, survivor, victim)
    assert outcome.state == CouponsState({"1": Coupon("a", "issued"), "2": Coupon("b", "redeemed", 3)})
    assert outcome.derived == ()


def test_the_victims_key_tells_nothing() -> None:
    assert left(DOMAIN, CouponsState({"1": Coupon("a", "issued")})) == ()


def test_uses_of_one_coupon_add_up() -> None:
    assert merged(Coupon("a", "redeemed", 2), Coupon("a", "redeemed", 3)).uses == 5


def test_a_redemption_that_both_know_counts_once() -> None:
    coupon = merged(used("x", "y"), used("x", "z"))
    assert (coupon.uses, set(coupon.redemptions)) == (3, {"x", "y", "z"})


def test_a_coupon_that_either_redeemed_is_redeemed() -> None:
    issued, redeemed = Coupon("a", "issued"), Coupon("a", "redeemed", 1)
    assert merged(issued, redeemed).state == merged(redeemed, issued).state == "redeemed"
    assert merged(issued, issued).state == "issued"


def test_the_last_redemptions_of_both_stay_known_by_when_either_last_redeemed() -> None:
    many = [f"r{place}" for place in range(REDEMPTIONS_KEPT)]
    older, newer = used(*many, redeemed_on=1), used("new", redeemed_on=2)
    kept = (*many[1:], "new")
    assert merged(newer, older).redemptions == merged(older, newer).redemptions == kept
    assert merged(newer, older).redeemed_on == merged(older, newer).redeemed_on == 2
    assert merged(older, newer).uses == REDEMPTIONS_KEPT + 1


def test_the_survivors_details_win_where_they_are_known() -> None:
    full = Coupon("a", "issued", 0, "series", "ABS", Decimal(5), 9, 8)
    assert merged(full, Coupon("b", "issued", 0, "other", "PERC", Decimal(7), 1, 2)) == full
    assert merged(Coupon("a", "issued"), full) == full


def test_coupons_are_counted() -> None:
    assert rules_of(DOMAIN).count(CouponsState({"1": used("x", "y"), "2": used()})) == 2


def test_a_use_that_both_know_as_taken_back_is_not_taken_off_again() -> None:
    back = Coupon("hash", "rolled_back", 0, redemptions=("x",))
    assert merged(back, back).uses == 0
