"""A stream of its own for each test of the runtime: topics, records, workers, and what must come out."""

# ruff: noqa: ANN401 - Faust's web views and JSON have no usable types

import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Self

from confluent_kafka import OFFSET_END, Consumer, KafkaException, Producer, TopicPartition
from faust.types import TP

from loyalty_stream.model.keys import partition_of
from loyalty_stream.pipeline.effects import Tally
from loyalty_stream.runtime.offsets import read_committed
from loyalty_stream.runtime.settings import load_settings
from tests.kafka import process
from tests.kafka.client import Record, admin_client, create_topics, produce, read_topic, unique, wait_until
from tests.kafka.worker import Worker

JOB = Path(__file__).with_name("runtime_job.py")


class SumWorker(Worker):
    """A worker process with the tiny job of runtime_job.py."""

    def start(self) -> None:
        env = {"PYTHONPATH": os.pathsep.join(sys.path)}
        self._process = process.start([sys.executable, str(JOB)], self.log, self._env | env)

    def get(self, path: str) -> Any:
        connection = HTTPConnection("127.0.0.1", self.http_port, timeout=5)
        try:
            connection.request("GET", path)
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()

    def owned(self) -> int:
        """Return how many partitions it owns; none where it does not answer."""
        try:
            return len({position["partition"] for position in self.get("/positions")})
        except OSError:
            return 0

    def wait_end(self, seconds_max: float) -> int | None:
        wait_until(lambda: self.exit_code() is not None, seconds_max)
        return self.exit_code()

    @property
    def log_text(self) -> str:
        return self.log.read_text()


class SumStream:
    """Topics of one app id, and the workers on them."""

    def __init__(self, broker: str, folder: Path, partitions: int = 4) -> None:
        self.broker = broker
        self.app_id = unique("runtime")
        self.prefix = f"{self.app_id}."
        self.partitions = partitions
        self.raw = f"{self.prefix}raw.numbers"
        self.canonical = f"{self.prefix}canonical"
        self.sums = f"{self.prefix}sums"
        self.changelog = f"{self.app_id}-state-changelog"
        self._folder = folder
        self._sent = 0
        self.workers: list[SumWorker] = []
        self._reader = Consumer({"bootstrap.servers": broker, "group.id": self.app_id, "log_level": 0})
        create_topics(broker, self.raw, self.canonical, self.sums, partitions=partitions)
        create_topics(broker, self.changelog, partitions=partitions, cleanup_policy="compact")

    def worker(self, name: str = "a", **settings: str | float) -> SumWorker:
        """Start a worker; the same name has the same data folder. What the tiny job reads is named `job_...`."""
        worker = SumWorker(
            self._folder / name,
            self.broker,
            self.app_id,
            topic_prefix=self.prefix,
            partitions=self.partitions,
            **{"session_timeout_seconds": 4, "heartbeat_interval_seconds": 1, **settings},
        )
        self.workers.append(worker)
        worker.start()
        return worker

    def send(self, count: int, keys: int = 500, padding: int = 0) -> None:
        """Write numbers under some keys."""
        produce(self.broker, self.raw, self._numbers(count, keys, b" " + b"x" * padding))

    def send_values(self, *pairs: tuple[bytes, bytes]) -> None:
        """Write values with ids in front, under their keys."""
        produce(self.broker, self.raw, [Record(key, self._name() + b" " + value) for key, value in pairs])

    def _numbers(self, count: int, keys: int, padding: bytes) -> Iterator[Record]:
        for number in range(count):
            name = self._name()
            yield Record(b"key-%d" % (number * 7919 % keys), name + b" %d" % (number % 9 + 1) + padding)

    def _name(self) -> bytes:
        self._sent += 1
        return b"id-%d" % self._sent

    def lag(self) -> int:
        """Return how many offsets are not committed yet; very many where the broker cannot tell."""
        places = [TopicPartition(topic, n) for topic in (self.raw, self.canonical) for n in range(self.partitions)]
        try:
            committed = self._reader.committed(places, 10)
            ends = [self._reader.get_watermark_offsets(place, 10)[1] for place in places]
        except KafkaException:
            return sys.maxsize
        return sum(end - max(at.offset, 0) for end, at in zip(ends, committed, strict=True))

    def wait_done(self, seconds_max: float = 60) -> None:
        """Wait until everything is committed."""
        assert wait_until(lambda: self.lag() == 0, seconds_max), f"lag {self.lag()}; {self._logs()}"

    def wait_progress(self, records: int, seconds_max: float = 30) -> None:
        """Wait until so many more records are committed."""
        assert wait_until(lambda: self.lag() < sys.maxsize, seconds_max)
        before = self.lag()
        assert wait_until(lambda: self.lag() <= max(0, before - records), seconds_max), (
            f"lag {self.lag()}; {self._logs()}"
        )

    def assert_exactly_once(self) -> None:
        """Compare outputs and changelog with what must have come of the raw topic."""
        expected, sums = self._expected(read_topic(self.broker, self.raw))
        told = [(record.key, record.value) for record in read_topic(self.broker, self.sums)]
        assert len(told) == len(set(told)), "a sum was told twice"
        assert set(told) == expected
        rows: dict[bytes, int] = {}
        for record in read_topic(self.broker, self.changelog):
            assert record.key is not None
            if record.value is None:
                rows.pop(record.key, None)
            else:
                rows[record.key] = int(record.value)
        assert rows == sums

    def _expected(self, records: Iterable[Record]) -> tuple[set[tuple[bytes, bytes]], dict[bytes, int]]:
        sums: dict[bytes, int] = defaultdict(int)
        told = set()
        for record in records:
            assert record.key is not None
            assert record.value is not None
            name, number, *_ = record.value.split(b" ")
            sums[record.key] += int(number)
            told.add((record.key, b"%s %d" % (name, sums[record.key])))
        return told, {key: value for key, value in sums.items() if value}

    def tally(self, topic: str) -> Tally:
        """Return what the committed offsets of a topic say was counted."""
        settings = load_settings(bootstrap_servers=self.broker, app_id=self.app_id)
        total = Tally()
        for committed in read_committed(settings, [TP(topic, number) for number in range(self.partitions)]).values():
            total.add(committed.tally)
        return total

    def row(self, worker: SumWorker, key: bytes) -> Any:
        """Return a committed row as its owner tells it."""
        return worker.get(f"/rows/{partition_of(key, self.partitions)}/{key.decode()}")["row"]

    def send_aborted(self, key: bytes, count: int) -> None:
        """Write records in a transaction that is then aborted."""
        producer = Producer({"bootstrap.servers": self.broker, "transactional.id": unique("aborted")})
        producer.init_transactions(30)
        producer.begin_transaction()
        for _ in range(count):
            producer.produce(self.raw, b"aborted 1", key, partition_of(key, self.partitions))
        producer.flush(30)
        producer.abort_transaction(30)

    def delete_records(self, topic: str) -> None:
        """Delete every record of a topic, as retention does."""
        places = [TopicPartition(topic, number, OFFSET_END) for number in range(self.partitions)]
        admin = admin_client(self.broker)
        for done in admin.delete_records(places).values():
            done.result(30)

    def _logs(self) -> str:
        return "\n".join(f"{worker.log}: {process.tail(worker.log)}" for worker in self.workers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self.workers:
            worker.kill()
        self._reader.close()
