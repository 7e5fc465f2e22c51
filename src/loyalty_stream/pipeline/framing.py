"""What stands before an Avro value: the fingerprint of its schema, or the schema's id in a Schema Registry.

Without a registry it is Avro's single-object encoding: two marker bytes and the fingerprint. With one it is the framing
that Confluent's serializers read: a zero byte and the id in four bytes, big-endian.
"""

from collections.abc import Callable
from functools import cache
from io import BytesIO
from typing import Any, Final

import fastavro
from fastavro.read import SchemaResolutionError
from fastavro.schema import SchemaParseException, fingerprint, to_parsing_canonical_form

from loyalty_stream.pipeline.avro import Schema

MARKER: Final = b"\xc3\x01"
HEADER_BYTES: Final = 10
REGISTRY_MAGIC: Final = b"\0"
REGISTRY_HEADER_BYTES: Final = 5


def header_of(schema: Schema) -> bytes:
    """Return the ten bytes that stand before every value of a schema."""
    return MARKER + _fingerprint(to_parsing_canonical_form(schema))


@cache
def _fingerprint(canonical: str) -> bytes:
    """Return the fingerprint of a schema's canonical form; it takes a millisecond, bit by bit."""
    return bytes.fromhex(fingerprint(canonical, "CRC-64-AVRO"))


def registry_header(schema_id: int) -> bytes:
    """Return the five bytes that stand before every value of a schema that a registry knows under an id."""
    return REGISTRY_MAGIC + schema_id.to_bytes(4, "big")


def registry_id(framed: bytes) -> int:
    """Return the id that `registry_header` wrote; it raises ValueError where there is none."""
    if not framed.startswith(REGISTRY_MAGIC) or len(framed) < REGISTRY_HEADER_BYTES:
        raise ValueError("the value is not framed with the id of a schema")
    return int.from_bytes(framed[1:REGISTRY_HEADER_BYTES], "big")


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


def resolver(written: Schema, wanted: Schema) -> Callable[[bytes], Any]:
    """Return the function that reads a value, its header removed, that was written with one schema, as another has it.

    It raises ValueError for a value that the wanted schema has no place for, as for a record that came later, and at
    once for what is no Avro schema by itself.
    """
    target = fastavro.parse_schema(wanted)
    try:
        writer = fastavro.parse_schema(written)
    except (SchemaParseException, KeyError, ValueError) as failure:
        raise ValueError(f"written with what is no Avro schema by itself ({failure})") from failure

    def read(body: bytes) -> Any:  # noqa: ANN401 - whatever the schemas describe
        try:
            return fastavro.schemaless_reader(BytesIO(body), writer, target)
        except SchemaResolutionError as failure:
            raise ValueError("written by a newer version, which has a type that this one does not know") from failure

    return read
