"""Bring one generation forward: read, make a batch, apply it."""

import time
from collections.abc import Callable, Collection, Mapping
from typing import Final

from loyalty_stream.ops.records import RecordReader
from loyalty_stream.pipeline.table import RowVersionError
from loyalty_stream.runtime.settings import Settings
from loyalty_stream.serving.view.batch import Batch
from loyalty_stream.serving.view.errors import Held, ViewError
from loyalty_stream.serving.view.feed import Feed, Read, Topics, place_of_message
from loyalty_stream.serving.view.names import Place
from loyalty_stream.serving.view.store import Counts, Store

_HELD_SECONDS: Final = 0.02
Applied = Callable[[Batch, Counts], None]


class Generation:
    """One generation and how far it is; one process of the view at a time need not be the only one."""

    def __init__(self, settings: Settings, store: Store, topics: Topics, number: str, applied: Applied) -> None:
        """Ask Redis how far it is; `applied` is told of each batch."""
        self.number = number
        self.positions = store.positions(number)
        self._settings = settings
        self._store = store
        self._topics = topics
        self._names = store.names.generation(number)
        self._reader = RecordReader(settings)
        self._applied = applied

    def feed(self, places: Collection[Place]) -> Feed:
        """Return a reader of places from where the generation is."""
        return Feed(self._settings, places, self.positions)

    def reached(self, ends: Mapping[Place, int]) -> bool:
        """Tell whether all up to given offsets is applied."""
        return all(self.positions.get(place, 0) >= end for place, end in ends.items())

    def is_overtaken(self) -> bool:
        """Tell whether another process has brought the generation further than this one."""
        stored = self._store.positions(self.number)
        return any(offset > self.positions.get(place, 0) for place, offset in stored.items())

    def forward(self, feed: Feed, *, complete_until: int = 0) -> None:
        """Apply what a reader has, and until when all that was committed is in.

        Raises:
            Retired: The generation is not the one to write to.
            ViewError: A newer version has written what is read.

        """
        read = feed.read()
        if not read.nexts and not complete_until:
            return
        batch = self._batch(read)
        batch.complete_until = complete_until
        counts = self._insist(batch)
        self.positions |= batch.nexts
        self._applied(batch, counts)

    def _insist(self, batch: Batch) -> Counts:
        while True:
            try:
                return self._store.apply(self.number, batch, self._settings.view_journal_entries)
            except Held:
                time.sleep(_HELD_SECONDS)

    def _batch(self, read: Read) -> Batch:
        batch = Batch(self._names, self.positions)
        for message in read.messages:
            place, offset = place_of_message(message), message.offset() or 0
            if place[0] == self._topics.changelog:
                key, value = message.key() or b"", message.value()
                try:
                    batch.add_row(place, offset, message.timestamp()[1], key, value)
                except RowVersionError as error:
                    raise ViewError(f"{error}. Start the view of the workers' version") from error
            else:
                record = self._reader.read(message)
                if record.kind == "unreadable":
                    problem = record.value["problem"]
                    raise ViewError(f"{place[0]} {place[1]}:{offset} cannot be read: {problem}")
                batch.add_event(place, offset, self._topics.domains[place[0]], record.value)
        for place, offset in read.nexts.items():
            batch.advance(place, offset)
        return batch
