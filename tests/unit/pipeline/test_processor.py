"""One record through the whole flow: what it ends as, where it goes, what is counted."""

import json
from typing import Any

import pytest

from loyalty_stream.model.outcome import DUPLICATE, Applied, Ignored, Rejected
from loyalty_stream.model.reasons import DeadLetterReason, IgnoredReason
from loyalty_stream.pipeline.config import PipelineConfig
from loyalty_stream.pipeline.effects import EventCount, Tally
from loyalty_stream.pipeline.emit import APP_ID_HEADER
from loyalty_stream.pipeline.limit import DeadLetterLimitError
from loyalty_stream.pipeline.processor import Processor, WrongPartitionError, _worse
from loyalty_stream.pipeline.rows import RowCache
from tests.helpers.flow import Flow, Record, dead_letters_of, header

CONFIG = PipelineConfig(partitions=2, partition_by="{customer_id}", output_format="json", dead_letter_limit=1)
HOME, AWAY = "5003", "5002"
"""Two customers; with two partitions the first lives on 1, the second on 0."""
HERE = 1
EMPTY: dict[bytes, bytes] = {}


def expired(customer: str = HOME, amount: object = 10, **given: object) -> bytes:
    data = {"customerIdentifiers": {"customerId": int(customer)}, "loyaltyProgramId": 41, "pointsExpired": amount}
    event = {
        "eventName": "pointsExpired",
        "eventId": "e-1",
        "orgId": 9300,
        "createdAt": 1_789_000_000_000,
        "data": data,
    }
    return json.dumps({**event, **given}).encode()


def coupons(*customers: str, event_id: str = "c-1", value: int = 10, **given: object) -> bytes:
    data = {
        "coupons": [
            {"id": place, "code": f"GIFT{place}", "customerIdentifiers": {"customerId": int(customer)}, **given}
            for place, customer in enumerate(customers)
        ],
        "series_info": {"discount_value": value},
    }
    event = {"eventName": "CouponIssue", "eventId": event_id, "orgId": 9300, "data": data}
    return json.dumps(event).encode()


def flow() -> Flow:
    return Flow(CONFIG)


def test_the_two_customers_live_on_different_partitions() -> None:
    home = Processor(CONFIG)._home
    assert (home("capillary", "9300", HOME), home("capillary", "9300", AWAY)) == (HERE, 0)


def test_a_record_of_a_customer_of_its_own_partition_is_applied_in_place() -> None:
    effects = flow().raw(expired(), partition=HERE)
    assert effects.tally == Tally(consumed=1, applied=1)
    assert effects.events == {EventCount("capillary", "pointsExpired", "applied", ""): 1}
    assert effects.derived == {("points", "BalanceChanged", "expired"): 1}
    assert [message.topic for message in effects.messages] == ["loyalty.derived.points"]


def test_a_record_of_another_partitions_customer_is_forwarded_and_counted_there() -> None:
    traffic = flow()
    effects = traffic.raw(expired(AWAY), partition=HERE)
    assert effects.tally == Tally(consumed=1, forwarded=1)
    assert effects.events == {EventCount("capillary", "pointsExpired", "forwarded", ""): 1}
    assert traffic.tally == Tally(consumed=2, forwarded=1, applied=1)
    assert len(traffic.derived()) == 1


def test_a_record_of_both_is_counted_where_it_lies() -> None:
    traffic = flow()
    effects = traffic.raw(coupons(AWAY, HOME, AWAY), partition=HERE)
    assert effects.tally == Tally(consumed=1, applied=1)
    assert traffic.tally == effects.tally
    assert len(traffic.derived()) == 3


def test_a_record_of_several_customers_elsewhere_is_counted_once() -> None:
    traffic = flow()
    effects = traffic.raw(coupons(AWAY, AWAY, AWAY), partition=HERE)
    assert effects.tally == Tally(consumed=1, forwarded=1)
    assert traffic.tally == Tally(consumed=2, forwarded=1, applied=1)


def test_a_forwarded_record_again_is_a_duplicate_there() -> None:
    traffic = flow()
    traffic.raw(expired(AWAY), partition=HERE)
    traffic.raw(expired(AWAY), partition=HERE)
    assert traffic.tally == Tally(consumed=4, forwarded=2, applied=1, duplicate=1)


def test_a_record_with_one_new_part_is_applied() -> None:
    traffic = flow()
    traffic.raw(coupons(HOME), partition=HERE)
    assert traffic.raw(coupons(HOME, HOME), partition=HERE).tally.applied == 1
    assert traffic.raw(coupons(HOME, HOME), partition=HERE).tally.duplicate == 1


def test_a_record_with_one_rejected_part_is_a_dead_letter_and_its_other_parts_apply() -> None:
    traffic = flow()
    traffic.raw(coupons(HOME), partition=HERE)
    effects = traffic.raw(coupons(HOME, HOME, value=11), partition=HERE)
    assert effects.tally == Tally(consumed=1, dead_lettered=1)
    types = [json.loads(message.value or b"")["type"] for message in traffic.derived()]
    assert types == ["CouponStateChanged", "EventConflictDetected", "CouponStateChanged"]


def test_a_name_that_is_not_reduced_is_ignored() -> None:
    effects = flow().raw(expired(eventName="promotionCreated"))
    assert effects.tally == Tally(consumed=1, ignored=1)
    assert effects.events == {EventCount("capillary", "promotionCreated", "ignored", "not_yet_supported"): 1}
    assert effects.messages == []


