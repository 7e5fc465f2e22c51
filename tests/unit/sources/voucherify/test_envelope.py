"""Voucherify's envelope: names, ids, times and whose project it is."""

import json

import pytest

from loyalty_stream.model.problem import RepairKind
from loyalty_stream.model.reasons import DeadLetterReason, IgnoredReason
from loyalty_stream.sources.reading import Reading
from loyalty_stream.sources.voucherify.names import COUNTED_ONLY, SPECS
from tests.helpers.flow import TIMESTAMP
from tests.unit.sources.voucherify.vendor import CREATED_AT_MS, CUSTOMER, activity, events_of, read, rejected


def test_an_activity_is_a_fact_about_the_vendors_own_customer_id() -> None:
    (event,) = events_of(activity(data={"customer": {"id": "cust_1", "source_id": "crm-1"}}))
    assert (event.vendor, event.org_id, event.customer_id) == ("voucherify", "0", "cust_1")
    assert event.key == "voucherify:0:cust_1"
    assert event.source_key == "voucherify|0|customer.created|evcus_1|"
    assert (event.occurred_at, event.vendor_timed) == (CREATED_AT_MS, True)
    assert (event.cause.event_name, event.cause.event_id, event.cause.offset) == ("customer.created", "evcus_1", 7)


@pytest.mark.parametrize("org_id", ["proj_1", " proj_1 "])
def test_the_header_of_a_record_names_the_project(org_id: str) -> None:
    reading = read(activity(), headers=(("loyalty_org_id", org_id.encode()),))
    assert isinstance(reading, Reading)
    (event,) = reading.events
    assert (event.org_id, event.key) == ("proj_1", "voucherify:proj_1:cust_1")


@pytest.mark.parametrize("org_id", [b"", b" ", b"a:b", b"a b", b"a|b", b"\xff", b"x" * 201])
def test_a_header_that_cannot_stand_in_a_key_is_refused(org_id: bytes) -> None:
    assert rejected(activity(), headers=(("loyalty_org_id", org_id),)).reason is DeadLetterReason.WRONG_TYPE


@pytest.mark.parametrize("name", ["Customer.Created", "CUSTOMER.CREATED"])
def test_names_are_read_whatever_their_case(name: str) -> None:
    assert events_of(activity(name)) == events_of(activity())


@pytest.mark.parametrize(
    ("spoiled", "reason"),
    [
        (activity(None), DeadLetterReason.MISSING_EVENT_NAME),
        (activity("null"), DeadLetterReason.MISSING_EVENT_NAME),
        (activity("customer.burned"), DeadLetterReason.UNKNOWN_EVENT),
        (activity(id=None), DeadLetterReason.MISSING_FIELD),
        (activity(data=None), DeadLetterReason.MISSING_FIELD),
        (activity(data={}), DeadLetterReason.MISSING_CUSTOMER),
        (activity(created_at="yesterday"), DeadLetterReason.INVALID_DATE),
    ],
)
def test_what_is_missing_is_told(spoiled: object, reason: DeadLetterReason) -> None:
    assert rejected(spoiled).reason is reason


def test_without_a_time_the_records_own_stands_in() -> None:
    repairs: list[RepairKind] = []
    reading = read(activity(created_at=None), repairs)
    assert isinstance(reading, Reading)
    (event,) = reading.events
    assert (event.occurred_at, event.vendor_timed) == (TIMESTAMP, False)
    assert repairs == [RepairKind.TIME_FALLBACK]


def test_a_key_that_is_not_known_is_passed_over() -> None:
    newer = activity(data={**CUSTOMER, "newer": {"deep": [1]}}, newest=True)
    assert events_of(newer) == events_of(activity())


def test_two_keys_that_are_one_are_not_guessed_at() -> None:
    value = json.dumps(activity())[:-1] + ', "ty pe": "customer.updated"}'
    assert rejected(value.encode()).reason is DeadLetterReason.DUPLICATE_KEYS


@pytest.mark.parametrize("name", sorted(COUNTED_ONLY))
def test_what_is_counted_only_needs_no_data(name: str) -> None:
    assert read(activity(name, None)) == Reading(name, ignored=IgnoredReason.NO_EFFECT)


def test_every_type_is_either_read_or_counted_only() -> None:
    assert not SPECS.keys() & COUNTED_ONLY
    assert all(name == name.lower() for name in (*SPECS, *COUNTED_ONLY))


def test_every_type_of_the_vendors_first_page_is_known() -> None:
    words = "sms email activecampaign braze mailchimp intercom"
    profile = ("confirmed", "created", "updated", "deleted", "referred", "custom_event", "rewarded")
    page = {
        *(f"customer.{word}" for word in profile),
        *(f"customer.segment.{word}" for word in ("entered", "left")),
        *(f"customer.{channel}.{outcome}" for channel in words.split() for outcome in ("sent", "failed")),
        "customer.rewarded.loyalty_points",
        "customer.voucher.gift.balance_added",
        *(f"customer.voucher.loyalty_card.points_{word}" for word in ("added", "transferred")),
        *(f"customer.{step}.{end}" for step in ("publication", "redemption") for end in ("succeeded", "failed")),
        *(f"customer.redemption.rollback.{end}" for end in ("succeeded", "failed")),
        *(f"customer.consents.{word}" for word in ("given", "revoked")),
        "customer.loyalty.updated",
        *(f"customer.loyalty.tier.{word}" for word in ["joined", "left", "upgraded", "downgraded", "prolonged"]),
    }
    assert len(page) == 39
    assert page <= SPECS.keys() | COUNTED_ONLY
