"""Merge two customers' points: every account of the victim goes into the survivor's.

The vendor's summary of the survivor holds after the merge: it is adopted, so that what was lost on the way is made
good, unless a later event has changed the account, when a difference is drift (DESIGN, "Points, to the letter").
Source: loyaltyCustomerMerge in https://docs.capillarytech.com/docs/event-schema-payload.
"""

from decimal import Decimal
from itertools import chain, count
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from loyalty_stream.domains.points.booking import (
    BASELINE_ID,
    Entry,
    LotsBooking,
    compare,
    covers,
    include,
    opening,
    post,
)
from loyalty_stream.domains.points.derived import BalanceChanged, LotChange
from loyalty_stream.domains.points.events import NO_TOTALS, VendorTotals
from loyalty_stream.domains.points.lots import OVERDRAFT_ID, Changes, Lots, credit, debit
from loyalty_stream.domains.points.reversal import REMEMBERED_REDEMPTIONS
from loyalty_stream.domains.points.state import Account, PointsState, Settled, account_id
from loyalty_stream.model.amounts import ZERO
from loyalty_stream.model.events import CanonicalEvent, DerivedBody, EventBody
from loyalty_stream.model.merge import CustomerMerge, MergeRules, ProgramSummary
from loyalty_stream.model.outcome import Applied

POINTS: Final = "points"  # the currency that a summary speaks of


def leave(state: PointsState, _event: CanonicalEvent, _merge: CustomerMerge) -> tuple[DerivedBody, ...]:
    """Tell that each account of the victim's is empty now."""
    return tuple(
        BalanceChanged(
            account.program_id,
            account.currency,
            "merged_out",
            -account.active,
            -account.pending,
            -account.lifetime,
            ZERO,
            ZERO,
            ZERO,
            tuple(
                LotChange(
                    lot.lot_id,
                    "reopened" if lot.lot_id == OVERDRAFT_ID else "consumed",
                    abs(lot.remaining),
                    ZERO,
                    lot.expires_on,
                )
                for lot in account.lots
            ),
            None,
        )
        for account in state.accounts.values()
        if account.lots or account.active or account.pending or account.lifetime
    )


def absorb(
    survivor: PointsState, victim: PointsState, event: CanonicalEvent, merge: CustomerMerge
) -> Applied[PointsState]:
    """Add the victim's accounts to the survivor's, then adopt the vendor's summary of each programme."""
    derived: list[DerivedBody] = []
    for place, theirs in victim.accounts.items():
        ours = survivor.accounts.get(place)
        account = _joined(ours, theirs, event.occurred_at, derived)
        survivor = survivor.with_account(account)
    for summary in merge.summaries:
        if summary.active is None and summary.pending is None and summary.lifetime is None:
            continue  # it speaks of the tier alone: what an earlier merge settled stays settled
        place = account_id(summary.program_id, POINTS)
        account = survivor.accounts.get(place) or Account(summary.program_id, POINTS)
        if _newest(account) > event.occurred_at:
            account = _compared(account, summary, derived)
        else:
            account = _adopted(account, summary, event, derived)
        survivor = survivor.with_account(account)
    return Applied(survivor, tuple(derived))


def _joined(ours: Account | None, theirs: Account, at: int, derived: list[DerivedBody]) -> Account:
    """Return the survivor's account with all of the victim's; one that only the victim had stays as it was.

    `at` is the vendor's time of the merge: one that a later merge has overtaken is in the balances adopted by that one.
    A difference to the vendor's totals that was reported of either is one of both together.
    """
    held = ours or Account(theirs.program_id, theirs.currency)
    theirs = _apart(held, theirs)
    entry = Entry(
        "merged_in",
        theirs.active,
        theirs.pending,
        theirs.lifetime,
        _moved_in(theirs.lots),
        NO_TOTALS,
        theirs.changed_at,
    )
    redemptions = (*theirs.redemptions, *held.redemptions)[-REMEMBERED_REDEMPTIONS:]
    settled = theirs.settled if held.settled is None else held.settled.united(theirs.settled)
    if held.settled is not None and covers(held.settled, at):
        return replace(include(held, entry, held.settled, at, derived), redemptions=redemptions, settled=settled)
    account = post(held, entry, derived)
    account = compare(account, "active", account.active + held.active_drift + theirs.active_drift, derived)
    account = compare(account, "pending", account.pending + held.pending_drift + theirs.pending_drift, derived)
    account = compare(account, "lifetime", account.lifetime + held.lifetime_drift + theirs.lifetime_drift, derived)
    return replace(
        account,
        redemptions=redemptions,
        active_baselined=theirs.active_baselined and (ours is None or ours.active_baselined),
        lifetime_baselined=theirs.lifetime_baselined and (ours is None or ours.lifetime_baselined),
        settled=settled,
    )


