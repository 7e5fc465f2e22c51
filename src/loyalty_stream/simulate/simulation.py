"""What a simulation of any dialect gives: raw records, one by one, and the right answer so far."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import NamedTuple

from loyalty_stream.simulate.answer import Answer
from loyalty_stream.simulate.options import SimulationOptions


class SimulatedRecord(NamedTuple):
    """A raw record ready to be produced; from `note` on, what it was made as.

    `note` is `good`, `dirty:<kinds>`, `erased` (of a customer who is erased by now), `duplicate:<exact|redelivered|
    dirty>`, `conflict`, `unknown`, `not_yet_supported`, `bad:<reason>` or `bad_merge:<reason>`. `envelope` is the
    dialect's own word for how the event is wrapped, None where it is not.
    """

    key: bytes | None
    value: bytes
    headers: tuple[tuple[str, bytes], ...]
    timestamp_ms: int
    note: str
    event_name: str
    envelope: str | None


class Simulation(ABC):
    """One stream of one dialect, and its right answer; the same options give the same bytes."""

    def __init__(self, options: SimulationOptions) -> None:
        """Take what is to be made; nothing is made before `records` is read."""
        self.options = options
        self._is_read = False

    @property
    @abstractmethod
    def answer(self) -> Answer:
        """What tables and counters must hold after everything yielded so far."""

    def records(self) -> Iterator[SimulatedRecord]:
        """Yield the records one by one; the answer has grown by a record when it is yielded.

        Raises RuntimeError when called again: the answer is that of one reading. Make another simulation instead.
        """
        if self._is_read:
            raise RuntimeError("the records of this simulation are read already: make a new simulation")
        self._is_read = True
        return (self._next() for _ in range(self.options.events))

    @abstractmethod
    def _next(self) -> SimulatedRecord:
        """Make the next record."""
