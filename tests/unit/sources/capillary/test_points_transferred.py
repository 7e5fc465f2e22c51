"""Transfers of points as the dialect reads them."""

from decimal import Decimal
from typing import Any

import pytest

from loyalty_stream.domains.points.events import AccountDebit, PointsTransferredIn, PointsTransferredOut, VendorTotals
from loyalty_stream.model.reasons import DeadLetterReason
from tests.unit.sources.capillary.vendor import CUSTOMER, body_of, flat, only, rejected, wrapped

FROM = [{"programId": 41, "pointsRedeemed": 6.5, "programCurrentPoints": 90.0}, {"programId": 42, "pointsRedeemed": 4}]
OTHER: dict[str, Any] = {
    "transferReceivingCustomerIdentifiers": {"customerId": 5002, "instore": {"mobile": "1"}},
    "transferReceivingEntityInformation": {"entityType": "USER", "entityId": 5002},
}


def initiated(**data: object) -> dict[str, Any]:
    given = {**CUSTOMER, **OTHER, "loyaltyProgramId": 41, "totalPointsTransferred": 10.5, **data}
    known = {key: value for key, value in given.items() if value is not None}
    return flat("pointsTransferredInitiated", known, loyaltyEventId="HNoD")


def received(**data: object) -> dict[str, Any]:
    given = {**CUSTOMER, "loyaltyProgramId": 41, "totalPointsTransferred": 10.5, **data}
    known = {key: value for key, value in given.items() if value is not None}
    return flat("pointsTransferredReceived", known, loyaltyEventId="HNoD")


def test_points_leave_the_programmes_that_earned_them() -> None:
    assert body_of(initiated(redemptionFromEarningPrograms=FROM)) == PointsTransferredOut(
        "points",
        (
            AccountDebit("41", Decimal("6.5"), VendorTotals(Decimal(90))),
            AccountDebit("42", Decimal(4), VendorTotals()),
        ),
        "HNoD",
    )


@pytest.mark.parametrize("programs", [None, []])
def test_without_programmes_the_total_leaves_the_events_own(programs: object) -> None:
    body = body_of(initiated(redemptionFromEarningPrograms=programs))
    assert body == PointsTransferredOut("points", (AccountDebit("41", Decimal("10.5"), VendorTotals()),), "HNoD")


def test_the_programmes_need_no_total() -> None:
    body = body_of(initiated(redemptionFromEarningPrograms=FROM, totalPointsTransferred=None))
    assert [debit.amount for debit in body.debits] == [Decimal("6.5"), 4]


def test_points_come_to_the_events_programme() -> None:
    assert body_of(received()) == PointsTransferredIn("41", "points", Decimal("10.5"), "HNoD")


@pytest.mark.parametrize("event", [initiated(), received()])
def test_a_leg_is_its_own_customers_whoever_the_other_is(event: dict[str, Any]) -> None:
    found = only(event)
    assert (found.customer_id, found.key) == ("5001", "capillary:9300:5001")


@pytest.mark.parametrize("event", [initiated(), received()])
def test_a_leg_without_the_transfers_id_is_one_that_cannot_be_joined(event: dict[str, Any]) -> None:
    del event["loyaltyEventId"]
    assert body_of(event).transfer_id is None


@pytest.mark.parametrize("event", [initiated(), received()])
def test_a_leg_is_the_same_in_either_envelope(event: dict[str, Any]) -> None:
    assert body_of(wrapped(dict(event))) == body_of(event)


@pytest.mark.parametrize("event", [initiated(totalPointsTransferred=None), received(totalPointsTransferred=None)])
def test_a_leg_without_a_number_is_rejected(event: dict[str, Any]) -> None:
    assert rejected(event).reason is DeadLetterReason.MISSING_FIELD


@pytest.mark.parametrize("event", [initiated(loyaltyProgramId=None), received(loyaltyProgramId=None)])
def test_a_leg_without_a_programme_is_rejected(event: dict[str, Any]) -> None:
    assert rejected(event).reason is DeadLetterReason.MISSING_FIELD


@pytest.mark.parametrize("event", [initiated(totalPointsTransferred=-1), received(totalPointsTransferred=-1)])
def test_a_negative_amount_is_rejected(event: dict[str, Any]) -> None:
    assert rejected(event).reason is DeadLetterReason.NEGATIVE_AMOUNT


@pytest.mark.parametrize("event", [initiated(customerIdentifiers=None), received(customerIdentifiers=None)])
def test_a_leg_without_a_customer_is_rejected(event: dict[str, Any]) -> None:
    assert rejected(event).reason is DeadLetterReason.MISSING_CUSTOMER


def test_the_two_legs_of_one_transfer_have_source_keys_of_their_own() -> None:
    assert only(initiated()).source_key != only(received()).source_key
