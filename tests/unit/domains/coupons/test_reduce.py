"""Reduce coupon events."""

from decimal import Decimal
from itertools import permutations

from loyalty_stream.domains.coupons import DOMAIN
from loyalty_stream.domains.coupons.derived import CouponExpiringSoon, CouponStateChanged
from loyalty_stream.domains.coupons.events import (
    CouponExpiryNeared,
    CouponFailed,
    CouponIssued,
    CouponRedeemed,
    CouponRolledBack,
)
from loyalty_stream.domains.coupons.state import REDEMPTIONS_KEPT, Coupon
from loyalty_stream.model.due import NOTHING_DUE
from loyalty_stream.model.outcome import DUPLICATE
from tests.unit.domains.helpers import after, applied, derived_by, outcome_of

ISSUED_ON, REDEEMED_ON = 1_750_000_000_000, 1_750_000_600_000
VALID_TILL, SERIES_VALID_TILL = 1_760_000_000_000, 1_759_900_000_000
VALUE = Decimal("12.50")

ISSUE = CouponIssued("c-1", "hash-1", "s-1", "ABS", VALUE, VALID_TILL, ISSUED_ON)
REDEEM = CouponRedeemed("c-1", "hash-1", "r-1", REDEEMED_ON, "s-1", "ABS", VALUE, SERIES_VALID_TILL, "bill-1")

FAILURE = CouponFailed("c-1", "hash-1", "s-1")
ROLLBACK = CouponRolledBack("c-1", "hash-1", "r-1", "s-1")


def test_an_issue_adds_the_coupon() -> None:
    outcome = applied(DOMAIN, DOMAIN.initial, ISSUE)
    assert outcome.state.coupons == {
        "c-1": Coupon("hash-1", "issued", 0, "s-1", "ABS", VALUE, VALID_TILL, ISSUED_ON),
    }
    assert outcome.derived == (CouponStateChanged("c-1", "hash-1", "s-1", None, "issued", 0, "ABS", VALUE, VALID_TILL),)


def test_a_redemption_counts_a_use_and_keeps_the_end_that_the_issue_gave() -> None:
    outcome = applied(DOMAIN, after(DOMAIN, ISSUE), REDEEM)
    coupon = outcome.state.coupons["c-1"]
    assert (coupon.state, coupon.uses, coupon.valid_till, coupon.redeemed_on) == (
        "redeemed",
        1,
        VALID_TILL,
        REDEEMED_ON,
    )
    assert outcome.derived == (
        CouponStateChanged("c-1", "hash-1", "s-1", "issued", "redeemed", 1, "ABS", VALUE, VALID_TILL),
    )


def test_a_common_coupon_is_redeemed_again_and_again() -> None:
    again = CouponRedeemed("c-1", "hash-1", "r-2")
    assert derived_by(DOMAIN, [ISSUE, REDEEM], again) == (
        CouponStateChanged("c-1", "hash-1", "s-1", "redeemed", "redeemed", 2, "ABS", VALUE, VALID_TILL),
    )


def test_a_redemption_before_its_issue_is_accepted() -> None:
    assert derived_by(DOMAIN, [], REDEEM) == (
        CouponStateChanged("c-1", "hash-1", "s-1", None, "redeemed", 1, "ABS", VALUE, SERIES_VALID_TILL),
    )


def test_an_issue_after_its_redemption_fills_in_details_and_publishes_nothing() -> None:
    outcome = applied(DOMAIN, after(DOMAIN, REDEEM), ISSUE)
    coupon = outcome.state.coupons["c-1"]
    assert (coupon.state, coupon.uses, coupon.valid_till, coupon.issued_on) == ("redeemed", 1, VALID_TILL, ISSUED_ON)
    assert outcome.derived == ()


def test_a_second_issue_refreshes_details_and_publishes_nothing() -> None:
    longer = CouponIssued("c-1", "hash-1", valid_till=VALID_TILL + 1)
    outcome = applied(DOMAIN, after(DOMAIN, ISSUE), longer)
    assert outcome.state.coupons == {
        "c-1": Coupon("hash-1", "issued", 0, "s-1", "ABS", VALUE, VALID_TILL + 1, ISSUED_ON),
    }
    assert outcome.derived == ()


def test_a_redemption_id_seen_before_is_a_duplicate() -> None:
    assert outcome_of(DOMAIN, after(DOMAIN, ISSUE, REDEEM), REDEEM) == DUPLICATE


def test_the_same_redemption_id_of_another_coupon_counts() -> None:
    other = CouponRedeemed("c-2", "hash-2", "r-1")
    assert len(derived_by(DOMAIN, [ISSUE, REDEEM], other)) == 1


def test_redemptions_without_an_id_all_count() -> None:
    nameless = CouponRedeemed("c-1", "hash-1")
    coupon = after(DOMAIN, ISSUE, nameless, nameless).coupons["c-1"]
    assert (coupon.uses, coupon.redemptions) == (2, ())


