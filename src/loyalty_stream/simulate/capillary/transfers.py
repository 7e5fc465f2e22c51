"""Transfers: points leave one customer and reach another, in two events of which either may come first.

The vendor books each leg when it makes that leg's event, so that its totals agree with what was delivered.
"""

from collections.abc import Callable
from functools import partial
from typing import Final

from loyalty_stream.simulate.account import Move
from loyalty_stream.simulate.capillary.customers import Customer
from loyalty_stream.simulate.capillary.history import Transfer
from loyalty_stream.simulate.capillary.stage import Stage, VendorEvent, entity, totals_fields
from loyalty_stream.simulate.capillary.world import Json, Program

_RECEIVED_FIRST_SHARE: Final = 0.25
_RECORDS_BETWEEN_MAX: Final = 60
_TRIES: Final = 4


def transfer_points(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Make the first leg of a transfer; the other one comes some records later."""
    draw = stage.draw
    program = draw.pick(customer.programs)
    active = customer.accounts[program.id].active
    receiver = _receiver(stage, customer, program)
    if active < 1 or receiver is None:
        return None
    transfer = Transfer(draw.hex(10), draw.hex(32), customer, receiver, program, draw.part_of(active))
    legs: list[Callable[[Stage, Transfer], VendorEvent]] = [_initiated, _received]
    if draw.chance(_RECEIVED_FIRST_SHARE):
        legs.reverse()
    stage.history.transfers[transfer.id] = transfer
    stage.answer.transfers["begun"] += 1
    stage.agenda.add(stage.number + draw.between(1, _RECORDS_BETWEEN_MAX), partial(_second, stage, transfer, legs[1]))
    return legs[0](stage, transfer)


def _receiver(stage: Stage, sender: Customer, program: Program) -> Customer | None:
    for _ in range(_TRIES):
        receiver = stage.population.choose_beside(sender)
        if receiver is not sender and program in receiver.programs:
            return receiver
    return None


def _second(stage: Stage, transfer: Transfer, leg: Callable[[Stage, Transfer], VendorEvent]) -> VendorEvent | None:
    """Make the other leg, for whoever the customers are by now; an erased customer has none."""
    del stage.history.transfers[transfer.id]
    transfer.sender, transfer.receiver = transfer.sender.present, transfer.receiver.present
    if transfer.sender.erased or transfer.receiver.erased:
        stage.answer.transfers["dropped"] += 1
        return None
    stage.answer.transfers["settled"] += 1
    return leg(stage, transfer)


def _initiated(stage: Stage, transfer: Transfer) -> VendorEvent:
    program = transfer.program
    totals = stage.book(transfer.sender, program.id, Move(active=-transfer.amount), carries="current")
    row: Json = {"programId": program.id, "pointsRedeemed": transfer.amount}
    fields: Json = {
        "transferReceivingCustomerIdentifiers": transfer.receiver.identifiers,
        "transferReceivingEntityInformation": entity(transfer.receiver),
        "redemptionFromEarningPrograms": [row | totals_fields(totals)],
    }
    return _leg(stage, transfer, "pointsTransferredInitiated", (transfer.sender, fields))


def _received(stage: Stage, transfer: Transfer) -> VendorEvent:
    stage.book(transfer.receiver, transfer.program.id, Move(active=transfer.amount), carries="none")
    fields: Json = {
        "transferInitiatingCustomerIdentifiers": transfer.sender.identifiers,
        "transferInitiatingEntityInformation": entity(transfer.sender),
    }
    return _leg(stage, transfer, "pointsTransferredReceived", (transfer.receiver, fields))


def _leg(stage: Stage, transfer: Transfer, name: str, whose: tuple[Customer, Json]) -> VendorEvent:
    customer, fields = whose
    data: Json = {
        "customerIdentifiers": customer.identifiers,
        "entityInformation": entity(customer),
        "loyaltyProgramDetails": transfer.program.details,
        "loyaltyProgramId": transfer.program.id,
        "totalPointsTransferred": transfer.amount,
        **fields,
    }
    event = stage.event(customer, name, data, "wrapped")
    event.loyalty_event_id = transfer.id
    event.api_request_id = transfer.request_id
    event.ref_id = f"{customer.org.id}_{transfer.id}"
    return event
