"""What a merge of two customers says, and how a domain takes part in it."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Generic, TypeVar

from msgspec import Struct

from loyalty_stream.model.events import CanonicalEvent, DerivedBody, EventBody
from loyalty_stream.model.outcome import Applied

S = TypeVar("S")
T = TypeVar("T")


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


def leave_silently(_state: object, _event: CanonicalEvent, _merge: CustomerMerge) -> tuple[DerivedBody, ...]:
    """Tell nothing of what the victim loses: that the two are one says it all."""
    return ()


def united(survivor: Mapping[str, T], victim: Mapping[str, T], join: Callable[[T, T], T]) -> dict[str, T]:
    """Return what either has by its id, the survivor's first; `join` makes one of what both have."""
    both = {**survivor, **victim}
    shared = survivor.keys() & victim.keys()
    return {name: join(survivor[name], victim[name]) if name in shared else one for name, one in both.items()}


def known(first: T | None, second: T | None) -> T | None:
    """Return the first where it is known, else the second."""
    return second if first is None else first


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
