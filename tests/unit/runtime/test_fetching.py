"""What Faust and aiokafka would do wrong between a fetch and a batch."""
# ruff: noqa: ANN401 - stands in for inner objects of Faust and aiokafka, which have no usable types

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from faust.types import TP

from loyalty_stream.runtime.consumer import Consumer
from loyalty_stream.runtime.fetching import FETCH_BYTES_MIN, FETCH_WAIT_MS, ConsumerThread, _pause_all_but
from loyalty_stream.runtime.progress import Progress

RAW, CHANGELOG, STANDBY = TP("raw", 0), TP("app-state-changelog", 0), TP("app-state-changelog", 1)
ENDED = TP("raw", 1)


def record(offset: int) -> Any:
    return SimpleNamespace(offset=offset, value=b"value", timestamp=1_000)


class FakeKafka:
    """Stands for aiokafka's consumer."""

    def __init__(self, *assigned: TP) -> None:
        self._assigned = set(assigned)
        self._paused: set[TP] = set()
        self.positions: dict[TP, int] = {}
        self._subscription = SimpleNamespace(subscription=SimpleNamespace(assignment=self))

    def assignment(self) -> set[TP]:
        return set(self._assigned)

    def paused(self) -> set[TP]:
        return set(self._paused)

    def pause(self, *partitions: TP) -> None:
        self._paused.update(partitions)

    def resume(self, *partitions: TP) -> None:
        self._paused.difference_update(partitions)

    def state_value(self, tp: TP) -> Any:
        at = self.positions.get(tp)
        return SimpleNamespace(position=at, has_valid_position=at is not None) if tp in self._assigned else None

    def seek(self, tp: TP, offset: int) -> None:
        self.positions[tp] = offset

    async def beginning_offsets(self, partitions: Any) -> dict[TP, int]:
        await asyncio.sleep(0)
        return dict.fromkeys(partitions, 3)

    async def end_offsets(self, partitions: Any) -> dict[TP, int]:
        return {tp: self.positions[tp] for tp in partitions}


@pytest.fixture
def consumer() -> Any:
    consumer: Any = object.__new__(Consumer)
    consumer.app = SimpleNamespace(
        consumer_generation_id=7,
        rebalancing=False,
        tables=SimpleNamespace(recovery=SimpleNamespace(active_tps={CHANGELOG})),
    )
    consumer.transactions = SimpleNamespace(progress=Progress({ENDED: 5}))
    return consumer


@pytest.fixture
def thread() -> Any:
    thread: Any = object.__new__(ConsumerThread)
    thread._ends = {}
    thread._swept = 0.0
    thread._seeks = 0
    return thread


def test_nothing_of_a_stream_is_fetched_before_its_seek(consumer: Any) -> None:
    """Faust resumes the streams' partitions before it seeks them."""
    assert consumer.fetchable({RAW, CHANGELOG}) == {CHANGELOG}
    consumer._sought_generation = 6
    assert consumer.fetchable({RAW, CHANGELOG}) == {CHANGELOG}
    consumer._sought_generation = 7
    assert consumer.fetchable({RAW, CHANGELOG}) == {RAW, CHANGELOG}


def test_what_is_processed_up_to_its_end_is_fetched_no_more(consumer: Any) -> None:
    consumer._sought_generation = 7
    consumer.lanes.progress.start({RAW: 5, ENDED: 5}, {})
    assert consumer.fetchable({RAW, ENDED}) == {RAW}


def test_nothing_but_tables_being_restored_is_fetched_until_the_rebalance_is_over(consumer: Any) -> None:
    """Faust clears every queue once more after it has resumed standbys and streams."""
    consumer._sought_generation = 7
    consumer.app.rebalancing = True
    assert consumer.fetchable({RAW, CHANGELOG, STANDBY}) == {CHANGELOG}
    consumer.app.rebalancing = False
    assert consumer.fetchable({RAW, STANDBY}) == {RAW, STANDBY}


def test_only_what_is_wanted_is_fetched() -> None:
    """An idle changelog's fetch would hold back the streams: aiokafka has one in flight for each broker."""
    kafka = FakeKafka(RAW, CHANGELOG)
    _pause_all_but(kafka, {RAW})
    assert kafka.paused() == {CHANGELOG}
    _pause_all_but(kafka, {CHANGELOG})
    assert kafka.paused() == {RAW}


