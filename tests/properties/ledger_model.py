"""What a vendor's books say, written from the rules of the design and from nothing else.

The vendor books everything at once and in order: this is what our ledger must come to, however late, doubled or out of
step the vendor's records reach it.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

ZERO = Decimal(0)
PROGRAMS = ("41", "42")


@dataclass
class Held:
    """What one customer holds in one programme."""

    active: Decimal = ZERO
    pending: Decimal = ZERO
    lifetime: Decimal = ZERO

    def add(self, other: "Held") -> None:
        self.active += other.active
        self.pending += other.pending
        self.lifetime += other.lifetime

    @property
    def numbers(self) -> tuple[Decimal, Decimal, Decimal]:
        return self.active, self.pending, self.lifetime


class Effect(NamedTuple):
    """What one record does to the active points of a programme, and why."""

    program: str
    reason: str
    active: Decimal


Part = tuple[str, Decimal]
"""A programme and an amount."""


class Books:
    """All customers of one organisation, as their vendor has them."""

    def __init__(self) -> None:
        self.held: dict[str, dict[str, Held]] = defaultdict(lambda: defaultdict(Held))
        self.merged_into: dict[str, str] = {}
        self.erased: set[str] = set()
        self.kept: dict[str, Held] = defaultdict(Held)

    def now(self, customer: str) -> str:
        """Return who a customer is, after all merges."""
        while customer in self.merged_into:
            customer = self.merged_into[customer]
        return customer

    def family(self, customer: str) -> list[str]:
        """Return a customer after all who were merged into this one, however many merges ago."""
        victims = [victim for victim, survivor in self.merged_into.items() if survivor == customer]
        return [*(member for victim in victims for member in self.family(victim)), customer]

    def issue(self, customer: str, program: str, active: Decimal, promised: Decimal) -> list[Effect]:
        held = self.held[customer][program]
        held.active += active
        held.lifetime += active
        held.pending += promised
        return [Effect(program, "issued", active)]

    def convert(self, customer: str, program: str, amount: Decimal) -> list[Effect]:
        held = self.held[customer][program]
        held.active += amount
        held.lifetime += amount
        held.pending = max(ZERO, held.pending - amount)
        return [Effect(program, "converted", amount)]

    def reverse_issue(self, customer: str, program: str, active: Decimal, promised: Decimal) -> list[Effect]:
        held = self.held[customer][program]
        held.active -= active
        held.lifetime -= active
        held.pending = max(ZERO, held.pending - promised)
        return [Effect(program, "issue_reversed", -active)]

    def take(self, customer: str, parts: list[Part], reason: str) -> list[Effect]:
        """Take points, be they there or not."""
        for program, amount in parts:
            self.held[customer][program].active -= amount
        return [Effect(program, reason, -amount) for program, amount in parts]

    def give(self, customer: str, parts: list[Part], reason: str) -> list[Effect]:
        """Give points that were issued before."""
        for program, amount in parts:
            self.held[customer][program].active += amount
        return [Effect(program, reason, amount) for program, amount in parts]

    def merge(self, survivor: str, victim: str) -> None:
        for program, held in self.held.pop(victim, {}).items():
            self.held[survivor][program].add(held)
        self.merged_into[victim] = survivor

    def erase(self, customer: str) -> None:
        for program, held in self.held.pop(customer, {}).items():
            self.kept[program].add(held)
        self.erased.add(customer)

    def accounts(self) -> dict[tuple[str, str], tuple[Decimal, Decimal, Decimal]]:
        """Return what customers hold, by customer and programme, where it is anything at all."""
        return {
            (customer, program): held.numbers
            for customer, programs in self.held.items()
            for program, held in programs.items()
            if any(held.numbers)
        }


class Transfers:
    """Which legs of which transfers reached a customer who is there."""

    def __init__(self) -> None:
        self.legs: dict[str, dict[str, Decimal]] = defaultdict(dict)

    def reached(self, transfer: str, direction: str, amount: Decimal) -> None:
        self.legs[transfer][direction] = amount

    def open(self) -> dict[str, tuple[str, Decimal]]:
        """Return the direction and the amount of each leg whose other one never came."""
        return {name: next(iter(legs.items())) for name, legs in self.legs.items() if len(legs) == 1}

    def settled(self) -> set[str]:
        return {name for name, legs in self.legs.items() if len(legs) == 2}


def regular_of(stated: Decimal | None, breakup: list[Decimal], other: bool, total: Decimal) -> Decimal:  # noqa: FBT001
    """Return the regular points of an issue: what is stated or broken up, whichever is more, else the total.

    `other` says that the issue has promotional or promised points.
    """
    if stated is None and not breakup and not other:
        return total
    return max(stated or ZERO, sum(breakup, ZERO))
