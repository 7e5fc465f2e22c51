"""Capillary's records, as small as they can be."""

import json
from typing import Any

from loyalty_stream.model.events import CanonicalEvent
from loyalty_stream.model.outcome import Rejected
from loyalty_stream.model.problem import RepairKind
from loyalty_stream.pipeline.decode import decode
from loyalty_stream.sources.capillary import DIALECT
from loyalty_stream.sources.reading import Reading
from tests.helpers.flow import Record

CREATED_AT = 1_789_000_000_000
CUSTOMER: dict[str, Any] = {"customerIdentifiers": {"customerId": 5001}}
EXPIRED: dict[str, Any] = {**CUSTOMER, "loyaltyProgramId": 41, "pointsExpired": 10}


def flat(name: str | None = "pointsExpired", data: object = EXPIRED, **given: object) -> dict[str, Any]:
    """Return an event in envelope B; a field given as None is left out."""
    event = {"eventName": name, "eventId": "e-1", "orgId": 9300, "createdAt": CREATED_AT, "data": data, **given}
    return {key: value for key, value in event.items() if value is not None}


def wrapped(body: dict[str, Any], **outer: object) -> dict[str, Any]:
    """Return an event in envelope A."""
    event_id = body.pop("eventId", None)
    outside = {"eventId": event_id, "eventType": None, **outer, "attributes": body}
    return {key: value for key, value in outside.items() if value is not None}


def read(event: object, repairs: list[RepairKind] | None = None) -> Reading | Rejected:
    """Return what the dialect makes of a record."""
    value = event if isinstance(event, bytes) else json.dumps(event).encode()
    return decode(DIALECT, Record(value=value, offset=7), [] if repairs is None else repairs)


def events_of(event: object) -> tuple[CanonicalEvent, ...]:
    """Return the canonical events of a record that must be read."""
    reading = read(event)
    assert isinstance(reading, Reading), reading
    return reading.events


def only(event: object) -> CanonicalEvent:
    """Return a record's only canonical event."""
    (found,) = events_of(event)
    return found


def body_of(event: object) -> Any:  # noqa: ANN401 - a body of any domain
    """Return the fact that a record states."""
    return only(event).body


def rejected(event: object) -> Rejected:
    """Return why a record cannot be used."""
    reading = read(event)
    assert isinstance(reading, Rejected), reading
    return reading
