"""What docs/http.md shows is what its reader gets: it is done from top to bottom, on a broker of its own."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from loyalty_stream.ops.web.customers import CUSTOMER
from loyalty_stream.ops.web.health import ALIVE, METRICS, READY
from loyalty_stream.ops.web.history import BALANCE, EXPLAIN, JOURNAL
from loyalty_stream.ops.web.openapi import DOCUMENT
from loyalty_stream.ops.web.pipeline import LIVE, PIPELINE
from loyalty_stream.ops.web.programs import LIABILITY, PROGRAMS
from tests.docs.walk import ROOT, Reader, blocks_of
from tests.kafka.local import LocalKafka
from tests.kafka.settings import free_ports

PAGE = (ROOT / "docs" / "http.md").read_text()
PAGES = (METRICS, ALIVE, READY, CUSTOMER, JOURNAL, EXPLAIN, BALANCE, PROGRAMS, LIABILITY, PIPELINE, LIVE, DOCUMENT)


@pytest.fixture
def reader(own_broker: LocalKafka, tmp_path: Path) -> Iterator[Reader]:
    [http] = free_ports(1)
    instead = {
        "localhost:9092": own_broker.bootstrap_servers,
        "localhost:6066": f"localhost:{http}",
        "worker.log": str(tmp_path / "worker.log"),
        "explanation.json": str(tmp_path / "explanation.json"),
    }
    environment = {"LOYALTY_HTTP_PORT": str(http), "LOYALTY_DATA_DIR": str(tmp_path / "data")}
    with Reader(tmp_path, environment, instead) as reader:
        yield reader


def test_it_names_every_page() -> None:
    named = set(re.findall(r"^\| (.*?) \|", PAGE, re.MULTILINE))
    told = {path.partition("?")[0] for cell in named for path in re.findall(r"`(/[^`]*)`", cell)}
    assert told == {page.path for page in PAGES}


@pytest.mark.timeout(300)
def test_its_commands_show_what_it_says(reader: Reader) -> None:
    blocks = blocks_of(PAGE)
    assert len(blocks) == 9
    for block in blocks:
        reader.follow(block)
