"""Capillary's promotion events. Source: DOMAIN 3.7. None of them has an eventId: their own ids name them."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from loyalty_stream.domains.promotions.events import (
    EarnedPromotionRevoked,
    IssuedPromotionRevoked,
    PromotionEarned,
    PromotionIssued,
    RevokedEarn,
)
from loyalty_stream.model.problem import Problem, Repairs
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.capillary.envelope import Header
from loyalty_stream.sources.capillary.spec import CustomerData, Part, Spec, customer_of
from loyalty_stream.sources.wire import NOT_GIVEN, Identifier, Ignored, Wire, identifier, required_identifier


class PromotionData(CustomerData, kw_only=True):
    """What every promotion event's data holds."""

    promotionId: Identifier
    loyaltyProgramId: Identifier | None = None
    triggeringActivity: Ignored = NOT_GIVEN
    promotionName: Ignored = NOT_GIVEN
    promotionStartDate: Ignored = NOT_GIVEN
    promotionEndDate: Ignored = NOT_GIVEN
    promotionDescription: Ignored = NOT_GIVEN
    customFields: Ignored = NOT_GIVEN
    issueRestrictions: Ignored = NOT_GIVEN
    earnRestrictions: Ignored = NOT_GIVEN
    redemptionRestrictions: Ignored = NOT_GIVEN


class IssuedData(PromotionData):
    """The data of `promotionIssued`."""

    issualId: Identifier
    promotionIssuedExpiryDate: date | None = None
    promotionIssuedDate: Ignored = NOT_GIVEN


class EarnedData(PromotionData):
    """The data of `promotionEarned`."""

    earnedId: Identifier
    issualId: Identifier | None = None
    promotionEarnedExpiryDate: date | None = None
    promotionEarnedDate: Ignored = NOT_GIVEN


class RevokeIssuedData(PromotionData):
    """The data of `revokeIssuedPromotion`."""

    revokedIssualId: Identifier
    promotionIssuedDate: Ignored = NOT_GIVEN
    promotionIssuedExpiryDate: Ignored = NOT_GIVEN


class RevokedEarnedPart(Wire):
    """One earn that is revoked."""

    revokedEarnedId: Identifier
    promotionEarnedExpiryDate: date | None = None
    promotionEarnedDate: Ignored = NOT_GIVEN


class RevokeEarnedData(PromotionData):
    """The data of `revokeEarnedPromotion`."""

    revokedEarnedPromotionDetails: list[RevokedEarnedPart]
    issualId: Ignored = NOT_GIVEN


def issued(data: IssuedData, _header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make PromotionIssued."""
    body = PromotionIssued(
        identifier(data.loyaltyProgramId),
        required_identifier(data.promotionId),
        required_identifier(data.issualId),
        data.promotionIssuedExpiryDate,
    )
    return (Part(customer_of(data), body),)


def earned(data: EarnedData, _header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make PromotionEarned."""
    body = PromotionEarned(
        identifier(data.loyaltyProgramId),
        required_identifier(data.promotionId),
        identifier(data.issualId),
        required_identifier(data.earnedId),
        data.promotionEarnedExpiryDate,
    )
    return (Part(customer_of(data), body),)


def issual_revoked(data: RevokeIssuedData, _header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make IssuedPromotionRevoked."""
    body = IssuedPromotionRevoked(
        identifier(data.loyaltyProgramId),
        required_identifier(data.promotionId),
        required_identifier(data.revokedIssualId),
    )
    return (Part(customer_of(data), body),)


def earns_revoked(data: RevokeEarnedData, _header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make EarnedPromotionRevoked of all the earns that the event lists."""
    if not data.revokedEarnedPromotionDetails:
        raise Problem(DeadLetterReason.MISSING_FIELD, "data.revokedEarnedPromotionDetails is empty")
    earns = tuple(
        RevokedEarn(required_identifier(part.revokedEarnedId), part.promotionEarnedExpiryDate)
        for part in data.revokedEarnedPromotionDetails
    )
    body = EarnedPromotionRevoked(identifier(data.loyaltyProgramId), required_identifier(data.promotionId), earns)
    return (Part(customer_of(data), body),)


def _earned_ids(data: RevokeEarnedData) -> str:
    return ",".join(str(part.revokedEarnedId) for part in data.revokedEarnedPromotionDetails)


SPECS: Final = (
    Spec("promotionIssued", IssuedData, issued, lambda data: str(data.issualId), makes=(PromotionIssued,)),
    Spec("promotionEarned", EarnedData, earned, lambda data: str(data.earnedId), makes=(PromotionEarned,)),
    Spec(
        "revokeIssuedPromotion",
        RevokeIssuedData,
        issual_revoked,
        lambda data: str(data.revokedIssualId),
        makes=(IssuedPromotionRevoked,),
    ),
    Spec("revokeEarnedPromotion", RevokeEarnedData, earns_revoked, _earned_ids, makes=(EarnedPromotionRevoked,)),
)
