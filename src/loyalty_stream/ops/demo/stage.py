"""What the demo runs on: a broker, topics, a worker of its own, and a folder; all gone at the end."""

import os
import secrets
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Final, Self

from confluent_kafka import KafkaException
from pydantic import SecretStr

from loyalty_stream.errors import ExplainedError
from loyalty_stream.ops import topic_plan, topics
from loyalty_stream.ops.child import Child, signals_held
from loyalty_stream.ops.embedded import EmbeddedBroker
from loyalty_stream.ops.state import StateError, WorkerClient, worker_url
from loyalty_stream.runtime.clients import client_config
from loyalty_stream.runtime.settings import ENV_PREFIX, Settings, load_settings

PARTITIONS: Final = 4
_LINGER_MS: Final = 20
_READY_SECONDS_MAX: Final = 40.0
_STOP_SECONDS_MAX: Final = 8.0
_CONNECT_SECONDS_MAX: Final = 8.0
_TOPICS_SECONDS_MAX: Final = 15.0


class DemoError(ExplainedError):
    """The demo cannot go on; the message says why."""


def demo_settings(folder: Path, broker: str | None) -> Settings:
    """Return the settings of the demo, whatever the environment says; on a real broker its security settings count."""
    values: dict[str, Any] = {
        "bootstrap_servers": broker,
        "app_id": "loyalty",
        "data_dir": folder / "data",
        "partitions": PARTITIONS,
        "http_port": _free_port(),
        "commit_linger_ms": _LINGER_MS,
    }
    if broker is not None:
        name = f"loyalty-demo-{secrets.token_hex(3)}"
        values |= {"app_id": name, "topic_prefix": f"{name}."}
        real = load_settings(bootstrap_servers=broker).model_dump()
        values |= {field: value for field, value in real.items() if field.startswith("kafka_")}
    return Settings.model_construct(**values)


@contextmanager
def stage(broker: str | None) -> Iterator[Settings]:
    """Yield the settings of a broker with fresh topics; what was made is gone at the end.

    Raises:
        EmbeddedBrokerError: No broker can be embedded.
        BrokerUnreachableError: The named broker does not answer.

    """
    with ExitStack() as held:
        folder = Path(
            held.enter_context(tempfile.TemporaryDirectory(prefix="loyalty-demo-", ignore_cleanup_errors=True))
        )
        settings = demo_settings(folder, broker)
        wanted = topic_plan.load_topics(settings.topic_prefix, settings.app_id, settings.partitions)
        if broker is None:
            embedded = held.enter_context(EmbeddedBroker({topic.name: topic.partitions for topic in wanted}))
            settings = settings.model_copy(update={"bootstrap_servers": embedded.bootstrap_servers})
        else:
            admin = topics.connect(client_config(settings), _CONNECT_SECONDS_MAX)
            held.callback(_delete_topics, admin, [topic.name for topic in wanted])
            topics.apply(admin, wanted)
        yield settings


def _delete_topics(admin: Any, names: list[str]) -> None:  # noqa: ANN401 - confluent-kafka's AdminClient, half typed
    for answer in admin.delete_topics(names, operation_timeout=_TOPICS_SECONDS_MAX).values():
        with suppress(KafkaException):
            answer.result(_TOPICS_SECONDS_MAX)


class DemoWorker:
    """One `loyalty-stream worker` as a process of its own, as a context."""

    def __init__(self, settings: Settings) -> None:
        """Take the settings; nothing runs yet."""
        self._settings = settings
        self._log = settings.data_dir.parent / "worker.log"
        self._child: Child | None = None

    def __enter__(self) -> Self:
        """Start it and return when it is ready."""
        folder = self._log.parent  # where no .env lies
        try:
            with signals_held():
                self._child = Child(["worker"], self._log, _environment(self._settings), folder)
            self._wait_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End it; what it does not end by itself in time is killed."""
        if self._child is not None:
            self._child.terminate()
            self._child.wait(_STOP_SECONDS_MAX)

    def client(self) -> WorkerClient:
        """Return a client of it."""
        return WorkerClient(worker_url(self._settings), self._settings.http_token)

    def check(self) -> None:
        """Raise DemoError where the worker has ended."""
        code = None if self._child is None else self._child.exit_code()
        if code is not None:
            raise DemoError(f"the worker ended with exit code {code}. Its log ends:\n{self._tail()}")

    def _wait_ready(self) -> None:
        client = self.client()
        deadline = time.monotonic() + _READY_SECONDS_MAX
        while time.monotonic() < deadline:
            self.check()
            with suppress(StateError):
                if client.get("/readyz")[0] == 200:  # noqa: PLR2004 - HTTP's OK
                    client.close()
                    return
            time.sleep(0.05)
        raise DemoError(f"the worker was not ready within {_READY_SECONDS_MAX:g} s. Its log ends:\n{self._tail()}")

    def _tail(self) -> str:
        return "" if self._child is None else self._child.log_tail()


def _environment(settings: Settings) -> dict[str, str]:
    """Return the environment of the worker: every setting, and nothing else of ours."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ENV_PREFIX)}
    for name, value in settings.model_dump(exclude={"redis_url"}).items():  # the demo has no view
        if value is not None:
            text = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
            environment[f"{ENV_PREFIX}{name.upper()}"] = text
    return environment


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
