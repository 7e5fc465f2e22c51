"""Read Capillary's events (DOMAIN section 3): three envelopes, dirt and all."""

from typing import Any, Final

import msgspec

from loyalty_stream.model.events import CanonicalEvent, Cause, RawRecord
from loyalty_stream.model.keys import entity_key
from loyalty_stream.model.problem import Problem, RepairKind, Repairs
from loyalty_stream.model.reasons import DeadLetterReason, IgnoredReason
from loyalty_stream.sources.capillary.envelope import Header, Outer, bare_name, open_envelope
from loyalty_stream.sources.capillary.names import NOT_YET_SUPPORTED, SPECS
from loyalty_stream.sources.capillary.spec import VENDOR, Part, Spec
from loyalty_stream.sources.reading import Dialect, Reading
from loyalty_stream.sources.repair import Clean, find, mend
from loyalty_stream.sources.tree import Node, Pairs
from loyalty_stream.sources.wire import NotCleanError, moment, plausible


def read(value: bytes, record: RawRecord, repairs: Repairs) -> Reading:
    """Return the canonical events of a clean record."""
    header, data = open_envelope(value)
    name = header.name.lower()
    spec = SPECS.get(name)
    if spec is None:
        known = NOT_YET_SUPPORTED.get(name)
        if known is None:
            raise NotCleanError
        return Reading(known, ignored=IgnoredReason.NOT_YET_SUPPORTED)
    fields = spec.decode(data)
    parts = spec.parts(fields, header, repairs)
    created_at = moment(header.created_at)
    vendor_timed = plausible(created_at)
    if not vendor_timed:
        repairs.append(RepairKind.TIME_FALLBACK)
    occurred_at = created_at if vendor_timed and created_at is not None else record.timestamp
    cause = Cause(spec.name, header.event_id, record.topic, record.partition, record.offset)
    return Reading(
        spec.name,
        tuple(
            CanonicalEvent(
                VENDOR,
                header.org_id,
                part.entity_id if part.customer else None,
                entity_key(VENDOR, header.org_id, part.entity_id),
                _source_key(spec, fields, header, part),
                occurred_at,
                vendor_timed,
                record.timestamp,
                cause,
                part.body,
            )
            for part in parts
        ),
    )


def mend_record(tree: Pairs, repairs: Repairs) -> bytes:
    """Return clean bytes of a record that the fast path did not take, or raise Problem with the precise reason."""
    clean = mend(tree, Outer, "", repairs)
    body, written = _inner(clean, tree)
    name = body.get("eventName") or bare_name(_text(clean.get("eventType")))
    if not isinstance(name, str):
        raise Problem(DeadLetterReason.MISSING_EVENT_NAME, "no eventName where an envelope has it")
    spec = SPECS.get(name.lower())
    if spec is None and name.lower() not in NOT_YET_SUPPORTED:
        raise Problem(DeadLetterReason.UNKNOWN_EVENT, "the event's name is not one of the vendor's page")
    org_id = body.get("orgId")
    if org_id is None:
        raise Problem(DeadLetterReason.MISSING_FIELD, "orgId is missing")
    if isinstance(org_id, str) and ":" in org_id:
        raise Problem(DeadLetterReason.WRONG_TYPE, "orgId has a colon, which ends it in a customer's key")
    if spec is not None:
        data = _data(spec, written, repairs)
        if data is None:
            raise Problem(DeadLetterReason.MISSING_FIELD, "data is missing")
        body["data"] = mend(data, spec.wire, "data", repairs)
    return msgspec.json.encode(clean)


def _inner(clean: dict[str, Clean], tree: Pairs) -> tuple[dict[str, Clean], Node]:
    """Return the body of an envelope, mended and as written; A, then C, then B."""
    attributes, event = clean.get("attributes"), clean.get("event")
    if isinstance(attributes, dict):
        return attributes, find(tree, "attributes", [])
    if isinstance(event, dict) and isinstance(event.get("body"), dict):
        body = event["body"]
        return body if isinstance(body, dict) else {}, find(find(tree, "event", []), "body", [])
    return clean, tree


def _data(spec: Spec[Any], written: Node, repairs: Repairs) -> Node:
    """Return an event's data as written, with those of its fields that stand beside it."""
    data = find(written, "data", [])
    beside = Pairs((key, value) for key in spec.beside for value in [find(written, key, repairs)] if value is not None)
    if not beside or not (data is None or isinstance(data, Pairs)):
        return data
    return Pairs([*(data or ()), *(pair for pair in beside if pair not in (data or ()))])


def _text(value: Clean) -> str | None:
    return value if isinstance(value, str) else None


def _source_key(spec: Spec[Any], fields: Any, header: Header, part: Part) -> str:  # noqa: ANN401 - the spec's own type
    """Return the idempotency key: the event's id, else what the business calls it (DOMAIN 1.3)."""
    start = f"{VENDOR}|{header.org_id}|{spec.name}|"
    if header.event_id is not None:
        return f"{start}{header.event_id}|{part.suffix}"
    requested = f"{header.api_request_id or ''}|{header.loyalty_event_id or ''}"
    when = header.created_at if requested == "|" else ""
    return f"{start}~|{requested}|{part.entity_id}|{spec.business_id(fields)}|{when}|{part.suffix}"


DIALECT: Final = Dialect(
    VENDOR,
    read,
    mend_record,
    makes={spec.name: spec.makes for spec in SPECS.values()},
    ignores=dict.fromkeys(NOT_YET_SUPPORTED.values(), IgnoredReason.NOT_YET_SUPPORTED),
)
