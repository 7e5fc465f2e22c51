"""Look a customer up: in the tables of this worker, else at the worker that owns the partition, else in the view."""

import asyncio
import time
from collections.abc import Mapping
from concurrent.futures import Executor
from http import HTTPStatus
from typing import Final, Protocol

from loyalty_stream.ops.web.answer import Answer
from loyalty_stream.ops.web.found import WAIT_SECONDS_MAX, Found, Served, away, elsewhere, late, restoring, unknown
from loyalty_stream.ops.web.owner import OwnerAwayError, Owners
from loyalty_stream.pipeline.route import partitioner
from loyalty_stream.runtime.app import Readiness
from loyalty_stream.runtime.settings import Settings
from loyalty_stream.runtime.table import PartitionLostError
from loyalty_stream.serving.customer import CustomerKey, MalformedKeyError, render_customer, row_keys
from loyalty_stream.serving.view.reader import ViewAwayError, ViewReader

_LOOK_SECONDS: Final = 0.02


class Tables(Protocol):
    """What is needed of the app."""

    def committed_row(self, partition: int, row_key: bytes) -> bytes | None:
        """Return a row as last committed; raise PartitionLostError where this worker does not serve it."""

    def committed_offset(self, partition: int) -> int | None:
        """Return the changelog offset that the rows are current for."""

    def owner(self, partition: int) -> str | None:
        """Return the address of the other worker that owns a partition, as far as is known."""

    def readiness(self) -> Readiness:
        """Return how far this worker is."""


class Lookup:
    """Find customers."""

    def __init__(
        self, tables: Tables, owners: Owners, view: ViewReader | None, settings: Settings, threads: Executor
    ) -> None:
        """Take where to look; the view is read in threads."""
        self._tables = tables
        self._owners = owners
        self._view = view
        self._home = partitioner(settings.partition_by, settings.partitions)
        self._threads = threads

    async def find(
        self, text: str, seqs_min: Mapping[str, int] | None = None, *, here_alone: bool = False
    ) -> Found | Answer:
        """Return a customer, or the problem that keeps the answer from being given.

        Where seqs are asked for it waits until each of the domains has got so far. `here_alone` looks nowhere but in
        the tables of this worker.
        """
        try:
            key = CustomerKey.parse(text)
        except MalformedKeyError as error:
            return Answer.problem(HTTPStatus.BAD_REQUEST, "Malformed key", str(error))
        partition, wanted, problem = self._home(*key), seqs_min or {}, None
        owner = None if here_alone else self._tables.owner(partition)
        if owner is not None:
            try:
                return await self._owners.ask(owner, key, partition, wanted)
            except OwnerAwayError as error:
                problem = away(partition, str(error))
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while True:
            found = await self._look(key, partition, None if here_alone else self._view, problem)
            if isinstance(found, Answer):
                return found
            if _has_reached(found, wanted):
                return found or unknown(partition)
            if time.monotonic() > deadline:
                return late({domain: _seq(found, domain) for domain in wanted})
            await asyncio.sleep(_LOOK_SECONDS)

    async def _look(
        self, key: CustomerKey, partition: int, view: ViewReader | None, problem: Answer | None
    ) -> Found | Answer | None:
        """Return a customer, None where nothing is known of the key, or the problem: the one given, else our own."""
        try:
            return self._in_tables(key, partition)
        except PartitionLostError:
            is_restoring = not self._tables.readiness().recovered
        problem = problem or (restoring(partition) if is_restoring else elsewhere(partition))
        if view is None:
            return problem
        try:
            viewed = await asyncio.get_running_loop().run_in_executor(self._threads, view.customer, key)
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
