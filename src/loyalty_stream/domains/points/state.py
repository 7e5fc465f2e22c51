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


class Settled(Struct, frozen=True, array_like=True, gc=False):
    """The vendor's time of the latest merge whose summary gave each of an account's balances; None where none did.

    What the vendor booked before that time is in that balance, however late its event comes.
    """

    active_at: int | None
    pending_at: int | None
    lifetime_at: int | None

    def united(self, other: "Settled | None") -> "Settled":
        """Return the later time of both for each balance."""
        if other is None:
            return self
        return Settled(
            _later(self.active_at, other.active_at),
            _later(self.pending_at, other.pending_at),
            _later(self.lifetime_at, other.lifetime_at),
        )


def _later(one: int | None, other: int | None) -> int | None:
    return max(one, other) if one is not None and other is not None else one if other is None else other


class Account(Struct, frozen=True, array_like=True, gc=False):
    """One customer's points in one programme and currency.

    `lots` stand in the order of spending. `active_baselined` and `lifetime_baselined` tell whether a vendor total was
    adopted; `active_drift`, `lifetime_drift` and `pending_drift` are the last reported differences to the vendor's
    totals. `changed_at` is the vendor's time of the latest event that was booked.
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
    pending_drift: Decimal = ZERO
    changed_at: int = 0
    settled: Settled | None = None


class PointsState(Struct, frozen=True, array_like=True, gc=False):
    """All accounts of one customer, by `account_id`."""

    accounts: dict[str, Account]

    def account(self, program_id: str, currency: str) -> Account:
        """Return an account, empty where it is not there yet."""
        return self.accounts.get(account_id(program_id, currency)) or Account(program_id, currency)

    def with_account(self, account: Account) -> "PointsState":
        """Return a new state in which one account is replaced."""
        return PointsState({**self.accounts, account_id(account.program_id, account.currency): account})


def account_id(program_id: str, currency: str) -> str:
    """Return the key of an account among a customer's accounts."""
    return f"{program_id}|{currency}"
