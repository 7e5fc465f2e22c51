"""Run Apache Kafka in Docker, where a Docker engine answers."""

from collections.abc import Iterator
from contextlib import contextmanager

import docker
from docker.errors import DockerException
from testcontainers.core.container import DockerContainer
from testcontainers.core.docker_client import DockerClient
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

from tests.kafka.errors import NoServerError
from tests.kafka.settings import CLUSTER_ID, KAFKA_VERSION, broker_settings, free_ports

_CONTROLLER_PORT = 9093
_PING_SECONDS_MAX = 3


def environment(settings: dict[str, str]) -> dict[str, str]:
    """Return broker properties as the image `apache/kafka` takes them: `log.dirs` becomes `KAFKA_LOG_DIRS`."""
    return {"KAFKA_" + name.upper().replace(".", "_"): value for name, value in settings.items()}


@contextmanager
def docker_kafka() -> Iterator[str]:
    """Run a broker in a container and yield its bootstrap servers.

    The same port is used inside and outside, so that the address which the broker advertises is right from here.

    Raises:
        NoServerError: No Docker engine answers (a client alone is not enough), or it cannot run the image.

    """
    try:
        docker.from_env(timeout=_PING_SECONDS_MAX).ping()
    except DockerException as failure:
        raise NoServerError("no Docker engine answers. Install and start Docker") from failure
    host = DockerClient().host()
    [port] = free_ports(1)
    container = DockerContainer(f"apache/kafka:{KAFKA_VERSION}").with_bind_ports(port, port)
    container = container.waiting_for(LogMessageWaitStrategy("Kafka Server started"))
    container = container.with_envs(
        **environment(broker_settings(port, _CONTROLLER_PORT, "/var/lib/kafka/data", host)),
        CLUSTER_ID=CLUSTER_ID,
        KAFKA_HEAP_OPTS="-Xms256m -Xmx768m",
    )
    try:
        container.start()
    except (DockerException, TimeoutError) as failure:
        container.stop()
        raise NoServerError(f"Docker could not run {container.image}: {failure}") from failure
    try:
        yield f"{host}:{port}"
    finally:
        container.stop()
