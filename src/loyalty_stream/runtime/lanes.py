"""Lanes: one transactional producer each, and the batches that its next transaction will hold.

A lane groups batches until the oldest has waited for the linger or the group is full, whichever comes first, and
commits them in one transaction while the agents already fill the next group.
"""

import asyncio
import contextlib
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from typing import Final, NamedTuple, Protocol

from faust.types import TP

from loyalty_stream.pipeline.effects import Effects, Message
from loyalty_stream.pipeline.rows import overlaid
from loyalty_stream.runtime.batch import Batch

GROUP_BYTES_MAX: Final = 64 * 1024 * 1024
"""A group is full with so many bytes of source values, however few records they are."""

FLIGHT_SECONDS_MAX: Final = 90.0
"""A transaction that has neither committed nor failed by then never will.

Whatever time it was given, librdkafka can wait for good for a group coordinator that is gone (its issues 5456, 5511);
brokers abort a transaction of ours after half a minute.
"""

Rows = dict[bytes, bytes | None]
"""Encoded rows by key; None deletes."""


def lane_key(tp: TP) -> int:
    """Return which lane a source partition commits on: topics that share a partition number share its table rows."""
    return tp.partition


class Joined(NamedTuple):
    """A processed batch, kept to be told about once it is committed."""

    tp: TP
    records: int
    seconds: float
    effects: Effects


class LaneLimits(NamedTuple):
    """When a group is committed: after the linger, or with so many records taken or caused, whichever comes first."""

    linger_seconds: float
    records: int


class Group:
    """What one transaction holds."""

    def __init__(self) -> None:
        """Start empty; `born` is set by the first batch."""
        self.born = 0.0
        self.records = 0
        self.size_bytes = 0
        self.batches: list[Joined] = []
        self.messages: list[Message] = []
        self.rows: Rows = {}
        self.offsets: dict[TP, tuple[int, str]] = {}

    def add(self, batch: Batch, joined: Joined, rows: Rows, metadata: str) -> None:
        """Add a processed batch; a row written again replaces the earlier one."""
        if not self.batches:
            self.born = time.monotonic()
        self.records += len(batch)
        self.size_bytes += batch.size_bytes
        self.batches.append(joined)
        self.messages += joined.effects.messages
        self.rows.update(rows)
        self.offsets[batch.tp] = (batch.end, metadata)


class Committer(Protocol):
    """Commit groups, in a thread of their own (committer.py)."""

    def commit(self, group: Group) -> None:
        """Commit a group and then write its rows to the local store; raise where either is in doubt."""

    def abort(self) -> None:
        """Abort what is open, so that it holds back no reader; never raise."""

    def close(self) -> None:
        """Close the producer."""


class LaneOwner(Protocol):
    """Hear from a lane, on the event loop."""

    def on_committed(self, partition: int, group: Group, seconds: float) -> None:
        """Hear that a group is committed and its rows are in the store."""

    async def on_failed(self, error: BaseException, where: str) -> None:
        """Hear that a transaction failed and is aborted; does not return."""


class Lane:
    """One committer and its groups: the one being filled, and the one in flight."""

    def __init__(
        self, partition: int, committer: Committer, threads: Executor, owner: LaneOwner, limits: LaneLimits
    ) -> None:
        """Start idle: a lane without batches costs nothing."""
        self.partition = partition
        self.committer = committer
        self._threads = threads
        self._owner = owner
        self._limits = limits
        self._group = Group()
        self._flying: Group | None = None
        self._flight: asyncio.Future[None] | None = None
        self._task: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()
        self._room = asyncio.Event()
        self._closed = False
        self._halted = False

    @property
    def has_room(self) -> bool:
        """Tell whether a batch may join now."""
        group = self._group
        records = max(group.records, len(group.messages))
        return not self._closed and records < self._limits.records and group.size_bytes < GROUP_BYTES_MAX

    async def room(self) -> None:
        """Wait until a batch may join.

        Await it before a batch is processed, and nothing else between this and `join`: a batch processed on the state
        that another one has left must be in the same transaction or a later one.
        """
        while not self.has_room:
            self._room.clear()
            await self._room.wait()

    def join(self, batch: Batch, joined: Joined, rows: Rows, metadata: str) -> None:
        """Put a processed batch into the next transaction; whatever fails from here on ends the process."""
        self._group.add(batch, joined, rows, metadata)
        if not self.has_room:
            self._hurry.set()
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())

    def pending(self, key: bytes) -> tuple[bytes | None] | None:
        """Return the row that the store does not hold yet, in a tuple of one, or None where the store is up to date."""
        for group in (self._group, self._flying):
            if group is not None and key in group.rows:
                return (group.rows[key],)
        return None

    def with_pending(self, stored: Iterable[bytes], prefix: bytes, after: bytes) -> Iterator[bytes]:
        """Return stored keys, in their order, as they will be once the store is up to date."""
        flying = {} if self._flying is None else self._flying.rows
        return overlaid(overlaid(stored, flying, prefix, after), self._group.rows, prefix, after)

    async def flush(self) -> None:
        """Commit what has joined, without waiting for the linger, and return when it is committed."""
        while self._task is not None:
            self._hurry.set()
            await asyncio.wait([self._task])

    def close(self) -> None:
        """Let no batch join any more."""
        self._closed = True

    async def halt(self) -> None:
        """Start no transaction any more, and return when the one in flight has ended, well or not."""
        self._closed = self._halted = True
        if self._flight is not None:
            await asyncio.wait([self._flight])

    async def _run(self) -> None:
        while self._group.batches and not self._halted:
            await self._linger()
            self._hurry.clear()
            self._flying, self._group = self._group, Group()
            self._room.set()
            await self._commit(self._flying)
            self._flying = None
        self._task = None

    async def _linger(self) -> None:
        left = self._group.born + self._limits.linger_seconds - time.monotonic()
        if left > 0 and not self._hurry.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._hurry.wait(), left)

    async def _commit(self, group: Group) -> None:
        started = time.monotonic()
        loop = asyncio.get_running_loop()
        self._flight = loop.run_in_executor(self._threads, self.committer.commit, group)
        await asyncio.wait([self._flight], timeout=FLIGHT_SECONDS_MAX)
        if not self._flight.done():
            self._closed = self._halted = True  # its thread is lost: there is nothing to abort it with
            stuck = TimeoutError(f"the transaction has not ended within {FLIGHT_SECONDS_MAX:g} s")
            await self._owner.on_failed(stuck, f"partition {self.partition}: transaction failed")
        try:
            await self._flight
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing may be committed after it
            self._closed = self._halted = True
            await loop.run_in_executor(self._threads, self.committer.abort)
            await self._owner.on_failed(error, f"partition {self.partition}: transaction failed")
        self._flight = None
        self._owner.on_committed(self.partition, group, time.monotonic() - started)
