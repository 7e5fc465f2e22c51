"""Find a real Schema Registry: the one that is given, else Apicurio's on the local JVM."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from tests.kafka.errors import NoServerError
from tests.registry.local import local_registry

GIVEN = "LOYALTY_TEST_SCHEMA_REGISTRY"


@contextmanager
def real_registry() -> Iterator[str]:
    """Yield the URL of a registry's Confluent API.

    Raises:
        NoServerError: None can be had; the message names each way with what it lacks.

    """
    if given := os.environ.get(GIVEN):
        yield given
        return
    try:
        with local_registry() as registry:
            yield registry.url
    except NoServerError as failure:
        lacks = f"{GIVEN}: not set. Give the URL of a registry that tests may fill\nthe local JVM: {failure}"
        raise NoServerError(lacks) from failure
