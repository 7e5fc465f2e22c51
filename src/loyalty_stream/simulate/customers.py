"""The simulated customers, as the vendor knows them: what they have and what can still happen to it."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from loyalty_stream.simulate.answer import ZERO, Account, Move, Totals
from loyalty_stream.simulate.draw import Draw
from loyalty_stream.simulate.options import SimulationOptions
from loyalty_stream.simulate.world import Json, Org, Program, Streak, make_orgs

FIRST_CUSTOMER_ID: Final = 4_100_000
DRIFT_FIRST_EVENT: Final = 6  # of an account: a drift lasts from here
DRIFT_LAST_EVENT: Final = 14  # to here, then closes
_TOTAL_LEFT_OUT_SHARE: Final = 0.04
_SECOND_PROGRAM_SHARE: Final = 0.3


@dataclass(slots=True)
class VendorAccount:
    """The vendor's own balances, history from before our stream included."""

    active: Decimal = ZERO
    pending: Decimal = ZERO
    lifetime: Decimal = ZERO
    events: int = 0
    drift: Decimal = ZERO  # what its current total is wrong by, for a while
    drift_lifetime: Decimal = ZERO

    def book(self, move: Move) -> None:
        """Apply a move to the vendor's balances."""
        self.active += move.active
        self.pending = max(ZERO, self.pending + move.pending)
        self.lifetime += move.lifetime
        self.events += 1

    def totals(self, ours: Account, draw: Draw, *, with_lifetime: bool) -> Totals:
        """Return the totals that an event carries: each is left out now and then, and wherever it is negative."""
        drifting = DRIFT_FIRST_EVENT <= self.events <= DRIFT_LAST_EVENT
        current: Decimal | None = self.active + (self.drift if drifting and ours.active_baselined else ZERO)
        if current is None or current < ZERO or draw.chance(_TOTAL_LEFT_OUT_SHARE):
            current = None
        if not with_lifetime:
            return Totals(current)
        lifetime: Decimal | None = self.lifetime
        if drifting and ours.lifetime_baselined:
            lifetime = self.lifetime + self.drift_lifetime
        if lifetime is None or lifetime < ZERO or draw.chance(_TOTAL_LEFT_OUT_SHARE):
            lifetime = None
        return Totals(current, lifetime)


@dataclass(slots=True)
class Issuance:
    """Points of one bill that a return can still take back."""

    program: Program
    bill_id: int
    regular: Decimal
    promotions: list[tuple[str, Decimal]]
    promised: Decimal
    reversed_regular: Decimal = ZERO
    reversed_promised: Decimal = ZERO


@dataclass(slots=True)
class Redemption:
    """A redemption of which something can still be reversed."""

    id: str
    summary_id: int
    parts: list[tuple[Program, Decimal]]


@dataclass(slots=True)
class StreakRun:
    """One cycle of a streak that a customer takes part in."""

    streak: Streak
    period_id: int
    cycle: int
    user_streak_id: int
    value: int = 0
    started: bool = False
    start_event_id: str | None = None


@dataclass(slots=True)
class Issual:
    """A promotion issued to a customer, with what was earned on it and not revoked."""

    id: int
    program_id: int
    promotion_index: int
    earned: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Customer:
    """One customer of one organisation."""

    index: int
    org: Org
    id: int
    key: str
    mobile: str
    identifiers: Json
    programs: tuple[Program, ...]
    accounts: dict[int, VendorAccount]
    issuances: list[Issuance] = field(default_factory=list)
    redemptions: list[Redemption] = field(default_factory=list)
    tiers: dict[int, int] = field(default_factory=dict)
    shared_tier_event: tuple[str, str] | None = None  # name and id of a tier event whose id another name may share
    coupons: list[int] = field(default_factory=list)
    early_coupons: list[int] = field(default_factory=list)  # redeemed before they were issued
    streaks: list[StreakRun] = field(default_factory=list)
    issuals: list[Issual] = field(default_factory=list)


class Population:
    """Know all customers; each comes to be when it is first met."""

    def __init__(self, options: SimulationOptions, draw: Draw) -> None:
        """Lay out the organisations; customer numbers start anew in each, so that ids occur in several."""
        self.orgs = make_orgs(options.orgs)
        self._options = options
        self._draw = draw
        self._known: dict[int, Customer] = {}

    def choose(self) -> Customer:
        """Return some customer, the low numbers more often than the high ones."""
        return self._get(int(self._options.customers * self._draw.unit() ** self._options.skew))

    def choose_beside(self, customer: Customer) -> Customer:
        """Return some customer of the same organisation, all alike."""
        orgs = self._options.orgs
        peers = (self._options.customers - 1 - customer.index % orgs) // orgs + 1
        return self._get(customer.index % orgs + orgs * self._draw.between(0, peers - 1))

    def _get(self, index: int) -> Customer:
        customer = self._known.get(index)
        if customer is None:
            customer = self._known[index] = self._make(index)
        return customer

    def _make(self, index: int) -> Customer:
        draw, options = self._draw, self._options
        org = self.orgs[index % options.orgs]
        customer_id = FIRST_CUSTOMER_ID + index // options.orgs
        mobile = f"91{index + 1:010d}"
        instore: Json = {"mobile": mobile}
        if draw.chance(0.6):
            instore["email"] = f"member{index + 1}@example.com"
        if draw.chance(0.3):
            instore["externalId"] = f"EXT-{index + 1:08d}"
        programs = org.programs if draw.chance(_SECOND_PROGRAM_SHARE) else org.programs[:1]
        return Customer(
            index=index,
            org=org,
            id=customer_id,
            key=f"{options.vendor}:{org.id}:{customer_id}",
            mobile=mobile,
            identifiers={"customerId": customer_id, "instore": instore},
            programs=programs,
            accounts={program.id: self._open_account() for program in programs},
        )

    def _open_account(self) -> VendorAccount:
        draw = self._draw
        account = VendorAccount()
        if draw.chance(self._options.opening_share):
            account.active = draw.amount(50, 4_000)
            account.lifetime = account.active + draw.amount(0, 9_000)
            account.pending = draw.amount(5, 200) if draw.chance(0.3) else ZERO
        if draw.chance(self._options.drift_share):
            account.drift = draw.amount(1, 50)
            account.drift_lifetime = draw.amount(1, 50) if draw.chance(0.5) else ZERO
        return account
