"""Make of a row of totals what the view writes, and of that the row again. Pure.

Each partition has rows of its own under the same keys (pipeline/totals.py), so each is one field of a hash of its
organisation: `{partition}|{key}`, and a JSON text with where it lies in the changelog.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec
from msgspec import Struct

from loyalty_stream.domains.customers.derived import KeptTotal
from loyalty_stream.domains.points.state import account_id
from loyalty_stream.model.amounts import add_exactly, amount_text
from loyalty_stream.pipeline.internal import INTERNAL_STATES, KEPT, OF_PROGRAMS, KeptState, internal_row
from loyalty_stream.pipeline.table import STATE_VERSIONS, RowVersionError, decode_row, encode_row
from loyalty_stream.pipeline.totals import program_of
from loyalty_stream.serving.liability import EncodedRow
from loyalty_stream.serving.view.picture import Fields

TOTALLED: Final = OF_PROGRAMS | {KEPT}


class TotalsField(Struct, frozen=True):
    """The text of a field; the script that applies rows reads `offset` too."""

    version: int
    partition: int
    offset: int
    recorded_at: int
    data: msgspec.Raw


_decode: Final = msgspec.json.Decoder(TotalsField).decode
_decode_data: Final = msgspec.json.Decoder(dict[str, Any]).decode


def organisation_of(key: str) -> str:
    """Return `vendor:org_id` of a row's key without its kind."""
    return ":".join(key.split(":", 2)[:2])


def field_name(partition: int, key: str) -> str:
    """Return the field of a partition's row; `key` is without its kind."""
    return f"{partition}|{key}"


def totals_fields(row_key: bytes, value: bytes, partition: int, offset: int, recorded_at: int) -> Fields:
    """Return what is kept of a row of totals; `recorded_at` is its record's timestamp in ms.

    Raises:
        RowVersionError: A newer version has written it.

    """
    row = decode_row(row_key, value)
    state = _by_program(row_key.decode(), row.state) if isinstance(row.state, KeptState) else row.state
    return {
        "version": row.version,
        "partition": partition,
        "offset": offset,
        "recorded_at": recorded_at,
        "data": msgspec.json.encode(_named(state)).decode(),
    }


def field_text(fields: Fields) -> str:
    """Return the text of a field."""
    return msgspec.json.encode({**fields, "data": msgspec.Raw(str(fields["data"]).encode())}).decode()


def offset_and_data(text: str) -> tuple[int, str]:
    """Return of a field's text the offset, and the data as `totals_fields` has it."""
    field = _decode(text)
    return field.offset, bytes(field.data).decode()


def row_of_field(kind: str, name: str, text: str) -> EncodedRow:
    """Return the row that a field was made of; of what erased customers held, by programme rather than by account.

    Raises:
        RowVersionError: Another version has written it.

    """
    field = _decode(text)
    if field.version != STATE_VERSIONS[kind]:
        raise RowVersionError(f"the view has {kind} in version {field.version}, and this version another")
    data = _decode_data(field.data)
    values = [data[each] for each in INTERNAL_STATES[kind].__struct_fields__ if each in data]
    state = msgspec.convert(values, INTERNAL_STATES[kind], str_keys=True)
    return f"{kind}|{name.partition('|')[2]}".encode(), encode_row(internal_row(kind, state))


def _by_program(row_key: str, kept: KeptState) -> KeptState:
    """Return what erased customers held by programme: the id of an account may be that of somebody's card."""
    vendor, org_id = row_key.partition("|")[2].split(":", 1)
    sums: dict[str, KeptTotal] = {}
    for total in kept.totals.values():
        program_id = program_of(vendor, org_id, total.program_id).program_id
        name = account_id(program_id, total.currency)
        held = sums.get(name, KeptTotal(program_id, total.currency, Decimal(0), Decimal(0), Decimal(0)))
        sums[name] = KeptTotal(
            program_id,
            total.currency,
            add_exactly(held.active, total.active),
            add_exactly(held.pending, total.pending),
            add_exactly(held.lifetime, total.lifetime),
        )
    return KeptState(sums)


def _named(value: Any) -> Any:  # noqa: ANN401 - a state, or a part of one
    """Return a state with the names of its fields, and with amounts as text."""
    if isinstance(value, Struct):
        return {name: _named(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, Mapping):
        return {str(name): _named(part) for name, part in value.items()}
    return amount_text(value) if isinstance(value, Decimal) else value
