"""What must come out: the pure pipeline over the raw records as they lie on the broker, and the simulator's answer.

Assertions name what differs themselves: a diff of all that a stream has caused would take minutes to print.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from loyalty_stream.pipeline.config import PipelineConfig
from loyalty_stream.pipeline.effects import Effects, Message, Tally
from loyalty_stream.pipeline.framing import reader
from loyalty_stream.pipeline.processor import Processor
from loyalty_stream.pipeline.rows import RowCache
from loyalty_stream.pipeline.schemas import DERIVED_TYPES
from loyalty_stream.simulate import Answer
from tests.delivery.stream import PARTITIONS, Stream
from tests.delivery.tables import assert_tables
from tests.helpers import flow
from tests.kafka.client import Record

Headers = tuple[tuple[str, bytes | None], ...]
Told = dict[tuple[str, bytes | None], list[tuple[bytes | None, Headers]]]
"""By topic and key: values and headers, in order."""


class Expected(NamedTuple):
    """What a stream must have caused: messages in the order of each key, rows by partition, and both tallies."""

    messages: list[Message]
    rows: list[dict[bytes, bytes]]
    raw: Tally
    moved: Tally

    def told(self, topics: Iterable[str]) -> Told:
        """Return the messages of some topics by key."""
        told: Told = defaultdict(list)
        wanted = set(topics)
        for topic, key, value, headers, _ in self.messages:
            if topic in wanted:
                told[topic, key].append((value, tuple(headers or ())))
        return dict(told)


def expect(config: PipelineConfig, records: Mapping[str, Sequence[flow.Record]]) -> Expected:
    """Run the pure pipeline over the raw records of each dialect, by partition in the order of their offsets.

    Events for other partitions are processed after all of the raw records, in order, and so are those that they lead
    to. That gives each customer's events their order where all of a customer's records lie on one partition, right or
    wrong; of customers whom a merge or a transfer brings together, only the final balances are sure.
    """
    processor = Processor(config)
    expected = Expected([], [{} for _ in range(PARTITIONS)], Tally(), Tally())
    caches = [
        RowCache(rows.get, Processor.decode_row, Processor.encode_row, flow.keys_of(rows)) for rows in expected.rows
    ]
    moving: deque[Message] = deque()

    def commit(partition: int, effects: Effects, tally: Tally) -> None:
        for key, row in caches[partition].take_written().items():
            if row is None:
                expected.rows[partition].pop(key, None)
            else:
                expected.rows[partition][key] = row
        expected.messages.extend(effects.messages)
        moving.extend(message for message in effects.messages if message.topic == config.canonical_topic)
        tally.add(effects.tally)

    for dialect, spoken in records.items():
        for partition, group in groupby(spoken, key=lambda record: record.partition):
            left = list(group)
            while left:
                effects = processor.process_raw(dialect, partition, left, caches[partition])
                commit(partition, effects, expected.raw)
                left = left[len(left) - effects.left :]
    while moving:
        moved = moving.popleft()
        home = moved.partition or 0
        record = flow.Record(moved.topic, home, 0, 0, moved.key, moved.value, moved.headers)
        commit(home, processor.process_canonical(home, [record], caches[home]), expected.moved)
    return expected


class Output(NamedTuple):
    """What a stream has caused: the committed records of each topic, and the table by partition."""

    records: dict[str, list[Record]]
    rows: list[dict[bytes, bytes]]

    def told(self, topics: Iterable[str], after: Mapping[tuple[str, int], int] | None = None) -> Told:
        """Return what topics hold, by key; `after` gives the offsets to start from, by topic and partition."""
        told: Told = defaultdict(list)
        for topic in topics:
            for record in self.records[topic]:
                if record.offset >= (after or {}).get((topic, record.partition), 0):
                    told[topic, record.key].append((record.value, record.headers))
        return dict(told)

    def ends(self) -> dict[tuple[str, int], int]:
        """Return the offset behind the last record of each partition."""
        return {(topic, at.partition): at.offset + 1 for topic, records in self.records.items() for at in records}


def output_of(stream: Stream) -> Output:
    """Read what a stream has caused."""
    topics = (*stream.derived, stream.dead_letters, stream.canonical)
    return Output({topic: stream.read(topic) for topic in topics}, stream.rows())


def assert_exact(stream: Stream, answer: Answer) -> Output:
    """Compare all that a stream has caused, byte for byte, with the pure pipeline's; then with the answer."""
    output = assert_as_expected(stream)
    assert_answer(stream, answer, output)
    return output


