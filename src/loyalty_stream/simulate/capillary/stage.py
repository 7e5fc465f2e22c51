"""What every maker of events works with: chance, time, the right answer, and the vendor's ids."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from loyalty_stream.model.keys import entity_key
from loyalty_stream.simulate.account import CURRENCY, Move, Totals
from loyalty_stream.simulate.agenda import Agenda
from loyalty_stream.simulate.answer import Answer
from loyalty_stream.simulate.capillary.customers import Customer
from loyalty_stream.simulate.capillary.history import History
from loyalty_stream.simulate.capillary.population import Population
from loyalty_stream.simulate.capillary.world import Json
from loyalty_stream.simulate.clock import Clock
from loyalty_stream.simulate.draw import Draw, day
from loyalty_stream.simulate.options import SimulationOptions

Envelope = Literal["wrapped", "flat", "captured"]  # A, B and C of the vendor's documentation

FRESH: Final = "fresh"  # an event id of its own
_DELIVERY_LAG_MS_MAX: Final = 400


@dataclass(slots=True)
class VendorEvent:
    """One event as the vendor means it, before it is wrapped, spelled and delivered."""

    name: str
    customer: Customer
    data: Json
    created_at: int
    natural: Envelope
    event_id: str | None
    api_request_id: str
    loyalty_event_id: str | None
    ref_id: str
    spelled: str = ""  # the name in the casing that this event was sent with
    concerns_others: bool = False
    clocks: tuple[Clock, ...] = ()  # of all that the event is about
    org_id: int = 0  # as the event states it
    beside: Json = field(default_factory=dict)  # fields that stand beside `data`
    subject: str = ""  # what it is about, where that is not the customer: `reward/55881`
    is_ignored: bool = False  # the customer was erased before
    keeps_time: bool = False  # the vendor's time of it is never spoilt
    repeats: Literal["any", "exact", "never"] = "any"  # how it may come again

    def put_off(self, created_at: int) -> None:
        """Let the event be no earlier than a time."""
        self.created_at = max(self.created_at, created_at)
        for clock in self.clocks:
            clock.last_ms = self.created_at


class Stage:
    """Hold the state of one simulation."""

    def __init__(self, options: SimulationOptions, answer: Answer | None = None) -> None:
        """Start at the fixed time with nobody and nothing known; add to `answer` where one is given."""
        self.options = options
        self.draw = Draw(options.seed, options.fractional_share)
        self.answer = Answer() if answer is None else answer
        self.population = Population(options, self.draw)
        self.agenda: Agenda[VendorEvent] = Agenda()
        self.now_ms = options.start_ms
        self.number = 0  # of the record that is made
        self.history = History(org.id for org in self.population.orgs)

    def advance(self) -> None:
        """Let time pass until the next record, strictly forward."""
        self.number += 1
        self.now_ms += self.draw.between(1, 2 * self.options.interval_ms - 1)

    def day(self, days: int) -> str:
        """Return the date so many days from now."""
        return day(self.now_ms, days)

    def key(self, org_id: int, entity_id: str) -> str:
        """Return the entity key of what is no customer: a reward, a card, a request."""
        return entity_key(self.options.dialect, str(org_id), entity_id)

    def book(
        self,
        customer: Customer,
        program_id: int,
        move: Move,
        *,
        carries: Literal["both", "current", "none"],
        currency: str = CURRENCY,
    ) -> Totals:
        """Book a move with the vendor and in the answer; return the vendor's totals that the event carries."""
        if currency == CURRENCY:
            theirs = customer.accounts[program_id]
        else:
            theirs = self.population.currency_account(customer, program_id, currency)
        ours = self.answer.account(customer.key, program_id, currency)
        theirs.book(move)
        totals = Totals()
        if carries != "none":
            totals = theirs.totals(ours, self.draw, with_lifetime=carries == "both")
        ours.book(move, totals)
        return totals

    def event(
        self,
        customer: Customer,
        name: str,
        data: Json,
        natural: Envelope,
        *,
        event_id: str | None = FRESH,
        clocks: tuple[Clock, ...] = (),
    ) -> VendorEvent:
        """Return an event with ids of its own; `event_id` None leaves that one out, as the vendor does for some.

        It is later than whatever happened before to the customer, and to all else that has one of the `clocks`.
        """
        draw = self.draw
        created_at = max(self.now_ms - draw.between(5, _DELIVERY_LAG_MS_MAX), customer.clock.last_ms + 1)
        for clock in clocks:
            created_at = max(created_at, clock.last_ms + 1)
        clocks = (customer.clock, *clocks)
        for clock in clocks:
            clock.last_ms = created_at
        request_id = draw.hex(32)
        loyalty_event_id = draw.hex(10) if natural == "wrapped" or event_id is None else None
        return VendorEvent(
            name=name,
            customer=customer,
            data=data,
            created_at=created_at,
            natural=natural,
            event_id=draw.uuid() if event_id == FRESH else event_id,
            api_request_id=request_id,
            loyalty_event_id=loyalty_event_id,
            ref_id=f"{customer.org.id}_{loyalty_event_id or request_id}",
            spelled=name,
            clocks=clocks,
            org_id=customer.org.id,
        )


Maker = Callable[[Stage, Customer], VendorEvent | None]
"""Makes one event of a customer and books it, or returns None where nothing of the kind can happen to them now."""


def entity(customer: Customer) -> Json:
    """Return whom the vendor names as the entity of an event."""
    return {"entityType": "USER", "entityId": customer.id}


def activity(stage: Stage, name: str, *identifiers: tuple[str, str]) -> Json:
    """Return what triggered an event."""
    store = stage.draw.between(1, 40)
    return {
        "name": name,
        "identifiers": [{"key": key, "value": value} for key, value in identifiers],
        "enteredBy": {
            "id": 640_000 + store,
            "till": {"code": f"till.{store}.1", "name": f"till.{store}.1"},
            "store": {"code": f"store.{store}", "name": f"Store {store}", "externalId": f"S{store:04d}"},
        },
        "additionalAttributes": [],
    }


def totals_fields(totals: Totals) -> Json:
    """Return the vendor's totals as the fields of an event; what it does not carry is absent."""
    fields: Json = {}
    if totals.current is not None:
        fields["programCurrentPoints"] = totals.current
    if totals.lifetime is not None:
        fields["programLifetimePoints"] = totals.lifetime
    return fields
