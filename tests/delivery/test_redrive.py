"""A dead letter goes back to its raw topic exactly once, as it was, whatever is killed."""

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from confluent_kafka.admin import AlterConfigOpType, ConfigEntry, ConfigResource, ResourceType

from tests.delivery import older_worker
from tests.delivery.conftest import MakeStream
from tests.delivery.redriver import Redriver
from tests.delivery.stream import PARTITIONS, Stream, simulate
from tests.delivery.tables import assert_tables
from tests.kafka.client import Record, admin_client, produce, wait_until

LETTERS: Final = 5_000
UNKNOWN: Final = b'{"eventName": "pointsBlessed", "eventId": "e-%d", "orgId": 9300, "data": {}}'
HOUR_MS: Final = 3_600_000

MakeRedriver = Callable[[Stream], Redriver]


@pytest.fixture
def make_redriver(tmp_path: Path) -> Iterator[MakeRedriver]:
    redrivers: list[Redriver] = []

    def make(stream: Stream) -> Redriver:
        redrivers.append(Redriver(stream, tmp_path))
        return redrivers[-1]

    yield make
    for redriver in redrivers:
        redriver.close()


def unknown(number: int, *, headers: tuple[tuple[str, bytes | None], ...] = ()) -> Record:
    """Return a record of an event that the vendor does not document, some hours old."""
    at_ms = int(time.time() * 1000) - HOUR_MS - number
    return Record(b"k-%d" % (number % 50), UNKNOWN % number, headers, timestamp_ms=at_ms)


def dead_letter(stream: Stream, records: list[Record]) -> list[Record]:
    """Let a worker take records that nobody can use; return them as they lie on the raw topic."""
    produce(stream.broker, stream.raw, records)
    take_all(stream, len(records))
    return stream.read(stream.raw)


def take_all(stream: Stream, records: int) -> None:
    """Let a worker take what lies on the raw topic: so many records, those of earlier workers included."""
    worker = stream.worker(dead_letter_limit=1)
    stream.wait_consumed(records)
    assert worker.stop() == 0


def content(record: Record, *without: str) -> tuple[object, ...]:
    headers = tuple(header for header in record.headers if header[0] not in without)
    return (record.key, record.value, headers, record.partition, record.timestamp_ms)


def counted(records: list[Record]) -> Counter[tuple[object, ...]]:
    return Counter(content(record, "loyalty_redrives") for record in records)


def test_a_record_goes_back_as_it_was_to_its_own_partition(stream: Stream, make_redriver: MakeRedriver) -> None:
    headers = (("traceparent", b"00-4bf9"), ("__connect.errors.topic", b"theirs"), ("null", None), ("twice", b"1"))
    keyed_elsewhere = [unknown(number, headers=headers)._replace(partition=number % PARTITIONS) for number in range(8)]
    originals = dead_letter(stream, [*keyed_elsewhere, Record(None, None, partition=2)])
    redriver = make_redriver(stream)
    done = redriver.json("redrive", "--all")
    assert (done["selected"], done["sent"], done["left"]) == (9, 9, 0)
    back = redriver.sent_back()
    assert counted(back) == counted(originals)
    assert all(record.headers[-1] == ("loyalty_redrives", b"1") for record in back)
    assert all(record.headers[:-1] == headers for record in back if record.key is not None)


@pytest.mark.slow
@pytest.mark.parametrize(
    "options", [pytest.param((), id="first"), pytest.param(("--again",), marks=pytest.mark.long, id="again")]
)
def test_a_redrive_killed_twice_sends_each_record_exactly_once(
    stream: Stream, make_redriver: MakeRedriver, options: tuple[str, ...]
) -> None:
    originals = dead_letter(stream, [unknown(number) for number in range(LETTERS)])
    redriver = make_redriver(stream)
    before = LETTERS if options else 0
    if options:
        assert redriver.json("redrive", "--all")["sent"] == LETTERS
    taken = stream.end(stream.raw)
    for share in (0.2, 0.5):
        redriver.killed_at(int(taken + share * LETTERS), "--all", *options)
        assert before < len(redriver.sent_back()) < before + LETTERS
    done = redriver.json("redrive", "--all", *options)
    assert 0 < done["sent"] < LETTERS
    assert done["sent"] + done["left"] == LETTERS
    times = 2 if options else 1
    assert counted(redriver.sent_back()) == counted(originals * times)


@pytest.mark.long
def test_a_second_redrive_of_the_same_sends_nothing_unless_it_is_asked_to(
    stream: Stream, make_redriver: MakeRedriver
) -> None:
    dead_letter(stream, [unknown(number) for number in range(20)])
    redriver = make_redriver(stream)
    assert redriver.json("redrive", "--reason", "unknown_event")["sent"] == 20
    second = redriver.json("redrive", "--reason", "unknown_event")
    assert (second["sent"], second["left_by"][0]["why"], second["left"]) == (0, "already_redriven", 20)
    for times in (2, 3):
        assert redriver.json("redrive", "--all", "--again")["sent"] == 20
        assert len(redriver.sent_back()) == 20 * times


