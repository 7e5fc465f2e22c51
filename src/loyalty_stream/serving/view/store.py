"""Ask Redis: what is there, and the three scripts that change it."""

import time
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final, NamedTuple

import redis
from redis.backoff import NoBackoff
from redis.exceptions import (
    AuthenticationError,
    ClusterCrossSlotError,
    MasterDownError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
)
from redis.retry import Retry

from loyalty_stream.serving.view.batch import Batch
from loyalty_stream.serving.view.errors import Held, Retired, ViewError
from loyalty_stream.serving.view.names import LAYOUT, Names, Place, RowName, place_of, place_text
from loyalty_stream.serving.view.totals import offset_and_data

REDIS_AWAY: Final = (redis.ConnectionError, redis.TimeoutError, OutOfMemoryError, ReadOnlyError, MasterDownError)
"""What ends by itself, or when an operator has seen to Redis; the view waits."""
KEEPER_MS: Final = 5_000
RESERVED_MS: Final = 60_000
HELD_MS: Final = 5_000
GRACE_MS: Final = 30_000
"""How long a generation stays after its end: readers may know it still."""
SWEEP_KEYS: Final = 1_000
_CONNECT_SECONDS_MAX: Final = 3.0
_ANSWER_SECONDS_MAX: Final = 10.0


class Counts(NamedTuple):
    """What a batch did."""

    rows_applied: int = 0
    rows_skipped: int = 0
    entries_applied: int = 0
    entries_skipped: int = 0


