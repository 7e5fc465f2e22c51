"""Merge two customers' partner programmes.

Of two memberships in one programme the one with the newest event holds. What it leaves open the other fills in, as long
as both are linked; one that ended hands on nothing but its kind, as when it is linked anew.
Source: loyaltyCustomerMerge in https://docs.capillarytech.com/docs/event-schema-payload.
"""

from typing import Final

from msgspec.structs import replace

from loyalty_stream.domains.partners.state import Membership, PartnersState
from loyalty_stream.model.events import CanonicalEvent
from loyalty_stream.model.merge import CustomerMerge, MergeRules, known, leave_silently, united
from loyalty_stream.model.outcome import Applied


def absorb(
    survivor: PartnersState, victim: PartnersState, _event: CanonicalEvent, _merge: CustomerMerge
) -> Applied[PartnersState]:
    """Give the survivor the memberships of both."""
    return Applied(PartnersState(united(survivor.memberships, victim.memberships, _joined)))


def count(state: PartnersState) -> int:
    """Return how many memberships there are."""
    return len(state.memberships)


MERGE_RULES: Final = MergeRules(leave=leave_silently, absorb=absorb, count=count)


def _joined(ours: Membership, theirs: Membership) -> Membership:
    newer, older = (ours, theirs) if ours.changed_at >= theirs.changed_at else (theirs, ours)
    kind = known(newer.kind, older.kind)
    if "delinked" in {newer.state, older.state}:
        return replace(newer, kind=kind)
    return Membership(
        "linked",
        newer.changed_at,
        kind,
        known(newer.expires_on, older.expires_on),
        known(newer.partner_tier, older.partner_tier),
        known(newer.partner_tier_expires_on, older.partner_tier_expires_on),
    )
