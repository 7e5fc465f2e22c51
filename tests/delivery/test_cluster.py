"""On a cluster whose brokers die and come back one after the other, nothing is lost and nothing counted twice."""

from pathlib import Path

import pytest

from tests.delivery.oracle import assert_exact
from tests.delivery.stream import Stream, simulate
from tests.kafka.cluster import LocalCluster

pytestmark = [pytest.mark.slow, pytest.mark.long]

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
        stream.wait_done(EVENTS)
        assert [worker.exit_code() for worker in workers] == [None, None]
        assert_exact(stream, traffic.simulation.answer)
    finally:
        stream.close()