def test_a_dry_run_tells_what_would_be_sent_and_changes_nothing(stream: Stream, make_redriver: MakeRedriver) -> None:
    dead_letter(stream, [unknown(number) for number in range(20)])
    redriver = make_redriver(stream)
    topics = [stream.raw, stream.dead_letters, f"{stream.config.topic_prefix}redrives"]
    before = [stream.end(topic) for topic in topics]
    told = redriver.json("redrive", "--all", "--dry-run")
    assert (told["dry_run"], told["sent"]) == (True, 20)
    assert told["sent_by"] == [{"reason": "unknown_event", "topic": stream.raw, "count": 20}]
    assert [stream.end(topic) for topic in topics] == before
    assert redriver.json("redrive", "--all")["sent"] == 20


@pytest.mark.long
def test_a_record_that_fails_each_time_is_left_when_it_came_back_often_enough(
    stream: Stream, make_redriver: MakeRedriver
) -> None:
    dead_letter(stream, [unknown(0)])
    redriver = make_redriver(stream)
    for times in (1, 2):
        assert redriver.json("redrive", "--all", "--max-replays=2")["sent"] == 1
        take_all(stream, 1 + times)
        assert sorted(letter["redrives"] for letter in redriver.lines()) == [*range(times + 1)]
    done = redriver.json("redrive", "--all", "--max-replays=2", code=1)
    assert (done["sent"], {each["why"]: each["count"] for each in done["left_by"]}) == (
        0,
        {"already_redriven": 2, "beyond_max_replays": 1},
    )


@pytest.mark.long
def test_a_record_with_two_letters_goes_back_once(
    stream: Stream, make_stream: MakeStream, make_redriver: MakeRedriver
) -> None:
    dead_letter(stream, [unknown(number) for number in range(10)])
    other = make_stream(stream.config.topic_prefix)
    take_all(other, 10)
    redriver = make_redriver(stream)
    done = redriver.json("redrive", "--all")
    assert (done["selected"], done["sent"], done["left_by"][0]["why"]) == (20, 10, "already_redriven")
    assert len(redriver.sent_back()) == 10


@pytest.mark.long
def test_a_redrive_takes_over_from_one_that_hangs(stream: Stream, make_redriver: MakeRedriver) -> None:
    originals = dead_letter(stream, [unknown(number) for number in range(400)])
    redriver = make_redriver(stream)
    taken = stream.end(stream.raw)
    first = redriver.start("redrive", "--all", "--rate=100")
    assert wait_until(lambda: stream.end(stream.raw) > taken + 60, 60)
    first.send_signal(signal.SIGSTOP)
    done = redriver.json("redrive", "--all")
    first.send_signal(signal.SIGCONT)
    assert first.wait(60) == 1
    assert "another redrive has begun since" in redriver.log.read_text()
    assert 0 < done["sent"] < 400
    assert counted(redriver.sent_back()) == counted(originals)


def test_what_the_broker_would_delete_at_once_is_left_and_told(stream: Stream, make_redriver: MakeRedriver) -> None:
    dead_letter(stream, [unknown(0), unknown(1)._replace(timestamp_ms=int(time.time() * 1000))])
    set_retention(stream, 2 * HOUR_MS)
    done = make_redriver(stream).json("redrive", "--all", code=1)
    assert (done["sent"], done["left_by"][0]["why"]) == (1, "older_than_retention")
    assert "retention.ms" in done["left_by"][0]["meaning"]


def set_retention(stream: Stream, milliseconds: int) -> None:
    entry = ConfigEntry("retention.ms", str(milliseconds), incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ResourceType.TOPIC, stream.raw, incremental_configs=[entry])
    admin = admin_client(stream.broker)  # must outlive its answers
    for done in admin.incremental_alter_configs([resource]).values():
        done.result(30)


@pytest.mark.long
def test_a_rate_is_kept(stream: Stream, make_redriver: MakeRedriver) -> None:
    dead_letter(stream, [unknown(number) for number in range(40)])
    done = make_redriver(stream).json("redrive", "--all", "--rate=20")
    assert done["sent"] == 40
    assert done["seconds"] >= 39 / 20


@pytest.mark.long
@pytest.mark.slow
def test_events_that_an_older_release_did_not_know_end_as_if_it_had(
    stream: Stream, make_redriver: MakeRedriver
) -> None:
    traffic = simulate(events=8_000, customers=800, seed=11)
    older = stream.worker_of(Path(older_worker.__file__), dead_letter_limit=1)
    stream.publish(traffic.records)
    stream.wait_done(len(traffic.records))
    assert older.stop() == 0
    assert stream.tally(stream.raw).dead_lettered > 500

    stream.worker(dead_letter_limit=1)  # of today's release
    done = make_redriver(stream).json("redrive", "--reason=unknown_event", "--topic=capillary")
    stream.wait_done(len(traffic.records) + done["sent"])
    assert_tables(stream.rows(), traffic.simulation.answer)
