"""What the domains' unit tests share: events in a plain envelope, and reducing with the promises checked."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import TypeVar, cast

from msgspec import msgpack
from msgspec.structs import replace

from loyalty_stream.model.domain import Domain, Reducer
from loyalty_stream.model.events import CanonicalEvent, Cause, DerivedBody, EventBody
from loyalty_stream.model.merge import CustomerMerge, MergeRules
from loyalty_stream.model.outcome import Applied, Outcome

S = TypeVar("S")

OBSERVED_AT = 1_750_000_000_000
MERGE = CustomerMerge("cust-1", "cust-2")

_EVENT = CanonicalEvent(
    vendor="capillary",
    org_id="7001",
    customer_id="cust-1",
    key="capillary:7001:cust-1",
    source_key="event-1",
    occurred_at=OBSERVED_AT - 250,
    vendor_timed=True,
    observed_at=OBSERVED_AT,
    cause=Cause(event_name="anEvent", event_id="event-1", topic="loyalty.raw.capillary", partition=0, offset=42),
    body=EventBody(),
)


def canonical(body: EventBody, **overrides: object) -> CanonicalEvent:
    """Return a body in an envelope that is plain but for the overrides."""
    return replace(_EVENT, body=body, **overrides)


def outcome_of(domain: Domain[S], state: S, body: EventBody, **overrides: object) -> Outcome[S]:
    """Reduce one event and check on the way that the reducer keeps its promises.

    The state that goes in stays as it is, the same input gives the same outcome, and the state that comes out survives
    its encoding.
    """
    reducer = cast("Reducer[S]", domain.reducers[type(body)])
    event = canonical(body, **overrides)
    before = msgpack.encode(state)
    outcome = reducer(state, event, body)
    assert msgpack.encode(state) == before
    assert reducer(msgpack.decode(before, type=domain.state_type), event, body) == outcome
    if isinstance(outcome, Applied):
        assert msgpack.decode(msgpack.encode(outcome.state), type=domain.state_type) == outcome.state
        assert all(type(derived) in domain.derived for derived in outcome.derived)
    return outcome


def applied(domain: Domain[S], state: S, body: EventBody) -> Applied[S]:
    """Reduce one event that must take effect."""
    outcome = outcome_of(domain, state, body)
    assert isinstance(outcome, Applied)
    return outcome


def after(domain: Domain[S], *bodies: EventBody) -> S:
    """Return the state after events, from the initial one."""
    state = domain.initial
    for body in bodies:
        outcome = outcome_of(domain, state, body)
        state = outcome.state if isinstance(outcome, Applied) else state
    return state


def derived_by(domain: Domain[S], bodies: Sequence[EventBody], body: EventBody) -> tuple[DerivedBody, ...]:
    """Return what the last event publishes after earlier ones."""
    return applied(domain, after(domain, *bodies), body).derived


def rules_of(domain: Domain[S]) -> MergeRules[S]:
    """Return how a domain of customers takes part in a merge."""
    assert domain.merge is not None
    return domain.merge


def absorbed(
    domain: Domain[S], survivor: S, victim: S, merge: CustomerMerge = MERGE, **overrides: object
) -> Applied[S]:
    """Merge two states and check on the way what a reducer promises too: see `outcome_of`."""
    absorb = rules_of(domain).absorb
    event = canonical(EventBody(), **overrides)
    before = msgpack.encode((survivor, victim))
    outcome = absorb(survivor, victim, event, merge)
    assert msgpack.encode((survivor, victim)) == before
    copied_survivor, copied_victim = (
        msgpack.decode(msgpack.encode(state), type=domain.state_type) for state in (survivor, victim)
    )
    again = absorb(copied_survivor, copied_victim, event, merge)
    assert (msgpack.encode(again.state), again.derived) == (msgpack.encode(outcome.state), outcome.derived)
    assert msgpack.decode(msgpack.encode(outcome.state), type=domain.state_type) == outcome.state
    assert all(type(derived) in domain.derived for derived in outcome.derived)
    return outcome


def left(domain: Domain[S], victim: S, merge: CustomerMerge = MERGE) -> tuple[DerivedBody, ...]:
    """Return what the victim's key tells as it loses everything."""
    return rules_of(domain).leave(victim, canonical(EventBody()), merge)


def recoded(domain: Domain[S], body: EventBody) -> EventBody:
    """Return a body after a way through msgpack, read as any of its domain's bodies."""
    any_body = reduce(or_, domain.reducers)
    return msgpack.decode(msgpack.encode(body), type=any_body)
