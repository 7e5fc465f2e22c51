"""Who the simulated customers are: each comes to be when first met."""

from decimal import Decimal
from typing import Final

from loyalty_stream.simulate.account import ZERO
from loyalty_stream.simulate.draw import Draw
from loyalty_stream.simulate.options import SimulationOptions
from loyalty_stream.simulate.vendor_account import VendorAccount
from loyalty_stream.simulate.voucherify.customers import Card, Customer, Voucher, Waiting
from loyalty_stream.simulate.voucherify.world import Campaign, make_projects

_SECOND_CARD_SHARE: Final = 0.3


class Population:
    """Know all customers of all projects."""

    def __init__(self, options: SimulationOptions, draw: Draw) -> None:
        """Lay out the projects; customer numbers start anew in each, so that ids occur in several."""
        self.projects = make_projects(options.orgs)
        self._options = options
        self._draw = draw
        self._known: dict[int, Customer] = {}
        self._erased = {project.id: 0 for project in self.projects}

    def choose(self) -> Customer:
        """Return some customer, the low numbers more often than the high ones."""
        while True:
            customer = self._get(int(self._options.customers * self._draw.unit() ** self._options.skew))
            if not customer.erased:
                return customer

    def choose_beside(self, customer: Customer) -> Customer:
        """Return some customer of the same project, all alike; it may be the same one."""
        orgs = self._options.orgs
        while True:
            peer = self._get(customer.index % orgs + orgs * self._draw.between(0, self._peers(customer) - 1))
            if not peer.erased:
                return peer

    def erase(self, customer: Customer) -> bool:
        """Let a customer be gone, unless half of the project's are gone already; return whether they are."""
        erased = self._erased[customer.project.id] + 1
        if 2 * erased > self._peers(customer):
            return False
        self._erased[customer.project.id] = erased
        customer.erased = True
        return True

    def _peers(self, customer: Customer) -> int:
        orgs = self._options.orgs
        return (self._options.customers - 1 - customer.index % orgs) // orgs + 1

    def _get(self, index: int) -> Customer:
        customer = self._known.get(index)
        if customer is None:
            customer = self._known[index] = self._make(index)
        return customer

    def _make(self, index: int) -> Customer:
        draw, orgs = self._draw, self._options.orgs
        project = self.projects[index % orgs]
        customer_id = f"cust_{1_000_000 + index // orgs}"
        first = draw.between(0, len(project.loyalty) - 1)
        count = 2 if draw.chance(_SECOND_CARD_SHARE) else 1
        return Customer(
            index=index,
            project=project,
            id=customer_id,
            key=f"{self._options.dialect}:{project.id}:{customer_id}",
            phone=f"4670{index + 1:08d}",
            cards=[self._make_card(project.loyalty[(first + place) % len(project.loyalty)]) for place in range(count)],
        )

    def _make_card(self, campaign: Campaign) -> Card:
        draw = self._draw
        voucher = Voucher(f"v_{draw.hex(16)}", f"CARD-{draw.hex(8).upper()}", "card", campaign)
        card = Card(voucher, campaign, VendorAccount())
        account = card.account
        if draw.chance(self._options.opening_share):
            account.opened = True
            account.active = Decimal(draw.between(50, 4_000))
            account.lifetime = account.active + draw.between(0, 9_000)
            if draw.chance(0.3):
                waiting = Waiting(f"lopp_{draw.hex(12)}", draw.between(5, 200))
                account.pending = Decimal(waiting.points)
                card.waiting.append(waiting)
        if draw.chance(self._options.drift_share):
            account.drift = Decimal(draw.between(1, 50))
            account.drift_lifetime = Decimal(draw.between(1, 50)) if draw.chance(0.5) else ZERO
        return card
