"""The runtime finds its state again, and takes any record that the broker takes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from loyalty_stream.pipeline.effects import Tally
from tests.integration.runtime_stream import SumStream
from tests.kafka.client import read_topic, wait_until

MIB = 1024 * 1024


@pytest.fixture
def stream(broker: str, tmp_path: Path) -> Iterator[SumStream]:
    with SumStream(broker, tmp_path) as stream:
        yield stream


def test_an_empty_folder_is_restored_from_the_changelog_with_its_tombstones(stream: SumStream) -> None:
    """In stock Faust recovery is skipped: it reads the changelog's end out of an empty cache."""
    stream.send(5_000, keys=300)
    stream.send_values((b"gone", b"5"), (b"kept", b"7"))
    stream.worker("a")
    stream.wait_done()
    stream.send_values((b"gone", b"-5"), (b"kept", b"1"))
    stream.wait_done()
    stream.workers[0].kill()
    worker = stream.worker("b")
    worker.wait_ready()
    assert "Restoring state from changelog topics" in worker.log_text
    assert stream.row(worker, b"kept") == "8"
    assert stream.row(worker, b"gone") is None
    stream.send(5_000, keys=300)
    stream.wait_done()
    stream.assert_exactly_once()


def test_re_keyed_events_share_the_lane_of_their_partition(stream: SumStream) -> None:
    """Two agents of one partition number share its rows, its producer and its transactions."""
    pairs = [(b"key-%d" % (number % 50), b"move:key-%d" % (number % 7)) for number in range(3_000)]
    numbers = [(b"key-%d" % (number % 7), b"1") for number in range(3_000)]
    stream.worker("a").wait_ready()
    stream.send_values(*[value for both in zip(pairs, numbers, strict=True) for value in both])
    stream.workers[0].kill()
    stream.worker("a")
    stream.worker("b")
    stream.wait_done()
    last = {record.key: int(record.value or b"0") for record in read_topic(stream.broker, stream.changelog)}
    assert sum(last.values()) == 6_000
    told = [record.value for record in read_topic(stream.broker, stream.sums)]
    assert len(told) == len(set(told)) == 6_000
    assert stream.tally(stream.raw) == Tally(consumed=6_000, applied=3_000, forwarded=3_000)
    assert stream.tally(stream.canonical) == Tally(consumed=3_000, applied=3_000)


def test_a_record_of_16_mib_passes(stream: SumStream) -> None:
    stream.send(500)
    stream.send(1, padding=16 * MIB)
    stream.send(500)
    stream.worker()
    stream.wait_done()
    stream.assert_exactly_once()


def test_aborted_records_are_skipped_and_count_as_read(stream: SumStream) -> None:
    stream.worker().wait_ready()
    stream.send_aborted(b"a", 10)
    stream.wait_done(10)
    stream.workers[0].kill()
    stream.send_aborted(b"a", 10)
    stream.send(1_000)
    worker = stream.worker()
    stream.wait_done()
    assert worker.exit_code() is None
    stream.assert_exactly_once()


def test_the_cache_stays_within_its_bound(stream: SumStream) -> None:
    worker = stream.worker(state_cache_rows=1_000)
    stream.send(20_000, keys=15_000)
    stream.wait_done()
    assert wait_until(lambda: 0 < worker.get("/processed")["cached_rows"] <= 1_000, 10)
    stream.send(20_000, keys=15_000)
    stream.wait_done()
    stream.assert_exactly_once()
