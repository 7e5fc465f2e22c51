"""Voucherify's envelope: one flat object around the data of a customer activity.

No body says which project it is of, nor in which time zone that is. Whoever brings the records to Kafka says so in the
headers `loyalty_org_id` and `loyalty_time_zone`, one value for each project; without them it is "0", and UTC.
"""

from typing import Final

import msgspec

from loyalty_stream.model.events import RawRecord
from loyalty_stream.sources.headers import org_of, time_zone_of
from loyalty_stream.sources.instants import instant
from loyalty_stream.sources.wire import (
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
    text_identifier,
)


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
    time_zone: str


_OUTER: Final = msgspec.json.Decoder(Outer)


def open_envelope(value: bytes, record: RawRecord) -> tuple[Header, msgspec.Raw]:
    """Return the header and the undecoded data of a clean record.

    Raises NotCleanError or a msgspec error where the record needs mending.
    """
    outer = _OUTER.decode(value)
    name, event_id = given_word(outer.type), text_identifier(outer.id)
    if name is None or event_id is None:
        raise NotCleanError
    return Header(name.lower(), event_id, org_of(record), instant(outer.created_at), time_zone_of(record)), outer.data
