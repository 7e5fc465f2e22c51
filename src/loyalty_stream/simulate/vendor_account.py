"""A vendor's own balances, history from before our stream included, and the totals that its events carry."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from loyalty_stream.simulate.account import ZERO, Account, Move, Totals
from loyalty_stream.simulate.draw import Draw

DRIFT_FIRST_EVENT: Final = 6  # of an account: a drift lasts from here
DRIFT_LAST_EVENT: Final = 14  # to here, then closes
_TOTAL_LEFT_OUT_SHARE: Final = 0.04


@dataclass(slots=True)
class VendorAccount:
    """The vendor's own balances in one account."""

    active: Decimal = ZERO
    pending: Decimal = ZERO
    lifetime: Decimal = ZERO
    events: int = 0
    drift: Decimal = ZERO  # what its current total is wrong by, for a while
    drift_lifetime: Decimal = ZERO
    opened: bool = False  # with a history from before our stream
    silent: bool = False  # its events never carry totals

    def book(self, move: Move) -> None:
        """Apply a move to the vendor's balances."""
        self.active += move.active
        self.pending = max(ZERO, self.pending + move.pending)
        self.lifetime += move.lifetime
        self.events += 1

    def totals(self, ours: Account, draw: Draw, *, with_lifetime: bool) -> Totals:
        """Return the totals that an event carries: each is left out now and then, and wherever it is negative."""
        if self.silent:
            return Totals()
        drifting = DRIFT_FIRST_EVENT <= self.events <= DRIFT_LAST_EVENT
        current: Decimal | None = self.active + (self.drift if drifting and ours.active_baselined else ZERO)
        if current is None or current < ZERO or draw.chance(_TOTAL_LEFT_OUT_SHARE):
            current = None
        if not with_lifetime:
            return Totals(current)
        lifetime: Decimal | None = self.lifetime
        if drifting and ours.lifetime_baselined:
            lifetime = self.lifetime + self.drift_lifetime
        if lifetime is None or lifetime < ZERO or draw.chance(_TOTAL_LEFT_OUT_SHARE):
            lifetime = None
        return Totals(current, lifetime)

    def join(self, other: "VendorAccount") -> None:
        """Add a merged customer's balances."""
        self.active += other.active
        self.pending += other.pending
        self.lifetime += other.lifetime
        self.events += other.events
