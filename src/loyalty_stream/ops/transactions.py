"""Write records and how far a command is with them, together: one Kafka transaction after the other."""

from contextlib import suppress
from typing import Final

from confluent_kafka import KafkaError, KafkaException, Producer

from loyalty_stream.errors import ExplainedError
from loyalty_stream.pipeline.effects import Message
from loyalty_stream.runtime.clients import producer_config
from loyalty_stream.runtime.committer import ABORT_SECONDS, OPEN_SECONDS
from loyalty_stream.runtime.delivery import ONE_AT_A_TIME
from loyalty_stream.runtime.patience import insist
from loyalty_stream.runtime.settings import Settings

_QUEUE_SECONDS: Final = 0.05
_FENCED: Final = {
    KafkaError._FENCED,  # noqa: SLF001 - librdkafka's local error codes are named so
    KafkaError.PRODUCER_FENCED,
    KafkaError.INVALID_PRODUCER_EPOCH,
}


class TransactionsError(ExplainedError):
    """What was begun cannot be committed, or not now; the message says why, and what to do."""


class Transactions:
    """The transactions of one piece of work; opening them fences whoever does the same work."""

    def __init__(self, settings: Settings, transactional_id: str, work: str) -> None:
        """Connect and fence: blocks until what an earlier owner of the id had open has ended.

        `work` says for errors what another owner of the id does, as "import of the same file".
        """
        self._work = work
        self._producer = Producer({**producer_config(settings, transactional_id), **ONE_AT_A_TIME, "log_level": 0})
        self._is_open = False
        try:
            insist(lambda: self._producer.init_transactions(OPEN_SECONDS))
        except KafkaException as failure:
            raise self._explained(failure) from failure

    def publish(self, message: Message, timestamp_ms: int = 0) -> None:
        """Write a record, in the open transaction or a new one; a timestamp of 0 is the time of now."""
        try:
            if not self._is_open:
                self._producer.begin_transaction()
                self._is_open = True
            self._produce(message, timestamp_ms)
        except KafkaException as failure:
            raise self._explained(failure) from failure

    def commit(self) -> None:
        """Commit what was written since the last commit."""
        if not self._is_open:
            return
        try:
            insist(lambda: self._producer.commit_transaction(OPEN_SECONDS))
        except KafkaException as failure:
            raise self._explained(failure) from failure
        self._is_open = False

    def close(self) -> None:
        """Abort what is open, so that it holds back no reader, and disconnect."""
        # Either may say that all is over: it has failed for good, or a newer owner of the id has taken over.
        if self._is_open:
            with suppress(KafkaException):
                self._producer.abort_transaction(ABORT_SECONDS)
        with suppress(KafkaException):
            self._producer.close()

    def _produce(self, message: Message, timestamp_ms: int) -> None:
        topic, key, value, headers, partition = message
        while True:
            try:
                self._producer.produce(
                    topic,
                    value,
                    key,
                    -1 if partition is None else partition,
                    timestamp=timestamp_ms,
                    headers=headers or [],  # type: ignore[arg-type]  # a list of pairs it is
                )
            except BufferError:  # the producer's queue is full
                self._producer.poll(_QUEUE_SECONDS)
            else:
                return

    def _explained(self, failure: KafkaException) -> TransactionsError:
        error = failure.args[0]
        if error.code() == KafkaError._FATAL:  # noqa: SLF001 - librdkafka's local error codes are named so
            try:
                self._producer.abort_transaction(ABORT_SECONDS)  # raises the reason, such as that we are fenced
            except KafkaException as reason:
                error = reason.args[0]
        if error.code() in _FENCED:
            return TransactionsError(f"another {self._work} has begun since and goes on in this one's place")
        return TransactionsError(
            f"the broker takes no more: {error.str()}. Start it again: it goes on behind the last record that is "
            "committed"
        )
