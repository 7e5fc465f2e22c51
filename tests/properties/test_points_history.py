"""Whatever happens to a customer's points, the ledger balances."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from loyalty_stream.domains.points import DOMAIN
from loyalty_stream.domains.points.derived import BalanceChanged, BalanceDriftDetected, BalanceDriftResolved
from loyalty_stream.domains.points.events import (
    AccountCredit,
    AccountDebit,
    ExpiryMove,
    IssuedLot,
    IssueReversed,
    PointsExpired,
    PointsExpiryMoved,
    PointsIssued,
    PointsRedeemed,
    PromisedPointsConverted,
    RedemptionReversed,
    VendorTotals,
)
from loyalty_stream.domains.points.lots import OVERDRAFT_ID, spending_order
from loyalty_stream.domains.points.state import Account, PointsState
from loyalty_stream.model.amounts import ZERO
from loyalty_stream.model.events import DerivedBody, EventBody
from loyalty_stream.model.outcome import Applied
from tests.helpers.strategies import amounts, signed
from tests.unit.domains.helpers import outcome_of

SOON, LATER = date(2027, 1, 31), date(2027, 6, 30)
AMOUNTS = amounts(10_000)
PROGRAMS = st.sampled_from(["41", "42"])
DAYS = st.sampled_from([None, SOON, LATER, date(2028, 1, 31)])
KINDS: Any = st.sampled_from(["regular", "promotional"])
BILLS = st.sampled_from([None, "bill-1", "bill-2"])
TOTALS = st.one_of(
    st.just(VendorTotals()), st.builds(VendorTotals, st.one_of(st.none(), signed(9_999)), st.one_of(st.none(), AMOUNTS))
)
REFERENCES = st.sampled_from([(), ("R1",), ("R2", "summary:2"), ("summary:2",)])
POINTS = st.just("points")

FACTS: dict[str, st.SearchStrategy[EventBody]] = {
    "issue": st.builds(
        PointsIssued,
        PROGRAMS,
        POINTS,
        st.lists(st.builds(IssuedLot, AMOUNTS, DAYS, KINDS), max_size=3).map(tuple),
        AMOUNTS,
        TOTALS,
        BILLS,
    ),
    "redeem": st.builds(
        PointsRedeemed,
        POINTS,
        st.lists(st.builds(AccountDebit, PROGRAMS, AMOUNTS, TOTALS), min_size=1, max_size=2).map(tuple),
        REFERENCES,
    ),
    "convert": st.builds(PromisedPointsConverted, PROGRAMS, POINTS, AMOUNTS, TOTALS),
    "expire": st.builds(PointsExpired, PROGRAMS, POINTS, AMOUNTS),
    "reverse a redemption": st.builds(
        RedemptionReversed,
        POINTS,
        st.lists(st.builds(AccountCredit, PROGRAMS, AMOUNTS, TOTALS), min_size=1, max_size=2).map(tuple),
        REFERENCES,
    ),
    "reverse an issue": st.builds(IssueReversed, PROGRAMS, POINTS, AMOUNTS, AMOUNTS, TOTALS, BILLS),
    "move": st.builds(
        PointsExpiryMoved,
        POINTS,
        st.lists(
            st.builds(ExpiryMove, PROGRAMS, AMOUNTS, st.one_of(st.none(), KINDS), DAYS, DAYS), min_size=1, max_size=3
        ).map(tuple),
    ),
}
histories = st.lists(st.one_of(list(FACTS.values())), min_size=1, max_size=12)
Step = tuple[EventBody, PointsState, PointsState, tuple[DerivedBody, ...]]


def played(history: Sequence[EventBody]) -> list[Step]:
    """Return each fact with the state before, the state after and what was derived."""
    state, steps = DOMAIN.initial, []
    for place, body in enumerate(history):
        outcome = outcome_of(DOMAIN, state, body, source_key=f"event-{place}", occurred_at=1_700_000_000_000 + place)
        assert isinstance(outcome, Applied)
        steps.append((body, state, outcome.state, outcome.derived))
        state = outcome.state
    return steps


def accounts_after(history: Sequence[EventBody]) -> list[Account]:
    """Return every account after every step."""
    return [account for step in played(history) for account in step[2].accounts.values()]


def changes(steps: list[Step]) -> list[BalanceChanged]:
    """Return every change of a balance."""
    return [derived for step in steps for derived in step[3] if isinstance(derived, BalanceChanged)]


@given(histories)
def test_the_lots_add_up_to_the_active_balance(history: list[EventBody]) -> None:
    for account in accounts_after(history):
        assert sum((lot.remaining for lot in account.lots), ZERO) == account.active


@given(histories)
def test_lots_stand_in_spending_order_and_none_is_empty(history: list[EventBody]) -> None:
    for account in accounts_after(history):
        assert list(account.lots) == sorted(account.lots, key=spending_order)
        assert all(lot.remaining for lot in account.lots)
        assert len({lot.lot_id for lot in account.lots}) == len(account.lots)


@given(histories)
def test_a_customer_who_owes_points_has_no_lot_but_the_debt(history: list[EventBody]) -> None:
    for account in accounts_after(history):
        owing = [lot for lot in account.lots if lot.lot_id == OVERDRAFT_ID or lot.remaining < ZERO]
        assert owing == [] or owing == list(account.lots)
        assert bool(owing) == (account.active < ZERO)
        assert all(lot.expires_on is None for lot in owing)


@given(histories)
def test_pending_is_never_negative(history: list[EventBody]) -> None:
    assert all(account.pending >= ZERO for account in accounts_after(history))


@given(histories)
def test_balances_are_the_sum_of_what_was_published(history: list[EventBody]) -> None:
    steps = played(history)
    for account in steps[-1][2].accounts.values():
        of_account = [change for change in changes(steps) if change.program_id == account.program_id]
        assert sum((change.delta_active for change in of_account), ZERO) == account.active
        assert sum((change.delta_pending for change in of_account), ZERO) == account.pending
        assert sum((change.delta_lifetime for change in of_account), ZERO) == account.lifetime


@given(histories)
def test_each_change_says_the_balance_that_the_next_one_starts_from(history: list[EventBody]) -> None:
    held: dict[str, tuple[Decimal, ...]] = {}
    for change in changes(played(history)):
        before = held.get(change.program_id, (ZERO, ZERO, ZERO))
        after = (change.active, change.pending, change.lifetime)
        deltas = (change.delta_active, change.delta_pending, change.delta_lifetime)
        assert tuple(old + delta for old, delta in zip(before, deltas, strict=True)) == after
        held[change.program_id] = after


@given(histories)
def test_lifetime_follows_issues_conversions_and_reversed_issues_only(history: list[EventBody]) -> None:
    for change in changes(played(history)):
        if change.reason in {"issued", "converted", "issue_reversed"}:
            assert change.delta_lifetime == change.delta_active
        elif change.reason != "baselined":
            assert change.delta_lifetime == ZERO


@given(histories)
def test_pending_follows_issues_conversions_and_reversed_issues_only(history: list[EventBody]) -> None:
    for change in changes(played(history)):
        if change.reason == "issued":
            assert change.delta_pending >= ZERO
        elif change.reason in {"converted", "issue_reversed"}:
            assert change.delta_pending <= ZERO
        else:
            assert change.delta_pending == ZERO


@given(histories)
@example(
    [
        PointsIssued("41", "points", (IssuedLot(Decimal(20), SOON, "regular"),), ZERO, VendorTotals()),
        PointsExpiryMoved("points", (ExpiryMove("41", Decimal(5), "regular", SOON, LATER),)),
    ]
)
def test_a_reader_of_lot_changes_holds_the_very_lots_of_the_table(history: list[EventBody]) -> None:
    steps = played(history)
    for account in steps[-1][2].accounts.values():
        seen = {}
        for change in changes(steps):
            for lot in change.lots if change.program_id == account.program_id else ():
                seen[lot.lot_id] = (lot.remaining, lot.expires_on)
        kept = {lot_id: lot for lot_id, lot in seen.items() if lot[0]}
        assert kept == {lot.lot_id: (lot.remaining, lot.expires_on) for lot in account.lots}


@given(histories)
def test_the_first_vendor_total_is_adopted_and_a_later_difference_is_reported_once(history: list[EventBody]) -> None:
    reported: dict[tuple[str, str], Decimal] = {}
    for derived in (derived for step in played(history) for derived in step[3]):
        if isinstance(derived, (BalanceDriftDetected, BalanceDriftResolved)):
            field = (derived.program_id, derived.field)
            assert derived.difference == derived.theirs - derived.ours
            assert derived.difference != reported.get(field, ZERO)
            assert isinstance(derived, BalanceDriftResolved) == (derived.difference == ZERO)
            reported[field] = derived.difference


@given(histories)
def test_each_of_the_two_totals_is_baselined_at_most_once(history: list[EventBody]) -> None:
    baselined: dict[str, int] = {}
    for change in changes(played(history)):
        if change.reason == "baselined":
            baselined[change.program_id] = baselined.get(change.program_id, 0) + 1
    assert all(times <= 2 for times in baselined.values())


@pytest.mark.parametrize("before", [ZERO, Decimal("0.000000001"), Decimal(100)])
@given(taken=AMOUNTS)
@example(taken=Decimal(130))
def test_a_redemption_wholly_reversed_leaves_the_lots_as_they_were(before: Decimal, taken: Decimal) -> None:
    lots = (IssuedLot(before, SOON, "regular"), IssuedLot(before, LATER, "regular"))
    history = [
        PointsIssued("41", "points", lots, ZERO, VendorTotals()),
        PointsRedeemed("points", (AccountDebit("41", taken, VendorTotals()),), ("R1",)),
        RedemptionReversed("points", (AccountCredit("41", taken, VendorTotals()),), ("R1",)),
    ]
    first, _, last = [step[2] for step in played(history)]
    if taken <= 2 * before:
        assert {place: replace(account, changed_at=0) for place, account in last.accounts.items()} == {
            place: replace(account, changed_at=0) for place, account in first.accounts.items()
        }
    else:
        (after,) = last.accounts.values()
        (held,) = first.accounts.values()
        assert [lot for lot in after.lots if lot in held.lots] == list(held.lots)
