"""What docs/vendors.md shows is done from top to bottom, on a broker of its own and with the usual names."""

from pathlib import Path

from tests.docs.walk import ROOT, Reader, blocks_of
from tests.kafka.local import LocalKafka
from tests.kafka.settings import free_ports


def test_a_first_record_comes_out_as_the_page_shows(own_broker: LocalKafka, tmp_path: Path) -> None:
    [port] = free_ports(1)
    instead = {
        "localhost:9092": own_broker.bootstrap_servers,
        "first_record.py": str(tmp_path / "first_record.py"),
        "worker.log": str(tmp_path / "worker.log"),
    }
    environment = {"LOYALTY_HTTP_PORT": str(port), "LOYALTY_DATA_DIR": str(tmp_path / "data")}
    page = blocks_of((ROOT / "docs/vendors.md").read_text())
    with Reader(tmp_path, environment, instead) as reader:
        for block in page:
            reader.follow(block)
    assert len(page) == 3
