"""Merge two customers' promotions.

Issuals and earns are known by the vendor's ids, so one that both have is one that was told under both ids. Revoked is
final here too: where either's is revoked, it is. As ever, an issual and its earns live on their own.
Source: loyaltyCustomerMerge in https://docs.capillarytech.com/docs/event-schema-payload.
"""

from typing import Final

from loyalty_stream.domains.promotions.state import Earn, Issual, Promotion, PromotionsState
from loyalty_stream.model.events import CanonicalEvent
from loyalty_stream.model.merge import CustomerMerge, MergeRules, known, leave_silently, united
from loyalty_stream.model.outcome import Applied


def absorb(
    survivor: PromotionsState, victim: PromotionsState, _event: CanonicalEvent, _merge: CustomerMerge
) -> Applied[PromotionsState]:
    """Give the survivor the promotions of both."""
    return Applied(PromotionsState(united(survivor.promotions, victim.promotions, _joined)))


def count(state: PromotionsState) -> int:
    """Return how many issuals and earns there are."""
    return sum(len(promotion.issuals) + len(promotion.earns) for promotion in state.promotions.values())


MERGE_RULES: Final = MergeRules(leave=leave_silently, absorb=absorb, count=count)


def _joined(ours: Promotion, theirs: Promotion) -> Promotion:
    return Promotion(
        united(ours.issuals, theirs.issuals, _joined_issual),
        united(ours.earns, theirs.earns, _joined_earn),
    )


def _joined_issual(ours: Issual, theirs: Issual) -> Issual:
    further, other = (theirs, ours) if _further(ours, theirs) else (ours, theirs)
    return Issual(further.state, known(further.expires_on, other.expires_on))


def _joined_earn(ours: Earn, theirs: Earn) -> Earn:
    further, other = (theirs, ours) if _further(ours, theirs) else (ours, theirs)
    return Earn(further.state, known(further.issual_id, other.issual_id), known(further.expires_on, other.expires_on))


def _further(ours: Issual | Earn, theirs: Issual | Earn) -> bool:
    """Return whether the victim's is further than the survivor's: only a revocation is a step from the first state."""
    return theirs.state == "revoked" and ours.state != "revoked"
