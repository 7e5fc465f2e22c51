"""The codec of table rows: which state a row holds is told by the domain in its key."""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from loyalty_stream.domains import DOMAINS
from loyalty_stream.model.row import ROW_VERSION, Row
from loyalty_stream.pipeline.internal import INTERNAL_STATES

AnyRow = Row[Any]  # a row of whichever domain


_encode: Final = msgspec.msgpack.Encoder().encode
_STATES: Final[dict[str, Any]] = {domain.name: domain.state_type for domain in DOMAINS} | INTERNAL_STATES
_DECODERS: Final[dict[bytes, Callable[[bytes], AnyRow]]] = {
    name.encode(): msgspec.msgpack.Decoder(Row[state]).decode  # type: ignore[valid-type]  # per kind of row
    for name, state in _STATES.items()
}


class RowVersionError(ValueError):
    """Say that a row was written by a version that this one cannot read."""


def decode_row(key: bytes, encoded: bytes) -> AnyRow:
    """Return the row of a key; raise RowVersionError for a layout that this version does not know."""
    domain = key.partition(b"|")[0]
    decode = _DECODERS.get(domain)
    if decode is None:
        raise RowVersionError(f"the table holds a row of the domain {domain.decode()!r}, which this version lacks")
    row = decode(encoded)
    if row.version != ROW_VERSION:
        raise RowVersionError(f"a row of {domain.decode()} has version {row.version}; this version reads {ROW_VERSION}")
    return row


def encode_row(row: AnyRow) -> bytes:
    """Return a row as the table holds it."""
    return _encode(row)
