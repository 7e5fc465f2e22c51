"""What every maker of activities works with: chance, time, the right answer, and the vendor's ids."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal, TypeVar

from loyalty_stream.model.keys import entity_key
from loyalty_stream.simulate.account import Move, Totals
from loyalty_stream.simulate.agenda import Agenda
from loyalty_stream.simulate.answer import Answer, Coupon
from loyalty_stream.simulate.draw import Draw
from loyalty_stream.simulate.options import SimulationOptions
from loyalty_stream.simulate.voucherify.customers import Card, Customer, Voucher
from loyalty_stream.simulate.voucherify.population import Population
from loyalty_stream.simulate.voucherify.world import Json, Project

Carries = Literal["both", "current", "none"]
Effect = Literal["applied", "duplicate", "ignored", "conflict"]

K = TypeVar("K", bound=tuple[str, ...])

GIFT: Final = "gift"
_DELIVERY_LAG_MS_MAX: Final = 400
_TOLD_AFTER_MS_MAX: Final = 250


@dataclass(slots=True)
class Activity:
    """One activity as the vendor means it, before it is wrapped, spelled and delivered.

    `effect` is what must become of its record. Of a campaign object `data` is the whole record.
    """

    name: str
    project: Project
    customer: Customer | None
    key: str  # of the entity that it is about
    data: Json
    id: str
    created_at: int
    spelled: str
    effect: Effect = "applied"
    may_lose_time: bool = False  # nothing that the answer says hangs on its time
    repeats: bool = True
    is_document: bool = False


class Stage:
    """Hold the state of one simulation."""

    def __init__(self, options: SimulationOptions, answer: Answer | None = None) -> None:
        """Start at the fixed time with nobody and nothing known; add to `answer` where one is given."""
        self.options = options
        self.draw = Draw(options.seed, fractional_share=0)  # points are whole numbers
        self.answer = Answer() if answer is None else answer
        self.population = Population(options, self.draw)
        self.agenda: Agenda[Activity] = Agenda()
        self.now_ms = options.start_ms
        self.number = 0  # of the record that is made

    def advance(self) -> None:
        """Let time pass until the next record, strictly forward."""
        self.number += 1
        self.now_ms += self.draw.between(1, 2 * self.options.interval_ms - 1)

    def soon(self, records_max: int, make: Callable[[], Activity | None]) -> None:
        """Let something happen within so many records."""
        self.agenda.add(self.number + self.draw.between(1, records_max), make)

    def key(self, project: Project, entity_id: str) -> str:
        """Return the entity key of what is no customer."""
        return entity_key(self.options.dialect, str(project.id), entity_id)

    def time(self, customer: Customer) -> int:
        """Return the vendor's time of what happens to a customer now: later than all that happened before."""
        at_ms = max(self.now_ms - self.draw.between(5, _DELIVERY_LAG_MS_MAX), customer.clock.last_ms + 1)
        customer.clock.last_ms = at_ms
        return at_ms

    def told(self, at_ms: int) -> int:
        """Return the time of an activity that tells of something booked before."""
        return max(at_ms, min(self.now_ms, at_ms + self.draw.between(0, _TOLD_AFTER_MS_MAX)))

    def book(self, customer: Customer, card: Card, move: Move, carries: Carries) -> Totals:
        """Book a move of points with the vendor and in the answer; return the vendor's totals that are told with it."""
        ours = self.answer.account(customer.key, card.voucher.program_id)
        card.account.book(move)
        totals = Totals()
        if carries != "none":
            totals = card.account.totals(ours, self.draw, with_lifetime=carries == "both")
        ours.book(move, totals)
        return totals

    def book_credits(self, customer: Customer, voucher: Voucher, credits_: int, *, are_new: bool) -> None:
        """Book credits of a gift card in the answer, below zero for those spent; the vendor's own are the card's."""
        lifetime = Decimal(credits_ if are_new else 0)
        move = Move(active=Decimal(credits_), lifetime=lifetime)
        self.answer.account(customer.key, voucher.program_id, GIFT).book(move, Totals())

    def coupon(self, customer: Customer, voucher: Voucher) -> Coupon:
        """Return the answer's coupon, or gift card, and open it where it is not there."""
        key = (customer.key, voucher.id)
        coupon = self.answer.coupons.get(key)
        if coupon is None:
            coupon = Coupon()
            self.answer.state(self.answer.coupons, key, coupon)
        return coupon

    def count(self, table: dict[K, int], key: K) -> None:
        """Count one more of something in a table of the answer."""
        self.answer.state(table, key, table.get(key, 0) + 1)

    def activity(self, customer: Customer, name: str, data: Json, created_at: int) -> Activity:
        """Return an activity with an id of its own."""
        return Activity(
            name=name,
            project=customer.project,
            customer=customer,
            key=customer.key,
            data=data,
            id=f"event_{self.draw.hex(24)}",
            created_at=created_at,
            spelled=name,
        )


Maker = Callable[[Stage, Customer], Activity | None]
"""Makes one activity of a customer and books it, or returns None where nothing of the kind can happen to them now."""
