"""Read a dead letter back: the raw record as it was, and what became of it. The reverse of pipeline/emit.py."""

import re
from typing import Final, Self

from confluent_kafka import Message
from msgspec import Struct

from loyalty_stream.ops.dead_letters.places import Place
from loyalty_stream.ops.records import headers_of
from loyalty_stream.pipeline.emit import DeadRecord

REDRIVES_HEADER: Final = "loyalty_redrives"
"""Of a raw record: how often it was sent back. It travels with the record, so that a letter has it again."""
_CONNECT: Final = "__connect.errors."
_FIRST: Final = f"{_CONNECT}topic"
_CAUSE: Final = re.compile(r"(.+)-([0-9]+)@([0-9]+)")


class Letter(Struct, frozen=True):
    """A dead letter: where it stands, when it was written (milliseconds), why, and the record with its own headers.

    `raw` is where the raw record stands: where `record` does, unless the letter holds but an event of it; then
    `record.cause` names it.
    """

    place: Place
    written_at: int
    reason: str
    detail: str
    app_id: str
    raw: Place
    record: DeadRecord

    @property
    def topic(self) -> str:
        """The topic of the raw record."""
        return self.raw.topic or ""

    @property
    def is_whole(self) -> bool:
        """Tell whether it holds the raw record itself."""
        return not self.record.cause

    @property
    def redrives(self) -> int:
        """How often the raw record was sent back; what is no such number counts as never."""
        written = dict(self.record.headers).get(REDRIVES_HEADER) or b""
        return int(written) if re.fullmatch(rb"[0-9]{1,6}", written) else 0

    @classmethod
    def read(cls, message: Message) -> Self | None:
        """Return the letter in a message, or None where it is none of ours."""
        headers = headers_of(message)
        # A vendor's connector may have added headers of the same names: ours are the last ones.
        ours = max((at for at, (name, _) in enumerate(headers) if name == _FIRST), default=len(headers))
        said = {name: (value or b"").decode("utf-8", "replace") for name, value in headers[ours:]}
        try:
            partition, offset = int(said[f"{_CONNECT}partition"]), int(said[f"{_CONNECT}offset"])
            record = DeadRecord(
                said[_FIRST],
                partition,
                offset,
                int(said["loyalty_timestamp"]),
                message.key(),
                message.value(),
                tuple(headers[:ours]),
                said.get("loyalty_cause", ""),
            )
            return cls(
                Place(message.partition() or 0, message.offset() or 0),
                message.timestamp()[1],
                said["loyalty_reason"],
                said[f"{_CONNECT}exception.message"],
                said[f"{_CONNECT}connector.name"],
                _raw_place(record),
                record,
            )
        except (KeyError, ValueError):
            return None


def _raw_place(record: DeadRecord) -> Place:
    if not record.cause:
        return Place(record.partition, record.offset, record.topic)
    written = _CAUSE.fullmatch(record.cause)
    if written is None:
        raise ValueError
    topic, partition, offset = written.groups()
    return Place(int(partition), int(offset), topic)
