"""Coupons, tiers, streaks and promotions as the dialect reads them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from loyalty_stream.domains.coupons.events import CouponIssued, CouponRedeemed
from loyalty_stream.domains.promotions.events import EarnedPromotionRevoked, RevokedEarn
from loyalty_stream.domains.streaks.events import StreakEntry, StreakLevelLost
from loyalty_stream.domains.tiers.events import TierUpgraded
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.model.secrets import code_hash
from tests.unit.sources.capillary.vendor import CUSTOMER, body_of, events_of, flat, rejected

GIFT = code_hash("capillary", "9300", "GIFT")


def issue(*coupons: dict[str, Any], **data: object) -> dict[str, Any]:
    return flat("CouponIssue", {"coupons": list(coupons), **data})


def coupon(customer: int = 5001, **given: object) -> dict[str, Any]:
    return {"id": 880010, "code": "GIFT", "customerIdentifiers": {"customerId": customer}, **given}


def redemption(**data: object) -> dict[str, Any]:
    return flat("CouponRedeem", {**CUSTOMER, "coupon": {"id": 880010, "code": "GIFT"}, **data})


def streak(name: str = "streakLevelAchieved", *, target: object = None, **part: object) -> dict[str, Any]:
    return flat(
        name,
        {**CUSTOMER, "streakData": [{"streakName": "Visits", **part}], **({"targetData": target} if target else {})},
    )


def entry(event: object) -> StreakEntry:
    (found,) = body_of(event).entries
    assert isinstance(found, StreakEntry)
    return found


def test_each_coupon_goes_to_its_own_customer_under_a_key_of_its_own() -> None:
    first, second = events_of(issue(coupon(5001), coupon(5002, id=880011)))
    assert (first.customer_id, second.customer_id) == ("5001", "5002")
    assert (first.source_key[-7:], second.source_key[-7:]) == ("|880010", "|880011")


def test_the_coupons_own_end_wins_over_that_of_its_series() -> None:
    series = {"id": 77, "discount_type": "ABS", "discount_value": 10, "valid_till": 1}
    assert body_of(issue(coupon(valid_till=2, issued_on=3), series_info=series)) == CouponIssued(
        "880010", GIFT, "77", "ABS", Decimal(10), 2, 3
    )
    assert body_of(issue(coupon(), series_info=series)).valid_till == 1


def test_a_coupon_may_come_without_a_series() -> None:
    assert body_of(issue(coupon())) == CouponIssued("880010", GIFT)


def test_a_code_of_digits_is_hashed_as_it_is_written() -> None:
    for code in ("00123456", "1234567890123456789012"):
        assert body_of(issue(coupon(code=code))).code_hash == code_hash("capillary", "9300", code)


def test_a_redemption_names_coupon_and_bill() -> None:
    body = body_of(redemption(transaction={"bill_id": 70021}))
    assert body == CouponRedeemed("880010", GIFT, bill_id="70021")


@pytest.mark.parametrize("given", [{}, {"transaction": {"bill_id": 0, "number": ""}}, {"transaction": {"bill_id": -1}}])
def test_a_redemption_without_a_bill_has_none(given: dict[str, Any]) -> None:
    assert body_of(redemption(**given)).bill_id is None


def test_an_end_that_no_calendar_holds_is_rejected() -> None:
    assert rejected(issue(coupon(valid_till=10**15))).reason is DeadLetterReason.TIMESTAMP_OUT_OF_RANGE


def test_a_tiers_placeholder_date_is_none() -> None:
    data = {
        **CUSTOMER,
        "loyaltyProgramId": 41.0,
        "previousTierNumber": 1.0,
        "upgradedTierNumber": 2.0,
        "tierExpiryDate": "tierExpiryDate",
    }
    assert body_of(flat("tierUpgraded", data)) == TierUpgraded("41", "1", "2", None)


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ({"userCurrentStreakValue": "14.000"}, 14),
        ({"userStreakValueAtTheStart": "0"}, 0),
        ({"userStreakValueByTheEnd": 4}, 4),
        ({}, None),
    ],
)
def test_a_streaks_value_is_a_number_however_it_is_written(given: dict[str, Any], value: int | None) -> None:
    assert entry(streak(**given)).value == value


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("streakCustomerEnrolment", "streakEnrolmentData"),
        ("streakCustomerUnEnrolment", "streakUnEnrolmentData"),
        ("streakStart", "streakStartData"),
        ("streakEnd", "streakEndData"),
        ("streakLevelAchieved", "streakData"),
    ],
)
def test_each_streak_event_has_a_list_of_its_own(name: str, key: str) -> None:
    data = {**CUSTOMER, key: [{"streakName": "Visits"}], "targetDetails": {"targetGroupId": 62, "targetPeriodId": 63}}
    assert entry(flat(name, data)) == StreakEntry("Visits", target_group_id="62", target_period_id="63")


def test_the_target_may_be_a_list_of_one() -> None:
    assert entry(streak(target=[{"id": 61, "targetGroupId": 62}])).target_id == "61"


@pytest.mark.parametrize(("activity", "cause"), [("ReturnBill", "return"), ("TransactionAdd", None), (None, None)])
def test_a_level_is_lost_by_a_return_where_the_activity_is_one(activity: str | None, cause: str | None) -> None:
    event = streak("streakLevelUnAchieved", streakLevelName="Level 1")
    if activity is not None:
        event["data"]["triggeringActivity"] = {"name": activity}
    body = body_of(event)
    assert isinstance(body, StreakLevelLost)
    assert body.cause == cause


def test_levels_are_counted_in_whole_numbers() -> None:
    assert entry(streak(numberOfLevel="2", numberOfLevelsAchievedByTheUser=1.0)).levels_total == 2
    assert rejected(streak(numberOfLevel=1.5)).reason is DeadLetterReason.WRONG_TYPE


@pytest.mark.parametrize("data", [{}, {"streakData": []}])
def test_a_streak_event_without_a_streak_is_rejected(data: dict[str, Any]) -> None:
    assert rejected(flat("streakStart", {**CUSTOMER, **data})).reason is DeadLetterReason.MISSING_FIELD


def test_a_label_with_half_of_a_surrogate_pair_is_rejected() -> None:
    assert rejected(streak(streakLevelName="\ud83d")).reason is DeadLetterReason.WRONG_ENCODING


def test_all_earns_of_a_revocation_are_read() -> None:
    details = [{"revokedEarnedId": 1, "promotionEarnedExpiryDate": "2026-11-30"}, {"revokedEarnedId": 2}]
    data = {**CUSTOMER, "promotionId": 55, "revokedEarnedPromotionDetails": details}
    assert body_of(flat("revokeEarnedPromotion", data)) == EarnedPromotionRevoked(
        None, "55", (RevokedEarn("1", date(2026, 11, 30)), RevokedEarn("2"))
    )


def test_a_revocation_of_no_earn_is_rejected() -> None:
    data = {**CUSTOMER, "promotionId": 55, "revokedEarnedPromotionDetails": []}
    assert rejected(flat("revokeEarnedPromotion", data)).reason is DeadLetterReason.MISSING_FIELD
