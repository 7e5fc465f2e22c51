"""What the runtime runs: everything of the domain stands behind one protocol."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from loyalty_stream.model.events import RawRecord
from loyalty_stream.pipeline.effects import Effects
from loyalty_stream.pipeline.rows import RowCache


class Job(Protocol):
    """Turn records into effects, and rows into bytes and back.

    The two `process_*` run on the event loop: they are synchronous and touch nothing but `rows`. Whatever they raise
    ends the process before anything of their batch is committed.
    """

    @property
    def state_versions(self) -> Mapping[str, int]:
        """The version in which each kind of row is written; a worker that knows none so late does not start."""

    def process_raw(self, dialect: str, partition: int, records: Sequence[RawRecord], rows: RowCache[Any]) -> Effects:
        """Return what a batch of a dialect's raw records causes, in order, and how many of them are left."""

    def process_canonical(self, partition: int, records: Sequence[RawRecord], rows: RowCache[Any]) -> Effects:
        """Return what a batch of re-keyed canonical events causes, in order."""

    def decode_row(self, key: bytes, encoded: bytes) -> object:
        """Return the row that `encode_row` wrote under a key."""

    def encode_row(self, row: Any) -> bytes:
        """Return a row as the table and its changelog keep it."""
