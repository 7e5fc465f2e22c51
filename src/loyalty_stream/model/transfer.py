"""What travels between the two customers of a transfer and the place where its legs are joined."""

from decimal import Decimal
from typing import Final, Literal

from xxhash import xxh3_64_intdigest

from loyalty_stream.model.events import EventBody

CLEARING_SHARDS: Final = 64  # of one organisation, so that no row holds too many open transfers

Direction = Literal["out", "in"]


class TransferLegBooked(EventBody, frozen=True, gc=False, tag=True):
    """One leg of a transfer is booked on its customer's account: points went out, or came in."""

    transfer_id: str
    direction: Direction
    customer_id: str
    amount: Decimal


class TransferSettled(EventBody, frozen=True, gc=False, tag=True):
    """Both legs of a transfer are booked."""

    transfer_id: str
    from_customer_id: str
    to_customer_id: str
    amount: Decimal


class TransferUnmatched(EventBody, frozen=True, gc=False, tag=True):
    """One leg of a transfer has waited too long for the other, or the amounts of the two differ by `amount`."""

    transfer_id: str
    from_customer_id: str | None
    to_customer_id: str | None
    amount: Decimal


def clearing_id(transfer_id: str) -> str:
    """Return the entity at which the legs of a transfer are joined."""
    return f"clearing/{xxh3_64_intdigest(transfer_id.encode()) % CLEARING_SHARDS}"
