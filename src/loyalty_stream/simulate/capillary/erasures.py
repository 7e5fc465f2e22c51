"""Erasures: a deletion that is approved; what still comes of the customer has no effect."""

from functools import partial
from typing import Final

from loyalty_stream.simulate.capillary import memberships, points, tiers
from loyalty_stream.simulate.capillary.customers import Customer
from loyalty_stream.simulate.capillary.requests import deletion_fields, status_fields, tracking_id
from loyalty_stream.simulate.capillary.stage import Maker, Stage, VendorEvent

_BESIDE_SHARE: Final = 0.7
_LATE_MAX: Final = 3
_RECORDS_BETWEEN_MAX: Final = 60
_LATE: Final[tuple[Maker, ...]] = (points.issue_points, tiers.renew_tier, memberships.earn_badge)


def erase_customer(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Erase a customer of whom nothing is under way with others; some of their events come afterwards.

    A survivor of a merge is never erased: the victim's events may be heard of at any time, and would then be of nobody.
    The primary member of a group is not for the same reason.
    """
    if (
        customer.chain > 1
        or customer.silent
        or stage.history.unsettled(customer, stage.number)
        or not stage.population.erase(customer)
    ):
        return None
    draw = stage.draw
    for _ in range(draw.between(0, _LATE_MAX)):
        late = draw.pick(_LATE)(stage, customer)
        if late is not None:
            late.is_ignored = late.keeps_time = True
            late.repeats = "never"
            stage.agenda.add(stage.number + draw.between(1, _RECORDS_BETWEEN_MAX), partial(_same, late))
    stage.answer.erase(customer.key)
    request_id = tracking_id(stage)
    stage.answer.requests[stage.key(customer.org.id, f"request/{request_id}")] = "APPROVED"
    fields = deletion_fields(customer, request_id, "APPROVED") | {"comments": "any request related comments"}
    data = {"requestId": request_id} | status_fields(stage, "PENDING", "APPROVED")
    is_beside = draw.chance(_BESIDE_SHARE)
    event = stage.event(customer, "requestUpdated", data if is_beside else data | fields, "flat")
    event.beside = fields if is_beside else {}
    event.keeps_time = True
    event.repeats = "never"
    return event


def _same(event: VendorEvent) -> VendorEvent:
    return event
