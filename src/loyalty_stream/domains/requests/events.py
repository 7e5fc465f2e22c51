"""The facts about requests, whichever vendor states them. Types and states are the vendor's own words."""

from decimal import Decimal

from loyalty_stream.model.events import EventBody


class RequestMoved(EventBody, frozen=True, gc=False, tag=True):
    """A request is in a state; `customer_id` and `amount` are None where the vendor names none."""

    request_id: str
    request_type: str
    base_type: str | None
    previous_state: str | None
    state: str
    customer_id: str | None = None
    amount: Decimal | None = None
    program_id: str | None = None
