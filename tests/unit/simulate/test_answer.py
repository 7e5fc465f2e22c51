import json
from decimal import Decimal

import pytest

from loyalty_stream.simulate.account import Account, Move, Totals, amount_text
from loyalty_stream.simulate.answer import Answer, Coupon


def test_an_issue_moves_active_and_lifetime_and_promised_points_wait() -> None:
    account = Account()
    account.book(Move(active=Decimal("60.0"), pending=Decimal(10), lifetime=Decimal("60.0")), Totals())
    assert (account.active, account.pending, account.lifetime) == (Decimal(60), Decimal(10), Decimal(60))


def test_pending_does_not_go_below_zero_while_active_may() -> None:
    account = Account(active=Decimal(5), pending=Decimal(3))
    account.book(Move(active=Decimal("0.269"), pending=Decimal("-7.5"), lifetime=Decimal("0.269")), Totals())
    assert (account.active, account.pending) == (Decimal("5.269"), Decimal(0))
    account.book(Move(active=Decimal(-10)), Totals())
    assert account.active == Decimal("-4.731")


def test_the_first_total_is_adopted_after_the_move_each_of_the_two_by_itself() -> None:
    account = Account()
    account.book(Move(active=Decimal(-20)), Totals())
    assert account.active == Decimal(-20)
    account.book(Move(active=Decimal(-30)), Totals(current=Decimal(450)))
    assert (account.active, account.lifetime) == (Decimal(450), Decimal(0))
    account.book(Move(active=Decimal(60), lifetime=Decimal(60)), Totals(current=Decimal(510), lifetime=Decimal(1_560)))
    assert (account.active, account.lifetime) == (Decimal(510), Decimal(1_560))


def test_a_later_total_that_differs_changes_nothing() -> None:
    account = Account()
    account.book(Move(active=Decimal(10), lifetime=Decimal(10)), Totals(Decimal(10), Decimal(10)))
    account.book(Move(active=Decimal(5), lifetime=Decimal(5)), Totals(Decimal(99), Decimal(98)))
    assert (account.active, account.lifetime) == (Decimal(15), Decimal(15))


def test_every_counter_keeps_the_identity() -> None:
    answer = Answer()
    answer.count_applied("pointsIssued")
    answer.count_duplicate()
    answer.count_ignored()
    answer.count_dead_letter("conflict")
    assert answer.consumed == answer.applied + answer.duplicate + answer.ignored + answer.dead_lettered == 4
    assert dict(answer.dead_letters) == {"conflict": 1}


def test_the_dump_is_json_with_amounts_as_plain_text() -> None:
    answer = Answer()
    answer.account("capillary:1:2", 3).book(Move(active=Decimal("60.0"), lifetime=Decimal("60.250")), Totals())
    answer.tiers["capillary:1:2", "3"] = 2
    answer.coupons["capillary:1:2", "9"] = Coupon("redeemed", 1)
    dumped = json.loads(json.dumps(answer.dump()))
    assert dumped["accounts"] == {"capillary:1:2|3|points": {"active": "60", "pending": "0", "lifetime": "60.25"}}
    assert dumped["tiers"] == {"capillary:1:2|3": 2}
    assert dumped["coupons"] == {"capillary:1:2|9": {"state": "redeemed", "uses": 1}}


@pytest.mark.parametrize(
    ("amount", "text"),
    [("60.0", "60"), ("0.2690", "0.269"), ("100", "100"), ("0.000", "0"), ("-0.0", "0"), ("-3.50", "-3.5")],
)
def test_amounts_lose_their_trailing_zeros_only(amount: str, text: str) -> None:
    assert amount_text(Decimal(amount)) == text
