"""Every type of Voucherify's activities and campaign events: those that are reduced, those that are counted only."""

from typing import Any, Final

from loyalty_stream.sources.voucherify import (
    campaigns,
    customers,
    messages,
    pending,
    points,
    publications,
    redemptions,
    rewards,
    tiers,
)
from loyalty_stream.sources.voucherify.spec import Spec

# A spec's data type is its own business: the table holds specs of every data type.
_ALL: Final[tuple[Spec[Any], ...]] = (
    *customers.SPECS,
    *messages.SPECS,
    *rewards.SPECS,
    *points.SPECS,
    *pending.SPECS,
    *publications.SPECS,
    *redemptions.SPECS,
    *tiers.SPECS,
    *campaigns.SPECS,
)
SPECS: Final[dict[str, Spec[Any]]] = {spec.name: spec for spec in _ALL}

COUNTED_ONLY: Final = frozenset(
    {
        "customer.custom_event",  # its schema is the project's own
        "customer.validation.succeeded",  # a question, not a use
        "customer.validation.failed",
        "customer.order.created",  # what an order earns or spends is told by activities of its own
        "customer.order.updated",
        "customer.order.processing",
        "customer.order.paid",
        "customer.order.fulfilled",
        "customer.order.canceled",
        "customer.reward_redemptions.created",  # the delivery of what customer.rewarded tells
        "customer.reward_redemptions.pending",
        "customer.reward_redemptions.completed",
        "customer.reward_redemptions.rolledback",
        "customer.holder.assignment.created",
        "customer.holder.assignment.deleted",
        "customer.voucher.deleted",  # what the voucher was and what its card holds stays on record
    }
)
