"""The pages of the pipeline: what this worker has committed, as JSON once or as a stream of events."""

import asyncio
import time
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Final, Protocol

import msgspec
from aiohttp import web
from msgspec import Struct
from msgspec.structs import asdict

from loyalty_stream.ops.recent import Recent, RecentLetter
from loyalty_stream.ops.status import PartitionStatus, Status
from loyalty_stream.ops.web.answer import Answer
from loyalty_stream.ops.web.site import Page, Reply, Site
from loyalty_stream.runtime.app import Counted, Readiness, StreamApp
from loyalty_stream.runtime.settings import Settings
from loyalty_stream.sources import DIALECTS

LIVE_SECONDS: Final = 1.0
LIVE_MAX: Final = 20
"""Readers of the stream at a time; each takes a little of the time in which records are processed."""
_WRITE_SECONDS_MAX: Final = 2.0


class TopicPosition(Struct, frozen=True):
    """How far a source partition is committed, and where it ends as of the last fetch (null before the first)."""

    topic: str
    partition: int
    committed: int
    end: int | None
    lag: int | None


class Identity(Struct, frozen=True):
    """How the records of the owned partitions ended; `consumed` is the sum of the others.

    `forwarded` are those that ended nowhere here: under way, or taken up by other workers, less what came from those.
    It is never below zero where this worker owns all partitions.
    """

    consumed: int
    applied: int
    duplicates: int
    ignored: int
    dead_lettered: int
    forwarded: int
    holds: bool


class Throughput(Struct, frozen=True):
    """How many raw records have ended since the worker's start, and how many of late in a second."""

    events_total: int
    events_per_second: float


class DeadLetter(RecentLetter, frozen=True):
    """A dead letter without anything of its record, and the dialect of the topic that it is from."""

    dialect: str | None


class Pipeline(Struct, frozen=True):
    """What a worker tells of itself: neither a key nor a value of any record is in it."""

    app_id: str
    ready: bool
    topics: Sequence[TopicPosition]
    identity: Identity
    throughput: Throughput
    dead_letters: Sequence[DeadLetter]


PIPELINE: Final = Page(
    "/v1/pipeline",
    "How far this worker is, how every record ended, and its newest dead letters",
    {HTTPStatus.OK: Reply("The picture of this moment.", Pipeline)},
)
LIVE: Final = Page(
    "/v1/live",
    "The picture of /v1/pipeline once a second, as server-sent events named pipeline",
    {
        HTTPStatus.OK: Reply(
            "Events until the reader goes or the worker stops.", {"type": "string"}, "text/event-stream"
        )
    },
    {HTTPStatus.SERVICE_UNAVAILABLE: "As many read the stream as may."},
)


class Worker(Protocol):
    """What the page needs of the app."""

    def counted(self) -> Sequence[Counted]:
        """Return the position and the tally of each source partition that it owns."""

    def readiness(self) -> Readiness:
        """Return whether it does its work."""


class PipelinePage:
    """Tell how far this worker is, and that every record is accounted for."""

    def __init__(self, worker: Worker, recent: Recent, settings: Settings) -> None:
        """Take the worker, what it did lately, and the names of its topics."""
        self._worker = worker
        self._recent = recent
        self._settings = settings
        self._dialects = {settings.raw_topic(dialect): dialect for dialect in DIALECTS}

    def picture(self) -> Pipeline:
        """Return the picture of this moment."""
        counted = self._worker.counted()
        return Pipeline(
            self._settings.app_id,
            self._worker.readiness().ready,
            [_topic(at) for at in counted],
            self._identity(counted),
            Throughput(self._recent.events, self._recent.events_per_second),
            [self._letter(letter) for letter in reversed(self._recent.letters)],
        )

    def _identity(self, counted: Sequence[Counted]) -> Identity:
        settings = self._settings
        partitions = [
            PartitionStatus(position.topic, position.partition, position.committed, 0, position.committed, tally)
            for position, tally in counted
        ]
        status = Status(settings.app_id, settings.canonical_topic, partitions)
        owns_all = len(partitions) == settings.partitions * (len(DIALECTS) + 1)
        faults = status.faults if owns_all else status.partition_faults
        total = status.total
        return Identity(
            total.consumed,
            total.applied,
            total.duplicate,
            total.ignored,
            total.dead_lettered,
            total.forwarded,
            holds=not faults,
        )

    def _letter(self, letter: RecentLetter) -> DeadLetter:
        return DeadLetter(**asdict(letter), dialect=self._dialects.get(letter.topic))


def _topic(at: Counted) -> TopicPosition:
    topic, partition, committed, high_watermark = at.position
    end = None if high_watermark is None else max(committed, high_watermark)
    return TopicPosition(topic, partition, committed, end, None if end is None else end - committed)


class Live:
    """Write the picture to each reader of the stream, once a second; it is made once for all of them."""

    def __init__(self, picture: Callable[[], Pipeline], app: StreamApp) -> None:
        """Begin with no reader."""
        self._picture = picture
        self._app = app
        self._readers = 0
        self._made_at = 0.0
        self._event = b""

    @property
    def is_full(self) -> bool:
        """Tell whether there are as many readers as may be."""
        return self._readers >= LIVE_MAX

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Write until the reader goes, or does not read, or the worker stops."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        if request.method == "HEAD":
            return response
        self._readers += 1
        try:
            while not self._app.should_stop:
                # A reader that does not read must not hold up the worker's end.
                await asyncio.wait_for(response.write(self._newest()), _WRITE_SECONDS_MAX)
                await self._app.sleep(LIVE_SECONDS)
        except (ConnectionError, TimeoutError):
            if request.transport is not None:
                request.transport.abort()
        finally:
            self._readers -= 1
        return response

    def _newest(self) -> bytes:
        now = time.monotonic()
        if now - self._made_at > LIVE_SECONDS / 2:
            self._made_at = now
            self._event = b"event: pipeline\ndata: " + msgspec.json.encode(self._picture()) + b"\n\n"
        return self._event


def add_pipeline(site: Site, recent: Recent) -> None:
    """Add /v1/pipeline and /v1/live."""
    page = PipelinePage(site.app, recent, site.app.settings)
    live = Live(page.picture, site.app)

    @site.page(PIPELINE)
    async def pipeline(_request: web.Request) -> Answer:
        return Answer(HTTPStatus.OK, msgspec.to_builtins(page.picture()))

    @site.page(LIVE)
    async def pipeline_live(request: web.Request) -> Answer | web.StreamResponse:
        if live.is_full:
            return Answer.problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "Too many readers",
                f"{LIVE_MAX} read the stream already. Ask /v1/pipeline instead, or try again later.",
            )
        return await live.serve(request)
