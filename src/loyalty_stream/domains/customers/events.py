"""The facts about customers and their transactions, whichever vendor states them. None holds personal data."""

from decimal import Decimal

from loyalty_stream.model.events import EventBody
from loyalty_stream.model.merge import CustomerMerge


class CustomerAdded(EventBody, frozen=True, gc=False, tag=True):
    """The vendor made a profile of the customer; `origin` is the channel that it came from."""

    origin: str | None = None


class CustomerUpdated(EventBody, frozen=True, gc=False, tag=True):
    """Fields of the customer's profile have other values now; only the fields' names are known here."""

    changed_fields: tuple[str, ...] = ()
    origin: str | None = None


class TransactionAdded(EventBody, frozen=True, gc=False, tag=True):
    """The customer bought or returned something; no points come of this event.

    `amount` is what was paid, or what was given back where `bill_type` is `return`. `status` is that of the delivery.
    """

    transaction_id: str
    amount: Decimal
    currency: str | None = None
    bill_type: str | None = None
    status: str | None = None


class TransactionUpdated(EventBody, frozen=True, gc=False, tag=True):
    """A transaction changed; `status` is that of its delivery, or None where it is not stated."""

    transaction_id: str
    status: str | None = None


class CustomersMerged(EventBody, frozen=True, gc=False, tag=True):
    """Two customers are one from now on; a fact about the survivor, and about every domain of both."""

    merge: CustomerMerge


class CustomerErasureApproved(EventBody, frozen=True, gc=False, tag=True):
    """The customer must be forgotten, in every domain."""
