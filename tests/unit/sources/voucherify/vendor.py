"""Voucherify's records, as small as they can be."""

import json
from typing import Any

from loyalty_stream.model.events import CanonicalEvent
from loyalty_stream.model.outcome import Rejected
from loyalty_stream.model.problem import RepairKind
from loyalty_stream.pipeline.decode import decode
from loyalty_stream.sources.reading import Reading
from loyalty_stream.sources.voucherify import DIALECT
from tests.helpers.flow import Record

CREATED_AT = "2026-03-02T10:15:30.250Z"
CREATED_AT_MS = 1_772_446_530_250
CARD = "customer.voucher.loyalty_card"
CUSTOMER: dict[str, Any] = {"customer": {"id": "cust_1"}}
CAMPAIGN: dict[str, Any] = {"campaign": {"id": "camp_1"}}


def activity(name: str | None = "customer.created", data: object = CUSTOMER, **given: object) -> dict[str, Any]:
    """Return an activity; a field given as None is left out."""
    event = {"id": "evcus_1", "type": name, "created_at": CREATED_AT, "data": data, **given}
    return {key: value for key, value in event.items() if value is not None}


def read(event: object, repairs: list[RepairKind] | None = None, **given: Any) -> Reading | Rejected:  # noqa: ANN401
    """Return what the dialect makes of a record; `given` are fields of the record itself."""
    value = event if isinstance(event, bytes) else json.dumps(event).encode()
    return decode(DIALECT, Record(value=value, offset=7, **given), [] if repairs is None else repairs)


def events_of(event: object) -> tuple[CanonicalEvent, ...]:
    """Return the canonical events of a record that must be read."""
    reading = read(event)
    assert isinstance(reading, Reading), reading
    return reading.events


def bodies_of(event: object) -> list[Any]:
    """Return the facts of a record that must be read."""
    return [event.body for event in events_of(event)]


def rejected(event: object, **given: Any) -> Rejected:  # noqa: ANN401 - fields of the record itself
    """Return why a record is refused, which must be so."""
    reading = read(event, **given)
    assert isinstance(reading, Rejected), reading
    return reading
