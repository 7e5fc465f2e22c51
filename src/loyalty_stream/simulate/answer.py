"""The right answer: what tables and counters must hold after everything yielded so far.

The arithmetic is written from the rules, not from the reducers: an independent model, in some ten lines.
"""

from collections import Counter
from decimal import Decimal
from typing import Any, Final, Literal

from msgspec import Struct, field

ZERO: Final = Decimal(0)
CURRENCY: Final = "points"

CouponState = Literal["issued", "redeemed"]
StreakState = Literal["enrolled", "running", "ended", "unenrolled"]
PromotionState = Literal["issued", "earned", "revoked"]


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
    """One customer's points in one programme."""

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


class Coupon(Struct):
    """One coupon of one customer; redeemed as soon as it was used once."""

    state: CouponState = "issued"
    uses: int = 0


class Answer(Struct):
    """Hold the expected tables and counters. All ids in the keys are text, as in entity keys."""

    accounts: dict[tuple[str, str, str], Account] = field(default_factory=dict)  # entity key, programme, currency
    tiers: dict[tuple[str, str], int] = field(default_factory=dict)  # entity key, programme
    coupons: dict[tuple[str, str], Coupon] = field(default_factory=dict)  # entity key, coupon
    streaks: dict[tuple[str, str, str, str], StreakState] = field(default_factory=dict)  # key, group, period, name
    promotions: dict[tuple[str, Literal["issual", "earned"], str], PromotionState] = field(default_factory=dict)
    consumed: int = 0
    applied: int = 0
    duplicate: int = 0
    ignored: int = 0
    dead_lettered: int = 0
    dead_letters: Counter[str] = field(default_factory=Counter)  # by DeadLetterReason value
    applied_events: Counter[str] = field(default_factory=Counter)  # by event name

    def account(self, entity_key: str, program_id: int) -> Account:
        """Return the customer's account in a programme, opening it at zero."""
        return self.accounts.setdefault((entity_key, str(program_id), CURRENCY), Account())

    def count_applied(self, event_name: str) -> None:
        """Count a raw record all parts of which took effect."""
        self.consumed += 1
        self.applied += 1
        self.applied_events[event_name] += 1

    def count_duplicate(self) -> None:
        """Count a raw record that came before."""
        self.consumed += 1
        self.duplicate += 1

    def count_ignored(self) -> None:
        """Count a raw record that is well formed and has no effect."""
        self.consumed += 1
        self.ignored += 1

    def count_dead_letter(self, reason: str) -> None:
        """Count a raw record that cannot be used."""
        self.consumed += 1
        self.dead_lettered += 1
        self.dead_letters[reason] += 1

    def dump(self) -> dict[str, Any]:
        """Return everything ready for JSON: keys joined by `|`, decimals as plain text without trailing zeros."""
        return {
            "accounts": {
                "|".join(key): {
                    "active": amount_text(account.active),
                    "pending": amount_text(account.pending),
                    "lifetime": amount_text(account.lifetime),
                }
                for key, account in self.accounts.items()
            },
            "tiers": {"|".join(key): tier for key, tier in self.tiers.items()},
            "coupons": {"|".join(key): {"state": c.state, "uses": c.uses} for key, c in self.coupons.items()},
            "streaks": {"|".join(key): state for key, state in self.streaks.items()},
            "promotions": {"|".join(key): state for key, state in self.promotions.items()},
            "tally": {
                "consumed": self.consumed,
                "applied": self.applied,
                "duplicate": self.duplicate,
                "ignored": self.ignored,
                "dead_lettered": self.dead_lettered,
                "dead_letters": dict(sorted(self.dead_letters.items())),
                "applied_events": dict(sorted(self.applied_events.items())),
            },
        }


def amount_text(amount: Decimal) -> str:
    """Return an amount as plain text without trailing zeros: `60` for 60.0, `0.269` for 0.2690."""
    text = f"{amount:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
