"""Reduce profile and transaction events.

A profile's values stay with the vendor: only that it exists, and which fields changed, is told. An update that names no
field changes nothing. A transaction's change may come before the transaction itself, whose older status then does not
win.
Source: customerAdded, customerUpdated, transactionAdded and transactionUpdated in Capillary's event schema,
https://docs.capillarytech.com/docs/event-schema-payload.
"""

from collections.abc import Callable
from typing import Final, Never

from msgspec.structs import replace

from loyalty_stream.domains.customers.derived import (
    CustomerProfileChanged,
    TransactionRecorded,
    TransactionStatusChanged,
)
from loyalty_stream.domains.customers.events import (
    CustomerAdded,
    CustomerUpdated,
    TransactionAdded,
    TransactionUpdated,
)
from loyalty_stream.domains.customers.state import CustomersState, Transaction
from loyalty_stream.model.events import CanonicalEvent, EventBody
from loyalty_stream.model.outcome import Applied, Outcome

_UNKNOWN: Final = Transaction()


def added(state: CustomersState, event: CanonicalEvent, body: CustomerAdded) -> Outcome[CustomersState]:
    """Note the profile; one that is known already is not added again."""
    if state.added_at is not None:
        return Applied(state)
    change = CustomerProfileChanged("added", (), body.origin)
    return Applied(replace(state, added_at=event.occurred_at), (change,))


def updated(state: CustomersState, _event: CanonicalEvent, body: CustomerUpdated) -> Outcome[CustomersState]:
    """Tell the names of the fields that changed, of a profile known or not; no field is no change."""
    if not body.changed_fields:
        return Applied(state)
    return Applied(state, (CustomerProfileChanged("updated", body.changed_fields, body.origin),))


def transaction_added(state: CustomersState, _event: CanonicalEvent, body: TransactionAdded) -> Outcome[CustomersState]:
    """Record the transaction once; a status that came before it is the newer one and stays."""
    known = state.transactions.get(body.transaction_id, _UNKNOWN)
    if known.recorded:
        return Applied(state)
    status = body.status if known.status is None else known.status
    recorded = TransactionRecorded(body.transaction_id, body.amount, body.currency, body.bill_type, status)
    return Applied(state.with_transaction(body.transaction_id, Transaction(status, recorded=True)), (recorded,))


def transaction_updated(
    state: CustomersState, _event: CanonicalEvent, body: TransactionUpdated
) -> Outcome[CustomersState]:
    """Adopt the status of the transaction, known or not; the same status again is no change."""
    known = state.transactions.get(body.transaction_id, _UNKNOWN)
    if body.status is None or body.status == known.status:
        return Applied(state)
    change = TransactionStatusChanged(body.transaction_id, known.status, body.status)
    return Applied(state.with_transaction(body.transaction_id, replace(known, status=body.status)), (change,))


REDUCERS: Final[dict[type[EventBody], Callable[[CustomersState, CanonicalEvent, Never], Outcome[CustomersState]]]] = {
    CustomerAdded: added,
    CustomerUpdated: updated,
    TransactionAdded: transaction_added,
    TransactionUpdated: transaction_updated,
}
