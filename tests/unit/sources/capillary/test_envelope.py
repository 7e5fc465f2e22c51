from typing import Any

import pytest

from loyalty_stream.domains.points.events import PointsExpired
from loyalty_stream.model.events import Cause
from loyalty_stream.model.outcome import Rejected
from loyalty_stream.model.problem import RepairKind
from loyalty_stream.model.reasons import DeadLetterReason, IgnoredReason
from loyalty_stream.sources.capillary.envelope import bare_name
from loyalty_stream.sources.capillary.names import NOT_YET_SUPPORTED, SPECS
from loyalty_stream.sources.reading import Reading
from tests.helpers.flow import TIMESTAMP
from tests.unit.sources.capillary.vendor import CREATED_AT, CUSTOMER, EXPIRED, flat, only, read, rejected, wrapped


def test_an_event_says_whose_it_is_when_it_was_and_where_it_comes_from() -> None:
    event = only(flat())
    assert event.vendor == "capillary"
    assert (event.org_id, event.customer_id, event.key) == ("9300", "5001", "capillary:9300:5001")
    assert (event.occurred_at, event.vendor_timed, event.observed_at) == (CREATED_AT, True, TIMESTAMP)
    assert event.cause == Cause("pointsExpired", "e-1", "loyalty.raw.capillary", 0, 7)
    assert isinstance(event.body, PointsExpired)


def test_an_http_capture_holds_a_flat_event() -> None:
    captured = {"event": {"method": "POST", "headers": {"x": "y"}, "client_ip": "192.0.2.7", "body": flat()}}
    assert only(captured) == only(flat())


def test_the_id_of_a_wrapped_event_stands_outside() -> None:
    assert only(wrapped(flat())) == only(flat())


def test_an_id_within_the_wrapping_wins() -> None:
    event = {"eventId": "outer", "attributes": flat(eventId="inner")}
    assert only(event).cause.event_id == "inner"


@pytest.mark.parametrize("name", ["POINTSEXPIRED", "PointsExpired", "pointsexpired"])
def test_a_name_is_known_in_any_casing(name: str) -> None:
    assert only(flat(name)).cause.event_name == "pointsExpired"


def test_the_event_type_names_an_event_without_a_name() -> None:
    assert only(wrapped(flat(None), eventType="9300_pointsExpired")).cause.event_name == "pointsExpired"


def test_the_name_wins_over_the_event_type() -> None:
    assert only(wrapped(flat(), eventType="9300_pointsIssued")).cause.event_name == "pointsExpired"


@pytest.mark.parametrize(
    ("event_type", "name"),
    [
        (None, None),
        ("pointsIssued", "pointsIssued"),
        ("150698_customerAdded", "customerAdded"),
        ("PP_EXPIRY_JOB", "PP_EXPIRY_JOB"),
    ],
)
def test_an_event_type_is_bared_of_the_org_before_it(event_type: str | None, name: str | None) -> None:
    assert bare_name(event_type) == name


def test_a_name_within_the_data_is_not_the_events_name() -> None:
    trap = {**EXPIRED, "eventName": "TransactionAdd", "eventId": 15}
    assert only(flat(data=trap)).cause.event_name == "pointsExpired"
    assert rejected(flat(None, trap)).reason is DeadLetterReason.MISSING_EVENT_NAME


def test_a_name_that_is_known_but_not_reduced_is_ignored() -> None:
    reading = read(flat("PROMOTIONcreated", {"anything": [1]}))
    assert reading == Reading("promotionCreated", ignored=IgnoredReason.NOT_YET_SUPPORTED)


def test_an_event_that_is_not_reduced_needs_no_data_but_an_org() -> None:
    assert read(flat("promotionCreated", None)) == Reading("promotionCreated", ignored=IgnoredReason.NOT_YET_SUPPORTED)
    assert rejected(flat("promotionCreated", None, orgId=None)).reason is DeadLetterReason.MISSING_FIELD


def test_whitespace_in_a_name_is_mended() -> None:
    repairs: list[RepairKind] = []
    assert isinstance(read(flat("points Expired "), repairs), Reading)
    assert repairs == [RepairKind.VALUE_WHITESPACE]


def test_an_org_of_zero_is_an_org() -> None:
    assert only(flat(orgId=0)).org_id == "0"


@pytest.mark.parametrize("created_at", [None, 156_474_848_484, 0])
def test_without_a_plausible_time_the_records_own_stands_in_and_is_counted(created_at: int | None) -> None:
    repairs: list[RepairKind] = []
    reading = read(flat(createdAt=created_at), repairs)
    assert isinstance(reading, Reading)
    assert (reading.events[0].occurred_at, reading.events[0].vendor_timed) == (TIMESTAMP, False)
    assert repairs == [RepairKind.TIME_FALLBACK]


def test_the_event_id_is_the_idempotency_key_with_its_org_and_name() -> None:
    assert only(flat()).source_key == "capillary|9300|pointsExpired|e-1|"


