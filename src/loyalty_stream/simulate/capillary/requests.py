"""Requests that somebody must approve: asked for, then approved, rejected or failed. No points move by them."""

from typing import Final

from loyalty_stream.simulate.capillary.adjustments import written
from loyalty_stream.simulate.capillary.customers import Customer, Request
from loyalty_stream.simulate.capillary.stage import Maker, Stage, VendorEvent, activity
from loyalty_stream.simulate.capillary.world import Json

TRANSACTION: Final = "TRANSACTION"
DELETION: Final = "CUSTOMER"
_REQUESTS_MAX: Final = 3
_FIRST_TRACKING_ID: Final = 7_600_000
_WORKFLOWS: Final = ("POINTS_REDEMPTION", "CUSTOMER_STATUS_CHANGE", "GOODWILL_POINTS", "EARN_BADGE", "ISSUE_BADGE")
_DECISIONS: Final = ("approved", "approved", "rejected", "failed")
_NO_ORG: Final = 0  # what the vendor states in every workflow event
_BASE_TYPES: Final = {TRANSACTION: "REGULAR_TXN_ADD", DELETION: "DELETE"}


def ask(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Ask for something that a workflow decides on: one of its five kinds."""
    if len(customer.requests) >= _REQUESTS_MAX:
        return None
    request = _new_workflow(stage, customer)
    customer.requests.append(request)
    return _workflow_event(stage, customer, request, ("AdminTask", None))


def decide(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Decide on what a workflow was asked for; now and then this is the first that we hear."""
    waiting = [request for request in customer.requests if request.kind in _WORKFLOWS]
    if waiting:
        request = stage.draw.pick(waiting)
        customer.requests.remove(request)
    elif stage.draw.chance(0.2):
        request = _new_workflow(stage, customer)
    else:
        return ask(stage, customer)
    return _workflow_event(stage, customer, request, (stage.draw.pick(_DECISIONS), "AdminTask"))


def ask_elsewhere(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Ask for a bill to be added, or for a customer's deletion."""
    if len(customer.requests) >= _REQUESTS_MAX:
        return None
    draw = stage.draw
    request = Request(tracking_id(stage), DELETION if draw.chance(0.4) else TRANSACTION, {})
    customer.requests.append(request)
    return _updated(stage, customer, request, ("PENDING", None))


def decide_elsewhere(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Decide on a bill, or reject a deletion: an approved one is an erasure."""
    waiting = [request for request in customer.requests if request.kind not in _WORKFLOWS]
    if not waiting:
        return ask_elsewhere(stage, customer)
    request = stage.draw.pick(waiting)
    customer.requests.remove(request)
    is_deletion = request.kind == DELETION
    status = "REJECTED" if is_deletion else stage.draw.pick(("APPROVED", "REJECTED"))
    return _updated(stage, customer, request, (status, "PENDING"))


def tracking_id(stage: Stage) -> str:
    """Return the id of a new request."""
    return str(_FIRST_TRACKING_ID + stage.draw.serial())


def deletion_fields(customer: Customer, request_id: str, status: str) -> Json:
    """Return what the vendor states of a deletion, within `data` or beside it."""
    return {
        "requestTrackingId": request_id,
        "requestType": DELETION,
        "requestBaseType": _BASE_TYPES[DELETION],
        "status": status,
        "customerId": customer.id,
    }


def status_fields(stage: Stage, before: str | None, status: str) -> Json:
    """Return who moved a request, and from which status."""
    changed = [] if before is None else [{"fieldName": "status", "previousValue": before, "currentValue": status}]
    return {"createdBy": activity(stage, "")["enteredBy"], "updatedFields": changed}


def _updated(stage: Stage, customer: Customer, request: Request, states: tuple[str, str | None]) -> VendorEvent:
    status, before = states
    data: Json = {"comments": "Receipt is missing information", "updatedAt": stage.now_ms - 20}
    if request.kind == DELETION:
        data |= deletion_fields(customer, request.id, status) | {"requestId": request.id}
    else:
        data |= {
            "requestType": request.kind,
            "requestBaseType": _BASE_TYPES[request.kind],
            "requestTrackingId": int(request.id),
            "status": status,
            "updatedBy": {"user": {"username": "1675438912_"}, "id": 441},
            "customerIdentifiers": customer.identifiers,
            "associatedEntityFields": [],
        }
    data |= status_fields(stage, before, status)
    stage.answer.requests[stage.key(customer.org.id, f"request/{request.id}")] = status
    event = stage.event(customer, "requestUpdated", data, "wrapped")
    event.ref_id = f"{customer.org.id}_{request.id}"
    event.concerns_others = True
    return event


def _new_workflow(stage: Stage, customer: Customer) -> Request:
    kind = stage.draw.pick(_WORKFLOWS)
    return Request(stage.draw.uuid(), kind, _asked_for(stage, customer, kind))


def _asked_for(stage: Stage, customer: Customer, kind: str) -> Json:
    """Return the call of the vendor's API that waits for the decision."""
    draw = stage.draw
    badge: Json = {
        "triggeredBy": {"ownerType": "Goodwill_Module", "referenceId": str(draw.serial())},
        "requestId": draw.uuid(),
        "badgeMetaId": draw.pick(customer.org.badge_ids),
    }
    match kind:
        case "POINTS_REDEMPTION":
            redeem: Json = {
                "points_redeemed": str(draw.between(10, 300)),
                "customer": {"mobile": customer.mobile},
                "redemption_time": f"{stage.day(0)} 23:01:46",
                "transaction_number": f"number{draw.serial()}",
                "notes": "Redemption by SMS",
                "external_reference_number": f"ACR-{draw.serial()}",
            }
            return {"queryParams": {"skip_validation": "true", "format": "json"}, "body": {"root": {"redeem": redeem}}}
        case "CUSTOMER_STATUS_CHANGE":
            query = {"source": "INSTORE", "identifierName": "mobile", "identifierValue": customer.mobile}
            return {"queryParams": query, "body": {"reason": "simulated", "label": "Suspended"}}
        case "GOODWILL_POINTS":
            goodwill: Json = {
                "referenceId": f"ref_{draw.serial()}",
                "reason": "simulated",
                "baseType": "POINTS",
                "programId": customer.programs[0].id,
                "awardingTillId": 640_000 + draw.between(1, 40),
                "earningEntityType": "CUSTOMER",
                "earningEntityId": customer.id,
                "points": written(draw.amount(1, 90)) if draw.chance(0.5) else draw.between(1, 90),
                "source": "API",
            }
            return {"body": goodwill}
        case "EARN_BADGE":
            return {"body": badge | {"customerId": customer.id}}
        case _:
            return {"body": badge | {"customers": [customer.id]}}


def _workflow_event(stage: Stage, customer: Customer, request: Request, states: tuple[str, str | None]) -> VendorEvent:
    state, before = states
    data: Json = {
        "requestId": request.id,
        "requestType": request.kind,
        "requesterId": 232_134,
        "currentRequestState": state,
        "updateTime": stage.now_ms - 5,
        "requestAttributes": request.subject,
    }
    if before is None:
        data["reason"] = "simulated"
    else:
        data |= {"previousRequestState": before, "checkerId": 233_253, "comment": f"{state}: simulated"}
    stage.answer.requests[stage.key(_NO_ORG, f"request/{request.id}")] = state
    event = stage.event(customer, "requestWorkflowEvent", data, "flat")
    event.org_id = _NO_ORG
    event.ref_id = f"{_NO_ORG}_{request.id}"
    event.concerns_others = True
    return event


MAKERS: Final[tuple[tuple[int, Maker], ...]] = (
    (14, ask),
    (14, decide),
    (8, ask_elsewhere),
    (8, decide_elsewhere),
)
