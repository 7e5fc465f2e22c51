"""The points rules, one by one ("Points, to the letter")."""

from decimal import Decimal

import pytest

from loyalty_stream.domains.points import DOMAIN
from loyalty_stream.domains.points.derived import BalanceDriftDetected, BalanceDriftResolved, PointsExpiringSoon
from loyalty_stream.domains.points.events import (
    AccountCredit,
    AccountDebit,
    BalanceStated,
    PointsExpiryAnnounced,
    PointsExpiryNeared,
    PointsRedeemed,
    RedemptionReversed,
    VendorTotals,
)
from loyalty_stream.domains.points.reversal import REMEMBERED_REDEMPTIONS
from loyalty_stream.domains.points.state import Account, PointsState
from loyalty_stream.model.amounts import ZERO
from loyalty_stream.model.due import NOTHING_DUE
from loyalty_stream.model.events import EventBody
from loyalty_stream.model.outcome import Rejected
from loyalty_stream.model.reasons import DeadLetterReason
from tests.unit.domains.helpers import OBSERVED_AT, applied, outcome_of
from tests.unit.domains.points.facts import (
    LATER,
    SOON,
    account,
    adjust,
    balances,
    change,
    changes,
    convert,
    expire,
    held,
    issue,
    move,
    played,
    redeem,
    reverse,
    take_back,
    totals,
)


def test_an_issue_is_active_and_lifetime_and_its_promise_is_pending() -> None:
    assert balances(issue((60, SOON), ("40.5", None), promised=12)) == (Decimal("100.5"), 12, Decimal("100.5"))


def test_an_issue_opens_a_lot_for_each_part_that_holds_anything() -> None:
    assert changes(issue((60, SOON), (0, None), (40, None))) == [
        ("opened", 60, 60, SOON),
        ("opened", 40, 40, None),
    ]


def test_an_issue_of_nothing_changes_nothing() -> None:
    assert played(issue((0, SOON)))[1] == ()


def test_an_issue_is_known_by_its_bill() -> None:
    assert change(issue((1, None), bill="70021")).reference == "70021"
    assert account(issue((1, None), bill="70021")).lots[0].reference == "70021"


def test_each_programme_has_an_account_of_its_own() -> None:
    state, _ = played(issue((10, None)), issue((20, None), program="42"))
    assert {key: held.active for key, held in state.accounts.items()} == {"41|points": 10, "42|points": 20}


def test_a_redemption_takes_active_points_and_no_lifetime() -> None:
    assert balances(issue((100, SOON)), redeem(30)) == (70, 0, 100)
    assert change(issue((100, SOON)), redeem(30, "R1")).reference == "R1"


def test_a_redemption_debits_each_earning_programme() -> None:
    both = PointsRedeemed(
        "points", tuple(AccountDebit(program, Decimal(5), VendorTotals()) for program in ("41", "42")), ("R1",)
    )
    state, derived = played(issue((10, None)), issue((10, None), program="42"), both)
    assert [held.active for held in state.accounts.values()] == [5, 5]
    assert len(derived) == 2


def test_a_debit_larger_than_the_lots_is_booked_in_full() -> None:
    assert held(issue((100, SOON)), redeem(130)) == [(-30, None)]
    assert balances(issue((100, SOON)), redeem(130)) == (-30, 0, 100)


def test_a_debt_grows_by_further_debits() -> None:
    assert held(redeem(30), expire(20)) == [(-50, None)]


def test_new_points_settle_the_debt_at_once() -> None:
    assert held(redeem(30), issue((60, LATER), (40, SOON))) == [(10, SOON), (60, LATER)]


def test_a_conversion_moves_pending_to_a_lot_without_expiry() -> None:
    assert balances(issue((10, SOON), promised=12), convert("7.5")) == (
        Decimal("17.5"),
        Decimal("4.5"),
        Decimal("17.5"),
    )
    assert held(issue(promised=12), convert(12)) == [(12, None)]


def test_a_conversion_of_more_than_is_pending_takes_pending_to_zero() -> None:
    assert balances(issue(promised=12), convert(20)) == (20, 0, 20)
    assert change(issue(promised=12), convert(20)).delta_pending == -12


