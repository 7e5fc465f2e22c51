"""Every event name of Capillary's page: those that are reduced, and those that a later version will."""

from typing import Any, Final

from loyalty_stream.sources.capillary import (
    badges,
    cards,
    coupons,
    currencies,
    currencies_converted,
    customers,
    merges,
    partners,
    points_adjusted,
    points_earned,
    points_expiring,
    points_spent,
    points_transferred,
    promotions,
    requests,
    rewards,
    streaks,
    targets,
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
        *points_adjusted.SPECS,
        *points_transferred.SPECS,
        *currencies.SPECS,
        *currencies_converted.SPECS,
        *tiers.SPECS,
        *coupons.SPECS,
        *streaks.SPECS,
        *targets.SPECS,
        *targets.UNIFIED_SPECS,
        *badges.SPECS,
        *promotions.SPECS,
        *customers.SPECS,
        *merges.SPECS,
        *partners.SPECS,
        *rewards.SPECS,
        *cards.SPECS,
        *requests.SPECS,
    )
}

NOT_YET_SUPPORTED: Final = {
    name.lower(): name
    for name in (
        # Newer names of the vendor (DOMAIN 3.8).
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
        "updateRewardTransaction",
        "PP_EXPIRY_JOB",
    )
}
