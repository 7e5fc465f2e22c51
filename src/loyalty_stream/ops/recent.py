"""Remember what a worker did lately: how many events ended in the last seconds, and its newest dead letters."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

from msgspec import Struct

from loyalty_stream.pipeline.effects import Effects, Message

LETTERS_MAX: Final = 20
RATE_SECONDS: Final = 5
_DEAD_LETTERS: Final = "dead_letters"
_CONNECT: Final = "__connect.errors."


class RecentLetter(Struct, frozen=True):
    """A dead letter without anything of its record: when (milliseconds), where the raw record stands, and why."""

    at: int
    topic: str
    partition: int
    offset: int
    reason: str
    detail: str


class Recent:
    """What was committed lately; a batch costs a look at the topic of each of its messages."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with nothing; `clock` tells seconds."""
        self._clock = clock
        self._began = int(clock())
        self._seconds: deque[list[int]] = deque(maxlen=RATE_SECONDS + 1)  # a second, and what ended in it
        self.events = 0
        """How many raw records have ended here since the start: applied, duplicate, ignored or dead-lettered."""
        self.letters: deque[RecentLetter] = deque(maxlen=LETTERS_MAX)
        """The newest dead letters since the start, the oldest of them first."""

    def add(self, effects: Effects) -> None:
        """Note what a committed batch has caused."""
        ended = effects.tally.consumed - effects.tally.forwarded
        second = int(self._clock())
        if not self._seconds or self._seconds[-1][0] != second:
            self._seconds.append([second, 0])
        self._seconds[-1][1] += ended
        self.events += ended
        newest = list(islice(_letters(effects), LETTERS_MAX))
        self.letters.extend(reversed(newest))

    @property
    def events_per_second(self) -> float:
        """The rate over the last whole seconds, fewer of them soon after the start."""
        now = int(self._clock())
        seconds = min(RATE_SECONDS, max(1, now - self._began))
        return sum(ended for second, ended in self._seconds if now - seconds <= second < now) / seconds


def _letters(effects: Effects) -> Iterator[RecentLetter]:
    """Yield the dead letters among a batch's messages, the newest first."""
    at = round(effects.processed_at * 1000)
    for message in reversed(effects.messages):
        if message.topic.endswith(_DEAD_LETTERS):
            yield _letter(message, at)


def _letter(message: Message, at: int) -> RecentLetter:
    """Return what a dead letter's headers say; of two of one name ours stands last."""
    said = {name: (value or b"").decode("utf-8", "replace") for name, value in message.headers or ()}
    place = [said[f"{_CONNECT}{part}"] for part in ("topic", "partition", "offset")]
    if "loyalty_cause" in said:  # it holds but an event of the raw record
        partition_name, _, place[2] = said["loyalty_cause"].rpartition("@")
        place[0], _, place[1] = partition_name.rpartition("-")
    topic, partition, offset = place
    return RecentLetter(
        at, topic, int(partition), int(offset), said["loyalty_reason"], said[f"{_CONNECT}exception.message"]
    )
