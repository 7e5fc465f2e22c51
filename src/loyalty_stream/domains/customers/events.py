"""The facts about customers and their transactions, whichever vendor states them. None holds personal data."""

from decimal import Decimal
from typing import Literal

from loyalty_stream.model.events import EventBody
from loyalty_stream.model.merge import CustomerMerge

SegmentChange = Literal["entered", "left"]
ConsentChange = Literal["given", "revoked"]
DeliveryOutcome = Literal["sent", "failed", "recovered"]


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


class CustomerReferred(EventBody, frozen=True, gc=False, tag=True):
    """Another customer brought this one in; both ids are the vendor's."""

    referrer_customer_id: str
    campaign_id: str | None = None


class CustomerSegmentChanged(EventBody, frozen=True, gc=False, tag=True):
    """The customer came into a segment, or fell out of it."""

    segment_id: str
    change: SegmentChange


class ConsentChanged(EventBody, frozen=True, gc=False, tag=True):
    """The customer gave consents, or took them back."""

    consent_ids: tuple[str, ...]
    change: ConsentChange


class MessageDelivery(EventBody, frozen=True, gc=False, tag=True):
    """A message to the customer went out by a channel, or did not, or did after all; nothing of its text is known."""

    channel: str
    outcome: DeliveryOutcome


class CustomersMerged(EventBody, frozen=True, gc=False, tag=True):
    """Two customers are one from now on; a fact about the survivor, and about every domain of both."""

    merge: CustomerMerge


class CustomerErasureApproved(EventBody, frozen=True, gc=False, tag=True):
    """The customer must be forgotten, in every domain."""
