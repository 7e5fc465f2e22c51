"""The simulated customers, as the vendor knows them: what they have and what can still happen to it."""

from dataclasses import dataclass, field
from decimal import Decimal

from loyalty_stream.simulate.account import ZERO
from loyalty_stream.simulate.capillary.world import Json, Org, Program, Streak
from loyalty_stream.simulate.clock import Clock
from loyalty_stream.simulate.vendor_account import VendorAccount


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
    inherited: bool = False  # from a merged customer


@dataclass(slots=True)
class Issual:
    """A promotion issued to a customer, with what was earned on it and not revoked."""

    id: int
    program_id: int
    promotion_index: int
    earned: list[int] = field(default_factory=list)


@dataclass(slots=True)
class CurrencyIssue:
    """Units of an alternate currency of one bill that a return can still take back."""

    program: Program
    currency: str
    bill_id: int
    regular: Decimal
    promotions: list[tuple[str, Decimal]]
    promised: Decimal


@dataclass(slots=True)
class TargetRun:
    """One period of a target that a customer takes part in."""

    target: Streak
    period_id: int
    defined: Decimal
    achieved: Decimal = ZERO
    met: bool = False


@dataclass(slots=True)
class Request:
    """A request about a customer that nobody has decided on yet."""

    id: str
    kind: str
    subject: Json  # what is asked for


@dataclass(slots=True, eq=False)
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
    clock: Clock = field(default_factory=Clock)
    currencies: dict[tuple[int, str], VendorAccount] = field(default_factory=dict)  # by programme and currency
    issuances: list[Issuance] = field(default_factory=list)
    currency_issues: list[CurrencyIssue] = field(default_factory=list)
    redemptions: list[Redemption] = field(default_factory=list)
    tiers: dict[int, int] = field(default_factory=dict)
    shared_tier_event: tuple[str, str] | None = None  # name and id of a tier event whose id another name may share
    coupons: list[int] = field(default_factory=list)
    early_coupons: list[int] = field(default_factory=list)  # redeemed before they were issued
    streaks: list[StreakRun] = field(default_factory=list)
    issuals: list[Issual] = field(default_factory=list)
    targets: list[TargetRun] = field(default_factory=list)
    targets_made: int = 0
    transactions: list[int] = field(default_factory=list)  # whose status can still change
    transactions_made: int = 0
    partners: dict[int, bool] = field(default_factory=dict)  # partner programme: whether linked
    requests: list[Request] = field(default_factory=list)
    added: bool = False
    silent: bool = False  # no event of theirs carries totals
    survivor: "Customer | None" = None  # whom they were merged into
    erased: bool = False
    settled_number: int = 0  # of the record from which on nothing of theirs is under way
    chain: int = 1  # customers in the longest chain of merges that ends here

    @property
    def living(self) -> bool:
        """Whether events of this customer are still made."""
        return self.survivor is None and not self.erased

    @property
    def present(self) -> "Customer":
        """Who this customer is by now: the survivor of the last merge, chains included."""
        customer = self
        while customer.survivor is not None:
            customer = customer.survivor
        return customer
