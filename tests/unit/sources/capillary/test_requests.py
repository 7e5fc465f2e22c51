"""Requests for approval as the dialect reads them."""

from decimal import Decimal
from typing import Any

import pytest

from loyalty_stream.domains.customers.events import CustomerErasureApproved
from loyalty_stream.domains.requests.events import RequestMoved
from loyalty_stream.model.reasons import DeadLetterReason
from tests.unit.sources.capillary.vendor import CUSTOMER, body_of, events_of, flat, only, read, rejected

DELETION: dict[str, Any] = {
    "requestTrackingId": "7676878",
    "requestType": "CUSTOMER",
    "requestBaseType": "DELETE",
    "status": "APPROVED",
    "customerId": 5001,
}
STATUS = [{"fieldName": "status", "previousValue": "PENDING", "currentValue": "APPROVED"}]
DELETED = RequestMoved("7676878", "CUSTOMER", "DELETE", "PENDING", "APPROVED", "5001")


def workflow(state: str = "approved", body: object = None, kind: str = "ISSUE_BADGE", **data: object) -> dict[str, Any]:
    attributes = {"requestAttributes": {"body": body}} if body is not None else {}
    known = {"requestId": "q-1", "requestType": kind, "currentRequestState": state, **attributes}
    return flat("requestWorkflowEvent", {**known, **data}, orgId=0)


def deletion_of(event: dict[str, Any]) -> RequestMoved:
    """Return the request of an approved deletion, after a look at the erasure that it leads to."""
    request, erasure = events_of(event)
    assert (erasure.customer_id, erasure.key) == ("5001", "capillary:9300:5001")
    assert erasure.body == CustomerErasureApproved()
    assert isinstance(request.body, RequestMoved)
    return request.body


def beside(**data: object) -> dict[str, Any]:
    """Return a deletion with its fields beside `data`."""
    return flat("requestUpdated", {"requestId": "id", "updatedFields": STATUS, **data}, **DELETION)


def test_a_request_has_a_key_of_its_own_and_its_customer_within() -> None:
    data = {**CUSTOMER, "requestTrackingId": 10585, "requestType": "TRANSACTION", "status": "REJECTED"}
    event = only(flat("requestUpdated", data))
    assert (event.customer_id, event.key) == (None, "capillary:9300:request/10585")
    assert event.body == RequestMoved("10585", "TRANSACTION", None, None, "REJECTED", "5001")


def test_a_deletions_fields_are_read_beside_data_and_inside_and_that_is_no_dirt() -> None:
    repairs: list[Any] = []
    read(beside(), repairs)
    assert repairs == []
    assert deletion_of(beside()) == DELETED
    assert deletion_of(flat("requestUpdated", {**DELETION, "updatedFields": STATUS})) == DELETED
    assert deletion_of(beside(status="APPROVED")) == DELETED  # twice the same


def test_in_any_envelope_the_fields_may_stand_beside_data() -> None:
    body = beside()
    assert deletion_of({"eventType": "requestUpdated", "attributes": body}) == DELETED
    assert deletion_of({"event": {"body": beside(), "url": "x"}}) == DELETED


def test_without_any_data_the_fields_beside_it_are_enough() -> None:
    event = beside()
    del event["data"]
    assert deletion_of(event).state == "APPROVED"


def test_fields_beside_data_that_say_something_else_are_not_guessed_at() -> None:
    assert rejected(beside(status="PENDING")).reason is DeadLetterReason.DUPLICATE_KEYS
    assert rejected({**beside(), "sta tus": "PENDING"}).reason is DeadLetterReason.DUPLICATE_KEYS


def test_other_events_do_not_read_beside_data() -> None:
    event = workflow()
    event["requestType"] = event["data"].pop("requestType")
    assert rejected(event).reason is DeadLetterReason.MISSING_FIELD


def test_only_the_previous_status_is_read_of_the_fields_that_changed() -> None:
    fields = [{"fieldName": "amount", "previousValue": {"a": 1}}, {"fieldName": "approved", "previousValue": True}]
    data = {**DELETION, "updatedFields": [*fields, {"fieldName": "sta tus", "previousValue": " PENDING"}]}
    assert deletion_of(flat("requestUpdated", data)) == DELETED
    assert deletion_of(flat("requestUpdated", {**DELETION, "updatedFields": fields})).previous_state is None


@pytest.mark.parametrize("named", [{}, {"customerIdentifiers": {"customerId": -1}}, {"customerIdentifiers": {}}])
def test_a_request_may_name_no_customer(named: dict[str, Any]) -> None:
    data = {key: value for key, value in DELETION.items() if key != "customerId"}
    assert body_of(flat("requestUpdated", {**data, **named, "status": "PENDING"})).customer_id is None


def test_an_approved_deletion_must_name_its_customer() -> None:
    data = {key: value for key, value in DELETION.items() if key != "customerId"}
    assert rejected(flat("requestUpdated", data)).reason is DeadLetterReason.MISSING_CUSTOMER


@pytest.mark.parametrize(
    "other", [{"status": "REJECTED"}, {"requestBaseType": "UPDATE"}, {"requestType": "TRANSACTION"}]
)
def test_only_an_approved_deletion_of_a_customer_erases(other: dict[str, Any]) -> None:
    (request,) = events_of(flat("requestUpdated", {**DELETION, **other}))
    assert isinstance(request.body, RequestMoved)


def test_org_0_is_an_org() -> None:
    assert only(workflow()).key == "capillary:0:request/q-1"


@pytest.mark.parametrize(
    ("kind", "asked", "customer_id", "amount", "program_id"),
    [
        ("POINTS_REDEMPTION", {"root": {"redeem": {"points_redeemed": "100"}}}, None, Decimal(100), None),
        ("CUSTOMER_STATUS_CHANGE", {"reason": "x", "label": "Suspended"}, None, None, None),
        (
            "GOODWILL_POINTS",
            {"programId": 41, "earningEntityType": "CUSTOMER", "earningEntityId": 5001, "points": 20.5},
            "5001",
            Decimal("20.5"),
            "41",
        ),
        ("GOODWILL_POINTS", {"earningEntityType": "GROUP", "earningEntityId": 5001, "points": "20"}, None, 20, None),
        ("EARN_BADGE", {"customerId": 5001, "requestId": "other"}, "5001", None, None),
        ("ISSUE_BADGE", {"customers": [5001]}, "5001", None, None),
        ("ISSUE_BADGE", {"customers": [5001, 5002]}, None, None, None),
        ("ISSUE_BADGE", {"customers": []}, None, None, None),
        ("ISSUE_BADGE", None, None, None, None),
    ],
)
def test_each_type_names_customer_and_amount_in_its_own_way(
    kind: str, asked: object, customer_id: str | None, amount: Decimal | None, program_id: str | None
) -> None:
    body = body_of(workflow("approved", asked, kind, previousRequestState="AdminTask"))
    assert body == RequestMoved("q-1", kind, None, "AdminTask", "approved", customer_id, amount, program_id)


@pytest.mark.parametrize("missing", ["requestId", "requestType", "currentRequestState"])
@pytest.mark.parametrize("value", ["", None, " null"])
def test_a_request_without_id_type_or_state_is_rejected(missing: str, value: object) -> None:
    assert rejected(workflow(**{missing: value})).reason is DeadLetterReason.MISSING_FIELD  # type: ignore[arg-type]


def test_a_negative_amount_is_rejected() -> None:
    assert rejected(workflow("approved", {"points": "-5"})).reason is DeadLetterReason.NEGATIVE_AMOUNT
