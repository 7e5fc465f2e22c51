"""The view under 200 kills of whatever it works with: readers are never taken back, and in the end it is right."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.delivery.stream import Stream, StreamWorker, simulate
from tests.delivery.view import ViewProcess, assert_same, keys_of, reading
from tests.redis.local import LocalRedis

pytestmark = [pytest.mark.slow, pytest.mark.long, pytest.mark.marathon]

CYCLES = 200
EVENTS = 100_000
PARTS = 5_000
"""Of what is left, one of these is written each time: some 180 events a second at first, half of it six minutes on."""
DOWN_SECONDS = 0.3
SECONDS_MAX = 3_000


@pytest.mark.timeout(SECONDS_MAX)
def test_two_hundred_kills_under_load_take_no_reader_back_and_leave_redis_equal_to_the_tables(
    stream: Stream,
    redis: LocalRedis,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    records, _ = simulate(events=EVENTS, customers=5_000, seed=31, erasure_share=0)
    stream.publish(records[: EVENTS // 10])
    worker = stream.worker()
    view = ViewProcess(stream, redis, tmp_path / "view", view_journal_entries=10_000)
    view.start()
    started = time.monotonic()
    try:
        view.wait_ready()
        with reading(redis, keys_of(records)) as polls, stream.feeding(records[EVENTS // 10 :], parts=PARTS):
            for cycle in range(CYCLES):
                if cycle % 3 == 0:
                    redis.kill()
                    time.sleep(DOWN_SECONDS)
                    redis.start()
                else:
                    _again(worker if cycle % 3 == 1 else view)
        stream.wait_done(EVENTS, 300)
        assert_same(stream, redis)
    finally:
        view.kill()
    for name, value in (("kills", CYCLES), ("looks", polls.looks), ("seconds", round(time.monotonic() - started))):
        record_property(name, value)
    assert polls.taken_back == []
    assert polls.looks > CYCLES


def _again(process: StreamWorker) -> None:
    """Kill a process and start it again on the same data."""
    process.kill()
    process.start()
    process.wait_ready()
