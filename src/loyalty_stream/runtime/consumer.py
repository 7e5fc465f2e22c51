"""Deliver batches to Faust's streams, from where the last transaction ended and not before."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import TYPE_CHECKING, Final, cast

from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage

from loyalty_stream.runtime.batch import Batch
from loyalty_stream.runtime.fetching import ConsumerThread
from loyalty_stream.runtime.lane_manager import LaneManager

if TYPE_CHECKING:
    from faust.tables.manager import TableManager

    from loyalty_stream.runtime.app import StreamApp

_SETTLE_SECONDS_MAX: Final = 10.0


class Consumer(driver.Consumer):
    """Faust's consumer with batches for messages; its transaction manager is ours (transactions.py)."""

    app: "StreamApp"
    _sought_generation: int | None = None

    def _new_consumer_thread(self) -> ConsumerThread:
        return ConsumerThread(self, loop=self.loop, beacon=self.beacon)

    @property
    def _batches(self) -> ConsumerThread:
        return cast("ConsumerThread", self._thread)

    @property
    def _tables(self) -> "TableManager":
        return cast("TableManager", self.app.tables)

    @property
    def lanes(self) -> LaneManager:
        """Faust's `transactions`, typed."""
        return cast("LaneManager", self.transactions)

    def fetchable(self, partitions: Iterable[TP] | None) -> set[TP]:
        """Return those that may be fetched now; called from the consumer's thread.

        Faust resumes the streams' partitions before it seeks them to the committed offsets, and the standbys' before
        it clears all queues for the last time: what were fetched too early would come twice, or be lost. Until a
        rebalance is over, only the tables being restored are fetched. What is processed up to its end is fetched
        no more.
        """
        app = self.app
        if self._sought_generation == app.consumer_generation_id and not app.rebalancing:
            return set(partitions or ()) - self.lanes.progress.ended
        return set(partitions or ()) & self._tables.recovery.active_tps

    async def perform_seek(self) -> None:
        """Seek the streams' partitions to what their lanes have committed."""
        self._sought_generation = None
        generation = self.app.consumer_generation_id
        sources = {tp for tp in self.assignment() if not self._is_changelog_tp(tp)}
        committed = await self.lanes.read_committed(sources)
        if generation != self.app.consumer_generation_id:
            return  # assigned anew meanwhile: that assignment seeks by itself
        starts = await self._batches.seek_sources({tp: at.offset for tp, at in committed.items()})
        self._read_offset.update(starts)
        self._committed_offset.update(starts)
        self.lanes.progress.start(starts, {tp: at.tally for tp, at in committed.items()})
        self._sought_generation = generation

    async def highwaters(self, *partitions: TP) -> Mapping[TP, int]:
        """Return the last stable offset of changelog partitions.

        A commit is answered before its markers are written, so that the end may lag behind what this worker itself has
        committed and stored a moment ago: wait for it, it is milliseconds.
        """
        deadline = time.monotonic() + _SETTLE_SECONDS_MAX
        while True:
            ends = await super().highwaters(*partitions)
            behind = [tp for tp, end in ends.items() if self._persisted(tp) >= end]
            if not behind or time.monotonic() > deadline:
                return ends
            await asyncio.sleep(0.01)

    def _persisted(self, tp: TP) -> int:
        offset = self.app.table.persisted_offset(tp)
        return -1 if offset is None else offset

    def changelog_start(self, tp: TP) -> int:
        """Return where a changelog partition was last sought to."""
        return self._batches.changelog_starts.get(tp, 0)

    def end_offset(self, tp: TP) -> int | None:
        """Return the high watermark of an assigned partition as of the last fetch, or None before the first."""
        return self._batches.end_offset(tp)

    async def wait_empty(self) -> None:
        """Wait until what the agents have begun is committed: before a rebalance, and before the end."""
        await super().wait_empty()
        await self.lanes.flush()

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, ConsumerMessage]]:  # noqa: ASYNC109 - Faust's
        """Yield one message for each fetched batch."""
        fetched, _ = await self._wait_next_records(timeout)
        generation = self.app.consumer_generation_id
        for tp, batch in cast("Mapping[TP, Batch]", fetched).items():
            if not self._delivers(generation):
                return  # the next assignment seeks again
            # Faust fills every gap between two offsets with a list of them and drops what looks read: say that the
            # batch follows. Whether it does is for the position guard to judge.
            self._read_offset[tp] = batch.end - 2
            yield tp, self._message(tp, batch, generation)

    def _delivers(self, generation: int) -> bool:
        return self.flow_active and not self.should_stop and self.app.consumer_generation_id == generation

    def _message(self, tp: TP, batch: Batch, generation: int) -> ConsumerMessage:
        timestamp = batch.records[-1].timestamp / 1000 if batch.records else 0.0
        return ConsumerMessage(
            tp.topic,
            tp.partition,
            batch.end - 1,
            timestamp,
            0,
            None,
            None,
            batch,  # type: ignore[arg-type]  # bytes in Faust; only our schema looks at it
            None,
            0,
            batch.size_bytes,
            tp,
            generation_id=generation,
        )

    # Back pressure is the fetcher that waits for room in the agent's queue. Faust's own way takes full partitions out
    # of the fetch, and sleeps for a second when that leaves none.

    def on_buffer_full(self, tp: TP) -> None:
        """Do nothing."""

    def on_buffer_drop(self, tp: TP) -> None:
        """Do nothing."""

    def _new_offset(self, tp: TP) -> int | None:
        # Batches of a partition are processed in order, hence the last one acknowledged is the end. The transaction
        # has the offset already; Faust only notes it.
        acked = self._acked[tp]
        if not acked:
            return None
        last = max(acked)
        acked.clear()
        self._acked_index[tp].clear()
        return last + 1
