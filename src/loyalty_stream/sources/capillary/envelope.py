"""Capillary's envelopes: A (wrapped in `attributes`), B (flat) and C (an HTTP capture of a flat event).

Only fixed paths are read: a nested `data.eventName` is not the event's name (DOMAIN 1.1).
"""

import re
from typing import Final

import msgspec

from loyalty_stream.sources.wire import (
    NOT_GIVEN,
    NULL,
    Identifier,
    Ignored,
    Moment,
    Name,
    NotCleanError,
    TextIdentifier,
    Tree,
    Wire,
    required_identifier,
    text_identifier,
)


class Body(Wire):
    """What names an event; in envelope A the vendor leaves `eventId` outside."""

    eventName: Name | None = None
    eventId: TextIdentifier | None = None
    orgId: Identifier | None = None
    createdAt: Moment | None = None
    apiRequestId: TextIdentifier | None = None
    loyaltyEventId: TextIdentifier | None = None
    data: Tree = NULL
    refId: Ignored = NOT_GIVEN
    eventLogId: Ignored = NOT_GIVEN
    traceAttributes: Ignored = NOT_GIVEN


class Captured(Wire):
    """An HTTP request as a capture service wrote it down; only its body is the vendor's."""

    body: Body
    headers: Ignored = NOT_GIVEN
    client_ip: Ignored = NOT_GIVEN
    method: Ignored = NOT_GIVEN
    path: Ignored = NOT_GIVEN
    query: Ignored = NOT_GIVEN
    url: Ignored = NOT_GIVEN


class Outer(Body):
    """The outermost object, whichever envelope it is."""

    attributes: Body | None = None
    event: Captured | None = None
    eventType: Name | None = None
    consumerGroupId: Ignored = NOT_GIVEN
    actionType: Ignored = NOT_GIVEN
    timeStamp: Ignored = NOT_GIVEN


class Header(msgspec.Struct, frozen=True, gc=False):
    """What is said of an event outside its data."""

    name: str
    event_id: str | None
    org_id: str
    created_at: int | None
    api_request_id: str | None
    loyalty_event_id: str | None


_OUTER: Final = msgspec.json.Decoder(Outer)
_ORG_PREFIX: Final = re.compile(r"^\d+_")


def open_envelope(value: bytes) -> tuple[Header, msgspec.Raw]:
    """Return the header and the undecoded data of a clean record.

    Raises NotCleanError or a msgspec error where the record needs mending.
    """
    outer = _OUTER.decode(value)
    body = body_of(outer)
    name = body.eventName or bare_name(outer.eventType)
    if name is None or body.orgId is None or value.count(b'"orgId"') > 1:  # the last one would win unseen
        raise NotCleanError
    event_id = body.eventId if body.eventId is not None else outer.eventId
    header = Header(
        name,
        text_identifier(event_id),
        org_of(body.orgId),
        body.createdAt,
        text_identifier(body.apiRequestId),
        text_identifier(body.loyaltyEventId),
    )
    return header, body.data


def org_of(value: int | str) -> str:
    """Return the org's id; raise NotCleanError for one that would not end where it ends in a customer's key."""
    org_id = required_identifier(value)
    if ":" in org_id:
        raise NotCleanError
    return org_id


def body_of(outer: Outer) -> Body:
    """Return the part of an envelope that names the event."""
    if outer.attributes is not None:
        return outer.attributes
    return outer.event.body if outer.event is not None else outer


def bare_name(event_type: str | None) -> str | None:
    """Return an `eventType` without the org id that may precede it."""
    return None if event_type is None else _ORG_PREFIX.sub("", event_type)
