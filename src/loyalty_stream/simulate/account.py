"""One customer's balances in one programme and currency, and what an event does to them.

The arithmetic is written from the rules, not from the reducers: an independent model, in some ten lines.
"""

from decimal import Decimal
from typing import Final

from msgspec import Struct

ZERO: Final = Decimal(0)
CURRENCY: Final = "points"


class Move(Struct, frozen=True):
    """What one event does to one account."""

    active: Decimal = ZERO
    pending: Decimal = ZERO
    lifetime: Decimal = ZERO


class Totals(Struct, frozen=True):
    """The vendor's own totals as one event carries them; None where it does not."""

    current: Decimal | None = None
    lifetime: Decimal | None = None


class Account(Struct):
    """One customer's points, or units of another currency, in one programme."""

    active: Decimal = ZERO
    pending: Decimal = ZERO
    lifetime: Decimal = ZERO
    active_baselined: bool = False
    lifetime_baselined: bool = False

    def book(self, move: Move, totals: Totals) -> None:
        """Apply a move; then adopt each total of the vendor's that is the first of its kind."""
        self.active += move.active
        self.pending = max(ZERO, self.pending + move.pending)
        self.lifetime += move.lifetime
        if totals.current is not None and not self.active_baselined:
            self.active, self.active_baselined = totals.current, True
        if totals.lifetime is not None and not self.lifetime_baselined:
            self.lifetime, self.lifetime_baselined = totals.lifetime, True

    def join(self, other: "Account") -> None:
        """Add another account's balances; a total was adopted only where one was for both."""
        self.active += other.active
        self.pending += other.pending
        self.lifetime += other.lifetime
        self.active_baselined = self.active_baselined and other.active_baselined
        self.lifetime_baselined = self.lifetime_baselined and other.lifetime_baselined

    def adopt(self, active: Decimal, pending: Decimal, lifetime: Decimal) -> None:
        """Take over what a merge's summary says, whatever stood here before."""
        self.active, self.pending, self.lifetime = active, pending, lifetime
        self.active_baselined = self.lifetime_baselined = True


def amount_text(amount: Decimal) -> str:
    """Return an amount as plain text without trailing zeros: `60` for 60.0, `0.269` for 0.2690."""
    text = f"{amount:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
