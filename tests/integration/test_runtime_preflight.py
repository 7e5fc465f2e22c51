"""A start that cannot work ends with one message that names the fix."""

import socket
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from loyalty_stream.runtime.failure import WorkerStopped
from loyalty_stream.runtime.folder import hold_folder
from loyalty_stream.runtime.preflight import check
from loyalty_stream.runtime.settings import Settings, load_settings
from tests.integration.runtime_stream import SumStream
from tests.kafka.client import create_topics, unique
from tests.kafka.settings import free_ports


@pytest.fixture
def settings(broker: str, tmp_path: Path) -> Iterator[Settings]:
    [port] = free_ports(1)
    name = unique("preflight")
    yield load_settings(
        bootstrap_servers=broker, app_id=name, topic_prefix=f"{name}.", data_dir=tmp_path / "data", http_port=port
    )


def test_missing_topics_are_named_with_the_command_that_makes_them(settings: Settings) -> None:
    create_topics(settings.bootstrap_servers, settings.raw_topic("numbers"))
    with pytest.raises(WorkerStopped) as stopped:
        check(settings, ["numbers"])
    assert settings.canonical_topic in str(stopped.value)
    assert settings.changelog_topic in str(stopped.value)
    assert settings.raw_topic("numbers") not in str(stopped.value)
    assert "loyalty-stream topics apply" in str(stopped.value)


def test_another_number_of_partitions_is_named(settings: Settings) -> None:
    create_topics(settings.bootstrap_servers, settings.raw_topic("numbers"), settings.canonical_topic)
    create_topics(settings.bootstrap_servers, settings.changelog_topic, partitions=3)
    with pytest.raises(WorkerStopped, match=f"{settings.changelog_topic} has 3; LOYALTY_PARTITIONS is 4"):
        check(settings, ["numbers"])


def test_a_port_in_use_is_named(settings: Settings) -> None:
    with closing(socket.create_server((settings.http_host, settings.http_port))):
        with pytest.raises(WorkerStopped, match="LOYALTY_HTTP_PORT"):
            check(settings, ["numbers"])


def test_a_worker_without_a_broker_ends_soon_and_without_a_traceback(broker: str, tmp_path: Path) -> None:
    with SumStream(broker, tmp_path) as stream:
        [port] = free_ports(1)
        started = time.monotonic()
        worker = stream.worker(bootstrap_servers=f"127.0.0.1:{port}")
        assert worker.wait_end(20) == 1
        assert time.monotonic() - started < 14
        assert "LOYALTY_BOOTSTRAP_SERVERS" in worker.log_text
        assert "Traceback" not in worker.log_text


def test_a_data_folder_serves_one_worker(tmp_path: Path) -> None:
    with hold_folder(tmp_path), pytest.raises(WorkerStopped, match="LOYALTY_DATA_DIR"), hold_folder(tmp_path):
        pass
