"""What is published about customers: names of fields, never their values."""

from decimal import Decimal
from typing import Literal

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
