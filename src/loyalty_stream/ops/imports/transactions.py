"""Write raw records and how far their file is, together: one Kafka transaction after the other."""

from contextlib import suppress
from typing import Final

from confluent_kafka import KafkaError, KafkaException, Producer

from loyalty_stream.ops.imports.errors import ImportFailedError
from loyalty_stream.ops.imports.progress import IMPORTS_PARTITION, Progress, imports_topic
from loyalty_stream.runtime.clients import producer_config
from loyalty_stream.runtime.committer import ABORT_SECONDS, OPEN_SECONDS, insist
from loyalty_stream.runtime.settings import Settings

_QUEUE_SECONDS: Final = 0.05
_AGAIN: Final = "Start it again: it goes on behind the last row that is committed"
_FENCED: Final = {
    KafkaError._FENCED,  # noqa: SLF001 - librdkafka's local error codes are named so
    KafkaError.PRODUCER_FENCED,
    KafkaError.INVALID_PRODUCER_EPOCH,
}
Headers = list[tuple[str, str | bytes | None]]


class Transactions:
    """The transactions of one file's import; opening them fences whoever imports the same file."""

    def __init__(self, settings: Settings, topic: str, identity: str) -> None:
        """Connect and fence: blocks until what an earlier import of the file had open has ended."""
        self._topic = topic
        self._imports = imports_topic(settings)
        self._identity = identity.encode()
        self._producer = Producer({**producer_config(settings, f"{settings.app_id}-import-{identity}"), "log_level": 0})
        self._is_open = False
        try:
            insist(lambda: self._producer.init_transactions(OPEN_SECONDS))
        except KafkaException as failure:
            raise self._explained(failure) from failure

    def publish(self, key: bytes | None, value: bytes, headers: Headers | None = None) -> None:
        """Write a raw record, in the open transaction or a new one."""
        try:
            self._begin()
            self._produce(self._topic, key, value, headers)
        except KafkaException as failure:
            raise self._explained(failure) from failure

    def commit(self, progress: Progress) -> None:
        """Commit what was written since the last commit, and that the file is so far."""
        try:
            self._begin()
            self._produce(self._imports, self._identity, progress.dump(), partition=IMPORTS_PARTITION)
            insist(lambda: self._producer.commit_transaction(OPEN_SECONDS))
        except KafkaException as failure:
            raise self._explained(failure) from failure
        self._is_open = False

    def close(self) -> None:
        """Abort what is open, so that it holds back no reader, and disconnect."""
        # Either may say that all is over: it has failed for good, or a newer import of the file has taken over.
        if self._is_open:
            with suppress(KafkaException):
                self._producer.abort_transaction(ABORT_SECONDS)
        with suppress(KafkaException):
            self._producer.close()

    def _begin(self) -> None:
        if not self._is_open:
            self._producer.begin_transaction()
            self._is_open = True

    def _produce(
        self, topic: str, key: bytes | None, value: bytes, headers: Headers | None = None, partition: int = -1
    ) -> None:
        while True:
            try:
                self._producer.produce(topic, value, key, partition, headers=headers or [])
            except BufferError:  # the producer's queue is full
                self._producer.poll(_QUEUE_SECONDS)
            else:
                return

    def _explained(self, failure: KafkaException) -> ImportFailedError:
        error = failure.args[0]
        if error.code() == KafkaError._FATAL:  # noqa: SLF001 - librdkafka's local error codes are named so
            try:
                self._producer.abort_transaction(ABORT_SECONDS)  # raises the reason, such as that we are fenced
            except KafkaException as reason:
                error = reason.args[0]
        if error.code() in _FENCED:
            return ImportFailedError("another import of the same file has begun since and goes on in this one's place")
        return ImportFailedError(f"the broker takes no more: {error.str()}. {_AGAIN}")
