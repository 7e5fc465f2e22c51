"""Keep the events of a customer who waits for another's state, in order, each in a row of its own."""

from loyalty_stream.model.row import row_key
from loyalty_stream.pipeline.internal import HELD, WAITING, HeldState, WaitingEvent, internal_row
from loyalty_stream.pipeline.rows import RowCache
from loyalty_stream.pipeline.table import AnyRow
from loyalty_stream.pipeline.trace import Trace

Rows = RowCache[AnyRow]


def hold(key: str, value: bytes, trace: Trace, rows: Rows) -> None:
    """Keep an event of a customer, after those that wait already; `value` is as the canonical topic holds it."""
    held = row_key(HELD, key)
    row = rows.get(held)
    number = 0 if row is None else row.state.events
    rows.put(_place(key, number), internal_row(WAITING, WaitingEvent(value, trace)))
    rows.put(held, internal_row(HELD, HeldState(number + 1)))


def release(key: str, rows: Rows) -> tuple[WaitingEvent, ...]:
    """Return the events that waited, in their order, and keep them no longer."""
    held = row_key(HELD, key)
    row = rows.get(held)
    if row is None:
        return ()
    rows.put(held, None)
    return tuple(_taken(_place(key, number), rows) for number in range(row.state.events))


def _taken(place: bytes, rows: Rows) -> WaitingEvent:
    row = rows.get(place)
    if row is None:
        raise LookupError("an event that waited for a merge is not there")
    rows.put(place, None)
    event: WaitingEvent = row.state
    return event


def _place(key: str, number: int) -> bytes:
    return row_key(WAITING, f"{key}|{number}")
