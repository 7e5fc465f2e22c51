"""Say what a record of any of our topics holds: derived event, canonical event, dead letter, table row or raw bytes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import msgspec
from confluent_kafka import Message
from msgspec import Struct

from loyalty_stream.domains import DOMAINS
from loyalty_stream.model.amounts import amount_text
from loyalty_stream.pipeline.framing import HEADER_BYTES, MARKER, header_of, reader
from loyalty_stream.pipeline.schemas import SCHEMA_FILES
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
    """Say what a record holds, by its topic's name and, for Avro, the fingerprint before its value."""

    def __init__(self, settings: Settings) -> None:
        """Know the schemas by their fingerprints, and the topics by their names."""
        self._schemas: dict[bytes, Callable[[bytes], Any]] = {
            header_of(schema): reader(schema) for schema in SCHEMA_FILES.values()
        }
        prefix = settings.topic_prefix
        self._kinds: dict[str, Callable[[Message], tuple[str, Any]]] = {
            **{f"{prefix}derived.{domain.topic_name}": self._derived for domain in DOMAINS},
            settings.canonical_topic: self._canonical,
            f"{prefix}dead_letters": _dead_letter,
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
        return "derived", self._value(message.value() or b"")

    def _canonical(self, message: Message) -> tuple[str, Any]:
        value = self._value(message.value() or b"")
        if isinstance(value, dict) and isinstance(value.get("body"), bytes):
            value["body"] = msgspec.json.decode(value["body"])
            value["raw"] = None if value.get("raw") is None else f"{len(value['raw']['value'])} bytes"
        return "canonical", value

    def _value(self, value: bytes) -> Any:  # noqa: ANN401 - whatever the schema describes
        if not value.startswith(MARKER):
            return msgspec.json.decode(value)
        read = self._schemas.get(value[:HEADER_BYTES])
        if read is None:
            raise ValueError(
                f"written with a schema that this version does not know (fingerprint {value[2:HEADER_BYTES].hex()})"
            )
        return json_able(read(value))


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
    return "row", {"domain": domain, **render_row(domain, row)}


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
