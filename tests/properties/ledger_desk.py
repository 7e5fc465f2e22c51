"""The vendor's delivery desk: records wait here, each customer's in its order, until they are delivered."""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from loyalty_stream.model.keys import entity_key, partition_of
from loyalty_stream.pipeline.config import PipelineConfig
from tests.helpers.flow import TIMESTAMP
from tests.helpers.lazy_flow import Handed, LazyFlow
from tests.properties.ledger_model import Books, Effect, Transfers
from tests.properties.ledger_records import Event, again, bytes_of

PARTITIONS = 3
CONFIG = PipelineConfig(partitions=PARTITIONS, output_format="json", dead_letter_limit=1, dedup_window=4096)
CUSTOMERS = ("5001", "5002", "5003", "5004", "5005")


class Mode(Enum):
    """Which reorderings keep the final answer determined, and so which are tried together.

    SUMMARIES: each merge has the vendor's whole summary, which holds whatever is late. SUMS: no merge has one, and no
    record has totals or promised points, so that all is a sum and order means nothing. CALM: a merge without a whole
    summary comes after everything of its victim, and totals and promised points hold all the same.
    """

    SUMMARIES = "summaries"
    SUMS = "sums"
    CALM = "calm"


class Leg(NamedTuple):
    """The part of a transfer that a record tells."""

    transfer: str
    direction: str
    amount: Decimal


@dataclass
class Made:
    """A record on its way: whose queue it stands in, and what it will have done once it is applied."""

    customer: str
    event: Event
    effects: list[Effect] = field(default_factory=list)
    leg: Leg | None = None
    kind: str = "points"  # or merge, erasure, conflict, refused
    after: list[str] = field(default_factory=list)  # whose queues must be empty first


class Desk:
    """Delivers records to the pipeline and keeps what must have become of them."""

    def __init__(self, books: Books, picks: tuple[int, ...], strays: frozenset[str]) -> None:
        self.books = books
        self.flow = LazyFlow(CONFIG)
        self.picks = picks
        self.strays = strays  # whose producer keys records by something else
        self.queues: dict[str, deque[Made]] = defaultdict(deque)
        self.delivered: list[Made] = []
        self.transfers = Transfers()
        self.reasons: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        self.erased: set[str] = set()
        self.handed = 0
        self.applied = 0
        self.conflicts = 0
        self.refused = 0
        self.days = 0

    def put(self, made: Made) -> None:
        self.queues[made.customer].append(made)

    def drain(self) -> None:
        self.flow.drain(self.picks)

    def idle(self) -> bool:
        return not self.flow.lanes

    def deliver(self, customer: str) -> None:
        """Deliver the first record of a customer's queue, after what must come before it."""
        made = self.queues[customer].popleft()
        for member in made.after:
            self.deliver_all(member)
        if made.after or made.kind == "erasure":
            self.drain()
        self.hand_in(made)
        if made.kind == "erasure":
            self.drain()
            self.erased.add(customer)

    def deliver_all(self, customer: str) -> None:
        while self.queues[customer]:
            self.deliver(customer)

    def settle(self) -> None:
        """Deliver everything, in an order that is drawn as far as queues leave it open, and process all of it."""
        at = 0
        while waiting := [customer for customer in CUSTOMERS if self.queues[customer]]:
            self.deliver(waiting[self.picks[at % len(self.picks)] % len(waiting)])
            at += 1
        self.drain()

    def hand_in(self, made: Made) -> None:
        """Deliver a record for the first time, and note what must become of it."""
        ignored = self.is_erased(made.customer)
        self._send(made, made.event)
        if made.kind == "refused":
            self.refused += 1
        elif made.kind == "conflict":
            self.conflicts += not ignored
        elif not ignored:
            self.delivered.append(made)
            self.applied += 1
            for effect in made.effects:
                self.reasons[effect.program, effect.reason] += effect.active
            if made.leg is not None:
                self.transfers.reached(*made.leg)

    def hand_in_again(self, made: Made, *, exact: bool) -> None:
        """Deliver a record that was delivered before."""
        self._send(made, made.event if exact else again(made.event, self.handed))

    def is_erased(self, customer: str) -> bool:
        """Return whether an erasure of a customer, or of whom this one was merged into, was delivered."""
        return self.books.now(customer) in self.erased

    def _send(self, made: Made, event: Event) -> None:
        home = partition_of(entity_key("capillary", "9300", made.customer).encode(), PARTITIONS)
        partition = (home + 1) % PARTITIONS if made.customer in self.strays else home
        self.handed += 1
        timestamp = TIMESTAMP + self.handed * 1000 + self.days * 90_000_000
        self.flow.hand_in(Handed(bytes_of(event), partition, timestamp))
