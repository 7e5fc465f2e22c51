"""Compare Redis with what the changelog said last, for a bounded sample of keys."""

from collections.abc import Mapping
from random import Random
from typing import Final, NamedTuple

from loyalty_stream.serving.view.batch import RowWrite
from loyalty_stream.serving.view.names import RowName
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
        self._sample: dict[RowName, Newest] = {}
        self._names: list[RowName] = []

    def note(self, rows: Mapping[RowName, RowWrite]) -> None:
        """Take rows that were just applied; sampled ones are always brought up to date."""
        for name, row in rows.items():
            newest = Newest(row.offset, None if row.fields is None else str(row.fields["data"]))
            if name in self._sample:
                self._sample[name] = newest
            elif len(self._names) < SAMPLE_ROWS:
                self._names.append(name)
                self._sample[name] = newest
            elif self._random.random() < 0.01:  # noqa: PLR2004 - so that the sample does not stay what came first
                number = self._random.randrange(SAMPLE_ROWS)
                del self._sample[self._names[number]]
                self._names[number] = name
                self._sample[name] = newest

    def compare(self, store: Store) -> tuple[int, int]:
        """Return how many rows were compared with Redis, and how many of them differ."""
        names = self._random.sample(self._names, min(COMPARED_ROWS, len(self._names)))
        found = store.rows(names) if names else []
        return len(names), sum(_differs(self._sample[name], *row) for name, row in zip(names, found, strict=True))


def _differs(newest: Newest, offset: int | None, data: str | None) -> bool:
    if offset is not None and offset > newest.offset:
        return False  # another process of the view has read further
    return (offset, data) != ((None, None) if newest.data is None else newest)
