"""Merge two customers' points: what moves, and what the vendor's summary is good for."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from loyalty_stream.domains.points import DOMAIN
from loyalty_stream.domains.points.derived import BalanceChanged, BalanceDriftResolved
from loyalty_stream.domains.points.events import IssuedLot, PointsIssued, VendorTotals
from loyalty_stream.domains.points.reversal import REMEMBERED_REDEMPTIONS
from loyalty_stream.domains.points.state import Account, Lot, PointsState
from loyalty_stream.model.amounts import MAX_BALANCE
from tests.unit.domains.helpers import left, rules_of
from tests.unit.domains.points.facts import LATER, SOON, issue, redeem, reverse, totals
from tests.unit.domains.points.merging import AT, drifts, having, merged, numbers, said, summary, the_account, then

NONE = DOMAIN.initial


def lots_of(state: PointsState) -> list[tuple[Decimal | int, object]]:
    return [(lot.remaining, lot.expires_on) for lot in the_account(state).lots]


def victim(*lots: tuple[int, object], promised: int = 0) -> PointsState:
    return having(issue(*lots, promised=promised), of="v")  # type: ignore[arg-type]  # dates


def test_the_victim_tells_of_each_account_that_it_is_empty() -> None:
    (told,) = left(DOMAIN, victim((60, SOON), (40, None), promised=5))
    assert isinstance(told, BalanceChanged)
    assert said([told]) == [("merged_out", -100, -5, -100)]
    assert not any((told.active, told.pending, told.lifetime))
    assert [(lot.change, int(lot.amount), int(lot.remaining)) for lot in told.lots] == [
        ("consumed", 60, 0),
        ("consumed", 40, 0),
    ]


def test_a_victim_who_owes_tells_that_the_debt_is_gone() -> None:
    (told,) = left(DOMAIN, having(redeem(30), of="v"))
    assert isinstance(told, BalanceChanged)
    assert said([told]) == [("merged_out", 30, 0, 0)]
    assert [(lot.lot_id, lot.change, int(lot.amount), int(lot.remaining)) for lot in told.lots] == [
        ("overdraft", "reopened", 30, 0)
    ]


def test_an_account_without_anything_is_told_of_by_nobody() -> None:
    empty = having(issue((10, None)), redeem(10), of="v")
    assert [each.reason for each in left(DOMAIN, empty) if isinstance(each, BalanceChanged)] == ["merged_out"]
    assert left(DOMAIN, having(redeem(0), of="v")) == ()


def test_all_three_balances_add_up() -> None:
    outcome = merged(having(issue((100, SOON), promised=1)), victim((30, LATER), promised=2))
    assert numbers(outcome.state) == (130, 3, 130)
    assert said(outcome.derived) == [("merged_in", 30, 2, 30)]


def test_what_the_victim_tells_and_what_the_survivor_tells_add_up_to_nothing() -> None:
    gone = having(issue((30, LATER), promised=2), issue((5, None), program="42"), redeem(50), of="v")
    out = said(left(DOMAIN, gone))
    in_ = said(merged(having(issue((100, SOON))), gone).derived)
    assert [each[0] for each in out + in_] == ["merged_out"] * 2 + ["merged_in"] * 2
    for left_, came in zip(out, in_, strict=True):
        assert [one + other for one, other in zip(left_[1:], came[1:], strict=True)] == [0, 0, 0]


def test_the_lots_of_both_stand_in_the_order_of_spending() -> None:
    newer = having(issue((10, LATER), (20, None)), at=5)
    assert lots_of(merged(newer, victim((1, SOON), (2, LATER), (3, None))).state) == [
        (1, SOON),
        (2, LATER),
        (10, LATER),
        (3, None),
        (20, None),
    ]


def test_a_survivor_without_the_account_has_the_victims() -> None:
    gone = having(issue((60, SOON), of=totals(165, 665)), of="v")
    outcome = merged(NONE, gone)
    assert the_account(outcome.state) == the_account(gone)
    assert said(outcome.derived) == [("merged_in", 165, 0, 665)]


def test_accounts_of_other_programmes_and_currencies_stay_apart() -> None:
    stars = PointsIssued("41", "stars", (IssuedLot(Decimal(5), None, "regular"),), Decimal(0), VendorTotals())
    gone = having(stars, issue((7, None), program="42"), of="v")
    state = merged(having(issue((1, None))), gone).state
    assert {place: held.active for place, held in state.accounts.items()} == {
        "41|points": 1,
        "41|stars": 5,
        "42|points": 7,
    }


def test_a_summary_speaks_of_points_and_of_no_other_currency() -> None:
    stars = PointsIssued("41", "stars", (IssuedLot(Decimal(5), None, "regular"),), Decimal(0), VendorTotals())
    state = merged(NONE, having(stars, of="v"), summary(9)).state
    assert the_account(state, currency="stars").active == 5
    assert the_account(state).active == 9


def test_a_victims_debt_is_taken_from_the_survivors_lots() -> None:
    outcome = merged(having(issue((20, SOON), (30, LATER))), having(redeem(25), of="v"))
    assert lots_of(outcome.state) == [(25, LATER)]
    assert said(outcome.derived) == [("merged_in", -25, 0, 0)]


def test_a_survivors_debt_is_settled_from_the_victims_lots() -> None:
    assert lots_of(merged(having(redeem(25)), victim((20, SOON), (30, LATER))).state) == [(25, LATER)]


def test_a_debt_that_the_other_does_not_cover_stays() -> None:
    assert lots_of(merged(having(issue((20, SOON))), having(redeem(25), of="v")).state) == [(-5, None)]
    assert lots_of(merged(having(redeem(25)), victim((20, SOON))).state) == [(-5, None)]


def test_two_debts_are_one() -> None:
    state = merged(having(redeem(25)), having(redeem(5), of="v")).state
    assert [(lot.lot_id, int(lot.remaining)) for lot in the_account(state).lots] == [("overdraft", -30)]


def test_the_opening_lots_of_both_are_one() -> None:
    survivor, gone = having(issue((1, SOON), of=totals(11))), having(issue((2, SOON), of=totals(22)), of="v")
    outcome = merged(survivor, gone)
    assert [(lot.lot_id, int(lot.remaining)) for lot in the_account(outcome.state).lots if lot.kind == "baseline"] == [
        ("baseline", 30)
    ]
    (told,) = outcome.derived
    assert isinstance(told, BalanceChanged)
    assert ("baseline", "reopened", 20, 30) in [
        (lot.lot_id, lot.change, int(lot.amount), int(lot.remaining)) for lot in told.lots
    ]


def test_a_redemption_of_the_victims_can_be_reversed_on_the_survivor() -> None:
    gone = having(issue((30, SOON), (30, LATER)), redeem(40, "R1"), of="v")
    state = then(merged(having(issue((5, None))), gone).state, reverse(40, "R1")).state
    assert lots_of(state) == [(30, SOON), (30, LATER), (5, None)]


def test_a_redemption_of_the_survivors_can_still_be_reversed() -> None:
    survivor = having(issue((30, SOON)), redeem(30, "R1"))
    assert lots_of(then(merged(survivor, victim((5, None))).state, reverse(30, "R1")).state) == [(30, SOON), (5, None)]


def test_of_more_redemptions_than_are_remembered_the_survivors_stay() -> None:
    def redeemed(side: str) -> PointsState:
        facts = [redeem(1, f"{side}{place}") for place in range(REMEMBERED_REDEMPTIONS)]
        return having(issue((100, None)), *facts, of=side)

    state = merged(redeemed("s"), redeemed("v")).state
    assert [each.references[0][0] for each in the_account(state).redemptions] == ["s"] * REMEMBERED_REDEMPTIONS


BASED, UNBASED = issue((10, None), of=totals(10, 10)), issue((10, None))


@pytest.mark.parametrize(
    ("ours", "theirs", "based"),
    [(BASED, BASED, True), (BASED, UNBASED, False), (UNBASED, BASED, False), (UNBASED, UNBASED, False)],
)
def test_an_account_is_baselined_where_both_were(ours: PointsIssued, theirs: PointsIssued, *, based: bool) -> None:
    account = the_account(merged(having(ours), having(theirs, of="v")).state)
    assert (account.active_baselined, account.lifetime_baselined) == (based, based)


def test_an_account_that_only_the_survivor_has_stays_as_it_is() -> None:
    survivor = having(BASED)
    assert merged(survivor, NONE).state == survivor


def test_a_total_after_a_merge_of_which_not_both_were_baselined_is_adopted() -> None:
    state = merged(having(BASED), having(UNBASED, of="v")).state
    outcome = then(state, issue((1, None), of=totals(50, 60)))
    assert said(outcome.derived) == [("baselined", 29, 0, 39), ("issued", 1, 0, 1)]
    assert drifts(outcome.derived) == []


def test_differences_that_were_reported_for_both_are_one() -> None:
    def drifted(side: str, active: int) -> PointsState:
        return having(issue((10, None), of=totals(10)), issue((10, None), of=totals(active)), of=side)

    outcome = merged(drifted("s", 25), drifted("v", 23))
    state = outcome.state
    assert drifts(outcome.derived) == [("active", 8)]
    assert the_account(state).active_drift == 8
    assert drifts(then(state, issue((1, None), of=totals(49))).derived) == []
    assert drifts(then(state, issue((1, None), of=totals(41))).derived) == [("active", 0)]


def test_differences_that_cancel_each_other_are_resolved() -> None:
    more = having(issue((10, None), of=totals(10)), issue((10, None), of=totals(25)))
    less = having(issue((10, None), of=totals(10)), issue((10, None), of=totals(15)), of="v")
    assert drifts(merged(more, less).derived) == [("active", 0)]


def test_what_a_merge_brings_is_booked_where_an_event_would_be_refused() -> None:
    rich = MAX_BALANCE - 1
    state = merged(accounts_of(rich), accounts_of(rich)).state
    assert the_account(state).active == 2 * rich


def accounts_of(active: Decimal) -> PointsState:
    lots = (Lot("baseline", "baseline", active, None, 0, None),)
    return PointsState({"41|points": Account("41", "points", active, lots=lots)})


def test_what_the_summary_has_beyond_both_is_adopted() -> None:
    outcome = merged(having(issue((100, SOON))), victim((30, LATER), promised=2), summary(175, 9, 400))
    assert numbers(outcome.state) == (175, 9, 400)
    assert said(outcome.derived) == [("merged_in", 30, 2, 30), ("baselined", 45, 7, 270)]
    account = the_account(outcome.state)
    assert account.active_baselined
    assert account.lifetime_baselined
    assert account.pending_drift == 0


def test_a_summary_with_less_than_both_is_adopted_too() -> None:
    outcome = merged(having(issue((100, SOON))), victim((30, LATER), promised=2), summary(90, 0, 120))
    assert numbers(outcome.state) == (90, 0, 120)
    assert lots_of(outcome.state) == [(60, SOON), (30, LATER)]


def test_a_summary_that_both_agree_with_changes_nothing() -> None:
    outcome = merged(having(issue((100, SOON))), victim((30, LATER)), summary(130, 0, 130))
    assert said(outcome.derived) == [("merged_in", 30, 0, 30)]


def test_a_summary_may_state_a_debt() -> None:
    assert lots_of(merged(having(issue((10, SOON))), NONE, summary(-5)).state) == [(-5, None)]


@pytest.mark.parametrize(
    ("stated", "after"),
    [
        (summary(50), (50, 1, 10)),
        (summary(pending=7), (10, 7, 10)),
        (summary(lifetime=99), (10, 1, 99)),
        (summary(), (10, 1, 10)),
    ],
)
def test_what_a_summary_does_not_state_stays(stated: object, after: tuple[int, int, int]) -> None:
    state = merged(having(issue((10, None), promised=1)), NONE, stated).state  # type: ignore[arg-type]
    assert numbers(state) == after


def test_only_what_the_summary_states_is_baselined() -> None:
    account = the_account(merged(having(UNBASED), NONE, summary(50)).state)
    assert (account.active_baselined, account.lifetime_baselined) == (True, False)


def test_a_summary_of_a_programme_that_neither_knows_is_adopted() -> None:
    outcome = merged(NONE, NONE, summary(50, 1, 60))
    assert numbers(outcome.state) == (50, 1, 60)
    assert said(outcome.derived) == [("baselined", 50, 1, 60)]


def test_each_programme_has_a_summary_of_its_own() -> None:
    state = merged(NONE, NONE, summary(50), summary(7, program="42")).state
    assert (numbers(state), numbers(state, "42")) == ((50, 0, 0), (7, 0, 0))


@pytest.mark.parametrize("side", ["survivor", "victim"])
def test_where_a_later_event_has_changed_the_account_a_difference_is_drift(side: str) -> None:
    changed = having(issue((100, SOON), promised=2), at=AT + 1)
    survivor, gone = (changed, NONE) if side == "survivor" else (NONE, changed)
    outcome = merged(survivor, gone, summary(90, 5, 120))
    assert numbers(outcome.state) == (100, 2, 100)
    assert drifts(outcome.derived) == [("active", -10), ("pending", 3), ("lifetime", 20)]


def test_an_event_of_the_very_time_of_the_merge_is_no_later_one() -> None:
    assert numbers(merged(having(issue((100, SOON)), at=AT), NONE, summary(90)).state)[0] == 90


def test_where_a_later_event_has_changed_the_account_only_what_is_stated_is_compared() -> None:
    outcome = merged(having(issue((100, SOON)), at=AT + 1), NONE, summary(pending=5))
    assert drifts(outcome.derived) == [("pending", 5)]


def test_a_difference_that_was_reported_is_resolved_by_adoption() -> None:
    survivor = having(issue((10, None), of=totals(10)), issue((10, None), of=totals(25)))
    outcome = merged(survivor, NONE, summary(25))
    assert numbers(outcome.state)[0] == 25
    assert outcome.derived[-1] == BalanceDriftResolved("41", "points", "active", Decimal(25), Decimal(25), Decimal(0))
    assert the_account(outcome.state).active_drift == 0


def test_a_pending_difference_is_resolved_by_the_next_summary() -> None:
    drifted = merged(having(issue((100, SOON), promised=2), at=AT + 1), NONE, summary(pending=5)).state
    outcome = merged(drifted, NONE, summary(pending=5), at=AT + 2)
    assert drifts(outcome.derived) == [("pending", 0)]
    assert numbers(outcome.state)[1] == 5


def test_a_total_after_an_adopted_summary_is_compared() -> None:
    state = merged(NONE, NONE, summary(50, 0, 60)).state
    outcome = then(state, issue((10, None), of=totals(61, 70)))
    assert drifts(outcome.derived) == [("active", 1)]


def test_an_earlier_merge_that_is_told_later_does_not_win() -> None:
    later = merged(having(issue((10, SOON))), NONE, summary(50)).state
    outcome = merged(later, NONE, summary(40), at=AT - 1)
    assert numbers(outcome.state)[0] == 50
    assert drifts(outcome.derived) == [("active", -10)]


def test_an_earlier_merge_that_is_told_later_does_not_win_where_the_later_one_agreed_with_ours() -> None:
    later = merged(having(issue((50, SOON))), NONE, summary(50)).state
    outcome = merged(later, NONE, summary(40), at=AT - 1)
    assert numbers(outcome.state)[0] == 50
    assert drifts(outcome.derived) == [("active", -10)]


def test_lots_of_equal_ids_stay_two_lots_with_ids_of_their_own() -> None:
    survivor, gone = having(issue((10, SOON)), of="same"), having(issue((5, LATER)), of="same")
    state = merged(survivor, gone).state
    assert lots_of(state) == [(10, SOON), (5, LATER)]
    assert len({lot.lot_id for lot in the_account(state).lots}) == 2


def test_a_redemption_of_lots_with_equal_ids_gives_each_customer_its_own_back() -> None:
    survivor = having(issue((10, SOON)), redeem(4, "R1"), of="same")
    gone = having(issue((5, LATER)), redeem(2, "R2"), of="same")
    state = merged(survivor, gone).state
    assert lots_of(then(state, reverse(2, "R2"), reverse(4, "R1")).state) == [(10, SOON), (5, LATER)]


def test_a_summary_of_a_tier_alone_leaves_what_an_earlier_one_settled() -> None:
    first = merged(having(issue((10, None))), NONE, summary(70, 0, 70)).state
    second = merged(first, NONE, replace(summary(), tier="3"), at=AT + 5).state
    assert second == first
    assert numbers(then(second, issue((60, SOON)), of="late", at=AT - 1).state) == (70, 0, 70)


def test_accounts_are_counted() -> None:
    assert rules_of(DOMAIN).count(having(issue((1, None)), issue((1, None), program="42"))) == 2
