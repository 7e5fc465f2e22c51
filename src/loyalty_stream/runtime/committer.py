"""Commit one group: outputs, changelog and source offsets in one Kafka transaction, then the rows locally."""

import logging
from collections.abc import Sequence
from typing import Any, Final, Protocol

from confluent_kafka import KafkaError, KafkaException, Producer, TopicPartition

from loyalty_stream.pipeline.effects import Message
from loyalty_stream.runtime.clients import LIBRARY_LOG
from loyalty_stream.runtime.delivery import Deliveries, RecordsLostError
from loyalty_stream.runtime.lanes import Group, Rows
from loyalty_stream.runtime.patience import COMMIT_SECONDS_MAX, insist

OPEN_SECONDS: Final = 30.0
ABORT_SECONDS: Final = 2.0
_TRIES: Final = 5
"""So often a transaction is written where the broker loses records of it: a partition's leader is ready soon."""

logger = logging.getLogger(__name__)


class RowStore(Protocol):
    """The local store of one table, as a committed transaction writes to it."""

    def write(self, partition: int, rows: Rows, offset: int) -> None:
        """Write rows together with the changelog offset that they are current for."""


class KafkaCommitter:
    """The transactions of one transactional producer; opening it fences whoever held its id before."""

    def __init__(
        self, config: dict[str, Any], partition: int, changelog: str, store: RowStore, group_metadata: object
    ) -> None:
        """Connect and fence: blocks until the earlier owner's transaction has ended."""
        self._partition = partition
        self._changelog = changelog
        self._store = store
        self._group_metadata = group_metadata
        self._producer = Producer(config, logger=LIBRARY_LOG)
        insist(lambda: self._producer.init_transactions(OPEN_SECONDS))

    def commit(self, group: Group) -> None:
        """Commit a group and write its rows; a raised exception leaves the transaction open for `abort`."""
        try:
            tail_offset = self._commit(group)
        except KafkaException as failure:
            if failure.args[0].code() == KafkaError._FATAL:  # noqa: SLF001 - librdkafka's local error codes are named so
                self._producer.abort_transaction(ABORT_SECONDS)  # raises the reason, such as that we are fenced
            raise
        if group.rows:
            if tail_offset is None:
                raise RuntimeError("committed without an answer for the last changelog record")
            # + 1: the commit marker stands right behind, so that recovery finds the store up to date.
            self._store.write(self._partition, group.rows, tail_offset + 1)

    def _commit(self, group: Group) -> int | None:
        """Commit a group, anew where the broker has lost records of it; return the last changelog record's offset."""
        for left in reversed(range(_TRIES)):
            try:
                deliveries = self._produce(group)
            except RecordsLostError as loss:
                if not left:
                    raise
                logger.warning("partition %d: %s; the transaction is written anew", self._partition, loss)
                insist(lambda: self._producer.abort_transaction(OPEN_SECONDS))
            else:
                break
        insist(lambda: self._producer.commit_transaction(OPEN_SECONDS))
        return deliveries.tail_offset

    def _produce(self, group: Group) -> Deliveries:
        """Write a group in a new transaction, and return once the broker holds each record of it."""
        deliveries = Deliveries()
        self._producer.begin_transaction()
        self._produce_messages(group.messages, deliveries)
        if group.rows:
            self._produce_rows(group.rows, deliveries)
        offsets = [
            TopicPartition(tp.topic, tp.partition, end, metadata) for tp, (end, metadata) in group.offsets.items()
        ]
        insist(lambda: self._producer.send_offsets_to_transaction(offsets, self._group_metadata, OPEN_SECONDS))
        if self._producer.flush(COMMIT_SECONDS_MAX):
            raise RuntimeError(f"the broker acknowledges no records within {COMMIT_SECONDS_MAX:g} s")
        deliveries.check()
        return deliveries

    def abort(self) -> None:
        """Abort what is open, in a short time: it would hold back every read_committed reader."""
        try:
            self._producer.abort_transaction(ABORT_SECONDS)
        except KafkaException:
            return  # nothing was open, or a newer owner has aborted it

    def close(self) -> None:
        """Close the connections."""
        self._producer.close()

    def _produce_messages(self, messages: Sequence[Message], deliveries: Deliveries) -> None:
        produce, note = self._producer.produce, deliveries.note
        for topic, key, value, headers, partition in messages:
            while True:
                try:
                    produce(topic, value, key, -1 if partition is None else partition, note, headers=headers)  # type: ignore[arg-type]  # a list of pairs it is
                except BufferError:  # the producer's queue is full
                    self._producer.poll(0.05)
                else:
                    break

    def _produce_rows(self, rows: Rows, deliveries: Deliveries) -> None:
        *records, last = [{"key": key, "value": value} for key, value in rows.items()]
        while records:
            sent = self._producer.produce_batch(self._changelog, records, self._partition, deliveries.note)
            if sent == len(records):
                break
            records = _refused(records)
            self._producer.poll(0.05)
        while True:
            try:
                self._producer.produce(
                    self._changelog, last["value"], last["key"], self._partition, deliveries.note_tail
                )
            except BufferError:
                self._producer.poll(0.05)
            else:
                return


def _refused(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the records that did not fit into the producer's queue; raise for any other reason."""
    refused = [record for record in records if "_error" in record]
    for record in refused:
        error = record.pop("_error")
        if error.code() != KafkaError._QUEUE_FULL:  # noqa: SLF001 - librdkafka's local error codes are named so
            raise KafkaException(error)
    return refused
