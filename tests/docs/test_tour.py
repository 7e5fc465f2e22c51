"""The pages that show what to do are done, from top to bottom, on a broker of their own and with the usual names."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.walk import ROOT, Reader, blocks_of
from tests.kafka.local import LocalKafka
from tests.kafka.settings import free_ports
from tests.prometheus.find import Programs

PROMETHEUS = ROOT / "deploy/prometheus/prometheus.yml"


@pytest.fixture
def reader(own_broker: LocalKafka, prometheus: Programs, tmp_path: Path) -> Iterator[Reader]:
    http, watching = free_ports(2)
    scraping = tmp_path / "prometheus.yml"
    scraping.write_text(PROMETHEUS.read_text().replace("localhost:6066", f"localhost:{http}").replace("15s", "1s"))
    (tmp_path / "alerts.yml").write_text(PROMETHEUS.with_name("alerts.yml").read_text())
    instead = {
        "localhost:9092": own_broker.bootstrap_servers,
        "localhost:6066": f"localhost:{http}",
        "localhost:9090": f"localhost:{watching}",
        "deploy/prometheus/prometheus.yml": str(scraping),
        "prometheus-data": str(tmp_path / "prometheus-data"),
        "prometheus.log": str(tmp_path / "prometheus.log"),
        "worker.log": str(tmp_path / "worker.log"),
        "read_points.py": str(tmp_path / "read_points.py"),
    }
    environment = {
        "LOYALTY_HTTP_PORT": str(http),
        "LOYALTY_DATA_DIR": str(tmp_path / "data"),
        "LOYALTY_SESSION_TIMEOUT_SECONDS": "4",
        "LOYALTY_HEARTBEAT_INTERVAL_SECONDS": "1",
    }
    with Reader(tmp_path, environment, instead, [prometheus.prometheus.parent]) as reader:
        yield reader


@pytest.mark.timeout(600)
def test_the_tour_leads_where_it_says_and_a_subscriber_reads_every_event_of_it(reader: Reader) -> None:
    tour = blocks_of((ROOT / "docs/tour.md").read_text())
    assert len(tour) >= 14
    for block in tour[:-1]:
        reader.follow(block)
    for block in blocks_of((ROOT / "docs/subscribe.md").read_text()):
        reader.follow(block)
    reader.follow(tour[-1])
