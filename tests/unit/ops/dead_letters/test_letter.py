"""A dead letter gives back the raw record that was put into it."""

import json
from typing import TYPE_CHECKING, cast

import pytest

from loyalty_stream.ops.dead_letters.letter import Letter
from loyalty_stream.ops.dead_letters.places import Place
from loyalty_stream.ops.dead_letters.redrive import raw_message
from loyalty_stream.pipeline.config import PipelineConfig
from loyalty_stream.pipeline.effects import Message
from tests.helpers.flow import Flow, dead_letters_of

if TYPE_CHECKING:
    from confluent_kafka import Message as KafkaMessage

HEADERS = [("traceparent", b"00-4bf9"), ("null", None), ("twice", b"1"), ("twice", b"\xff")]
THEIRS = [("__connect.errors.topic", b"theirs"), ("__connect.errors.offset", b"x"), ("loyalty_reason", b"theirs")]
AT_MS = 1_790_000_000_000


class Stored:
    """A message of the pipeline as a client hands it out of the topic."""

    def __init__(self, message: Message) -> None:
        self._message = message

    def partition(self) -> int:
        return 1

    def offset(self) -> int:
        return 7

    def timestamp(self) -> tuple[int, int]:
        return (1, AT_MS + 5)

    def key(self) -> bytes | None:
        return self._message.key

    def value(self) -> bytes | None:
        return self._message.value

    def headers(self) -> list[tuple[str, bytes | None]] | None:
        return self._message.headers


def read(message: Message) -> Letter | None:
    return Letter.read(cast("KafkaMessage", Stored(message)))


def letter_of(value: bytes | None, headers: object = ()) -> Letter:
    """The letter of a record that nobody can use."""
    flow = Flow()
    flow.raw(value, key=b"k", timestamp=AT_MS, headers=headers)
    [message] = dead_letters_of(flow.messages)
    letter = read(message)
    assert letter is not None
    return letter


@pytest.mark.parametrize("value", [None, b"", b"\xff", b'{"eventName": "unheardOf"}'])
@pytest.mark.parametrize("headers", [[], HEADERS, [*THEIRS, *HEADERS], [*HEADERS, *THEIRS]])
def test_the_record_in_a_letter_is_the_one_that_was_put_in(
    value: bytes | None, headers: list[tuple[str, bytes | None]]
) -> None:
    letter = letter_of(value, headers)
    record = letter.record
    assert (record.topic, record.partition, record.offset) == ("loyalty.raw.capillary", 0, 0)
    assert (record.key, record.value, record.timestamp, list(record.headers)) == (b"k", value, AT_MS, headers)
    assert (letter.place, letter.raw) == (Place(1, 7), Place(0, 0, "loyalty.raw.capillary"))
    assert (letter.written_at, letter.app_id, letter.is_whole) == (AT_MS + 5, "loyalty", True)


def test_a_letter_says_its_reason_and_detail() -> None:
    letter = letter_of(None)
    assert (letter.reason, letter.detail) == ("empty_value", "the record has no value")


def test_another_record_on_the_topic_is_no_letter() -> None:
    assert read(Message("loyalty.dead_letters", b"k", b"v", None)) is None
    assert read(Message("loyalty.dead_letters", b"k", b"v", [("loyalty_reason", b"conflict")])) is None


@pytest.mark.parametrize(("header", "redrives"), [(b"2", 2), (b"", 0), (b"-1", 0), (b"x", 0), (None, 0)])
def test_what_is_no_number_of_redrives_counts_as_never(header: bytes | None, redrives: int) -> None:
    assert letter_of(None, [("loyalty_redrives", header)]).redrives == redrives


def test_a_record_goes_back_with_one_more_redrive_and_else_as_it_was() -> None:
    letter = letter_of(b"{", [*HEADERS, ("loyalty_redrives", b"1")])
    message = raw_message(letter)
    assert message[:3] == ("loyalty.raw.capillary", b"k", b"{")
    assert message.headers == [*HEADERS, ("loyalty_redrives", b"2")]
    assert message.partition == 0


def issue(points: int) -> bytes:
    data = {"customerIdentifiers": {"customerId": 5001}, "loyaltyProgramId": 41, "regularPointsIssued": points}
    event = {"eventName": "pointsIssued", "eventId": "e-1", "orgId": 9300, "createdAt": AT_MS, "data": data}
    return json.dumps(event).encode()


@pytest.mark.parametrize("partition", range(4))
def test_the_number_of_redrives_is_kept_wherever_the_record_fails_again(partition: int) -> None:
    flow = Flow(PipelineConfig(dead_letter_limit=1))
    flow.raw(issue(1), partition=partition)
    flow.raw(issue(2), partition=partition, headers=[("loyalty_redrives", b"2")])
    [message] = dead_letters_of(flow.messages)
    letter = read(message)
    assert letter is not None
    assert (letter.reason, letter.redrives) == ("conflict", 2)
    assert (letter.record.value, letter.raw.partition) == (issue(2), partition)


def test_a_letter_of_an_event_whose_record_did_not_travel_along_names_the_record() -> None:
    flow = Flow()
    flow.raw(None)
    [message] = dead_letters_of(flow.messages)
    headers = [*(message.headers or ()), ("loyalty_cause", b"loyalty.raw.capillary-3@12")]
    letter = read(message._replace(headers=headers))
    assert letter is not None
    assert (letter.is_whole, letter.raw, letter.topic) == (
        False,
        Place(3, 12, "loyalty.raw.capillary"),
        "loyalty.raw.capillary",
    )
