"""Read our Avro with fastavro and the checked-in schemas, as a consumer would."""

import json
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from typing import Any

import fastavro
from fastavro.schema import fingerprint, to_parsing_canonical_form

from loyalty_stream.pipeline.effects import Message
from loyalty_stream.resources import resource


@cache
def schema_of(domain: str) -> Any:  # noqa: ANN401 - a schema is a JSON document
    """Return the checked-in schema of a domain's topic."""
    return json.loads(resource(f"avro/derived/{domain}.avsc").read_text())


@cache
def header_and_parsed(domain: str) -> tuple[bytes, Any]:
    """Return the bytes that stand before each value of a domain's topic, and its schema ready to read with."""
    schema = schema_of(domain)
    found = bytes.fromhex(fingerprint(to_parsing_canonical_form(schema), "CRC-64-AVRO"))
    return b"\xc3\x01" + found, fastavro.parse_schema(schema)


def read_back(message: Message) -> Any:  # noqa: ANN401 - a record of whichever schema
    """Return what a framed message holds; its fingerprint must be that of the checked-in schema."""
    assert message.value is not None
    expected, schema = header_and_parsed(message.topic.rpartition(".")[2])
    assert message.value[:10] == expected
    rest = BytesIO(message.value[10:])
    value = fastavro.schemaless_reader(rest, schema, None)
    assert rest.read() == b""
    return value


def same(avro: object, as_json: object) -> None:
    """Check that a value read from Avro is the value that stands in JSON."""
    if isinstance(avro, dict):
        assert isinstance(as_json, dict)
        assert avro.keys() == as_json.keys()
        for key, value in avro.items():
            same(value, as_json[key])
    elif isinstance(avro, list):
        assert isinstance(as_json, list)
        for item, other in zip(avro, as_json, strict=True):
            same(item, other)
    elif isinstance(avro, Decimal):
        assert isinstance(as_json, str)
        assert avro == Decimal(as_json)
    elif isinstance(avro, datetime):
        assert round(avro.timestamp() * 1000) == as_json
    elif isinstance(avro, date):
        assert avro.isoformat() == as_json
    else:
        assert avro == as_json
