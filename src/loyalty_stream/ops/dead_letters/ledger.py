"""Which raw records were sent back, as the topic of redrives keeps it: a bit for each."""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec
from confluent_kafka.admin import AdminClient
from msgspec import Struct

from loyalty_stream.ops.dead_letters.places import Place
from loyalty_stream.ops.dead_letters.reading import partitions_of
from loyalty_stream.ops.spans import read_spans, spans_of
from loyalty_stream.pipeline.effects import Message
from loyalty_stream.runtime.clients import client_config
from loyalty_stream.runtime.settings import Settings

REDRIVES_PARTITION: Final = 0
"""Where all of it is kept, however many partitions the topic has: their number may grow, and a place stays found."""
EVER: Final = "redriven"
"""The name of the set of all that was ever sent back."""
CHUNK: Final = 1_024
"""So many offsets of a raw partition share a record of the topic, which holds a bit for each."""
_CHUNK_BYTES: Final = CHUNK // 8


class _Chunk(Struct, frozen=True):
    """A record of the topic: `bits` has, from its lowest on, a one for each offset from `first` that was sent back."""

    first: int
    bits: bytes


class PlaceSet:
    """A set of raw places, under a name; about 300 bytes for each chunk that any of them lies in."""

    def __init__(self, name: str) -> None:
        """Begin with none."""
        self.name = name
        self._bits: dict[tuple[str, int, int], int] = {}
        self._changed: set[tuple[str, int, int]] = set()

    def __contains__(self, place: Place) -> bool:
        chunk, bit = _at(place)
        return bool(self._bits.get(chunk, 0) & bit)

    def add(self, place: Place) -> None:
        """Add a place."""
        chunk, bit = _at(place)
        self._bits[chunk] = self._bits.get(chunk, 0) | bit
        self._changed.add(chunk)

    def load(self, chunk_key: str, value: bytes | None) -> None:
        """Take up a record of the topic; the newest of a key counts."""
        topic, partition, first = chunk_key.rsplit(":", 2)
        chunk = (topic, int(partition), int(first))
        if value is None:
            self._bits.pop(chunk, None)
        else:
            self._bits[chunk] = int.from_bytes(msgspec.json.decode(value, type=_Chunk).bits, "little")

    def take_changed(self) -> Iterator[tuple[bytes, bytes | None]]:
        """Yield the records of what was added since the last time."""
        for chunk in sorted(self._changed):
            value = _Chunk(chunk[2], self._bits[chunk].to_bytes(_CHUNK_BYTES, "little"))
            yield self._key(chunk), msgspec.json.encode(value)
        self._changed.clear()

    def take_all(self) -> Iterator[tuple[bytes, bytes | None]]:
        """Yield the records that delete the set, and empty it."""
        for chunk in sorted(self._bits):
            yield self._key(chunk), None
        self._bits.clear()
        self._changed.clear()

    def _key(self, chunk: tuple[str, int, int]) -> bytes:
        topic, partition, first = chunk
        return f"{self.name}|{topic}:{partition}:{first}".encode()


def redrives_topic(settings: Settings) -> str:
    """Return the topic that keeps what was sent back."""
    return f"{settings.topic_prefix}redrives"


def read_sets(settings: Settings, *names: str, settled: bool) -> list[PlaceSet]:
    """Return sets as they are committed.

    With `settled` what a running redrive has not committed is left out; else it waits for that. Raises DeadLettersError
    where the topic does not exist.
    """
    partitions_of(AdminClient(client_config(settings)), redrives_topic(settings), settings)
    sets = {name: PlaceSet(name) for name in names}
    spans = spans_of(settings, redrives_topic(settings), [REDRIVES_PARTITION], settled=settled)
    for message in (message for messages in read_spans(settings, spans) for message in messages):
        name, _, chunk_key = (message.key() or b"").decode().partition("|")
        if name in sets:
            sets[name].load(chunk_key, message.value())
    return list(sets.values())


def messages_of(topic: str, records: Iterable[tuple[bytes, bytes | None]]) -> Iterator[Message]:
    """Yield the records of a set as messages for the topic."""
    for key, value in records:
        yield Message(topic, key, value, partition=REDRIVES_PARTITION)


def _at(place: Place) -> tuple[tuple[str, int, int], int]:
    within = place.offset % CHUNK
    return (place.topic or "", place.partition, place.offset - within), 1 << within
