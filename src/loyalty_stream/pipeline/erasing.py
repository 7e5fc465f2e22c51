"""Erase a customer from every table, for good (DESIGN rule 8).

Every row of the customer is deleted, in the changelog too, and so are those of customers who were merged into this one.
What is left is a hash, so that an event that comes later brings nothing back, and the balances that vanished, without a
name: they stay in the programmes' totals.
"""

from typing import Final

from loyalty_stream.domains import customers, points
from loyalty_stream.domains.customers.derived import CustomerErased, KeptTotal
from loyalty_stream.domains.customers.events import CustomerErasureApproved
from loyalty_stream.model.events import CanonicalEvent, about
from loyalty_stream.model.outcome import Applied, Duplicate, Ignored
from loyalty_stream.model.row import row_key
from loyalty_stream.model.secrets import id_hash
from loyalty_stream.pipeline.arrival import arrive
from loyalty_stream.pipeline.due_index import forget_entity
from loyalty_stream.pipeline.internal import ERASED, KEPT, ErasedState, KeptState, erased_key, internal_row, kept_key
from loyalty_stream.pipeline.merging import CUSTOMER_DOMAINS, alias_key
from loyalty_stream.pipeline.reduced import Reduced, envelopes
from loyalty_stream.pipeline.rows import RowCache
from loyalty_stream.pipeline.table import AnyRow
from loyalty_stream.pipeline.whole import REGISTER_ID, AliasErased, MergesForgotten

Rows = RowCache[AnyRow]
_CUSTOMERS: Final = customers.DOMAIN.name
_DONE: Final[Applied[object]] = Applied(None)


def approved(event: CanonicalEvent, _body: CustomerErasureApproved, rows: Rows, _window_max: int) -> Reduced:
    """Delete all that is known of a customer, known or not, and tell so; a second time changes nothing."""
    at = arrive(event, customers.DOMAIN, rows)
    if isinstance(at, Reduced):
        return Reduced(Duplicate(), _CUSTOMERS, []) if isinstance(at.outcome, Ignored) else at
    kept = _kept(event, rows)
    merged: tuple[str, ...] = at.row.state.merged
    body = CustomerErased(id_hash(event.vendor, event.org_id, event.entity_id), _delete(event, rows), kept)
    follow_ups = tuple(about(event, victim_id, AliasErased(), customer=True) for victim_id in merged)
    if merged:
        follow_ups = (*follow_ups, about(event, REGISTER_ID, MergesForgotten(merged), customer=False))
    return Reduced(_DONE, _CUSTOMERS, envelopes(event, at.row.seq, (body,)), follow_ups)


def alias_erased(event: CanonicalEvent, _body: AliasErased, rows: Rows, _window_max: int) -> Reduced:
    """Delete what is left of a customer who was merged into an erased one."""
    _delete(event, rows)
    return Reduced(_DONE, _CUSTOMERS, [])


def merges_forgotten(event: CanonicalEvent, body: MergesForgotten, rows: Rows, _window_max: int) -> Reduced:
    """Delete whom merged customers went to."""
    for victim_id in body.victim_ids:
        rows.put(alias_key(event, victim_id), None)
    return Reduced(_DONE, _CUSTOMERS, [])


def _delete(event: CanonicalEvent, rows: Rows) -> tuple[str, ...]:
    """Delete every row of a customer, leave the hash, and return of which domains there were rows."""
    found = []
    for domain, _ in CUSTOMER_DOMAINS:
        key = row_key(domain.name, event.key)
        if rows.get(key) is not None:
            found.append(domain.name)
            rows.put(key, None)
        forget_entity(domain.name, event.key, rows)
    rows.put(erased_key(event), internal_row(ERASED, ErasedState(event.occurred_at)))
    return tuple(found)


def _kept(event: CanonicalEvent, rows: Rows) -> tuple[KeptTotal, ...]:
    """Add a customer's balances to those of the erased customers; return them."""
    row = rows.get(row_key(points.DOMAIN.name, event.key))
    if row is None:
        return ()
    held = {
        place: KeptTotal(account.program_id, account.currency, account.active, account.pending, account.lifetime)
        for place, account in row.state.accounts.items()
        if account.active or account.pending or account.lifetime
    }
    if held:
        key = kept_key(event)
        before = rows.get(key)
        totals = dict(before.state.totals) if before is not None else {}
        for place, total in held.items():
            totals[place] = _sum(totals[place], total) if place in totals else total
        rows.put(key, internal_row(KEPT, KeptState(totals)))
    return tuple(held.values())


def _sum(one: KeptTotal, other: KeptTotal) -> KeptTotal:
    return KeptTotal(
        one.program_id,
        one.currency,
        one.active + other.active,
        one.pending + other.pending,
        one.lifetime + other.lifetime,
    )
