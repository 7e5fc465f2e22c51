"""Points that are moved by hand or to a group, as the dialect reads them."""

from decimal import Decimal
from typing import Any

import pytest

from loyalty_stream.domains.points.events import AccountCredit, AccountDebit, PointsAdjusted, VendorTotals
from loyalty_stream.model.reasons import DeadLetterReason
from tests.unit.sources.capillary.vendor import CUSTOMER, body_of, events_of, flat, rejected

NO_TOTALS = VendorTotals()


def adjustment(**data: object) -> dict[str, Any]:
    return flat("ManualPointsAdjustment", {**CUSTOMER, **data})


def debit(program_id: str, points: str) -> AccountDebit:
    return AccountDebit(program_id, Decimal(points), NO_TOTALS)


def test_an_adjustment_takes_points_from_the_programmes_of_its_split() -> None:
    split = [{"programId": 41, "points": "12.500", "pointsAwardedId": 5}, {"programId": 42, "points": 2}]
    body = body_of(adjustment(totalPoinstDeducted="14.5", programPointsSplit=split, reason="by hand"))
    assert body == PointsAdjusted("points", (debit("41", "12.5"), debit("42", "2")))


@pytest.mark.parametrize("key", ["totalPoinstDeducted", "totalPointsDeducted"])
def test_without_a_split_the_total_is_taken_from_the_events_own_programme(key: str) -> None:
    assert body_of(adjustment(**{key: "7"}, loyaltyProgramId=41)) == PointsAdjusted("points", (debit("41", "7"),))


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"points": 5, "loyaltyProgramId": 41},
        {"totalPoinstDeducted": "5"},
        {"programPointsSplit": []},
        {"programPointsSplit": [{"programId": 41}]},
        {"programPointsSplit": [{"points": "5"}], "totalPoinstDeducted": "5", "loyaltyProgramId": 41},
    ],
)
def test_an_adjustment_without_a_number_or_a_programme_that_is_known_is_rejected(data: dict[str, Any]) -> None:
    assert rejected(adjustment(**data)).reason is DeadLetterReason.MISSING_FIELD


def contribution(giver: int = 5001, taker: int = 5002, **data: object) -> dict[str, Any]:
    members = {
        "contributingMember": {"customerIdentifiers": {"customerId": giver}, "role": "SECONDARY"},
        "primaryMember": {"customerIdentifiers": {"customerId": taker}, "role": "PRIMARY"},
    }
    given = {**members, "groupId": 2146, "loyaltyProgramId": 41, "pointsContributedToGroup": 25.75, **data}
    return flat("pointsContributionToGroup", {key: value for key, value in given.items() if value is not None})


def test_what_one_member_contributes_the_primary_member_gets() -> None:
    giver, taker = events_of(contribution())
    assert (giver.customer_id, taker.customer_id) == ("5001", "5002")
    assert giver.body == PointsAdjusted("points", (debit("41", "25.75"),), (), "group:2146")
    assert taker.body == PointsAdjusted("points", (), (AccountCredit("41", Decimal("25.75"), NO_TOTALS),), "group:2146")


def test_what_the_primary_member_contributes_stays_where_it_is() -> None:
    assert body_of(contribution(5001, 5001, groupId=None)) == PointsAdjusted("points", ())


@pytest.mark.parametrize(
    ("missing", "reason"),
    [
        ("pointsContributedToGroup", DeadLetterReason.MISSING_FIELD),
        ("loyaltyProgramId", DeadLetterReason.MISSING_FIELD),
        ("primaryMember", DeadLetterReason.MISSING_FIELD),
    ],
)
def test_a_contribution_without_its_points_or_a_member_is_rejected(missing: str, reason: DeadLetterReason) -> None:
    assert rejected(contribution(**{missing: None})).reason is reason  # type: ignore[arg-type]  # any field
