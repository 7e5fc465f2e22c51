"""The one Faust app: table, agents, and what can be asked of it."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, cast

import faust
from faust.types import TP
from faust.web.base import BlueprintManager
from mode import Service

from loyalty_stream.pipeline.effects import Tally
from loyalty_stream.runtime.agents import add_agents
from loyalty_stream.runtime.credentials import faust_credentials
from loyalty_stream.runtime.failure import end_process
from loyalty_stream.runtime.job import Job
from loyalty_stream.runtime.lane_manager import LaneManager
from loyalty_stream.runtime.observer import NullObserver, Observer
from loyalty_stream.runtime.settings import Settings, is_worker_address
from loyalty_stream.runtime.table import BatchTable, PartitionLostError, block_cache_bytes

if TYPE_CHECKING:
    from faust.tables.manager import TableManager
    from faust.tables.recovery import Recovery

    from loyalty_stream.runtime.consumer import Consumer

_REPORT_SECONDS: Final = 1.0
_FETCH_RECORDS_MAX: Final = 5_000
"""Of one batch: some 0.3 s of work, for which the event loop does nothing else."""
_FETCH_BYTES_MAX: Final = 1024 * 1024
"""For each partition and fetch; a single larger record still comes, alone."""

logger = logging.getLogger(__name__)


class Readiness(NamedTuple):
    """What keeps a worker from being ready, if anything does."""

    assigned: bool
    recovered: bool
    committing: bool

    @property
    def ready(self) -> bool:
        """Tell whether the worker does its work."""
        return all(self)


class Position(NamedTuple):
    """How far a source partition is committed, and where it ends as of the last fetch (None before the first)."""

    topic: str
    partition: int
    committed: int
    high_watermark: int | None


class Counted(NamedTuple):
    """A position with the tally that it was committed with."""

    position: Position
    tally: Tally


class StreamApp(faust.App):
    """Faust's app, with the settings, the job and the observer that everything else here reaches through it."""

    def __init__(self, settings: Settings, job: Job, observer: Observer, ends: Mapping[TP, int] | None = None) -> None:
        """Configure Faust; the table and the agents are added by `build_app`."""
        self.ends = ends or {}
        self.settings = settings
        self.job = job
        self.observer = observer
        self.table: BatchTable
        data_dir = settings.data_dir.absolute()
        super().__init__(
            settings.app_id,
            broker=[f"batch://{server.strip()}" for server in settings.bootstrap_servers.split(",")],
            broker_credentials=faust_credentials(settings),
            store="batchrocks://",
            datadir=data_dir,
            tabledir=Path("tables"),
            autodiscover=False,
            processing_guarantee="exactly_once",
            topic_partitions=settings.partitions,
            topic_allow_declare=False,
            topic_disable_leader=True,
            table_standby_replicas=settings.standby_replicas,
            stream_buffer_maxsize=2,  # batches
            stream_wait_empty=True,
            stream_recovery_delay=0.0,
            broker_commit_interval=1.0,
            broker_check_crcs=False,  # TCP has checked them, and so does the broker
            broker_max_poll_records=_FETCH_RECORDS_MAX,
            broker_session_timeout=settings.session_timeout_seconds,
            broker_heartbeat_interval=settings.heartbeat_interval_seconds,
            consumer_max_fetch_size=_FETCH_BYTES_MAX,
            consumer_auto_offset_reset="none",  # what is gone from the broker stops the worker: see fetching.py
            web_bind=settings.http_host,
            web_port=settings.http_port,
            canonical_url=settings.worker_url,  # which the assignor tells the group
            web_in_thread=False,
            worker_redirect_stdouts=False,
        )

    @property
    def batches(self) -> "Consumer":
        """Faust's `consumer`, typed."""
        return cast("Consumer", self.consumer)

    @property
    def lanes(self) -> LaneManager:
        """The lanes of the partitions that this worker owns."""
        return self.batches.lanes

    @property
    def _recovery(self) -> "Recovery":
        return cast("TableManager", self.tables).recovery

    def committed_row(self, partition: int, row_key: bytes) -> bytes | None:
        """Return a row as last committed, encoded, or None where there is none.

        Raises:
            PartitionLostError: Another worker owns the partition, or it is being recovered.

        """
        if partition not in self.lanes.lanes or not self.readiness().recovered:
            raise PartitionLostError(f"partition {partition} is not served by this worker")
        return self.table.store.read(partition, row_key)

    def committed_rows(self, prefix: bytes) -> dict[int, list[tuple[bytes, bytes]]]:
        """Return the rows as last committed whose keys begin with a prefix, by each partition that is served here."""
        if not self.readiness().recovered:
            return {}
        return {partition: self.table.store.scan(partition, prefix) for partition in sorted(self.lanes.lanes)}

    def committed_offset(self, partition: int) -> int | None:
        """Return the changelog offset that the rows of a partition are current for, or None before the first.

        Raises:
            PartitionLostError: The partition is not on this worker.

        """
        offset = self.table.store.read(partition, self.table.store.offset_key)
        return None if offset is None else int(offset)

    def owner(self, partition: int) -> str | None:
        """Return the address that another worker has told the group, where that worker owns a partition, or None.

        None too where several workers have told the same address, or a member of the group has told none that can be
        called. It may be outdated while the group meets, or a worker is dead.
        """
        mine, changelog = str(self.conf.canonical_url), self.settings.changelog_topic
        for url, topics in self.assignor.tables_metadata().items():
            if partition in topics.get(changelog, ()):
                return url if url != mine and is_worker_address(url) else None
        return None

    def readiness(self) -> Readiness:
        """Return whether this worker has partitions, has recovered them, and commits.

        A worker without partitions, since there are more workers than partitions, is as ready as it can be.
        """
        if self._consumer is None:
            return Readiness(assigned=False, recovered=False, committing=False)
        recovered = self._recovery.completed.is_set() and not self.rebalancing and not self.in_recovery
        assigned = self._assignment is not None
        started = bool(self.lanes.progress.committed) or self.unassigned
        return Readiness(assigned, recovered, assigned and recovered and started)

    def positions(self) -> list[Position]:
        """Return the committed position and the end of each owned source partition."""
        return [
            Position(tp.topic, tp.partition, committed, self.batches.end_offset(tp))
            for tp, committed in sorted(self.lanes.progress.committed.items())
        ]

    def counted(self) -> list[Counted]:
        """Return the position and the tally of each owned source partition; none before the group has met."""
        if self._consumer is None:
            return []
        progress = self.lanes.progress
        return [Counted(at, progress.committed_tally(TP(at.topic, at.partition))) for at in self.positions()]

    # What Faust would survive ends this process: its crash() leaves the worker alive, and useless for minutes.

    async def crash(self, reason: BaseException) -> None:
        """End the process."""
        self._crash(reason)

    def _crash(self, reason: BaseException) -> None:
        """End the process: this service, or one below it, has crashed."""
        if not self.should_stop and not isinstance(reason, asyncio.CancelledError):
            end_process(reason, "the worker")
        super()._crash(reason)

    @Service.task
    async def _report(self) -> None:
        async for _ in self.itertimer(_REPORT_SECONDS, name="report"):
            if self._consumer is None:
                continue
            for topic, partition, committed, high_watermark in self.positions():
                if high_watermark is not None:
                    self.observer.position(topic, partition, committed, max(committed, high_watermark))
            for tp, remaining in self._recovery.active_remaining().items():
                self.observer.recovery(tp.partition, max(0, remaining))
            self.observer.store(self.table.store.sizes(), block_cache_bytes())
            self.observer.readiness(ready=self.readiness().ready)
            self.observer.cache(*self.lanes.caches.usage())


def build_app(
    settings: Settings,
    job: Job,
    observer: Observer | None = None,
    *,
    dialects: Sequence[str],
    add_pages: Callable[[StreamApp], None] | None = None,
    ends: Mapping[TP, int] | None = None,
) -> StreamApp:
    """Return the app of a job, with an agent for each dialect's raw topic and one for the canonical events.

    `add_pages` may add web pages (`@app.page(path)`); Faust's own are off. A source partition that `ends` names is
    processed up to that offset and no further.
    """
    app = StreamApp(settings, job, observer or NullObserver(), ends)
    app.table = BatchTable(app, settings.partitions)
    app.tables.add(app.table)
    add_agents(app, dialects)
    app.web.blueprints = BlueprintManager()
    if add_pages is not None:
        add_pages(app)
    return app
