"""Open and close lanes as partitions come and go.

This takes the place of Faust's transaction manager; to Faust everything is committed already, with its batch.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

from faust.transport.consumer import TransactionManager
from faust.types import TP

from loyalty_stream.pipeline.effects import Effects
from loyalty_stream.runtime.batch import Batch
from loyalty_stream.runtime.caches import RowCaches
from loyalty_stream.runtime.clients import producer_config
from loyalty_stream.runtime.committer import KafkaCommitter
from loyalty_stream.runtime.failure import WorkerStopped, end_process
from loyalty_stream.runtime.lanes import Group, Joined, Lane, LaneLimits, Rows, lane_key
from loyalty_stream.runtime.offsets import Committed, group_metadata, read_committed
from loyalty_stream.runtime.progress import Progress
from loyalty_stream.runtime.versions import check_versions, dump_versions

if TYPE_CHECKING:
    from loyalty_stream.runtime.app import StreamApp

_THREADS_MAX: Final = 16
_HALT_SECONDS: Final = 5.0


class LaneManager(TransactionManager):
    """The lanes of this worker: one for each partition number that it owns."""

    app: "StreamApp"

    def __init__(self, *args: Any, **options: Any) -> None:
        """Start without lanes."""
        super().__init__(*args, **options)
        settings = self.app.settings
        self.lanes: dict[int, Lane] = {}
        self.progress = Progress(self.app.ends)
        self.caches = RowCaches(settings.state_cache_rows)
        self._limits = LaneLimits(settings.commit_linger_ms / 1000, settings.transaction_records_max)
        self._versions = dump_versions(self.app.job.state_versions)
        self._generation = -1
        self._threads = ThreadPoolExecutor(min(settings.partitions, _THREADS_MAX), thread_name_prefix="lane")

    def join(self, batch: Batch, effects: Effects, rows: Rows, seconds: float) -> None:
        """Put a processed batch into its lane's next transaction, with its source's offset and tally."""
        metadata = self.progress.advance(batch, effects.tally) + self._versions
        joined = Joined(batch.tp, len(batch), seconds, effects)
        self.lanes[lane_key(batch.tp)].join(batch, joined, rows, metadata)

    # Partitions come and go.

    async def on_partitions_revoked(self, revoked: set[TP]) -> None:  # noqa: ARG002 - aiokafka revokes all
        """Commit what has been processed and forget the partitions."""
        await self.flush()
        self._forget()

    async def on_rebalance(self, assigned: set[TP], revoked: set[TP], newly_assigned: set[TP]) -> None:  # noqa: ARG002
        """Open a lane for each owned partition: that fences its earlier owner and ends its transaction."""
        await self.flush()
        self._forget()
        wanted = self._owned(assigned)
        generation = self.app.consumer_generation_id
        # Had a generation passed without this worker, another one may have owned, and fenced, its lanes meanwhile.
        stale = set(self.lanes) if generation != self._generation + 1 else set(self.lanes) - wanted
        self._generation = generation
        await self._close(stale)
        await self._open(wanted - set(self.lanes))
        for partition in self.lanes:
            self._open_cache(partition)

    def _owned(self, assigned: set[TP]) -> set[int]:
        changelog = self.app.settings.changelog_topic
        standbys = {tp.partition for tp in self.app.assignor.assigned_standbys()}
        tables = {tp.partition for tp in assigned if tp.topic == changelog} - standbys
        sources = {lane_key(tp): tp for tp in assigned if tp.topic != changelog}
        strange = [tp for partition, tp in sources.items() if partition not in tables]
        if strange:
            # Opening its lane would fence the worker that has the table.
            raise WorkerStopped(
                f"{strange[0].topic}-{strange[0].partition} was assigned without its table partition: all workers of "
                "one LOYALTY_APP_ID must read the same topics. Stop those of the other version first"
            )
        return set(sources)

    async def _open(self, partitions: set[int]) -> None:
        if not partitions:
            return
        settings, store = self.app.settings, self.app.table.store
        loop = asyncio.get_running_loop()
        metadata = await loop.run_in_executor(self._threads, group_metadata, settings)

        def open_one(partition: int) -> Lane:
            config = producer_config(settings, f"{settings.app_id}-{partition}")
            committer = KafkaCommitter(config, partition, settings.changelog_topic, store, metadata)
            return Lane(partition, committer, self._threads, self, self._limits)

        opened = await asyncio.gather(*[loop.run_in_executor(self._threads, open_one, number) for number in partitions])
        self.lanes.update({lane.partition: lane for lane in opened})

    async def _close(self, partitions: Iterable[int]) -> None:
        loop = asyncio.get_running_loop()
        closing = [self.lanes.pop(partition).committer.close for partition in list(partitions)]
        await asyncio.gather(*[loop.run_in_executor(self._threads, close) for close in closing])

    def _open_cache(self, partition: int) -> None:
        lane, store, job = self.lanes[partition], self.app.table.store, self.app.job

        def load(key: bytes) -> bytes | None:
            found = lane.pending(key)
            return store.read(partition, key) if found is None else found[0]

        def keys(prefix: bytes, after: bytes) -> Iterator[bytes]:
            return lane.with_pending(store.keys_of(partition, prefix, after), prefix, after)

        self.caches.open(partition, load, job.decode_row, job.encode_row, keys)

    def _forget(self) -> None:
        self.progress.forget()
        self.caches.drop()
        self.app.observer.partitions_lost()

    async def read_committed(self, partitions: set[TP]) -> dict[TP, Committed]:
        """Return what is committed for source partitions; their lanes are open, so that nobody else can commit."""
        loop = asyncio.get_running_loop()
        committed = await loop.run_in_executor(self._threads, read_committed, self.app.settings, partitions)
        try:
            check_versions((at.versions for at in committed.values()), self.app.job.state_versions)
        except WorkerStopped as stopped:
            await self.fail(stopped, "the start")
        return committed

    # What the lanes tell.

    def on_committed(self, partition: int, group: Group, seconds: float) -> None:
        """Tell the observer what is now certain."""
        self.progress.note_committed(group.offsets)
        observer = self.app.observer
        for tp, records, took, effects in group.batches:
            observer.batch_processed(tp.topic, tp.partition, records, took, effects)
        observer.transaction_committed(partition, group.records, seconds)

    async def on_failed(self, error: BaseException, where: str) -> None:
        """End the process."""
        self.app.observer.transaction_failed()
        await self.fail(error, where)

    # The end.

    async def flush(self) -> None:
        """Commit what has been processed."""
        await asyncio.gather(*[lane.flush() for lane in self.lanes.values()])

    async def shut(self) -> None:
        """Let no batch join any more, and commit what has joined."""
        for lane in self.lanes.values():
            lane.close()
        await self.flush()

    async def fail(self, error: BaseException, where: str) -> None:
        """End the process, giving transactions in flight a moment: they hold whole, processed batches."""
        halting = [asyncio.ensure_future(lane.halt()) for lane in self.lanes.values()]
        if halting:
            await asyncio.wait(halting, timeout=_HALT_SECONDS)
        self.app.observer.failed(error, where)
        end_process(error, where)

    async def on_stop(self) -> None:
        """Commit, and close the lanes."""
        await self.shut()
        await self._close(set(self.lanes))
        self._threads.shutdown(wait=True)

    async def commit(
        self,
        offsets: Mapping[TP, int],  # noqa: ARG002
        start_new_transaction: bool = True,  # noqa: ARG002, FBT001, FBT002 - Faust's signature
    ) -> bool:
        """Answer that all is committed: the offsets are in their batch's transaction."""
        return True
