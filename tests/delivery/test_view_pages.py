"""A worker tells of customers of other workers what those or the view have, and their history from its journal."""

from typing import Any

import pytest

from tests.delivery.stream import Stream, simulate
from tests.delivery.test_view import MakeView, make_view  # noqa: F401 - a fixture
from tests.delivery.view import PREFIX, ViewProcess, assert_same
from tests.helpers.pages import Pages
from tests.kafka.client import wait_until
from tests.redis.local import LocalRedis

pytestmark = pytest.mark.slow
EVENTS = 3_000


@pytest.fixture
def keys(stream: Stream, make_view: MakeView, redis: LocalRedis) -> list[str]:  # noqa: F811
    """Let a view follow a stream of two workers, and return the keys of the customers with points."""
    traffic = simulate(events=EVENTS, customers=150, seed=41)
    view: ViewProcess = make_view(stream)
    view.start()
    for name in ("a", "b"):
        stream.worker(name, redis_url=redis.url, view_prefix=PREFIX, session_timeout_seconds=10)
    stream.publish(traffic.records)
    stream.wait_done(EVENTS)
    for worker in stream.workers:
        worker.wait_ready()
    assert wait_until(lambda: all(worker.owned() for worker in stream.workers), 90)
    view.wait_ready()
    assert_same(stream, redis)
    return sorted({key for key, *_ in traffic.simulation.answer.accounts})


def test_every_worker_knows_every_customer_and_says_from_where(
    stream: Stream, keys: list[str], redis: LocalRedis
) -> None:
    first, second = (Pages(worker.http_port) for worker in stream.workers)
    by: dict[str, int] = {}
    for key in keys:
        one, other = (pages.get(f"/v1/customers/{key}") for pages in (first, second))
        assert (one.status, other.status) == (200, 200)
        assert one.headers["ETag"] == other.headers["ETag"]
        assert told(one.json) == told(other.json)
        assert {one.json["served"]["by"], other.json["served"]["by"]} == {"table", "worker"}
        assert all(0 <= each.json["served"]["age_seconds"] < 30 for each in (one, other))
        by[one.json["served"]["by"]] = by.get(one.json["served"]["by"], 0) + 1
    assert len(by) == 2
    for key in keys[:40]:
        explained = [pages.of(key, "/explain") for pages in (first, second)]
        assert explained[0] == explained[1]
        assert (explained[0]["source"], explained[0]["complete"]) == ("view", True)
        assert all(account["agrees"] for account in explained[0]["accounts"])
    assert_the_view_tells_where_the_owner_does_not(stream, keys)
    assert_redis_is_not_needed(first, second, keys, redis)


def told(picture: Any) -> Any:  # noqa: ANN401 - a JSON document
    return {name: value for name, value in picture.items() if name != "served"}


def assert_the_view_tells_where_the_owner_does_not(stream: Stream, keys: list[str]) -> None:
    """Of a frozen worker's customers the other one tells what the view has, the same."""
    asked, owner = stream.workers
    pages = Pages(asked.http_port)
    elsewhere = next(key for key in keys if pages.of(key)["served"]["by"] == "worker")
    from_owner = pages.get(f"/v1/customers/{elsewhere}")
    owner.freeze()
    from_view = pages.get(f"/v1/customers/{elsewhere}")
    owner.thaw()
    assert from_view.json["served"]["by"] == "view"
    assert (told(from_view.json), from_view.headers["ETag"]) == (told(from_owner.json), from_owner.headers["ETag"])


def assert_redis_is_not_needed(first: Pages, second: Pages, keys: list[str], redis: LocalRedis) -> None:
    """Without Redis both answer as ever, with histories from the topics where they must."""
    elsewhere = next(key for key in keys if first.of(key)["served"]["by"] == "worker")
    from_view = second.of(elsewhere, "/journal?limit=1000")
    assert from_view["source"] == "view"
    redis.kill()
    assert first.of(elsewhere)["served"]["by"] == "worker"
    for pages in (first, second):
        assert pages.of(elsewhere, "/journal?limit=1000") == {**from_view, "source": "topics"}
