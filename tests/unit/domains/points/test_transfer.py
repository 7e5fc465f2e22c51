"""Transfers: each leg on its customer's account, and what both are told."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from loyalty_stream.domains.points import DOMAIN
from loyalty_stream.domains.points.derived import PointsTransferSettled, PointsTransferUnmatched
from loyalty_stream.domains.points.events import (
    AccountCredit,
    AccountDebit,
    BalanceStated,
    ExpiryMove,
    PointsAdjusted,
    PointsExpired,
    PointsExpiryMoved,
    PointsTransferredIn,
    PointsTransferredOut,
    VendorTotals,
)
from loyalty_stream.domains.points.state import Account, PointsState
from loyalty_stream.model.events import EventBody
from loyalty_stream.model.outcome import Rejected
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.model.transfer import TransferLegBooked, TransferSettled, TransferUnmatched, clearing_id
from tests.unit.domains.helpers import applied, canonical, outcome_of, rules_of
from tests.unit.domains.points.facts import (
    LATER,
    SOON,
    Amount,
    balances,
    change,
    changes,
    convert,
    expire,
    held,
    issue,
    played,
    redeem,
    reverse,
    take_back,
    totals,
)

NO_TOTALS = VendorTotals()


def out(
    *amounts: Amount,
    transfer: str | None = "t-1",
    programs: tuple[str, ...] = ("41", "42"),
    of: VendorTotals = NO_TOTALS,
) -> PointsTransferredOut:
    debits = tuple(
        AccountDebit(program, Decimal(amount), of) for program, amount in zip(programs, amounts, strict=False)
    )
    return PointsTransferredOut("points", debits, transfer)


def in_(amount: Amount, transfer: str | None = "t-1") -> PointsTransferredIn:
    return PointsTransferredIn("41", "points", Decimal(amount), transfer)


def test_points_that_go_out_are_active_no_more_and_stay_in_lifetime() -> None:
    history = (issue((100, SOON)), out(30))
    assert balances(*history) == (70, 0, 100)
    assert (change(*history).reason, change(*history).reference) == ("transferred_out", "t-1")


def test_points_go_out_earliest_expiry_first() -> None:
    assert held(issue((10, LATER), (10, SOON)), out(15)) == [(5, LATER)]


def test_points_go_out_of_each_earning_programme() -> None:
    state, derived = played(issue((10, None)), issue((10, None), program="42"), out(3, 4))
    assert [account.active for account in state.accounts.values()] == [7, 6]
    assert len(derived) == 2


def test_more_than_there_is_goes_out_in_full() -> None:
    assert held(issue((10, SOON)), out(15)) == [(-5, None)]


def test_points_that_come_in_are_a_lot_without_expiry_and_no_lifetime() -> None:
    assert balances(in_(30)) == (30, 0, 0)
    assert changes(in_(30)) == [("opened", 30, 30, None)]
    assert change(in_(30)).reason == "transferred_in"


def test_points_that_come_in_settle_a_debt() -> None:
    assert held(redeem(10), in_(30)) == [(20, None)]


def test_a_transfer_of_nothing_changes_nothing() -> None:
    assert played(in_(0))[1] == ()
    assert played(out(0))[1] == ()


def test_the_total_of_a_leg_is_the_baseline_or_is_compared() -> None:
    assert balances(out(10, of=totals(90))) == (90, 0, 0)
    _, derived = played(issue((100, SOON), of=totals(100)), out(10, of=totals(91)))
    assert [type(each).__name__ for each in derived] == ["BalanceChanged", "BalanceDriftDetected"]


@pytest.mark.parametrize(
    ("leg", "direction", "amount"), [(out("10.5", 4), "out", Decimal("14.5")), (in_(10), "in", Decimal(10))]
)
def test_a_leg_goes_on_to_where_it_meets_the_other(leg: EventBody, direction: str, amount: Decimal) -> None:
    (follow_up,) = applied(DOMAIN, DOMAIN.initial, leg).follow_ups
    event = canonical(leg)
    assert follow_up.body == TransferLegBooked("t-1", direction, "cust-1", amount)  # type: ignore[arg-type]
    assert (follow_up.customer_id, follow_up.key) == (None, f"capillary:7001:{clearing_id('t-1')}")
    assert (follow_up.source_key, follow_up.cause) == (f"{event.source_key}|cust-1", event.cause)
    assert (follow_up.occurred_at, follow_up.observed_at) == (event.occurred_at, event.observed_at)


@pytest.mark.parametrize("leg", [out(10, transfer=None), in_(10, transfer=None)])
def test_a_leg_without_the_transfers_id_is_booked_and_meets_nobody(leg: EventBody) -> None:
    outcome = applied(DOMAIN, DOMAIN.initial, leg)
    assert outcome.follow_ups == ()
    assert len(outcome.derived) == 1


@pytest.mark.parametrize("leg", [out(2), in_(2)])
def test_a_leg_beyond_what_can_be_held_exactly_is_rejected(leg: EventBody) -> None:
    most = Decimal(10**18) - 1
    full = PointsState({"41|points": Account("41", "points", -most if isinstance(leg, PointsTransferredOut) else most)})
    outcome = outcome_of(DOMAIN, full, leg)
    assert isinstance(outcome, Rejected)
    assert outcome.reason is DeadLetterReason.BALANCE_OUT_OF_RANGE


def test_a_settled_transfer_is_told_and_books_nothing() -> None:
    outcome = applied(DOMAIN, DOMAIN.initial, TransferSettled("t-1", "a", "b", Decimal(10)))
    assert outcome.derived == (PointsTransferSettled("t-1", "a", "b", Decimal(10)),)
    assert outcome.state == DOMAIN.initial


def test_an_unmatched_leg_is_told_and_books_nothing() -> None:
    outcome = applied(DOMAIN, DOMAIN.initial, TransferUnmatched("t-1", None, "b", Decimal(10)))
    assert outcome.derived == (PointsTransferUnmatched("t-1", None, "b", Decimal(10)),)
    assert outcome.state == DOMAIN.initial


TOTALS = totals(1, 2)
PAIRS: list[tuple[EventBody, EventBody]] = [
    (issue((5, SOON), promised=1, of=TOTALS, bill="b"), issue((5, SOON), promised=1, bill="b")),
    (redeem(5, "R1", of=TOTALS), redeem(5, "R1")),
    (replace(convert(5), totals=TOTALS), convert(5)),
    (replace(reverse(5, "R1"), credits=(AccountCredit("41", Decimal(5), TOTALS),)), reverse(5, "R1")),
    (replace(take_back(5, 1, "b"), totals=TOTALS), take_back(5, 1, "b")),
    (out(5, 6, of=TOTALS), out(5, 6)),
    (BalanceStated("41", "points", TOTALS), BalanceStated("41", "points", NO_TOTALS)),
    (
        PointsAdjusted("points", (AccountDebit("41", Decimal(1), TOTALS),), (AccountCredit("42", Decimal(2), TOTALS),)),
        PointsAdjusted(
            "points", (AccountDebit("41", Decimal(1), NO_TOTALS),), (AccountCredit("42", Decimal(2), NO_TOTALS),)
        ),
    ),
]


@pytest.mark.parametrize(("said", "holds"), PAIRS, ids=[type(pair[0]).__name__ for pair in PAIRS])
def test_a_victims_fact_is_the_survivors_without_the_victims_totals(said: EventBody, holds: EventBody) -> None:
    assert rules_of(DOMAIN).redirect(said, "cust-9") == holds
    assert rules_of(DOMAIN).redirect(holds, "cust-9") == holds


@pytest.mark.parametrize(
    "fact",
    [
        expire(5),
        in_(5),
        PointsExpired("41", "stars", Decimal(5)),
        PointsExpiryMoved("points", (ExpiryMove("41", Decimal(5), None, SOON, LATER),)),
        TransferSettled("t-1", "a", "b", Decimal(10)),
        TransferUnmatched("t-1", "a", None, Decimal(10)),
    ],
)
def test_a_victims_fact_without_totals_is_the_survivors_as_it_is(fact: EventBody) -> None:
    assert rules_of(DOMAIN).redirect(fact, "cust-9") is fact


def test_every_fact_of_points_is_one_of_these_or_has_no_totals() -> None:
    with_totals = {body for body in DOMAIN.reducers if {"totals", "debits", "credits"} & set(body.__struct_fields__)}
    assert with_totals == {type(said) for said, _ in PAIRS}
