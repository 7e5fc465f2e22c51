"""Read any topic of ours and say what each record holds: derived, canonical, dead letter, table row or raw."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import msgspec
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, TopicPartition
from msgspec import Struct

from loyalty_stream.domains import DOMAINS
from loyalty_stream.pipeline.avro import Schema
from loyalty_stream.pipeline.framing import HEADER_BYTES, MARKER, header_of, reader
from loyalty_stream.pipeline.schemas import SCHEMA_FILES
from loyalty_stream.pipeline.table import RowVersionError, decode_row
from loyalty_stream.runtime.clients import reader_config
from loyalty_stream.runtime.settings import Settings
from loyalty_stream.serving.customer import amount_text, render_row
from loyalty_stream.serving.readable import derived_text, fields_text, moment

SHOWN_BYTES_MAX: Final = 2_000
_POLL_SECONDS: Final = 0.2
_TIMEOUT_SECONDS: Final = 15.0
_REASON: Final = "loyalty_reason"
_CONNECT: Final = "__connect.errors."


class TailError(Exception):
    """A topic cannot be read; the message says why and what helps."""


class TailRecord(Struct, frozen=True):
    """One record as it is shown: `kind` is derived, canonical, dead_letter, row, raw or unreadable."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: str | None
    kind: str
    value: Any


def full_names(names: Sequence[str], settings: Settings, known: Sequence[str]) -> list[str]:
    """Return the topics that names stand for: whole, or short as in `derived.points`, `dead_letters`, `changelog`.

    Raises:
        TailError: A topic does not exist.

    """
    topics = []
    for name in names:
        candidates = (
            [settings.changelog_topic] if name in {"changelog", "state"} else [name, f"{settings.topic_prefix}{name}"]
        )
        found = next((topic for topic in candidates if topic in known), None)
        if found is None:
            ours = [
                topic.removeprefix(settings.topic_prefix) for topic in known if topic.startswith(settings.topic_prefix)
            ]
            raise TailError(
                f"there is no topic {' or '.join(candidates)} on {settings.bootstrap_servers}. "
                + (
                    f"There are: {', '.join([*sorted(ours), 'changelog'])}"
                    if ours
                    else "Create ours: loyalty-stream topics apply"
                )
            )
        topics.append(found)
    return topics


def tail(
    settings: Settings, names: Sequence[str], *, from_beginning: bool, follow: bool, records_max: int | None = None
) -> Iterator[TailRecord]:
    """Yield records of topics as they come, committed ones only.

    Without `follow` it ends where each partition ends now. Without `from_beginning` it starts at the end when it
    follows, and else with about the last ten of each partition.

    Raises:
        TailError: A topic does not exist, or cannot be read.

    """
    consumer = Consumer(
        {**reader_config(settings), "enable.partition.eof": True, "auto.offset.reset": "earliest", "log_level": 0}
    )
    show = RecordReader(settings).read
    try:
        partitions = _assignment(consumer, settings, names, from_beginning=from_beginning, follow=follow)
        consumer.assign(partitions)
        yielded = 0
        for message in _messages(consumer, len(partitions), follow=follow):
            if records_max is not None and yielded >= records_max:
                return
            yield show(message)
            yielded += 1
            if yielded == records_max:
                return
    except KafkaException as failure:
        raise TailError(
            f"cannot read from {settings.bootstrap_servers}: {failure.args[0].str()}. Is it running, and is "
            "LOYALTY_BOOTSTRAP_SERVERS its address?"
        ) from failure
    finally:
        consumer.close()


_LAST: Final = 10


def _assignment(
    consumer: Consumer, settings: Settings, names: Sequence[str], *, from_beginning: bool, follow: bool
) -> list[TopicPartition]:
    known = consumer.list_topics(timeout=_TIMEOUT_SECONDS).topics
    partitions = []
    for topic in full_names(names, settings, list(known)):
        for number in known[topic].partitions:
            begin, end = consumer.get_watermark_offsets(TopicPartition(topic, number), timeout=_TIMEOUT_SECONDS)
            if not from_beginning:
                begin = end if follow else max(begin, end - _LAST)
            partitions.append(TopicPartition(topic, number, begin))
    return partitions


def _messages(consumer: Consumer, partitions: int, *, follow: bool) -> Iterator[Message]:
    ended: set[tuple[str | None, int | None]] = set()
    while follow or len(ended) < partitions:
        for message in consumer.consume(1_000, timeout=_POLL_SECONDS):
            error = message.error()
            if error is None:
                yield message
            elif error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - librdkafka's local codes are named so
                ended.add((message.topic(), message.partition()))
            else:
                raise KafkaException(error)


class RecordReader:
    """Say what a record holds, by its topic's name and, for Avro, the fingerprint before its value."""

    def __init__(self, settings: Settings) -> None:
        """Know the schemas by their fingerprints, and the topics by their names."""
        self._schemas: dict[bytes, Callable[[bytes], Any]] = {
            header_of(schema): reader(schema) for schema in SCHEMA_FILES.values()
        }
        prefix = settings.topic_prefix
        self._kinds: dict[str, Callable[[Message], tuple[str, Any]]] = {
            **{f"{prefix}derived.{domain.name}": self._derived for domain in DOMAINS},
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
            -1 if message.partition() is None else message.partition() or 0,
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
    headers = {name: _text(value) for name, value in _headers(message)}
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
    value = message.value()
    try:
        return "raw", msgspec.json.decode(value or b"")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return "raw", shown_bytes(value)


def _headers(message: Message) -> Sequence[tuple[str, bytes | None]]:
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
            f"(from {source['topic']} {source['partition']}:{source['offset']}) {value['value']}"
        )
    text = fields_text(value) if isinstance(value, dict) else str(value)
    return f"{place} {record.key or '(no key)'} {text}"
