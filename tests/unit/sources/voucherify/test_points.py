"""Points and pending points of loyalty cards as the dialect reads them."""

from decimal import Decimal
from typing import Any

import pytest

from loyalty_stream.domains.points.events import (
    NO_TOTALS,
    AccountDebit,
    BalanceStated,
    IssuedLot,
    IssueReversed,
    PointsAdjusted,
    PointsExpired,
    PointsIssued,
    PointsTransferredIn,
    PointsTransferredOut,
    PromisedPointsConverted,
    VendorTotals,
)
from loyalty_stream.model.reasons import DeadLetterReason, IgnoredReason
from loyalty_stream.sources.reading import Reading
from tests.unit.sources.voucherify.vendor import (
    CAMPAIGN,
    CARD,
    CREATED_AT_MS,
    CUSTOMER,
    activity,
    bodies_of,
    events_of,
    read,
    rejected,
)

ADDED, REWARDED = f"{CARD}.points_added", "customer.rewarded.loyalty_points"
TRANSACTION_AT_MS = CREATED_AT_MS - 250
ACTIVATION = "PENDING_POINTS_ACTIVATION"


def balance(points: object = 40, **given: object) -> dict[str, Any]:
    return {"points": points, "balance": 540, "total": 620, **given}


def transaction(points: object = 40, **given: object) -> dict[str, Any]:
    own = {"id": "vtx_1", "campaign_id": "camp_1", "created_at": "2026-03-02T10:15:30Z"}
    return {**own, "details": {"balance": balance(points)}, **given}


def points(name: str = ADDED, **data: object) -> dict[str, Any]:
    return activity(name, {**CUSTOMER, **CAMPAIGN, **data})


def pending(word: str, change: object = None, **data: object) -> dict[str, Any]:
    waiting = {"pending_points": {"id": "lopp_1", "points": 35}}
    return points(f"{CARD}.{word}", **{**waiting, "voucher_pending_points_balance": {"points": change}, **data})


def issued(amount: int) -> PointsIssued:
    return PointsIssued("camp_1", "points", (IssuedLot(Decimal(amount), None, "regular"),), Decimal(0), NO_TOTALS)


def test_added_points_are_a_booking_and_a_statement_of_the_balance() -> None:
    booked, stated = events_of(points(transaction=transaction(), balance=balance()))
    assert booked.body == issued(40)
    assert booked.source_key == "voucherify|0|transaction|vtx_1|"
    assert stated.body == BalanceStated("camp_1", "points", VendorTotals(Decimal(540), Decimal(620)))
    assert stated.source_key == f"voucherify|0|{ADDED}|evcus_1|stated"
    assert booked.occurred_at == stated.occurred_at == TRANSACTION_AT_MS


@pytest.mark.parametrize("kind", [None, "POINTS_ACCRUAL", "POINTS_REMOVAL", ACTIVATION])
@pytest.mark.parametrize("amount", [40, -40])
def test_one_transaction_is_one_fact_whichever_activity_reports_it(kind: str | None, amount: int) -> None:
    told = transaction(amount, type=kind)
    added, *_ = events_of(points(transaction=told))
    rewarded, *_ = events_of(points(REWARDED, transaction=told, balance=balance(99)))
    assert (added.source_key, added.occurred_at, added.body) == (
        rewarded.source_key,
        rewarded.occurred_at,
        rewarded.body,
    )


def test_an_activation_is_one_fact_by_each_of_its_names() -> None:
    told = transaction(type=ACTIVATION)
    facts = [
        (event.source_key, event.occurred_at, event.body)
        for record in (
            points(transaction=told),
            points(REWARDED, transaction=told),
            pending("points_activated", transaction=told),
            pending("pending_points.activated", transaction=told),
        )
        for event in events_of(record)[:1]
    ]
    assert facts == facts[:1] * 4
    assert facts[0][2] == PromisedPointsConverted("camp_1", "points", Decimal(40), NO_TOTALS)


def test_points_below_zero_are_taken() -> None:
    (body,) = bodies_of(points(balance={"points": -40}))
    assert body == PointsAdjusted("points", (AccountDebit("camp_1", Decimal(40), NO_TOTALS),))


def test_without_a_transaction_the_activity_names_the_booking_and_times_it() -> None:
    booked, _ = events_of(points(balance=balance()))
    assert booked.source_key == f"voucherify|0|{ADDED}|evcus_1|"
    assert booked.occurred_at == CREATED_AT_MS


def test_earned_points_are_the_holders() -> None:
    booked, stated = events_of(points(REWARDED, holder={"id": "cust_2"}, balance=balance()))
    assert booked.customer_id == stated.customer_id == "cust_2"


def test_points_that_wait_are_not_told_by_the_rule_that_earned_them() -> None:
    record = points(REWARDED, balance=balance(), earning_rule={"pending_points": {"period_type": "DAY"}})
    assert read(record) == Reading(REWARDED, ignored=IgnoredReason.NO_EFFECT)


