"""Booking one entry on one account: baseline, the entry itself, drift. The only place where balances change."""

from collections.abc import Callable
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from loyalty_stream.domains.points.derived import (
    BalanceChanged,
    BalanceDriftDetected,
    BalanceDriftResolved,
    BalanceReason,
    DriftField,
    LotChange,
)
from loyalty_stream.domains.points.events import VendorTotals
from loyalty_stream.domains.points.lots import Lots, credit, debit
from loyalty_stream.domains.points.state import Account, Lot
from loyalty_stream.model.amounts import ZERO, fits_balance
from loyalty_stream.model.events import DerivedBody

LotsBooking = Callable[[Lots], tuple[Lots, list[LotChange]]]


class BalanceOutOfRangeError(ArithmeticError):
    """Say that an account would leave the range that is held exactly; a reducer turns it into a rejection."""


class Entry(Struct, frozen=True, gc=False):
    """What one event does to one account."""

    reason: BalanceReason
    active: Decimal
    pending: Decimal
    lifetime: Decimal
    lots: LotsBooking
    totals: VendorTotals
    reference: str | None = None


def book(account: Account, entry: Entry) -> tuple[Account, list[DerivedBody]]:
    """Return the account after an entry, and what it causes.

    Raises BalanceOutOfRangeError where a balance would leave the range that is held exactly.
    """
    derived: list[DerivedBody] = []
    checks_active, checks_lifetime = account.active_baselined, account.lifetime_baselined
    account = _baseline(account, entry, derived)
    account = _post(account, entry, derived)
    totals = entry.totals
    if checks_active and totals.active is not None:
        account = _compare(account, "active", account.active, totals.active, derived)
    if checks_lifetime and totals.lifetime is not None:
        account = _compare(account, "lifetime", account.lifetime, totals.lifetime, derived)
    return account, derived


def _post(account: Account, entry: Entry, derived: list[DerivedBody]) -> Account:
    lots, changes = entry.lots(account.lots)
    active, pending = account.active + entry.active, account.pending + entry.pending
    lifetime = account.lifetime + entry.lifetime
    if not (fits_balance(active) and fits_balance(pending) and fits_balance(lifetime)):
        raise BalanceOutOfRangeError
    if changes or entry.active or entry.pending or entry.lifetime:
        derived.append(
            BalanceChanged(
                account.program_id,
                account.currency,
                entry.reason,
                entry.active,
                entry.pending,
                entry.lifetime,
                active,
                pending,
                lifetime,
                tuple(changes),
                entry.reference,
            )
        )
    return Account(
        account.program_id,
        account.currency,
        active,
        pending,
        lifetime,
        lots,
        account.redemptions,
        account.active_baselined,
        account.lifetime_baselined,
        account.active_drift,
        account.lifetime_drift,
    )


def _baseline(account: Account, entry: Entry, derived: list[DerivedBody]) -> Account:
    """Adopt the first vendor total of an account, each of the two by itself: what it held before this event."""
    totals = entry.totals
    adopts_active = totals.active is not None and not account.active_baselined
    adopts_lifetime = totals.lifetime is not None and not account.lifetime_baselined
    if not (adopts_active or adopts_lifetime):
        return account
    active = totals.active - account.active - entry.active if adopts_active and totals.active is not None else ZERO
    lifetime = (
        totals.lifetime - account.lifetime - entry.lifetime if adopts_lifetime and totals.lifetime is not None else ZERO
    )
    if active or lifetime:
        account = _post(account, Entry("baselined", active, ZERO, lifetime, _opening(active), totals), derived)
    return replace(
        account,
        active_baselined=account.active_baselined or adopts_active,
        lifetime_baselined=account.lifetime_baselined or adopts_lifetime,
    )


def _opening(amount: Decimal) -> LotsBooking:
    def book_opening(lots: Lots) -> tuple[Lots, list[LotChange]]:
        if amount > ZERO:
            return credit(lots, (Lot("baseline", "baseline", amount, None, 0, None),))
        rest, changes, _ = debit(lots, -amount, "consumed")
        return rest, changes

    return book_opening


def _compare(
    account: Account, field: DriftField, ours: Decimal, theirs: Decimal, derived: list[DerivedBody]
) -> Account:
    """Report a difference to the vendor's total once, and its end; ours is never overwritten."""
    difference = theirs - ours
    reported = account.active_drift if field == "active" else account.lifetime_drift
    if difference == reported:
        return account
    kind = BalanceDriftDetected if difference else BalanceDriftResolved
    derived.append(kind(account.program_id, account.currency, field, ours, theirs, difference))
    if field == "active":
        return replace(account, active_drift=difference)
    return replace(account, lifetime_drift=difference)
