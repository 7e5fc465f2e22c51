from decimal import Decimal

import msgspec
import pytest

from loyalty_stream.domains.points.events import PointsExpired
from loyalty_stream.model.events import EventBody
from loyalty_stream.pipeline import canonical as travelling
from loyalty_stream.pipeline.canonical import COPIES_BYTES_MAX, CanonicalRecord, RawHeader, copy_of, to_event, to_record
from loyalty_stream.pipeline.config import PipelineConfig
from loyalty_stream.pipeline.emit import Emitter
from loyalty_stream.pipeline.framing import reader
from loyalty_stream.pipeline.schemas import CANONICAL_TYPE
from tests.helpers.flow import TIMESTAMP, Record
from tests.unit.domains.helpers import canonical

EVENT = canonical(PointsExpired("41", "points", Decimal("10.5")))
RAW = Record(key=b"k", value=b"{}", headers=[("trace", b"7"), ("none", None)])
read = reader(CANONICAL_TYPE.schema, logical=False)


def travelled(record: CanonicalRecord) -> CanonicalRecord:
    value = Emitter(PipelineConfig()).canonical(record, 3).value
    assert value is not None
    return msgspec.convert(read(value), CanonicalRecord)


def test_an_event_arrives_as_it_left() -> None:
    assert to_event(travelled(to_record("capillary", EVENT, copy_of(RAW, 1), leads=True))) == EVENT


def test_it_is_addressed_to_the_partition_of_its_key() -> None:
    message = Emitter(PipelineConfig()).canonical(to_record("capillary", EVENT, copy_of(RAW, 1), leads=True), 3)
    assert (message.topic, message.partition, message.key) == ("loyalty.canonical", 3, b"capillary:7001:cust-1")


def test_an_event_of_a_record_takes_the_records_bytes_along() -> None:
    moved = travelled(to_record("capillary", EVENT, copy_of(RAW, 1), leads=True))
    assert moved.leads
    assert moved.raw is not None
    assert (moved.raw.key, moved.raw.value, moved.raw.timestamp_at) == (b"k", b"{}", TIMESTAMP)
    assert moved.raw.headers == (RawHeader("trace", b"7"), RawHeader("none", None))


@pytest.mark.parametrize("raw", [RAW._replace(headers=None), RAW._replace(key=None, value=None, headers=())])
def test_a_record_may_lack_key_value_and_headers(raw: Record) -> None:
    moved = travelled(to_record("capillary", EVENT, copy_of(raw, 1), leads=True))
    assert moved.raw is not None
    assert moved.raw.headers == ()


def test_the_only_event_of_a_large_record_takes_its_bytes_along_too() -> None:
    assert copy_of(RAW._replace(value=b"x" * (COPIES_BYTES_MAX + 1)), 1) is not None


def test_one_of_so_many_events_that_their_copies_would_be_too_large_takes_none_along() -> None:
    large = RAW._replace(value=b"x" * 1_000)
    assert copy_of(large, COPIES_BYTES_MAX // 1_000) is not None
    moved = travelled(to_record("capillary", EVENT, copy_of(large, COPIES_BYTES_MAX // 1_000 + 1), leads=False))
    assert not moved.leads
    assert moved.raw is None


def test_a_body_that_is_no_fact_is_a_mistake_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(travelling, "_decode_body", lambda _: "text")
    with pytest.raises(TypeError, match="a canonical record's body is an event's body"):
        to_event(to_record("capillary", EVENT, copy_of(RAW, 1), leads=True))
    assert isinstance(EVENT.body, EventBody)
