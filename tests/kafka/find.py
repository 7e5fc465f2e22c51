"""Find a real broker: the one that is given, else Docker, else Kafka's own jars on the local JVM."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from tests.kafka.container import docker_kafka
from tests.kafka.errors import NoServerError
from tests.kafka.local import local_kafka

GIVEN = "LOYALTY_TEST_KAFKA"


@contextmanager
def real_broker() -> Iterator[str]:
    """Yield the bootstrap servers of a real broker.

    Raises:
        NoServerError: None can be had; the message names each way with what it lacks.

    """
    ways: dict[str, Callable[[], AbstractContextManager[str]]] = {
        GIVEN: _given_kafka,
        "Docker": docker_kafka,
        "the local JVM": _jvm_kafka,
    }
    lacks: list[str] = []
    with ExitStack() as stack:
        for name, way in ways.items():
            try:
                bootstrap_servers = stack.enter_context(way())
            except NoServerError as failure:
                lacks.append(f"{name}: {failure}")
            else:
                yield bootstrap_servers
                return
    raise NoServerError("\n".join(lacks))


@contextmanager
def _given_kafka() -> Iterator[str]:
    given = os.environ.get(GIVEN)
    if not given:
        raise NoServerError("not set. Give the bootstrap servers of a broker that tests may fill")
    yield given


@contextmanager
def _jvm_kafka() -> Iterator[str]:
    with local_kafka() as kafka:
        yield kafka.bootstrap_servers
