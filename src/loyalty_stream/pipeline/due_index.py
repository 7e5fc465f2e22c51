"""The index by date of what falls due: which entities have something on a day.

An entry is a row of its own, so that those of one day stand together in the table. Each entity has a row besides with
all of its entries: that tells what to delete when its dates have changed, or when it is erased.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from loyalty_stream.model.due import Due
from loyalty_stream.model.row import row_key
from loyalty_stream.pipeline.internal import DUE, DUE_DATES, DueDatesState, DueState, internal_row
from loyalty_stream.pipeline.rows import RowCache
from loyalty_stream.pipeline.table import AnyRow

Rows = RowCache[AnyRow]


class Entry(NamedTuple):
    """Something that falls due: of an entity of a domain, in a programme, on a day."""

    domain: str
    key: str
    program_id: str
    day: date

    @property
    def row_key(self) -> bytes:
        """The key of the entry's row."""
        vendor = self.key.partition(":")[0]
        return row_key(DUE, f"{vendor}|{self.day.isoformat()}|{self.domain}|{self.key}|{self.program_id}")


def index(domain: str, key: str, wanted: frozenset[Due], rows: Rows) -> None:
    """Let an entity have these entries and no others."""
    there = _entries_of(domain, key, rows)
    if wanted == there:
        return
    for program_id, day in sorted(there - wanted):
        rows.put(Entry(domain, key, program_id, day).row_key, None)
    for program_id, day in sorted(wanted - there):
        entry = Entry(domain, key, program_id, day)
        rows.put(entry.row_key, internal_row(DUE, DueState(domain, key, program_id)))
    entries = internal_row(DUE_DATES, DueDatesState(tuple(sorted(wanted)))) if wanted else None
    rows.put(_entries_key(domain, key), entries)


def forget(entry: Entry, rows: Rows) -> None:
    """Delete an entry."""
    domain, key, program_id, day = entry
    index(domain, key, _entries_of(domain, key, rows) - {(program_id, day)}, rows)


def forget_entity(domain: str, key: str, rows: Rows) -> None:
    """Delete all entries of an entity."""
    index(domain, key, frozenset(), rows)


def entries_on(vendor: str, prefix: str, rows: Rows, after: bytes = b"") -> Iterator[Entry]:
    """Yield a vendor's entries of the days whose ISO texts begin with a prefix, in their order, after a row's key."""
    for found in rows.scan(row_key(DUE, f"{vendor}|{prefix}"), after):
        row = rows.get(found)
        if row is not None:
            day = date.fromisoformat(found.split(b"|", 3)[2].decode())
            yield Entry(row.state.domain, row.state.key, row.state.program_id, day)


def _entries_of(domain: str, key: str, rows: Rows) -> frozenset[Due]:
    row = rows.get(_entries_key(domain, key))
    return frozenset() if row is None else frozenset(row.state.entries)


def _entries_key(domain: str, key: str) -> bytes:
    return row_key(DUE_DATES, f"{domain}|{key}")
