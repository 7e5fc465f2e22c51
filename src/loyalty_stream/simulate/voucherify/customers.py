"""The simulated customers, as the vendor knows them: their cards, their vouchers, what can still happen to these."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from loyalty_stream.simulate.clock import Clock
from loyalty_stream.simulate.vendor_account import VendorAccount
from loyalty_stream.simulate.voucherify.world import Campaign, Json, Project

Kind = Literal["coupon", "gift", "card"]


@dataclass(slots=True)
class Waiting:
    """Points that wait to be activated."""

    id: str
    points: int


@dataclass(slots=True, eq=False)
class Voucher:
    """A coupon, a gift card or a loyalty card; one without a campaign stands alone.

    `amount` is all credits of a gift card and `balance` what is left of them, in minor units.
    """

    id: str
    code: str
    kind: Kind
    campaign: Campaign | None
    discount: Json | None = None
    amount: int = 0
    balance: int = 0
    expiration_date: str | None = None
    redeemed: int = 0
    is_published: bool = False

    @property
    def program_id(self) -> str:
        """The id of the account that its credits or points are in."""
        return self.id if self.campaign is None else self.campaign.id

    def worth(self) -> tuple[str, Decimal]:
        """Return what a coupon or gift card is worth: the vendor's word for the kind of it, and the number."""
        if self.discount is None:
            return "GIFT", Decimal(self.amount)
        numbers = ("percent_off", "amount_off", "unit_off", "fixed_amount")
        return self.discount["type"], next(Decimal(self.discount[name]) for name in numbers if name in self.discount)


@dataclass(slots=True)
class Redemption:
    """A redemption that can still be rolled back; `amount` is points or credits, 0 of a coupon."""

    id: str
    voucher: Voucher
    amount: int
    fields: Json


@dataclass(slots=True, eq=False)
class Card:
    """A customer's loyalty card of one campaign, with the vendor's balances."""

    voucher: Voucher
    campaign: Campaign
    account: VendorAccount
    waiting: list[Waiting] = field(default_factory=list)
    tier: int | None = None


@dataclass(slots=True, eq=False)
class Customer:
    """One customer of one project."""

    index: int
    project: Project
    id: str
    key: str
    phone: str
    cards: list[Card]
    clock: Clock = field(default_factory=Clock)
    vouchers: list[Voucher] = field(default_factory=list)
    redemptions: list[Redemption] = field(default_factory=list)
    under_way: int = 0  # what will still happen between them and others
    is_created: bool = False
    erased: bool = False
