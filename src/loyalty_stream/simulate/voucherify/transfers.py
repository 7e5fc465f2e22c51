"""Transfers: points leave one customer's card and reach another's, told by one activity for each card.

Either may come first. The vendor books each leg when it makes that leg's activity.
"""

from decimal import Decimal
from functools import partial
from typing import Final, NamedTuple

from loyalty_stream.simulate.account import Move
from loyalty_stream.simulate.voucherify.customers import Card, Customer
from loyalty_stream.simulate.voucherify.objects import points_balance, transaction_object, voucher_object
from loyalty_stream.simulate.voucherify.points import with_total_reduced
from loyalty_stream.simulate.voucherify.reports import CARD, card_data
from loyalty_stream.simulate.voucherify.stage import Activity, Stage

_RECEIVED_FIRST_SHARE: Final = 0.25
_RECORDS_BETWEEN_MAX: Final = 60
_TRIES: Final = 4


class _Leg(NamedTuple):
    """One side of a transfer: whose card, the points, its booking's id and the other's."""

    customer: Customer
    card: Card
    points: int
    transaction_id: str
    related_id: str


def transfer_points(stage: Stage, customer: Customer) -> Activity | None:
    """Make the first leg of a transfer; the other one comes some records later."""
    draw, card = stage.draw, stage.draw.pick(customer.cards)
    receiver = _receiver(stage, customer, card)
    if card.account.active < 1 or receiver is None:
        return None
    points = draw.between(1, int(card.account.active))
    out_id, in_id = (f"vtx_{draw.hex(20)}" for _ in range(2))
    legs = [
        _Leg(customer, card, -points, out_id, in_id),
        _Leg(*receiver, points, in_id, out_id),
    ]
    if draw.chance(_RECEIVED_FIRST_SHARE):
        legs.reverse()
    for leg in legs:
        leg.customer.under_way += 1
    stage.answer.transfers["begun"] += 1
    stage.soon(_RECORDS_BETWEEN_MAX, partial(_second, stage, legs))
    return _leg(stage, legs[0], legs[1])


def _receiver(stage: Stage, sender: Customer, card: Card) -> tuple[Customer, Card] | None:
    for _ in range(_TRIES):
        receiver = stage.population.choose_beside(sender)
        own = next((each for each in receiver.cards if each.campaign is card.campaign), None)
        if receiver is not sender and own is not None:
            return receiver, own
    return None


def _second(stage: Stage, legs: list[_Leg]) -> Activity:
    for leg in legs:
        leg.customer.under_way -= 1
    stage.answer.transfers["settled"] += 1
    return _leg(stage, legs[1], legs[0])


def _leg(stage: Stage, leg: _Leg, other: _Leg) -> Activity:
    """Return the activity of a leg; its total of all points moves with the transfer, as in the vendor's samples."""
    customer, card = leg.customer, leg.card
    totals = stage.book(customer, card, Move(active=Decimal(leg.points)), carries="current")
    at_ms = stage.time(customer)
    balance = points_balance(card.voucher, leg.points, with_total_reduced(card, totals, -leg.points))
    kind = "POINTS_TRANSFER_OUT" if leg.points < 0 else "POINTS_TRANSFER_IN"
    transaction = transaction_object(stage, card.voucher, kind, balance, at_ms)
    source, destination = (leg, other) if leg.points < 0 else (other, leg)
    data = card_data(customer, card) | {
        "source_voucher": voucher_object(source.card.voucher, source.customer),
        "destination_voucher": voucher_object(destination.card.voucher, destination.customer),
        "balance": balance,
        "transaction": transaction | {"id": leg.transaction_id, "related_transaction_id": leg.related_id},
    }
    return stage.activity(customer, f"{CARD}.points_transferred", data, stage.told(at_ms))
