"""Give every test what it may ask for, and tell what could not be tested."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from tests.kafka.errors import NoBrokerError
from tests.kafka.find import real_broker
from tests.kafka.local import LocalKafka, local_kafka
from tests.kafka.worker import Worker

_NO_BROKER = pytest.StashKey[str]()


@pytest.fixture(scope="session")
def broker(pytestconfig: pytest.Config) -> Iterator[str]:
    """Yield the bootstrap servers of the real Kafka broker that all tests share."""
    try:
        with real_broker() as bootstrap_servers:
            yield bootstrap_servers
    except NoBrokerError as failure:
        _skip_without_broker(pytestconfig, failure)


@pytest.fixture
def own_broker(pytestconfig: pytest.Config) -> Iterator[LocalKafka]:
    """Yield a local Kafka broker that no other test uses, to be stopped and started by the test."""
    try:
        with local_kafka() as kafka:
            yield kafka
    except NoBrokerError as failure:
        _skip_without_broker(pytestconfig, failure)


@pytest.fixture
def make_worker(broker: str, tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """Yield a function that makes a worker of an app id and settings; all are ended with the test."""
    workers: list[Worker] = []

    def make(app_id: str, **settings: str | float) -> Worker:
        workers.append(Worker(tmp_path / f"worker-{len(workers)}", broker, app_id, **settings))
        return workers[-1]

    yield make
    for worker in workers:
        worker.kill()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test that asks for a broker, so that nobody forgets it."""
    for item in items:
        if isinstance(item, pytest.Function) and not {"broker", "own_broker"}.isdisjoint(item.fixturenames):
            item.add_marker("kafka")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run in CI where delivery could not be tested."""
    if _NO_BROKER in session.config.stash and _in_ci():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how many delivery tests were skipped, and what would let them run."""
    lacks = config.stash.get(_NO_BROKER, None)
    if lacks is None:
        return
    skipped = sum("kafka" in report.keywords for report in terminalreporter.stats.get("skipped", []))
    terminalreporter.section("no Kafka broker", red=_in_ci(), yellow=not _in_ci())
    terminalreporter.line(f"{skipped} delivery tests were skipped. Any one of these lets them run:")
    terminalreporter.line(lacks)
    if _in_ci():
        terminalreporter.line("CI is set: this is a failure")


def _skip_without_broker(config: pytest.Config, failure: NoBrokerError) -> NoReturn:
    """Skip a test, and keep why for the summary, which makes it a failure in CI."""
    config.stash[_NO_BROKER] = str(failure)
    pytest.skip("no Kafka broker can be had here")


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true"}
