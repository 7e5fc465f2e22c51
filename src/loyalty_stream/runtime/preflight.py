"""Check before the start what would only fail later, and less clearly: broker, topics, port, data folder."""

import socket
from collections.abc import Mapping, Sequence
from typing import Any, Final

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AdminClient

from loyalty_stream.runtime.clients import client_config
from loyalty_stream.runtime.failure import WorkerStopped
from loyalty_stream.runtime.settings import Settings

BROKER_SECONDS_MAX: Final = 10.0
_FIX: Final = "Run: loyalty-stream topics apply"


def check(settings: Settings, dialects: Sequence[str], outputs: Sequence[str] = ()) -> None:
    """Return when a worker can start; `outputs` are the topics that it writes to and does not read.

    Raises:
        WorkerStopped: It cannot; the text names the cause and the fix.

    """
    _check_port(settings)
    _check_data_dir(settings)
    check_topics(settings, dialects, _topics(settings), outputs)


def check_topics(
    settings: Settings, dialects: Sequence[str], partitions: Mapping[str, int], outputs: Sequence[str] = ()
) -> None:
    """Check that all topics exist and those read share one number of partitions; `partitions` is what the broker has.

    Raises:
        WorkerStopped: A topic is missing, or its number of partitions is another.

    """
    needed = [*map(settings.raw_topic, dialects), settings.canonical_topic, settings.changelog_topic]
    missing = [topic for topic in (*needed, *outputs) if topic not in partitions]
    if missing:
        raise WorkerStopped(f"missing on {settings.bootstrap_servers}: {', '.join(missing)}. {_FIX}")
    wrong = [topic for topic in needed if partitions[topic] != settings.partitions]
    if wrong:
        counts = ", ".join(f"{topic} has {partitions[topic]}" for topic in wrong)
        raise WorkerStopped(
            f"wrong number of partitions: {counts}; LOYALTY_PARTITIONS is {settings.partitions}, and raw topics, "
            f"{settings.canonical_topic} and {settings.changelog_topic} must all have as many. A topic's partitions "
            "cannot be changed without moving keys. Set LOYALTY_PARTITIONS to what the topics have, or, where they are "
            "empty, delete them (kafka-topics --delete) and run: loyalty-stream topics apply"
        )


def _topics(settings: Settings) -> dict[str, int]:
    reasons: list[str] = []

    def note(error: KafkaError) -> None:
        reasons.append(error.str())

    config: dict[str, Any] = {**client_config(settings), "error_cb": note, "log_level": 0}
    admin = AdminClient(config)
    try:
        metadata = admin.list_topics(timeout=BROKER_SECONDS_MAX)
    except KafkaException as failure:
        admin.poll(0)
        reason = reasons[0] if reasons else failure.args[0].str()
        raise WorkerStopped(
            f"no Kafka broker answers at {settings.bootstrap_servers} ({reason}). Start it, or set "
            "LOYALTY_BOOTSTRAP_SERVERS and, where the cluster wants it, LOYALTY_KAFKA_SECURITY_PROTOCOL. "
            "To see the stream without a broker: loyalty-stream demo"
        ) from None
    return {name: len(topic.partitions) for name, topic in metadata.topics.items() if topic.error is None}


def _check_port(settings: Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.http_host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.http_host, settings.http_port))
        except OSError as failure:
            raise WorkerStopped(
                f"cannot listen on {settings.http_host}:{settings.http_port} ({failure.strerror}). Another worker may "
                "run here: set LOYALTY_HTTP_PORT (and LOYALTY_HTTP_HOST)"
            ) from None


def _check_data_dir(settings: Settings) -> None:
    folder = settings.data_dir.absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as failure:
        raise WorkerStopped(f"cannot write to {folder} ({failure.strerror}). Set LOYALTY_DATA_DIR") from None
