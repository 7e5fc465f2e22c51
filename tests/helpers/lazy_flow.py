"""A flow whose partitions are not in step: what one sends to another waits until it is asked for."""

from collections import deque
from typing import NamedTuple

from loyalty_stream.pipeline.effects import Effects, Message
from tests.helpers.flow import Flow


class Lane(NamedTuple):
    """What one partition sends to another arrives in its order; between lanes there is none."""

    source: int
    target: int


class Handed(NamedTuple):
    """A raw record as it was handed in."""

    value: bytes
    partition: int
    timestamp: int


class LazyFlow(Flow):
    """A flow that processes what is sent to other partitions one step at a time, in any order that Kafka allows.

    `history` is all that was done to it, in order: the records that were handed in, and the lanes that were stepped.
    """

    def __init__(self, *args: object, **given: object) -> None:
        super().__init__(*args, **given)  # type: ignore[arg-type]  # what a Flow takes
        self.history: list[Handed | Lane] = []
        self._lanes: dict[Lane, deque[Message]] = {}

    def hand_in(self, handed: Handed) -> None:
        """Process a raw record on its partition; what it sends elsewhere waits."""
        self.history.append(handed)
        self.raw(handed.value, partition=handed.partition, timestamp=handed.timestamp)

    @property
    def lanes(self) -> list[Lane]:
        """The lanes on which something waits."""
        return sorted(self._lanes)

    def step(self, lane: Lane) -> None:
        """Process what has waited longest on a lane."""
        self.history.append(lane)
        waiting = self._lanes[lane]
        message = waiting.popleft()
        if not waiting:
            del self._lanes[lane]
        self._drain(lane.target, self._process_moved(message))

    def drain(self, picks: tuple[int, ...] = (0,)) -> None:
        """Process all that waits; `picks` choose the lanes, over and over."""
        at = 0
        while lanes := self.lanes:
            self.step(lanes[picks[at % len(picks)] % len(lanes)])
            at += 1

    def replay(self) -> "LazyFlow":
        """Return a new flow to which the same was done."""
        again = LazyFlow(self.config)
        for done in self.history:
            if isinstance(done, Lane):
                again.step(done)
            else:
                again.hand_in(done)
        return again

    def _drain(self, partition: int, effects: Effects) -> None:
        """Put what a partition sent to others on its lanes."""
        for message in self._moving(effects):
            assert message.partition is not None
            self._lanes.setdefault(Lane(partition, message.partition), deque()).append(message)
