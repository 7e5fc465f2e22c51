"""Build a generation from the beginning, and let readers use it once it is no older than what they have."""

from threading import Event
from typing import Final

from loyalty_stream.runtime.settings import Settings
from loyalty_stream.serving.view.feed import Feed, Topics
from loyalty_stream.serving.view.generation import Applied, Generation
from loyalty_stream.serving.view.store import HELD_MS, Store, now_ms

_HOLD_USED: Final = 0.8
"""What part of the time that the current generation is held is waited for the new one to catch up."""


class Builder:
    """The making of one generation."""

    def __init__(self, settings: Settings, store: Store, topics: Topics, stop: Event) -> None:
        """Take what it reads and writes; `stop` ends it between two batches."""
        self._settings = settings
        self._store = store
        self._topics = topics
        self._stop = stop

    def build(self, applied: Applied) -> str | None:
        """Build a generation and switch to it; return its number, or None where another is being built, or at `stop`.

        Raises:
            Retired: It took too long between two batches, and is reserved no more.

        """
        number = self._store.begin(self._topics.source())
        if number is None:
            return None
        generation = Generation(self._settings, self._store, self._topics, number, applied)
        # Rows first: they tell who is erased, of whom derived events may still be there.
        if self._read(generation, self._topics.changelog_places) and self._finish(generation):
            return number
        return None

    def _read(self, generation: Generation, places: list[tuple[str, int]]) -> bool:
        """Read places up to where they end now; False at `stop`."""
        feed = generation.feed(places)
        try:
            return self._read_to_end(generation, feed, places)
        finally:
            feed.close()

    def _read_to_end(self, generation: Generation, feed: Feed, places: list[tuple[str, int]]) -> bool:
        begun, ends = now_ms(), self._topics.ends(places)
        while not generation.reached(ends):
            if self._stop.is_set():
                return False
            generation.forward(feed)
        generation.forward(feed, complete_until=begun)
        return True

    def _finish(self, generation: Generation) -> bool:
        places = self._topics.places
        feed = generation.feed(places)
        try:
            while not self._stop.is_set() and self._read_to_end(generation, feed, places):
                self._store.hold()
                held_until = now_ms() + HELD_MS * _HOLD_USED
                while now_ms() < held_until:
                    if self._store.switch(generation.number, places):
                        return True
                    generation.forward(feed)
            return False
        finally:
            feed.close()
