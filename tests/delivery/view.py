"""A process of the view, readers of it, and what Redis must hold."""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Event, Thread
from typing import Any, NamedTuple

import redis as client_library

from loyalty_stream.model.secrets import id_hash
from loyalty_stream.pipeline.effects import Message
from loyalty_stream.pipeline.internal import ERASED, INTERNAL_STATES
from loyalty_stream.pipeline.table import decode_row
from loyalty_stream.serving.customer import render_row
from loyalty_stream.serving.liability import EncodedRow, liabilities, liability
from loyalty_stream.serving.view.reader import ViewReader
from loyalty_stream.serving.view.totals import TOTALLED
from loyalty_stream.simulate import SimulatedRecord
from tests.delivery.stream import PARTITIONS, Stream, StreamWorker
from tests.golden.avro import read_back
from tests.kafka.client import wait_until
from tests.redis.local import LocalRedis

PREFIX = "shop"
READ_KEYS = 200
NOT_VIEWED = {"clearing", *INTERNAL_STATES}


class ViewProcess(StreamWorker):
    """One `loyalty-stream view`."""

    def __init__(self, stream: Stream, redis: LocalRedis, folder: Path, **settings: str | float) -> None:
        named: dict[str, str | float] = {
            "topic_prefix": stream.config.topic_prefix,
            "partitions": PARTITIONS,
            "redis_url": redis.url,
        }
        super().__init__(folder, stream.broker, stream.app_id, view_prefix=PREFIX, **{**named, **settings})
        self.command = [sys.executable, "-m", "loyalty_stream", "view"]

    def page(self, path: str) -> bytes:
        """Return the body of a page; nothing where it does not answer."""
        try:
            return self.get(path).encode()
        except OSError:
            return b""

    def rebuild(self) -> "ViewProcess":
        """Start `view rebuild` with the same settings beside it, and return its process."""
        other = object.__new__(ViewProcess)
        other.__dict__.update(self.__dict__)
        other._process = None
        other.log = self.log.with_name("rebuild.log")
        other.command = [*(self.command or ()), "rebuild", "--json"]
        other.start()
        return other


class Held(NamedTuple):
    """What Redis must hold of a row."""

    seq: int
    partition: int
    offset: int
    data: Any


Entries = Mapping[str, Counter[tuple[str, str, int]]]
"""How often each (domain, type, seq) stands in the journal of each key."""


def tables(stream: Stream) -> dict[tuple[str, str], Held]:
    """Return the newest row of each key and domain, from the changelog."""
    newest = {record.key or b"": record for record in stream.read(stream.changelog)}
    held = {}
    for row_key, record in newest.items():
        domain, _, key = row_key.decode().partition("|")
        if record.value is not None and domain not in NOT_VIEWED:
            row = decode_row(row_key, record.value)
            held[key, domain] = Held(row.seq, record.partition, record.offset, render_row(domain, row))
    return held


def erased(stream: Stream) -> set[str]:
    """Return the hashes of the customers who are erased, and of those who had been merged into them."""
    newest = {record.key or b"": record.value for record in stream.read(stream.changelog)}
    kinds = [(row_key.decode().partition("|"), value) for row_key, value in newest.items()]
    return {name for (kind, _, name), value in kinds if kind == ERASED and value is not None}


def _hash(key: str) -> str:
    vendor, org_id, entity_id = key.split(":", 2)
    return id_hash(vendor, org_id, entity_id)


def events(stream: Stream) -> Entries:
    """Return what the derived topics tell of each key that is not erased."""
    told: dict[str, Counter[tuple[str, str, int]]] = {}
    gone = erased(stream)
    for topic in stream.derived:
        for record in stream.read(topic):
            event = read_back(Message(topic, record.key, record.value))
            entry = (topic.rpartition(".")[2], event["type"], event["seq"])
            told.setdefault(event["key"], Counter())[entry] += 1
    return {key: entries for key, entries in told.items() if _hash(key) not in gone}


