"""One programme's stream on a real broker: topics of its own, simulated traffic, workers, and what has come out."""

import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from itertools import groupby
from pathlib import Path
from threading import Event
from typing import Final, NamedTuple

from confluent_kafka import Consumer, KafkaException, TopicPartition

from loyalty_stream.ops.topic_plan import load_topics
from loyalty_stream.ops.topics import apply, connect
from loyalty_stream.pipeline.config import PipelineConfig
from loyalty_stream.pipeline.effects import Tally
from loyalty_stream.simulate import SimulatedRecord, Simulation, SimulationOptions, make_simulation
from loyalty_stream.simulate.publish import PublishOptions, publish
from loyalty_stream.sources import DIALECTS
from tests.helpers import flow
from tests.kafka import process
from tests.kafka.client import Record, admin_client, lag, read_topic, unique, wait_until
from tests.kafka.worker import Worker

DIALECT: Final = "capillary"
PARTITIONS: Final = 4
_FAST_SESSION: Final = {"session_timeout_seconds": 3, "heartbeat_interval_seconds": 0.5}
_FEED_SECONDS: Final = 0.1
APART: Final = {"group_share": 0, "transfer_share": 0, "merge_share": 0, "bad_merge_share": 0}


class Traffic(NamedTuple):
    """Simulated records, and the simulation that knows their right answer."""

    records: Sequence[SimulatedRecord]
    simulation: Simulation


def simulate(*, start_ms: int | None = None, **options: object) -> Traffic:
    """Return simulated traffic that ends now: Kafka refuses timestamps of the future and deletes what is old.

    No customers are brought together unless the options say so: what is told of those may come in another order.
    """
    draft = SimulationOptions(**{**APART, **options})  # type: ignore[arg-type]  # checked by the options themselves
    latest_ms = int(time.time() * 1000) - draft.span_ms_max
    simulation = make_simulation(replace(draft, start_ms=start_ms or latest_ms))
    return Traffic(list(simulation.records()), simulation)


