"""Deletions of customers; what still comes of them has no effect."""

from functools import partial
from typing import Final

from loyalty_stream.simulate.voucherify import points, profiles, tiers
from loyalty_stream.simulate.voucherify.customers import Customer
from loyalty_stream.simulate.voucherify.objects import customer_object
from loyalty_stream.simulate.voucherify.stage import Activity, Maker, Stage

_LATE_MAX: Final = 3
_RECORDS_BETWEEN_MAX: Final = 60
_LATE: Final[tuple[Maker, ...]] = (points.expire_points, profiles.change_segment, tiers.prolong_tier)


def erase_customer(stage: Stage, customer: Customer) -> Activity | None:
    """Delete a customer who takes part in no transfer; some of their activities come afterwards."""
    if customer.under_way or not stage.population.erase(customer):
        return None
    for _ in range(stage.draw.between(0, _LATE_MAX)):
        late = stage.draw.pick(_LATE)(stage, customer)
        if late is not None:
            late.effect = "ignored"
            stage.soon(_RECORDS_BETWEEN_MAX, partial(_same, late))
    stage.answer.erase(customer.key)
    data = {"customer": customer_object(customer)}
    activity = stage.activity(customer, "customer.deleted", data, stage.time(customer))
    activity.repeats = False
    return activity


def _same(activity: Activity) -> Activity:
    return activity
