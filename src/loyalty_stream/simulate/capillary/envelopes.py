"""The vendor's wrappings: wrapped in `attributes` (A), flat (B), captured by an HTTP endpoint (C)."""

from typing import Final

from loyalty_stream.simulate.capillary.stage import Envelope, Stage, VendorEvent
from loyalty_stream.simulate.capillary.world import Json
from loyalty_stream.simulate.draw import Draw

ENVELOPES: Final[tuple[Envelope, ...]] = ("wrapped", "flat", "captured")

_NATURAL_SHARE: Final = 0.7


def choose_envelope(draw: Draw, natural: Envelope) -> Envelope:
    """Return mostly the envelope that the vendor documents for an event, else any."""
    return natural if draw.chance(_NATURAL_SHARE) else draw.pick(ENVELOPES)


def choose_spelling(draw: Draw, name: str, casing_share: float) -> str:
    """Return the event's name, in another casing for a share of the events."""
    if not draw.chance(casing_share):
        return name
    return draw.pick((name.lower(), name.upper(), name[0].swapcase() + name[1:]))


def wrap(stage: Stage, event: VendorEvent, envelope: Envelope) -> Json:
    """Return the whole record of an event; what belongs to its delivery is drawn anew each time."""
    if envelope == "wrapped":
        return _wrapped(stage, event)
    body = _body(event)
    return body if envelope == "flat" else _captured(stage, body)


def body_of(record: Json, envelope: str) -> Json:
    """Return the object within a record that holds the event's name and data."""
    body: Json = record
    if envelope == "wrapped":
        body = record["attributes"]
    elif envelope == "captured":
        body = record["event"]["body"]
    return body


def _body(event: VendorEvent) -> Json:
    body: Json = {"eventName": event.spelled}
    if event.event_id is not None:
        body["eventId"] = event.event_id
    body |= {
        "orgId": event.org_id,
        "refId": event.ref_id,
        "apiRequestId": event.api_request_id,
        "createdAt": event.created_at,
        **event.beside,
        "data": event.data,
        "loyaltyEventId": event.loyalty_event_id,
    }
    return body


def _wrapped(stage: Stage, event: VendorEvent) -> Json:
    draw = stage.draw
    record: Json = {}
    if event.event_id is not None:
        record["eventId"] = event.event_id
    return record | {
        "eventType": event.spelled if draw.chance(0.5) else f"{event.org_id}_{event.spelled}",
        "consumerGroupId": None if draw.chance(0.7) else draw.uuid(),
        "actionType": "START",
        "timeStamp": stage.now_ms - draw.between(1, 4),
        "attributes": {
            "createdAt": event.created_at,
            **event.beside,
            "data": event.data,
            "loyaltyEventId": event.loyalty_event_id,
            "eventName": event.spelled,
            "refId": event.ref_id,
            "apiRequestId": event.api_request_id,
            "orgId": event.org_id,
        },
    }


def _captured(stage: Stage, body: Json) -> Json:
    return {
        "event": {
            "body": body,
            "client_ip": f"192.0.2.{stage.draw.between(1, 254)}",
            "headers": {
                "accept": "application/json",
                "content-type": "application/json",
                "host": "hooks.example.com",
                "user-agent": "webhook/1.0",
                "x-attempt": str(stage.draw.between(1, 3)),
            },
            "method": "POST",
            "path": "/",
            "query": {},
            "url": "https://hooks.example.com/",
        },
    }
