"""Where the vendor's totals disagree, ours stay, and each new difference and its end are reported once."""

from decimal import Decimal
from itertools import product

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.helpers.strategies import amounts
from tests.properties.ledger_audit import Auditor, accounts_of
from tests.properties.ledger_desk import Desk, Made
from tests.properties.ledger_model import PROGRAMS, ZERO, Books
from tests.properties.ledger_records import Event, Scribe

CUSTOMERS = ("5001", "5002")
AMOUNTS = amounts(1_000)
OFF = st.none() | st.sampled_from([ZERO, Decimal("0.5"), Decimal(-3)])
customers = st.sampled_from(CUSTOMERS)
programs = st.sampled_from(PROGRAMS)
Place = tuple[str, str, str]


class Drift(RuleBasedStateMachine):
    """A vendor whose totals are off by this or that; the first total of an account is taken for what it held before."""

    def __init__(self) -> None:
        super().__init__()
        self.books = Books()
        self.scribe = Scribe()
        self.desk = Desk(self.books, (0,), frozenset())
        self.auditor = Auditor()
        self.adopted: dict[Place, Decimal] = {}
        self.reported: dict[Place, Decimal] = {}
        self.expected: list[tuple[str, str, Decimal, Decimal, Decimal]] = []

    @rule(customer=customers, program=programs, amount=AMOUNTS, active_off=OFF, lifetime_off=OFF)
    def issue(
        self, customer: str, program: str, amount: Decimal, active_off: Decimal | None, lifetime_off: Decimal | None
    ) -> None:
        self.books.issue(customer, program, amount, ZERO)
        held = self.books.held[customer][program]
        data = {
            "loyaltyProgramId": int(program),
            "regularPointsIssued": amount,
            "programCurrentPoints": self._told((customer, program, "active"), held.active, active_off),
            "programLifetimePoints": self._told((customer, program, "lifetime"), held.lifetime, lifetime_off),
        }
        self._deliver("pointsIssued", customer, data)

    @rule(customer=customers, program=programs, amount=AMOUNTS, off=OFF)
    def redeem(self, customer: str, program: str, amount: Decimal, off: Decimal | None) -> None:
        self.books.take(customer, [(program, amount)], "redeemed")
        total = self._told((customer, program, "active"), self.books.held[customer][program].active, off)
        part = {"programId": int(program), "pointsRedeemed": amount, "programCurrentPoints": total}
        data = {"loyaltyProgramId": int(program), "redemptionFromEarningPrograms": [part]}
        self._deliver("pointsRedeemed", customer, data)

    @rule(customer=customers, program=programs, amount=AMOUNTS)
    def expire(self, customer: str, program: str, amount: Decimal) -> None:
        self.books.take(customer, [(program, amount)], "expired")
        self._deliver("pointsExpired", customer, {"loyaltyProgramId": int(program), "pointsExpired": amount})

    @invariant()
    def each_new_difference_is_reported_once_and_so_is_its_end(self) -> None:
        self.auditor.read(self.desk.flow)
        self.auditor.compare(self.desk.flow)
        told = [
            (kind, data["field"], *(Decimal(data[name]) for name in ("ours", "theirs", "difference")))
            for kind, data in self.auditor.drift
        ]
        assert told == self.expected

    @invariant()
    def ours_never_follow_theirs(self) -> None:
        found = accounts_of(self.desk.flow)
        for customer, program in product(CUSTOMERS, PROGRAMS):
            held = self.books.held[customer][program]
            ours = (
                held.active + self.adopted.get((customer, program, "active"), ZERO),
                held.pending,
                held.lifetime + self.adopted.get((customer, program, "lifetime"), ZERO),
            )
            assert found.get((customer, program), (ZERO, ZERO, ZERO)) == ours

    def _told(self, place: Place, held: Decimal, off: Decimal | None) -> Decimal | None:
        """Return the total that the vendor tells, and note what must come of it."""
        if off is None:
            return None
        if place not in self.adopted:
            self.adopted[place] = off
            return held + off
        difference = off - self.adopted[place]
        if difference != self.reported.get(place, ZERO):
            self.reported[place] = difference
            kind = "BalanceDriftDetected" if difference else "BalanceDriftResolved"
            self.expected.append((kind, place[2], held + self.adopted[place], held + off, difference))
        return held + off

    def _deliver(self, name: str, customer: str, data: Event) -> None:
        self.desk.hand_in(Made(customer, self.scribe.about(name, customer, data)))


TestDrift = Drift.TestCase
