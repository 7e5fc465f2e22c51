"""Join the legs of transfers.

The vendor writes one event for each leg, with one loyaltyEventId, onto the partitions of two customers: either may
come first, and one may never come. What both customers are told is caused by their own legs, so that it is the same
whichever came first. Time is that of the records seen here, and where due dates are on that of each new day.
Source: pointsTransferredInitiated and pointsTransferredReceived in Capillary's event schema,
https://docs.capillarytech.com/docs/event-schema-payload.
"""

from collections.abc import Callable
from typing import Final, Never

from msgspec.structs import replace

from loyalty_stream.domains.clearing.events import TransferWaitEnded
from loyalty_stream.domains.clearing.state import OPEN_MAX, UNMATCHED_AFTER_MS, ClearingState, Leg
from loyalty_stream.model.due import NOTHING_DUE
from loyalty_stream.model.events import CanonicalEvent, EventBody
from loyalty_stream.model.keys import entity_key
from loyalty_stream.model.outcome import Applied, Outcome
from loyalty_stream.model.transfer import TransferLegBooked, TransferSettled, TransferUnmatched

ClearingOutcome = Outcome[ClearingState]


def leg_booked(state: ClearingState, event: CanonicalEvent, body: TransferLegBooked) -> ClearingOutcome:
    """Settle the transfer where the other leg is there, else keep this one; report those that wait too long."""
    open_legs = dict(state.open)
    leg = _leg(event, body)
    other = open_legs.pop(body.transfer_id, None)
    if other is None:
        told: list[CanonicalEvent] = []
        open_legs[body.transfer_id] = leg
    elif other.direction == leg.direction:  # in several parts
        told = []
        open_legs[body.transfer_id] = replace(other, amount=other.amount + leg.amount)
    else:
        told = _settled(event, body.transfer_id, other, leg)
    told += _overdue(event, open_legs)
    told += _forgotten(event, open_legs)
    return Applied(ClearingState(open_legs), (), tuple(told))


def wait_ended(state: ClearingState, event: CanonicalEvent, _body: TransferWaitEnded) -> ClearingOutcome:
    """Report each leg that has waited too long, unless it is reported already."""
    open_legs = dict(state.open)
    told = _overdue(event, open_legs)
    return Applied(ClearingState(open_legs), (), tuple(told)) if told else NOTHING_DUE


REDUCERS: Final[dict[type[EventBody], Callable[[ClearingState, CanonicalEvent, Never], ClearingOutcome]]] = {
    TransferLegBooked: leg_booked,
    TransferWaitEnded: wait_ended,
}


def _leg(event: CanonicalEvent, body: TransferLegBooked) -> Leg:
    return Leg(
        body.direction,
        body.customer_id,
        body.amount,
        event.occurred_at,
        event.vendor_timed,
        event.observed_at,
        event.source_key,
        event.cause,
    )


def _settled(event: CanonicalEvent, transfer_id: str, one: Leg, other: Leg) -> list[CanonicalEvent]:
    """Tell both customers; where the legs' amounts differ, the smaller one is settled and the rest is unmatched."""
    out, in_ = (one, other) if one.direction == "out" else (other, one)
    settled = TransferSettled(transfer_id, out.customer_id, in_.customer_id, min(out.amount, in_.amount))
    told = [_tell(event, out, settled), _tell(event, in_, settled)]
    difference = out.amount - in_.amount
    if difference:
        more = out if difference > 0 else in_
        told.append(
            _tell(event, more, TransferUnmatched(transfer_id, out.customer_id, in_.customer_id, abs(difference)))
        )
    return told


def _overdue(event: CanonicalEvent, open_legs: dict[str, Leg]) -> list[CanonicalEvent]:
    """Report each leg once that had waited too long when this record came."""
    told = []
    for transfer_id, leg in open_legs.items():
        if not leg.reported and event.observed_at - leg.observed_at > UNMATCHED_AFTER_MS:
            told.append(_unmatched(event, transfer_id, leg))
            open_legs[transfer_id] = replace(leg, reported=True)
    return told


def _forgotten(event: CanonicalEvent, open_legs: dict[str, Leg]) -> list[CanonicalEvent]:
    told = []
    for transfer_id in list(open_legs)[:-OPEN_MAX]:
        leg = open_legs.pop(transfer_id)
        if not leg.reported:
            told.append(_unmatched(event, transfer_id, leg))
    return told


def _unmatched(event: CanonicalEvent, transfer_id: str, leg: Leg) -> CanonicalEvent:
    sender = leg.customer_id if leg.direction == "out" else None
    receiver = leg.customer_id if leg.direction == "in" else None
    return _tell(event, leg, TransferUnmatched(transfer_id, sender, receiver, leg.amount))


def _tell(event: CanonicalEvent, leg: Leg, body: TransferSettled | TransferUnmatched) -> CanonicalEvent:
    """Return what a leg's customer is told, as caused by that leg.

    The suffix tells it from the leg itself, and the report of a leg that is alone from that of what a match left over.
    """
    alone = isinstance(body, TransferUnmatched) and (body.from_customer_id is None or body.to_customer_id is None)
    return CanonicalEvent(
        event.vendor,
        event.org_id,
        leg.customer_id,
        entity_key(event.vendor, event.org_id, leg.customer_id),
        f"{leg.source_key}|{type(body).__name__}|{body.amount}{'|alone' if alone else ''}",
        leg.occurred_at,
        leg.vendor_timed,
        leg.observed_at,
        leg.cause,
        body,
    )
