"""Customers and their transactions as the dialect reads them."""

from decimal import Decimal
from typing import Any

import pytest

from loyalty_stream.domains.customers.events import (
    CustomerAdded,
    CustomerUpdated,
    TransactionAdded,
    TransactionUpdated,
)
from loyalty_stream.model.reasons import DeadLetterReason
from tests.unit.sources.capillary.vendor import CUSTOMER, body_of, flat, only, rejected

BILL: dict[str, Any] = {**CUSTOMER, "transactionId": 65001, "amount": 89000.0}


def bill(**given: object) -> dict[str, Any]:
    return flat("transactionAdded", {**BILL, **given})


def update(*fields: dict[str, Any], **data: object) -> dict[str, Any]:
    return flat("customerUpdated", {**CUSTOMER, "source": "INSTORE", "updatedFields": list(fields), **data})


def test_an_added_customer_is_known_by_their_id_and_channel_only() -> None:
    event = only(flat("customerAdded", {**CUSTOMER, "source": "WEB_ENGAGE", "firstName": "Rosa", "lastName": "Doe"}))
    assert (event.key, event.body) == ("capillary:9300:5001", CustomerAdded("web_engage"))


@pytest.mark.parametrize("source", [None, "", " ", "null", " null"])
def test_a_channel_may_not_be_given(source: str | None) -> None:
    assert body_of(flat("customerAdded", {**CUSTOMER, "source": source})) == CustomerAdded(None)


def test_an_added_customer_without_an_event_id_is_named_by_the_customer_id() -> None:
    event = only(flat("customerAdded", CUSTOMER, eventId=None, apiRequestId="r-1"))
    assert event.source_key == "capillary|9300|customerAdded|~|r-1||5001|||"


def test_of_updated_fields_the_names_are_read_each_once() -> None:
    body = body_of(
        update(
            {
                "fieldName": "mobile",
                "previousValue": "6280001",
                "currentValue": "6280002",
                "fieldType": "StandardField",
            },
            {"fieldName": " gender ", "previousValue": None, "currentValue": "Male"},
            {"fieldName": "mobile"},
            {"fieldName": ""},
        )
    )
    assert body == CustomerUpdated(("mobile", "gender"), "instore")


@pytest.mark.parametrize("fields", [[], None])
def test_no_updated_field_is_an_update_of_none(fields: list[object] | None) -> None:
    assert body_of(flat("customerUpdated", {**CUSTOMER, "updatedFields": fields})) == CustomerUpdated()


@pytest.mark.parametrize(
    ("status", "names"),
    [
        ({"previousLabel": "Inactive", "currentLabel": "Active", "reason": "asked"}, ("customerStatus",)),
        (
            {"previousStatus": "A", "previousLabel": "Live", "currentStatus": "D", "currentLabel": "Live"},
            ("customerStatus",),
        ),
        ({"currentLabel": "Active"}, ("customerStatus",)),
        ({"previousLabel": "Active", "currentLabel": " Active"}, ()),
        ({"previousLabel": "Active"}, ()),
        ({}, ()),
    ],
)
def test_a_status_that_differs_is_a_field_that_changed(status: dict[str, str], names: tuple[str, ...]) -> None:
    assert body_of(update(customerStatus=status)).changed_fields == names


def test_a_changed_field_without_a_name_is_rejected() -> None:
    assert rejected(update({"previousValue": "a"})).reason is DeadLetterReason.MISSING_FIELD


def test_a_transaction_is_read_with_its_amount_and_kind() -> None:
    event = bill(currencyCode="IDR", billType="REGULAR", deliveryStatus="PLACED", lineItemCount=1, discount=0.0)
    assert body_of(event) == TransactionAdded("65001", Decimal(89000), "IDR", "regular", "placed")


def test_a_transaction_may_have_no_more_than_its_amount() -> None:
    assert body_of(bill(billType=None)) == TransactionAdded("65001", Decimal(89000))


@pytest.mark.parametrize(
    ("bill_type", "amount", "read"),
    [("RETURN", "-12.5", "12.5"), ("return", "12.5", "12.5"), ("REGULAR", "-12.5", "-12.5"), (None, "12.5", "12.5")],
)
def test_what_was_given_back_has_no_sign(bill_type: str | None, amount: str, read: str) -> None:
    assert body_of(bill(billType=bill_type, amount=float(amount))).amount == Decimal(read)


@pytest.mark.parametrize("missing", ["amount", "transactionId"])
@pytest.mark.parametrize("value", [None, "null"])
def test_a_transaction_without_amount_or_id_is_rejected(missing: str, value: str | None) -> None:
    assert rejected(bill(**{missing: value})).reason is DeadLetterReason.MISSING_FIELD


def test_a_transaction_without_a_customer_is_rejected() -> None:
    event = flat("transactionAdded", {"transactionId": 65001, "amount": 1})
    assert rejected(event).reason is DeadLetterReason.MISSING_CUSTOMER


def test_of_an_updated_transaction_the_delivery_is_read() -> None:
    data = {**BILL, "deliveryStatus": "DELIV ERED", "grossAmount": 0.0, "billType": "REGULAR"}
    assert body_of(flat("transactionUpdated", data)) == TransactionUpdated("65001", "delivered")
    assert body_of(flat("transactionUpdated", BILL)) == TransactionUpdated("65001")


def test_a_transaction_without_an_event_id_is_named_by_its_own() -> None:
    event = only(flat("transactionUpdated", BILL, eventId=None, apiRequestId="r-1"))
    assert event.source_key == "capillary|9300|transactionUpdated|~|r-1||5001|65001||"
