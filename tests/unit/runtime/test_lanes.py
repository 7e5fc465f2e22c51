"""A lane groups batches by linger and by size, one transaction at a time."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from faust.types import TP

from loyalty_stream.pipeline.effects import Effects, Message
from loyalty_stream.runtime import lanes
from loyalty_stream.runtime.batch import Batch
from loyalty_stream.runtime.lanes import Group, Joined, Lane, LaneLimits, lane_key

RAW = TP("raw", 3)
CANONICAL = TP("canonical", 3)


class FakeCommitter:
    """Remembers groups; waits for `gate` before each commit."""

    def __init__(self) -> None:
        self.committed: list[Group] = []
        self.gate = threading.Event()
        self.gate.set()
        self.failure: Exception | None = None
        self.aborted = 0

    def commit(self, group: Group) -> None:
        self.gate.wait(5)
        if self.failure is not None:
            raise self.failure
        self.committed.append(group)

    def abort(self) -> None:
        self.aborted += 1

    def close(self) -> None:
        """Nothing to close."""


class FakeOwner:
    """Remembers what the lane tells."""

    def __init__(self) -> None:
        self.groups: list[Group] = []
        self.failures: list[BaseException] = []
        self.ended = asyncio.Event()

    def on_committed(self, partition: int, group: Group, seconds: float) -> None:
        assert partition == 3
        assert seconds >= 0
        self.groups.append(group)

    async def on_failed(self, error: BaseException, where: str) -> None:
        assert "partition 3" in where
        self.failures.append(error)
        self.ended.set()
        await asyncio.Event().wait()  # the process ends here


class Bench:
    """A lane of partition 3 with fakes around it."""

    def __init__(self, threads: ThreadPoolExecutor, linger_seconds: float, records: int) -> None:
        self.committer = FakeCommitter()
        self.owner = FakeOwner()
        self.lane = Lane(3, self.committer, threads, self.owner, LaneLimits(linger_seconds, records))

    def join(self, tp: TP, start: int, count: int, rows: dict[bytes, bytes | None] | None = None) -> None:
        records: Any = [SimpleNamespace(offset=start + number, value=b"1") for number in range(count)]
        effects = Effects(messages=[Message("out", b"k", b"%d" % start)])
        batch = Batch(tp, start, start + count, records)
        self.lane.join(batch, Joined(tp, count, 0.0, effects), rows or {}, f"tally {start}")


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as executor:
        yield executor


def run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(test, 10))


def test_the_lane_of_a_partition_is_its_number_whatever_the_topic() -> None:
    assert lane_key(RAW) == lane_key(CANONICAL) == 3


def test_batches_within_the_linger_commit_together(threads: ThreadPoolExecutor) -> None:
    async def test() -> None:
        bench = Bench(threads, linger_seconds=0.1, records=1_000)
        bench.join(RAW, 0, 5)
        await asyncio.sleep(0.01)
        bench.join(CANONICAL, 10, 2)
        bench.join(RAW, 5, 5)
        assert bench.committer.committed == []
        await asyncio.sleep(0.3)
        [group] = bench.committer.committed
        assert group.offsets == {RAW: (10, "tally 5"), CANONICAL: (12, "tally 10")}
        assert [message.value for message in group.messages] == [b"0", b"10", b"5"]
        assert group.records == 12

    run(test())


def test_a_full_group_does_not_wait_for_the_linger(threads: ThreadPoolExecutor) -> None:
    async def test() -> None:
        bench = Bench(threads, linger_seconds=60, records=10)
        bench.join(RAW, 0, 9)
        await asyncio.sleep(0.05)
        assert bench.owner.groups == []
        bench.join(RAW, 9, 1)
        await asyncio.sleep(0.1)
        assert [group.records for group in bench.owner.groups] == [10]

    run(test())


def test_large_records_fill_a_group_too(threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        monkeypatch.setattr(lanes, "GROUP_BYTES_MAX", 3)
        bench = Bench(threads, linger_seconds=60, records=1_000)
        bench.join(RAW, 0, 3)
        await asyncio.sleep(0.1)
        assert len(bench.owner.groups) == 1

    run(test())


def test_the_agent_goes_on_while_a_transaction_is_in_flight_and_waits_when_both_are_full(
    threads: ThreadPoolExecutor,
) -> None:
    async def test() -> None:
        bench = Bench(threads, linger_seconds=60, records=10)
        bench.committer.gate.clear()
        bench.join(RAW, 0, 10)
        await bench.lane.room()
        bench.join(RAW, 10, 10)
        waiting = asyncio.create_task(bench.lane.room())
        await asyncio.sleep(0.05)
        assert not waiting.done()
        bench.committer.gate.set()
        await waiting
        bench.join(RAW, 20, 1)
        await bench.lane.flush()
        assert [group.offsets[RAW][0] for group in bench.owner.groups] == [10, 20, 21]

    run(test())


def test_rows_are_found_in_the_group_then_in_flight_and_not_once_they_are_stored(threads: ThreadPoolExecutor) -> None:
    async def test() -> None:
        bench = Bench(threads, linger_seconds=0, records=10)
        bench.committer.gate.clear()
        bench.join(RAW, 0, 10, {b"a": b"1", b"b": b"1", b"c": None})
        await asyncio.sleep(0.05)
        bench.join(RAW, 10, 1, {b"b": b"2"})
        assert bench.lane.pending(b"a") == (b"1",)
        assert bench.lane.pending(b"b") == (b"2",)
        assert bench.lane.pending(b"c") == (None,)
        assert bench.lane.pending(b"d") is None
        bench.committer.gate.set()
        await bench.lane.flush()
        assert bench.lane.pending(b"b") is None

    run(test())


def test_a_row_written_twice_is_committed_once_as_last_written(threads: ThreadPoolExecutor) -> None:
    async def test() -> None:
        bench = Bench(threads, linger_seconds=0.05, records=100)
        bench.join(RAW, 0, 1, {b"a": b"1"})
        bench.join(RAW, 1, 1, {b"a": b"2"})
        await bench.lane.flush()
        assert bench.committer.committed[0].rows == {b"a": b"2"}

    run(test())


def test_flush_commits_at_once(threads: ThreadPoolExecutor) -> None:
    async def test() -> None:
        bench = Bench(threads, linger_seconds=60, records=100)
        bench.join(RAW, 0, 1)
        await bench.lane.flush()
        assert len(bench.owner.groups) == 1
        await bench.lane.flush()

    run(test())


def test_a_closed_lane_takes_no_batch_and_commits_what_has_joined(threads: ThreadPoolExecutor) -> None:
    async def test() -> None:
        bench = Bench(threads, linger_seconds=60, records=100)
        bench.join(RAW, 0, 1)
        bench.lane.close()
        assert not bench.lane.has_room
        await bench.lane.flush()
        assert len(bench.owner.groups) == 1

    run(test())


def test_a_failed_transaction_is_aborted_and_nothing_is_committed_after_it(threads: ThreadPoolExecutor) -> None:
    async def test() -> None:
        bench = Bench(threads, linger_seconds=0, records=100)
        bench.committer.failure = RuntimeError("broken")
        bench.join(RAW, 0, 1)
        await bench.owner.ended.wait()
        assert bench.committer.aborted == 1
        assert not bench.lane.has_room
        assert bench.owner.groups == bench.committer.committed == []

    run(test())


def test_a_transaction_that_neither_commits_nor_fails_ends_the_worker(
    threads: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "FLIGHT_SECONDS_MAX", 0.1)

    async def test() -> None:
        bench = Bench(threads, linger_seconds=0, records=100)
        bench.committer.gate.clear()
        bench.join(RAW, 0, 1)
        await bench.owner.ended.wait()
        assert not bench.lane.has_room
        assert bench.owner.groups == bench.committer.committed == []
        [failure] = bench.owner.failures
        assert isinstance(failure, TimeoutError)
        bench.committer.gate.set()

    run(test())


def test_a_halted_lane_ends_its_flight_and_starts_no_other(threads: ThreadPoolExecutor) -> None:
    async def test() -> None:
        bench = Bench(threads, linger_seconds=0, records=10)
        bench.committer.gate.clear()
        bench.join(RAW, 0, 10)
        await asyncio.sleep(0.05)
        bench.join(RAW, 10, 10)
        halting = asyncio.create_task(bench.lane.halt())
        await asyncio.sleep(0.05)
        assert not halting.done()
        bench.committer.gate.set()
        await halting
        await asyncio.sleep(0.05)
        assert [group.offsets[RAW][0] for group in bench.committer.committed] == [10]

    run(test())


def test_a_group_is_full_with_what_is_caused_too(threads: ThreadPoolExecutor) -> None:
    async def test() -> None:
        bench = Bench(threads, linger_seconds=60, records=3)
        for end in (1, 2, 3):
            assert bench.lane.has_room
            bench.join(RAW, end, 0)
        assert not bench.lane.has_room
        await bench.lane.flush()
        [group] = bench.committer.committed
        assert (group.records, len(group.messages)) == (0, 3)

    run(test())


def test_keys_of_what_is_not_in_the_store_yet_are_found(threads: ThreadPoolExecutor) -> None:
    async def test() -> None:
        bench = Bench(threads, linger_seconds=60, records=10)
        bench.committer.gate.clear()
        bench.join(RAW, 0, 10, {b"a|1": b"1", b"a|2": b"2", b"a|4": None, b"b": b"3"})
        await asyncio.sleep(0.05)
        bench.join(RAW, 10, 1, {b"a|2": None, b"a|3": b"3"})
        assert list(bench.lane.with_pending([b"a|0", b"a|4"], b"a|", b"")) == [b"a|0", b"a|1", b"a|3"]
        assert list(bench.lane.with_pending([b"a|4"], b"a|", b"a|1")) == [b"a|3"]
        bench.committer.gate.set()

    run(test())
