"""The agents: one for each raw topic, and one for the internal topic of canonical events."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from faust.types import StreamT

from loyalty_stream.model.events import RawRecord
from loyalty_stream.pipeline.effects import Effects
from loyalty_stream.pipeline.rows import RowCache
from loyalty_stream.runtime.batch import Batch, BatchSchema
from loyalty_stream.runtime.lane_manager import LaneManager
from loyalty_stream.runtime.lanes import lane_key

if TYPE_CHECKING:
    from loyalty_stream.runtime.app import StreamApp

Process = Callable[[int, Sequence[RawRecord], RowCache[Any]], Effects]


def add_agents(app: "StreamApp", dialects: Sequence[str]) -> None:
    """Give an app its agents."""
    settings, job = app.settings, app.job
    for dialect in dialects:

        def process_raw(
            partition: int, records: Sequence[RawRecord], rows: RowCache[Any], dialect: str = dialect
        ) -> Effects:
            return job.process_raw(dialect, partition, records, rows)

        _add_agent(app, f"raw_{dialect}", settings.raw_topic(dialect), process_raw)
    _add_agent(app, "canonical", settings.canonical_topic, job.process_canonical)


def _add_agent(app: "StreamApp", name: str, topic: str, process: Process) -> None:
    source = app.topic(topic, schema=BatchSchema())

    # An agent of its own for each partition: one that waits for room in its lane holds up no other.
    @app.agent(source, name=name, isolated_partitions=True)
    async def agent(stream: StreamT[Batch]) -> None:
        async for batch in stream:
            try:
                await process_batch(app.lanes, batch, process)
            except asyncio.CancelledError:
                raise
            except BaseException as error:  # noqa: BLE001 - Faust would acknowledge the batch and go on
                await app.lanes.fail(error, f"{batch.tp.topic}-{batch.tp.partition} at {batch.start}")


async def process_batch(lanes: LaneManager, batch: Batch, process: Process) -> None:
    """Process a batch and put it into its lane's next transactions: one, but where a record leads to very much."""
    left = True
    while left:
        left = await _process_part(lanes, batch, process)


async def _process_part(lanes: LaneManager, batch: Batch, process: Process) -> bool:
    """Process what is not processed yet of a batch, and return whether something is left.

    Nothing is waited for from the processing to `join`: no other agent of the partition may run meanwhile.
    """
    partition = lane_key(batch.tp)
    lane = lanes.lanes.get(partition)
    if lane is None:
        return False  # of an earlier assignment
    await lane.room()
    rest = lanes.progress.begin(batch)
    if rest is None:
        return False
    started = time.perf_counter()
    rows = lanes.caches.of(partition)
    effects = process(partition, rest.records, rows) if rest.records else Effects()
    effects.processed_at = time.time()
    taken = rest.before(rest.records[-effects.left].offset) if effects.left else rest
    lanes.join(taken, effects, rows.take_written(), time.perf_counter() - started)
    lanes.caches.trim(partition)
    if effects.left:
        await asyncio.sleep(0)  # others get their turn, though there be room for the next part at once
    return effects.left > 0
