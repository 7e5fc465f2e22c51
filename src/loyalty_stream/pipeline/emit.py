"""Emit: derived events, dead letters and re-keyed events as messages."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Final

import msgspec
from msgspec import Struct

from loyalty_stream.domains import DOMAINS
from loyalty_stream.model.amounts import amount_text
from loyalty_stream.model.events import DerivedEvent, RawRecord
from loyalty_stream.model.outcome import Rejected
from loyalty_stream.pipeline.avro import writer
from loyalty_stream.pipeline.canonical import CanonicalRecord
from loyalty_stream.pipeline.config import PipelineConfig
from loyalty_stream.pipeline.effects import Message
from loyalty_stream.pipeline.framing import header_of, registry_header
from loyalty_stream.pipeline.schemas import CANONICAL_TYPE, DERIVED_TYPES
from loyalty_stream.pipeline.trace import NO_TRACE, Trace

Headers = list[tuple[str, bytes | None]]
Encode = Callable[[DerivedEvent], bytes]

_CANONICAL_HEADER: Final = header_of(CANONICAL_TYPE.schema)
_write_canonical: Final = writer(CANONICAL_TYPE)
_SPEC_VERSION: Final = ("ce_specversion", b"1.0")
APP_ID_HEADER: Final = "loyalty_app_id"
_TYPE_PREFIX: Final = "loyalty."


class DeadRecord(Struct, frozen=True, gc=False):
    """A raw record as a dead letter holds it: its own bytes and where they stood."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]
    cause: str = ""  # topic-partition@offset of the raw record, where this is but an event of it

    @classmethod
    def of(cls, record: RawRecord, cause: str = "") -> "DeadRecord":
        """Return a record as Kafka handed it out."""
        return cls(
            record.topic,
            record.partition,
            record.offset,
            record.timestamp,
            record.key,
            record.value,
            tuple(record.headers or ()),
            cause,
        )


class Emitter:
    """Turn what was reduced into messages of the configured format.

    `trace` is the trace context of the record under way: it goes onto each message.
    """

    def __init__(self, config: PipelineConfig, schema_ids: Mapping[str, int] | None = None) -> None:
        """Compile one encoder for each derived topic.

        `schema_ids` are the ids that a Schema Registry gave to the schemas of the derived topics, by the topics' short
        names; without it, fingerprints stand before the values.
        """
        self._config = config
        self._topics = {domain.name: config.derived_topic(domain.topic_name) for domain in DOMAINS}
        as_json = config.output_format == "json"
        self._content_type = ("content-type", b"application/json" if as_json else b"application/avro")
        headers = {
            topic: header_of(typed.schema) if schema_ids is None else registry_header(schema_ids[topic])
            for topic, typed in DERIVED_TYPES.items()
        }
        encoders = {topic: _json if as_json else _avro(topic, header) for topic, header in headers.items()}
        self._encode = {domain.name: encoders[domain.topic_name] for domain in DOMAINS}
        self._types: dict[str, tuple[str, bytes]] = {}
        self._sources: dict[tuple[str, str], tuple[str, bytes]] = {}
        self.trace: Trace = NO_TRACE

    def derived(self, domain: str, event: DerivedEvent) -> Message:
        """Return the message of a derived event, with CloudEvents headers in binary mode."""
        headers: Headers = [
            ("ce_id", event.id.encode()),
            self._type_header(event.type),
            self._source_header(event.vendor, event.org_id),
            _SPEC_VERSION,
            self._content_type,
        ]
        if self.trace:
            headers += self.trace
        return Message(self._topics[domain], event.key.encode(), self._encode[domain](event), headers)

    def canonical(self, record: CanonicalRecord, partition: int) -> Message:
        """Return the message that takes an event to the partition of its own key."""
        value = _CANONICAL_HEADER + _write_canonical(record)
        headers: Headers = [(APP_ID_HEADER, self._config.app_id.encode()), *self.trace]
        return Message(self._config.canonical_topic, record.key.encode(), value, headers, partition)

    def dead_letter(self, record: DeadRecord, rejected: Rejected) -> Message:
        """Return the dead letter: the original key, value and headers, and what Kafka Connect's tools read."""
        reason = rejected.reason.encode()
        headers: Headers = list(record.headers)
        headers += [
            ("__connect.errors.topic", record.topic.encode()),
            ("__connect.errors.partition", str(record.partition).encode()),
            ("__connect.errors.offset", str(record.offset).encode()),
            ("__connect.errors.connector.name", self._config.app_id.encode()),
            ("__connect.errors.stage", b"TRANSFORMATION"),
            ("__connect.errors.class.name", b"loyalty_stream.pipeline"),
            ("__connect.errors.exception.class.name", reason),
            ("__connect.errors.exception.message", rejected.detail.encode()),
            ("loyalty_reason", reason),
            ("loyalty_timestamp", str(record.timestamp).encode()),
        ]
        if record.cause:
            headers.append(("loyalty_cause", record.cause.encode()))
        return Message(self._config.dead_letter_topic, record.key, record.value, headers)

    def _type_header(self, kind: str) -> tuple[str, bytes]:
        header = self._types.get(kind)
        if header is None:
            header = self._types[kind] = ("ce_type", f"{_TYPE_PREFIX}{kind}".encode())
        return header

    def _source_header(self, vendor: str, org_id: str) -> tuple[str, bytes]:
        header = self._sources.get((vendor, org_id))
        if header is None:
            if len(self._sources) > SOURCES_MAX:
                self._sources.clear()
            header = self._sources[vendor, org_id] = ("ce_source", f"/{vendor}/{org_id}".encode())
        return header


SOURCES_MAX: Final = 10_000
_encode_json: Final = msgspec.json.Encoder().encode


def _json(event: DerivedEvent) -> bytes:
    return _encode_json(_plain_amounts(msgspec.to_builtins(event, builtin_types=(Decimal,))))


def _plain_amounts(value: object) -> object:
    """Return the same JSON with each decimal as plain text."""
    if isinstance(value, dict):
        return {key: _plain_amounts(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain_amounts(part) for part in value]
    return amount_text(value) if isinstance(value, Decimal) else value


def _avro(topic: str, header: bytes) -> Encode:
    write = writer(DERIVED_TYPES[topic])

    def encode(event: DerivedEvent) -> bytes:
        return header + write(event)

    return encode