def assert_as_expected(stream: Stream) -> Output:
    """Compare all that a stream has caused, byte for byte, with the pure pipeline's."""
    expected, output = expect(stream.config, stream.raw_records()), output_of(stream)
    assert_told(output.told(stream.derived), expected.told(stream.derived))
    for topic in (stream.dead_letters, stream.canonical):
        assert in_any_order(output.told([topic])) == in_any_order(expected.told([topic])), topic
    assert [set(table) for table in output.rows] == [set(table) for table in expected.rows], "rows of other customers"
    assert output.rows == expected.rows, "rows hold something else"
    tallies = stream.tallies()
    assert tallies == (expected.raw, expected.moved), (tallies, expected.raw, expected.moved)
    return output


def assert_answer(stream: Stream, answer: Answer, output: Output) -> None:
    """Compare tables, counts and dead letters with what the simulator knows; prove that no event is lost or twice."""
    assert_tables(output.rows, answer)
    assert_identity(stream, answer)
    reasons = Counter(dict(record.headers)["loyalty_reason"] for record in output.records[stream.dead_letters])
    right = Counter({reason.encode(): count for reason, count in answer.dead_letters.items()})
    assert reasons == right, (reasons, right)
    for topic, typed in DERIVED_TYPES.items():
        assert_gapless(output.records[stream.config.derived_topic(topic)], reader(typed.schema, logical=False))


def assert_identity(stream: Stream, answer: Answer) -> None:
    """Compare the committed counts with the answer: every raw record ended in exactly one way."""
    raw, moved = stream.tallies()
    assert flow.balances(raw), raw
    assert flow.balances(moved), moved
    assert raw.forwarded + moved.forwarded == moved.consumed, (raw, moved)
    ended = {name: getattr(raw, name) + getattr(moved, name) for name in flow.OUTCOMES[:-1]}
    right = {name: getattr(answer, name) for name in ended}
    assert ended == right, (ended, right)
    assert raw.consumed == answer.consumed == sum(ended.values()), (raw, answer.consumed)


def assert_gapless(records: Sequence[Record], read: Callable[[bytes], Any]) -> None:
    """Check that `seq` counts the events of each key of a topic from 1 without gaps, and that no id comes twice."""
    seqs: dict[bytes | None, int] = defaultdict(int)
    for record in records:
        event = read(record.value or b"")
        seqs[record.key] += 1
        assert event["seq"] == seqs[record.key], (record.key, event["seq"], seqs[record.key])
        assert record.key == event["key"].encode(), record
        assert dict(record.headers)["ce_id"] == event["id"].encode(), record
    assert len({dict(record.headers)["ce_id"] for record in records}) == len(records), "an id came twice"


def assert_told(told: Told, expected: Told) -> None:
    """Compare what was told of each key; name the first key that differs rather than print megabytes."""
    assert told.keys() == expected.keys(), "events of other customers"
    for place, events in expected.items():
        if told[place] != events:
            got = Counter(told[place])
            lost, twice = Counter(events) - got, got - Counter(events)
            raise AssertionError(f"{place}: {lost.total()} lost, {twice.total()} too many, else another order")


def in_any_order(told: Told) -> Counter[tuple[str, bytes | None, bytes | None, Headers]]:
    """Return what was told without its order: of what comes from two partitions, no order is promised."""
    return Counter((*place, *event) for place, events in told.items() for event in events)
