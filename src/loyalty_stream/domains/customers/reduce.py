"""Reduce profile and transaction events.

A profile's values stay with the vendor: only that it exists, and which fields changed, is told. An update that names no
field changes nothing. A transaction's change may come before the transaction itself, whose older status then does not
win. Of segments and consents the later word by the vendor's own time holds.
Source: customerAdded, customerUpdated, transactionAdded and transactionUpdated in Capillary's event schema,
https://docs.capillarytech.com/docs/event-schema-payload; segments, consents, referrals and messages in Voucherify's
customer activity, https://docs.voucherify.io/api-reference/customers/customer-activity-object.
"""

from collections.abc import Callable, Mapping
from typing import Final, Never

from msgspec.structs import replace

from loyalty_stream.domains.customers import derived as out
from loyalty_stream.domains.customers.derived import (
    CustomerProfileChanged,
    TransactionRecorded,
    TransactionStatusChanged,
)
from loyalty_stream.domains.customers.events import (
    ConsentChanged,
    CustomerAdded,
    CustomerReferred,
    CustomerSegmentChanged,
    CustomerUpdated,
    MessageDelivery,
    TransactionAdded,
    TransactionUpdated,
)
from loyalty_stream.domains.customers.state import CustomersState, Standing, Transaction
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


def referred(state: CustomersState, _event: CanonicalEvent, body: CustomerReferred) -> Outcome[CustomersState]:
    """Pass on who referred the customer; nothing is kept of it."""
    return Applied(state, (out.CustomerReferred(body.referrer_customer_id, body.campaign_id),))


def segment_changed(
    state: CustomersState, event: CanonicalEvent, body: CustomerSegmentChanged
) -> Outcome[CustomersState]:
    """Adopt whether the customer is in the segment; what is known already, or older, changes nothing."""
    standing = Standing(body.change == "entered", event.occurred_at)
    after = replace(state, segments=_adopted(state.segments, body.segment_id, standing))
    changes = _changes(state.segments, body.segment_id, standing)
    return Applied(after, (out.CustomerSegmentChanged(body.segment_id, body.change),) if changes else ())


def consent_changed(state: CustomersState, event: CanonicalEvent, body: ConsentChanged) -> Outcome[CustomersState]:
    """Adopt whether the customer gives each consent named; what is known already, or older, changes nothing."""
    standing = Standing(body.change == "given", event.occurred_at)
    consents, told = dict(state.consents), []
    for consent_id in body.consent_ids:
        if _changes(consents, consent_id, standing):
            told.append(out.ConsentChanged(consent_id, body.change))
        consents = _adopted(consents, consent_id, standing)
    return Applied(replace(state, consents=consents), tuple(told))


def message_delivered(state: CustomersState, _event: CanonicalEvent, body: MessageDelivery) -> Outcome[CustomersState]:
    """Count the message by its channel and outcome."""
    place = f"{body.channel}|{body.outcome}"
    messages = {**state.messages, place: state.messages.get(place, 0) + 1}
    return Applied(replace(state, messages=messages), (out.MessageDelivery(body.channel, body.outcome),))


REDUCERS: Final[dict[type[EventBody], Callable[[CustomersState, CanonicalEvent, Never], Outcome[CustomersState]]]] = {
    CustomerAdded: added,
    CustomerUpdated: updated,
    TransactionAdded: transaction_added,
    TransactionUpdated: transaction_updated,
    CustomerReferred: referred,
    CustomerSegmentChanged: segment_changed,
    ConsentChanged: consent_changed,
    MessageDelivery: message_delivered,
}


def _changes(standings: Mapping[str, Standing], name: str, standing: Standing) -> bool:
    """Return whether a word on something is neither older than the last one nor says the same."""
    known = standings.get(name)
    return known is None or (standing.at >= known.at and standing.holds != known.holds)


def _adopted(standings: Mapping[str, Standing], name: str, standing: Standing) -> dict[str, Standing]:
    """Return the standings with a word on something, unless a later one is known."""
    known = standings.get(name)
    return dict(standings) if known is not None and standing.at < known.at else {**standings, name: standing}
