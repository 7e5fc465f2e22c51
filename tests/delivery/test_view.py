"""The view in Redis equals the committed tables, whatever is killed, and takes no reader back."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from loyalty_stream.simulate import SimulatedRecord, SimulationOptions, mixed
from tests.delivery.stream import APART, Stream, simulate
from tests.delivery.view import ViewProcess, assert_same, erased, reading, tables
from tests.kafka import process
from tests.kafka.client import wait_until
from tests.redis.local import LocalRedis

pytestmark = pytest.mark.slow

MakeView = Callable[..., ViewProcess]
READ_KEYS = 200


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


def keys_of(records: Sequence[SimulatedRecord]) -> list[str]:
    """Return keys of some customers of whom there are records, the busiest among them."""
    keys = [record.key.decode() for record in records if record.key is not None]
    return sorted(set(keys), key=keys.count)[-READ_KEYS:]


def test_the_view_equals_the_tables_of_all_vendors_and_erased_customers_are_gone(
    make_stream: Callable[..., Stream], make_view: MakeView, redis: LocalRedis
) -> None:
    draft = SimulationOptions(**{**APART, "events": 6_000, "customers": 400, "seed": 9, "erasure_share": 0.005})  # type: ignore[arg-type]  # as they are
    traffic = mixed(replace(draft, start_ms=int(time.time() * 1000) - mixed(draft).span_ms_max))
    stream = make_stream(dialects=traffic.dialects)
    records = list(traffic.records())
    stream.publish_mixed(records[:3_000])
    stream.worker()
    stream.wait_done(3_000)
    view = make_view(stream)
    view.start()
    view.wait_ready()
    stream.publish_mixed(records[3_000:])
    stream.wait_done(6_000)
    assert_same(stream, redis)
    assert len(erased(stream)) > 3
    assert {domain for _, domain in tables(stream)} >= {"points", "tiers", "coupons", "campaigns", "executions"}
    assert_rebuilt(view)
    assert_same(stream, redis)
    assert wait_until(lambda: view.metrics()["loyalty_view_generation"] == 2, 10)
    assert wait_until(lambda: view.metrics()["loyalty_view_audited_total"] > 0, 10)
    assert view.metrics()["loyalty_view_divergence_total"] == 0
    assert (view.stop(), "Traceback" in view.log_text) == (0, False)


def test_readers_are_never_taken_back_whoever_is_killed_under_load(
    stream: Stream, make_view: MakeView, redis: LocalRedis
) -> None:
    records, _ = simulate(events=12_000, customers=600, seed=21, erasure_share=0)
    stream.publish(records[:4_000])
    worker = stream.worker(transaction_records_max=500)
    view, other = make_view(stream), make_view(stream)
    redis.kill()
    view.start()
    assert wait_until(lambda: b"Redis does not answer" in view.page("/readyz"), 30)
    redis.start()
    view.wait_ready()
    with reading(redis, keys_of(records)) as polls, stream.feeding(records[4_000:]):
        for _ in range(2):
            other.start()  # a second one, whose writes come late or early
            assert wait_until(lambda: other.metrics().get("loyalty_view_rows_skipped_total", 0) > 0, 30)
            view.kill()
            redis.kill()
            time.sleep(0.5)
            redis.start()
            worker.kill()
            worker = stream.worker(transaction_records_max=500)
            view.start()
            view.wait_ready()
            other.kill()
        assert_rebuilt(view)
    stream.wait_done(12_000)
    assert_same(stream, redis)
    assert polls.taken_back == []
    assert polls.looks > 100
    assert polls.generations == {"1", "2"}


def test_a_redis_that_has_forgotten_everything_is_filled_again(
    stream: Stream, make_view: MakeView, redis: LocalRedis
) -> None:
    records, _ = simulate(events=1_000, customers=100, seed=22)
    stream.publish(records)
    stream.worker()
    stream.wait_done(1_000)
    view = make_view(stream)
    view.start()
    view.wait_ready()
    redis.client().flushall()
    assert_same(stream, redis)
    assert view.exit_code() is None
    assert_built_anew_after_a_long_absence(view, redis)


def assert_built_anew_after_a_long_absence(view: ViewProcess, redis: LocalRedis) -> None:
    """Stop a view, let its absence look longer than tombstones are kept, and start it."""
    view.stop()
    with redis.client() as client:
        assert client.get("shop:current") == "1"
        client.hset("shop:1:age", "complete_until", "1")
        view.start()
        assert wait_until(lambda: client.get("shop:current") == "2", 30)


def test_a_row_that_was_changed_behind_its_back_is_counted(
    stream: Stream, make_view: MakeView, redis: LocalRedis
) -> None:
    records, _ = simulate(events=1_000, customers=100, seed=23)
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


def test_a_view_of_another_application_is_not_touched(
    stream: Stream, make_stream: Callable[..., Stream], make_view: MakeView
) -> None:
    view, stranger = make_view(stream), make_view(make_stream())
    view.start()
    view.wait_ready()
    stranger.start()
    assert stranger.wait_end() == 1
    assert "LOYALTY_VIEW_PREFIX" in stranger.log_text


def test_a_wrong_password_ends_the_start_and_is_not_shown(
    stream: Stream, make_view: MakeView, redis: LocalRedis
) -> None:
    redis.client().config_set("requirepass", "correct-horse")
    view = make_view(stream, redis_url=redis.url.replace("127.0.0.1", ":hunter2@127.0.0.1"))
    view.start()
    assert view.wait_end() == 1
    assert "Redis refuses the user of LOYALTY_REDIS_URL" in view.log_text
    assert "hunter2" not in view.log_text


def assert_rebuilt(view: ViewProcess) -> None:
    """Rebuild beside the running view, and end well."""
    rebuild = view.rebuild()
    assert rebuild.wait_end(60) == 0, process.tail(rebuild.log)
    done = json.loads(rebuild.log_text.splitlines()[-1])
    assert done["generation"] == 2
    assert done["rows"] > 100
