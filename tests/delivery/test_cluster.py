"""On a cluster whose brokers die and come back one after the other, nothing is lost and nothing counted twice."""

from pathlib import Path

import pytest

from loyalty_stream.runtime.failure import EXIT_FENCED
from tests.delivery.oracle import assert_exact
from tests.delivery.stream import Stream, StreamWorker, simulate
from tests.kafka.client import wait_until
from tests.kafka.cluster import LocalCluster

pytestmark = [pytest.mark.slow, pytest.mark.long, pytest.mark.marathon]

EVENTS = 40_000
STEP = 1_000
"""So many records are taken before, while and after each broker is away."""


@pytest.mark.timeout(900)
def test_brokers_that_are_killed_and_come_back_in_turn_amid_the_stream_lose_nothing_and_repeat_nothing(
    cluster: LocalCluster, tmp_path: Path
) -> None:
    stream = Stream(cluster.bootstrap_servers, tmp_path)
    traffic = simulate(events=EVENTS, customers=3_000, seed=33)
    try:
        workers = [stream.worker(name, session_timeout_seconds=10) for name in ("a", "b")]
        stream.publish(traffic.records[:STEP])
        stream.wait_consumed(STEP)
        with stream.feeding(traffic.records[STEP:], parts=150):
            for broker in cluster.brokers:
                cluster.wait_in_sync()
                stream.wait_consumed(stream.consumed() + STEP)
                broker.kill()
                stream.wait_consumed(stream.consumed() + STEP)
                broker.start()
                for worker in workers:
                    restart(worker)
        assert wait_until(lambda: all_taken(stream, workers), 300), stream.tallies()
        assert_exact(stream, traffic.simulation.answer)
    finally:
        stream.close()


def all_taken(stream: Stream, workers: list[StreamWorker]) -> bool:
    for worker in workers:
        restart(worker)
    return stream.consumed() >= EVENTS and not stream.lag()


def restart(worker: StreamWorker) -> None:
    """Start a worker again, as its supervisor does.

    It may have been away from the group's coordinator for too long, or its client library waits for one that is gone.
    """
    if worker.exit_code() is not None:
        said = worker.log_text[-2_000:]
        assert worker.exit_code() == EXIT_FENCED or "the transaction has not ended" in said, said
        worker.start()
