"""Capillary's requests for approval. Source: DOMAIN 3.6. What they ask for is told by other events, once it is done."""

from collections.abc import Sequence
from typing import Final

from loyalty_stream.domains.customers.events import CustomerErasureApproved
from loyalty_stream.domains.requests.events import RequestMoved
from loyalty_stream.model.problem import Problem, Repairs
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.capillary.envelope import Header
from loyalty_stream.sources.capillary.spec import CustomerIdentifiers, Part, Spec
from loyalty_stream.sources.wire import (
    NOT_GIVEN,
    NULL,
    Anything,
    Identifier,
    Ignored,
    Name,
    TextIdentifier,
    Wire,
    WrittenAmount,
    given_word,
    identifier,
    required_text_identifier,
    required_word,
    text_of,
    word,
    written_amount,
)


class UpdatedField(Wire):
    """A field of a request that changed; only a status's value is read."""

    fieldName: Name
    previousValue: Anything = NULL
    currentValue: Ignored = NOT_GIVEN


class RequestCustomer(CustomerIdentifiers):
    """Whom a request is about, if the vendor knows."""

    customerId: Identifier | None = None  # type: ignore[assignment]  # elsewhere there must be one


class RequestUpdatedData(Wire):
    """The data of `requestUpdated`; of a deletion, the vendor writes some of its fields beside `data`."""

    requestTrackingId: TextIdentifier
    requestType: Name
    status: Name
    requestBaseType: Name | None = None
    customerId: Identifier | None = None
    customerIdentifiers: RequestCustomer | None = None
    updatedFields: list[UpdatedField] | None = None
    requestId: Ignored = NOT_GIVEN
    comments: Ignored = NOT_GIVEN
    createdBy: Ignored = NOT_GIVEN
    updatedAt: Ignored = NOT_GIVEN
    updatedBy: Ignored = NOT_GIVEN
    associatedEntityFields: Ignored = NOT_GIVEN


def updated(data: RequestUpdatedData, _header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make RequestMoved, and CustomerErasureApproved of a customer's deletion that is approved (DESIGN rule 8)."""
    request_id = required_text_identifier(data.requestTrackingId)
    customer_id = identifier((data.customerIdentifiers or RequestCustomer()).customerId)
    if customer_id is None:
        customer_id = identifier(data.customerId)
    request_type, base_type = required_word(data.requestType), given_word(data.requestBaseType)
    status = required_word(data.status)
    body = RequestMoved(request_id, request_type, base_type, _previous_status(data.updatedFields), status, customer_id)
    part = Part(f"request/{request_id}", body, customer=False)
    if (request_type.upper(), (base_type or "").upper(), status.upper()) != _APPROVED_DELETION:
        return (part,)
    if customer_id is None:
        raise Problem(DeadLetterReason.MISSING_CUSTOMER, "a deletion is approved and names no customer")
    return (part, Part(customer_id, CustomerErasureApproved(), "erasure"))


_APPROVED_DELETION: Final = ("CUSTOMER", "DELETE", "APPROVED")


def _previous_status(fields: list[UpdatedField] | None) -> str | None:
    statuses = [text_of(field.previousValue) for field in fields or () if word(field.fieldName) == "status"]
    return next((status for status in statuses if status), None)


class Redeem(Wire):
    """A redemption that is asked for, as the vendor's API has it."""

    points_redeemed: WrittenAmount = NULL
    customer: Ignored = NOT_GIVEN
    redemption_time: Ignored = NOT_GIVEN
    transaction_number: Ignored = NOT_GIVEN
    notes: Ignored = NOT_GIVEN
    external_reference_number: Ignored = NOT_GIVEN


class Root(Wire):
    """What holds a redemption."""

    redeem: Redeem | None = None


class AskedFor(Wire):
    """What a request asks for; each type of request fills in its own part of it."""

    root: Root | None = None
    points: WrittenAmount = NULL
    programId: Identifier | None = None
    earningEntityType: Name | None = None
    earningEntityId: Identifier | None = None
    customerId: Identifier | None = None
    customers: list[Identifier] | None = None
    requestId: Ignored = NOT_GIVEN
    referenceId: Ignored = NOT_GIVEN
    reason: Ignored = NOT_GIVEN
    label: Ignored = NOT_GIVEN
    baseType: Ignored = NOT_GIVEN
    awardingTillId: Ignored = NOT_GIVEN
    source: Ignored = NOT_GIVEN
    triggeredBy: Ignored = NOT_GIVEN
    badgeMetaId: Ignored = NOT_GIVEN


class RequestAttributes(Wire):
    """The call of the vendor's API that waits for approval; its parameters name the customer by PII, so stay unread."""

    body: AskedFor | None = None
    queryParams: Ignored = NOT_GIVEN


class WorkflowData(Wire):
    """The data of `requestWorkflowEvent`."""

    requestId: TextIdentifier
    requestType: Name
    currentRequestState: Name
    previousRequestState: Name | None = None
    requestAttributes: RequestAttributes | None = None
    requesterId: Ignored = NOT_GIVEN
    checkerId: Ignored = NOT_GIVEN
    updateTime: Ignored = NOT_GIVEN
    reason: Ignored = NOT_GIVEN
    comment: Ignored = NOT_GIVEN


def workflow_moved(data: WorkflowData, _header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make RequestMoved, whatever the request's type; the vendor gives no org, but 0, to any of them."""
    request_id = required_text_identifier(data.requestId)
    attributes = data.requestAttributes or RequestAttributes()
    asked = attributes.body or AskedFor()
    redeem = (asked.root or Root()).redeem or Redeem()
    points, redeemed = written_amount(asked.points), written_amount(redeem.points_redeemed)
    body = RequestMoved(
        request_id,
        required_word(data.requestType),
        None,
        given_word(data.previousRequestState),
        required_word(data.currentRequestState),
        _customer(asked),
        redeemed if points is None else points,
        identifier(asked.programId),
    )
    return (Part(f"request/{request_id}", body, customer=False),)


def _customer(asked: AskedFor) -> str | None:
    """Return the one customer that a request names by the vendor's id; some name none, or many."""
    customer_id = identifier(asked.customerId)
    if customer_id is None and given_word(asked.earningEntityType) == "CUSTOMER":
        customer_id = identifier(asked.earningEntityId)
    if customer_id is None and asked.customers is not None and len(asked.customers) == 1:
        customer_id = identifier(asked.customers[0])
    return customer_id


SPECS: Final = (
    Spec(
        "requestUpdated",
        RequestUpdatedData,
        updated,
        lambda data: data.status,
        beside=("requestTrackingId", "requestType", "requestBaseType", "status", "customerId"),
        makes=(RequestMoved, CustomerErasureApproved),
    ),
    Spec(
        "requestWorkflowEvent",
        WorkflowData,
        workflow_moved,
        lambda data: data.currentRequestState,
        makes=(RequestMoved,),
    ),
)
