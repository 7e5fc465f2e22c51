"""Give every test what it may ask for, and tell what could not be tested."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from tests.kafka.errors import NoServerError
from tests.kafka.find import real_broker
from tests.kafka.local import LocalKafka, local_kafka
from tests.kafka.worker import Worker
from tests.registry.find import real_registry
from tests.registry.local import LocalRegistry, local_registry

_BROKER, _REGISTRY = "Kafka broker", "Schema Registry"
_MARKS = {_BROKER: "kafka", _REGISTRY: "registry"}
_LACKS = pytest.StashKey[dict[str, str]]()
"""Why each kind of server that a test asked for cannot be had."""


@pytest.fixture(scope="session")
def broker(pytestconfig: pytest.Config) -> Iterator[str]:
    """Yield the bootstrap servers of the real Kafka broker that all tests share."""
    try:
        with real_broker() as bootstrap_servers:
            yield bootstrap_servers
    except NoServerError as failure:
        _skip_without(_BROKER, pytestconfig, failure)


@pytest.fixture
def own_broker(pytestconfig: pytest.Config) -> Iterator[LocalKafka]:
    """Yield a local Kafka broker that no other test uses, to be stopped and started by the test."""
    try:
        with local_kafka() as kafka:
            yield kafka
    except NoServerError as failure:
        _skip_without(_BROKER, pytestconfig, failure)


@pytest.fixture(scope="session")
def registry(pytestconfig: pytest.Config) -> Iterator[str]:
    """Yield the URL of the real Schema Registry that all tests share."""
    try:
        with real_registry() as url:
            yield url
    except NoServerError as failure:
        _skip_without(_REGISTRY, pytestconfig, failure)


@pytest.fixture
def own_registry(pytestconfig: pytest.Config) -> Iterator[LocalRegistry]:
    """Yield a local Schema Registry that no other test uses, to be stopped by the test."""
    try:
        with local_registry() as registry:
            yield registry
    except NoServerError as failure:
        _skip_without(_REGISTRY, pytestconfig, failure)


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
    """Mark each test that asks for a broker or a registry, so that nobody forgets it."""
    for item in items:
        asked = set(item.fixturenames) if isinstance(item, pytest.Function) else set()
        if asked & {"broker", "own_broker"}:
            item.add_marker("kafka")
        if asked & {"registry", "own_registry"}:
            item.add_marker("registry")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run in CI where something could not be tested."""
    if session.config.stash.get(_LACKS, None) and _in_ci():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how many tests were skipped for want of a server, and what would let them run."""
    for server, lacks in config.stash.get(_LACKS, {}).items():
        skipped = sum(_MARKS[server] in report.keywords for report in terminalreporter.stats.get("skipped", []))
        terminalreporter.section(f"no {server}", red=_in_ci(), yellow=not _in_ci())
        terminalreporter.line(f"{skipped} tests were skipped. Any one of these lets them run:")
        terminalreporter.line(lacks)
        if _in_ci():
            terminalreporter.line("CI is set: this is a failure")


def _skip_without(server: str, config: pytest.Config, failure: NoServerError) -> NoReturn:
    """Skip a test, and keep why for the summary, which makes it a failure in CI."""
    config.stash.setdefault(_LACKS, {})[server] = str(failure)
    pytest.skip(f"no {server} can be had here")


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true"}