def _apart(ours: Account, theirs: Account) -> Account:
    """Return the victim's account with other ids for lots that are not the survivor's but have the same ids.

    That happens where the vendor gave events of both the same id; the opening lot and the debt are one on purpose.
    """
    shared = {BASELINE_ID, OVERDRAFT_ID}
    ids = _lot_ids(ours) - shared
    own = _lot_ids(theirs) - shared
    new_ids: dict[str, str] = {}
    for lot_id in sorted(ids & own):
        new_ids[lot_id] = next(name for n in count(2) if (name := f"{lot_id}.{n}") not in ids | own)
    if not new_ids:
        return theirs

    def renamed(lots: Lots) -> Lots:
        return tuple(replace(lot, lot_id=new_ids.get(lot.lot_id, lot.lot_id)) for lot in lots)

    redemptions = tuple(replace(each, taken=renamed(each.taken)) for each in theirs.redemptions)
    return replace(theirs, lots=renamed(theirs.lots), redemptions=redemptions)


def _lot_ids(account: Account) -> set[str]:
    lots = chain(account.lots, *(redemption.taken for redemption in account.redemptions))
    return {lot.lot_id for lot in lots}


def _moved_in(lots: Lots) -> LotsBooking:
    """Return the booking of another customer's lots; what is owed is taken, and both opening lots become one."""

    def move(held: Lots) -> tuple[Lots, Changes]:
        if lots and lots[0].lot_id == OVERDRAFT_ID:
            return debit(held, -lots[0].remaining, "consumed")[:2]
        opened = tuple(lot for lot in lots if lot.lot_id != BASELINE_ID)
        before = sum((lot.remaining for lot in lots if lot.lot_id == BASELINE_ID), ZERO)
        held, changes = credit(held, opened)
        held, more = opening(before)(held)
        return held, changes + more

    return move


def _adopted(account: Account, summary: ProgramSummary, event: CanonicalEvent, derived: list[DerivedBody]) -> Account:
    active = _missing(summary.active, account.active)
    pending = _missing(summary.pending, account.pending)
    lifetime = _missing(summary.lifetime, account.lifetime)
    if active or pending or lifetime:
        entry = Entry("baselined", active, pending, lifetime, opening(active), NO_TOTALS, event.occurred_at)
        account = post(account, entry, derived)
    account = _compared(account, summary, derived)
    settled = Settled(
        event.occurred_at if summary.active is not None else None,
        event.occurred_at if summary.pending is not None else None,
        event.occurred_at if summary.lifetime is not None else None,
    )
    return replace(
        account,
        active_baselined=account.active_baselined or summary.active is not None,
        lifetime_baselined=account.lifetime_baselined or summary.lifetime is not None,
        settled=settled.united(account.settled),
    )


def _compared(account: Account, summary: ProgramSummary, derived: list[DerivedBody]) -> Account:
    """Report each difference to the summary, or that there is none any more."""
    if summary.active is not None:
        account = compare(account, "active", summary.active, derived)
    if summary.pending is not None:
        account = compare(account, "pending", summary.pending, derived)
    if summary.lifetime is not None:
        account = compare(account, "lifetime", summary.lifetime, derived)
    return account


def _newest(account: Account) -> int:
    """Return the vendor's time of what is known last of an account: an event, or a summary that agreed with ours."""
    settled = account.settled
    moments = () if settled is None else (settled.active_at, settled.pending_at, settled.lifetime_at)
    return max([account.changed_at, *(moment for moment in moments if moment is not None)])


def _missing(stated: Decimal | None, held: Decimal) -> Decimal:
    return ZERO if stated is None else stated - held


def redirect(body: EventBody, _survivor_id: str) -> EventBody:
    """Return a fact of the victim's without the vendor's totals: they are those of the victim's own account."""
    changes: dict[str, object] = {}
    for field in body.__struct_fields__:
        value = getattr(body, field)
        if isinstance(value, VendorTotals):
            changes[field] = NO_TOTALS
        elif field in {"debits", "credits"}:
            changes[field] = tuple(_without_totals(part) for part in value)
    return replace(body, **changes) if changes else body


def _without_totals(part: Struct) -> Struct:
    return replace(part, totals=NO_TOTALS)


MERGE_RULES: Final = MergeRules(leave, absorb, lambda state: len(state.accounts), redirect)
