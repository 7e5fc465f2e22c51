"""What is published about customers: names of fields, never their values."""

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from loyalty_stream.domains.customers.events import ConsentChange, DeliveryOutcome, SegmentChange
from loyalty_stream.model.events import DerivedBody


class CustomerProfileChanged(DerivedBody, frozen=True, gc=False):
    """A profile was added, or fields of it changed; `changed_fields` holds the vendor's names of them, never values.

    It is empty for an added profile, of which everything is new.
    """

    change: Literal["added", "updated"]
    changed_fields: tuple[str, ...]
    origin: str | None


class TransactionRecorded(DerivedBody, frozen=True, gc=False):
    """A customer's transaction is known; `amount` is what was given back where `bill_type` is `return`."""

    transaction_id: str
    amount: Decimal
    currency: str | None
    bill_type: str | None
    status: str | None


class TransactionStatusChanged(DerivedBody, frozen=True, gc=False):
    """A transaction's delivery went on; `from_status` is None where it was unknown."""

    transaction_id: str
    from_status: str | None
    to_status: str


class MovedCount(Struct, frozen=True, gc=False):
    """How many things of one domain a merge moved, as that domain counts them."""

    domain: str
    count: int


class CustomerMerged(DerivedBody, frozen=True, gc=False):
    """Two customers are one: all of the victim's is the survivor's, and so is what is told of the victim from now on.

    Both keys tell it, each in its own `role`; `moved` is what went from the one to the other.
    """

    survivor_customer_id: str
    victim_customer_id: str
    role: Literal["survivor", "victim"]
    moved: tuple[MovedCount, ...]


class KeptTotal(Struct, frozen=True, gc=False):
    """The balances of one account that went with its customer; the totals of the programme keep them."""

    program_id: str
    currency: str
    active: Decimal
    pending: Decimal
    lifetime: Decimal


class CustomerErased(DerivedBody, frozen=True, gc=False):
    """All that was kept of a customer is gone; `domains` are those that knew the customer, the id is only a hash."""

    customer_id_hash: str
    domains: tuple[str, ...]
    kept: tuple[KeptTotal, ...]


class CustomerReferred(DerivedBody, frozen=True, gc=False):
    """Another customer brought this one in."""

    referrer_customer_id: str
    campaign_id: str | None


class CustomerSegmentChanged(DerivedBody, frozen=True, gc=False):
    """A customer came into a segment, or fell out of it."""

    segment_id: str
    change: SegmentChange


class ConsentChanged(DerivedBody, frozen=True, gc=False):
    """A customer gave a consent, or took it back."""

    consent_id: str
    change: ConsentChange


class MessageDelivery(DerivedBody, frozen=True, gc=False):
    """A message to a customer went out by a channel, or did not, or did after all."""

    channel: str
    outcome: DeliveryOutcome
