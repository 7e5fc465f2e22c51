"""Run a broker inside this process: no server, no Java, no Docker, only the confluent-kafka wheel.

librdkafka, which that wheel carries, brings a mock cluster: threads of C that speak Kafka's protocol on a local port.
Clients produce, consume, join groups and run transactions on it as on any broker. It does not:

- hide open or aborted transactions from read_committed readers: every record is visible at once;
- keep offsets that are committed in a transaction (it accepts and forgets them; those of a plain commit it keeps), so
  that a restarted group begins anew and its lag cannot be told from outside;
- keep much: the newest 5 MB or so of a partition, in memory, gone with the process;
- create topics on request, tell or change their settings, or compact them: `create_topic` is the way to make one.

So it serves demonstrations and quick tests. It proves nothing about delivery, and is no benchmark.

By hand: `python -m loyalty_stream.ops.embedded loyalty.raw.capillary=4 loyalty.dead_letters=1`.
"""

import argparse
import ctypes
import ctypes.util
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import confluent_kafka

from loyalty_stream.errors import ExplainedError

_PRODUCER = 0
_NO_ERROR = 0
_SILENT = 0
"""The lowest log level of librdkafka: the mock cluster reports every client that leaves as a failure."""


class EmbeddedBrokerError(ExplainedError):
    """The embedded broker cannot be had or used; the message says why and what helps."""


class EmbeddedBroker:
    """A mock cluster of one broker, from `start()` to `stop()` or as a context."""

    def __init__(self, topics: Mapping[str, int] | None = None) -> None:
        """Take the topics to begin with, each with its number of partitions."""
        self._topics = dict(topics or {})
        self._library = _load_library()
        self._client: int | None = None
        self._cluster: int | None = None

    def start(self) -> Self:
        """Start listening on a free local port and create the topics.

        Raises:
            EmbeddedBrokerError: librdkafka refuses.

        """
        message = ctypes.create_string_buffer(512)
        settings = self._library.rd_kafka_conf_new()
        self._library.rd_kafka_conf_set(settings, b"log_level", str(_SILENT).encode(), message, len(message))
        self._client = self._library.rd_kafka_new(_PRODUCER, settings, message, len(message))
        if not self._client:
            raise EmbeddedBrokerError(f"librdkafka made no client: {message.value.decode()}")
        self._cluster = self._library.rd_kafka_mock_cluster_new(self._client, 1)
        if not self._cluster:
            self.stop()
            raise EmbeddedBrokerError("librdkafka made no mock cluster: is a local port free?")
        for name, partitions in self._topics.items():
            self.create_topic(name, partitions)
        return self

    @property
    def bootstrap_servers(self) -> str:
        """The address that clients connect to."""
        address: bytes = self._library.rd_kafka_mock_cluster_bootstraps(self._running)
        return address.decode()

    def create_topic(self, name: str, partitions: int) -> None:
        """Create a topic.

        Raises:
            EmbeddedBrokerError: It exists already, or the number of partitions is not positive.

        """
        error = self._library.rd_kafka_mock_topic_create(self._running, name.encode(), partitions, 1)
        if error != _NO_ERROR:
            reason = self._library.rd_kafka_err2str(error).decode()
            raise EmbeddedBrokerError(f"cannot create {name!r} with {partitions} partitions: {reason}")

    def stop(self) -> None:
        """Drop all clients and all data; stopping twice is fine."""
        if self._cluster:
            self._library.rd_kafka_mock_cluster_destroy(self._cluster)
        if self._client:
            self._library.rd_kafka_destroy(self._client)
        self._cluster = self._client = None

    @property
    def _running(self) -> int:
        if self._cluster is None:
            raise EmbeddedBrokerError("the embedded broker is not running: start() it first")
        return self._cluster

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def _load_library() -> ctypes.CDLL:
    """Load the librdkafka that confluent-kafka itself uses and declare the functions called here."""
    try:
        library = ctypes.CDLL(_library_path())
        _declare(library)
    except (OSError, AttributeError) as failure:
        raise EmbeddedBrokerError(
            f"this confluent-kafka offers no mock cluster ({failure}); install it from its wheel:"
            " pip install --force-reinstall --only-binary :all: confluent-kafka"
        ) from failure
    return library


def _library_path() -> str:
    """Return where the wheel keeps librdkafka on this platform, else where the system does."""
    package = Path(confluent_kafka.__file__).parent
    patterns = (
        "confluent_kafka.libs/librdkafka*.so*",  # Linux, as auditwheel packs it
        "confluent_kafka/.dylibs/librdkafka*.dylib",  # macOS, as delocate does
        "confluent_kafka.libs/librdkafka*.dll",  # Windows, as delvewheel does
    )
    for pattern in patterns:
        for path in sorted(package.parent.glob(pattern)):
            return str(path)
    found = ctypes.util.find_library("rdkafka")
    if found is None:
        raise OSError(f"no librdkafka beside {package}")
    return found


def _declare(library: ctypes.CDLL) -> None:
    """Give each function its C signature; without one ctypes would cut pointers to 32 bits."""
    pointer, text, number, size = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_size_t
    signatures: dict[str, tuple[type | None, list[type]]] = {
        "rd_kafka_conf_new": (pointer, []),
        "rd_kafka_conf_set": (number, [pointer, text, text, text, size]),
        "rd_kafka_new": (pointer, [number, pointer, text, size]),
        "rd_kafka_destroy": (None, [pointer]),
        "rd_kafka_err2str": (text, [number]),
        "rd_kafka_mock_cluster_new": (pointer, [pointer, number]),
        "rd_kafka_mock_cluster_destroy": (None, [pointer]),
        "rd_kafka_mock_cluster_bootstraps": (text, [pointer]),
        "rd_kafka_mock_topic_create": (number, [pointer, text, number, number]),
    }
    for name, (result, arguments) in signatures.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments


def main(arguments: list[str] | None = None) -> None:
    """Run a broker with the topics of the command line, print its address and wait to be ended."""
    parser = argparse.ArgumentParser(
        prog="python -m loyalty_stream.ops.embedded", description="Run an embedded broker."
    )
    parser.add_argument("topics", nargs="*", metavar="NAME=PARTITIONS", type=_topic, help="a topic to create")
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with EmbeddedBroker(dict(parser.parse_args(arguments).topics)) as broker:
        sys.stdout.write(f"{broker.bootstrap_servers}\n")
        sys.stdout.flush()
        ended.wait()


def _topic(argument: str) -> tuple[str, int]:
    name, _, partitions = argument.partition("=")
    return name, int(partitions)


if __name__ == "__main__":
    main()
