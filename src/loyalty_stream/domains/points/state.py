"""What is kept of a customer's points: accounts, each with its lots."""

from datetime import date
from decimal import Decimal

from msgspec import Struct

from loyalty_stream.domains.points.events import LotKind
from loyalty_stream.model.amounts import ZERO


class Lot(Struct, frozen=True, array_like=True, gc=False):
    """Points that were earned together and expire together.

    `awarded_at` is in milliseconds since the epoch. A customer who owes points has one lot of the kind `overdraft`,
    whose `remaining` is negative, and no other: so the lots' sum is always the active balance.
    """

    lot_id: str
    kind: LotKind
    remaining: Decimal
    expires_on: date | None
    awarded_at: int
    reference: str | None


class Redemption(Struct, frozen=True, array_like=True, gc=False):
    """What a redemption took from which lots, in the order of taking, as far as it has not been given back."""

    references: tuple[str, ...]
    taken: tuple[Lot, ...]  # `remaining` is the amount that was taken


class Account(Struct, frozen=True, array_like=True, gc=False):
    """One customer's points in one programme and currency.

    `lots` stand in the order of spending. `active_baselined` and `lifetime_baselined` tell whether a vendor total was
    adopted; `active_drift` and `lifetime_drift` are the last reported differences to the vendor's totals.
    """

    program_id: str
    currency: str
    active: Decimal = ZERO
    pending: Decimal = ZERO
    lifetime: Decimal = ZERO
    lots: tuple[Lot, ...] = ()
    redemptions: tuple[Redemption, ...] = ()
    active_baselined: bool = False
    lifetime_baselined: bool = False
    active_drift: Decimal = ZERO
    lifetime_drift: Decimal = ZERO


class PointsState(Struct, frozen=True, array_like=True, gc=False):
    """All accounts of one customer, by `account_id`."""

    accounts: dict[str, Account]


def account_id(program_id: str, currency: str) -> str:
    """Return the key of an account among a customer's accounts."""
    return f"{program_id}|{currency}"
