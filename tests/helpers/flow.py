"""Run the pipeline as a worker does, on tables that are dicts: raw records in, messages and rows out."""

from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from loyalty_stream.pipeline.config import PipelineConfig
from loyalty_stream.pipeline.effects import Effects, Message, Tally
from loyalty_stream.pipeline.internal import OF_PROGRAMS
from loyalty_stream.pipeline.processor import Processor
from loyalty_stream.pipeline.rows import RowCache
from loyalty_stream.pipeline.table import AnyRow

TIMESTAMP = 1_790_000_000_000
"""When the broker received the first record, in milliseconds; each further record is a second later."""

ONE_PARTITION = PipelineConfig(partitions=1, output_format="json", dead_letter_limit=1)


class Record(NamedTuple):
    """A record as a Kafka client hands it out."""

    topic: str = "loyalty.raw.capillary"
    partition: int = 0
    offset: int = 0
    timestamp: int = TIMESTAMP
    key: bytes | None = None
    value: bytes | None = None
    headers: Any = ()  # pairs of name and value; a client may hand out None


class Flow:
    """A programme's whole traffic: one processor, one table for each partition, all messages in order."""

    def __init__(
        self,
        config: PipelineConfig = ONE_PARTITION,
        *,
        cached_max: int | None = None,
        processor: Processor | None = None,
    ) -> None:
        self.config = config
        self.processor = processor or Processor(config)
        self.tables: list[dict[bytes, bytes]] = [{} for _ in range(config.partitions)]
        self.messages: list[Message] = []
        self.tally = Tally()
        self.repairs: dict[str, int] = {}
        self._cached_max = cached_max
        self._offset = 0
        self._caches: list[RowCache[AnyRow]] = [
            RowCache(table.get, Processor.decode_row, Processor.encode_row, keys_of(table)) for table in self.tables
        ]

    def raw(
        self,
        value: bytes | None,
        *,
        partition: int = 0,
        on: int | None = None,
        dialect: str = "capillary",
        **given: Any,  # noqa: ANN401 - Record's own fields
    ) -> Effects:
        """Process one raw record and all that it sends elsewhere; return what the raw record itself caused.

        It is processed on its own partition, or as if it lay `on` another.
        """
        home = partition if on is None else on
        offset = self._offset
        self._offset += 1
        usual = {"topic": f"loyalty.raw.{dialect}", "partition": partition, "offset": offset}
        record = Record(**{**usual, "timestamp": TIMESTAMP + offset * 1000, "value": value, **given})
        while True:
            effects = self.processor.process_raw(dialect, home, [record], self._caches[home])
            self._commit(home, effects)
            self._drain(home, effects)
            if not effects.left:
                return effects

    def rows(self) -> dict[str, AnyRow]:
        """Return every row of every partition, but for what programmes come to: each partition has those of its own."""
        return {
            key.decode(): Processor.decode_row(key, row)
            for table in self.tables
            for key, row in sorted(table.items())
            if key.decode().partition("|")[0] not in OF_PROGRAMS
        }

    def derived(self) -> list[Message]:
        """Return the messages of derived events so far."""
        return derived_of(self.messages)

    def _drain(self, _partition: int, effects: Effects) -> None:
        """Process what a partition sent to the partitions of its keys, and what that sends on, first in first out."""
        waiting = deque(self._moving(effects))
        while waiting:
            waiting.extend(self._moving(self._process_moved(waiting.popleft())))

    def _moving(self, effects: Effects) -> list[Message]:
        """Return what is sent to the partition of its key."""
        return [message for message in effects.messages if message.topic == self.config.canonical_topic]

    def _process_moved(self, message: Message) -> Effects:
        """Process one message on the partition of its key."""
        assert message.partition is not None
        headers = tuple(message.headers or ())
        moved = Record(message.topic, message.partition, 0, TIMESTAMP, message.key, message.value, headers)
        effects = self.processor.process_canonical(message.partition, [moved], self._caches[message.partition])
        self._commit(message.partition, effects)
        return effects

    def _commit(self, partition: int, effects: Effects) -> None:
        cache = self._caches[partition]
        for key, row in cache.take_written().items():
            if row is None:
                self.tables[partition].pop(key, None)
            else:
                self.tables[partition][key] = row
        if self._cached_max is not None:
            cache.trim(self._cached_max)
        self.messages += effects.messages
        self.tally.add(effects.tally)
        for (_, _, kind), count in effects.repairs.items():
            self.repairs[str(kind)] = self.repairs.get(str(kind), 0) + count


def keys_of(table: dict[bytes, bytes]) -> Callable[[bytes, bytes], list[bytes]]:
    """Return the function that finds the keys of a table that begin with a prefix and come after another key."""
    return lambda prefix, after: sorted(key for key in table if key.startswith(prefix) and key > after)


def derived_of(messages: list[Message]) -> list[Message]:
    """Return the messages of derived events."""
    return [message for message in messages if ".derived." in message.topic]


def dead_letters_of(messages: list[Message]) -> list[Message]:
    """Return the dead letters."""
    return [message for message in messages if message.topic.endswith("dead_letters")]


def header(message: Message, name: str) -> str:
    """Return the last header of a name as text."""
    value = dict(message.headers or ())[name]
    assert value is not None
    return value.decode()


def outcome_of(tally: Tally) -> str:
    """Return how the only record of a tally ended."""
    (ended,) = [name for name in OUTCOMES if getattr(tally, name)]
    assert tally.consumed == 1
    return ended


def balances(tally: Tally) -> bool:
    """Return whether a tally keeps the identity of rule 1."""
    ended: int = sum(getattr(tally, name) for name in OUTCOMES)
    return tally.consumed == ended


def readable(value: object) -> Any:  # noqa: ANN401 - a JSON document
    """Return a state as a JSON document with names, where the table has positions only."""
    if isinstance(value, msgspec.Struct):
        return {name: readable(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, dict):
        return {key: readable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [readable(item) for item in value]
    return msgspec.to_builtins(value)


OUTCOMES = ("applied", "duplicate", "ignored", "dead_lettered", "forwarded")
