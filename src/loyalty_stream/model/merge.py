"""What a merge of two customers says, and how a domain takes part in it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Generic, TypeVar

from msgspec import Struct

from loyalty_stream.model.events import CanonicalEvent, DerivedBody, EventBody
from loyalty_stream.model.outcome import Applied

S = TypeVar("S")


class ProgramSummary(Struct, frozen=True, gc=False):
    """What the vendor says that the survivor has in one programme after the merge; None where it does not say."""

    program_id: str
    active: Decimal | None = None
    pending: Decimal | None = None
    lifetime: Decimal | None = None
    tier: str | None = None


class CustomerMerge(Struct, frozen=True, gc=False):
    """Two customers who are one from now on: everything of the victim is the survivor's."""

    survivor_id: str
    victim_id: str
    summaries: tuple[ProgramSummary, ...] = ()


def same(body: EventBody) -> EventBody:
    """Return a fact of the victim's as it is: it holds for the survivor too."""
    return body


class MergeRules(Struct, Generic[S], frozen=True):
    """How one domain takes part in a merge; only domains whose keys are customers' have such rules.

    `leave(victim_state, event, merge)` is what the victim's key tells as it loses everything.
    `absorb(survivor_state, victim_state, event, merge)` is the survivor's state with both, and what its key tells; the
    event's `occurred_at` is the vendor's time of the merge. `count(state)` is how many things a state holds.
    `redirect(body)` is a fact of the victim's that comes after the merge, as it holds for the survivor.
    """

    leave: Callable[[S, CanonicalEvent, CustomerMerge], tuple[DerivedBody, ...]]
    absorb: Callable[[S, S, CanonicalEvent, CustomerMerge], Applied[S]]
    count: Callable[[S], int]
    redirect: Callable[[EventBody], EventBody] = same
