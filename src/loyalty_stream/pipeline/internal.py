"""Rows that no domain has: what the pipeline itself keeps of merges, of erasures, of programmes and of due dates."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct, field

from loyalty_stream.domains.customers.derived import KeptTotal
from loyalty_stream.model.amounts import ZERO
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


class TotalsState(Struct, frozen=True, array_like=True, gc=False):
    """What the accounts of one programme and currency come to, of the living customers of one partition.

    `accounts` counts those that hold anything, `drifting` those that differ from what the vendor says. `moved` has what
    active balances have changed by since the beginning, those of erased and merged customers too, by the reason of
    BalanceChanged: above 0 where more was given than taken. `ratio` is what a point is worth in money, as the vendor
    said last, at `ratio_at` in ms by its own time. Programmes are told apart as `pipeline/totals.py` says.
    """

    program_id: str
    currency: str
    active: Decimal = ZERO
    pending: Decimal = ZERO
    lifetime: Decimal = ZERO
    accounts: int = 0
    drifting: int = 0
    moved: dict[str, Decimal] = field(default_factory=dict)
    ratio: Decimal | None = None
    ratio_at: int = 0


class ExpiringState(Struct, frozen=True, array_like=True, gc=False):
    """What the lots of one programme and currency hold that expire in one month (`2027-03`), by the day of it."""

    program_id: str
    currency: str
    month: str
    amounts: dict[int, Decimal] = field(default_factory=dict)


class MembersState(Struct, frozen=True, array_like=True, gc=False):
    """How many customers of one partition hold which tier of one programme."""

    program_id: str
    tiers: dict[str, int] = field(default_factory=dict)


class ClockState(Struct, frozen=True, array_like=True, gc=False):
    """The latest day of a vendor's records on one partition.

    While that day passes, `before` is the day that was the latest until then, and what is near was looked at up to the
    row `after`.
    """

    day: date
    before: date | None = None
    after: bytes = b""


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
TOTALS: Final = "totals"
EXPIRING: Final = "expiring"
MEMBERS: Final = "members"
CLOCK: Final = "clock"
DUE: Final = "due"
DUE_DATES: Final = "due_dates"
INTERNAL_STATES: Final[dict[str, type[Struct]]] = {
    ALIASES: AliasState,
    HELD: HeldState,
    WAITING: WaitingEvent,
    ERASED: ErasedState,
    KEPT: KeptState,
    TOTALS: TotalsState,
    EXPIRING: ExpiringState,
    MEMBERS: MembersState,
    CLOCK: ClockState,
    DUE: DueState,
    DUE_DATES: DueDatesState,
}
OF_PROGRAMS: Final = frozenset({TOTALS, EXPIRING, MEMBERS})
"""What programmes come to: sums over the rows of the customers of a partition (totals.py)."""
PER_PARTITION: Final = OF_PROGRAMS | {KEPT, CLOCK}
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
