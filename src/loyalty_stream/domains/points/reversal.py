"""Remembering what redemptions took, so that a reversal gives the same lots back."""

from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from loyalty_stream.domains.points.lots import Lots
from loyalty_stream.domains.points.state import Account, Redemption
from loyalty_stream.model.amounts import ZERO

REMEMBERED_REDEMPTIONS: Final = 16  # an account's newest ones; an older reversal opens a lot without expiry


def remember(account: Account, references: tuple[str, ...], taken: Lots) -> Account:
    """Return the account with one more redemption on record, where it can be named and took something."""
    if not references or not taken:
        return account
    kept = account.redemptions[-REMEMBERED_REDEMPTIONS + 1 :]
    return replace(account, redemptions=(*kept, Redemption(references, taken)))


def give_back(account: Account, references: tuple[str, ...], amount: Decimal) -> tuple[Lots, tuple[Redemption, ...]]:
    """Return the lots to reopen for a reversal of an amount, and the redemptions that can still be reversed.

    Those taken last come back first: what the vendor counts as expired meanwhile was the earliest to expire.
    """
    lots: list[Lots] = []
    redemptions: list[Redemption] = []
    for redemption in account.redemptions:
        if amount == ZERO or not set(references) & set(redemption.references):
            redemptions.append(redemption)
            continue
        back, left = _split(redemption.taken, amount)
        amount -= sum((lot.remaining for lot in back), ZERO)
        lots.append(back)
        if left:
            redemptions.append(Redemption(redemption.references, left))
    return tuple(lot for back in lots for lot in back), tuple(redemptions)


def _split(taken: Lots, amount: Decimal) -> tuple[Lots, Lots]:
    """Divide what was taken into the part that goes back, the last taken first, and the part that stays."""
    back: Lots = ()
    left: Lots = ()
    for lot in reversed(taken):
        part = min(lot.remaining, amount)
        amount -= part
        if part:
            back = (*back, replace(lot, remaining=part))
        if part != lot.remaining:
            left = (replace(lot, remaining=lot.remaining - part), *left)
    return back, left
