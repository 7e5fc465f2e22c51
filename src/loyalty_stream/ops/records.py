"""Say what a record of any of our topics holds: derived event, canonical event, dead letter, table row or raw bytes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import msgspec
from confluent_kafka import Message
from msgspec import Struct

from loyalty_stream.model.amounts import amount_text
from loyalty_stream.ops.releases import released
from loyalty_stream.pipeline.avro import Schema
from loyalty_stream.pipeline.framing import (
    HEADER_BYTES,
    MARKER,
    REGISTRY_HEADER_BYTES,
    REGISTRY_MAGIC,
    header_of,
    registry_id,
    resolver,
)
from loyalty_stream.pipeline.internal import INTERNAL_STATES
from loyalty_stream.pipeline.schemas import CANONICAL_TYPE, DERIVED_TYPES
from loyalty_stream.pipeline.table import RowVersionError, decode_row
from loyalty_stream.runtime.settings import Settings
from loyalty_stream.serving.customer import render_row
from loyalty_stream.serving.readable import derived_text, fields_text, moment

SHOWN_BYTES_MAX: Final = 10_000
_LINE_MAX: Final = 300
_REASON: Final = "loyalty_reason"
_CONNECT: Final = "__connect.errors."


class TailRecord(Struct, frozen=True):
    """One record as it is shown: `kind` is derived, canonical, dead_letter, row, raw or unreadable."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: str | None
    kind: str
    value: Any


class RecordReader:
    """Say what a record holds, by its topic's name and, for Avro, what stands before its value.

    Whichever release has written a value, it is shown as this version's schema has it.
    """

    def __init__(self, settings: Settings) -> None:
        """Know the topics by their names, and the schemas of all releases by their fingerprints."""
        self._settings = settings
        self._schemas = {settings.derived_topic(topic): typed.schema for topic, typed in DERIVED_TYPES.items()}
        topics = [*self._schemas]
        self._schemas[settings.canonical_topic] = CANONICAL_TYPE.schema
        releases = [schema for release in released().values() for schema in release.values()]
        self._written = {header_of(schema): schema for schema in (*releases, *self._schemas.values())}
        self._readers: dict[tuple[str, bytes], Callable[[bytes], Any]] = {}
        self._kinds: dict[str, Callable[[Message], tuple[str, Any]]] = {
            **dict.fromkeys(topics, self._derived),
            settings.canonical_topic: self._canonical,
            f"{settings.topic_prefix}dead_letters": _dead_letter,
            settings.changelog_topic: _row,
        }

    def read(self, message: Message) -> TailRecord:
        """Return a record as it is shown; one that cannot be read is shown as its bytes."""
        topic = message.topic() or ""
        try:
            kind, value = self._kinds.get(topic, _raw)(message)
        except (ValueError, KeyError, EOFError, IndexError, msgspec.DecodeError) as error:
            kind, value = "unreadable", {"problem": str(error), "bytes": shown_bytes(message.value())}
        return TailRecord(
            topic,
            message.partition() or 0,
            message.offset() or 0,
            message.timestamp()[1],
            _text(message.key()),
            kind,
            value,
        )

    def _derived(self, message: Message) -> tuple[str, Any]:
        return "derived", self._value(message)

    def _canonical(self, message: Message) -> tuple[str, Any]:
        value = self._value(message)
        if isinstance(value, dict) and isinstance(value.get("body"), bytes):
            value["body"] = msgspec.json.decode(value["body"])
            value["raw"] = None if value.get("raw") is None else f"{len(value['raw']['value'])} bytes"
        return "canonical", value

    def _value(self, message: Message) -> Any:  # noqa: ANN401 - whatever the schema describes
        value = message.value() or b""
        if value.startswith(MARKER):
            size = HEADER_BYTES
        elif value.startswith(REGISTRY_MAGIC):
            size = REGISTRY_HEADER_BYTES
        else:
            return msgspec.json.decode(value)
        kind = message.topic() or "", value[:size]
        if kind not in self._readers:
            self._readers[kind] = resolver(self._written_with(value[:size]), self._schemas[kind[0]])
        return json_able(self._readers[kind](value[size:]))

    def _written_with(self, header: bytes) -> Schema:
        """Return the schema that a header stands for; the registry is asked once for each id."""
        if header not in self._written and header.startswith(REGISTRY_MAGIC):
            self._written[header] = self._registered(registry_id(header))
        if header not in self._written:
            known = header[2:].hex()
            raise ValueError(f"written with a schema that this version does not know (fingerprint {known})")
        return self._written[header]

    def _registered(self, schema_id: int) -> Schema:
        if self._settings.schema_registry_url is None:
            raise ValueError(
                f"written with schema {schema_id} of a Schema Registry: set LOYALTY_SCHEMA_REGISTRY_URL to read it"
            )
        from loyalty_stream.runtime.registry import Registry  # noqa: PLC0415 - it takes 0.6 s to load

        schema = Registry(self._settings).schema(schema_id)
        if schema is None:
            raise ValueError(f"the registry at {self._settings.schema_registry_url} has no schema {schema_id}")
        return schema


