"""Promotions: issued to a customer, earned on, and either revoked."""

from typing import Final, Literal

from loyalty_stream.simulate.answer import PromotionState
from loyalty_stream.simulate.capillary.customers import Customer, Issual
from loyalty_stream.simulate.capillary.stage import Maker, Stage, VendorEvent
from loyalty_stream.simulate.capillary.world import Json

_ISSUALS_KEPT: Final = 8
_EARNS_MAX: Final = 3


def issue_promotion(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Issue a promotion to a customer."""
    if len(customer.issuals) >= _ISSUALS_KEPT:
        return None
    draw = stage.draw
    index = draw.between(0, len(customer.org.promotions) - 1)
    issual = Issual(330_000 + draw.serial(), draw.pick(customer.programs).id, index)
    customer.issuals.append(issual)
    _set(stage, customer, "issual", issual.id, "issued")
    data = _promotion(stage, customer, issual) | {
        "promotionIssuedDate": stage.day(0),
        "promotionIssuedExpiryDate": stage.day(draw.between(10, 60)),
        "issueRestrictions": [_limit("MAX_NUMBER_OF_ISSUALS_PER_CUSTOMER", 100)],
        "issualId": issual.id,
    }
    return stage.event(customer, "promotionIssued", data, "flat", event_id=None)


def earn_promotion(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Earn on an issued promotion, up to three times, else issue one."""
    open_issuals = [issual for issual in customer.issuals if len(issual.earned) < _EARNS_MAX]
    if not open_issuals:
        return issue_promotion(stage, customer)
    draw = stage.draw
    issual = draw.pick(open_issuals)
    earned_id = 440_000 + draw.serial()
    issual.earned.append(earned_id)
    _set(stage, customer, "earned", earned_id, "earned")
    data = _promotion(stage, customer, issual) | {
        "promotionEarnedDate": stage.day(0),
        "promotionEarnedExpiryDate": stage.day(draw.between(10, 60)),
        "issualId": issual.id,
        "earnedId": earned_id,
        "earnRestrictions": _earn_limits(),
    }
    return stage.event(customer, "promotionEarned", data, "flat", event_id=None)


def revoke_issual(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Revoke an issued promotion on which nothing is earned: whether earns go with it, the vendor does not say."""
    bare = [issual for issual in customer.issuals if not issual.earned]
    if not bare:
        return None
    issual = stage.draw.pick(bare)
    customer.issuals.remove(issual)
    _set(stage, customer, "issual", issual.id, "revoked")
    data = _promotion(stage, customer, issual) | {
        "promotionIssuedDate": stage.day(-3),
        "promotionIssuedExpiryDate": stage.day(20),
        "issueRestrictions": [_limit("MAX_NUMBER_OF_ISSUALS_PER_CUSTOMER", 3)],
        "revokedIssualId": issual.id,
    }
    return stage.event(customer, "revokeIssuedPromotion", data, "flat", event_id=None)


def revoke_earned(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Revoke one earn, or all earns, of an issued promotion, else earn on one."""
    earning = [issual for issual in customer.issuals if issual.earned]
    if not earning:
        return earn_promotion(stage, customer)
    draw = stage.draw
    issual = draw.pick(earning)
    revoked = [draw.take(issual.earned)]
    if draw.chance(0.3):
        revoked += issual.earned
        issual.earned.clear()
    for earned_id in revoked:
        _set(stage, customer, "earned", earned_id, "revoked")
    data = _promotion(stage, customer, issual) | {
        "revokedEarnedPromotionDetails": [
            {
                "revokedEarnedId": earned_id,
                "promotionEarnedDate": stage.day(-2),
                "promotionEarnedExpiryDate": stage.day(20),
            }
            for earned_id in revoked
        ],
        "earnRestrictions": _earn_limits(),
    }
    return stage.event(customer, "revokeEarnedPromotion", data, "flat", event_id=None)


def _set(
    stage: Stage, customer: Customer, kind: Literal["issual", "earned"], number: int, state: PromotionState
) -> None:
    stage.answer.state(stage.answer.promotions, (customer.key, kind, str(number)), state)


def _promotion(stage: Stage, customer: Customer, issual: Issual) -> Json:
    promotion = customer.org.promotions[issual.promotion_index]
    return {
        "customerIdentifiers": customer.identifiers,
        "loyaltyProgramId": issual.program_id,
        "promotionId": promotion.id,
        "promotionName": promotion.name,
        "promotionStartDate": stage.day(-30),
        "promotionEndDate": stage.day(60),
        "promotionDescription": f"{promotion.name}, simulated",
        "customFields": [],
        "redemptionRestrictions": [
            {
                "limitOn": "",
                "kpi": "MAX_REDEMPTIONS_PER_EARN_PER_CUSTOMER",
                "restrictionType": "NON_PERIOD_BASED",
                "maxLimit": 3,
            },
        ],
    }


def _earn_limits() -> list[Json]:
    return [_limit("MAX_NUMBER_OF_EARNS_PER_CUSTOMER", 3), _limit("MAX_POINTS_PER_EARN_PER_CUSTOMER", -1)]


def _limit(kpi: str, maximum: int) -> Json:
    return {"limitOn": "CUSTOMER", "kpi": kpi, "maxLimit": maximum}


MAKERS: Final[tuple[tuple[int, Maker], ...]] = (
    (35, issue_promotion),
    (35, earn_promotion),
    (10, revoke_issual),
    (10, revoke_earned),
)
