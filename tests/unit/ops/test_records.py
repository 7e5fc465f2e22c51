"""Whatever lies on a topic of ours is shown, and shown safely."""

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Literal, cast

import pytest

from loyalty_stream.ops import records
from loyalty_stream.ops.records import SHOWN_BYTES_MAX, RecordReader, TailRecord, record_line, shown_bytes
from loyalty_stream.pipeline.config import PipelineConfig
from loyalty_stream.pipeline.framing import HEADER_BYTES, header_of
from loyalty_stream.pipeline.schemas import DERIVED_TYPES
from loyalty_stream.runtime.settings import Settings
from loyalty_stream.simulate import SimulationOptions, make_simulation
from tests.helpers.flow import Flow

if TYPE_CHECKING:
    from confluent_kafka import Message

SETTINGS = Settings.model_construct()


class FakeMessage:
    """A message as confluent-kafka hands it out."""

    def __init__(
        self, topic: str, key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes | None]] | None = None
    ) -> None:
        self._parts = (topic, key, value, headers)

    def topic(self) -> str:
        return self._parts[0]

    def partition(self) -> int:
        return 1

    def offset(self) -> int:
        return 7

    def timestamp(self) -> tuple[int, int]:
        return (1, 1_767_225_600_000)

    def key(self) -> bytes | None:
        return self._parts[1]

    def value(self) -> bytes | None:
        return self._parts[2]

    def headers(self) -> list[tuple[str, bytes | None]] | None:
        return self._parts[3]


def read(
    topic: str, key: bytes | None, value: bytes | None, headers: list[tuple[str, bytes | None]] | None = None
) -> TailRecord:
    return RecordReader(SETTINGS).read(cast("Message", FakeMessage(topic, key, value, headers)))


def exact(value: Any) -> Any:  # noqa: ANN401 - a JSON document
    """The document with numbers for texts that are numbers: 218.740 is 218.74."""
    if isinstance(value, dict):
        return {name: exact(part) for name, part in value.items()}
    if isinstance(value, list):
        return [exact(part) for part in value]
    try:
        return Decimal(value) if isinstance(value, str) else value
    except InvalidOperation:
        return value


def flow(output_format: Literal["avro", "json"]) -> Flow:
    """What 400 simulated records cause on four partitions, all of them read on the first one."""
    flow = Flow(PipelineConfig(output_format=output_format, dead_letter_limit=1))
    for record in make_simulation(SimulationOptions(events=400, customers=30, bulk="others")).records():
        flow.raw(record.value, key=record.key, timestamp=record.timestamp_ms)
    return flow


@pytest.fixture(scope="module")
def avro() -> Flow:
    return flow("avro")


def test_derived_events_read_alike_from_avro_and_json(avro: Flow) -> None:
    as_json = flow("json").derived()
    assert len(as_json) > 300
    for one, other in zip(avro.derived(), as_json, strict=True):
        first, second = (read(each.topic, each.key, each.value, each.headers) for each in (one, other))
        assert first.kind == second.kind == "derived"
        assert exact(first.value) == exact(second.value)


def test_a_line_of_a_derived_event_names_its_type_key_and_seq(avro: Flow) -> None:
    message = avro.derived()[0]
    line = record_line(read(message.topic, message.key, message.value))
    assert line.startswith(f"{message.topic} 1:7 2026-01-01T00:00:00Z ")
    assert "seq 1" in line


def test_what_an_earlier_release_has_written_is_shown_as_this_version_has_it(
    avro: Flow, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = next(each for each in avro.derived() if each.topic.endswith("points"))
    assert message.value is not None
    earlier: Any = DERIVED_TYPES["points"].schema
    earlier = {**earlier, "fields": [*earlier["fields"], {"name": "gone", "type": "null"}]}  # which takes no byte
    monkeypatch.setattr(records, "released", lambda: {"0.0.9": {"points": earlier}})
    found = read(message.topic, message.key, header_of(earlier) + message.value[HEADER_BYTES:])
    assert found.value == read(message.topic, message.key, message.value).value


def test_canonical_events_show_their_fact_and_not_the_raw_record(avro: Flow) -> None:
    messages = [message for message in avro.messages if message.topic == "loyalty.canonical"]
    assert messages
    for message in messages:
        record = read(message.topic, message.key, message.value)
        assert record.kind == "canonical"
        assert isinstance(record.value["body"], dict)
        assert record.value["raw"] is None or record.value["raw"].endswith(" bytes")


def test_dead_letters_show_reason_detail_source_and_bytes(avro: Flow) -> None:
    messages = [message for message in avro.messages if message.topic == "loyalty.dead_letters"]
    assert messages
    for message in messages:
        record = read(message.topic, message.key, message.value, message.headers)
        assert record.kind == "dead_letter"
        assert record.value["source"]["topic"] == "loyalty.raw.capillary"
        assert f" {record.value['reason']}: {record.value['detail']} (from " in record_line(record)


def test_rows_of_the_changelog_show_their_state(avro: Flow) -> None:
    for key, value in avro.tables[0].items():
        record = read("loyalty-state-changelog", key, value)
        assert record.kind == "row"
        assert record.value["seq"] >= 0
    assert read("loyalty-state-changelog", b"points|v:o:c", None).value == {"domain": "points", "deleted": True}


@pytest.mark.parametrize(
    ("topic", "value", "problem"),
    [
        ("loyalty.derived.points", b"\xc3\x01" + b"12345678" + b"x", "schema that this version does not know"),
        ("loyalty.derived.points", b"\0\0\0\0\7x", "schema 7 of a Schema Registry: set LOYALTY_SCHEMA_REGISTRY_URL"),
        ("loyalty.derived.points", b"\0\0", "not framed with the id of a schema"),
        ("loyalty.derived.points", b"{", "truncated"),
        ("loyalty-state-changelog", b"\x94", "truncated"),
    ],
)
def test_what_cannot_be_read_is_shown_as_its_bytes(topic: str, value: bytes, problem: str) -> None:
    record = read(topic, b"points|v:o:c", value)
    assert record.kind == "unreadable"
    assert problem in record.value["problem"]
    assert record.value["bytes"] == shown_bytes(value)


def test_a_row_of_an_unknown_domain_is_unreadable() -> None:
    record = read("loyalty-state-changelog", b"wallets|v:o:c", b"\x94\x01\x00\xc4\x00\x90")
    assert "'wallets'" in record.value["problem"]


def test_raw_records_are_shown_as_written() -> None:
    assert read("loyalty.raw.capillary", None, b'{"points": 1.10}').value == '{"points": 1.10}'


def test_bytes_are_safe_on_a_terminal_and_cut() -> None:
    assert shown_bytes(b"\x1b[31mred\x00\xff\n") == r"\x1b[31mred\x00\xff\n"
    assert shown_bytes("Café".encode()) == "Café"
    assert shown_bytes(None) is None
    assert (shown_bytes(b"a" * (SHOWN_BYTES_MAX + 5)) or "").endswith("… (5 more bytes)")