def test_the_last_redemption_ids_are_kept_and_no_more() -> None:
    redemptions = [CouponRedeemed("c-1", "hash-1", f"r-{number}") for number in range(REDEMPTIONS_KEPT + 3)]
    coupon = after(DOMAIN, *redemptions).coupons["c-1"]
    assert coupon.uses == REDEMPTIONS_KEPT + 3
    assert coupon.redemptions == tuple(body.redemption_id for body in redemptions[3:])


def test_values_stay_exact() -> None:
    tiny = CouponIssued("c-1", "hash-1", discount_value=Decimal("0.000000001"))
    assert after(DOMAIN, tiny).coupons["c-1"].discount_value == Decimal("0.000000001")


def test_coupons_do_not_touch_each_other() -> None:
    other = CouponIssued("c-2", "hash-2")
    assert after(DOMAIN, ISSUE, other).coupons["c-1"] == after(DOMAIN, ISSUE).coupons["c-1"]


def test_issue_and_redemption_in_any_order_end_in_the_same_coupon() -> None:
    redemptions = (REDEEM, CouponRedeemed("c-1", "hash-1", "r-2", REDEEMED_ON))
    ends = [after(DOMAIN, *order).coupons["c-1"] for order in permutations((ISSUE, *redemptions))]
    assert {(coupon.state, coupon.uses, coupon.valid_till) for coupon in ends} == {("redeemed", 2, VALID_TILL)}


def test_a_failure_is_told_and_leaves_the_coupon_as_it_is() -> None:
    state = after(DOMAIN, ISSUE, REDEEM)
    outcome = applied(DOMAIN, state, FAILURE)
    assert outcome.state == state
    assert outcome.derived == (
        CouponStateChanged("c-1", "hash-1", "s-1", "redeemed", "failed", 1, "ABS", VALUE, VALID_TILL),
    )


def test_a_failure_of_an_unknown_coupon_is_told_and_not_kept() -> None:
    outcome = applied(DOMAIN, DOMAIN.initial, FAILURE)
    assert outcome.state == DOMAIN.initial
    assert outcome.derived == (CouponStateChanged("c-1", "hash-1", "s-1", None, "failed", 0, None, None, None),)


def test_a_rollback_takes_the_use_back() -> None:
    assert derived_by(DOMAIN, [ISSUE, REDEEM], ROLLBACK) == (
        CouponStateChanged("c-1", "hash-1", "s-1", "redeemed", "rolled_back", 0, "ABS", VALUE, VALID_TILL),
    )


def test_a_use_that_was_taken_back_before_it_came_is_not_counted() -> None:
    state = after(DOMAIN, ISSUE, ROLLBACK)
    assert (state.coupons["c-1"].state, state.coupons["c-1"].uses) == ("rolled_back", 0)
    assert outcome_of(DOMAIN, state, REDEEM) is DUPLICATE


def test_a_rollback_of_a_use_that_was_not_counted_leaves_the_others() -> None:
    other = CouponRedeemed("c-1", "hash-1", "r-2")
    assert after(DOMAIN, ISSUE, other, ROLLBACK).coupons["c-1"].uses == 1


def test_a_rollback_that_names_no_redemption_takes_one_use_and_never_less_than_none() -> None:
    unnamed = CouponRolledBack("c-1", "hash-1")
    assert after(DOMAIN, ISSUE, REDEEM, unnamed).coupons["c-1"].uses == 0
    assert after(DOMAIN, ISSUE, unnamed).coupons["c-1"].uses == 0


def test_a_coupon_that_was_taken_back_is_used_again() -> None:
    again = CouponRedeemed("c-1", "hash-1", "r-2")
    coupon = after(DOMAIN, ISSUE, REDEEM, ROLLBACK, again).coupons["c-1"]
    assert (coupon.state, coupon.uses) == ("redeemed", 1)


def test_our_own_clock_reminds_of_coupons_that_end_that_day_and_changes_none() -> None:
    state = after(DOMAIN, ISSUE, CouponIssued("c-2", "hash-2", valid_till=VALID_TILL + 1))
    outcome = applied(DOMAIN, state, CouponExpiryNeared(VALID_TILL, VALID_TILL + 1, 7))
    assert outcome.derived == (CouponExpiringSoon("c-1", "hash-1", "s-1", "ABS", VALUE, VALID_TILL),)
    assert outcome.state == state


def test_of_a_coupon_that_is_used_nothing_is_due_until_the_use_is_taken_back() -> None:
    near = CouponExpiryNeared(VALID_TILL, VALID_TILL + 1, 1)
    assert outcome_of(DOMAIN, after(DOMAIN, ISSUE, REDEEM), near) == NOTHING_DUE
    assert len(derived_by(DOMAIN, [ISSUE, REDEEM, ROLLBACK], near)) == 1