def now_ms() -> int:
    """Return the moment as milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def refusal(error: redis.RedisError) -> ViewError | None:
    """Return what an operator must set right, or None where waiting helps or the program is at fault."""
    if isinstance(error, AuthenticationError | NoPermissionError):
        return ViewError(f"Redis refuses the user of LOYALTY_REDIS_URL: {error}")
    if isinstance(error, ClusterCrossSlotError):
        return ViewError("LOYALTY_REDIS_URL is a Redis Cluster; the view needs one Redis, with replicas if wanted")
    return None


class Store:
    """The view's part of one Redis."""

    def __init__(self, url: str, prefix: str) -> None:
        """Take the address; nothing is connected yet."""
        self.names = Names(prefix)
        self._redis = redis.Redis.from_url(
            url,
            decode_responses=True,
            socket_connect_timeout=_CONNECT_SECONDS_MAX,
            socket_timeout=_ANSWER_SECONDS_MAX,
            retry=Retry(NoBackoff(), 0),  # whoever calls looks first what has become of it
        )
        folder = Path(__file__).parent
        self._apply, self._begin, self._switch = (
            self._redis.register_script((folder / f"{name}.lua").read_text()) for name in ("apply", "begin", "switch")
        )

    def current(self) -> str | None:
        """Return the generation that readers use."""
        return self._text(self._redis.get(self.names.current))

    def building(self) -> str | None:
        """Return the generation that somebody builds."""
        return self._text(self._redis.get(self.names.building))

    def positions(self, generation: str) -> dict[Place, int]:
        """Return the next offset of each place of a generation."""
        found: Any = self._redis.hgetall(self.names.generation(generation).positions)
        return {place_of(text): int(offset) for text, offset in found.items()}

    def source(self, generation: str) -> dict[str, str]:
        """Return which changelog a generation is a copy of."""
        found: Any = self._redis.hgetall(self.names.generation(generation).source)
        return dict(found)

    def complete_until(self, generation: str) -> int | None:
        """Return until when (ms) all that was committed is in a generation."""
        found = self._text(self._redis.hget(self.names.generation(generation).age, "complete_until"))
        return None if found is None else int(found)

    def begin(self, source: dict[str, str]) -> str | None:
        """Reserve a new generation and return its number, or None while another one is built."""
        names = self.names
        found = self._begin([names.current, names.building, names.counter, names.generations], [RESERVED_MS])
        generation = self._text(found)
        if generation is not None:
            own = names.generation(generation)
            self._redis.hset(own.source, items=[part for pair in source.items() for part in pair])
            self._redis.set(own.layout, LAYOUT)
        return generation

    def apply(self, generation: str, batch: Batch, journal_entries: int) -> Counts:
        """Apply a batch, all of it or nothing.

        Raises:
            Retired: The generation is not used, or Redis knows less than the view thought.
            Held: The generation is about to be replaced; try again.

        """
        names, own = self.names, self.names.generation(generation)
        keys = [names.current, names.building, names.held, own.positions, own.age, own.erased]
        keys += [own.organisations, own.deleted]
        answer: Any = self._apply(keys, [batch.pack(generation, journal_entries, now_ms()), RESERVED_MS])
        if answer[0] == "held":
            raise Held
        if answer[0] != "applied":
            raise Retired(answer[0])
        return Counts(*answer[1:])

    def hold(self) -> None:
        """Let the current generation take nothing for a moment."""
        self._redis.set(self.names.held, "1", px=HELD_MS)

    def switch(self, generation: str, places: Collection[Place]) -> bool:
        """Let readers use a generation; False while it is behind the one that they have.

        Raises:
            Retired: It is reserved no more.

        """
        names, own = self.names, self.names.generation(generation)
        keys = [names.current, names.building, names.held, names.generations, own.positions, own.source]
        answer = self._switch(keys, [generation, now_ms(), f"{names.prefix}:", *map(place_text, places)])
        if answer == "retired":
            raise Retired(answer)
        return bool(answer == "switched")

    def keep(self, name: str) -> bool:
        """Tell whether the process of a name is the one that shall keep the view for the next seconds.

        It saves work and guards nothing: what two of them write at once is right as well.
        """
        key = self.names.keeper
        if self._redis.set(key, name, nx=True, px=KEEPER_MS):
            return True
        return self._text(self._redis.get(key)) == name and bool(self._redis.pexpire(key, KEEPER_MS))

    def leave(self, name: str) -> None:
        """Let another process keep the view, at once."""
        if self._text(self._redis.get(self.names.keeper)) == name:
            self._redis.delete(self.names.keeper)

    def rows(self, names: Collection[RowName]) -> list[tuple[int | None, str | None]]:
        """Return offset and data of rows; None where there is none."""
        pipeline = self._redis.pipeline(transaction=False)
        for name in names:
            if name.field is None:
                pipeline.hmget(name.key, ["offset", "data"])
            else:
                pipeline.hget(name.key, name.field)
        return [_offset_and_data(found) for found in pipeline.execute()]

    def sweep(self, cursor: int) -> int:
        """Delete some keys of generations that nobody uses any more; return the cursor to go on with, 0 at the end."""
        names = self.names
        used = {self.current(), self.building()}
        listed: Any = self._redis.zrange(names.generations, 0, -1, withscores=True)
        unused = {number: int(since) for number, since in listed if number not in used}
        for number in (number for number, since in unused.items() if since == 0):  # its builder was killed
            self._redis.zadd(names.generations, {number: now_ms()})
        ended = [number for number, since in unused.items() if 0 < since < now_ms() - GRACE_MS]
        if not ended:
            return 0
        # One at a time, from the oldest: a scan that has come round has met every key that was there all the while.
        found: Any = self._redis.scan(cursor, match=f"{_escaped(names.prefix)}:{ended[0]}:*", count=SWEEP_KEYS)
        cursor, keys = int(found[0]), found[1]
        if keys:
            self._redis.unlink(*keys)
        if cursor == 0:
            self._redis.zrem(names.generations, ended[0])
        return cursor

    def close(self) -> None:
        """Close the connections."""
        self._redis.close()

    @staticmethod
    def _text(found: Any) -> str | None:  # noqa: ANN401 - redis-py types every answer as perhaps awaitable
        return None if found is None else str(found)


def _escaped(prefix: str) -> str:
    return "".join(f"\\{letter}" if letter in "*?[]\\" else letter for letter in prefix)


def _offset_and_data(found: str | list[str | None] | None) -> tuple[int | None, str | None]:
    """Return what a row's hash, or its field of one, says."""
    if isinstance(found, list):
        offset, data = found
        return None if offset is None else int(offset), data
    return (None, None) if found is None else offset_and_data(found)
