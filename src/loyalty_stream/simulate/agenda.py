"""What is still to come: things that become due some records later."""

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Generic, TypeVar

T = TypeVar("T")


class Agenda(Generic[T]):
    """Hold what becomes due, in the order of the records that it waits for."""

    def __init__(self) -> None:
        """Start with nothing to come."""
        self._due: list[tuple[int, int, Callable[[], T | None]]] = []
        self._count = 0

    def add(self, number: int, make: Callable[[], T | None]) -> None:
        """Let something be made once so many records are there; of several, the one added first comes first."""
        self._count += 1
        heappush(self._due, (number, self._count, make))

    def next(self, number: int) -> T | None:
        """Return the next thing that is due, or None; what can no longer happen is passed over."""
        while self._due and self._due[0][0] <= number:
            thing = heappop(self._due)[2]()
            if thing is not None:
                return thing
        return None
