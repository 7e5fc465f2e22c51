"""Fetch whole batches: aiokafka's consumer in its own thread, as Faust's driver runs it."""

import asyncio
import time
from collections.abc import Iterable, Mapping
from typing import Any, Final, NoReturn

import uvloop
from aiokafka.errors import NoOffsetForPartitionError, OffsetOutOfRangeError
from faust.transport.consumer import ensure_TP
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from loyalty_stream.runtime.batch import Batch
from loyalty_stream.runtime.failure import WorkerStopped, end_process

FETCH_WAIT_MS: Final = 20
FETCH_BYTES_MIN: Final = 64 * 1024
"""The broker answers at once with so much, else after the wait: a trickle comes in small groups, at 20 ms' cost."""
_POLL_SECONDS: Final = 0.2
_IDLE_SECONDS: Final = 0.05
_SWEEP_SECONDS: Final = 0.25


class ConsumerThread(driver.AIOKafkaConsumerThread):
    """Give Faust one batch for each partition and fetch instead of single records."""

    def __init__(self, consumer: Any, **options: Any) -> None:
        """Run on an event loop of uvloop's, as the rest does."""
        super().__init__(consumer, thread_loop=uvloop.new_event_loop(), **options)
        self._ends: dict[TP, int] = {}
        self.changelog_starts: dict[TP, int] = {}
        self._swept = 0.0
        self._seeks = 0

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        # Faust fixes the wait at 1.5 s, and aiokafka has one fetch in flight for each broker: an idle changelog would
        # hold back the streams.
        consumer._fetch_max_wait_ms = FETCH_WAIT_MS  # noqa: SLF001 - Faust offers no setting
        consumer._fetch_min_bytes = FETCH_BYTES_MIN  # noqa: SLF001 - Faust offers no setting
        return consumer

    async def _fetch_records(  # type: ignore[override]  # yields batches where Faust has lists of records
        self,
        consumer: Any,
        active_partitions: set[TP],
        timeout: float | None = None,  # noqa: ASYNC109 - Faust's signature
        max_records: int | None = None,
    ) -> dict[TP, Batch]:
        wanted = self.consumer.fetchable(active_partitions)  # type: ignore[attr-defined]  # ours, see consumer.py
        _pause_all_but(consumer, wanted)
        if not wanted:
            await asyncio.sleep(_IDLE_SECONDS)
            return {}
        timeout = _POLL_SECONDS if timeout is None else min(timeout, _POLL_SECONDS)
        seeks = self._seeks
        try:
            fetched = await super()._fetch_records(consumer, wanted, timeout=timeout, max_records=max_records)
        except NoOffsetForPartitionError:
            return {}  # aiokafka looks for a committed offset by itself; ours is set by the seek
        except OffsetOutOfRangeError as error:
            _stop_for_lost_records(error)
        if seeks != self._seeks:
            self._put_back(consumer, map(ensure_TP, fetched))
            return {}
        batches = {}
        for assigned, records in fetched.items():
            if records:
                batch = self._batch(consumer, ensure_TP(assigned), records)
                batches[batch.tp] = batch
        self._sweep(consumer, wanted, batches)
        return batches

    def _put_back(self, consumer: Any, fetched: Iterable[TP]) -> None:
        """Let what was fetched come again: a fetch outlives its assignment, and Faust would drop what it got."""
        for tp in fetched:
            if tp in self._ends and tp in consumer.assignment():
                consumer.seek(tp, self._ends[tp])

    def _batch(self, consumer: Any, tp: TP, records: list[Any]) -> Batch:
        start = self._ends.get(tp, records[0].offset)
        # The position counts the control and aborted records that follow; the last record's offset does not.
        end = max(_position(consumer, tp) or 0, records[-1].offset + 1)
        self._ends[tp] = end
        return Batch(tp, min(start, records[0].offset), end, records)

    def _sweep(self, consumer: Any, wanted: Iterable[TP], batches: dict[TP, Batch]) -> None:
        """Make empty batches of partitions where only control or aborted records came: they count as read too."""
        now = time.monotonic()
        if now - self._swept < _SWEEP_SECONDS:
            return
        self._swept = now
        for tp in wanted:
            start = self._ends.get(tp)
            end = _position(consumer, tp)
            if start is not None and end is not None and end > start:
                self._ends[tp] = end
                batches[tp] = Batch(tp, start, end, [])

    async def seek_sources(self, committed: Mapping[TP, int | None]) -> dict[TP, int]:
        """Seek source partitions to their committed offsets, or to the beginning; return where each one starts."""
        starts: dict[TP, int] = await self.call_thread(self._seek_sources, committed)
        return starts

    async def _seek_sources(self, committed: Mapping[TP, int | None]) -> dict[TP, int]:
        consumer = self._ensure_consumer()
        fresh = [tp for tp, offset in committed.items() if offset is None]
        oldest = await consumer.beginning_offsets(fresh) if fresh else {}
        starts = {tp: oldest[tp] if offset is None else offset for tp, offset in committed.items()}
        # Without a wait from here on, and told as committed rather than as the consumer's position: a fetch of the
        # assignment before may be under way, and move it.
        self._note_sought(starts)
        for tp, start in starts.items():
            consumer.seek(tp, start)
        return starts

    def _note_sought(self, starts: Mapping[TP, int]) -> None:
        self._ends.update(starts)
        self._seeks += 1

    async def _seek_wait(self, consumer: Any, partitions: Mapping[TP, int]) -> None:
        """Seek changelog partitions, and know where they start."""
        # Faust seeks one before the oldest record, which is an error where that is not offset 0.
        oldest = await consumer.beginning_offsets(list(partitions))
        self.changelog_starts = {tp: max(offset, oldest[tp]) for tp, offset in partitions.items()}
        self._note_sought(self.changelog_starts)
        await super()._seek_wait(consumer, self.changelog_starts)

    async def _highwaters(self, partitions: Iterable[TP]) -> Mapping[TP, int]:
        # For exactly_once Faust reads the last stable offset out of the fetch cache, which is empty before the first
        # fetch: recovery would be skipped. This asks the broker, which answers the last stable offset too.
        ends: Mapping[TP, int] = await self._ensure_consumer().end_offsets(partitions)
        return ends

    def end_offset(self, tp: TP) -> int | None:
        """Return the high watermark as of the last fetch."""
        end: int | None = self._ensure_consumer().highwater(tp)
        return end


