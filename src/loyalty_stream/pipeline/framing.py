"""Avro single-object encoding: two marker bytes, the schema's fingerprint, the value."""

from collections.abc import Callable
from io import BytesIO
from typing import Any, Final

import fastavro
from fastavro.schema import fingerprint, to_parsing_canonical_form

from loyalty_stream.pipeline.avro import Schema

MARKER: Final = b"\xc3\x01"
HEADER_BYTES: Final = 10


def header_of(schema: Schema) -> bytes:
    """Return the ten bytes that stand before every value of a schema."""
    canonical = to_parsing_canonical_form(schema)
    return MARKER + bytes.fromhex(fingerprint(canonical, "CRC-64-AVRO"))


def physical(schema: Schema) -> Schema:
    """Return a schema without its logical types, so that its values read as plain numbers, texts and bytes."""
    if isinstance(schema, list):
        return [physical(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: value for key, value in schema.items() if key not in {"logicalType", "precision", "scale"}}
    for key in ("type", "items"):
        if key in plain:
            plain[key] = physical(plain[key])
    if "fields" in plain:
        plain["fields"] = [physical(part) for part in plain["fields"]]
    return plain


def reader(schema: Schema, *, logical: bool = True) -> Callable[[bytes], Any]:
    """Return the function that reads a framed value of a schema; it raises ValueError for any other value.

    Without `logical`, times stay milliseconds, dates days, and decimals their unscaled bytes.
    """
    parsed = fastavro.parse_schema(schema if logical else physical(schema))
    header = header_of(schema)

    def read(framed: bytes) -> Any:  # noqa: ANN401 - whatever the schema describes
        if not framed.startswith(header):
            raise ValueError("the value is not framed with the fingerprint of the schema")
        return fastavro.schemaless_reader(BytesIO(framed[HEADER_BYTES:]), parsed, None)

    return read
