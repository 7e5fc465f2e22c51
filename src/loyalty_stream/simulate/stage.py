"""What every maker of events works with: chance, time, the right answer, and the vendor's ids."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from loyalty_stream.simulate.answer import Answer, Move, Totals
from loyalty_stream.simulate.customers import Customer, Population
from loyalty_stream.simulate.draw import Draw, day
from loyalty_stream.simulate.options import SimulationOptions
from loyalty_stream.simulate.world import Json

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


class Stage:
    """Hold the state of one simulation."""

    def __init__(self, options: SimulationOptions) -> None:
        """Start at the fixed time with nobody and nothing known."""
        self.options = options
        self.draw = Draw(options.seed, options.fractional_share)
        self.answer = Answer()
        self.population = Population(options, self.draw)
        self.now_ms = options.start_ms

    def advance(self) -> None:
        """Let time pass until the next record, strictly forward."""
        self.now_ms += self.draw.between(1, 2 * self.options.interval_ms - 1)

    def day(self, days: int) -> str:
        """Return the date so many days from now."""
        return day(self.now_ms, days)

    def book(
        self, customer: Customer, program_id: int, move: Move, *, carries: Literal["both", "current", "none"]
    ) -> Totals:
        """Book a move with the vendor and in the answer; return the vendor's totals that the event carries."""
        theirs = customer.accounts[program_id]
        ours = self.answer.account(customer.key, program_id)
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
    ) -> VendorEvent:
        """Return an event with ids of its own; `event_id` None leaves that one out, as the vendor does for some."""
        draw = self.draw
        request_id = draw.hex(32)
        loyalty_event_id = draw.hex(10) if natural == "wrapped" or event_id is None else None
        return VendorEvent(
            name=name,
            customer=customer,
            data=data,
            created_at=self.now_ms - draw.between(5, _DELIVERY_LAG_MS_MAX),
            natural=natural,
            event_id=draw.uuid() if event_id == FRESH else event_id,
            api_request_id=request_id,
            loyalty_event_id=loyalty_event_id,
            ref_id=f"{customer.org.id}_{loyalty_event_id or request_id}",
            spelled=name,
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
