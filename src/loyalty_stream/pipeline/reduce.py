"""Reduce one canonical event on its row: dedup, the domain's reducer, the sequence of derived events."""

from collections.abc import Callable
from typing import Final, NamedTuple

from loyalty_stream.model.events import CanonicalEvent, DerivedBody, DerivedEvent, EventConflictDetected
from loyalty_stream.model.ids import derived_id
from loyalty_stream.model.outcome import Applied, Duplicate, Ignored, Rejected
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.model.row import ROW_VERSION, Row
from loyalty_stream.pipeline import dedup
from loyalty_stream.pipeline.route import ROUTES
from loyalty_stream.pipeline.rows import RowCache
from loyalty_stream.pipeline.table import AnyRow

CONFLICT: Final = Rejected(DeadLetterReason.CONFLICT, "the same event came before with another content")


class Reduced(NamedTuple):
    """What became of an event: its outcome, its domain, and the derived events in the order of their `seq`."""

    outcome: Applied[object] | Duplicate | Ignored | Rejected
    domain: str
    derived: list[DerivedEvent]


def reducer(dedup_window: int) -> Callable[[CanonicalEvent, RowCache[AnyRow]], Reduced]:
    """Return the function that reduces one event on the rows of its partition."""

    def reduce(event: CanonicalEvent, rows: RowCache[AnyRow]) -> Reduced:
        route = ROUTES[type(event.body)]
        name = route.domain.name
        key = f"{name}|{event.key}".encode()
        row = rows.get(key)
        if row is None:
            row = Row(ROW_VERSION, 0, b"", route.domain.initial)
        event_hash, content = dedup.event_hash(event), dedup.content_hash(event)
        seen = dedup.find(row.window, event_hash)
        if seen is not None:
            if seen.content == content:
                return Reduced(Duplicate(), name, [])
            rows.put(key, Row(ROW_VERSION, row.seq + 1, row.window, row.state))
            return Reduced(CONFLICT, name, _conflict(event, row.seq, seen, content))
        outcome = route.reduce(row.state, event, event.body)
        if not isinstance(outcome, Applied):
            return Reduced(outcome, name, [])
        window = dedup.remember(row.window, event_hash, content, event.observed_at, dedup_window)
        derived = _envelopes(event, row.seq, outcome.derived)
        rows.put(key, Row(ROW_VERSION, row.seq + len(derived), window, outcome.state))
        return Reduced(outcome, name, derived)

    return reduce


def _conflict(event: CanonicalEvent, seq: int, seen: dedup.Seen, content: bytes) -> list[DerivedEvent]:
    """Report another content under a known key; nothing of it is applied (DESIGN rule 3)."""
    body = EventConflictDetected(seen.first_seen_at, seen.content.hex(), content.hex())
    return _envelopes(event, seq, (body,), f"|{event.cause.partition}|{event.cause.offset}")


def _envelopes(
    event: CanonicalEvent, seq: int, bodies: tuple[DerivedBody, ...], delivery: str = ""
) -> list[DerivedEvent]:
    """Wrap what an event caused; `delivery` tells conflicts of one key apart, which their source key does not."""
    source_key = event.source_key + delivery
    envelopes = []
    for ordinal, body in enumerate(bodies):
        kind = type(body).__name__
        envelopes.append(
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
    return envelopes
