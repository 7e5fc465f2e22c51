"""Lots: how they are opened, spent, given back and moved. Each function returns new lots and what changed.

The order of spending is earliest expiry first, without expiry last, older first (DESIGN, "Points, to the letter").
"""

from bisect import insort
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from loyalty_stream.domains.points.derived import LotChange, LotChangeKind
from loyalty_stream.domains.points.events import ExpiryMove
from loyalty_stream.domains.points.state import Lot
from loyalty_stream.model.amounts import ZERO

OVERDRAFT_ID: Final = "overdraft"
Lots = tuple[Lot, ...]
Changes = list[LotChange]


def spending_order(lot: Lot) -> tuple[date, int, str]:
    """Return the sort key of the order in which lots are spent."""
    return (lot.expires_on or date.max, lot.awarded_at, lot.lot_id)


def credit(lots: Lots, new: Lots, change: LotChangeKind = "opened") -> tuple[Lots, Changes]:
    """Add lots; one that is reopened may be there in part and grows. A debt is settled from them at once."""
    changes: Changes = []
    debt = lots[0] if lots and lots[0].lot_id == OVERDRAFT_ID else None
    held = [] if debt else list(lots)
    for lot in new:
        grown = lot if change == "opened" else _joined(held, lot)
        insort(held, grown, key=spending_order)
        changes.append(_change(grown, change, lot.remaining))
    if debt is None:
        return tuple(held), changes
    owed = -debt.remaining
    paid = min(owed, sum((lot.remaining for lot in held), ZERO))
    rest, spent, _ = debit(tuple(held), paid, "consumed")
    left = replace(debt, remaining=paid - owed)
    changes += [*spent, _change(left, "reopened", paid)]
    return (rest if left.remaining == ZERO else (left,)), changes


def debit(lots: Lots, amount: Decimal, change: LotChangeKind) -> tuple[Lots, Changes, Lots]:
    """Take an amount from the lots in spending order; return the lots left, the changes, and what was taken.

    What the lots do not cover is booked as an overdraft, and so is that part of what was taken: the vendor has it.
    """
    changes: Changes = []
    taken: list[Lot] = []
    at = 0
    kept: list[Lot] = []
    for lot in lots:
        if amount == ZERO or lot.lot_id == OVERDRAFT_ID:
            break
        part = min(lot.remaining, amount)
        amount -= part
        left = replace(lot, remaining=lot.remaining - part)
        taken.append(replace(lot, remaining=part))
        changes.append(_change(left, change, part))
        if left.remaining:
            kept.append(left)
        at += 1
    rest = (*kept, *lots[at:])
    if amount:
        owing = rest[0].remaining if rest else ZERO
        debt = Lot(OVERDRAFT_ID, "overdraft", owing - amount, None, 0, None)
        changes.append(_change(debt, change, amount))
        taken.append(replace(debt, remaining=amount))
        rest = (debt,)
    return rest, changes, tuple(taken)


def debit_reference(lots: Lots, amount: Decimal, reference: str | None) -> tuple[Lots, Changes]:
    """Take an amount from the lots of one bill first, then from the others in spending order."""
    return debit_first(lots, amount, lambda lot: reference is not None and lot.reference == reference)


def debit_first(lots: Lots, amount: Decimal, is_first: Callable[[Lot], bool]) -> tuple[Lots, Changes]:
    """Take an amount from some lots first, then from the others, each in spending order."""
    own = tuple(lot for lot in lots if is_first(lot))
    if not own:
        rest, changes, _ = debit(lots, amount, "consumed")
        return rest, changes
    others = tuple(lot for lot in lots if not is_first(lot))
    from_own = min(amount, sum((lot.remaining for lot in own), ZERO))
    own_rest, own_changes, _ = debit(own, from_own, "consumed")
    rest, changes, _ = debit(tuple(sorted((*own_rest, *others), key=spending_order)), amount - from_own, "consumed")
    return rest, own_changes + changes


def move_expiry(lots: Lots, move: ExpiryMove, new_id: str) -> tuple[Lots, Changes]:
    """Give matching lots another expiry, splitting the last one where less than it holds is moved.

    Lots match by kind and old expiry; what finds no lot changes nothing (no total is affected by an expiry). A split
    is told as two changes: what is left of the old lot, and the lot that is opened beside it.
    """
    amount = move.amount
    changes: Changes = []
    result: list[Lot] = []
    for lot in lots:
        matches = lot.expires_on == move.old_expires_on and move.kind in {None, lot.kind}
        if amount == ZERO or not matches or lot.lot_id == OVERDRAFT_ID:
            result.append(lot)
            continue
        part = min(lot.remaining, amount)
        amount -= part
        if part == lot.remaining:
            moved = replace(lot, expires_on=move.new_expires_on)
        else:
            left = replace(lot, remaining=lot.remaining - part)
            result.append(left)
            changes.append(_change(left, "expiry_moved", part))
            moved = replace(lot, lot_id=new_id, remaining=part, expires_on=move.new_expires_on)
        result.append(moved)
        changes.append(_change(moved, "expiry_moved" if moved.lot_id == lot.lot_id else "opened", part))
    result.sort(key=spending_order)
    return tuple(result), changes


def expiring(lots: Lots, expires_on: date) -> Decimal:
    """Return what is left in the lots that expire on a date."""
    return sum((lot.remaining for lot in lots if lot.expires_on == expires_on), ZERO)


def _joined(held: list[Lot], lot: Lot) -> Lot:
    """Return a lot with what is held of it, which is taken out of the held ones."""
    for place, other in enumerate(held):
        if other.lot_id == lot.lot_id:
            del held[place]
            return replace(other, remaining=other.remaining + lot.remaining)
    return lot


def _change(lot: Lot, change: LotChangeKind, amount: Decimal) -> LotChange:
    return LotChange(lot.lot_id, change, amount, lot.remaining, lot.expires_on)
