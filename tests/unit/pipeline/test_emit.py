import json
from decimal import Decimal

import pytest
from msgspec.structs import replace

from loyalty_stream.domains.cards.derived import CardStateChanged
from loyalty_stream.domains.points.derived import BalanceChanged, BalanceDriftDetected, LotChange
from loyalty_stream.model.events import Cause, DerivedEvent
from loyalty_stream.model.outcome import Rejected
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.pipeline import emit
from loyalty_stream.pipeline.config import PipelineConfig
from loyalty_stream.pipeline.emit import DeadRecord, Emitter
from loyalty_stream.pipeline.framing import header_of, physical, reader
from loyalty_stream.pipeline.schemas import DERIVED_TYPES
from tests.helpers.flow import TIMESTAMP, Record

DRIFT = BalanceDriftDetected("41", "points", "active", Decimal(110), Decimal("95.5"), Decimal("-14.5"))
EVENT = DerivedEvent(
    id="f0",
    type="BalanceDriftDetected",
    vendor="capillary",
    org_id="9300",
    key="capillary:9300:5001",
    customer_id="5001",
    program_id=None,
    occurred_at=TIMESTAMP - 5,
    observed_at=TIMESTAMP,
    seq=3,
    cause=Cause("pointsIssued", "iss-1", "loyalty.raw.capillary", 2, 42),
    data=DRIFT,
)
REJECTED = Rejected(DeadLetterReason.DUPLICATE_KEYS, "points stands twice in data")
JSON = Emitter(PipelineConfig(output_format="json"))


def test_a_derived_event_goes_to_its_domains_topic_under_its_entitys_key() -> None:
    message = Emitter(PipelineConfig(topic_prefix="acme.")).derived("points", EVENT)
    assert (message.topic, message.key, message.partition) == ("acme.derived.points", b"capillary:9300:5001", None)


@pytest.mark.parametrize("output_format", ["json", "avro"])
def test_a_domain_may_write_to_another_ones_topic(output_format: str) -> None:
    card = replace(EVENT, type="CardStateChanged", data=CardStateChanged("hash", None, "ACTIVE", ()))
    message = Emitter(PipelineConfig(output_format=output_format)).derived("cards", card)  # type: ignore[arg-type]
    assert message.topic == "loyalty.derived.customers"
    if output_format == "avro":
        assert reader(DERIVED_TYPES["customers"].schema)(message.value or b"")["data"]["to_state"] == "ACTIVE"


@pytest.mark.parametrize(
    ("output_format", "content_type"), [("json", b"application/json"), ("avro", b"application/avro")]
)
def test_its_headers_are_those_of_cloudevents_in_binary_mode(output_format: str, content_type: bytes) -> None:
    emitter = Emitter(PipelineConfig(output_format=output_format))  # type: ignore[arg-type]
    for _ in range(2):  # built, then kept
        assert emitter.derived("points", EVENT).headers == [
            ("ce_id", b"f0"),
            ("ce_type", b"loyalty.BalanceDriftDetected"),
            ("ce_source", b"/capillary/9300"),
            ("ce_specversion", b"1.0"),
            ("content-type", content_type),
        ]


def test_as_json_decimals_are_texts_and_absent_fields_are_null() -> None:
    value = json.loads(JSON.derived("points", EVENT).value or b"")
    assert value["program_id"] is None
    assert value["data"] == {
        "program_id": "41",
        "currency": "points",
        "field": "active",
        "ours": "110",
        "theirs": "95.5",
        "difference": "-14.5",
    }


def test_as_avro_it_is_framed_as_a_single_object() -> None:
    schema = DERIVED_TYPES["points"].schema
    value = Emitter(PipelineConfig()).derived("points", EVENT).value
    assert value is not None
    assert value.startswith(header_of(schema))
    assert reader(schema)(value)["data"]["theirs"] == Decimal("95.5")
    with pytest.raises(ValueError, match="not framed"):
        reader(DERIVED_TYPES["tiers"].schema)(value)


def test_with_a_registry_the_id_of_the_topics_schema_stands_before_the_same_value() -> None:
    ids = {topic: 258 + place for place, topic in enumerate(DERIVED_TYPES)}
    assert next(iter(DERIVED_TYPES)) == "points"
    framed = Emitter(PipelineConfig(), ids).derived("points", EVENT).value or b""
    alone = Emitter(PipelineConfig()).derived("points", EVENT).value or b""
    assert framed == b"\0\0\0\1\2" + alone[10:]


def test_without_logical_types_times_and_decimals_stay_as_they_are_written() -> None:
    schema = DERIVED_TYPES["points"].schema
    value = Emitter(PipelineConfig()).derived("points", EVENT).value
    assert value is not None
    read = reader(schema, logical=False)(value)
    assert read["observed_at"] == TIMESTAMP
    assert int.from_bytes(read["data"]["ours"], "big", signed=True) == 110 * 10**9
    assert "logicalType" not in json.dumps(physical(schema))


def test_a_dead_letter_holds_the_original_and_what_connects_tools_read() -> None:
    record = Record(partition=2, offset=42, key=b"k", value=b"{", headers=[("trace", b"7"), ("none", None)])
    letter = JSON.dead_letter(DeadRecord.of(record), REJECTED)
    assert (letter.topic, letter.key, letter.value) == ("loyalty.dead_letters", b"k", b"{")
    assert letter.headers == [
        ("trace", b"7"),
        ("none", None),
        ("__connect.errors.topic", b"loyalty.raw.capillary"),
        ("__connect.errors.partition", b"2"),
        ("__connect.errors.offset", b"42"),
        ("__connect.errors.connector.name", b"loyalty"),
        ("__connect.errors.stage", b"TRANSFORMATION"),
        ("__connect.errors.class.name", b"loyalty_stream.pipeline"),
        ("__connect.errors.exception.class.name", b"duplicate_keys"),
        ("__connect.errors.exception.message", b"points stands twice in data"),
        ("loyalty_reason", b"duplicate_keys"),
        ("loyalty_timestamp", str(TIMESTAMP).encode()),
    ]


@pytest.mark.parametrize("headers", [None, ()])
def test_a_dead_letter_of_a_record_without_key_value_and_headers_has_none(headers: tuple[()] | None) -> None:
    letter = JSON.dead_letter(DeadRecord.of(Record(headers=headers)), REJECTED)
    assert (letter.key, letter.value) == (None, None)
    assert letter.headers is not None
    assert letter.headers[0][0] == "__connect.errors.topic"


def test_a_header_without_a_value_is_empty_in_the_dead_letter() -> None:
    record = DeadRecord("t", 0, 0, 0, None, None, [("none", None)])
    assert (JSON.dead_letter(record, REJECTED).headers or [])[0] == ("none", None)


def test_the_kept_source_headers_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emit, "SOURCES_MAX", 2)
    emitter = Emitter(PipelineConfig())
    sources = [emitter._source_header("capillary", str(org))[1] for org in range(9)]
    assert sources == [f"/capillary/{org}".encode() for org in range(9)]
    assert len(emitter._sources) <= 3


def test_as_json_the_amounts_of_lots_are_plain_too() -> None:
    change = LotChange("baseline", "opened", Decimal("20.0"), Decimal("1E-9"), None)
    zero = Decimal("0.000")
    body = BalanceChanged("41", "points", "baselined", zero, zero, zero, zero, zero, zero, (change,), None)
    data = json.loads(JSON.derived("points", replace(EVENT, data=body)).value or b"")["data"]
    assert data["delta_active"] == "0"
    assert (data["lots"][0]["amount"], data["lots"][0]["remaining"]) == ("20", "0.000000001")
