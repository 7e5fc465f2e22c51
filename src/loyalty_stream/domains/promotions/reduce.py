"""Reduce promotion events to issuals and earns.

An issual and each of its earns live on their own: whether the vendor takes earns back with their issual is unverified,
so revoking an issual leaves its earns alone until the vendor revokes them too. Revoked is final: an issue or earn that
arrives after its revocation fills in details only.
Source: promotionIssued, promotionEarned, revokeIssuedPromotion and revokeEarnedPromotion in
https://docs.capillarytech.com/docs/event-schema-payload.
"""

from collections.abc import Callable
from datetime import date
from typing import Final, Never

from msgspec.structs import replace

from loyalty_stream.domains.promotions.derived import PromotionStateChanged
from loyalty_stream.domains.promotions.events import (
    EarnedPromotionRevoked,
    IssuedPromotionRevoked,
    PromotionEarned,
    PromotionIssued,
    RevokedEarn,
)
from loyalty_stream.domains.promotions.state import Earn, Issual, Promotion, PromotionsState, PromotionState
from loyalty_stream.model.events import CanonicalEvent, EventBody
from loyalty_stream.model.outcome import Applied, Outcome


def issued(state: PromotionsState, _event: CanonicalEvent, body: PromotionIssued) -> Outcome[PromotionsState]:
    """Add the issual; one known already only has its expiry refreshed."""
    known = _promotion(state, body.promotion_id).issuals.get(body.issual_id)
    if known is None:
        issual = Issual("issued", body.expires_on)
        change = PromotionStateChanged(body.promotion_id, body.issual_id, None, None, "issued", body.expires_on)
        return Applied(state.with_issual(body.promotion_id, body.issual_id, issual), (change,))
    issual = replace(known, expires_on=_latest(known.expires_on, body.expires_on))
    return Applied(state.with_issual(body.promotion_id, body.issual_id, issual))


def earned(state: PromotionsState, _event: CanonicalEvent, body: PromotionEarned) -> Outcome[PromotionsState]:
    """Add the earn, whether or not its issual is known; one known already only has its details refreshed."""
    known = _promotion(state, body.promotion_id).earns.get(body.earned_id)
    if known is None:
        earn = Earn("earned", body.issual_id, body.expires_on)
        change = _earn_changed(body.promotion_id, body.earned_id, None, earn)
        return Applied(state.with_earn(body.promotion_id, body.earned_id, earn), (change,))
    earn = replace(
        known,
        issual_id=known.issual_id if body.issual_id is None else body.issual_id,
        expires_on=_latest(known.expires_on, body.expires_on),
    )
    return Applied(state.with_earn(body.promotion_id, body.earned_id, earn))


def issual_revoked(
    state: PromotionsState, _event: CanonicalEvent, body: IssuedPromotionRevoked
) -> Outcome[PromotionsState]:
    """Revoke the issual, known or not; its earns stay as they are."""
    known = _promotion(state, body.promotion_id).issuals.get(body.issual_id)
    if known is not None and known.state == "revoked":
        return Applied(state)
    expires_on = None if known is None else known.expires_on
    from_state = None if known is None else known.state
    change = PromotionStateChanged(body.promotion_id, body.issual_id, None, from_state, "revoked", expires_on)
    return Applied(state.with_issual(body.promotion_id, body.issual_id, Issual("revoked", expires_on)), (change,))


def earns_revoked(
    state: PromotionsState, _event: CanonicalEvent, body: EarnedPromotionRevoked
) -> Outcome[PromotionsState]:
    """Revoke each earn listed, known or not, in order."""
    derived: list[PromotionStateChanged] = []
    for revoked in body.earns:
        known = _promotion(state, body.promotion_id).earns.get(revoked.earned_id)
        if known is not None and known.state == "revoked":
            continue
        earn = _revoked(known, revoked)
        from_state = None if known is None else known.state
        derived.append(_earn_changed(body.promotion_id, revoked.earned_id, from_state, earn))
        state = state.with_earn(body.promotion_id, revoked.earned_id, earn)
    return Applied(state, tuple(derived))


REDUCERS: Final[dict[type[EventBody], Callable[[PromotionsState, CanonicalEvent, Never], Outcome[PromotionsState]]]] = {
    PromotionIssued: issued,
    PromotionEarned: earned,
    IssuedPromotionRevoked: issual_revoked,
    EarnedPromotionRevoked: earns_revoked,
}


def _promotion(state: PromotionsState, promotion_id: str) -> Promotion:
    return state.promotions.get(promotion_id, Promotion())


def _latest(known: date | None, stated: date | None) -> date | None:
    """Return the date stated last, else the one known."""
    return known if stated is None else stated


def _revoked(known: Earn | None, revoked: RevokedEarn) -> Earn:
    """Return the earn as revoked, with the issual that it was earned under where that is known."""
    if known is None:
        return Earn("revoked", None, revoked.expires_on)
    return replace(known, state="revoked", expires_on=_latest(known.expires_on, revoked.expires_on))


def _earn_changed(
    promotion_id: str, earned_id: str, from_state: PromotionState | None, earn: Earn
) -> PromotionStateChanged:
    return PromotionStateChanged(promotion_id, earn.issual_id, earned_id, from_state, earn.state, earn.expires_on)