def _position(consumer: Any, tp: TP) -> int | None:
    """Return the offset of the next record to fetch, None while there is none.

    aiokafka's `position` waits for one. Where partitions were assigned anew during a fetch, the streams' come with
    their seek after the recovery, and the recovery waits for the next fetch.
    """
    subscription = consumer._subscription.subscription  # noqa: SLF001 - all else waits
    assignment = None if subscription is None else subscription.assignment
    state = None if assignment is None else assignment.state_value(tp)
    return state.position if state is not None and state.has_valid_position else None


def _pause_all_but(consumer: Any, wanted: set[TP]) -> None:
    """Let aiokafka fetch what is wanted only; Faust pauses a partition by not reading what was fetched of it."""
    paused, to_pause = consumer.paused(), consumer.assignment() - wanted
    if paused != to_pause:
        consumer.pause(*(to_pause - paused))
        consumer.resume(*(paused - to_pause))


def _stop_for_lost_records(error: OffsetOutOfRangeError) -> NoReturn:
    at = ", ".join(f"{tp.topic}-{tp.partition} offset {offset}" for tp, offset in error.args[0].items())
    end_process(
        WorkerStopped(
            f"the next record to read is gone from the broker ({at}): it was deleted before it was processed, or the "
            "topic was made anew. To go on from the oldest record that is left, stop all workers and reset the "
            "group's offsets: kafka-consumer-groups --reset-offsets --to-earliest"
        ),
        "fetching",
    )