def test_a_conversion_of_nothing_changes_nothing() -> None:
    assert played(convert(0))[1] == ()


def test_expiry_takes_the_lots_that_expire_first() -> None:
    assert changes(issue((20, SOON), (30, LATER)), expire(35)) == [
        ("expired", 20, 0, SOON),
        ("expired", 15, 15, LATER),
    ]


def test_a_reminder_is_passed_on_and_books_nothing() -> None:
    state, derived = played(PointsExpiryAnnounced("41", "points", Decimal(300), SOON))
    assert derived == (PointsExpiringSoon("41", "points", Decimal(300), SOON, "vendor"),)
    assert state == DOMAIN.initial


def test_a_reversal_gives_the_lots_back_with_their_expiry_and_no_lifetime() -> None:
    history = (issue((20, SOON), (30, LATER)), redeem(45, "R1"))
    assert held(*history, reverse(45, "R1")) == [(20, SOON), (30, LATER)]
    assert balances(*history, reverse(45, "R1")) == (50, 0, 50)


def test_the_lots_taken_last_come_back_first() -> None:
    history = (issue((20, SOON), (30, LATER)), redeem(45, "R1"))
    assert changes(*history, reverse(25, "R1")) == [("reopened", 25, 30, LATER)]


def test_a_redemption_is_given_back_but_once() -> None:
    history = (issue((20, SOON)), redeem(20, "R1"), reverse(20, "R1"))
    assert held(*history, reverse(20, "R1")) == [(20, SOON), (20, None)]


def test_a_reversal_finds_its_redemption_by_any_of_its_ids() -> None:
    assert held(issue((20, SOON)), redeem(20, "R1", "summary:9"), reverse(20, "summary:9")) == [(20, SOON)]


@pytest.mark.parametrize("references", [(), ("R2",)])
def test_a_reversal_of_an_unknown_redemption_is_a_lot_without_expiry(references: tuple[str, ...]) -> None:
    assert held(issue((20, SOON)), redeem(20, "R1"), reverse(20, *references)) == [(20, None)]


def test_a_reversal_of_nothing_changes_nothing() -> None:
    assert played(issue((20, SOON)), redeem(20, "R1"), reverse(0, "R1"))[1] == ()


def test_what_no_lot_covered_settles_the_debt_when_it_comes_back() -> None:
    assert held(issue((100, SOON)), redeem(130, "R1"), reverse(130, "R1")) == [(100, SOON)]


def test_only_the_newest_redemptions_are_remembered() -> None:
    history: list[EventBody] = [issue((100, SOON))]
    history += [redeem(1, f"R{place}") for place in range(REMEMBERED_REDEMPTIONS + 1)]
    remembered = [redemption.references for redemption in account(*history).redemptions]
    assert remembered == [(f"R{place}",) for place in range(1, REMEMBERED_REDEMPTIONS + 1)]


@pytest.mark.parametrize("redemption", [redeem(5), redeem(0, "R1")])
def test_a_redemption_without_a_name_or_points_is_not_remembered(redemption: EventBody) -> None:
    assert account(issue((20, SOON)), redemption).redemptions == ()


def test_a_redemption_that_found_no_lot_is_remembered_as_owed() -> None:
    [remembered] = account(redeem(5, "R1")).redemptions
    assert [(taken.lot_id, taken.remaining) for taken in remembered.taken] == [("overdraft", Decimal(5))]


def test_an_overdrawn_redemption_that_is_reversed_in_parts_gives_every_lot_its_expiry_back() -> None:
    overdrawn = (issue((100, SOON)), redeem(130, "R1"))
    assert held(*overdrawn, reverse(50, "R1")) == [(20, SOON)]
    assert held(*overdrawn, reverse(50, "R1"), reverse(80, "R1")) == [(100, SOON)]


def test_an_issue_taken_back_takes_the_lots_of_its_own_bill_first() -> None:
    history = (issue((30, SOON), bill="1"), issue((50, LATER), bill="2"))
    assert held(*history, take_back(40, bill="2")) == [(30, SOON), (10, LATER)]


