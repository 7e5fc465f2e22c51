"""Run the pipeline message by message, so that a test chooses what happens in between."""

from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar

from loyalty_stream.pipeline.config import PipelineConfig
from loyalty_stream.pipeline.effects import Effects, Message, Tally
from loyalty_stream.pipeline.processor import Processor
from tests.helpers.flow import Flow

T = TypeVar("T")
Choose = Callable[[int], int]
"""Picks one of so many options."""


class Lane(NamedTuple):
    """What one partition sends to another arrives in its order; between lanes there is none."""

    source: int
    target: int


class Stepped(Flow):
    """A flow in which re-keyed events stay under way until they are stepped on.

    What one partition sends to another keeps its order; between two senders there is none, as in Kafka.
    """

    def __init__(self, config: PipelineConfig, processor: Processor | None = None) -> None:
        super().__init__(config, processor=processor)
        self.under_way: dict[Lane, deque[Message]] = {}
        self.tallies: list[Tally] = [Tally() for _ in range(config.partitions)]

    def ready(self) -> list[Lane]:
        """Return each lane on which an event is under way."""
        return sorted(pair for pair, messages in self.under_way.items() if messages)

    def step(self, source: int, target: int) -> Effects:
        """Deliver the next event from one partition to another."""
        return self._process_moved(self.under_way[Lane(source, target)].popleft())

    def settle(self, choose: Choose = lambda _: 0) -> None:
        """Deliver all that is under way, and all that this sends, in a chosen order."""
        while pairs := self.ready():
            self.step(*pairs[choose(len(pairs))])

    def _commit(self, partition: int, effects: Effects) -> None:
        super()._commit(partition, effects)
        self.tallies[partition].add(effects.tally)
        for message in effects.messages:
            if message.topic == self.config.canonical_topic:
                assert message.partition is not None
                self.under_way.setdefault(Lane(partition, message.partition), deque()).append(message)

    def _drain(self, _partition: int, effects: Effects) -> None:
        """Leave under way what was sent."""


def every_way(play: Callable[[Choose], T]) -> Iterator[T]:
    """Yield what comes of each way in which a play can go, by choosing every option once at every place."""
    path: list[int] = []
    while True:
        taken: list[tuple[int, int]] = []

        def choose(options: int, path: list[int] = path, taken: list[tuple[int, int]] = taken) -> int:
            pick = path[len(taken)] if len(taken) < len(path) else 0
            taken.append((pick, options))
            return pick

        yield play(choose)
        while taken and taken[-1][0] == taken[-1][1] - 1:
            taken.pop()
        if not taken:
            return
        path = [*(pick for pick, _ in taken[:-1]), taken[-1][0] + 1]
