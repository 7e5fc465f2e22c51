"""The runtime stops when it must, at once, and says why."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from loyalty_stream.pipeline.effects import Tally
from tests.integration.runtime_stream import SumStream
from tests.kafka.client import read_topic, wait_until


@pytest.fixture
def stream(broker: str, tmp_path: Path) -> Iterator[SumStream]:
    with SumStream(broker, tmp_path) as stream:
        yield stream


def test_sigterm_commits_what_was_processed_and_the_next_start_has_nothing_to_restore(stream: SumStream) -> None:
    """Flush the lanes first: Faust closes its tables before its transactions."""
    worker = stream.worker(commit_linger_ms=10_000)
    worker.wait_ready()
    stream.send(1_000)
    assert wait_until(lambda: worker.get("/processed")["records"] == 1_000, 20)
    assert stream.lag() == 1_000
    assert worker.stop() == 0
    assert stream.lag() == 0
    stream.assert_exactly_once()
    assert "ERROR" not in worker.log_text
    again = stream.worker()
    again.wait_ready()
    assert "Restoring state from changelog topics" not in again.log_text.rsplit("Joined group", 1)[1]


def test_a_bug_in_the_job_ends_the_process_and_commits_nothing_of_its_batch(stream: SumStream) -> None:
    """Faust acknowledges a batch whose agent raised, and starts the agent again."""
    stream.send_values((b"a", b"1"))
    worker = stream.worker()
    stream.wait_done()
    stream.send_values((b"a", b"1"), (b"a", b"bug"))
    assert worker.wait_end(20) == 70
    assert "RuntimeError: a bug in the job" in worker.log_text
    assert stream.lag() == 2
    assert [record.value for record in read_topic(stream.broker, stream.sums)] == [b"id-1 1"]


def test_a_state_of_a_newer_version_stops_the_start_with_what_to_do_and_no_traceback(stream: SumStream) -> None:
    stream.send(100)
    worker = stream.worker(job_state_version=2)
    stream.wait_done()
    worker.stop()
    stream.send(100)
    earlier = stream.worker(job_state_version=1)
    assert earlier.wait_end(20) == 1
    assert "sum in version 2, and this one reads sum up to 1. Start the newer version" in earlier.log_text
    assert "Traceback" not in earlier.log_text
    assert stream.lag() == 100
    stream.worker(job_state_version=3)
    stream.wait_done()
    stream.assert_exactly_once()


def test_the_dead_letter_limit_stops_with_a_message_and_no_traceback(stream: SumStream) -> None:
    stream.send_values((b"a", b"limit"))
    worker = stream.worker()
    assert worker.wait_end(20) == 1
    assert "LOYALTY_DEAD_LETTER_LIMIT" in worker.log_text
    assert "Traceback" not in worker.log_text


def test_counters_go_on_where_they_were_committed(stream: SumStream) -> None:
    stream.send(3_000)
    stream.worker("a")
    stream.wait_done()
    stream.workers[0].kill()
    stream.send(2_000)
    stream.worker("b")
    stream.wait_done()
    assert stream.tally(stream.raw) == Tally(consumed=5_000, applied=5_000)


def test_a_crash_below_faust_ends_the_process(stream: SumStream) -> None:
    """Faust's own crash() leaves the worker alive, and useless for minutes."""
    worker = stream.worker(job_crash_after_seconds=1)
    assert worker.wait_end(20) == 70
    assert "a crash below" in worker.log_text


def test_records_deleted_before_they_were_read_stop_the_worker(stream: SumStream) -> None:
    """Nothing vanishes silently: the consumer must not go on at the next record that is left."""
    stream.send(2_000, keys=1)
    stream.worker()
    stream.wait_done()
    stream.workers[0].kill()
    stream.send(2_000, keys=1)
    stream.delete_records(stream.raw)
    stream.send(1, keys=1)
    worker = stream.worker()
    assert worker.wait_end(20) == 1
    assert "--reset-offsets" in worker.log_text
    assert "Traceback" not in worker.log_text.rsplit("CRITICAL", 1)[1]
