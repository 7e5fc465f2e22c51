"""The unit of work: what one fetch brought of one partition."""

from collections.abc import Sequence
from typing import Any

import faust
from faust.types import TP

from loyalty_stream.model.events import RawRecord


class Batch:
    """Records of one partition, in order; a commit of the batch holds `end`.

    `start` and `end` are consumer positions: `start` is where the last batch ended, and `end` counts the control and
    aborted records that follow the last one. A batch may be empty: then only its position has moved.
    """

    __slots__ = ("__weakref__", "end", "records", "size_bytes", "start", "tp")

    def __init__(self, tp: TP, start: int, end: int, records: Sequence[RawRecord]) -> None:
        """Keep the records, and the sum of their values' sizes."""
        self.tp = tp
        self.start = start
        self.end = end
        self.records = records
        self.size_bytes = sum([len(record.value or b"") for record in records])

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self.records)

    def after(self, position: int) -> "Batch":
        """Return what lies at or after a position within this batch."""
        return Batch(self.tp, position, self.end, [record for record in self.records if record.offset >= position])

    def before(self, position: int) -> "Batch":
        """Return what lies before a position within this batch."""
        return Batch(self.tp, self.start, position, [record for record in self.records if record.offset < position])


class BatchSchema(faust.Schema[Any, Any]):
    """Hand a whole batch to the stream as the value of one event: there is nothing to decode."""

    # Faust compiles this once for each channel, then awaits the function for each message.
    def compile(self, app, **_options):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN003, ANN201
        """Return the function that makes an event of a message."""

        async def decode(message, **_options):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN003, ANN202
            return app.create_event(None, message.value, message.headers, message)

        return decode

    async def decode(self, app, message, **_options):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN003, ANN201
        """Return the event of a message."""
        return app.create_event(None, message.value, message.headers, message)
