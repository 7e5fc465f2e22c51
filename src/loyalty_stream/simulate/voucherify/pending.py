"""Points that wait on a loyalty card: added, changed, cancelled, activated."""

from decimal import Decimal
from typing import Final

from loyalty_stream.simulate.account import Move
from loyalty_stream.simulate.iso import iso_text
from loyalty_stream.simulate.voucherify.customers import Card, Customer, Waiting
from loyalty_stream.simulate.voucherify.objects import order_object, points_balance, transaction_object
from loyalty_stream.simulate.voucherify.reports import CARD, REWARDED, card_data, tell_again
from loyalty_stream.simulate.voucherify.stage import Activity, Maker, Stage
from loyalty_stream.simulate.voucherify.world import Json

PENDING: Final = f"{CARD}.pending_points"
ACTIVATION: Final = "PENDING_POINTS_ACTIVATION"


def add_pending(stage: Stage, customer: Customer, card: Card, points: int) -> Activity:
    """Let points wait on a card."""
    waiting = Waiting(f"lopp_{stage.draw.hex(12)}", points)
    card.waiting.append(waiting)
    return _changed(stage, customer, card, (waiting, "added", points))


def promise_pending(stage: Stage, customer: Customer) -> Activity:
    """Let points wait on some card."""
    return add_pending(stage, customer, stage.draw.pick(customer.cards), stage.draw.between(5, 200))


def change_pending(stage: Stage, customer: Customer) -> Activity | None:
    """Make more or less of points that wait."""
    card = _card_with_waiting(stage, customer)
    if card is None:
        return None
    waiting = stage.draw.pick(card.waiting)
    change = stage.draw.between(1 - waiting.points, 60)
    waiting.points += change
    return _changed(stage, customer, card, (waiting, "updated", change))


def cancel_pending(stage: Stage, customer: Customer) -> Activity | None:
    """Let points that wait never come."""
    card = _card_with_waiting(stage, customer)
    if card is None:
        return None
    waiting = stage.draw.take(card.waiting)
    return _changed(stage, customer, card, (waiting, "canceled", -waiting.points))


def activate_pending(stage: Stage, customer: Customer) -> Activity | None:
    """Turn points that wait into active ones.

    Without a transaction the activation is told by one activity alone; with one, others may tell of it too.
    """
    card = _card_with_waiting(stage, customer)
    if card is None:
        return None
    draw, waiting = stage.draw, stage.draw.take(card.waiting)
    points, at_ms = Decimal(waiting.points), stage.time(customer)
    move = Move(active=points, pending=-points, lifetime=points)
    data = _data(stage, customer, card, (waiting, waiting.points))
    name = f"{PENDING}.activated"
    if draw.chance(0.4):
        stage.book(customer, card, move, carries="none")
        return stage.activity(customer, name, data, at_ms)
    totals = stage.book(customer, card, move, carries="both")
    balance = points_balance(card.voucher, waiting.points, totals, is_manual=False)
    data |= {"balance": balance, "transaction": transaction_object(stage, card.voucher, ACTIVATION, balance, at_ms)}
    names = [name, f"{CARD}.points_activated"]
    if draw.chance(0.5):
        names.reverse()
    if draw.chance(0.5):
        tell_again(stage, customer, card, draw.pick((names[1], f"{CARD}.points_added", REWARDED)), data)
    return stage.activity(customer, names[0], data, stage.told(at_ms))


def _card_with_waiting(stage: Stage, customer: Customer) -> Card | None:
    cards = [card for card in customer.cards if card.waiting]
    return stage.draw.pick(cards) if cards else None


def _changed(stage: Stage, customer: Customer, card: Card, change: tuple[Waiting, str, int]) -> Activity:
    waiting, word, points = change
    stage.book(customer, card, Move(pending=Decimal(points)), carries="none")
    data = _data(stage, customer, card, (waiting, points))
    activity = stage.activity(customer, f"{PENDING}.{word}", data, stage.time(customer))
    activity.may_lose_time = True
    return activity


def _data(stage: Stage, customer: Customer, card: Card, change: tuple[Waiting, int]) -> Json:
    waiting, points = change
    order = order_object(stage, customer)
    total = sum(each.points for each in card.waiting)
    return card_data(customer, card) | {
        "voucher_pending_points_balance": {
            "points": points,
            "total": total,
            "object": "balance",
            "related_object": {"type": "voucher", "id": card.voucher.id},
            "operation_type": "AUTOMATIC",
        },
        "order": order,
        "pending_points": {
            "id": waiting.id,
            "voucher_id": card.voucher.id,
            "campaign_id": card.campaign.id,
            "customer_id": customer.id,
            "order_id": order["id"],
            "points": waiting.points,
            "activates_at": iso_text(stage.now_ms + 1_209_600_000)[:10],
            "details": {"holder_loyalty_tier": None, "earning_rule": {"id": "ern_1", "source": {"banner": "Purchase"}}},
            "created_at": iso_text(stage.now_ms),
            "updated_at": None,
        },
    }


MAKERS: Final[tuple[tuple[int, Maker], ...]] = (
    (40, promise_pending),
    (15, change_pending),
    (10, cancel_pending),
    (45, activate_pending),
)
