"""Read Voucherify's customer activities, campaign events and campaign objects (DOMAIN sections 4 and 4.1).

An activity, or an event about a campaign, is one flat envelope, whose `type` is its name; a campaign object says of
itself that it is one. The organisation comes from the record's header `loyalty_org_id` (see `envelope`), the customer
is the vendor's own id.
"""

from typing import Final

import msgspec

from loyalty_stream.domains.campaigns.events import CampaignVersionStated
from loyalty_stream.model.events import CanonicalEvent, Cause, RawRecord
from loyalty_stream.model.keys import entity_key
from loyalty_stream.model.problem import Problem, RepairKind, Repairs
from loyalty_stream.model.reasons import DeadLetterReason, IgnoredReason
from loyalty_stream.sources.reading import Dialect, Reading
from loyalty_stream.sources.repair import find, mend
from loyalty_stream.sources.tree import Pairs
from loyalty_stream.sources.voucherify import campaigns
from loyalty_stream.sources.voucherify.envelope import Header, Outer, open_envelope
from loyalty_stream.sources.voucherify.names import COUNTED_ONLY, SPECS
from loyalty_stream.sources.voucherify.spec import VENDOR, Fact
from loyalty_stream.sources.wire import NotCleanError, plausible


def read(value: bytes, record: RawRecord, repairs: Repairs) -> Reading:
    """Return the canonical events of a clean record."""
    try:
        header, data = open_envelope(value, record)
    except (NotCleanError, msgspec.DecodeError):  # no activity as it is, but perhaps a campaign
        return campaigns.read(value, record, repairs)
    spec = SPECS.get(header.name)
    if spec is None:
        if header.name not in COUNTED_ONLY:
            raise NotCleanError
        return Reading(header.name, ignored=IgnoredReason.NO_EFFECT)
    facts = spec.facts(spec.decode(data), header)
    if not facts:
        return Reading(spec.name, ignored=IgnoredReason.NO_EFFECT)
    if any(not plausible(_told_at(fact, header)) for fact in facts):
        repairs.append(RepairKind.TIME_FALLBACK)
    cause = Cause(spec.name, header.event_id, record.topic, record.partition, record.offset)
    return Reading(spec.name, tuple(_event(fact, header, cause, record) for fact in facts))


def _event(fact: Fact, header: Header, cause: Cause, record: RawRecord) -> CanonicalEvent:
    at = _told_at(fact, header)
    vendor_timed = plausible(at)
    return CanonicalEvent(
        VENDOR,
        header.org_id,
        fact.customer_id,
        entity_key(VENDOR, header.org_id, fact.customer_id or fact.entity_id),
        f"{VENDOR}|{header.org_id}|{fact.name or f'{header.name}|{header.event_id}|{fact.suffix}'}",
        at if vendor_timed and at is not None else record.timestamp,
        vendor_timed,
        record.timestamp,
        cause,
        fact.body,
    )


def _told_at(fact: Fact, header: Header) -> int | None:
    return header.created_at if fact.at is None else fact.at


def mend_record(tree: Pairs, repairs: Repairs) -> bytes:
    """Return clean bytes of a record that the fast path did not take, or raise Problem with the precise reason."""
    if find(tree, "object", []) == campaigns.OBJECT:
        return campaigns.mend_campaign(tree, repairs)
    clean = mend(tree, Outer, "", repairs)
    name = clean.get("type")
    if not isinstance(name, str):
        raise Problem(DeadLetterReason.MISSING_EVENT_NAME, "type is missing")
    if clean.get("id") is None:
        raise Problem(DeadLetterReason.MISSING_FIELD, "id is missing")
    spec = SPECS.get(name.lower())
    if spec is not None:
        data = find(tree, "data", [])
        if data is None:
            raise Problem(DeadLetterReason.MISSING_FIELD, "data is missing")
        clean["data"] = mend(data, spec.wire, "data", repairs)
    elif name.lower() not in COUNTED_ONLY:
        raise Problem(DeadLetterReason.UNKNOWN_EVENT, "the event's type is not one of the vendor's pages")
    return msgspec.json.encode(clean)


DIALECT: Final = Dialect(
    VENDOR,
    read,
    mend_record,
    makes={spec.name: spec.makes for spec in SPECS.values()} | {campaigns.NAME: (CampaignVersionStated,)},
    ignores=dict.fromkeys(sorted(COUNTED_ONLY), IgnoredReason.NO_EFFECT),
)
