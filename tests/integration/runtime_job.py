"""A tiny job to prove the runtime with: it sums the numbers of each key, and tells each new sum.

A record's value is `<id> <number>`; the row of a key is its sum. `<id> move:<other key>` re-keys 1 to another key
through the canonical topic. Run as a program it is a worker; the settings come from the environment.
"""

# ruff: noqa: ANN401 - Faust's web views and JSON have no usable types

import asyncio
import logging
import os
import sys
import time
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from loyalty_stream.model.events import RawRecord
from loyalty_stream.model.keys import partition_of
from loyalty_stream.pipeline.effects import Effects, Message
from loyalty_stream.pipeline.limit import DeadLetterLimitError
from loyalty_stream.pipeline.rows import RowCache
from loyalty_stream.runtime.app import StreamApp
from loyalty_stream.runtime.settings import Settings, load_settings
from loyalty_stream.runtime.table import PartitionLostError
from loyalty_stream.runtime.worker import run_worker

DIALECT = "numbers"
PROCESSED = [0]


class SumJob:
    """Sum numbers by key; `sums` tells `<id> <sum>` for each record."""

    state_versions: Mapping[str, int] = MappingProxyType({"sum": int(os.environ.get("LOYALTY_JOB_STATE_VERSION", "1"))})

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._sums = f"{settings.topic_prefix}sums"
        self._records_per_second = float(os.environ.get("LOYALTY_JOB_RECORDS_PER_SECOND", "inf"))

    def process_raw(
        self,
        dialect: str,  # noqa: ARG002
        partition: int,
        records: Sequence[RawRecord],
        rows: RowCache[int],
    ) -> Effects:
        return self._process(partition, records, rows)

    def process_canonical(self, partition: int, records: Sequence[RawRecord], rows: RowCache[int]) -> Effects:
        return self._process(partition, records, rows)

    def decode_row(self, key: bytes, encoded: bytes) -> object:  # noqa: ARG002
        return int(encoded)

    def encode_row(self, row: object) -> bytes:
        return str(row).encode()

    def _process(self, partition: int, records: Sequence[RawRecord], rows: RowCache[int]) -> Effects:
        effects = Effects()
        messages = effects.messages
        for record in records:
            key = record.key or b""
            name, _, number = (record.value or b"").partition(b" ")
            number, _, _padding = number.partition(b" ")
            if number == b"bug":
                raise RuntimeError("a bug in the job")
            if number == b"limit":
                raise DeadLetterLimitError(0.5, "malformed_json")
            if number.startswith(b"move:"):
                other = number[5:]
                target = partition_of(other, self._settings.partitions)
                messages.append(Message(self._settings.canonical_topic, other, name + b" 1", None, target))
                effects.tally.forwarded += 1
                continue
            total = (rows.get(key) or 0) + int(number)
            rows.put(key, None if total == 0 else total)
            messages.append(Message(self._sums, key, b"%s %d" % (name, total), [("job", b"sum")], partition))
            effects.tally.applied += 1
        effects.tally.consumed += len(records)
        PROCESSED[0] += len(records)
        time.sleep(len(records) / self._records_per_second)
        return effects


def add_pages(app: StreamApp) -> None:
    crash_after_seconds = os.environ.get("LOYALTY_JOB_CRASH_AFTER_SECONDS")
    if crash_after_seconds is not None:

        @app.task  # type: ignore[untyped-decorator]  # Faust types it loosely
        async def crash() -> None:
            await asyncio.sleep(float(crash_after_seconds))
            await app.consumer.crash(RuntimeError("a crash below"))

    @app.page("/readyz")
    async def readyz(view: Any, _request: Any) -> Any:
        return view.json(app.readiness()._asdict(), status=200 if app.readiness().ready else 503)

    @app.page("/rows/{partition}/{key}")
    async def row(view: Any, _request: Any, partition: str, key: str) -> Any:
        try:
            found = app.committed_row(int(partition), key.encode())
        except PartitionLostError as error:
            return view.json({"error": str(error)}, status=404)
        return view.json({"row": None if found is None else found.decode()})

    @app.page("/processed")
    async def processed(view: Any, _request: Any) -> Any:
        return view.json({"records": PROCESSED[0], "cached_rows": app.lanes.caches.usage().rows})

    @app.page("/positions")
    async def positions(view: Any, _request: Any) -> Any:
        return view.json([position._asdict() for position in app.positions()])


def main() -> int:
    logging.basicConfig(
        level=os.environ.get("LOYALTY_JOB_LOG", "INFO"), format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    settings = load_settings()
    return run_worker(settings, SumJob(settings), dialects=[DIALECT], add_pages=add_pages)


if __name__ == "__main__":
    sys.exit(main())
