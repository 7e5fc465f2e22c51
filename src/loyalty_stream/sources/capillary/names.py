"""Every event name of Capillary's page: those that are reduced, and those that a later version will."""

from typing import Any, Final

from loyalty_stream.sources.capillary import (
    coupons,
    points_earned,
    points_expiring,
    points_spent,
    promotions,
    streaks,
    tiers,
)
from loyalty_stream.sources.capillary.spec import Spec

# A spec's data type is its own business: the table holds specs of every data type.
SPECS: Final[dict[str, Spec[Any]]] = {
    spec.name.lower(): spec
    for spec in (
        *points_earned.SPECS,
        *points_spent.SPECS,
        *points_expiring.SPECS,
        *tiers.SPECS,
        *coupons.SPECS,
        *streaks.SPECS,
        *promotions.SPECS,
    )
}

NOT_YET_SUPPORTED: Final = {
    name.lower(): name
    for name in (
        "customerAdded",
        "customerUpdated",
        "transactionAdded",
        "transactionUpdated",
        "pointsTransferredInitiated",
        "pointsTransferredReceived",
        "alternateCurrenciesIssued",
        "issuedAlternateCurrenciesReversed",
        "loyaltyCustomerMerge",
        "targetAchievedValueUpdated",
        "targetValueAchieved",
        "unifiedTargetsAchieved",
        "unifiedTargetsUnAchieved",
        "badgeEarned",
        "requestWorkflowEvent",
        "requestUpdated",
        "rewardCreated",
        "rewardUpdated",
        "rewardIssued",
        "issueRewardFailure",
        "rewardExpiryReminder",
        "cardUpdated",
        "partnerProgramLinked",
        "partnerProgramUpdated",
        "partnerProgramDelinked",
        "supplementaryMembershipExpiryReminder",
        # The page's headings without a sample, and newer names of the vendor (DOMAIN 3.7, 3.8).
        "targetValueUpdated",
        "targetPeriodStarted",
        "targetPeriodCompleted",
        "targetEnrolment",
        "promotionCreated",
        "promotionUpdated",
        "cartPromotionIssued",
        "cartPromotionEarned",
        "cartPromotionRedeemed",
        "cartPromotionRevoked",
        "customerSubscription",
        "groupCreated",
        "groupUpdated",
        "groupMemberAdded",
        "groupMemberRemoved",
        "pointsContributionToGroup",
        "updateRewardTransaction",
        "PP_EXPIRY_JOB",
        "ManualPointsAdjustment",
        "PromisedToCurrentAlternateCurrencyConversion",
    )
}
