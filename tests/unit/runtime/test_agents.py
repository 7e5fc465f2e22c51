"""An agent processes a batch and joins its lane without a wait between."""
# ruff: noqa: ANN401 - stands in for inner objects of Faust and aiokafka, which have no usable types

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from faust.types import TP

from loyalty_stream.pipeline.effects import Effects, Tally
from loyalty_stream.runtime.agents import process_batch
from loyalty_stream.runtime.batch import Batch
from loyalty_stream.runtime.caches import RowCaches
from loyalty_stream.runtime.failure import PositionGapError
from loyalty_stream.runtime.progress import Progress

RAW = TP("raw", 0)
CANONICAL = TP("canonical", 0)


class FakeLanes:
    """Stands for the LaneManager: one lane whose room the test opens."""

    def __init__(self) -> None:
        self.opened = asyncio.Event()
        self.lanes = {0: SimpleNamespace(room=self._room)}
        self.progress = Progress()
        self.progress.start({RAW: 0, CANONICAL: 0}, {RAW: Tally(), CANONICAL: Tally()})
        self.caches = RowCaches(10)
        self.caches.open(0, lambda _key: None, lambda _key, encoded: encoded, str.encode)
        self.joined: list[tuple[Batch, dict[bytes, bytes | None]]] = []

    async def _room(self) -> None:
        await self.opened.wait()

    def join(self, batch: Batch, effects: Effects, rows: dict[bytes, bytes | None], seconds: float) -> None:
        assert seconds >= 0
        self.progress.advance(batch, effects.tally)
        self.joined.append((batch, rows))


def batch(tp: TP, start: int, end: int) -> Batch:
    records: Any = [SimpleNamespace(offset=offset, value=b"v") for offset in range(start, end)]
    return Batch(tp, start, end, records)


def count(partition: int, records: Any, rows: Any) -> Effects:
    assert partition == 0
    rows.put(b"count", str(int(rows.get(b"count") or 0) + len(records)))
    return Effects()


def test_two_agents_of_a_partition_process_only_once_there_is_room_and_join_in_that_order() -> None:
    async def test() -> None:
        lanes: Any = FakeLanes()
        agents = [
            asyncio.create_task(process_batch(lanes, batch(RAW, 0, 3), count)),
            asyncio.create_task(process_batch(lanes, batch(CANONICAL, 0, 2), count)),
        ]
        await asyncio.sleep(0.01)
        assert lanes.joined == []
        lanes.opened.set()
        await asyncio.gather(*agents)
        assert [rows for _, rows in lanes.joined] == [{b"count": b"3"}, {b"count": b"5"}]

    asyncio.run(test())


def test_a_batch_that_comes_twice_is_processed_once() -> None:
    async def test() -> None:
        lanes: Any = FakeLanes()
        lanes.opened.set()
        await process_batch(lanes, batch(RAW, 0, 3), count)
        await process_batch(lanes, batch(RAW, 0, 3), count)
        assert len(lanes.joined) == 1

    asyncio.run(test())


def test_what_a_batch_leads_to_in_parts_joins_in_parts_each_with_the_offset_up_to_which_records_are_taken() -> None:
    given: list[list[int]] = []

    def in_parts(_partition: int, records: Any, rows: Any) -> Effects:
        """Before the record 1 as much falls due as fills two parts more."""
        given.append([record.offset for record in records])
        rows.put(b"part", str(len(given)))
        return Effects(left=2 if len(given) < 3 else 0)

    async def test() -> None:
        lanes: Any = FakeLanes()
        lanes.opened.set()
        await process_batch(lanes, batch(RAW, 0, 3), in_parts)
        assert given == [[0, 1, 2], [1, 2], [1, 2]]
        assert [(joined.start, joined.end, len(joined)) for joined, _ in lanes.joined] == [
            (0, 1, 1),
            (1, 1, 0),
            (1, 3, 2),
        ]
        assert [rows for _, rows in lanes.joined] == [{b"part": b"1"}, {b"part": b"2"}, {b"part": b"3"}]

    asyncio.run(test())


def test_the_guard_trips_before_anything_of_the_batch_is_processed() -> None:
    async def test() -> None:
        lanes: Any = FakeLanes()
        lanes.opened.set()
        with pytest.raises(PositionGapError):
            await process_batch(lanes, batch(RAW, 1, 3), count)
        assert lanes.caches.usage().rows == 0

    asyncio.run(test())


def test_a_batch_of_a_lost_partition_is_dropped() -> None:
    async def test() -> None:
        lanes: Any = FakeLanes()
        lanes.opened.set()
        await process_batch(lanes, batch(TP("raw", 9), 0, 3), count)
        assert lanes.joined == []

    asyncio.run(test())
