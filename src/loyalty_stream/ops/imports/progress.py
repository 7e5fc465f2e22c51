"""How far the import of a file is, as the topic of imports keeps it."""

from typing import Final, Self

import msgspec
from msgspec import Struct

from loyalty_stream.ops.spans import read_spans, spans_of
from loyalty_stream.runtime.settings import Settings

IMPORTS_PARTITION: Final = 0
"""Where all progress is kept, however many partitions the topic has: their number may grow, and a file stays found."""


class Progress(Struct, frozen=True):
    """How much of a file is imported, in one transaction with the records that it counts.

    `position` and `line` are where the next row begins, in bytes of the content and lines from 1. Of the `rows` some
    were `malformed`, and published as they are, and some `too_large`, and left out.
    """

    position: int = 0
    line: int = 1
    rows: int = 0
    malformed: int = 0
    too_large: int = 0
    finished: bool = False

    def dump(self) -> bytes:
        """Return the progress as a record of the topic holds it."""
        return msgspec.json.encode(self)

    @classmethod
    def load(cls, value: bytes) -> Self:
        """Return the progress that `dump` wrote."""
        return msgspec.json.decode(value, type=cls)


def imports_topic(settings: Settings) -> str:
    """Return the topic that keeps how far each import is."""
    return f"{settings.topic_prefix}imports"


def read_progress(settings: Settings, identity: str) -> Progress | None:
    """Return how far a file's import is, as committed, or None where it has never begun.

    Call it once no earlier import of this file can commit any more. Others may still be at work: their open
    transactions hide what lies behind them, so that it reads on until it has seen all that is there now.

    Raises:
        UnsettledTopicError: The topic cannot be read to its end.

    """
    found: Progress | None = None
    spans = spans_of(settings, imports_topic(settings), [IMPORTS_PARTITION], settled=False)
    for messages in read_spans(settings, spans):
        for message in messages:
            if message.key() == identity.encode():
                found = Progress.load(message.value() or b"")
    return found
