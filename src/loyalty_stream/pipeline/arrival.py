"""What an event finds where its key lives: its row, or that it came before, must wait, or belongs to somebody else."""

from typing import Any, Final, NamedTuple

from msgspec.structs import replace

from loyalty_stream.model.domain import Domain
from loyalty_stream.model.events import CanonicalEvent, DerivedEvent, EventConflictDetected
from loyalty_stream.model.keys import entity_key
from loyalty_stream.model.outcome import Duplicate, Ignored, Rejected
from loyalty_stream.model.reasons import DeadLetterReason, IgnoredReason
from loyalty_stream.model.row import Row
from loyalty_stream.pipeline import dedup
from loyalty_stream.pipeline.internal import erased_key
from loyalty_stream.pipeline.reduced import WAITS, Onward, Reduced, envelopes
from loyalty_stream.pipeline.rows import RowCache
from loyalty_stream.pipeline.table import AnyRow

CONFLICT: Final = Rejected(DeadLetterReason.CONFLICT, "the same event came before with another content")
ERASED: Final = Ignored(IgnoredReason.CUSTOMER_ERASED)


class Arrival(NamedTuple):
    """A new event at its row."""

    key: bytes
    row: AnyRow
    event_hash: bytes
    content: bytes


def arrive(event: CanonicalEvent, domain: Domain[Any], rows: RowCache[AnyRow]) -> Arrival | Reduced:
    """Return the row that an event is for, or at once what became of an event that is not for any row here.

    An event of a merged customer that came before the merge is known to that customer's own window, any other goes on.
    """
    name = domain.name
    key = f"{name}|{event.key}".encode()
    row = rows.get(key)
    if row is None:
        if event.customer_id is not None and rows.get(erased_key(event)) is not None:
            return Reduced(ERASED, name, [])
        row = Row(domain.state_version, 0, b"", domain.initial)
    elif row.waits:
        return Reduced(WAITS, name, [])
    event_hash, content = dedup.event_hash(event), dedup.content_hash(event)
    seen = dedup.find(row.window, event_hash)
    if seen is not None:
        if seen.content == content:
            return Reduced(Duplicate(), name, [])
        rows.put(key, replace(row, seq=row.seq + 1))
        return Reduced(CONFLICT, name, _conflict(event, row.seq, seen, content))
    if row.moved_to is not None:
        return Reduced(Onward(_redirected(event, domain, row.moved_to)), name, [])
    return Arrival(key, row, event_hash, content)


def _conflict(event: CanonicalEvent, seq: int, seen: dedup.Seen, content: bytes) -> list[DerivedEvent]:
    """Report another content under a known key; nothing of it is applied (DESIGN rule 3)."""
    body = EventConflictDetected(seen.first_seen_at, seen.content.hex(), content.hex())
    return envelopes(event, seq, (body,), f"|{event.cause.partition}|{event.cause.offset}")


def _redirected(event: CanonicalEvent, domain: Domain[Any], survivor_id: str) -> CanonicalEvent:
    """Return a merged customer's event as one of the survivor's."""
    body = event.body if domain.merge is None else domain.merge.redirect(event.body, survivor_id)
    key = entity_key(event.vendor, event.org_id, survivor_id)
    return replace(event, customer_id=survivor_id, key=key, body=body)
