"""Merge two customers who may live on two partitions, without losing, doubling or overtaking an event (ADR 9).

Four steps, each an event of its own key in the order of its partition. The survivor's partition states the merge: from
here on the survivor's events wait. The register of the organisation's merges decides, one merge after the other, so
that none makes a cycle or takes a customer twice. The victim's partition hands every domain's row over and keeps only
where they went, for good, and which events it has seen. The survivor's partition takes them over, and then takes up
what waited.
"""

from typing import Any, Final

from msgspec.structs import replace

from loyalty_stream.domains import DOMAINS, customers
from loyalty_stream.domains.customers.derived import CustomerMerged, MovedCount
from loyalty_stream.domains.customers.events import CustomerErasureApproved, CustomersMerged
from loyalty_stream.model.domain import Domain
from loyalty_stream.model.events import CanonicalEvent, DerivedBody, DerivedEvent, about
from loyalty_stream.model.keys import entity_key
from loyalty_stream.model.merge import CustomerMerge, MergeRules
from loyalty_stream.model.outcome import Applied, Ignored, Rejected
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.model.row import Row, row_key
from loyalty_stream.pipeline import dedup
from loyalty_stream.pipeline.arrival import arrive
from loyalty_stream.pipeline.internal import ALIASES, AliasState, erased_key, internal_row
from loyalty_stream.pipeline.reduced import WAITS, Onward, Reduced, envelopes
from loyalty_stream.pipeline.rows import RowCache
from loyalty_stream.pipeline.table import AnyRow, decode_state, encode_state
from loyalty_stream.pipeline.waiting import release
from loyalty_stream.pipeline.whole import (
    REGISTER_ID,
    MergeProposed,
    MergeRefused,
    MergesForgotten,
    MovedRow,
    StateMoved,
    StateRequested,
)

Rows = RowCache[AnyRow]
CUSTOMER_DOMAINS: Final[tuple[tuple[Domain[Any], MergeRules[Any]], ...]] = tuple(
    (domain, domain.merge) for domain in DOMAINS if domain.merge is not None
)
_CUSTOMERS: Final = customers.DOMAIN.name
_DONE: Final[Applied[object]] = Applied(None)
_CYCLE: Final = Rejected(DeadLetterReason.MERGE_CYCLE, "the survivor was merged into the victim before")
_ALREADY: Final = Rejected(DeadLetterReason.MERGED_ALREADY, "the victim was merged before")


class HandOverError(RuntimeError):
    """Say that a merged customer's state came to one who does not wait for it: a bug, or a record written by hand."""


def stated(event: CanonicalEvent, body: CustomersMerged, rows: Rows, _window_max: int) -> Reduced:
    """Let the survivor's events wait, and propose the merge to the register."""
    if event.customer_id == body.merge.victim_id:  # by where the survivor went before, however far the victim has gone
        return Reduced(_CYCLE, _CUSTOMERS, [])
    at = arrive(event, customers.DOMAIN, rows)
    if isinstance(at, Reduced):
        return _with_the_survivor(event, body.merge, at, rows)
    for domain, _ in CUSTOMER_DOMAINS:
        key = row_key(domain.name, event.key)
        row = rows.get(key) or Row(domain.state_version, 0, b"", domain.initial)
        rows.put(key, replace(row, waits=True))
    return Reduced(Onward(about(event, REGISTER_ID, MergeProposed(body.merge), customer=False)), _CUSTOMERS, [])


def _with_the_survivor(event: CanonicalEvent, merge: CustomerMerge, at: Reduced, rows: Rows) -> Reduced:
    """Erase the victim too where the survivor was erased after the merge: the merge came late, the two are one."""
    erased = rows.get(erased_key(event)) if isinstance(at.outcome, Ignored) else None
    if erased is None or event.occurred_at > erased.state.erased_at:
        return at
    told = about(event, merge.victim_id, CustomerErasureApproved(), customer=True)
    return at._replace(follow_ups=(told,))


def decided(event: CanonicalEvent, body: MergeProposed, rows: Rows, _window_max: int) -> Reduced:
    """Accept a merge, and ask for the victim's state, or refuse it with the reason."""
    merge = body.merge
    objection = _objection(event, merge, rows)
    if objection is not None:
        told = about(event, merge.survivor_id, MergeRefused(merge), customer=True)
        return Reduced(objection, _CUSTOMERS, [], (told,))
    rows.put(alias_key(event, merge.victim_id), internal_row(ALIASES, AliasState(merge.survivor_id)))
    asked = about(event, merge.victim_id, StateRequested(merge), customer=True)
    return Reduced(_DONE, _CUSTOMERS, [], (asked,))


def refused(event: CanonicalEvent, _body: MergeRefused, rows: Rows, _window_max: int) -> Reduced:
    """Let the survivor's events go on as if nothing had been stated."""
    for domain, _ in CUSTOMER_DOMAINS:
        key = row_key(domain.name, event.key)
        _put(rows, key, domain, replace(_waiting(rows, key), waits=False))
    return Reduced(_DONE, _CUSTOMERS, [], released=release(event.key, rows))


