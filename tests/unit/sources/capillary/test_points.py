from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from loyalty_stream.domains.points.events import (
    AccountCredit,
    AccountDebit,
    ExpiryMove,
    IssuedLot,
    IssueReversed,
    PointsExpired,
    PointsExpiryAnnounced,
    PointsExpiryMoved,
    PointsIssued,
    PointsRedeemed,
    PromisedPointsConverted,
    RedemptionReversed,
    VendorTotals,
)
from loyalty_stream.model.problem import RepairKind
from loyalty_stream.model.reasons import DeadLetterReason
from tests.unit.sources.capillary.vendor import CUSTOMER, body_of, flat, only, read, rejected

SOON, LATER = date(2027, 1, 31), date(2027, 6, 30)
NO_TOTALS = VendorTotals()


def event(name: str, **data: object) -> dict[str, Any]:
    return flat(name, {**CUSTOMER, "loyaltyProgramId": 41, **data})


def issued(**data: object) -> PointsIssued:
    body = body_of(event("pointsIssued", **data))
    assert isinstance(body, PointsIssued)
    return body


def lot(amount: str | int, expires_on: date | None = None, kind: Any = "regular") -> IssuedLot:  # noqa: ANN401 - a literal
    return IssuedLot(Decimal(amount), expires_on, kind)


def activity(key: str, value: object) -> dict[str, Any]:
    return {"name": "TransactionAdd", "identifiers": [{"key": "other", "value": "1"}, {"key": key, "value": value}]}


def test_each_part_of_the_breakup_is_a_lot() -> None:
    parts = [{"points": 50, "expiryAt": "2027-01-31"}, {"points": 30.5}]
    assert issued(regularPointsIssued=80.5, regularPointsBreakup=parts).lots == (lot(50, SOON), lot("30.5"))


def test_what_regular_holds_beyond_the_breakup_is_a_lot_without_expiry() -> None:
    parts = [{"points": 60, "expiryAt": "2027-01-31"}]
    assert issued(regularPointsIssued=100, regularPointsBreakup=parts).lots == (lot(60, SOON), lot(40))


def test_a_breakup_larger_than_regular_wins() -> None:
    assert issued(regularPointsIssued=0, regularPointsBreakup=[{"points": 10}]).lots == (lot(10),)


def test_the_total_is_regular_where_all_else_is_absent() -> None:
    assert issued(totalPointsIssued=42, regularPointsBreakup=[]).lots == (lot(42),)


def test_the_total_is_but_a_check_where_anything_else_is_there() -> None:
    assert issued(totalPointsIssued=42, regularPointsIssued=0).lots == ()
    assert issued(totalPointsIssued=42, promisedPointsIssued=[{"promisedPoints": 5}]).lots == ()
    assert issued(totalPointsIssued=42, promotionalPointsIssued=[{"promotionPoints": 5}]).lots == (
        lot(5, kind="promotional"),
    )


@pytest.mark.parametrize("key", ["promotionPointsExpiryDate", "ExpiryDate"])
def test_a_promotion_has_its_own_expiry_under_either_key(key: str) -> None:
    promotion = {"promotionPoints": 20, key: "2027-06-30", "promotionId": 7}
    assert issued(promotionalPointsIssued=[promotion]).lots == (lot(20, LATER, "promotional"),)


@pytest.mark.parametrize("key", ["promisedPoints", "points"])
def test_promised_points_are_read_under_either_key(key: str) -> None:
    assert issued(promisedPointsIssued=[{key: 12.25}, {key: 3}]).promised == Decimal("15.25")


def test_an_amount_under_an_unknown_key_is_zero_and_a_counted_warning() -> None:
    repairs: list[RepairKind] = []
    read(event("pointsIssued", regularPointsIssued=1, promisedPointsIssued=[{"pointsPromised": 5}]), repairs)
    assert repairs == [RepairKind.UNKNOWN_SPELLING]
    assert issued(regularPointsIssued=1, promisedPointsIssued=[{"pointsPromised": 5}]).promised == 0


@pytest.mark.parametrize("key", ["BillId", "billId", "BILLID", "bill Id", "bill\tId"])
def test_the_bill_is_the_reference_however_its_key_is_written(key: str) -> None:
    assert issued(regularPointsIssued=1, triggeringActivity=activity(key, "70021")).reference == "70021"


