"""The runtime outlives its broker's restart."""

import time
from pathlib import Path

import pytest

from tests.integration.runtime_stream import SumStream
from tests.kafka.local import LocalKafka


@pytest.mark.long
def test_a_worker_goes_on_when_its_broker_is_back(own_broker: LocalKafka, tmp_path: Path) -> None:
    with SumStream(own_broker.bootstrap_servers, tmp_path) as stream:
        stream.send(20_000, padding=300)
        worker = stream.worker(job_records_per_second=5_000, session_timeout_seconds=15)
        stream.wait_progress(3_000)
        own_broker.kill()
        time.sleep(1)
        own_broker.start()
        stream.wait_done()
        assert worker.exit_code() is None
        stream.assert_exactly_once()
        assert len(worker.log_text.splitlines()) < 1_000