def in_redis(redis: LocalRedis) -> tuple[dict[tuple[str, str], Held], Entries]:
    """Return the rows and the journals of the current generation."""
    with redis.client() as reader:
        generation: Any = reader.get(f"{PREFIX}:current")
        prefix = f"{PREFIX}:{generation}:{{"
        rows, journals = {}, {}
        for name in reader.scan_iter(f"{prefix}*", count=1000):
            key, _, domain = str(name).removeprefix(prefix).rpartition("}:")
            if domain == "journal":
                entries: Any = reader.xrange(name)
                journals[key] = Counter((at["domain"], at["type"], int(at["seq"])) for _, at in entries)
            elif domain not in TOTALLED:
                found: Any = reader.hgetall(name)
                seq, partition, offset = (int(found[part]) for part in ("seq", "partition", "offset"))
                rows[key, domain] = Held(seq, partition, offset, json.loads(found["data"]))
        return rows, journals


def owed(rows: Sequence[EncodedRow]) -> dict[str, Any]:
    """Return what each programme owes by rows of totals."""
    return {program.key: liability(program, rows, date(2027, 1, 31)) for program in liabilities(rows)}


def owed_in_redis(redis: LocalRedis) -> dict[str, Any]:
    """Return what each programme owes by what a worker reads from the view."""
    return owed(ViewReader(redis.url, PREFIX).totals(sorted(TOTALLED)).rows)


def assert_same(stream: Stream, redis: LocalRedis, seconds_max: float = 40) -> None:
    """Compare Redis with the tables and the derived topics, once it has come so far."""
    wanted, gone = tables(stream), erased(stream)
    told = events(stream)
    offsets = {place: row.offset for place, row in wanted.items()}

    def arrived() -> bool:
        rows, journals = in_redis(redis)
        return {place: row.offset for place, row in rows.items()} == offsets and journals == told

    wait_until(arrived, seconds_max)
    rows, journals = in_redis(redis)
    assert rows.keys() == wanted.keys()
    assert {place: (rows[place], row) for place, row in wanted.items() if rows[place] != row} == {}
    wrong = {key for key in journals.keys() | told.keys() if journals.get(key) != told.get(key)}
    assert {key: (journals.get(key, Counter()) - told.get(key, Counter()), told.get(key)) for key in wrong} == {}
    assert not gone & {_hash(key) for key in {key for key, _ in rows} | journals.keys()}
    assert_same_totals(stream, redis)


def assert_same_totals(stream: Stream, redis: LocalRedis, seconds_max: float = 40) -> None:
    """Compare what programmes owe in Redis with what they owe in the tables, once it has come so far."""
    right = owed([row for table in stream.rows() for row in table.items()])
    assert right
    wait_until(lambda: owed_in_redis(redis) == right, seconds_max)
    assert owed_in_redis(redis) == right


def keys_of(records: Sequence[SimulatedRecord]) -> list[str]:
    """Return keys of some customers of whom there are records, the busiest among them."""
    counted = Counter(record.key.decode() for record in records if record.key is not None)
    return [key for key, _ in counted.most_common(READ_KEYS)]


class Polls:
    """What a reader saw: how often it looked, and where it was taken back."""

    def __init__(self) -> None:
        self.looks = 0
        self.generations: set[str] = set()
        self.taken_back: list[tuple[str, int, int | None]] = []


@contextmanager
def reading(redis: LocalRedis, keys: list[str]) -> Iterator[Polls]:
    """Read keys' points over and over while the context is open, as services do, whatever becomes of Redis."""
    over, polls = Event(), Polls()

    def poll() -> None:
        seen: dict[str, int] = {}
        with redis.client() as reader:
            while not over.is_set():
                try:
                    _look(reader, keys, seen, polls)
                except client_library.RedisError:
                    over.wait(0.05)

    thread = Thread(target=poll, daemon=True)
    thread.start()
    try:
        yield polls
    finally:
        over.set()
        thread.join(20)


def _look(reader: "client_library.Redis", keys: list[str], seen: dict[str, int], polls: Polls) -> None:
    generation: Any = reader.get(f"{PREFIX}:current")
    if generation is None:
        return
    pipeline = reader.pipeline(transaction=False)
    for key in keys:
        pipeline.hget(f"{PREFIX}:{generation}:{{{key}}}:points", "seq")
    for key, found in zip(keys, pipeline.execute(), strict=True):
        seq = None if found is None else int(found)
        if key in seen and (seq is None or seq < seen[key]):
            polls.taken_back.append((key, seen[key], seq))
        if seq is not None:
            seen[key] = seq
    polls.looks += 1
    polls.generations.add(str(generation))
