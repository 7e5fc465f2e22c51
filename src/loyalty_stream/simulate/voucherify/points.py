"""Points that come and go on loyalty cards: rewarded, added, taken, expired, and snapshots of what is there."""

from decimal import Decimal
from functools import partial
from typing import Final

from loyalty_stream.simulate.account import CURRENCY, Account, Move, Totals
from loyalty_stream.simulate.iso import iso_text
from loyalty_stream.simulate.voucherify.customers import Card, Customer
from loyalty_stream.simulate.voucherify.objects import (
    campaign_object,
    customer_object,
    points_balance,
    transaction_object,
)
from loyalty_stream.simulate.voucherify.pending import add_pending
from loyalty_stream.simulate.voucherify.reports import CARD, REWARDED, card_data, report, rule_fields, tell_again
from loyalty_stream.simulate.voucherify.stage import Activity, Maker, Stage
from loyalty_stream.simulate.voucherify.world import Json

_TAKEN_SHARE: Final = 0.2
_WITHOUT_TRANSACTION_SHARE: Final = 0.3
_TOLD_TWICE_SHARE: Final = 0.25


def earn_points(stage: Stage, customer: Customer) -> Activity:
    """Give points by an earning rule, or take some; now and then the card's activity tells of the same booking."""
    return _grant(stage, customer, REWARDED)


def add_points(stage: Stage, customer: Customer) -> Activity:
    """Add points by hand, or take some; now and then the rule's activity tells of the same booking."""
    return _grant(stage, customer, f"{CARD}.points_added")


def _grant(stage: Stage, customer: Customer, name: str) -> Activity:
    draw, card = stage.draw, stage.draw.pick(customer.cards)
    points = draw.between(1, 400)
    if draw.chance(_TAKEN_SHARE) and card.account.active >= 1:
        points = -draw.between(1, min(points, int(card.account.active)))
    amount, lifetime = Decimal(points), Decimal(max(points, 0))
    totals = stage.book(customer, card, Move(active=amount, lifetime=lifetime), carries="both")
    at_ms = stage.time(customer)
    balance = points_balance(card.voucher, points, totals, is_manual=name != REWARDED)
    data = report(stage, customer, card, name) | {"balance": balance}
    if not draw.chance(_WITHOUT_TRANSACTION_SHARE):
        kind = "POINTS_ACCRUAL" if name == REWARDED else "POINTS_ADDITION"
        data["transaction"] = transaction_object(stage, card.voucher, kind, balance, at_ms)
        if draw.chance(_TOLD_TWICE_SHARE):
            other = f"{CARD}.points_added" if name == REWARDED else REWARDED
            tell_again(stage, customer, card, other, data)
        at_ms = stage.told(at_ms)
    return stage.activity(customer, name, data, at_ms)


def promise_points(stage: Stage, customer: Customer) -> Activity:
    """Tell of a rule whose points are pending: they are promised by an activity that follows."""
    card = stage.draw.pick(customer.cards)
    at_ms, points = stage.time(customer), stage.draw.between(5, 200)
    pending: Json = {"period_type": "DAY", "period_value": 14}
    data = card_data(customer, card) | rule_fields(stage, customer, card, pending)
    data["balance"] = points_balance(card.voucher, points, Totals(), is_manual=False)
    stage.soon(4, partial(_promised, stage, customer, card, points))
    activity = stage.activity(customer, REWARDED, data, at_ms)
    activity.effect = "ignored"
    return activity


def _promised(stage: Stage, customer: Customer, card: Card, points: int) -> Activity | None:
    return None if customer.erased else add_pending(stage, customer, card, points)


def expire_points(stage: Stage, customer: Customer) -> Activity | None:
    """Let some points lapse; the vendor's total of all points is then that without them, as in its samples."""
    draw, card = stage.draw, stage.draw.pick(customer.cards)
    if card.account.active < 1:
        return None
    points = draw.between(1, min(200, int(card.account.active)))
    data = card_data(customer, card) | {"points": points, "buckets": [_bucket(stage, card, points)]}
    move = Move(active=Decimal(-points))
    if draw.chance(_WITHOUT_TRANSACTION_SHARE):
        stage.book(customer, card, move, carries="none")
        return stage.activity(customer, f"{CARD}.points_expired", data, stage.time(customer))
    totals = stage.book(customer, card, move, carries="current")
    at_ms = stage.time(customer)
    balance = points_balance(card.voucher, -points, with_total_reduced(card, totals, points))
    data["transaction"] = transaction_object(stage, card.voucher, "POINTS_EXPIRATION", balance, at_ms)
    return stage.activity(customer, f"{CARD}.points_expired", data, stage.told(at_ms))


def with_total_reduced(card: Card, totals: Totals, points: int) -> Totals:
    """Return totals of which the one of all points is without those that are gone."""
    return Totals(totals.current, max(card.account.lifetime - points, Decimal(0)))


def _bucket(stage: Stage, card: Card, points: int) -> Json:
    return {
        "id": f"lopb_{stage.draw.hex(12)}",
        "voucher_id": card.voucher.id,
        "campaign_id": card.campaign.id,
        "bucket": {"total_points": points},
        "status": "ACTIVE",
        "expires_at": iso_text(stage.now_ms)[:10],
        "created_at": iso_text(stage.now_ms - 31_536_000_000),
        "updated_at": None,
        "object": "loyalty_points_bucket",
    }


def state_points(stage: Stage, customer: Customer) -> Activity:
    """Tell what a customer has on one card, or on all of them, which says nothing of any one."""
    draw, card = stage.draw, stage.draw.pick(customer.cards)
    known = stage.answer.accounts.get((customer.key, card.voucher.program_id, CURRENCY))
    totals = card.account.totals(known or Account(), draw, with_lifetime=False)
    points = int(max(card.account.active, Decimal(0)) if totals.current is None else totals.current)
    of_all = totals.current is None or draw.chance(0.2)
    at_ms = stage.time(customer)
    loyalty: Json = {"points": points, "referred_customers": 0}
    if of_all:
        loyalty["campaigns"] = {card.campaign.document["name"]: {"points": points}}
    else:
        loyalty["loyalty_tier"] = None if card.tier is None else card.campaign.tiers[card.tier].id
        stage.answer.account(customer.key, card.voucher.program_id).book(Move(), totals)
    data = {
        "customer": customer_object(customer),
        "campaign": campaign_object(card.campaign),
        "loyalty": loyalty,
        "created_at": iso_text(at_ms),
    }
    activity = stage.activity(customer, "customer.loyalty.updated", data, at_ms)
    activity.effect = "ignored" if of_all else "applied"
    return activity


MAKERS: Final[tuple[tuple[int, Maker], ...]] = (
    (170, earn_points),
    (90, add_points),
    (20, promise_points),
    (35, expire_points),
    (15, state_points),
)
