"""Read Talon.One's campaign notifications (DOMAIN section 5): six kinds, each by itself or several in a batch."""

from typing import Final

import msgspec

from loyalty_stream.model.events import CanonicalEvent, Cause, RawRecord
from loyalty_stream.model.ids import fingerprint
from loyalty_stream.model.keys import entity_key
from loyalty_stream.model.problem import Problem, RepairKind, Repairs
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.headers import org_of
from loyalty_stream.sources.once import check_keys
from loyalty_stream.sources.reading import Dialect, Reading
from loyalty_stream.sources.talon_one.envelope import mend_record, open_envelope
from loyalty_stream.sources.talon_one.kinds import kind_named, kind_of, named_by_headers
from loyalty_stream.sources.talon_one.notifications import READERS, Fact
from loyalty_stream.sources.wire import given_word

VENDOR: Final = "talon_one"
MIXED: Final = "campaign_notifications"
"""The name of a batch of several kinds."""


def read(value: bytes, record: RawRecord, repairs: Repairs) -> Reading:
    """Return the canonical events of a clean record, one for each notification in it."""
    outer, items = open_envelope(value)
    check_keys(value)
    org_id = org_of(record)
    named = kind_named(given_word(outer.NotificationType)) or named_by_headers(record)
    notifications = [outer] if items is None else items
    kinds = [kind_of(notification, named) for notification in notifications]
    if not kinds:
        raise Problem(DeadLetterReason.MISSING_FIELD, "Data is empty")
    name = kinds[0] if len(set(kinds)) == 1 else MIXED
    facts = [READERS[kind][1](notification) for kind, notification in zip(kinds, notifications, strict=True)]
    cause = Cause(name, None, record.topic, record.partition, record.offset)
    return Reading(
        name,
        tuple(_event(fact, kind, org_id, cause, record, repairs) for kind, fact in zip(kinds, facts, strict=True)),
    )


def _event(fact: Fact, kind: str, org_id: str, cause: Cause, record: RawRecord, repairs: Repairs) -> CanonicalEvent:
    """Return a canonical event; the vendor gives it no id, so that what it says stands for it (DOMAIN 1.3)."""
    if fact.at_ms is None and fact.timed:
        repairs.append(RepairKind.TIME_FALLBACK)
    said = f"{fact.at_ms}{msgspec.json.encode(fact.body).decode()}"
    return CanonicalEvent(
        VENDOR,
        org_id,
        None,
        entity_key(VENDOR, org_id, fact.entity_id),
        f"{VENDOR}|{org_id}|{kind}|{fact.entity_id}|{fingerprint(said)}",
        record.timestamp if fact.at_ms is None else fact.at_ms,
        fact.at_ms is not None,
        record.timestamp,
        cause,
        fact.body,
    )


DIALECT: Final = Dialect(
    VENDOR,
    read,
    mend_record,
    makes={kind: (body,) for kind, (body, _) in READERS.items()} | {MIXED: tuple(body for body, _ in READERS.values())},
)
