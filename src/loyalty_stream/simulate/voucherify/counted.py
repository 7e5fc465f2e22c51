"""Types that are counted only, and types that nobody knows."""

from typing import TYPE_CHECKING, Final

from loyalty_stream.simulate.voucherify.customers import Customer
from loyalty_stream.simulate.voucherify.objects import customer_object, order_object
from loyalty_stream.simulate.voucherify.reports import card_data
from loyalty_stream.simulate.voucherify.stage import Activity, Stage

if TYPE_CHECKING:
    from loyalty_stream.simulate.voucherify.world import Json

_ORDERS: Final = ("created", "updated", "processing", "paid", "fulfilled", "canceled")
_OTHERS: Final = (
    "customer.custom_event",
    "customer.validation.succeeded",
    "customer.validation.failed",
    "customer.holder.assignment.created",
    "customer.holder.assignment.deleted",
    "customer.voucher.deleted",
)
COUNTED_NAMES: Final = (*(f"customer.order.{word}" for word in _ORDERS), *_OTHERS)
UNKNOWN_NAMES: Final = (
    "customer.points.teleported",
    "customer.loyalty.frozen",
    "customer.voucher.shredded",
    "customer.rewarded.loyalty_points.v2",
)


def counted(stage: Stage, customer: Customer) -> Activity:
    """Return an activity of a type that is counted only."""
    name = stage.draw.pick(COUNTED_NAMES)
    data: Json = {"customer": customer_object(customer)}
    if name.startswith("customer.order."):
        data |= {"referrer": None, "order": order_object(stage, customer), "redemption": None}
    elif name == "customer.custom_event":
        event = {"id": f"ce_{stage.draw.hex(8)}", "type": "visit"}
        data |= {"event": event, "referral": None, "loyalty": None}
    elif name.startswith("customer.validation."):
        data["validation"] = {"id": f"valid_{stage.draw.hex(8)}"}
    else:
        data = card_data(customer, stage.draw.pick(customer.cards))
        if name.startswith("customer.holder."):
            data["holder"] = customer_object(customer)
    activity = stage.activity(customer, name, data, stage.time(customer))
    activity.effect = "ignored"
    return activity


def unknown(stage: Stage, customer: Customer) -> Activity:
    """Return an activity of a type that nobody knows; a known type deeper inside must not be mistaken for it."""
    data = card_data(customer, stage.draw.pick(customer.cards)) | {"type": "customer.created", "points": 40}
    return stage.activity(customer, stage.draw.pick(UNKNOWN_NAMES), data, stage.time(customer))
