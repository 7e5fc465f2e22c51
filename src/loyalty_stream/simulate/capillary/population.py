"""Who the simulated customers are: each comes to be when first met, and after a merge goes on as the survivor."""

from typing import Final

from loyalty_stream.simulate.account import ZERO
from loyalty_stream.simulate.capillary.customers import Customer
from loyalty_stream.simulate.capillary.world import Json, Org, make_orgs
from loyalty_stream.simulate.draw import Draw
from loyalty_stream.simulate.options import SimulationOptions
from loyalty_stream.simulate.vendor_account import VendorAccount

FIRST_CUSTOMER_ID: Final = 4_100_000
_SECOND_PROGRAM_SHARE: Final = 0.3


class Population:
    """Know all customers; each comes to be when it is first met."""

    def __init__(self, options: SimulationOptions, draw: Draw) -> None:
        """Lay out the organisations; customer numbers start anew in each, so that ids occur in several."""
        self.orgs = make_orgs(options.orgs)
        self._options = options
        self._draw = draw
        self._known: dict[int, Customer] = {}
        self._silent: dict[int, list[Customer]] = {org.id: [] for org in self.orgs}
        self._erased = {org.id: 0 for org in self.orgs}

    def choose(self) -> Customer:
        """Return some customer, the low numbers more often than the high ones; a merged one is the survivor."""
        while True:
            customer = self._get(int(self._options.customers * self._draw.unit() ** self._options.skew))
            if not customer.erased:
                return customer

    def choose_beside(self, customer: Customer) -> Customer:
        """Return some customer of the same organisation, all alike; it may be the same one."""
        orgs = self._options.orgs
        peers = self._peers(customer)
        while True:
            peer = self._get(customer.index % orgs + orgs * self._draw.between(0, peers - 1))
            if not peer.erased:
                return peer

    def choose_silent(self, org: Org) -> Customer | None:
        """Return some customer of an organisation whose events carry no totals, if one is known."""
        silent = self._silent[org.id]
        return self._draw.pick(silent) if silent else None

    def erase(self, customer: Customer) -> bool:
        """Let a customer be gone, unless half of the organisation's are gone already; return whether they are."""
        erased = self._erased[customer.org.id] + 1
        if 2 * erased > self._peers(customer):
            return False
        self._erased[customer.org.id] = erased
        customer.erased = True
        return True

    def currency_account(self, customer: Customer, program_id: int, currency: str) -> VendorAccount:
        """Return a customer's account in an alternate currency; no units were promised before our stream."""
        place = (program_id, currency)
        account = customer.currencies.get(place)
        if account is None:
            account = customer.currencies[place] = self._open_account(silent=customer.silent)
            account.pending = ZERO
        return account

    def _peers(self, customer: Customer) -> int:
        orgs = self._options.orgs
        return (self._options.customers - 1 - customer.index % orgs) // orgs + 1

    def _get(self, index: int) -> Customer:
        customer = self._known.get(index)
        if customer is None:
            customer = self._known[index] = self._make(index)
            if customer.silent:
                self._silent[customer.org.id].append(customer)
        return customer if customer.survivor is None else customer.present

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
        silent = draw.chance(options.group_share)
        programs = org.programs if draw.chance(_SECOND_PROGRAM_SHARE) else org.programs[:1]
        return Customer(
            index=index,
            org=org,
            id=customer_id,
            key=f"{options.dialect}:{org.id}:{customer_id}",
            mobile=mobile,
            identifiers={"customerId": customer_id, "instore": instore},
            programs=programs,
            accounts={program.id: self._open_account(silent=silent) for program in programs},
            silent=silent,
        )

    def _open_account(self, *, silent: bool) -> VendorAccount:
        draw = self._draw
        account = VendorAccount(silent=silent)
        if draw.chance(self._options.opening_share):
            account.opened = True
            account.active = draw.amount(50, 4_000)
            account.lifetime = account.active + draw.amount(0, 9_000)
            account.pending = draw.amount(5, 200) if draw.chance(0.3) else ZERO
        if draw.chance(self._options.drift_share):
            account.drift = draw.amount(1, 50)
            account.drift_lifetime = draw.amount(1, 50) if draw.chance(0.5) else ZERO
        return account
