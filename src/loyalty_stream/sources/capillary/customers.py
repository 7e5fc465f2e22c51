"""Capillary's customer and transaction events. Source: DOMAIN 3.1. Of a profile only the names of fields are read."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from loyalty_stream.domains.customers.events import (
    CustomerAdded,
    CustomerUpdated,
    TransactionAdded,
    TransactionUpdated,
)
from loyalty_stream.model.problem import Repairs
from loyalty_stream.sources.capillary.envelope import Header
from loyalty_stream.sources.capillary.spec import CustomerData, Part, Spec, customer_of
from loyalty_stream.sources.wire import (
    NOT_GIVEN,
    Identifier,
    Ignored,
    Label,
    Name,
    NotCleanError,
    Number,
    Wire,
    given_number,
    given_word,
    label,
    required_identifier,
)

STATUS_FIELD: Final = "customerStatus"
RETURN: Final = "return"


class ProfileData(CustomerData, kw_only=True):
    """What every event about a profile holds; its values are PII and are not read."""

    source: Name | None = None
    loyaltyType: Ignored = NOT_GIVEN
    firstName: Ignored = NOT_GIVEN
    lastName: Ignored = NOT_GIVEN
    accountId: Ignored = NOT_GIVEN
    enteredAt: Ignored = NOT_GIVEN
    enteredBy: Ignored = NOT_GIVEN
    customFields: Ignored = NOT_GIVEN
    extendedFields: Ignored = NOT_GIVEN
    triggeringActivity: Ignored = NOT_GIVEN


class AddedData(ProfileData):
    """The data of `customerAdded`."""


class UpdatedField(Wire):
    """One field of a profile that changed; its values are PII."""

    fieldName: Label
    previousValue: Ignored = NOT_GIVEN
    currentValue: Ignored = NOT_GIVEN
    fieldType: Ignored = NOT_GIVEN
    source: Ignored = NOT_GIVEN
    accountId: Ignored = NOT_GIVEN


class CustomerStatus(Wire):
    """The customer's status before and after."""

    previousStatus: Label | None = None
    previousLabel: Label | None = None
    currentStatus: Label | None = None
    currentLabel: Label | None = None
    reason: Ignored = NOT_GIVEN


class UpdatedData(ProfileData):
    """The data of `customerUpdated`; the status, where it is given, is not among the updated fields."""

    updatedFields: list[UpdatedField] | None = None
    customerStatus: CustomerStatus | None = None


class TransactionData(CustomerData, kw_only=True):
    """What every event about a transaction holds."""

    transactionId: Identifier
    deliveryStatus: Name | None = None
    billNumber: Ignored = NOT_GIVEN
    billClientId: Ignored = NOT_GIVEN
    enteredAt: Ignored = NOT_GIVEN
    enteredBy: Ignored = NOT_GIVEN
    lineItemCount: Ignored = NOT_GIVEN
    discount: Ignored = NOT_GIVEN
    grossAmount: Ignored = NOT_GIVEN
    source: Ignored = NOT_GIVEN
    customFields: Ignored = NOT_GIVEN
    extendedFields: Ignored = NOT_GIVEN


class TransactionAddedData(TransactionData, kw_only=True):
    """The data of `transactionAdded`."""

    amount: Number
    billType: Name | None = None
    currencyCode: Name | None = None


class TransactionUpdatedData(TransactionData):
    """The data of `transactionUpdated`."""

    amount: Ignored = NOT_GIVEN
    billType: Ignored = NOT_GIVEN
    currencyCode: Ignored = NOT_GIVEN


def added(data: AddedData, _header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make CustomerAdded."""
    return (Part(customer_of(data), CustomerAdded(_lower(data.source))),)


def updated(data: UpdatedData, _header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make CustomerUpdated of the names of the fields, each once and in the vendor's order."""
    body = CustomerUpdated(tuple(dict.fromkeys(_changed_fields(data))), _lower(data.source))
    return (Part(customer_of(data), body),)


def transaction_added(data: TransactionAddedData, _header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make TransactionAdded; what was given back has no sign of its own, whether or not the vendor writes one."""
    bill_type, amount = _lower(data.billType), _amount(data)
    body = TransactionAdded(
        required_identifier(data.transactionId),
        abs(amount) if bill_type == RETURN else amount,
        given_word(data.currencyCode),
        bill_type,
        _lower(data.deliveryStatus),
    )
    return (Part(customer_of(data), body),)


def transaction_updated(data: TransactionUpdatedData, _header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make TransactionUpdated."""
    body = TransactionUpdated(required_identifier(data.transactionId), _lower(data.deliveryStatus))
    return (Part(customer_of(data), body),)


def _changed_fields(data: UpdatedData) -> Iterator[str]:
    for changed in data.updatedFields or ():
        name = label(changed.fieldName)
        if name:
            yield name
    status = data.customerStatus
    if status is not None:
        before = (label(status.previousStatus), label(status.previousLabel))
        after = (label(status.currentStatus), label(status.currentLabel))
        if any(after) and after != before:
            yield STATUS_FIELD


def _amount(data: TransactionAddedData) -> Decimal:
    amount = given_number(data.amount)
    if amount is None:
        raise NotCleanError
    return amount


def _lower(value: str | None) -> str | None:
    """Return a closed enumeration's word in lower case: the vendor writes `regular` and `REGULAR`."""
    word = given_word(value)
    return None if word is None else word.lower()


def _transaction_id(data: TransactionData) -> str:
    return str(data.transactionId)


SPECS: Final = (
    Spec("customerAdded", AddedData, added, makes=(CustomerAdded,)),
    Spec("customerUpdated", UpdatedData, updated, makes=(CustomerUpdated,)),
    Spec("transactionAdded", TransactionAddedData, transaction_added, _transaction_id, makes=(TransactionAdded,)),
    Spec(
        "transactionUpdated", TransactionUpdatedData, transaction_updated, _transaction_id, makes=(TransactionUpdated,)
    ),
)
