"""Give every test what it may ask for."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.chromium.find import ChromiumProgram, NoChromiumError, find_chromium
from tests.kafka.cluster import LocalCluster, local_cluster
from tests.kafka.errors import NoServerError
from tests.kafka.find import real_broker
from tests.kafka.local import LocalKafka, local_kafka
from tests.kafka.worker import Worker
from tests.lacking import lack, report_lacking
from tests.prometheus.find import NoPrometheusError, Programs, find_prometheus
from tests.redis.find import NoRedisError
from tests.redis.local import LocalRedis, local_redis
from tests.registry.find import real_registry
from tests.registry.local import LocalRegistry, local_registry
from tests.scheduling import ServersApart

# A shell that runs the tests in the background lets them ignore Ctrl-C, and so would every process that a test starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

BROKERS: Final = frozenset({"broker", "own_broker", "guarded_broker"})
REGISTRIES: Final = frozenset({"registry", "own_registry"})
STORES: Final = frozenset({"redis"})
"""The fixtures of real servers."""


@pytest.fixture(scope="session")
def broker() -> Iterator[str]:
    """Yield the bootstrap servers of the real Kafka broker that all tests share."""
    try:
        with real_broker() as bootstrap_servers:
            yield bootstrap_servers
    except NoServerError as failure:
        lack("Kafka broker", failure)


@pytest.fixture(scope="session")
def prometheus() -> Programs:
    """Return where Prometheus and promtool are."""
    try:
        return find_prometheus()
    except NoPrometheusError as failure:
        lack("Prometheus", failure)


@pytest.fixture(scope="session")
def chromium() -> ChromiumProgram:
    """Return where Chromium is."""
    try:
        return find_chromium()
    except NoChromiumError as failure:
        lack("Chromium", failure)


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[LocalRedis]:
    """Yield a Redis that no other test uses, to be killed and started by the test."""
    try:
        with local_redis(tmp_path / "redis") as server:
            yield server
    except NoRedisError as failure:
        lack("Redis server", failure)


@pytest.fixture
def own_broker() -> Iterator[LocalKafka]:
    """Yield a local Kafka broker that no other test uses, to be stopped and started by the test."""
    try:
        with local_kafka() as kafka:
            yield kafka
    except NoServerError as failure:
        lack("Kafka broker", failure)


@pytest.fixture
def cluster() -> Iterator[LocalCluster]:
    """Yield three local Kafka brokers that no other test uses."""
    try:
        with local_cluster() as cluster:
            yield cluster
    except NoServerError as failure:
        lack("Kafka broker", failure)


@pytest.fixture
def guarded_broker() -> Iterator[str]:
    """Yield the bootstrap servers of a local broker that heeds ACLs, and allows what none forbids."""
    authorizer = "org.apache.kafka.metadata.authorizer.StandardAuthorizer"
    try:
        with local_kafka({"authorizer.class.name": authorizer, "allow.everyone.if.no.acl.found": "true"}) as kafka:
            yield kafka.bootstrap_servers
    except NoServerError as failure:
        lack("Kafka broker", failure)


@pytest.fixture(scope="session")
def registry() -> Iterator[str]:
    """Yield the URL of the real Schema Registry that all tests share."""
    try:
        with real_registry() as url:
            yield url
    except NoServerError as failure:
        lack("Schema Registry", failure)


@pytest.fixture
def own_registry() -> Iterator[LocalRegistry]:
    """Yield a local Schema Registry that no other test uses, to be stopped by the test."""
    try:
        with local_registry() as registry:
            yield registry
    except NoServerError as failure:
        lack("Schema Registry", failure)


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
    """Mark each test that asks for a server, so that nobody forgets it."""
    for item in items:
        asked = set(item.fixturenames) if isinstance(item, pytest.Function) else set()
        if asked & BROKERS:
            item.add_marker("kafka")
        if asked & REGISTRIES:
            item.add_marker("registry")
        if asked & STORES:
            item.add_marker("redis")


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ServersApart:
    """Let one process run the tests of servers, one after the other, and the others all the rest."""
    return ServersApart(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what could not be tested."""
    report_lacking(terminalreporter)
