"""The runtime runs on the embedded broker too: that is the demo."""

from pathlib import Path

from loyalty_stream.ops.embedded import EmbeddedBroker
from tests.integration.runtime_stream import SumWorker
from tests.kafka.client import Record, produce, wait_until


def test_the_runtime_runs_on_the_embedded_broker(tmp_path: Path) -> None:
    topics = {"demo.raw.numbers": 2, "demo.canonical": 2, "demo.sums": 2, "demo-state-changelog": 2}
    with EmbeddedBroker(topics) as broker:
        servers = broker.bootstrap_servers
        produce(servers, "demo.raw.numbers", [Record(b"a", b"id-%d 1" % number) for number in range(2_000)])
        worker = SumWorker(tmp_path, servers, "demo", topic_prefix="demo.", partitions=2)
        worker.start()
        try:
            worker.wait_ready()
            assert wait_until(lambda: worker.get("/processed")["records"] == 2_000, 20)
            assert worker.stop() == 0
        finally:
            worker.kill()
