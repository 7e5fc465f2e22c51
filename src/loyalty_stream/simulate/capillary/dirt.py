"""Dirt as the vendor's samples have it: which of the vendor's fields it falls on."""

from typing import Final

from loyalty_stream.simulate.capillary.world import Json
from loyalty_stream.simulate.dirt import DirtyFields, Place
from loyalty_stream.simulate.dirt import soil as soil_fields
from loyalty_stream.simulate.draw import Draw

_IDS: Final = frozenset({"eventId", "apiRequestId", "refId", "loyaltyEventId", "mobile"})
_LABELS: Final = frozenset({
    "tierName", "streakName", "promotionName", "name", "actionType", "targetPeriodName", "fieldName",
    "currentStatusLabel", "partnerProgramName",
})  # fmt: skip
_INTEGERS: Final = frozenset({
    "customerId", "orgId", "createdAt", "loyaltyProgramId", "programId", "entityId", "tierNumber",
    "previousTierNumber", "upgradedTierNumber", "downgradedTierNumber", "currentTierNumber", "id", "redemptionId",
    "redemptionSummaryId", "valid_till", "issued_on", "targetGroupId", "targetPeriodId", "numberOfLevel",
    "userStreakValueByTheEnd", "issualId", "earnedId", "revokedIssualId", "revokedEarnedId", "promotionId",
    "transactionId", "targetId", "partnerProgramId", "partnerTierNumber", "rewardId", "intouchPoints", "endDate",
    "requestTrackingId", "earnedOn", "groupId", "codeExpiry", "errorCode",
})  # fmt: skip
_KEYS_FIRST: Final = frozenset({
    "eventName", "orgId", "data", "attributes", "customerIdentifiers", "customerId", "loyaltyProgramId",
    "points", "regularPointsIssued", "regularPointsBreakup", "promotionPoints", "promisedPoints", "expiryAt",
    "programCurrentPoints", "programLifetimePoints", "pointsRedeemed", "redemptionFromEarningPrograms", "programId",
    "pointsConverted", "pointsExpired", "available", "redemptionReversalToEarningPrograms", "eventId",
    "currentEventRegularPointsReturned", "upgradedTierNumber", "coupons", "coupon", "id", "streakName",
    "targetGroupId", "targetPeriodId", "issualId", "earnedId", "createdAt", "apiRequestId", "promotionalPointsIssued",
    "totalPointsTransferred", "survivorCustomerIdentifiers", "victimCustomerIdentifiers", "currentPoints",
    "survivorCustomerLoyaltySummary", "lifetimePoints", "alternateCurrencies", "transactionId",
    "alternateCurrencyIdentifier", "targetDetails", "achievedTargetValue", "badgeId", "partnerProgramId", "rewardId",
    "requestId", "requestTrackingId", "status", "currentRequestState", "requestType", "cardNumber",
    "currentStatusLabel", "deliveryStatus", "pointsContributedToGroup", "primaryMember",
})  # fmt: skip


def _is_redemption_id(place: Place) -> bool:
    parent, key = place
    return bool(key == "value" and parent.get("key") == "redemptionId")


FIELDS: Final = DirtyFields(
    _IDS,
    _LABELS,
    _INTEGERS,
    _KEYS_FIRST,
    more_ids=_is_redemption_id,
    words={"START": ("STAR T", "STA RT", " START", "ST ART", "START ")},
    never_null=frozenset({"tiers"}),
)


def soil(record: Json, draw: Draw) -> tuple[Json, tuple[str, ...]]:
    """Return a dirty copy of a record and the kinds of dirt in it, at least one."""
    return soil_fields(record, draw, FIELDS)
