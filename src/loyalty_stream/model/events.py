"""Events on their way through the pipeline: raw record, canonical event, derived event."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from loyalty_stream.model.keys import entity_id_of, entity_key


class RawRecord(Protocol):
    """A record as a Kafka client hands it out; `timestamp` is in milliseconds since the epoch."""

    @property
    def topic(self) -> str:
        """The topic that it came from."""

    @property
    def partition(self) -> int:
        """The partition of that topic."""

    @property
    def offset(self) -> int:
        """The position in that partition."""

    @property
    def timestamp(self) -> int:
        """The record's timestamp in milliseconds since the epoch."""

    @property
    def key(self) -> bytes | None:
        """The producer's key."""

    @property
    def value(self) -> bytes | None:
        """The vendor's bytes."""

    @property
    def headers(self) -> Sequence[tuple[str, bytes | None]]:
        """The producer's headers."""


class EventBody(Struct, frozen=True, gc=False):
    """The base of every canonical event's body: a past-tense fact about one key."""


class DerivedBody(Struct, frozen=True, gc=False):
    """The base of every derived event's `data`; the class name is the event's type."""


class Cause(Struct, frozen=True, gc=False):
    """Where a canonical or derived event comes from: always the vendor's raw record."""

    event_name: str
    event_id: str | None
    topic: str
    partition: int
    offset: int


class CanonicalEvent(Struct, frozen=True, gc=False):
    """A typed, vendor-neutral fact about one key.

    `source_key` is the idempotency key; with `key` it names this very fact. `occurred_at` and `observed_at` are
    milliseconds since the epoch: the vendor's time and the raw record's timestamp. Where the vendor's time was not
    usable, `occurred_at` equals `observed_at` and `vendor_timed` is false.
    """

    vendor: str
    org_id: str
    customer_id: str | None
    key: str
    source_key: str
    occurred_at: int
    vendor_timed: bool
    observed_at: int
    cause: Cause
    body: EventBody

    @property
    def entity_id(self) -> str:
        """What the key names besides vendor and org: the customer's id, or another entity as `reward/55881`."""
        return entity_id_of(self.key, self.customer_id)


def about(event: CanonicalEvent, entity_id: str, body: EventBody, *, customer: bool) -> CanonicalEvent:
    """Return what an event leads to at another entity, with the same cause and the same source key."""
    return CanonicalEvent(
        event.vendor,
        event.org_id,
        entity_id if customer else None,
        entity_key(event.vendor, event.org_id, entity_id),
        event.source_key,
        event.occurred_at,
        event.vendor_timed,
        event.observed_at,
        event.cause,
        body,
    )


class DerivedEvent(Struct, frozen=True, gc=False):
    """What is published: one envelope for every domain, `data` being the event itself."""

    id: str
    type: str
    vendor: str
    org_id: str
    key: str
    customer_id: str | None
    program_id: str | None
    occurred_at: int
    observed_at: int
    seq: int
    cause: Cause
    data: DerivedBody


class EventConflictDetected(DerivedBody, frozen=True, gc=False):
    """The same event came again with another content; nothing of it was applied. Any domain may emit it."""

    first_seen_at: int
    hash: str
    other_hash: str