def requested(event: CanonicalEvent, body: StateRequested, rows: Rows, _window_max: int) -> Reduced:
    """Hand over every domain's row of the victim, and note in each where it went; an erased one has none."""
    merge = body.merge
    first = rows.get(row_key(_CUSTOMERS, event.key))
    if first is not None and first.waits:
        return Reduced(WAITS, _CUSTOMERS, [])
    if first is None and rows.get(erased_key(event)) is not None:
        nothing = about(event, merge.survivor_id, StateMoved(merge, (), erased=True), customer=True)
        forgotten = about(event, REGISTER_ID, MergesForgotten((merge.victim_id,)), customer=False)
        return Reduced(_DONE, _CUSTOMERS, [], (nothing, forgotten))
    found = {domain.name: rows.get(row_key(domain.name, event.key)) for domain, _ in CUSTOMER_DOMAINS}
    counts = tuple(
        MovedCount(domain.name, count)
        for domain, rules in CUSTOMER_DOMAINS
        if (row := found[domain.name]) is not None and (count := rules.count(row.state))
    )
    also: list[tuple[str, list[DerivedEvent]]] = []
    for domain, rules in CUSTOMER_DOMAINS:
        row = found[domain.name] or Row(domain.state_version, 0, b"", domain.initial)
        told = rules.leave(row.state, event, merge)
        if domain is customers.DOMAIN:
            told = (CustomerMerged(merge.survivor_id, merge.victim_id, "victim", counts), *told)
        also.append((domain.name, envelopes(event, row.seq, told)))
        left = Row(row.version, row.seq + len(told), row.window, domain.initial, merge.survivor_id)
        rows.put(row_key(domain.name, event.key), left)
    moved_rows = tuple(
        MovedRow(name, row.window, encode_state(row), row.version) for name, row in found.items() if row is not None
    )
    sent = about(event, merge.survivor_id, StateMoved(merge, moved_rows), customer=True)
    return Reduced(_DONE, _CUSTOMERS, [], (sent,), tuple(also))


def moved(event: CanonicalEvent, body: StateMoved, rows: Rows, window_max: int) -> Reduced:
    """Take over every domain's row of the victim, then what waited for it."""
    merge = body.merge
    if body.erased:  # not even the victim's id is kept again
        return refused(event, MergeRefused(merge), rows, window_max)
    theirs = {row.domain: row for row in body.rows}
    states = {name: decode_state(name, row.version, row.state) for name, row in theirs.items()}
    counts = tuple(
        MovedCount(domain.name, count)
        for domain, rules in CUSTOMER_DOMAINS
        if domain.name in states and (count := rules.count(states[domain.name]))
    )
    also: list[tuple[str, list[DerivedEvent]]] = []
    for domain, rules in CUSTOMER_DOMAINS:
        key = row_key(domain.name, event.key)
        row = _waiting(rows, key)
        applied = rules.absorb(row.state, states.get(domain.name, domain.initial), event, merge)
        window = (
            dedup.united(row.window, theirs[domain.name].window, window_max) if domain.name in theirs else row.window
        )
        told: tuple[DerivedBody, ...] = applied.derived
        if domain is customers.DOMAIN:
            told = (CustomerMerged(merge.survivor_id, merge.victim_id, "survivor", counts), *told)
            window = _remembered(event, merge, window, window_max)
        also.append((domain.name, envelopes(event, row.seq, told)))
        _put(rows, key, domain, Row(row.version, row.seq + len(told), window, applied.state))
    return Reduced(_DONE, _CUSTOMERS, [], also=tuple(also), released=release(event.key, rows))


def alias_key(event: CanonicalEvent, victim_id: str) -> bytes:
    """Return the key of the register's row of a merged customer."""
    return row_key(ALIASES, entity_key(event.vendor, event.org_id, victim_id))


def _objection(event: CanonicalEvent, merge: CustomerMerge, rows: Rows) -> Rejected | None:
    """Return why a merge cannot be: its survivor went, in however many merges, to its victim, or the victim is gone."""
    at = rows.get(alias_key(event, merge.survivor_id))
    while at is not None:
        if at.state.survivor_id == merge.victim_id:
            return _CYCLE
        at = rows.get(alias_key(event, at.state.survivor_id))
    return _ALREADY if rows.get(alias_key(event, merge.victim_id)) is not None else None


def _waiting(rows: Rows, key: bytes) -> AnyRow:
    row = rows.get(key)
    if row is None or not row.waits:
        raise HandOverError("a merged customer's state came to a customer who does not wait for it")
    return row


def _put(rows: Rows, key: bytes, domain: Domain[Any], row: AnyRow) -> None:
    """Write a row, or delete one that holds nothing: it was there to make events wait."""
    rows.put(key, None if row == Row(domain.state_version, 0, b"", domain.initial) else row)


def _remembered(event: CanonicalEvent, merge: CustomerMerge, window: bytes, window_max: int) -> bytes:
    """Return the survivor's window with the merge itself, so that it is a duplicate when it comes again."""
    as_stated = replace(event, body=CustomersMerged(merge))
    return dedup.remember(window, dedup.event_hash(event), dedup.content_hash(as_stated), event.observed_at, window_max)
