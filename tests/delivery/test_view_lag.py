"""How long a committed row takes until readers find it in Redis, measured beside a reader of the changelog."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Final

import pytest
from confluent_kafka import OFFSET_END, Consumer, Message, TopicPartition

from loyalty_stream.simulate.publish import PublishOptions, publish
from tests.delivery.stream import PARTITIONS, Stream, simulate
from tests.delivery.view import NOT_VIEWED, PREFIX, ViewProcess
from tests.kafka.client import unique
from tests.redis.local import LocalRedis

pytestmark = [pytest.mark.slow, pytest.mark.long]

EVENTS: Final = 9_000
EVENTS_PER_SECOND: Final = 300
LOOK_SECONDS: Final = 0.002
LAG_SECONDS_P99_MAX: Final = 2.0


def test_a_committed_row_is_in_the_view_within_two_seconds(
    stream: Stream, redis: LocalRedis, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    records, _ = simulate(events=EVENTS, customers=1_000, seed=37, erasure_share=0)
    view = ViewProcess(stream, redis, tmp_path / "view")
    worker = stream.worker()
    view.start()
    try:
        worker.wait_ready()
        view.wait_ready()
        options = PublishOptions(bootstrap_servers=stream.broker, topics=[stream.raw], rate=EVENTS_PER_SECOND)
        with measuring(stream, redis) as lags:
            publish(((stream.raw, record) for record in records), options)
    finally:
        view.kill()
    lags.sort()
    shares = {f"lag_seconds_p{share}": round(lags[len(lags) * share // 100], 3) for share in (50, 90, 99)}
    for name, value in {**shares, "rows": len(lags), "events_per_second": EVENTS_PER_SECOND}.items():
        record_property(name, value)
    assert len(lags) > 100
    assert shares["lag_seconds_p99"] < LAG_SECONDS_P99_MAX


@contextmanager
def measuring(stream: Stream, redis: LocalRedis) -> Iterator[list[float]]:
    """Follow one committed row after the other while the context is open: how long, in seconds, until Redis has it."""
    over, lags = Event(), list[float]()

    def follow() -> None:
        config = {"bootstrap.servers": stream.broker, "group.id": unique("lag"), "isolation.level": "read_committed"}
        consumer = Consumer(config)
        consumer.assign([TopicPartition(stream.changelog, number, OFFSET_END) for number in range(PARTITIONS)])
        with redis.client() as reader:
            while not over.is_set():
                message = consumer.poll(0.1)
                name = _row_name(message)
                if message is None or name is None:
                    continue
                seen = time.monotonic()
                while int(str(reader.hget(name, "offset") or -1)) < (message.offset() or 0) and not over.is_set():
                    time.sleep(LOOK_SECONDS)
                lags.append(time.monotonic() - seen)
                consumer.consume(100_000, timeout=0)  # what came meanwhile has waited unseen
        consumer.close()

    with ThreadPoolExecutor(1) as thread:
        followed = thread.submit(follow)
        try:
            yield lags
        finally:
            over.set()
        followed.result()


def _row_name(message: Message | None) -> str | None:
    """Return the key of a changelog record's row in Redis, None where it has none there."""
    if message is None or message.error() is not None or message.value() is None:
        return None
    domain, _, key = (message.key() or b"").decode().partition("|")
    return None if domain in NOT_VIEWED else f"{PREFIX}:1:{{{key}}}:{domain}"
