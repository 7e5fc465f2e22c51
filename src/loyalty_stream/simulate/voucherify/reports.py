"""What activities of loyalty cards have in common, and one booking that two of them tell of."""

from copy import deepcopy
from functools import partial
from typing import Final

from loyalty_stream.simulate.voucherify.customers import Card, Customer
from loyalty_stream.simulate.voucherify.objects import (
    campaign_object,
    customer_object,
    order_object,
    voucher_object,
)
from loyalty_stream.simulate.voucherify.stage import Activity, Stage
from loyalty_stream.simulate.voucherify.world import Json

CARD: Final = "customer.voucher.loyalty_card"
REWARDED: Final = "customer.rewarded.loyalty_points"
AGAIN_RECORDS_MAX: Final = 6  # a second report of one booking follows far inside any dedup window
_WITHOUT_TOTALS_SHARE: Final = 0.3
_TOTALS: Final = frozenset({"balance", "total"})


def card_data(customer: Customer, card: Card) -> Json:
    """Return what every activity of a card holds."""
    return {
        "customer": customer_object(customer),
        "campaign": campaign_object(card.campaign),
        "voucher": voucher_object(card.voucher, customer),
    }


def tell_again(stage: Stage, customer: Customer, card: Card, name: str, data: Json) -> None:
    """Let another activity tell of one booking soon; only the totals that come with it are news, if any do."""
    told = deepcopy({part: data[part] for part in ("balance", "transaction")})
    if stage.draw.chance(_WITHOUT_TOTALS_SHARE):
        told["balance"] = {key: part for key, part in told["balance"].items() if key not in _TOTALS}
        told["transaction"]["details"]["balance"] = told["balance"]
    stage.soon(AGAIN_RECORDS_MAX, partial(_again, stage, customer, card, (name, told)))


def _again(stage: Stage, customer: Customer, card: Card, told: tuple[str, Json]) -> Activity:
    name, fields = told
    data = report(stage, customer, card, name) | fields
    activity = stage.activity(customer, name, data, stage.now_ms)
    has_totals = not _TOTALS.isdisjoint(fields["balance"])
    activity.effect = "ignored" if customer.erased else "applied" if has_totals else "duplicate"
    return activity


def report(stage: Stage, customer: Customer, card: Card, name: str) -> Json:
    """Return the data of an activity that reports a booking, without the booking."""
    data = card_data(customer, card)
    return data if name != REWARDED else data | rule_fields(stage, customer, card)


def rule_fields(stage: Stage, customer: Customer, card: Card, pending: Json | None = None) -> Json:
    """Return what is said of the rule that points were earned by; now and then another customer earned them."""
    rule: Json = {
        "id": "ern_1",
        "created_at": "2026-01-01T00:00:00.000Z",
        "updated_at": None,
        "validation_rule_id": None,
        "loyalty": {"type": "FIXED", "points": 40},
        "event": "order.paid",
        "pending_points": pending,
        "source": {"banner": "Purchase", "object_id": card.campaign.id, "object_type": "campaign"},
        "active": True,
        "object": "earning_rule",
        "automation_id": "auto_1",
        "metadata": {},
        "start_date": None,
        "expiration_date": None,
        "validity_timeframe": None,
        "validity_day_of_week": None,
        "validity_hours": None,
    }
    buyer = stage.population.choose_beside(customer) if stage.draw.chance(0.1) else customer
    return {
        "customer": customer_object(buyer),
        "holder": customer_object(customer),
        "loyalty_tier": None,
        "earning_rule": rule,
        "order": order_object(stage, buyer),
        "event": {"id": f"event_{stage.draw.hex(8)}", "type": "customer.order.paid", "category": "EFFECT"},
    }
