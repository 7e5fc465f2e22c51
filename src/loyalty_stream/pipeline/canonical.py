"""Events on their way through `loyalty.canonical` to the partition of their own key."""

from functools import reduce
from operator import or_
from typing import Final

import msgspec
from msgspec import Struct

from loyalty_stream.domains import DOMAINS
from loyalty_stream.model.events import CanonicalEvent, Cause, EventBody, RawRecord
from loyalty_stream.pipeline.steps import STEPS


class RawHeader(Struct, frozen=True, gc=False):
    """A header of a raw record."""

    name: str
    value: bytes | None


class RawCopy(Struct, frozen=True, gc=False):
    """The raw record's own bytes, so that a dead letter holds them after re-keying too."""

    timestamp_at: int
    key: bytes | None
    value: bytes
    headers: tuple[RawHeader, ...]


class CanonicalRecord(Struct, frozen=True, gc=False):
    """A canonical event as it travels: `leads` is true for the one that its raw record is counted by.

    `body` is the event's fact as JSON, tagged by its type. `raw` is None where copies of the raw record, one for each
    of its many events, would be too large.
    """

    dialect: str
    vendor: str
    org_id: str
    customer_id: str | None
    key: str
    source_key: str
    occurred_at: int
    vendor_timed: bool
    observed_at: int
    cause: Cause
    type: str
    body: bytes
    leads: bool
    raw: RawCopy | None


COPIES_BYTES_MAX: Final = 262_144  # of one raw record; beyond that its dead letters point to it
_BODIES: Final = reduce(or_, [*(body for domain in DOMAINS for body in domain.reducers), *STEPS])
_decode_body: Final = msgspec.json.Decoder(_BODIES).decode
_encode_body: Final = msgspec.json.Encoder().encode


def copy_of(raw: RawRecord, copies: int) -> RawCopy | None:
    """Return the raw record to travel with each of its events, or None where so many copies would be too large."""
    if copies > 1 and copies * len(raw.value or b"") > COPIES_BYTES_MAX:
        return None
    headers = tuple(RawHeader(name, value) for name, value in raw.headers or ())
    return RawCopy(raw.timestamp, raw.key, raw.value or b"", headers)


def to_record(dialect: str, event: CanonicalEvent, copy: RawCopy | None, *, leads: bool) -> CanonicalRecord:
    """Return an event ready to travel."""
    return CanonicalRecord(
        dialect,
        event.vendor,
        event.org_id,
        event.customer_id,
        event.key,
        event.source_key,
        event.occurred_at,
        event.vendor_timed,
        event.observed_at,
        event.cause,
        type(event.body).__name__,
        _encode_body(event.body),
        leads,
        copy,
    )


def to_event(record: CanonicalRecord) -> CanonicalEvent:
    """Return the event that travelled."""
    body = _decode_body(record.body)
    if not isinstance(body, EventBody):
        raise TypeError("a canonical record's body is an event's body")
    return CanonicalEvent(
        record.vendor,
        record.org_id,
        record.customer_id,
        record.key,
        record.source_key,
        record.occurred_at,
        record.vendor_timed,
        record.observed_at,
        record.cause,
        body,
    )
