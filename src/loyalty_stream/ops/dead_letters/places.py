"""Where a dead letter, or the raw record in it, stands. Pure."""

import re
from typing import Final, NamedTuple, Self

_WRITTEN: Final = re.compile(r"(?:([a-zA-Z0-9._-]+):)?([0-9]{1,9}):([0-9]{1,18})", re.ASCII)


class Place(NamedTuple):
    """A partition and an offset of the dead letters, or of a raw topic where one is named."""

    partition: int
    offset: int
    topic: str | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the place that `PARTITION:OFFSET` or `TOPIC:PARTITION:OFFSET` names; raise ValueError for no place."""
        written = _WRITTEN.fullmatch(text)
        if written is None:
            raise ValueError(
                f"{text!r} is no place: give PARTITION:OFFSET of a dead letter, as `dead-letters list` shows it, or "
                "TOPIC:PARTITION:OFFSET of its raw record"
            )
        topic, partition, offset = written.groups()
        return cls(int(partition), int(offset), topic)

    def __str__(self) -> str:
        place = f"{self.partition}:{self.offset}"
        return place if self.topic is None else f"{self.topic}:{place}"
