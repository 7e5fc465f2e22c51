"""Listen to what is published, as another service would, while it is published: the embedded broker forgets."""

import threading
from collections import Counter
from typing import Any, Final, Self

from confluent_kafka import Consumer, Message, TopicPartition

from loyalty_stream.domains import DOMAINS
from loyalty_stream.ops.records import RecordReader, TailRecord
from loyalty_stream.runtime.clients import reader_config
from loyalty_stream.runtime.settings import Settings

_POLL_SECONDS: Final = 0.1
_RECORDS_MAX: Final = 5_000
_TYPE_HEADER: Final = "ce_type"


class Listener:
    """Count derived events and dead letters in a thread of its own, as a context."""

    def __init__(self, settings: Settings) -> None:
        """Listen to every topic from its beginning."""
        prefix = settings.topic_prefix
        self._settings = settings
        self._topics = {f"{prefix}derived.{domain.topic_name}": domain.topic_name for domain in DOMAINS}
        self._dead_letter_topic = f"{prefix}dead_letters"
        self._samples: dict[tuple[str, str], Message] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)
        self.derived: Counter[tuple[str, str]] = Counter()  # entity key, topic's short name
        self.received = 0
        self.dead_letters = 0
        self.failure: Exception | None = None

    def __enter__(self) -> Self:
        """Start listening."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening."""
        self._ended.set()
        self._thread.join()

    def samples(self) -> dict[str, list[TailRecord]]:
        """Return the newest event of each type, by domain and in the order in which domains list their types."""
        reader = RecordReader(self._settings)
        newest = self._samples
        return {
            domain.name: [
                reader.read(newest[domain.topic_name, body.__name__])
                for body in domain.derived
                if (domain.topic_name, body.__name__) in newest
            ]
            for domain in DOMAINS
        }

    def _run(self) -> None:
        consumer = Consumer({**reader_config(self._settings), "auto.offset.reset": "earliest", "log_level": 0})
        try:
            consumer.assign(
                [
                    TopicPartition(topic, partition, 0)
                    for topic in [*self._topics, self._dead_letter_topic]
                    for partition in range(self._settings.partitions)
                ]
            )
            while not self._ended.is_set():
                for message in consumer.consume(_RECORDS_MAX, timeout=_POLL_SECONDS):
                    if message.error() is None:
                        self._note(message)
        except Exception as failure:  # noqa: BLE001 - told by whoever waits for this thread
            self.failure = failure
        finally:
            consumer.close()

    def _note(self, message: Message) -> None:
        topic = self._topics.get(message.topic() or "")
        if topic is None:
            self.dead_letters += 1
            return
        headers: Any = message.headers() or ()
        kind = dict(headers).get(_TYPE_HEADER, b"").decode().rpartition(".")[2]
        self.derived[(message.key() or b"").decode(), topic] += 1
        self._samples[topic, kind] = message
        self.received += 1
