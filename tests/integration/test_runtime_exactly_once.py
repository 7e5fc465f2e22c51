"""The runtime commits each effect exactly once, whatever is killed, frozen or rebalanced."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.runtime_stream import SumStream
from tests.kafka.client import wait_until

SLOW = 8_000


@pytest.fixture
def stream(broker: str, tmp_path: Path) -> Iterator[SumStream]:
    with SumStream(broker, tmp_path) as stream:
        yield stream


@pytest.mark.long
def test_outputs_survive_a_kill_amid_the_work(stream: SumStream) -> None:
    stream.send(40_000, keys=2_000, padding=300)
    for _ in range(3):
        worker = stream.worker(job_records_per_second=SLOW)
        stream.wait_progress(3_000)
        worker.kill()
    stream.worker("empty-folder")
    stream.wait_done()
    stream.assert_exactly_once()


@pytest.mark.long
def test_workers_join_and_leave(stream: SumStream) -> None:
    stream.send(40_000, keys=2_000, padding=300)
    first = stream.worker("a", job_records_per_second=SLOW)
    stream.wait_progress(2_000)
    second = stream.worker("b", job_records_per_second=SLOW)
    second.wait_ready()
    stream.wait_progress(2_000)
    assert first.stop() == 0
    stream.wait_progress(2_000)
    stream.worker("a")
    stream.wait_done()
    stream.assert_exactly_once()


def test_a_worker_that_was_frozen_past_its_session_is_fenced(stream: SumStream) -> None:
    stream.send(30_000, padding=300)
    zombie = stream.worker("zombie", job_records_per_second=SLOW)
    stream.wait_progress(2_000)
    zombie.freeze()
    stream.worker("heir")
    stream.wait_done()
    zombie.thaw()
    assert zombie.wait_end(20) == 3
    assert "another worker has taken over" in zombie.log_text
    stream.assert_exactly_once()


@pytest.mark.long
def test_a_standby_takes_over_without_reading_the_changelog_anew(stream: SumStream) -> None:
    stream.send(20_000)
    first = stream.worker("a", standby_replicas=1)
    stream.wait_done()
    second = stream.worker("b", standby_replicas=1)
    second.wait_ready()
    assert wait_until(lambda: second.owned() == 2, 20)
    first.kill()
    assert wait_until(lambda: second.owned() == 4, 20)
    stream.send(5_000)
    stream.wait_done()
    stream.assert_exactly_once()
    last_assignment = second.log_text.rsplit("Executing _on_partitions_assigned", 1)[1]
    assert "Restoring state from changelog topics" not in last_assignment


def test_an_idle_worker_that_was_frozen_joins_again(stream: SumStream) -> None:
    stream.send(2_000)
    sleeper = stream.worker("sleeper")
    stream.wait_done()
    sleeper.freeze()
    heir = stream.worker("heir")
    assert wait_until(lambda: heir.owned() == 4, 20)
    sleeper.thaw()
    assert wait_until(lambda: sleeper.owned() == heir.owned() == 2, 20)
    stream.send(2_000)
    stream.wait_done()
    assert sleeper.exit_code() is heir.exit_code() is None
    stream.assert_exactly_once()
