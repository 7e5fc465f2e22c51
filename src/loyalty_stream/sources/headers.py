"""What the headers of a raw record say, where a vendor's body does not: the organisation, the time zone, the event."""

from typing import Final

from loyalty_stream.model.events import RawRecord
from loyalty_stream.model.problem import Problem
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.model.zones import ZoneError, zone_named
from loyalty_stream.sources.wire import ID_LENGTH_MAX

ORG_ID: Final = "loyalty_org_id"
TIME_ZONE: Final = "loyalty_time_zone"
NO_ORG: Final = "0"


def header_text(record: RawRecord, name: str) -> str | None:
    """Return the last header of a name without whitespace at its edges, or None where there is none or it is empty.

    Raises Problem where it is not UTF-8, has other characters than a line of text, or is longer than any id.
    """
    written = next((value for key, value in reversed(record.headers or ()) if key == name), None)
    try:
        text = (written or b"").decode().strip()
    except UnicodeDecodeError:
        raise Problem(DeadLetterReason.WRONG_TYPE, f"the header {name} is not UTF-8") from None
    if not text.isprintable() or len(text) > ID_LENGTH_MAX:
        raise Problem(DeadLetterReason.WRONG_TYPE, f"the header {name} is longer or has other characters than any id")
    return text or None


def org_of(record: RawRecord) -> str:
    """Return the id of the organisation that a record's header names, else 0.

    Raises Problem for a header that is blank, or whose id would not end where it ends in a key.
    """
    if not any(name == ORG_ID for name, _ in record.headers or ()):
        return NO_ORG
    org_id = header_text(record, ORG_ID)
    if org_id is None or set(": |") & set(org_id):
        raise Problem(DeadLetterReason.WRONG_TYPE, f"the header {ORG_ID} is no id: it is blank or has one of `: |`")
    return org_id


def time_zone_of(record: RawRecord) -> str:
    """Return the IANA name of the project's time zone by a record's header, else UTC; raise Problem for a wrong one."""
    name = header_text(record, TIME_ZONE)
    if name is None:
        return "UTC"
    try:
        zone_named(name)
    except ZoneError as error:
        raise Problem(error.reason, f"the header {TIME_ZONE}: {error}") from None
    return name
