"""Voucherify's envelope: one flat object around the data of a customer activity.

No body says which project it is of. Whoever brings the records to Kafka says so in the header `loyalty_org_id`, one
value for each project; without it the organisation is "0".
"""

from typing import Final

import msgspec

from loyalty_stream.model.events import RawRecord
from loyalty_stream.model.problem import Problem
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.wire import (
    ID_LENGTH_MAX,
    NOT_GIVEN,
    NULL,
    Ignored,
    Instant,
    Name,
    NotCleanError,
    TextIdentifier,
    Tree,
    Wire,
    given_word,
    instant,
    text_identifier,
)

ORG_HEADER: Final = "loyalty_org_id"
NO_ORG: Final = "0"


class Outer(Wire):
    """An activity as the vendor writes it down, or sends it to a webhook."""

    id: TextIdentifier | None = None
    type: Name | None = None
    created_at: Instant | None = None
    data: Tree = NULL
    group_id: Ignored = NOT_GIVEN
    object: Ignored = NOT_GIVEN
    project_id: Ignored = NOT_GIVEN
    category: Ignored = NOT_GIVEN
    entity_id: Ignored = NOT_GIVEN
    event_source: Ignored = NOT_GIVEN


class Header(msgspec.Struct, frozen=True, gc=False):
    """What is said of an activity outside its data; `created_at` is in milliseconds since the epoch."""

    name: str
    event_id: str
    org_id: str
    created_at: int | None


_OUTER: Final = msgspec.json.Decoder(Outer)


def open_envelope(value: bytes, record: RawRecord) -> tuple[Header, msgspec.Raw]:
    """Return the header and the undecoded data of a clean record.

    Raises NotCleanError or a msgspec error where the record needs mending.
    """
    outer = _OUTER.decode(value)
    name, event_id = given_word(outer.type), text_identifier(outer.id)
    if name is None or event_id is None:
        raise NotCleanError
    return Header(name.lower(), event_id, org_of(record), instant(outer.created_at)), outer.data


def org_of(record: RawRecord) -> str:
    """Return the organisation that a record's header names; raise Problem for what cannot stand in a customer's key."""
    org_id = next((value for name, value in record.headers or () if name == ORG_HEADER), None)
    if org_id is None:
        return NO_ORG
    try:
        text = org_id.decode("ascii").strip()
    except UnicodeDecodeError:
        text = ""
    if not text or not text.isprintable() or len(text) > ID_LENGTH_MAX or set(": |") & set(text):
        raise Problem(DeadLetterReason.WRONG_TYPE, f"the record's header {ORG_HEADER} is no id")
    return text