def test_a_fetch_waits_milliseconds_and_not_faust_s_second_and_a_half(
    thread: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = SimpleNamespace(_fetch_max_wait_ms=1500, _fetch_min_bytes=1)
    parent = ConsumerThread.__mro__[1]
    monkeypatch.setattr(parent, "_create_worker_consumer", lambda _self, _transport: made)
    thread._create_worker_consumer(None)
    assert (made._fetch_max_wait_ms, made._fetch_min_bytes) == (FETCH_WAIT_MS, FETCH_BYTES_MIN)


def test_a_full_queue_does_not_take_its_partition_out_of_the_fetch(consumer: Any) -> None:
    """Faust's fetcher sleeps a second when all are out."""
    consumer._active_partitions = {RAW}
    consumer.on_buffer_full(RAW)
    consumer.on_buffer_drop(RAW)
    assert consumer._active_partitions == {RAW}


def test_the_end_of_a_changelog_is_asked_of_the_broker(thread: Any) -> None:
    """Faust would read it out of the fetch cache, which is empty: recovery would be skipped."""
    kafka = FakeKafka(CHANGELOG)
    kafka.positions[CHANGELOG] = 42
    thread._consumer = kafka
    assert asyncio.run(thread._highwaters([CHANGELOG])) == {CHANGELOG: 42}


def test_a_batch_starts_where_the_last_one_ended_and_ends_behind_control_records(thread: Any) -> None:
    kafka = FakeKafka(RAW)
    kafka.positions[RAW] = 107
    thread._ends[RAW] = 100
    batch = thread._batch(kafka, RAW, [record(102), record(104)])
    assert (batch.start, batch.end) == (100, 107)
    assert thread._ends[RAW] == 107


def test_control_records_alone_make_an_empty_batch_once(thread: Any) -> None:
    kafka = FakeKafka(RAW)
    kafka.positions[RAW] = 103
    thread._ends[RAW] = 100
    batches: dict[TP, Any] = {}
    thread._sweep(kafka, {RAW}, batches)
    assert (batches[RAW].start, batches[RAW].end, len(batches[RAW])) == (100, 103, 0)
    batches.clear()
    thread._swept = 0.0
    thread._sweep(kafka, {RAW}, batches)
    assert batches == {}


def test_a_fetch_that_partitions_were_assigned_anew_in_does_not_wait_for_a_position(thread: Any) -> None:
    """It comes after the recovery, which waits for the next fetch."""
    kafka = FakeKafka(RAW)
    thread._ends = {RAW: 100, STANDBY: 7}
    batches: dict[TP, Any] = {}
    thread._sweep(kafka, {RAW, STANDBY}, batches)
    assert batches == {}
    assert thread._batch(kafka, RAW, [record(100)]).end == 101
    kafka._subscription.subscription.assignment = None
    thread._sweep(kafka, {RAW}, batches)
    assert batches == {}


def test_acknowledged_batches_move_the_offset_past_any_gap_at_once(consumer: Any) -> None:
    """Faust's own gap tree turns each gap into a list of its offsets."""
    consumer._acked = {RAW: [1_000_000_000, 7]}
    consumer._acked_index = {RAW: {1_000_000_000, 7}}
    assert consumer._new_offset(RAW) == 1_000_000_001
    assert consumer._new_offset(RAW) is None


def test_recovery_waits_until_the_end_has_caught_up_with_what_is_stored(
    consumer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit is answered before its markers are written."""
    ends = iter([5, 5, 6])

    async def highwaters(_self: Any, *partitions: TP) -> dict[TP, int]:
        return dict.fromkeys(partitions, next(ends))

    monkeypatch.setattr(Consumer.__mro__[2], "highwaters", highwaters)
    monkeypatch.setattr(Consumer, "_persisted", lambda _self, _tp: 5)
    assert asyncio.run(consumer.highwaters(CHANGELOG)) == {CHANGELOG: 6}


def test_a_fetch_that_outlives_its_assignment_leaves_its_records_for_the_next_one(
    thread: Any, consumer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it got would be dropped with its generation, and what follows would begin behind it."""
    kafka = FakeKafka(RAW, ENDED)
    kafka.positions[RAW] = 90
    consumer._sought_generation = 7
    thread.consumer, thread._consumer = consumer, kafka
    sought = asyncio.Event()

    async def fetch(_self: Any, _consumer: Any, _wanted: Any, **_options: Any) -> dict[TP, list[Any]]:
        await sought.wait()
        kafka.positions[RAW] = 102
        return {RAW: [record(100), record(101)]}

    monkeypatch.setattr(ConsumerThread.__mro__[1], "_fetch_records", fetch)

    async def race() -> tuple[dict[TP, Any], dict[TP, int]]:
        under_way = asyncio.create_task(thread._fetch_records(kafka, {RAW}))
        await asyncio.sleep(0)
        starts = await thread._seek_sources({RAW: 100, ENDED: None})
        sought.set()
        return await under_way, starts

    fetched, starts = asyncio.run(race())
    assert (fetched, starts) == ({}, {RAW: 100, ENDED: 3})
    assert kafka.positions == {RAW: 100, ENDED: 3}
    assert thread._batch(kafka, RAW, [record(100)]).start == 100


def test_a_stream_starts_where_it_is_committed_wherever_a_fetch_has_moved_the_consumer_to(
    thread: Any,
) -> None:
    kafka = FakeKafka(RAW)
    thread._consumer = kafka
    kafka.seek = lambda tp, offset: kafka.positions.update({tp: offset + 2})  # type: ignore[method-assign]  # a fetch
    assert asyncio.run(thread._seek_sources({RAW: 100})) == {RAW: 100}
