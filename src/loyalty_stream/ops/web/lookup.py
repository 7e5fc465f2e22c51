"""Look a customer up: in the tables of this worker, else in the view."""

import asyncio
import time
from collections.abc import Mapping
from concurrent.futures import Executor
from http import HTTPStatus
from typing import Final, Literal, NamedTuple, Protocol

from msgspec import Struct

from loyalty_stream.ops.web.answer import Answer
from loyalty_stream.pipeline.route import partitioner
from loyalty_stream.runtime.app import Readiness
from loyalty_stream.runtime.settings import Settings
from loyalty_stream.runtime.table import PartitionLostError
from loyalty_stream.serving.customer import CustomerKey, Json, MalformedKeyError, render_customer, row_keys
from loyalty_stream.serving.view.reader import ViewAwayError, ViewReader

WAIT_SECONDS_MAX: Final = 2.0
_LOOK_SECONDS: Final = 0.02


class Tables(Protocol):
    """What is needed of the app."""

    def committed_row(self, partition: int, row_key: bytes) -> bytes | None:
        """Return a row as last committed; raise PartitionLostError where this worker does not serve it."""

    def committed_offset(self, partition: int) -> int | None:
        """Return the changelog offset that the rows are current for."""

    def readiness(self) -> Readiness:
        """Return how far this worker is."""


class Served(Struct, frozen=True):
    """Where a picture is from: the changelog's partition and offset, and how old it may be at most."""

    by: Literal["table", "view"]
    partition: int
    offset: int | None
    age_seconds: float


class Found(NamedTuple):
    """A customer of whom something is known."""

    picture: Json
    served: Served


class Lookup:
    """Find customers."""

    def __init__(self, tables: Tables, view: ViewReader | None, settings: Settings, threads: Executor) -> None:
        """Take where to look; the view is read in threads."""
        self._tables = tables
        self._view = view
        self._home = partitioner(settings.partition_by, settings.partitions)
        self._threads = threads

    async def find(self, text: str, seqs_min: Mapping[str, int] | None = None) -> Found | Answer:
        """Return a customer, or the problem that keeps the answer from being given.

        Where seqs are asked for it waits until each of the domains has got so far.
        """
        try:
            key = CustomerKey.parse(text)
        except MalformedKeyError as error:
            return Answer.problem(HTTPStatus.BAD_REQUEST, "Malformed key", str(error))
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while True:
            found = await self._look(key)
            if isinstance(found, Answer):
                return found
            if _has_reached(found, seqs_min or {}):
                return found or _unknown(self._home(*key))
            if time.monotonic() > deadline:
                return _late(found, seqs_min or {})
            await asyncio.sleep(_LOOK_SECONDS)

    async def _look(self, key: CustomerKey) -> Found | Answer | None:
        """Return a customer, None where nothing is known of the key, or the problem."""
        partition = self._home(*key)
        try:
            return self._in_tables(key, partition)
        except PartitionLostError:
            problem = _restoring(partition) if not self._tables.readiness().recovered else _elsewhere(partition)
        if self._view is None:
            return problem
        try:
            viewed = await asyncio.get_running_loop().run_in_executor(self._threads, self._view.customer, key)
        except ViewAwayError:
            return problem
        if viewed is None:
            return None
        age_seconds = max(0.0, time.time() - viewed.complete_until / 1000)
        return Found(viewed.picture, Served("view", viewed.partition, viewed.offset, round(age_seconds, 3)))

    def _in_tables(self, key: CustomerKey, partition: int) -> Found | None:
        found = {domain: self._tables.committed_row(partition, row_key) for domain, row_key in row_keys(key)}
        rows = {domain: row for domain, row in found.items() if row is not None}
        if not rows:
            return None
        served = Served("table", partition, self._tables.committed_offset(partition), 0.0)
        return Found(render_customer(key, partition, rows), served)


def _has_reached(found: Found | None, seqs_min: Mapping[str, int]) -> bool:
    return all(_seq(found, domain) >= seq for domain, seq in seqs_min.items())


def _seq(found: Found | None, domain: str) -> int:
    seq: int = 0 if found is None else found.picture.get(domain, {}).get("seq", 0)
    return seq


def _unknown(partition: int) -> Answer:
    title, detail = "Unknown customer", "Nothing is known of this key."
    return Answer.problem(HTTPStatus.NOT_FOUND, title, detail, partition=partition)


def _restoring(partition: int) -> Answer:
    return Answer.problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Tables are being restored",
        "This worker does not serve rows yet. Try again when /readyz answers 200.",
        partition=partition,
    )


def _elsewhere(partition: int) -> Answer:
    return Answer.problem(
        HTTPStatus.MISDIRECTED_REQUEST,
        "Partition of another worker",
        f"The key lies on partition {partition}, which this worker does not own. Ask the other workers.",
        partition=partition,
    )


def _late(found: Found | None, seqs_min: Mapping[str, int]) -> Answer:
    reached = {domain: _seq(found, domain) for domain in seqs_min}
    return Answer.problem(
        HTTPStatus.GATEWAY_TIMEOUT,
        "Not there yet",
        f"What was asked for did not come within {WAIT_SECONDS_MAX:g} seconds. Try again.",
        reached=reached,
    )
