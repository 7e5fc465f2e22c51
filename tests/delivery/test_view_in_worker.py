"""The view beside workers equals the tables whatever is killed, keeps none from its work, and ends with its own."""

import os
import signal
import time
from pathlib import Path

import pytest

from loyalty_stream.serving.view.in_worker import PAUSE_SECONDS
from tests.delivery.stream import Stream, StreamWorker, simulate
from tests.delivery.view import PREFIX, assert_same, keys_of, reading
from tests.helpers.pages import Pages
from tests.kafka.client import wait_until
from tests.redis.local import LocalRedis

pytestmark = pytest.mark.slow

APPLIED = "loyalty_view_rows_applied_total"
COMPLETE = "loyalty_view_complete_until_seconds"
RESTARTS = "loyalty_view_restarts_total"


def worker_with_view(stream: Stream, redis: LocalRedis, name: str = "a") -> StreamWorker:
    limits = {"transaction_records_max": 500}
    return stream.worker(name, redis_url=redis.url, view_prefix=PREFIX, view_in_worker="true", **limits)


def child_of(worker: StreamWorker) -> int:
    """Return the pid of the view beside a worker, once there is one."""
    children = Path(f"/proc/{worker.pid}/task")
    found: list[int] = []

    def look() -> bool:
        found[:] = [int(pid) for task in children.iterdir() for pid in (task / "children").read_text().split()]
        return bool(found)

    assert wait_until(look, 90)
    [pid] = found
    return pid


def is_there(pid: int) -> bool:
    """Tell whether a process runs; one that is dead and not yet waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def assert_gone(*pids: int) -> None:
    assert wait_until(lambda: not any(map(is_there, pids)), 5)


def keepers(*workers: StreamWorker) -> list[StreamWorker]:
    """Return the workers whose views have got somewhere."""
    return [worker for worker in workers if worker.metrics().get(COMPLETE, 0) > 0]


def test_the_final_view_equals_the_tables_after_a_worker_and_redis_were_killed(
    stream: Stream, redis: LocalRedis
) -> None:
    records, _ = simulate(events=6_000, customers=400, seed=51)
    stream.publish(records[:2_000])
    workers = [worker_with_view(stream, redis, name) for name in ("a", "b")]
    pids = [child_of(worker) for worker in workers]
    for worker in workers:
        worker.wait_ready()
    assert wait_until(lambda: len(keepers(*workers)) == 1, 90)
    with reading(redis, keys_of(records)) as polls, stream.feeding(records[2_000:]):
        [keeper] = keepers(*workers)
        other = workers[1 - workers.index(keeper)]
        assert other.metrics()[APPLIED] == 0
        keeper.kill()
        assert_gone(pids[workers.index(keeper)])
        assert wait_until(lambda: other.metrics().get(APPLIED, 0) > 0, 90)
        redis.kill()
        consumed = stream.consumed()
        stream.wait_consumed(consumed + 300)
        redis.start()
        keeper.start()
    stream.wait_done(6_000)
    keeper.wait_ready()
    assert_same(stream, redis)
    assert polls.taken_back == []
    assert polls.looks > 20
    pids = [child_of(worker) for worker in workers]
    assert [worker.metrics()[RESTARTS] for worker in workers] == [0, 0]
    assert [worker.stop() for worker in workers] == [0, 0]
    assert_gone(*pids)
    assert not any("Traceback" in worker.log_text for worker in workers)


@pytest.mark.long
def test_a_view_that_dies_is_started_again_while_processing_goes_on(stream: Stream, redis: LocalRedis) -> None:
    records, _ = simulate(events=2_000, customers=200, seed=52)
    worker = worker_with_view(stream, redis)
    worker.wait_ready()
    stream.publish(records[:1_000])
    stream.wait_done(1_000)
    assert wait_until(lambda: bool(keepers(worker)), 90)
    pid = child_of(worker)
    os.kill(pid, signal.SIGKILL)
    begun = time.monotonic()
    assert wait_until(lambda: worker.metrics()[RESTARTS] == 1, 5)
    assert worker.metrics()[COMPLETE] > 0  # the last that it told: so it is seen to grow old
    stream.publish(records[1_000:])
    stream.wait_done(2_000)
    assert child_of(worker) != pid
    assert time.monotonic() - begun >= PAUSE_SECONDS
    assert_same(stream, redis)
    assert "the view of this worker ended with exit code -9; it is started again in 5 s" in worker.log_text
    assert not [name for name in worker.metrics() if name.startswith("loyalty_view_process")]


def test_without_redis_a_worker_works_and_ends_in_order(stream: Stream, redis: LocalRedis) -> None:
    redis.kill()
    records, traffic = simulate(events=1_000, customers=100, seed=53)
    worker = worker_with_view(stream, redis)
    stream.publish(records)
    stream.wait_done(1_000)
    worker.wait_ready()
    pid = child_of(worker)
    assert wait_until(lambda: worker.metrics().get("loyalty_view_redis_failures_total", 0) > 0, 90)
    key = min(traffic.answer.accounts)[0]
    assert Pages(worker.http_port).of(key)["served"]["by"] == "table"
    os.kill(pid, signal.SIGSTOP)  # it cannot even end
    begun = time.monotonic()
    assert worker.stop() == 0
    assert time.monotonic() - begun < 15
    assert_gone(pid)