def json_able(value: Any) -> Any:  # noqa: ANN401 - any value that Avro holds
    """Return a value that was read from Avro as LOYALTY_OUTPUT_FORMAT=json writes it."""
    if isinstance(value, dict):
        return {name: json_able(part) for name, part in value.items()}
    if isinstance(value, list):
        return [json_able(part) for part in value]
    if isinstance(value, Decimal):
        return amount_text(value)
    if isinstance(value, datetime):
        return round(value.timestamp() * 1000)
    if isinstance(value, date):
        return value.isoformat()
    return value


def shown_bytes(value: bytes | None) -> str | None:
    """Return bytes as text that is safe on any terminal, cut to a length that can be looked at."""
    if value is None:
        return None
    shown = value[:SHOWN_BYTES_MAX].decode("utf-8", "backslashreplace")
    safe = "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in shown)
    rest = len(value) - SHOWN_BYTES_MAX
    return f"{safe}… ({rest} more bytes)" if rest > 0 else safe


def _dead_letter(message: Message) -> tuple[str, Any]:
    headers = {name: _text(value) for name, value in headers_of(message)}
    source = [headers.get(f"{_CONNECT}{part}") for part in ("topic", "partition", "offset")]
    return "dead_letter", {
        "reason": headers.get(_REASON),
        "detail": headers.get(f"{_CONNECT}exception.message"),
        "source": dict(zip(("topic", "partition", "offset"), source, strict=True)),
        "value": shown_bytes(message.value()),
    }


def _row(message: Message) -> tuple[str, Any]:
    key, value = message.key() or b"", message.value()
    domain = key.partition(b"|")[0].decode()
    if value is None:
        return "row", {"domain": domain, "deleted": True}
    try:
        row = decode_row(key, value)
    except RowVersionError as error:
        raise ValueError(str(error)) from error
    if domain in INTERNAL_STATES:
        return "row", {"domain": domain, "seq": row.seq, **_shown(row.state)}
    return "row", {"domain": domain, **render_row(domain, row)}


def _shown(value: object) -> Any:  # noqa: ANN401 - a JSON document
    """Return the state of a row that no domain has; of what waits in it only the size is told."""
    if isinstance(value, Struct):
        return {name: _shown(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, dict):
        return {str(name): _shown(part) for name, part in value.items()}
    if isinstance(value, tuple):
        return [_shown(part) for part in value]
    return f"{len(value)} bytes" if isinstance(value, bytes) else json_able(value)


def _raw(message: Message) -> tuple[str, Any]:
    return "raw", shown_bytes(message.value())  # as written: decoded, its numbers would not be exact


def headers_of(message: Message) -> Sequence[tuple[str, bytes | None]]:
    """Return a message's headers in their order."""
    headers: Any = message.headers()
    if isinstance(headers, Mapping):
        return list(headers.items())
    return headers or ()


def _text(value: str | bytes | None) -> str | None:
    return shown_bytes(value) if isinstance(value, bytes) else value


def record_line(record: TailRecord) -> str:
    """Return a record on one line, for people."""
    place = f"{record.topic} {record.partition}:{record.offset} {moment(max(0, record.timestamp))}"
    value = record.value
    if record.kind == "derived":
        return f"{place} {derived_text(value)}"
    if record.kind == "dead_letter":
        source = value["source"]
        return (
            f"{place} {value['reason']}: {value['detail']} "
            f"(from {source['topic']} {source['partition']}:{source['offset']}) {_short(value['value'])}"
        )
    text = fields_text(value) if isinstance(value, dict) else _short(value)
    return f"{place} {record.key or '(no key)'} {text}"


def _short(text: str | None) -> str:
    if text is None:
        return "(no value)"
    return text if len(text) <= _LINE_MAX else f"{text[:_LINE_MAX]}…"
