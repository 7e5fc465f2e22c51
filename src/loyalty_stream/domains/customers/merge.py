"""Merge what is kept of two customers.

Both ids name one customer from now on: `merged` remembers the victim's, and with it all that were merged into it.
Transactions carry no time here, so the newest of both are those that are nearest to the end of their own side.
Of segments and consents that both speak of, the later word holds, and of equally late ones the survivor's.
Source: loyaltyCustomerMerge in https://docs.capillarytech.com/docs/event-schema-payload.
"""

from itertools import chain, zip_longest
from operator import add
from typing import Final

from msgspec.structs import replace

from loyalty_stream.domains.customers.events import CustomersMerged
from loyalty_stream.domains.customers.state import TRANSACTIONS_MAX, CustomersState, Standing, Transaction
from loyalty_stream.model.events import CanonicalEvent, EventBody
from loyalty_stream.model.merge import CustomerMerge, MergeRules, known, leave_silently, united
from loyalty_stream.model.outcome import Applied


def absorb(
    survivor: CustomersState, victim: CustomersState, _event: CanonicalEvent, merge: CustomerMerge
) -> Applied[CustomersState]:
    """Give the survivor what is kept of both, the earlier profile, and the victim's id and former ids."""
    moments = [moment for moment in (survivor.added_at, victim.added_at) if moment is not None]
    merged = dict.fromkeys([*survivor.merged, *victim.merged, merge.victim_id])
    return Applied(
        CustomersState(
            min(moments, default=None),
            _transactions(survivor, victim),
            tuple(merged),
            united(survivor.segments, victim.segments, _newer),
            united(survivor.consents, victim.consents, _newer),
            united(survivor.messages, victim.messages, add),
        )
    )


def count(state: CustomersState) -> int:
    """Return how many transactions there are."""
    return len(state.transactions)


def redirect(body: EventBody, survivor_id: str) -> EventBody:
    """Return a merge into a merged customer as one into the survivor, whom the vendor's summary does not speak of."""
    if isinstance(body, CustomersMerged):
        return CustomersMerged(replace(body.merge, survivor_id=survivor_id, summaries=()))
    return body


MERGE_RULES: Final = MergeRules(leave=leave_silently, absorb=absorb, count=count, redirect=redirect)


def _transactions(survivor: CustomersState, victim: CustomersState) -> dict[str, Transaction]:
    """Return the newest transactions of both, the newest last; of equally new ones the survivor's is the newer."""
    both = united(survivor.transactions, victim.transactions, _joined)
    by_age = chain.from_iterable(zip_longest(reversed(survivor.transactions), reversed(victim.transactions)))
    newest_first = [name for name in dict.fromkeys(by_age) if name is not None]
    return {name: both[name] for name in reversed(newest_first[:TRANSACTIONS_MAX])}


def _joined(ours: Transaction, theirs: Transaction) -> Transaction:
    return Transaction(known(ours.status, theirs.status), recorded=ours.recorded or theirs.recorded)


def _newer(ours: Standing, theirs: Standing) -> Standing:
    return theirs if theirs.at > ours.at else ours