class Stream:
    """The topics of one application, and all that tests do with them."""

    def __init__(
        self, broker: str, folder: Path, *, prefix: str | None = None, dialects: Sequence[str] = (DIALECT,)
    ) -> None:
        """Create the topics; a prefix that another stream has gives a second application on the same raw topics.

        What is counted and read is that of the raw topics of `dialects`.
        """
        self.broker = broker
        self.app_id = unique("delivery")
        self.config = PipelineConfig(
            app_id=self.app_id, topic_prefix=prefix or f"{self.app_id}.", partitions=PARTITIONS, dead_letter_limit=1
        )
        self.raw = self.config.raw_topic(DIALECT)
        self.raws = {dialect: self.config.raw_topic(dialect) for dialect in dialects}
        self.canonical = self.config.canonical_topic
        self.dead_letters = self.config.dead_letter_topic
        self.changelog = f"{self.app_id}-state-changelog"
        self.derived = self.config.derived_topics
        self.workers: list[StreamWorker] = []
        self._folder = folder
        self._create_topics()
        # What is committed and nothing else; it waits for no transaction that a killed worker has left open.
        offsets = {"group.id": self.app_id, "enable.auto.commit": False, "isolation.level": "read_uncommitted"}
        self._offsets = Consumer({"bootstrap.servers": broker, **offsets})

    def _create_topics(self) -> None:
        wanted = load_topics(self.config.topic_prefix, self.app_id, PARTITIONS)
        raw = map(self.config.raw_topic, DIALECTS)
        used = {
            *raw,
            self.canonical,
            self.dead_letters,
            self.changelog,
            *self.derived,
            f"{self.config.topic_prefix}imports",
            f"{self.config.topic_prefix}redrives",
        }
        forever = {"retention.ms": "-1"}
        apply(
            connect({"bootstrap.servers": self.broker}),
            [
                replace(topic, settings={**topic.settings, **(forever if "retention.ms" in topic.settings else {})})
                for topic in wanted
                if topic.name in used
            ],
        )

    def worker(self, name: str = "a", **settings: str | float) -> "StreamWorker":
        """Start a worker; the same name has the same data folder."""
        return self._start(name, settings)

    def worker_of(self, script: Path, name: str = "a", **settings: str | float) -> "StreamWorker":
        """Start a worker of another release, which a script runs."""
        return self._start(name, settings, [sys.executable, str(script)])

    def _start(
        self, name: str, settings: Mapping[str, str | float], command: list[str] | None = None
    ) -> "StreamWorker":
        named = {"topic_prefix": self.config.topic_prefix, "partitions": PARTITIONS, **_FAST_SESSION, **settings}
        worker = StreamWorker(self._folder / self.app_id / name, self.broker, self.app_id, **named)
        worker.command = command or worker.command
        self.workers.append(worker)
        worker.start()
        return worker

    def publish(self, records: Iterable[SimulatedRecord]) -> None:
        """Write records onto the raw topic."""
        self.publish_mixed((DIALECT, record) for record in records)

    def publish_mixed(self, records: Iterable[tuple[str, SimulatedRecord]]) -> None:
        """Write records, each onto the raw topic of its dialect."""
        options = PublishOptions(bootstrap_servers=self.broker, topics=[*self.raws.values()])
        publish(((self.raws[dialect], record) for dialect, record in records), options)

    @contextmanager
    def feeding(self, records: Sequence[SimulatedRecord], *, parts: int = 100) -> Iterator[None]:
        """Write records while the context is open, each time one of so many parts of what is left.

        So the stream goes on for as long as the context is open; the rest comes at its end.
        """
        left, over = deque(records), Event()

        def feed() -> None:
            while not over.wait(_FEED_SECONDS):
                self.publish([left.popleft() for _ in range(min(len(left), 1 + len(left) // parts))])
            if not left:
                raise AssertionError(f"{len(records)} records are too few: the stream ended before the context did")

        with ThreadPoolExecutor(1) as thread:
            fed = thread.submit(feed)
            try:
                yield
            finally:
                over.set()
            fed.result()
        self.publish(left)

    # How far it is.

    def tallies(self) -> tuple[Tally, Tally]:
        """Return what the committed offsets count: on the raw topics, and on the canonical one."""
        return self.tally(*self.raws.values()), self.tally(self.canonical)

    def tally(self, *topics: str) -> Tally:
        """Return what the committed offsets of some topics count."""
        counted = Tally()
        places = [TopicPartition(topic, number) for topic in topics for number in range(PARTITIONS)]
        for at in self._offsets.committed(places, 30):
            if at.error is not None:
                raise KafkaException(at.error)
            counted.add(Tally.load(at.metadata))
        return counted

    def end(self, topic: str) -> int:
        """Return how many offsets of a topic are taken, committed or not."""
        places = [TopicPartition(topic, number) for number in range(PARTITIONS)]
        return sum(self._offsets.get_watermark_offsets(place, 30)[1] for place in places)

    def consumed(self, topic: str | None = None) -> int:
        """Return how many raw records are committed; 0 where the group's coordinator does not know yet."""
        try:
            return self.tally(*([topic] if topic else self.raws.values())).consumed
        except KafkaException:
            return 0

    def wait_consumed(self, records: int, seconds_max: float = 90) -> None:
        """Wait until at least so many raw records are committed."""
        self._wait(lambda: self.consumed() >= records, seconds_max)

    def wait_done(self, records: int, seconds_max: float = 120) -> None:
        """Wait until so many raw records are committed, and all that they sent to other partitions."""
        # Twice: between the look at the ends and the look at the commits an event may have been sent on.
        self._wait(lambda: self.consumed() >= records and self.lag() == self.lag() == 0, seconds_max)

    def lag(self) -> int:
        """Return how many records are not taken up yet, many where nobody can tell."""
        try:
            return sum(lag(self.broker, self.app_id, *self.raws.values(), self.canonical).values())
        except KafkaException:  # the group's coordinator is still loading
            return sys.maxsize

    def _wait(self, holds: Callable[[], bool], seconds_max: float) -> None:
        if not wait_until(holds, seconds_max):
            logs = "\n".join(f"{worker.log}:\n{process.tail(worker.log)}" for worker in self.workers)
            raise AssertionError(f"{self.tallies()} after {seconds_max} s; {self._places()}\n{logs}")

    def _places(self) -> str:
        """Tell of each partition what is counted, up to which offset, of which end: when all is well they are one."""
        told = []
        for topic in (*self.raws.values(), self.canonical):
            places = [TopicPartition(topic, number) for number in range(PARTITIONS)]
            for at in self._offsets.committed(places, 30):
                end = self._offsets.get_watermark_offsets(at, 30)[1]
                told.append(f"{topic}-{at.partition}: {Tally.load(at.metadata).consumed}, {at.offset} of {end}")
        return "; ".join(told)

    # What there is.

    def read(self, topic: str) -> list[Record]:
        """Return every committed record of a topic."""
        return read_topic(self.broker, topic)

    def raw_records(self) -> dict[str, list[flow.Record]]:
        """Return the raw topic of each dialect as the pipeline is given it."""
        return {
            dialect: [
                flow.Record(topic, at.partition, at.offset, at.timestamp_ms, at.key, at.value, _given(at.headers))
                for at in self.read(topic)
            ]
            for dialect, topic in self.raws.items()
        }

    def rows(self) -> list[dict[bytes, bytes]]:
        """Return the table as the changelog ends, by partition."""
        tables: list[dict[bytes, bytes]] = [{} for _ in range(PARTITIONS)]
        for partition, records in groupby(self.read(self.changelog), key=lambda record: record.partition):
            for record in records:
                assert record.key is not None
                if record.value is None:
                    tables[partition].pop(record.key, None)
                else:
                    tables[partition][record.key] = record.value
        return tables

    def ends(self) -> dict[str, int]:
        """Return where each topic ends that a worker writes, whatever is committed."""
        admin = admin_client(self.broker)
        known = admin.list_topics(timeout=30).topics
        ends = {}
        for topic in (*self.derived, self.dead_letters, self.canonical, self.changelog):
            places = [TopicPartition(topic, number) for number in known[topic].partitions]
            ends[topic] = sum(self._offsets.get_watermark_offsets(place, 30)[1] for place in places)
        return ends

    def close(self) -> None:
        """End all workers."""
        for worker in self.workers:
            worker.kill()
        self._offsets.close()


class StreamWorker(Worker):
    """A worker of a stream; `log_text` is what it has said."""

    @property
    def log_text(self) -> str:
        return self.log.read_text(errors="replace")

    @property
    def data_dir(self) -> Path:
        return Path(self._env["LOYALTY_DATA_DIR"])

    @property
    def pid(self) -> int:
        return self._started.pid

    def get(self, path: str) -> str:
        """Return the body of a page."""
        connection = HTTPConnection("127.0.0.1", self.http_port, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().read().decode()
        finally:
            connection.close()

    def metrics(self) -> dict[str, float]:
        """Return its metrics by name and labels, as /metrics writes them; none where it does not answer."""
        try:
            lines = self.get("/metrics").splitlines()
        except OSError:
            return {}
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[:1] != "#")}

    def owned(self) -> int:
        """Return how many partitions of the raw topic it owns."""
        mine = f".raw.{DIALECT}"
        return sum(name.startswith("loyalty_committed_offset{") and mine in name for name in self.metrics())

    def wait_end(self, seconds_max: float = 30) -> int | None:
        """Wait until it has ended, and return its exit code, or None where it has not."""
        wait_until(lambda: self.exit_code() is not None, seconds_max)
        return self.exit_code()


def _given(headers: Sequence[tuple[str, bytes | None]]) -> tuple[tuple[str, bytes], ...]:
    return tuple((name, value or b"") for name, value in headers)