def test_one_event_id_on_two_names_makes_two_keys() -> None:
    tier = {**CUSTOMER, "loyaltyProgramId": 41, "currentTierNumber": 2}
    names = ("tierRenewed", "tierDowngradeReminder")
    assert len({only(flat(name, tier)).source_key for name in names}) == 2


@pytest.mark.parametrize("missing", [None, "", "null", -1])
def test_without_an_event_id_the_request_customer_and_business_id_name_the_event(missing: object) -> None:
    promotion = {**CUSTOMER, "promotionId": 55, "issualId": 551}
    event = flat("promotionIssued", promotion, apiRequestId="req-1", loyaltyEventId="L-1", eventId=missing)
    assert only(event).source_key == "capillary|9300|promotionIssued|~|req-1|L-1|5001|551||"
    assert only(event).cause.event_id is None


def test_without_any_request_the_time_tells_events_apart() -> None:
    event = flat(eventId=None)
    assert only(event).source_key == f"capillary|9300|pointsExpired|~||||5001||{CREATED_AT}|".replace("||||", "|||")
    assert only({**event, "createdAt": CREATED_AT + 1}).source_key != only(event).source_key


BUSINESS_IDS: dict[str, tuple[dict[str, Any], str]] = {
    "issuedPointsReversed": (
        {
            "loyaltyProgramId": 41,
            "totalIssuedPointsReversed": 1,
            "triggeringActivity": {"identifiers": [{"key": "billId", "value": "70021"}]},
        },
        "70021",
    ),
    "CouponRedeem": ({"coupon": {"id": 880010, "code": "GIFT", "redemptionId": 9001}}, "9001"),
    "promotionIssued": ({"promotionId": 55, "issualId": 551}, "551"),
    "promotionEarned": ({"promotionId": 55, "earnedId": 5511}, "5511"),
    "revokeIssuedPromotion": ({"promotionId": 55, "revokedIssualId": 551}, "551"),
    "revokeEarnedPromotion": (
        {"promotionId": 55, "revokedEarnedPromotionDetails": [{"revokedEarnedId": 1}, {"revokedEarnedId": 2}]},
        "1,2",
    ),
    "streakCustomerUnEnrolment": (
        {
            "streakUnEnrolmentData": [{"streakName": "Visits"}],
            "targetData": [{"targetGroupId": 62, "targetPeriodId": 63}],
        },
        "62|63|Visits",
    ),
}


@pytest.mark.parametrize("name", BUSINESS_IDS)
def test_each_event_without_an_id_has_a_business_id(name: str) -> None:
    data, business_id = BUSINESS_IDS[name]
    event = only(flat(name, {**CUSTOMER, **data}, eventId=None, apiRequestId="req-1"))
    assert event.source_key == f"capillary|9300|{name}|~|req-1||5001|{business_id}||"


def test_no_name_is_both_reduced_and_not() -> None:
    assert not set(SPECS) & set(NOT_YET_SUPPORTED)
    assert all(name == name.lower() for name in (*SPECS, *NOT_YET_SUPPORTED))


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (flat("pointsTeleported"), DeadLetterReason.UNKNOWN_EVENT),
        (flat(None), DeadLetterReason.MISSING_EVENT_NAME),
        (flat(""), DeadLetterReason.MISSING_EVENT_NAME),
        ({}, DeadLetterReason.MISSING_EVENT_NAME),
        ({"attributes": None}, DeadLetterReason.MISSING_EVENT_NAME),
        (flat(orgId=None), DeadLetterReason.MISSING_FIELD),
        (flat(orgId=-1), DeadLetterReason.MISSING_FIELD),
        (flat(data=None), DeadLetterReason.MISSING_FIELD),
        (flat(data="none"), DeadLetterReason.WRONG_TYPE),
        (flat(data={**EXPIRED, "customerIdentifiers": None}), DeadLetterReason.MISSING_CUSTOMER),
        (flat(data={**EXPIRED, "customerIdentifiers": {"customerId": "null"}}), DeadLetterReason.MISSING_CUSTOMER),
        ({"event": {"body": None}}, DeadLetterReason.MISSING_FIELD),
        ({"event": {}}, DeadLetterReason.MISSING_FIELD),
    ],
)
def test_an_envelope_that_names_no_event_or_key_is_rejected(event: object, reason: DeadLetterReason) -> None:
    assert rejected(event).reason is reason


def test_a_field_that_the_vendor_adds_is_no_reason_to_reject() -> None:
    repairs: list[RepairKind] = []
    assert isinstance(read({**flat(), "brandNew": {"eventName": "x"}}, repairs), Reading)
    assert repairs == []


def test_the_events_of_a_dirty_record_are_those_of_a_clean_one() -> None:
    dirty = (
        b'{"event Name": "pointsExpired", "eventId": "e- 1", "orgId": 9300.0, "createdAt": "1789000000000", '
        b'"da ta": {"customerIdentifiers": {"customerId": "5001"}, "loyaltyProgramId": 41, "points Expired": "10"}}'
    )
    assert only(dirty) == only(flat())
    assert not isinstance(read(dirty), Rejected)
