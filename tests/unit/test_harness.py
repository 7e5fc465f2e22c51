"""The tests' own tools, where a mistake would make other tests pass."""

import sys
from pathlib import Path

import pytest

from tests.kafka import process
from tests.kafka.client import unique, wait_until
from tests.kafka.container import environment
from tests.kafka.settings import broker_settings, free_ports
from tests.kafka.worker import Worker
from tests.lacking import lack
from tests.prometheus import find
from tests.redis import find as find_redis


@pytest.fixture
def worker(tmp_path: Path) -> Worker:
    return Worker(tmp_path / "worker", "127.0.0.1:1", unique("app"), commit_linger_ms=5)


def run_instead(monkeypatch: pytest.MonkeyPatch, folder: Path, script: str) -> None:
    program = folder / "program"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))


def test_free_ports_are_distinct() -> None:
    assert len(set(free_ports(20))) == 20


def test_the_container_gets_the_settings_of_the_local_broker() -> None:
    settings = broker_settings(1, 2, "/data")
    given = environment(settings)
    assert given["KAFKA_TRANSACTION_STATE_LOG_MIN_ISR"] == "1"
    assert len(given) == len(settings)


def test_a_program_that_ignores_the_request_to_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_STOP_SECONDS_MAX", 0.2)
    log = tmp_path / "log"
    started = process.start(["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"], log)
    assert wait_until(lambda: process.tail(log) == "ready", 5)
    assert process.stop(started) == -9


def test_a_worker_gets_its_settings_by_name(worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_instead(monkeypatch, tmp_path, 'echo "$@ $LOYALTY_BOOTSTRAP_SERVERS $LOYALTY_COMMIT_LINGER_MS"')
    worker.start()
    assert wait_until(lambda: worker.exit_code() == 0, 5)
    assert process.tail(worker.log) == "-m loyalty_stream worker 127.0.0.1:1 5"


def test_a_worker_that_ends_is_not_waited_for(worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_instead(monkeypatch, tmp_path, "echo no broker; exit 3")
    worker.start()
    with pytest.raises(AssertionError, match=r"exit code 3(?s:.*)no broker"):
        worker.wait_ready(10)


def test_a_killed_worker_can_be_started_again(worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_instead(monkeypatch, tmp_path, "exec sleep 60")
    worker.start()
    assert worker.exit_code() is None
    worker.kill()
    assert worker.exit_code() == -9
    worker.start()
    assert worker.exit_code() is None
    assert worker.stop() == -15


def test_a_frozen_worker_can_be_killed(worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_instead(monkeypatch, tmp_path, "exec sleep 60")
    worker.start()
    worker.freeze()
    worker.kill()
    assert worker.exit_code() == -9


def test_what_lacks_a_server_is_skipped_at_a_desk_and_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="install Java"):
        lack("Kafka broker", OSError("install Java"))
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="install Java"):
        lack("Kafka broker", OSError("install Java"))


def test_prometheus_is_taken_from_the_path_where_both_programs_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("prometheus", "promtool"):
        (tmp_path / name).touch(mode=0o755)
    assert find.find_prometheus() == (tmp_path / "prometheus", tmp_path / "promtool")


def test_without_apt_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(find, "_CACHE", tmp_path / "cache")
    with pytest.raises(find.NoPrometheusError, match=r"apt-get(?s:.*)Install Prometheus"):
        find.find_prometheus()


def test_without_apt_and_redis_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(find_redis, "_CACHE", tmp_path / "cache")
    with pytest.raises(find_redis.NoRedisError, match=r"apt-get(?s:.*)Install Redis"):
        find_redis.find_redis()


def test_an_apt_that_fails_is_quoted_and_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("apt-get", "dpkg"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\necho no network >&2\nexit 100\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(find, "_CACHE", tmp_path / "cache" / "prometheus")
    with pytest.raises(find.NoPrometheusError, match=r"no network(?s:.*)Install Prometheus"):
        find.find_prometheus()
    assert list((tmp_path / "cache").iterdir()) == []
