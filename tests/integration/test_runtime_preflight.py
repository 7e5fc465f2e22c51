"""A start that cannot work ends with one message that names the fix."""

import socket
from contextlib import closing
from pathlib import Path

import pytest

from loyalty_stream.runtime import preflight
from loyalty_stream.runtime.failure import WorkerStopped
from loyalty_stream.runtime.folder import hold_folder
from loyalty_stream.runtime.preflight import check
from loyalty_stream.runtime.settings import Settings, load_settings
from loyalty_stream.runtime.worker import run_worker
from tests.integration.runtime_job import SumJob
from tests.kafka.client import create_topics, unique
from tests.kafka.settings import free_ports


@pytest.fixture
def settings(broker: str, tmp_path: Path) -> Settings:
    [port] = free_ports(1)
    name = unique("preflight")
    return load_settings(
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
    taken = socket.create_server((settings.http_host, settings.http_port))
    with closing(taken), pytest.raises(WorkerStopped, match="LOYALTY_HTTP_PORT"):
        check(settings, ["numbers"])


def test_a_worker_without_a_broker_ends_soon_with_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(preflight, "BROKER_SECONDS_MAX", 1.0)
    [port, http_port] = free_ports(2)
    settings = load_settings(bootstrap_servers=f"127.0.0.1:{port}", data_dir=tmp_path, http_port=http_port)
    assert run_worker(settings, SumJob(settings), dialects=["numbers"]) == 1
    [line] = caplog.messages
    assert f"no Kafka broker answers at 127.0.0.1:{port}" in line
    assert "LOYALTY_BOOTSTRAP_SERVERS" in line
    assert caplog.records[0].exc_info is None


def test_a_data_folder_serves_one_worker(tmp_path: Path) -> None:
    with hold_folder(tmp_path), pytest.raises(WorkerStopped, match="LOYALTY_DATA_DIR"), hold_folder(tmp_path):
        pass
