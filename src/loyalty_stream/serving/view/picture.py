"""Make of a changelog record or a derived event what the view writes. Pure."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from loyalty_stream.domains import DOMAINS, clearing
from loyalty_stream.pipeline.table import decode_row
from loyalty_stream.serving.customer import Json, render_row
from loyalty_stream.serving.history.entries import Cause, Entry

VIEWED: Final = frozenset(domain.name for domain in DOMAINS) - {clearing.DOMAIN.name}
"""All domains but the one that only joins the legs of transfers: nobody's state, with customers' ids in it."""

_encode: Final = msgspec.json.encode
_decode: Final = msgspec.json.Decoder(Json).decode
_decode_cause: Final = msgspec.json.Decoder(Cause).decode
Fields = dict[str, str | int]


def row_fields(row_key: bytes, value: bytes, partition: int, offset: int, recorded_at: int) -> Fields:
    """Return the hash of a row; `recorded_at` is its record's timestamp in ms.

    Raises:
        RowVersionError: A newer version has written it.

    """
    domain, _, key = row_key.decode().partition("|")
    row = decode_row(row_key, value)
    fields: Fields = {
        "seq": row.seq,
        "version": row.version,
        "partition": partition,
        "offset": offset,
        "recorded_at": recorded_at,
        "data": _encode(render_row(domain, row)).decode(),
    }
    if row.moved_to is not None:
        vendor, org_id, _ = key.split(":", 2)
        fields["merged_into"] = f"{vendor}:{org_id}:{row.moved_to}"
    return fields


def entry_fields(domain: str, event: dict[str, Any]) -> Fields:
    """Return the journal entry of a derived event, given as JSON has it."""
    fields: Fields = {
        "id": event["id"],
        "domain": domain,
        "type": event["type"],
        "seq": event["seq"],
        "occurred_at": event["occurred_at"],
        "observed_at": event["observed_at"],
        "cause": _encode(event["cause"]).decode(),
        "data": _encode(event["data"]).decode(),
    }
    if event["program_id"] is not None:
        fields["program_id"] = event["program_id"]
    return fields


def entry_of_fields(fields: Mapping[str, str]) -> Entry | None:
    """Return the entry that `entry_fields` wrote; None for one of the first version, which lacks fields."""
    if "observed_at" not in fields:
        return None
    return Entry(
        fields["id"],
        fields["type"],
        fields["domain"],
        int(fields["seq"]),
        int(fields["occurred_at"]),
        int(fields["observed_at"]),
        fields.get("program_id"),
        _decode_cause(fields["cause"]),
        _decode(fields["data"]),
    )
