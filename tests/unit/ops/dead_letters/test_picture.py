"""A letter's picture tells what came of the record, and what would come of it now."""

import json
from typing import Any

import pytest
from msgspec.structs import replace

from loyalty_stream.ops.dead_letters.letter import Letter
from loyalty_stream.ops.dead_letters.picture import picture, picture_lines
from loyalty_stream.ops.dead_letters.places import Place
from loyalty_stream.pipeline.emit import DeadRecord
from tests.golden.cases import all_cases

RAW = "loyalty.raw.capillary"
GOOD = {
    "eventName": "pointsIssued",
    "eventId": "e-1",
    "orgId": 9300,
    "createdAt": 1_790_000_000_000,
    "data": {"customerIdentifiers": {"customerId": 5001}, "loyaltyProgramId": 41, "regularPointsIssued": 12.5},
}


def letter_of(value: bytes | None) -> Letter:
    record = DeadRecord(RAW, 2, 30, 1_790_000_000_000, b"k-1", value, (("bin", b"\xff"), ("none", None)))
    return Letter(Place(1, 7), 1_790_000_000_005, "unknown_event", "no such", "loyalty", Place(2, 30, RAW), record)


def told(letter: Letter) -> dict[str, Any]:
    found = picture(letter, "loyalty.raw.", redriven=False)
    assert json.loads(json.dumps(found)) == found
    return found


def test_the_original_is_shown_with_key_headers_and_the_meaning_of_its_reason() -> None:
    found = told(letter_of(b'{"a": 1}'))
    assert (found["key"], found["value"]) == ({"text": "k-1"}, {"text": '{"a": 1}'})
    assert found["headers"] == [{"name": "bin", "value": {"hex": "ff"}}, {"name": "none", "value": None}]
    assert (found["reason"], found["meaning"]) == ("unknown_event", "the vendor documents no event of this name")
    assert (found["place"], found["raw"]) == ("1:7", f"{RAW}:2:30")


def test_a_record_that_reads_today_shows_its_events_and_what_was_mended() -> None:
    now = told(letter_of(json.dumps(GOOD).encode()))["now"]
    assert now["outcome"] == "events"
    [event] = now["events"]
    assert (event["type"], event["key"]) == ("PointsIssued", "capillary:9300:5001")
    assert "12.5" in json.dumps(event["body"])
    assert "repairs" not in now
    mended = told(letter_of(json.dumps({**GOOD, "orgId": "9300"}).encode()))["now"]
    assert mended["repairs"] == ["number_as_text"]


def test_a_record_that_fails_today_too_shows_the_reason_of_today_and_the_field() -> None:
    bad = {**GOOD, "data": {**GOOD["data"], "regularPointsIssued": -1}}  # type: ignore[dict-item]  # it is a dict
    now = told(letter_of(json.dumps(bad).encode()))["now"]
    assert (now["outcome"], now["reason"]) == ("dead_letter", "negative_amount")
    assert "regularPointsIssued" in now["detail"]


def test_a_letter_that_holds_but_an_event_says_that_nothing_can_be_told() -> None:
    letter = letter_of(b"{}")
    part = replace(letter, record=replace(letter.record, topic="loyalty.canonical", cause=f"{RAW}-2@30"))
    assert told(part)["now"] is None
    assert "holds but an event" in "\n".join(picture_lines(told(part)))


BAD = [case for case in all_cases() if case.event == "bad_input"]


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.name)
def test_any_bad_record_is_shown_on_lines_that_no_terminal_obeys(case: Any) -> None:  # noqa: ANN401 - a golden case
    letter, topic = letter_of(case.value), f"loyalty.raw.{case.dialect}"
    record = replace(letter.record, topic=topic, headers=case.headers)
    found = told(replace(letter, raw=Place(2, 30, topic), record=record))
    assert found["now"]["reason"] == case.expected["reason"]
    assert all(line.isprintable() for line in picture_lines(found))
