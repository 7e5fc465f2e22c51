"""What has happened between customers, and what of it is still under way: transfers and merges."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter

from loyalty_stream.simulate.capillary.customers import Customer
from loyalty_stream.simulate.capillary.world import Program


@dataclass(slots=True, eq=False)
class Transfer:
    """A transfer between two customers of an organisation, in a programme that both are in."""

    id: str
    request_id: str
    sender: Customer
    receiver: Customer
    program: Program
    amount: Decimal


class History:
    """Hold the transfers under way and all merges."""

    def __init__(self, org_ids: Iterable[int]) -> None:
        """Start with nothing."""
        self.transfers: dict[str, Transfer] = {}  # of which one leg is still to come
        self.merged: list[tuple[int, Customer]] = []  # the record's number and the victim
        self.survivors: dict[int, list[Customer]] = {org_id: [] for org_id in org_ids}

    def merges_until(self, number: int) -> int:
        """Return how many merges were made up to a record."""
        return bisect_right(self.merged, number, key=itemgetter(0))

    def unsettled(self, customer: Customer, number: int) -> bool:
        """Tell whether something of a customer's is still under way at a record."""
        return number < customer.settled_number or any(
            customer in (transfer.sender.present, transfer.receiver.present) for transfer in self.transfers.values()
        )

    def between(self, one: Customer, other: Customer) -> bool:
        """Tell whether a transfer between two customers is still under way."""
        pairs = ((transfer.sender.present, transfer.receiver.present) for transfer in self.transfers.values())
        return any(pair in ((one, other), (other, one)) for pair in pairs)
