"""Booking one entry on one account: baseline, the entry itself, drift. The only place where balances change."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from loyalty_stream.domains.points.derived import (
    BalanceChanged,
    BalanceDriftDetected,
    BalanceDriftResolved,
    BalanceReason,
    DriftField,
    LotChange,
    LotChangeKind,
)
from loyalty_stream.domains.points.events import NO_TOTALS, VendorTotals
from loyalty_stream.domains.points.lots import Lots, credit, debit, debit_first
from loyalty_stream.domains.points.state import Account, Lot, Settled
from loyalty_stream.model.amounts import ZERO, fits_balance, fits_merged_balance
from loyalty_stream.model.events import DerivedBody
from loyalty_stream.model.outcome import Rejected
from loyalty_stream.model.reasons import DeadLetterReason

LotsBooking = Callable[[Lots], tuple[Lots, list[LotChange]]]
BASELINE_ID: Final = "baseline"
_NOT_REFUSED: Final = frozenset({"merged_in", "merged_out", "baselined"})  # a merge cannot be, once it has begun
_DRIFT: Final[dict[DriftField, str]] = {
    "active": "active_drift",
    "pending": "pending_drift",
    "lifetime": "lifetime_drift",
}
OUT_OF_RANGE: Final = Rejected(
    DeadLetterReason.BALANCE_OUT_OF_RANGE, "a balance has at most 17 digits before the point"
)


class BalanceOutOfRangeError(ArithmeticError):
    """Say that an account would leave the range that is held exactly; a reducer turns it into a rejection."""


class Entry(Struct, frozen=True, gc=False):
    """What one event does to one account; `at` is the event's time."""

    reason: BalanceReason
    active: Decimal
    pending: Decimal
    lifetime: Decimal
    lots: LotsBooking
    totals: VendorTotals
    at: int
    reference: str | None = None


def book(account: Account, entry: Entry) -> tuple[Account, list[DerivedBody]]:
    """Return the account after an entry, and what it causes.

    Raises BalanceOutOfRangeError where a balance would leave the range that is held exactly.
    """
    derived: list[DerivedBody] = []
    settled = account.settled
    if settled is not None and covers(settled, entry.at):
        return include(account, entry, settled, entry.at, derived), derived
    checks_active, checks_lifetime = account.active_baselined, account.lifetime_baselined
    account = _baseline(account, entry, derived)
    account = post(account, entry, derived)
    totals = entry.totals
    if checks_active and totals.active is not None:
        account = compare(account, "active", totals.active, derived)
    if checks_lifetime and totals.lifetime is not None:
        account = compare(account, "lifetime", totals.lifetime, derived)
    return account, derived


def post(account: Account, entry: Entry, derived: list[DerivedBody]) -> Account:
    """Return the account after an entry alone, without a look at the vendor's totals; add the change to `derived`.

    Raises BalanceOutOfRangeError where a balance would leave the range that is held exactly.
    """
    lots, changes = entry.lots(account.lots)
    active, pending = account.active + entry.active, account.pending + entry.pending
    lifetime = account.lifetime + entry.lifetime
    fits = fits_merged_balance if entry.reason in _NOT_REFUSED else fits_balance
    if not (fits(active) and fits(pending) and fits(lifetime)):
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
        account.pending_drift,
        max(account.changed_at, entry.at),
        account.settled,
    )


def covers(settled: Settled, at: int) -> bool:
    """Return whether what the vendor booked at a time is in any of the adopted balances already."""
    return any(_covers(moment, at) for moment in (settled.active_at, settled.pending_at, settled.lifetime_at))


def _covers(settled_at: int | None, at: int) -> bool:
    return settled_at is not None and at <= settled_at


def include(account: Account, entry: Entry, settled: Settled, at: int, derived: list[DerivedBody]) -> Account:
    """Book what is in the adopted balances already, and take it out of what was adopted for want of knowing it.

    `at` is when the vendor booked it. Its own totals are older than those adopted, so they say nothing. Raises
    BalanceOutOfRangeError as `post` does.
    """
    account = post(account, entry, derived)
    active = -entry.active if _covers(settled.active_at, at) else ZERO
    pending = -entry.pending if _covers(settled.pending_at, at) else ZERO
    lifetime = -entry.lifetime if _covers(settled.lifetime_at, at) else ZERO
    if not (active or pending or lifetime):
        return account
    lots = opening(active) if active >= ZERO else _unopening(-active)
    return post(account, Entry("baselined", active, pending, lifetime, lots, NO_TOTALS, entry.at), derived)


def _unopening(amount: Decimal) -> LotsBooking:
    """Return the booking of an amount that came to be known: it was in the lot of what was not known, if any."""
    return lambda lots: debit_first(lots, amount, lambda lot: lot.lot_id == BASELINE_ID)


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
        account = post(account, Entry("baselined", active, ZERO, lifetime, opening(active), totals, entry.at), derived)
    return replace(
        account,
        active_baselined=account.active_baselined or adopts_active,
        lifetime_baselined=account.lifetime_baselined or adopts_lifetime,
    )


def opening(amount: Decimal) -> LotsBooking:
    """Return the booking of a difference to the vendor's total: points from before our time, or that were not there."""

    def book_opening(lots: Lots) -> tuple[Lots, list[LotChange]]:
        if not amount:
            return lots, []
        if amount > ZERO:
            change: LotChangeKind = "reopened" if any(lot.lot_id == BASELINE_ID for lot in lots) else "opened"
            return credit(lots, (Lot(BASELINE_ID, "baseline", amount, None, 0, None),), change)
        rest, changes, _ = debit(lots, -amount, "consumed")
        return rest, changes

    return book_opening


def compare(account: Account, field: DriftField, theirs: Decimal, derived: list[DerivedBody]) -> Account:
    """Report a difference to the vendor's total once, and its end; ours is never overwritten."""
    ours: Decimal = getattr(account, field)
    difference = theirs - ours
    if difference == getattr(account, _DRIFT[field]):
        return account
    kind = BalanceDriftDetected if difference else BalanceDriftResolved
    derived.append(kind(account.program_id, account.currency, field, ours, theirs, difference))
    return replace(account, **{_DRIFT[field]: difference})
