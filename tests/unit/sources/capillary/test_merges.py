"""Merges of customers as the dialect reads them."""

from decimal import Decimal
from typing import Any

import pytest

from loyalty_stream.domains.customers.events import CustomersMerged
from loyalty_stream.model.merge import CustomerMerge, ProgramSummary
from loyalty_stream.model.reasons import DeadLetterReason
from tests.unit.sources.capillary.vendor import body_of, flat, only, rejected, wrapped

SUMMARY: dict[str, Any] = {
    "loyaltyProgramId": 41,
    "lifetimePoints": 400,
    "currentPoints": 175.5,
    "promisedPoints": 9,
    "tierNumber": 3,
}


def merge(survivor: object = 5001, victim: object = 5002, **data: object) -> dict[str, Any]:
    known = {
        "survivorCustomerIdentifiers": {"customerId": survivor, "instore": {"mobile": "1"}},
        "victimCustomerIdentifiers": {"customerId": victim},
        "triggeringActivity": {"name": "customerMerge", "identifiers": []},
        "enteredBy": {"id": -1},
        "survivorCustomerLoyaltySummary": [SUMMARY],
        **data,
    }
    given = {key: value for key, value in known.items() if value is not None}
    return flat("loyaltyCustomerMerge", given, eventId=None, apiRequestId="m-1")


def summary_of(**summary: object) -> ProgramSummary:
    body: CustomersMerged = body_of(merge(survivorCustomerLoyaltySummary=[{**SUMMARY, **summary}]))
    (found,) = body.merge.summaries
    return found


def test_a_merge_is_a_fact_about_the_survivor() -> None:
    event = only(merge())
    assert (event.customer_id, event.key) == ("5001", "capillary:9300:5001")
    numbers = (Decimal("175.5"), Decimal(9), Decimal(400))
    assert event.body == CustomersMerged(CustomerMerge("5001", "5002", (ProgramSummary("41", *numbers, "3"),)))


@pytest.mark.parametrize("missing", [None, []])
def test_a_merge_without_a_summary_states_no_balance(missing: object) -> None:
    assert body_of(merge(survivorCustomerLoyaltySummary=missing)).merge.summaries == ()


@pytest.mark.parametrize("tier", [3, "3.0", "3"])
def test_a_tiers_number_is_its_name_however_it_is_written(tier: object) -> None:
    assert summary_of(tierNumber=tier).tier == "3"


def test_a_tiers_number_may_be_written_as_a_float() -> None:
    assert summary_of(tierNumber=3.0).tier == "3"


@pytest.mark.parametrize("tier", [None, -1])
def test_a_tier_may_be_none(tier: object) -> None:
    assert summary_of(tierNumber=tier).tier is None


@pytest.mark.parametrize(
    ("field", "name"), [("currentPoints", "active"), ("promisedPoints", "pending"), ("lifetimePoints", "lifetime")]
)
def test_a_number_that_the_summary_does_not_state_is_none_and_no_zero(field: str, name: str) -> None:
    assert getattr(summary_of(**{field: None}), name) is None
    assert getattr(summary_of(**{field: 0}), name) == 0


def test_a_summary_may_state_a_debt() -> None:
    assert summary_of(currentPoints=-5).active == -5


def test_a_summary_without_its_programme_is_rejected() -> None:
    lost = {key: value for key, value in SUMMARY.items() if key != "loyaltyProgramId"}
    assert rejected(merge(survivorCustomerLoyaltySummary=[lost])).reason is DeadLetterReason.MISSING_FIELD


@pytest.mark.parametrize(("survivor", "victim"), [(5001, 5001), (5001, "5001"), ("5001", 5001.0)])
def test_a_merge_of_a_customer_with_itself_is_rejected(survivor: object, victim: object) -> None:
    assert rejected(merge(survivor, victim)).reason is DeadLetterReason.MERGE_WITH_ITSELF


@pytest.mark.parametrize("side", ["survivorCustomerIdentifiers", "victimCustomerIdentifiers"])
@pytest.mark.parametrize("value", [None, {}, {"customerId": -1}])
def test_a_merge_that_does_not_name_both_is_rejected(side: str, value: object) -> None:
    reason = rejected(merge(**{side: value})).reason
    assert reason in {DeadLetterReason.MISSING_CUSTOMER, DeadLetterReason.MISSING_FIELD}


def test_a_merge_is_the_same_in_either_envelope() -> None:
    assert body_of(wrapped(merge())) == body_of(merge())


def test_a_merge_has_no_event_id_and_is_known_by_its_request_and_both_customers() -> None:
    keys = {only(event).source_key for event in (merge(), merge(victim=5003), merge(survivor=5004))}
    other = {**merge(), "apiRequestId": "m-2"}
    assert len(keys | {only(other).source_key}) == 4
    assert only(merge()).source_key == only(merge(enteredBy={"id": 7})).source_key
