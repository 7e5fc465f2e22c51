"""Run Apache Kafka on the local JVM: one node, KRaft, up in about three seconds.

By hand: `make broker` (or `python -m tests.kafka.local`) runs one until Ctrl-C.
"""

import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from tests.kafka import process
from tests.kafka.errors import NoServerError
from tests.kafka.jars import classpath
from tests.kafka.settings import CLUSTER_ID, broker_settings, free_ports

_HEAP = ("-Xms256m", "-Xmx768m")
_LOGGING = ("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dorg.slf4j.simpleLogger.showDateTime=true")
_READY_SECONDS_MAX = 60


class LocalKafka:
    """One broker with its data in `folder`; it can be stopped or killed, and started again on the same data.

    `ports` are those of the broker and of its controller, where they must be known before.
    """

    def __init__(
        self, folder: Path, more: Mapping[str, str] | None = None, ports: tuple[int, int] | None = None
    ) -> None:
        java = shutil.which("java")
        if java is None:
            raise NoServerError("java is not on the PATH. Install Java 17 or newer")
        port, controller_port = ports or free_ports(2)
        self.bootstrap_servers = f"127.0.0.1:{port}"
        self.log = folder / "kafka.log"
        self._settings = folder / "server.properties"
        settings = broker_settings(port, controller_port, f"{folder}/data") | dict(more or {})
        self._settings.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
        self._java = [java, *_HEAP, *_LOGGING, "-cp", classpath()]
        self._process: subprocess.Popen[bytes] | None = None
        self._format()

    def start(self) -> None:
        """Start the broker and wait until it answers.

        Raises:
            NoServerError: It ended, or did not answer within a minute; the message ends with its log.

        """
        self.launch()
        self.wait_ready()

    def launch(self) -> None:
        """Start the broker and do not wait for it."""
        self._process = process.start([*self._java, "kafka.Kafka", str(self._settings)], self.log)

    def wait_ready(self) -> None:
        """Wait until it answers.

        Raises:
            NoServerError: It ended, or did not answer within a minute; the message ends with its log.

        """
        admin = AdminClient({"bootstrap.servers": self.bootstrap_servers, "log_level": 0})
        deadline = time.monotonic() + _READY_SECONDS_MAX
        while time.monotonic() < deadline and self._process is not None and self._process.poll() is None:
            try:
                if admin.list_topics(timeout=1).brokers:
                    return
            except KafkaException:
                time.sleep(0.05)
        self.kill()
        raise NoServerError(f"Kafka did not start. Its log ends:\n{process.tail(self.log)}")

    def stop(self) -> None:
        """Stop the broker in an orderly way."""
        if self._process is not None:
            process.stop(self._process)

    def kill(self) -> None:
        """End the broker without notice."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _format(self) -> None:
        arguments = ["kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", str(self._settings)]
        done = subprocess.run([*self._java, *arguments], capture_output=True, text=True, check=False)
        if done.returncode:
            raise NoServerError(f"Kafka's storage could not be formatted:\n{done.stdout}{done.stderr}")


@contextmanager
def local_kafka(more: Mapping[str, str] | None = None) -> Iterator[LocalKafka]:
    """Run a broker on a temporary folder for as long as the context is open; `more` adds to its settings.

    Raises:
        NoServerError: Java or Maven is missing, or the broker does not start.

    """
    with tempfile.TemporaryDirectory(prefix="loyalty-kafka-", ignore_cleanup_errors=True) as folder:
        kafka = LocalKafka(Path(folder), more)
        kafka.start()
        try:
            yield kafka
        finally:
            kafka.kill()  # its data goes too: nothing to save, and an orderly stop takes seconds


def main() -> None:
    """Run a broker, print its bootstrap servers and wait for Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with local_kafka() as kafka:
        print(kafka.bootstrap_servers, flush=True)  # noqa: T201  the one thing to say
        try:
            signal.pause()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
