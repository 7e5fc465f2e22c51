"""Compare Redis with what the changelog said last, for a bounded sample of keys."""

from collections.abc import Mapping
from random import Random
from typing import Final, NamedTuple

from loyalty_stream.serving.view.batch import RowWrite
from loyalty_stream.serving.view.store import Store

SAMPLE_ROWS: Final = 1_000
COMPARED_ROWS: Final = 50


class Newest(NamedTuple):
    """A row as the changelog has it; `data` None: it is deleted."""

    offset: int
    data: str | None


class Audit:
    """A sample of the rows that were read, each with its newest state, whoever has written it to Redis."""

    def __init__(self, random: Random | None = None) -> None:
        """Start with an empty sample."""
        self._random = random or Random()  # noqa: S311 - no secret
        self._sample: dict[str, Newest] = {}
        self._keys: list[str] = []

    def note(self, rows: Mapping[str, RowWrite]) -> None:
        """Take rows that were just applied; sampled ones are always brought up to date."""
        for key, row in rows.items():
            newest = Newest(row.offset, None if row.fields is None else str(row.fields["data"]))
            if key in self._sample:
                self._sample[key] = newest
            elif len(self._keys) < SAMPLE_ROWS:
                self._keys.append(key)
                self._sample[key] = newest
            elif self._random.random() < 0.01:  # noqa: PLR2004 - so that the sample does not stay what came first
                number = self._random.randrange(SAMPLE_ROWS)
                del self._sample[self._keys[number]]
                self._keys[number] = key
                self._sample[key] = newest

    def compare(self, store: Store) -> tuple[int, int]:
        """Return how many rows were compared with Redis, and how many of them differ."""
        keys = self._random.sample(self._keys, min(COMPARED_ROWS, len(self._keys)))
        found = store.rows(keys) if keys else []
        return len(keys), sum(_differs(self._sample[key], *row) for key, row in zip(keys, found, strict=True))


def _differs(newest: Newest, offset: int | None, data: str | None) -> bool:
    if offset is not None and offset > newest.offset:
        return False  # another process of the view has read further
    return (offset, data) != ((None, None) if newest.data is None else newest)