def test_what_the_bill_no_longer_holds_is_taken_from_the_other_lots() -> None:
    history = (issue((30, SOON), bill="1"), issue((50, LATER), bill="2"))
    assert held(*history, take_back(60, bill="2")) == [(20, SOON)]


@pytest.mark.parametrize("bill", [None, "3"])
def test_without_a_known_bill_an_issue_is_taken_back_in_spending_order(bill: str | None) -> None:
    history = (issue((30, SOON), bill="1"), issue((50, LATER)))
    assert held(*history, take_back(40, bill=bill)) == [(40, LATER)]


def test_an_issue_taken_back_lowers_lifetime_by_its_active_part_only() -> None:
    assert balances(issue((50, SOON), promised=8), take_back(20, 5)) == (30, 3, 30)


def test_more_promised_than_is_pending_takes_pending_to_zero() -> None:
    assert balances(issue((50, SOON), promised=8), take_back(0, 9)) == (50, 0, 50)


def test_an_issue_taken_back_after_it_was_spent_leaves_a_debt() -> None:
    assert held(issue((50, SOON), bill="1"), redeem(50), take_back(20, bill="1")) == [(-20, None)]


def test_a_moved_expiry_changes_no_balance() -> None:
    moved = change(issue((20, SOON)), move(20, SOON, LATER))
    assert moved.reason == "adjusted"
    assert (moved.delta_active, moved.active) == (ZERO, Decimal(20))
    assert held(issue((20, SOON)), move(20, SOON, LATER)) == [(20, LATER)]


def test_a_move_of_a_part_splits_the_lot() -> None:
    assert held(issue((20, SOON)), move(5, SOON, LATER)) == [(15, SOON), (5, LATER)]


def test_a_move_keeps_to_its_kind_of_points() -> None:
    history = (issue((20, SOON)), issue((9, SOON), kind="promotional"))
    assert held(*history, move(9, SOON, LATER, "promotional")) == [(20, SOON), (9, LATER)]


def test_a_move_without_a_kind_takes_any() -> None:
    history = (issue((20, SOON)), issue((9, SOON), kind="promotional"))
    assert held(*history, move(25, SOON, LATER)) == [(4, SOON), (20, LATER), (5, LATER)]


@pytest.mark.parametrize("moved", [move(20, SOON, SOON), move(20, LATER, SOON), move(20, SOON, LATER, "promotional")])
def test_a_move_that_finds_nothing_to_do_says_nothing(moved: EventBody) -> None:
    assert played(issue((20, SOON)), moved)[1] == ()


def test_a_move_for_an_unknown_account_opens_none() -> None:
    assert played(move(20, SOON, LATER)) == (DOMAIN.initial, ())


def test_a_debt_has_no_expiry_to_move() -> None:
    assert held(redeem(20), move(20, None, LATER)) == [(-20, None)]


LIMIT = Decimal(10**18) - Decimal("0.5")
"""The largest balance is just below 10**18."""


@pytest.mark.parametrize(
    ("active", "pending", "lifetime", "body"),
    [
        (LIMIT, 0, 0, issue((1, None))),
        (0, 0, LIMIT, issue((1, None))),
        (0, LIMIT, 0, issue(promised=1)),
        (LIMIT, 1, 0, convert(1)),
        (LIMIT, 0, 0, reverse(1)),
        (-LIMIT, 0, 0, redeem(1)),
        (-LIMIT, 0, 0, expire(1)),
        (0, 0, -LIMIT, take_back(1)),
    ],
)
def test_a_balance_that_cannot_be_held_exactly_is_rejected(
    active: Decimal, pending: Decimal, lifetime: Decimal, body: EventBody
) -> None:
    full = Account("41", "points", Decimal(active), Decimal(pending), Decimal(lifetime))
    outcome = outcome_of(DOMAIN, PointsState({"41|points": full}), body)
    assert isinstance(outcome, Rejected)
    assert outcome.reason is DeadLetterReason.BALANCE_OUT_OF_RANGE


def test_a_rejected_part_rejects_all_of_a_reversal() -> None:
    state = PointsState({"42|points": Account("42", "points", LIMIT)})
    both = RedemptionReversed(
        "points", tuple(AccountCredit(program, Decimal(5), VendorTotals()) for program in ("41", "42"))
    )
    assert isinstance(outcome_of(DOMAIN, state, both), Rejected)


