"""The view in Redis equals the committed tables, whatever is killed, and takes no reader back."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from loyalty_stream.serving.view.store import Store
from loyalty_stream.simulate import SimulationOptions, mixed
from tests.delivery.stream import Stream, simulate
from tests.delivery.view import PREFIX, ViewProcess, assert_same, erased, keys_of, reading, tables
from tests.kafka import process
from tests.kafka.client import wait_until
from tests.redis.local import LocalRedis

pytestmark = pytest.mark.slow

MakeView = Callable[..., ViewProcess]
ROWS_AHEAD = 300


@pytest.fixture
def make_view(redis: LocalRedis, tmp_path: Path) -> Iterator[MakeView]:
    """Yield a function that makes a view of a stream; all are ended with the test."""
    views: list[ViewProcess] = []

    def make(stream: Stream, **settings: str | float) -> ViewProcess:
        views.append(ViewProcess(stream, redis, tmp_path / f"view-{len(views)}", **settings))
        return views[-1]

    yield make
    for view in views:
        view.kill()


def test_the_view_equals_the_tables_of_all_vendors_and_erased_customers_are_gone(
    make_stream: Callable[..., Stream], make_view: MakeView, redis: LocalRedis
) -> None:
    draft = SimulationOptions(events=4_000, customers=300, seed=9, merge_share=0.01, erasure_share=0.008)
    traffic = mixed(replace(draft, start_ms=int(time.time() * 1000) - mixed(draft).span_ms_max))
    stream = make_stream(dialects=traffic.dialects)
    records = list(traffic.records())
    stream.publish_mixed(records[:2_000])
    stream.worker()
    stream.wait_done(2_000)
    view = make_view(stream)
    view.start()
    view.wait_ready()
    stream.publish_mixed(records[2_000:])
    stream.wait_done(4_000)
    assert_same(stream, redis)
    assert len(erased(stream)) > 3
    assert {domain for _, domain in tables(stream)} >= {"points", "tiers", "coupons", "campaigns", "executions"}
    assert_rebuilt(view)
    assert_same(stream, redis)
    assert wait_until(lambda: view.metrics()["loyalty_view_generation"] == 2, 10)
    assert wait_until(lambda: view.metrics()["loyalty_view_audited_total"] > 0, 10)
    assert view.metrics()["loyalty_view_divergence_total"] == 0
    assert (view.stop(), "Traceback" in view.log_text) == (0, False)


@pytest.mark.long
def test_readers_are_never_taken_back_whoever_is_killed_under_load(
    stream: Stream, make_view: MakeView, redis: LocalRedis
) -> None:
    records, _ = simulate(events=9_000, customers=500, seed=21, erasure_share=0)
    stream.publish(records[:3_000])
    worker = stream.worker(transaction_records_max=500)
    view, other = make_view(stream), make_view(stream)
    redis.kill()
    view.start()
    assert wait_until(lambda: b"Redis does not answer" in view.page("/readyz"), 30)
    redis.start()
    view.wait_ready()
    with reading(redis, keys_of(records)) as polls, stream.feeding(records[3_000:]):
        other.start()
        for _ in range(2):
            other.wait_ready()
            let_it_come_late(other, view)
            view.kill()
            redis.kill()
            time.sleep(0.5)
            redis.start()
            worker.kill()
            worker = stream.worker(transaction_records_max=500)
            view.start()
            view.wait_ready()
        assert_rebuilt(view)
    stream.wait_done(9_000)
    assert_same(stream, redis)
    assert polls.taken_back == []
    assert polls.looks > 100
    assert polls.generations == {"1", "2"}


def let_it_come_late(view: ViewProcess, other: ViewProcess) -> None:
    """Freeze a view until another one is far ahead, so that all that it then writes is outdated."""
    skipped, applied = "loyalty_view_rows_skipped_total", "loyalty_view_rows_applied_total"
    late = view.metrics()[skipped] + ROWS_AHEAD / 2
    view.freeze()
    far = other.metrics()[applied] + ROWS_AHEAD
    assert wait_until(lambda: other.metrics()[applied] > far, 30)
    view.thaw()
    assert wait_until(lambda: view.metrics().get(skipped, 0) > late, 30)


@pytest.mark.long
def test_what_others_did_to_redis_is_counted_and_what_it_has_forgotten_is_filled_again(
    stream: Stream, make_view: MakeView, redis: LocalRedis
) -> None:
    records, _ = simulate(events=1_000, customers=100, seed=22)
    view = make_view(stream)
    view.start()
    view.wait_ready()
    stream.publish(records)
    stream.worker()
    stream.wait_done(1_000)
    assert_same(stream, redis)
    with redis.client() as client:
        for name in client.scan_iter("shop:1:{*:points"):
            client.hset(name, "data", "{}")
        assert wait_until(lambda: view.metrics()["loyalty_view_divergence_total"] > 0, 10)
        client.flushall()
        assert_same(stream, redis)
        view.stop()
        assert client.get("shop:current") == "1"
        client.hset("shop:1:age", "complete_until", "1")  # it was away for longer than tombstones are kept
        view.start()
        assert wait_until(lambda: client.get("shop:current") == "2", 30)


def test_a_redis_that_is_not_meant_ends_the_start_with_what_to_do(
    stream: Stream, make_view: MakeView, redis: LocalRedis
) -> None:
    store = Store(redis.url, PREFIX)
    number = store.begin({"changelog": "others-state-changelog", "changelog_id": "theirs"})
    assert number is not None
    assert store.switch(number, [])
    stranger = make_view(stream)
    stranger.start()
    assert stranger.wait_end() == 1
    assert "Give each application a LOYALTY_VIEW_PREFIX of its own" in stranger.log_text

    redis.client().config_set("requirepass", "correct-horse")
    refused = make_view(stream, redis_url=redis.url.replace("127.0.0.1", ":hunter2@127.0.0.1"))
    refused.start()
    assert refused.wait_end() == 1
    assert "Redis refuses the user of LOYALTY_REDIS_URL" in refused.log_text
    assert "hunter2" not in refused.log_text


def assert_rebuilt(view: ViewProcess) -> None:
    """Rebuild beside the running view, and end well."""
    rebuild = view.rebuild()
    assert rebuild.wait_end(60) == 0, process.tail(rebuild.log)
    done = json.loads(rebuild.log_text.splitlines()[-1])
    assert done["generation"] == 2
    assert done["rows"] > 100