def test_a_record_that_cannot_be_read_is_a_dead_letter_of_an_unknown_event() -> None:
    effects = flow().raw(b"{", key=b"k", headers=[("trace", b"7")])
    assert effects.tally == Tally(consumed=1, dead_lettered=1)
    assert effects.events == {EventCount("capillary", "unknown", "dead_lettered", "malformed_json"): 1}
    (letter,) = effects.messages
    assert (letter.key, letter.value, header(letter, "trace")) == (b"k", b"{", "7")


def test_repairs_are_counted_by_event_and_kind_and_not_carried_over() -> None:
    dirty = expired().replace(b'"orgId"', b'"or gId"').replace(b'"pointsExpired": 10', b'"pointsExpired": "10"')
    traffic = flow()
    assert traffic.raw(dirty, partition=HERE).repairs == {
        ("capillary", "pointsExpired", "key_whitespace"): 1,
        ("capillary", "pointsExpired", "number_as_text"): 1,
    }
    assert traffic.raw(expired(eventId="e-2"), partition=HERE).repairs == {}
    assert traffic.raw(dirty.replace(b"data", b"dada")).repairs == {}


def test_a_conflict_elsewhere_is_a_dead_letter_with_the_original_record() -> None:
    traffic = flow()
    traffic.raw(expired(AWAY), partition=HERE)
    other = expired(AWAY, 11)
    traffic.raw(other, partition=HERE, key=b"k", headers=[("trace", b"7")])
    (letter,) = dead_letters_of(traffic.messages)
    assert (letter.key, letter.value, header(letter, "trace")) == (b"k", other, "7")
    assert header(letter, "loyalty_reason") == "conflict"
    assert header(letter, "__connect.errors.topic") == "loyalty.raw.capillary"
    assert header(letter, "__connect.errors.partition") == str(HERE)
    assert header(letter, "__connect.errors.offset") == "1"
    assert traffic.tally == Tally(consumed=4, forwarded=2, applied=1, dead_lettered=1)


def test_a_rejected_part_elsewhere_of_a_record_counted_here_is_a_dead_letter_but_not_counted_again() -> None:
    traffic = flow()
    traffic.raw(coupons(AWAY, HOME), partition=HERE)
    traffic.raw(coupons(AWAY, HOME, HOME, value=11), partition=HERE)
    assert len(dead_letters_of(traffic.messages)) == 2
    assert traffic.tally == Tally(consumed=2, applied=1, dead_lettered=1)


def test_the_original_bytes_of_one_of_several_parts_are_found_in_its_dead_letter() -> None:
    traffic = flow()
    traffic.raw(coupons(AWAY, AWAY), partition=HERE)
    other = coupons(AWAY, AWAY, value=11)
    traffic.raw(other, partition=HERE)
    assert other in [letter.value for letter in dead_letters_of(traffic.messages)]


def test_a_re_keyed_event_on_a_partition_that_does_not_hold_its_key_stops_the_worker() -> None:
    processor = Processor(CONFIG)
    rows = RowCache(EMPTY.get, Processor.decode_row, Processor.encode_row)
    (moved,) = processor.process_raw("capillary", HERE, [Record(value=expired(AWAY))], rows).messages
    record = Record(moved.topic, HERE, 0, 0, moved.key, moved.value, moved.headers)
    with pytest.raises(WrongPartitionError, match=r"loyalty\.canonical partition 1 .* LOYALTY_PARTITIONS or"):
        processor.process_canonical(HERE, [record], rows)


def test_bytes_that_are_no_canonical_record_stop_the_worker() -> None:
    rows = RowCache(EMPTY.get, Processor.decode_row, Processor.encode_row)
    with pytest.raises(ValueError, match="not framed"):
        Processor(CONFIG).process_canonical(0, [Record(headers=[(APP_ID_HEADER, b"loyalty")])], rows)


@pytest.mark.parametrize("headers", [None, [(APP_ID_HEADER, b"loyalty-replay")]])
def test_what_another_app_has_re_keyed_is_passed_over_and_not_counted(
    headers: list[tuple[str, bytes | None]] | None,
) -> None:
    rows = RowCache(EMPTY.get, Processor.decode_row, Processor.encode_row)
    effects = Processor(CONFIG).process_canonical(0, [Record(value=b"another's", headers=headers)], rows)
    assert (effects.messages, effects.tally, rows.take_written()) == ([], Tally(), {})


def test_more_dead_letters_than_the_limit_stop_the_worker() -> None:
    traffic = Flow(PipelineConfig(partitions=1, dead_letter_limit=0.002))
    for _ in range(2):
        traffic.raw(b"{")
    with pytest.raises(DeadLetterLimitError):
        traffic.raw(b"{")


def test_records_that_were_used_count_towards_the_limit_too() -> None:
    traffic = Flow(PipelineConfig(partitions=1, dead_letter_limit=0.001))
    for _ in range(2):
        traffic.raw(b"{")
        for place in range(999):
            traffic.raw(expired(eventName="promotionCreated", eventId=str(place)))


APPLIED: Applied[object] = Applied(None)
IGNORED = Ignored(IgnoredReason.NOT_YET_SUPPORTED)
REJECTED = Rejected(DeadLetterReason.CONFLICT)


@pytest.mark.parametrize(
    ("outcomes", "counted"),
    [
        ([APPLIED], APPLIED),
        ([DUPLICATE, APPLIED], APPLIED),
        ([APPLIED, DUPLICATE], APPLIED),
        ([APPLIED, REJECTED, APPLIED], REJECTED),
        ([REJECTED, DUPLICATE], REJECTED),
        ([DUPLICATE, IGNORED], DUPLICATE),
        ([IGNORED, DUPLICATE, REJECTED], REJECTED),
    ],
)
def test_of_several_parts_rejected_counts_then_applied_then_the_first(outcomes: list[Any], counted: object) -> None:
    result = None
    for outcome in outcomes:
        result = _worse(result, outcome)
    assert result == counted