def test_a_programme_is_the_campaign_of_the_transaction_or_of_the_activity_or_of_the_voucher() -> None:
    named = transaction(campaign_id="camp_9")
    assert bodies_of(points(transaction=named))[1].program_id == "camp_9"
    alone = {**CUSTOMER, "balance": balance(), "voucher": {"id": "v_1", "campaign_id": "camp_8"}}
    assert bodies_of(activity(ADDED, alone))[1].program_id == "camp_8"
    standalone = {**CUSTOMER, "balance": balance(), "voucher": {"id": "v_1"}}
    assert bodies_of(activity(ADDED, standalone))[1].program_id == "v_1"


@pytest.mark.parametrize("record", [points(), points(balance={}), activity(ADDED, {**CUSTOMER, "balance": balance()})])
def test_a_booking_without_points_or_programme_is_refused(record: object) -> None:
    assert rejected(record).reason is DeadLetterReason.MISSING_FIELD


def test_expired_points_are_told_with_the_active_balance_alone() -> None:
    told = transaction(-25, type="POINTS_EXPIRATION")
    expired, stated = bodies_of(points(f"{CARD}.points_expired", points=25, transaction=told))
    assert expired == PointsExpired("camp_1", "points", Decimal(25))
    assert stated.totals == VendorTotals(Decimal(540))


def test_expired_points_may_be_those_of_the_transaction_only() -> None:
    assert bodies_of(points(f"{CARD}.points_expired", transaction=transaction(-25)))[0].amount == Decimal(25)


def test_both_legs_of_a_transfer_have_the_smaller_id() -> None:
    name = f"{CARD}.points_transferred"
    gone, _ = bodies_of(points(name, transaction=transaction(-30, id="vtx_1", related_transaction_id="vtx_2")))
    come, _ = bodies_of(points(name, transaction=transaction(30, id="vtx_2", related_transaction_id="vtx_1")))
    assert gone == PointsTransferredOut("points", (AccountDebit("camp_1", Decimal(30), NO_TOTALS),), "vtx_1")
    assert come == PointsTransferredIn("camp_1", "points", Decimal(30), "vtx_1")


def test_a_transfer_without_a_transaction_joins_nothing() -> None:
    assert bodies_of(points(f"{CARD}.points_transferred", balance={"points": 30}))[0].transfer_id is None


def test_a_snapshot_of_one_campaign_states_the_active_points() -> None:
    (body,) = bodies_of(points("customer.loyalty.updated", loyalty={"points": 55}))
    assert body == BalanceStated("camp_1", "points", VendorTotals(Decimal(55)))


@pytest.mark.parametrize("loyalty", [{}, {"points": 55, "campaigns": {"Any": {"points": 55}}}])
def test_a_snapshot_of_no_one_campaign_states_nothing(loyalty: object) -> None:
    name = "customer.loyalty.updated"
    assert read(points(name, loyalty=loyalty)) == Reading(name, ignored=IgnoredReason.NO_EFFECT)


@pytest.mark.parametrize(
    ("word", "change", "promised", "taken"),
    [
        ("added", 10, 10, None),
        ("added", None, 35, None),
        ("updated", 10, 10, None),
        ("updated", 0, 0, None),
        ("updated", -10, None, 10),
        ("canceled", -10, None, 10),
        ("canceled", None, None, 35),
    ],
)
def test_pending_points_change_by_what_was_changed(
    word: str, change: int | None, promised: int | None, taken: int | None
) -> None:
    (body,) = bodies_of(pending(f"pending_points.{word}", change))
    if promised is not None:
        assert body == PointsIssued("camp_1", "points", (), Decimal(promised), NO_TOTALS)
    if taken is not None:
        assert body == IssueReversed("camp_1", "points", Decimal(0), Decimal(taken), NO_TOTALS)


def test_an_update_that_does_not_say_by_how_much_is_refused() -> None:
    assert rejected(pending("pending_points.updated")).reason is DeadLetterReason.MISSING_FIELD


def test_an_activation_without_a_transaction_is_named_by_what_waited() -> None:
    (event,) = events_of(pending("pending_points.activated", 35))
    assert event.source_key == "voucherify|0|pending_points|lopp_1|activated"
    assert event.body == PromisedPointsConverted("camp_1", "points", Decimal(35), NO_TOTALS)


def test_what_waits_names_its_customer_and_campaign_too() -> None:
    waiting = {"id": "lopp_1", "points": 35, "customer_id": "cust_7", "campaign_id": "camp_7"}
    (event,) = events_of(activity(f"{CARD}.pending_points.added", {"pending_points": waiting}))
    assert (event.customer_id, event.body.program_id) == ("cust_7", "camp_7")  # type: ignore[attr-defined]
