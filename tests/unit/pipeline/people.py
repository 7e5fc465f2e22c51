"""Customers of four partitions, and what happens to them: raw records, as small as they can be."""

import json
from typing import TYPE_CHECKING, Any

from loyalty_stream.model.keys import partition_of
from loyalty_stream.pipeline.config import PipelineConfig
from loyalty_stream.pipeline.effects import Effects, Tally
from loyalty_stream.pipeline.processor import Processor
from loyalty_stream.pipeline.table import AnyRow
from loyalty_stream.pipeline.whole import REGISTER_ID
from tests.helpers.flow import Flow
from tests.helpers.stepped import Stepped
from tests.unit.sources.capillary.vendor import CREATED_AT, flat

if TYPE_CHECKING:
    from loyalty_stream.domains.points.state import PointsState

ORG = 9300
CONFIG = PipelineConfig(partitions=4, partition_by="{customer_id}", output_format="json", dead_letter_limit=1)
PROCESSOR = Processor(CONFIG)
REGISTER = partition_of(REGISTER_ID.encode(), CONFIG.partitions)
"""The partition on which merges are decided."""


def home(customer: int) -> int:
    """Return the partition on which a customer lives."""
    return partition_of(str(customer).encode(), CONFIG.partitions)


def customer_on(partition: int, start: int = 5001) -> int:
    """Return the first customer of a partition."""
    return next(customer for customer in range(start, start + 1000) if home(customer) == partition)


ELSEWHERE = [partition for partition in range(CONFIG.partitions) if partition != REGISTER]
SURVIVOR, VICTIM, THIRD = (customer_on(partition) for partition in ELSEWHERE)
"""Each on a partition of its own, none on that of the register."""
NEIGHBOUR = customer_on(home(SURVIVOR), SURVIVOR + 1)
"""Another customer of the survivor's partition."""


def stepped() -> Stepped:
    """Return an empty programme whose re-keyed events are stepped on."""
    return Stepped(CONFIG, PROCESSOR)


def drained() -> Flow:
    """Return an empty programme whose re-keyed events are all processed at once."""
    return Flow(CONFIG, processor=PROCESSOR)


def send(flow: Flow, customer: int, event: dict[str, Any]) -> Effects:
    """Process a raw record on a customer's partition."""
    return flow.raw(encoded(event), partition=home(customer))


def encoded(event: dict[str, Any]) -> bytes:
    """Return an event as a raw record's value."""
    return json.dumps(event).encode()


def of(customer: int, **data: object) -> dict[str, Any]:
    """Return the data of an event about a customer."""
    return {"customerIdentifiers": {"customerId": customer}, "loyaltyProgramId": 41, **data}


def issued(customer: int, amount: float, event_id: str, at: int = CREATED_AT, **data: object) -> dict[str, Any]:
    return flat(
        "pointsIssued", of(customer, regularPointsIssued=amount, **data), eventId=event_id, orgId=ORG, createdAt=at
    )


def expired(customer: int, amount: float, event_id: str, at: int = CREATED_AT) -> dict[str, Any]:
    return flat("pointsExpired", of(customer, pointsExpired=amount), eventId=event_id, orgId=ORG, createdAt=at)


def sent(customer: int, amount: float, transfer: str, at: int = CREATED_AT) -> dict[str, Any]:
    data = of(customer, totalPointsTransferred=amount)
    return flat(
        "pointsTransferredInitiated",
        data,
        eventId=f"{transfer}-out",
        orgId=ORG,
        loyaltyEventId=transfer,
        createdAt=at,
    )


def received(customer: int, amount: float, transfer: str, at: int = CREATED_AT) -> dict[str, Any]:
    data = of(customer, totalPointsTransferred=amount)
    return flat(
        "pointsTransferredReceived",
        data,
        eventId=f"{transfer}-in",
        orgId=ORG,
        loyaltyEventId=transfer,
        createdAt=at,
    )


def merge(
    survivor: int, victim: int, at: int = CREATED_AT + 1000, request: str = "m", **summary: object
) -> dict[str, Any]:
    data = {
        "survivorCustomerIdentifiers": {"customerId": survivor},
        "victimCustomerIdentifiers": {"customerId": victim},
        "survivorCustomerLoyaltySummary": [{"loyaltyProgramId": 41, **summary}] if summary else [],
    }
    return flat("loyaltyCustomerMerge", data, eventId=None, orgId=ORG, apiRequestId=request, createdAt=at)


def deletion(customer: int, event_id: str = "del", at: int = CREATED_AT + 9000) -> dict[str, Any]:
    data = {
        "requestTrackingId": f"r-{event_id}",
        "requestType": "CUSTOMER",
        "requestBaseType": "DELETE",
        "status": "APPROVED",
        "customerId": customer,
    }
    return flat("requestUpdated", data, eventId=event_id, orgId=ORG, createdAt=at)


def coupons(event_id: str, *customers: int) -> dict[str, Any]:
    data = {
        "coupons": [
            {"id": place, "code": f"GIFT{place}", "customerIdentifiers": {"customerId": customer}}
            for place, customer in enumerate(customers)
        ]
    }
    return flat("CouponIssue", data, eventId=event_id, orgId=ORG)


def row_of(flow: Flow, domain: str, customer: int) -> AnyRow | None:
    """Return a customer's row of one domain."""
    return flow.rows().get(f"{domain}|capillary:{ORG}:{customer}")


def active(flow: Flow, customer: int) -> int | None:
    """Return the active points of a customer who has them here."""
    row = row_of(flow, "points", customer)
    if row is None or row.moved_to is not None:
        return None
    state: PointsState = row.state
    return int(sum(account.active for account in state.accounts.values()))


def moved_to(flow: Flow, customer: int) -> int | None:
    """Return whom all of a customer went to."""
    row = row_of(flow, "customers", customer)
    return None if row is None or row.moved_to is None else int(row.moved_to)


def types_of(flow: Flow, customer: int) -> list[str]:
    """Return the types of a customer's derived events, in their order."""
    key = f"capillary:{ORG}:{customer}".encode()
    return [json.loads(message.value or b"")["type"] for message in flow.derived() if message.key == key]


def nothing_waits(flow: Flow) -> bool:
    """Return whether no event is held and no customer waits."""
    return not any(key.startswith("held|") or row.waits for key, row in flow.rows().items())


def each_ended_once(flow: Flow, records: int) -> bool:
    """Return whether of so many raw records each ended as exactly one outcome, forwarding aside."""
    tally: Tally = flow.tally
    ended = tally.applied + tally.duplicate + tally.ignored + tally.dead_lettered
    return ended == records and tally.consumed == records + tally.forwarded
