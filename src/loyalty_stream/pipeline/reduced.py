"""What becomes of a canonical event, and the derived events that it causes."""

from typing import NamedTuple

from msgspec import Struct

from loyalty_stream.model.events import CanonicalEvent, DerivedBody, DerivedEvent
from loyalty_stream.model.ids import derived_id
from loyalty_stream.model.outcome import Applied, Duplicate, Ignored, Rejected
from loyalty_stream.pipeline.internal import WaitingEvent


class Onward(Struct, frozen=True, gc=False):
    """The fact goes on as another event, and ends as that one does."""

    event: CanonicalEvent


class Waits(Struct, frozen=True, gc=False):
    """The event's customer is being merged: it is taken up once the other's state is there."""


WAITS = Waits()


class Reduced(NamedTuple):
    """What became of an event: its outcome, its domain, and the derived events in the order of their `seq`.

    `also` has the derived events of other domains, `follow_ups` the events that it leads to, and `released` the events
    that waited for it, in their order.
    """

    outcome: Applied[object] | Duplicate | Ignored | Rejected | Onward | Waits
    domain: str
    derived: list[DerivedEvent]
    follow_ups: tuple[CanonicalEvent, ...] = ()
    also: tuple[tuple[str, list[DerivedEvent]], ...] = ()
    released: tuple[WaitingEvent, ...] = ()


def envelopes(
    event: CanonicalEvent, seq: int, bodies: tuple[DerivedBody, ...], delivery: str = ""
) -> list[DerivedEvent]:
    """Wrap what an event caused; `delivery` tells conflicts of one key apart, which their source key does not."""
    source_key = event.source_key + delivery
    wrapped = []
    for ordinal, body in enumerate(bodies):
        kind = type(body).__name__
        wrapped.append(
            DerivedEvent(
                derived_id(source_key, event.key, kind, ordinal),
                kind,
                event.vendor,
                event.org_id,
                event.key,
                event.customer_id,
                getattr(body, "program_id", None) or getattr(event.body, "program_id", None),
                event.occurred_at,
                event.observed_at,
                seq + ordinal + 1,
                event.cause,
                body,
            )
        )
    return wrapped
