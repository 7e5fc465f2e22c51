"""A record that its raw topic would not take, or not keep, is left with the reason."""

import pytest
from msgspec.structs import replace

from loyalty_stream.ops.dead_letters.letter import Letter
from loyalty_stream.ops.dead_letters.places import Place
from loyalty_stream.ops.dead_letters.refusals import Left, RawTopic, refusal
from loyalty_stream.pipeline.emit import DeadRecord

HOUR_MS = 3_600_000
NOW_MS = 1_790_000_000_000
RAW = "loyalty.raw.capillary"
TOPICS = {RAW: RawTopic(4, 24 * HOUR_MS, 1_000)}
RECORD = DeadRecord(RAW, 3, 30, NOW_MS - 22 * HOUR_MS, b"k", b"v", ())
LETTER = Letter(Place(1, 7), NOW_MS, "conflict", "", "loyalty", Place(3, 30, RAW), RECORD)


def why(record: DeadRecord, topics: dict[str, RawTopic] = TOPICS) -> Left | None:
    raw = Place(record.partition, record.offset, record.topic)
    return refusal(replace(LETTER, raw=raw, record=record), topics, NOW_MS)


def test_a_record_that_the_topic_takes_and_keeps_is_not_left() -> None:
    assert why(RECORD) is None
    forever = {RAW: RawTopic(4, None, 1_000)}
    assert why(replace(RECORD, timestamp=0), forever) is None


@pytest.mark.parametrize(
    ("record", "left"),
    [
        (replace(RECORD, timestamp=NOW_MS - 24 * HOUR_MS), Left.OLDER_THAN_RETENTION),
        (replace(RECORD, timestamp=NOW_MS - 23 * HOUR_MS - 1), Left.OLDER_THAN_RETENTION),
        (replace(RECORD, value=b"v" * 1_000), Left.TOO_LARGE),
        (replace(RECORD, headers=(("h", b"v" * 1_000),)), Left.TOO_LARGE),
        (replace(RECORD, partition=4), Left.NO_SUCH_PARTITION),
        (replace(RECORD, topic="payments"), Left.NO_SUCH_PARTITION),
        (replace(RECORD, cause=f"{RAW}-3@30"), Left.NOT_WHOLE),
    ],
)
def test_any_other_record_is_left(record: DeadRecord, left: Left) -> None:
    assert why(record) is left
