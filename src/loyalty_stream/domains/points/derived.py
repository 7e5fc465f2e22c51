"""What the points domain publishes."""

from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from loyalty_stream.model.events import DerivedBody

BalanceReason = Literal[
    "issued",
    "converted",
    "redeemed",
    "expired",
    "transferred_out",
    "transferred_in",
    "issue_reversed",
    "redemption_reversed",
    "merged_out",
    "merged_in",
    "baselined",
    "adjusted",
]
LotChangeKind = Literal["opened", "consumed", "reopened", "expired", "expiry_moved"]
DriftField = Literal["active", "pending", "lifetime"]


class LotChange(Struct, frozen=True, gc=False):
    """What happened to one lot; `remaining` is what it holds afterwards."""

    lot_id: str
    change: LotChangeKind
    amount: Decimal
    remaining: Decimal
    expires_on: date | None


class BalanceChanged(DerivedBody, frozen=True, gc=False):
    """An account changed; `active`, `pending` and `lifetime` are the balances afterwards."""

    program_id: str
    currency: str
    reason: BalanceReason
    delta_active: Decimal
    delta_pending: Decimal
    delta_lifetime: Decimal
    active: Decimal
    pending: Decimal
    lifetime: Decimal
    lots: tuple[LotChange, ...]
    reference: str | None


class BalanceDriftDetected(DerivedBody, frozen=True, gc=False):
    """The vendor's total differs from ours, by another amount than before; `difference` is theirs less ours."""

    program_id: str
    currency: str
    field: DriftField
    ours: Decimal
    theirs: Decimal
    difference: Decimal


class BalanceDriftResolved(DerivedBody, frozen=True, gc=False):
    """The vendor's total agrees with ours again."""

    program_id: str
    currency: str
    field: DriftField
    ours: Decimal
    theirs: Decimal
    difference: Decimal


class PointsExpiringSoon(DerivedBody, frozen=True, gc=False):
    """Points will run out on a date, as the vendor announces or as our lots say."""

    program_id: str
    currency: str
    amount: Decimal
    expires_on: date | None
    basis: Literal["vendor", "lots"]


class PointsTransferSettled(DerivedBody, frozen=True, gc=False):
    """Both legs of a transfer are booked; each of its two customers is told."""

    transfer_id: str
    from_customer_id: str
    to_customer_id: str
    amount: Decimal


class PointsTransferUnmatched(DerivedBody, frozen=True, gc=False):
    """A leg of a transfer waits for the other for more than a day, or the amounts of the two differ by `amount`."""

    transfer_id: str
    from_customer_id: str | None
    to_customer_id: str | None
    amount: Decimal
