"""What is published about requests."""

from decimal import Decimal

from loyalty_stream.model.events import DerivedBody


class RequestStateChanged(DerivedBody, frozen=True, gc=False):
    """A request went from one state to the next; `amount` is what was asked for, and no points moved by it."""

    request_id: str
    request_type: str
    from_state: str | None
    to_state: str
    customer_id: str | None
    amount: Decimal | None
