"""The yardstick: the same reduction in a plain confluent-kafka loop, with no framework around it.

Consume, run the same pipeline on the same row cache, then commit outputs, changelog and source offsets in one Kafka
transaction for some 5,000 records, and write the rows to RocksDB in one batch. It gives the same guarantees as long as
nothing goes wrong: no recovery, no rebalance, no grouping of a trickle, no metrics.
"""

import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from confluent_kafka import Consumer, Producer, TopicPartition
from rocksdict import Options, Rdict, WriteBatch

from bench.stopwatch import Stopwatch, calm_garbage_collector
from bench.traffic import DIALECT, BenchRecord
from loyalty_stream.pipeline.config import PipelineConfig
from loyalty_stream.pipeline.effects import Effects, Tally
from loyalty_stream.pipeline.processor import Processor
from loyalty_stream.pipeline.rows import RowCache
from loyalty_stream.pipeline.table import AnyRow
from loyalty_stream.runtime.settings import load_settings

RECORDS_MAX = int(os.environ.get("BENCH_PLAIN_RECORDS", "5000"))
_TIMEOUT_SECONDS = 30.0
_CODEC = (Processor.decode_row, Processor.encode_row)


class PlainLoop:
    """One consumer, one transactional producer, one database a partition, one thread."""

    def __init__(self) -> None:
        """Connect, with the settings of the environment that a worker reads too."""
        settings = load_settings()
        self.config = PipelineConfig(**{name: getattr(settings, name) for name in PipelineConfig.__struct_fields__})
        self.changelog = settings.changelog_topic
        self.raw = self.config.raw_topic(DIALECT)
        self._rows_max = settings.state_cache_rows // settings.partitions
        self._processor = Processor(self.config)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        folder = Path(settings.data_dir)
        # One for each partition: what programmes come to has the same key on all of them.
        self._databases = [Rdict(str(folder / f"{n}"), Options(raw_mode=True)) for n in range(settings.partitions)]
        self._rows = [RowCache(database.get, *_CODEC) for database in self._databases]
        self._tallies: dict[tuple[str, int], Tally] = defaultdict(Tally)
        servers = {"bootstrap.servers": settings.bootstrap_servers}
        self.producer = Producer({**servers, **_producer_config(settings.app_id)})
        self.consumer = Consumer({**servers, **_consumer_config(settings.app_id)})

    def run(self) -> None:
        """Run until the stopwatch has seen the last record."""
        self.producer.init_transactions(_TIMEOUT_SECONDS)
        self.consumer.subscribe([self.raw, self.config.canonical_topic])
        stopwatch = Stopwatch()
        calm_garbage_collector()
        while True:
            messages = self.consumer.consume(RECORDS_MAX, 0.05)
            if not messages:
                continue
            stopwatch.start()
            if stopwatch.committed(self._transact(_by_place(messages))):
                break
        self.consumer.close()
        for database in self._databases:
            database.close()

    def _transact(self, batches: dict[tuple[str, int], list[BenchRecord]]) -> Tally:
        """Process and commit what one call of `consume` has brought; return how it ended."""
        self.producer.begin_transaction()
        total, offsets, writes = Tally(), [], [WriteBatch(raw_mode=True) for _ in self._databases]
        for (topic, number), records in batches.items():
            rows, tally = self._rows[number], self._tallies[topic, number]
            effects = self._process(topic, number, records, rows)
            self._produce(effects)
            self._write(number, rows.take_written(), writes[number])
            rows.trim(self._rows_max)
            tally.add(effects.tally)
            if topic == self.raw:
                total.add(effects.tally)
            offsets.append(TopicPartition(topic, number, records[-1].offset + 1, tally.dump()))
        self.producer.send_offsets_to_transaction(offsets, self.consumer.consumer_group_metadata(), _TIMEOUT_SECONDS)
        self.producer.commit_transaction(_TIMEOUT_SECONDS)
        for database, written in zip(self._databases, writes, strict=True):
            database.write(written)
        return total

    def _process(self, topic: str, number: int, records: Sequence[BenchRecord], rows: RowCache[AnyRow]) -> Effects:
        if topic == self.raw:
            return self._processor.process_raw(DIALECT, number, records, rows)
        return self._processor.process_canonical(number, records, rows)

    def _produce(self, effects: Effects) -> None:
        produce: Callable[..., None] = self.producer.produce
        for topic, key, value, headers, partition in effects.messages:
            produce(topic, value, key, -1 if partition is None else partition, headers=headers)

    def _write(self, number: int, rows: dict[bytes, bytes | None], writes: WriteBatch) -> None:
        records: list[dict[str, Any]] = []
        for key, row in rows.items():
            records.append({"key": key, "value": row})
            if row is None:
                writes.delete(key)
            else:
                writes.put(key, row)
        self.producer.produce_batch(self.changelog, records, number)


def _by_place(messages: Iterable[Any]) -> dict[tuple[str, int], list[BenchRecord]]:
    batches: dict[tuple[str, int], list[BenchRecord]] = defaultdict(list)
    for message in messages:
        error = message.error()
        if error is not None:
            sys.exit(str(error))
        topic, number = message.topic(), message.partition()
        _, timestamp = message.timestamp()
        headers = message.headers() or ()
        batches[topic, number].append(
            BenchRecord(topic, number, message.offset(), timestamp, message.key(), message.value(), headers)
        )
    return batches


def _producer_config(app_id: str) -> dict[str, Any]:
    return {
        "transactional.id": app_id,
        "linger.ms": 5,
        "compression.type": "lz4",
        "batch.size": 512 << 10,
        "batch.num.messages": 10_000,
        "queue.buffering.max.messages": 1_000_000,
        "queue.buffering.max.kbytes": 512 * 1024,
        "partitioner": "murmur2_random",
    }


def _consumer_config(app_id: str) -> dict[str, Any]:
    return {
        "group.id": app_id,
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,
        "isolation.level": "read_committed",
    }


if __name__ == "__main__":
    PlainLoop().run()
