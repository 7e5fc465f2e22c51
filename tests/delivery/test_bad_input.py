"""Whatever comes in, it ends as a dead letter with its reason and its own bytes, and the worker goes on."""

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

import pytest

from loyalty_stream.pipeline.framing import reader
from loyalty_stream.pipeline.schemas import DERIVED_TYPES
from tests.delivery.stream import DIALECT, Stream
from tests.golden.cases import all_cases
from tests.kafka.client import Record, produce

KEY = b"capillary:9300:5001"
HEADERS = (("traceparent", b"00-4bf9"), ("binary", b"\x00\xff"), ("twice", b"1"), ("twice", b""))
NULL_HEADER = ("null", None)


class Bad(NamedTuple):
    """A record that nobody can use, and the reason that must stand on its dead letter."""

    value: bytes | None
    reason: str


CASES = {
    "tombstone": Bad(None, "empty_value"),
    **{
        case.folder.name.partition(".")[2]: Bad(case.value, case.expected["reason"])
        for case in all_cases()
        if (case.dialect, case.event) == (DIALECT, "bad_input")
    },
}


def named(name: str) -> tuple[str, bytes]:
    """Return the header that tells a record's dead letter from the others."""
    return ("case", name.encode())


def by_name(records: Iterable[Record]) -> dict[bytes, Record]:
    """Return records by the name in their header."""
    return {dict(record.headers)["case"] or b"": record for record in records}


class Outcome(NamedTuple):
    """What came of all bad records, each followed by a good one of the same customer."""

    dead_letters: dict[bytes, Record]  # by the name that the producer's header gives
    raw: dict[bytes, Record]
    actives: list[Decimal]
    dead_lettered: int
    exit_code: int | None


def good(number: int) -> bytes:
    """Return a record that issues one point to the customer of all the bad ones."""
    data = {
        "customerIdentifiers": {"customerId": 5001},
        "loyaltyProgramId": 41,
        "totalPointsIssued": 1,
        "regularPointsIssued": 1,
    }
    event = {"eventName": "pointsIssued", "eventId": f"good-{number}", "orgId": 9300, "createdAt": 1_789_000_000_000}
    return json.dumps({**event, "data": data}).encode()


@pytest.fixture(scope="module")
def outcome(broker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    """Send every bad record to one worker, each followed by a good one of the same customer."""
    stream = Stream(broker, tmp_path_factory.mktemp("bad_input"))
    try:
        records = [
            record
            for number, (name, bad) in enumerate(CASES.items())
            for record in (Record(KEY, bad.value, (*HEADERS, named(name), NULL_HEADER)), Record(KEY, good(number)))
        ]
        produce(broker, stream.raw, records)
        worker = stream.worker(dead_letter_limit=1)
        stream.wait_done(len(records))
        read = reader(DERIVED_TYPES["points"].schema)
        told = [read(record.value or b"") for record in stream.read(stream.config.derived_topic("points"))]
        yield Outcome(
            by_name(stream.read(stream.dead_letters)),
            by_name(record for record in stream.read(stream.raw) if record.headers),
            [event["data"]["active"] for event in told],
            stream.tallies()[0].dead_lettered,
            worker.exit_code(),
        )
    finally:
        stream.close()


@pytest.mark.parametrize("name", CASES)
def test_a_bad_record_is_a_dead_letter_with_its_reason_and_its_own_bytes(outcome: Outcome, name: str) -> None:
    letter, raw, bad = outcome.dead_letters[name.encode()], outcome.raw[name.encode()], CASES[name]
    headers = dict(letter.headers)
    assert headers["loyalty_reason"] == headers["__connect.errors.exception.class.name"] == bad.reason.encode()
    assert (letter.key, letter.value == bad.value) == (KEY, True)
    assert letter.headers[: len(HEADERS)] == HEADERS
    assert headers["__connect.errors.offset"] == str(raw.offset).encode()


def test_a_header_without_a_value_stays_without_one(outcome: Outcome) -> None:
    assert all(letter.headers[len(HEADERS) + 1] == NULL_HEADER for letter in outcome.dead_letters.values())


def test_each_next_record_of_that_customer_is_processed(outcome: Outcome) -> None:
    assert outcome.actives == list(range(1, len(CASES) + 1))


def test_each_bad_record_is_counted_and_the_worker_goes_on(outcome: Outcome) -> None:
    assert outcome.dead_lettered == len(outcome.dead_letters) == len(CASES)
    assert outcome.exit_code is None
