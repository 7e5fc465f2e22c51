"""A stepped flow that remembers what was done to it, so that the same can be done to another."""

from typing import NamedTuple

from loyalty_stream.pipeline.config import PipelineConfig
from tests.helpers.stepped import Lane, Stepped


class Handed(NamedTuple):
    """A raw record as it was handed in."""

    value: bytes
    partition: int
    timestamp: int


class LazyFlow(Stepped):
    """A flow whose `history` is all that was done to it: the records that were handed in, and the lanes stepped on."""

    def __init__(self, config: PipelineConfig) -> None:
        super().__init__(config)
        self.history: list[Handed | Lane] = []

    def hand_in(self, handed: Handed) -> None:
        """Process a raw record on its partition; what it sends elsewhere stays under way."""
        self.history.append(handed)
        self.raw(handed.value, partition=handed.partition, timestamp=handed.timestamp)

    @property
    def lanes(self) -> list[Lane]:
        """The lanes on which something is under way."""
        return self.ready()

    def take(self, lane: Lane) -> None:
        """Deliver what has been under way longest on a lane."""
        self.history.append(lane)
        self.step(*lane)

    def drain(self, picks: tuple[int, ...] = (0,)) -> None:
        """Deliver all that is under way; `picks` choose the lanes, over and over."""
        at = 0
        while lanes := self.lanes:
            self.take(lanes[picks[at % len(picks)] % len(lanes)])
            at += 1

    def replay(self) -> "LazyFlow":
        """Return a new flow to which the same was done."""
        again = LazyFlow(self.config)
        for done in self.history:
            if isinstance(done, Lane):
                again.take(done)
            else:
                again.hand_in(done)
        return again
