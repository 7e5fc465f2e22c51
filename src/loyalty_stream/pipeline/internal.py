"""Rows that no domain has: what the pipeline itself keeps of merges, of erasures and of due dates."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from msgspec import Struct, field

from loyalty_stream.domains.customers.derived import KeptTotal
from loyalty_stream.model.domain import Upgrade
from loyalty_stream.model.due import Due
from loyalty_stream.model.events import CanonicalEvent
from loyalty_stream.model.row import ROW_VERSION, Row
from loyalty_stream.model.secrets import id_hash
from loyalty_stream.pipeline.trace import NO_TRACE, Trace


class AliasState(Struct, frozen=True, array_like=True, gc=False):
    """Whom a merged customer went to; kept in the organisation's register of merges."""

    survivor_id: str


class HeldState(Struct, frozen=True, array_like=True, gc=False):
    """How many of a customer's events wait for another customer's state; each has a row of its own."""

    events: int = 0


class WaitingEvent(Struct, frozen=True, array_like=True, gc=False):
    """An event that waits, as the canonical topic holds it, and the trace context of its raw record."""

    value: bytes
    trace: Trace = NO_TRACE


class ErasedState(Struct, frozen=True, array_like=True, gc=False):
    """When the vendor erased a customer, of whom but a hash is left."""

    erased_at: int


class KeptState(Struct, frozen=True, array_like=True, gc=False):
    """What erased customers of one organisation held, by account id: it stays in the programmes' totals."""

    totals: dict[str, KeptTotal] = field(default_factory=dict)


class ClockState(Struct, frozen=True, array_like=True, gc=False):
    """The latest day of a vendor's records on one partition."""

    day: date


class DueState(Struct, frozen=True, array_like=True, gc=False):
    """An entry of the index by date: an entity of a domain has something that falls due then."""

    domain: str
    key: str
    program_id: str


class DueDatesState(Struct, frozen=True, array_like=True, gc=False):
    """The entries that the index by date has of one entity and domain, in their order."""

    entries: tuple[Due, ...]


ALIASES: Final = "aliases"
HELD: Final = "held"
WAITING: Final = "waiting"
ERASED: Final = "erased"
KEPT: Final = "kept"
CLOCK: Final = "clock"
DUE: Final = "due"
DUE_DATES: Final = "due_dates"
INTERNAL_STATES: Final[dict[str, type[Struct]]] = {
    ALIASES: AliasState,
    HELD: HeldState,
    WAITING: WaitingEvent,
    ERASED: ErasedState,
    KEPT: KeptState,
    CLOCK: ClockState,
    DUE: DueState,
    DUE_DATES: DueDatesState,
}
PER_PARTITION: Final = frozenset({KEPT, CLOCK})
"""Of these kinds each partition may have a row of the same key, about its own customers."""
INTERNAL_VERSIONS: Final = dict.fromkeys(INTERNAL_STATES, ROW_VERSION)
INTERNAL_UPGRADES: Final[dict[str, Mapping[int, Upgrade]]] = {}
"""As a domain's `state_version` and `upgrades`."""


def internal_row(kind: str, state: Struct) -> Row[Any]:
    """Return a row of the pipeline's own."""
    return Row(INTERNAL_VERSIONS[kind], 0, b"", state)


def erased_key(event: CanonicalEvent) -> bytes:
    """Return the key of the row that says that an event's customer was erased; it tells nobody who it was."""
    return f"{ERASED}|{id_hash(event.vendor, event.org_id, event.entity_id)}".encode()


def kept_key(event: CanonicalEvent) -> bytes:
    """Return the key of the row of what erased customers held, one for each partition and organisation."""
    return f"{KEPT}|{event.vendor}:{event.org_id}".encode()
