"""What activities say of one booking on a card: its transaction, the points it moved and the balances after it."""

from decimal import Decimal

from loyalty_stream.domains.points.events import VendorTotals
from loyalty_stream.model.problem import Problem
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.instants import instant
from loyalty_stream.sources.voucherify.envelope import Header
from loyalty_stream.sources.wire import (
    NOT_GIVEN,
    NULL,
    Ignored,
    Instant,
    Name,
    Number,
    TextIdentifier,
    Wire,
    given_number,
    given_word,
    text_identifier,
)


class Balance(Wire):
    """What was added or, below zero, taken, and what a card holds after that; a gift card counts its credits."""

    points: Number = NULL
    amount: Number = NULL
    total: Number = NULL
    balance: Number = NULL
    type: Ignored = NOT_GIVEN
    object: Ignored = NOT_GIVEN
    operation_type: Ignored = NOT_GIVEN
    related_object: Ignored = NOT_GIVEN


class Details(Wire):
    """What a transaction says of itself."""

    balance: Balance | None = None
    order: Ignored = NOT_GIVEN
    event: Ignored = NOT_GIVEN
    earning_rule: Ignored = NOT_GIVEN
    segment: Ignored = NOT_GIVEN
    loyalty_tier: Ignored = NOT_GIVEN
    holder_loyalty_tier: Ignored = NOT_GIVEN
    redemption: Ignored = NOT_GIVEN
    rollback: Ignored = NOT_GIVEN
    custom_event: Ignored = NOT_GIVEN
    event_schema: Ignored = NOT_GIVEN
    pending_points: Ignored = NOT_GIVEN
    reward: Ignored = NOT_GIVEN
    source_voucher: Ignored = NOT_GIVEN
    destination_voucher: Ignored = NOT_GIVEN


class Transaction(Wire):
    """One booking on a card."""

    id: TextIdentifier | None = None
    type: Name | None = None
    campaign_id: TextIdentifier | None = None
    related_transaction_id: TextIdentifier | None = None
    details: Details | None = None
    created_at: Instant | None = None
    voucher_id: Ignored = NOT_GIVEN
    source_id: Ignored = NOT_GIVEN
    source: Ignored = NOT_GIVEN
    reason: Ignored = NOT_GIVEN
    object: Ignored = NOT_GIVEN


_NOTHING = Transaction()


class Booking:
    """One booking, from whichever activity reports it: what its transaction says goes before the activity's own word.

    So all activities that report one transaction state one fact. `name` is empty where there is no transaction, and
    `at` is then the activity's time, as it is where the transaction has none.
    """

    __slots__ = ("at", "balance", "campaign_id", "kind", "name", "related_id", "transaction_id")

    def __init__(self, transaction: Transaction | None, balance: Balance | None, header: Header) -> None:
        """Take what is there."""
        told = transaction or _NOTHING
        self.transaction_id = text_identifier(told.id)
        self.name = f"transaction|{self.transaction_id}|" if self.transaction_id is not None else ""
        at = instant(told.created_at)
        self.at = header.created_at if at is None else at
        self.kind = (given_word(told.type) or "").upper()
        self.campaign_id = text_identifier(told.campaign_id)
        self.related_id = text_identifier(told.related_transaction_id)
        own = told.details.balance if told.details is not None else None
        self.balance = own if own is not None else balance

    def points(self) -> Decimal:
        """Return the points moved, below zero for points taken; raise Problem where they are not said."""
        return _given(NULL if self.balance is None else self.balance.points, "points")

    def credits(self) -> Decimal:
        """Return the gift credits moved in minor units, likewise."""
        return _given(NULL if self.balance is None else self.balance.amount, "amount")

    def totals(self) -> VendorTotals | None:
        """Return what the card holds after it, active and ever; None where neither is said."""
        if self.balance is None:
            return None
        totals = VendorTotals(given_number(self.balance.balance), given_number(self.balance.total))
        return None if totals == VendorTotals() else totals


def _given(raw: Number, field: str) -> Decimal:
    number = given_number(raw)
    if number is None:
        raise Problem(DeadLetterReason.MISSING_FIELD, f"balance.{field} is missing")
    return number
