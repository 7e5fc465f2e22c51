"""Merge what two customers were given.

Each was given it, so the times add up; of one reward the details are those of the grant told last.
Source: loyaltyCustomerMerge in https://docs.capillarytech.com/docs/event-schema-payload.
"""

from typing import Final

from msgspec.structs import replace

from loyalty_stream.domains.rewards.state import Grant, RewardsState
from loyalty_stream.model.events import CanonicalEvent
from loyalty_stream.model.merge import CustomerMerge, MergeRules, leave_silently, united
from loyalty_stream.model.outcome import Applied


def absorb(
    survivor: RewardsState, victim: RewardsState, _event: CanonicalEvent, _merge: CustomerMerge
) -> Applied[RewardsState]:
    """Give the survivor the grants of both; an offer is no customer's."""
    return Applied(RewardsState(survivor.offer, united(survivor.grants, victim.grants, _joined)))


def count(state: RewardsState) -> int:
    """Return how many rewards were given, each counted once however often it was."""
    return len(state.grants)


MERGE_RULES: Final = MergeRules(leave=leave_silently, absorb=absorb, count=count)


def _joined(ours: Grant, theirs: Grant) -> Grant:
    later = ours if ours.issued_at >= theirs.issued_at else theirs
    return replace(later, times=ours.times + theirs.times)