@pytest.mark.parametrize("none", ["-1", "", None, "null"])
def test_a_bill_that_stands_for_none_is_no_reference(none: object) -> None:
    assert issued(regularPointsIssued=1, triggeringActivity=activity("billId", none)).reference is None


def test_without_an_activity_there_is_no_reference() -> None:
    assert issued(regularPointsIssued=1).reference is None
    assert issued(regularPointsIssued=1, triggeringActivity={"identifiers": None}).reference is None


def test_the_first_of_two_bills_counts() -> None:
    twice = {"identifiers": [{"key": "billId", "value": "1"}, {"key": "BillId", "value": "2"}]}
    assert issued(regularPointsIssued=1, triggeringActivity=twice).reference == "1"


def test_the_vendors_totals_come_along_and_may_be_negative() -> None:
    body = issued(regularPointsIssued=1, programCurrentPoints=-5.5, programLifetimePoints=665.0)
    assert body.totals == VendorTotals(Decimal("-5.5"), Decimal(665))


def test_an_issue_without_any_amount_is_rejected() -> None:
    assert rejected(event("pointsIssued")).reason is DeadLetterReason.MISSING_FIELD


def test_the_earning_programmes_are_debited_not_the_events_own() -> None:
    parts = [
        {"programId": 42, "pointsRedeemed": 30, "programCurrentPoints": 70},
        {"programId": 43, "pointsRedeemed": 5},
    ]
    body = body_of(event("pointsRedeemed", totalPointsRedeemed=35, redemptionFromEarningPrograms=parts))
    assert body == PointsRedeemed(
        "points",
        (AccountDebit("42", Decimal(30), VendorTotals(Decimal(70))), AccountDebit("43", Decimal(5), NO_TOTALS)),
    )


@pytest.mark.parametrize("programs", [{}, {"redemptionFromEarningPrograms": []}])
def test_without_earning_programmes_the_events_own_is_debited_by_the_total(programs: dict[str, Any]) -> None:
    body = body_of(event("pointsRedeemed", totalPointsRedeemed=235, **programs))
    assert body == PointsRedeemed("points", (AccountDebit("41", Decimal(235), NO_TOTALS),))


def test_a_redemption_is_known_by_its_id_and_its_summary() -> None:
    given = {"triggeringActivity": activity("redemptionId", "xMQy8y"), "redemptionSummaryId": 9547005}
    body = body_of(event("pointsRedeemed", totalPointsRedeemed=1, **given))
    assert body.references == ("xMQy8y", "summary:9547005")


def test_a_redemption_without_any_amount_is_rejected() -> None:
    assert rejected(event("pointsRedeemed")).reason is DeadLetterReason.MISSING_FIELD


def test_a_conversions_total_wins_over_its_activities() -> None:
    activities = [{"name": "TransactionAdd", "pointsConverted": 0.0}]
    body = body_of(
        event("promisedToCurrentPointsConversion", pointsConverted=0.269, earningActivityReference=activities)
    )
    assert body == PromisedPointsConverted("41", "points", Decimal("0.269"), NO_TOTALS)


def test_expired_points_are_an_amount() -> None:
    assert body_of(event("pointsExpired", pointsExpired=1000)) == PointsExpired("41", "points", Decimal(1000))


@pytest.mark.parametrize(("given", "day"), [({"scheduledExpiryDate": "2027-01-31"}, SOON), ({}, None)])
def test_a_reminder_says_how_much_and_when(given: dict[str, Any], day: date | None) -> None:
    body = body_of(event("pointsExpiryReminder", pointsScheduledForExpiry=300, **given))
    assert body == PointsExpiryAnnounced("41", "points", Decimal(300), day)


def test_only_what_is_available_again_is_credited() -> None:
    part = {
        "programId": 42,
        "redeemedPointsReversed": 45,
        "redeemedPointsReversedDetails": {"available": 25, "expired": 20},
        "programCurrentPoints": 30,
    }
    body = body_of(event("redeemedPointsReversed", redemptionReversalToEarningPrograms=[part]))
    assert body == RedemptionReversed("points", (AccountCredit("42", Decimal(25), VendorTotals(Decimal(30))),))