def test_a_rejected_part_rejects_all_of_a_redemption() -> None:
    state = PointsState({"42|points": Account("42", "points", -LIMIT)})
    both = PointsRedeemed(
        "points", tuple(AccountDebit(program, Decimal(5), VendorTotals()) for program in ("41", "42"))
    )
    assert isinstance(outcome_of(DOMAIN, state, both), Rejected)


def test_an_adjustment_takes_in_the_order_of_spending_and_leaves_lifetime() -> None:
    history = issue((10, LATER), (5, SOON)), adjust(taken=7)
    assert held(*history) == [(8, LATER)]
    assert balances(*history) == (8, 0, 15)
    assert change(*history).reason == "adjusted"


def test_an_adjustment_gives_a_lot_without_expiry() -> None:
    history = issue((10, SOON)), adjust(given="2.5")
    assert held(*history) == [(10, SOON), (Decimal("2.5"), None)]
    assert balances(*history) == (Decimal("12.5"), 0, 10)


def test_an_adjustment_of_more_than_there_is_is_booked_in_full() -> None:
    assert balances(adjust(taken=3)) == (-3, 0, 0)


def test_an_adjustment_that_moves_nothing_is_not_told() -> None:
    assert played(issue((10, SOON)), adjust())[1] == ()


def test_an_adjustment_out_of_range_is_rejected() -> None:
    full = Account("41", "points", active=Decimal(10**18) - 1)
    outcome = outcome_of(DOMAIN, PointsState({"41|points": full}), adjust(given=1))
    assert isinstance(outcome, Rejected)
    assert outcome.reason is DeadLetterReason.BALANCE_OUT_OF_RANGE


def stated(active: int, lifetime: int | None = None) -> BalanceStated:
    return BalanceStated("41", "points", totals(active, lifetime))


def test_a_stated_balance_that_is_the_first_is_adopted() -> None:
    after_it = account(issue((40, None)), stated(540, 620))
    assert (after_it.active, after_it.lifetime) == (Decimal(540), Decimal(620))
    assert (after_it.active_baselined, after_it.lifetime_baselined) == (True, True)


def test_a_stated_balance_that_differs_from_ours_is_told_and_moves_nothing() -> None:
    state, caused = played(stated(540, 620), stated(500, 620))
    assert caused == (BalanceDriftDetected("41", "points", "active", Decimal(540), Decimal(500), Decimal(-40)),)
    assert state.account("41", "points").active == 540
    _, caused = played(stated(540, 620), stated(500, 620), stated(540, 620))
    assert caused == (BalanceDriftResolved("41", "points", "active", Decimal(540), Decimal(540), ZERO),)


def test_a_stated_balance_that_agrees_tells_nothing() -> None:
    assert played(stated(540), issue((40, None)), stated(580))[1] == ()


def test_a_balance_stated_before_the_latest_booking_says_nothing() -> None:
    newer = Account("41", "points", Decimal(5), active_baselined=True, changed_at=OBSERVED_AT)
    state = PointsState({"41|points": newer})
    outcome = applied(DOMAIN, state, stated(540))
    assert (outcome.state, outcome.derived) == (state, ())


def test_each_account_of_the_programme_is_reminded_of_what_its_lots_hold_of_the_date() -> None:
    facts = [issue((60, SOON), (40, LATER)), issue((15, SOON)), redeem(20, "R1"), issue((9, SOON), program="42")]
    state = played(*facts)[0]
    outcome = applied(DOMAIN, state, PointsExpiryNeared("41", SOON, 7))
    assert outcome.derived == (PointsExpiringSoon("41", "points", Decimal(55), SOON, "lots"),)
    assert outcome.state == state


@pytest.mark.parametrize("near", [PointsExpiryNeared("41", LATER, 7), PointsExpiryNeared("42", SOON, 7)])
def test_where_no_lot_expires_on_the_date_nothing_is_due(near: PointsExpiryNeared) -> None:
    assert outcome_of(DOMAIN, played(issue((60, SOON)))[0], near) == NOTHING_DUE