@pytest.mark.parametrize(
    ("given", "available"),
    [
        ({"redeemedPointsReversed": 45}, 45),
        ({"redeemedPointsReversed": 45, "redeemedPointsReversedDetails": {"available": 0}}, 0),
        ({"redeemedPointsReversed": 45, "redeemedPointsReversedDetails": {"expired": 5}}, 45),
    ],
)
def test_without_programmes_the_events_own_is_credited(given: dict[str, Any], available: int) -> None:
    body = body_of(event("redeemedPointsReversed", **given))
    assert body.credits == (AccountCredit("41", Decimal(available), NO_TOTALS),)


def test_a_reversal_without_any_amount_is_rejected() -> None:
    assert rejected(event("redeemedPointsReversed")).reason is DeadLetterReason.MISSING_FIELD


def test_an_issues_reversal_is_this_events_own_amounts() -> None:
    body = body_of(
        event(
            "issuedPointsReversed",
            currentEventRegularPointsReturned=40,
            currentEventPromisedPointsReturned=5,
            currentEventPromotionPointsReturnedDetails=[{"promotionPoints": 2}, {"promotionPoints": 1}],
            totalIssuedPointsReversed=90,
            regularPointsReversed=80,
            promisedPointsReversed=10,
            triggeringActivity=activity("billId", "70021"),
        )
    )
    assert body == IssueReversed("41", "points", Decimal(43), Decimal(5), NO_TOTALS, "70021")


@pytest.mark.parametrize(
    ("given", "active", "promised"),
    [
        (
            {
                "regularPointsReversed": 20,
                "promisedPointsReversed": 6,
                "promotionalPointsReversed": [{"promotionPoints": 1}],
            },
            21,
            6,
        ),
        ({"totalIssuedPointsReversed": 27}, 27, 0),
        ({"currentEventPromisedPointsReturned": 5, "regularPointsReversed": 20}, 0, 5),
        ({"currentEventRegularPointsReturned": 0, "regularPointsReversed": 20}, 0, 0),
        ({"promotionalPointsReversed": [{"promotionPoints": 4}]}, 4, 0),
    ],
)
def test_the_cumulative_amounts_stand_in_where_the_events_own_are_absent(
    given: dict[str, Any], active: int, promised: int
) -> None:
    body = body_of(event("issuedPointsReversed", **given))
    assert (body.active, body.promised) == (active, promised)


def test_an_issues_reversal_without_any_amount_is_rejected() -> None:
    assert (
        rejected(event("issuedPointsReversed", promotionalPointsReversed=[])).reason is DeadLetterReason.MISSING_FIELD
    )


@pytest.mark.parametrize(
    ("points_type", "kind"),
    [
        ("billRegular", "regular"),
        ("billPromotions", "promotional"),
        ("bill Regular", "regular"),
        ("billRegular\t", "regular"),
        ("other", None),
        (None, None),
        ("null", None),
    ],
)
def test_a_move_is_of_one_kind_of_points(points_type: str | None, kind: Any) -> None:  # noqa: ANN401 - a literal
    part = {
        "programId": 41,
        "points": 3,
        "pointsType": points_type,
        "oldExpiryDate": "2027-01-31",
        "newExpiryDate": "2027-06-30",
    }
    body = body_of(event("singlePointsExpiryUpdated", updatedPointsExpiry=[part]))
    assert body == PointsExpiryMoved("points", (ExpiryMove("41", Decimal(3), kind, SOON, LATER),))


def test_a_conversion_is_the_customers() -> None:
    assert only(event("promisedToCurrentPointsConversion", pointsConverted=1)).customer_id == "5001"


def test_an_amount_that_stands_twice_is_not_guessed_at() -> None:
    twice = (
        b'{"eventName": "pointsExpired", "eventId": "e-1", "orgId": 9300, "data": {"customerIdentifiers": '
        b'{"customerId": 5001}, "loyaltyProgramId": 41, "pointsExpired": 10, "pointsExpired": 99}}'
    )
    assert rejected(twice).reason is DeadLetterReason.DUPLICATE_KEYS
