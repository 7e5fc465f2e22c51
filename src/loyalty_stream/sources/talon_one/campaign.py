"""Talon.One's campaign object. Source: the campaign of the notification "Campaign state changed".

Its `state` is another vocabulary than the states that a notification names: enabled, disabled or archived. Whether an
enabled one is scheduled, running or expired, its dates say.
"""

from decimal import Decimal
from typing import Final

from loyalty_stream.domains.campaigns.document import CampaignDocument, Gauge, Limit, StateWord
from loyalty_stream.domains.campaigns.schedule import CampaignSchedule
from loyalty_stream.sources.compared import changed_fields
from loyalty_stream.sources.instants import given_instant
from loyalty_stream.sources.wire import (
    NOT_GIVEN,
    NULL,
    Amount,
    Anything,
    Checked,
    Identifier,
    Ignored,
    Label,
    Name,
    Wire,
    amount,
    given_word,
    identifier,
    label,
    required_word,
    stated_total,
)

STATES: Final[dict[str, StateWord]] = {
    "running": "active",
    "disabled": "disabled",
    "scheduled": "not_started",
    "expired": "expired",
    "draft": "draft",
    "archived": "archived",
}
"""The states that a notification names, and ours."""


class LimitObject(Wire):
    """A limit of a campaign's budget."""

    action: Name
    limit: Amount
    period: Name | None = None
    entities: list[Name] | None = None


class Campaign(Wire):
    """A campaign; who made it is not read, nor when."""

    id: Identifier | None = None
    name: Label | None = None
    description: Anything = NULL
    startTime: Label | None = None
    endTime: Label | None = None
    attributes: Anything = NULL
    state: Name | None = None
    activeRulesetId: Identifier | None = None
    tags: Anything = NULL
    features: Anything = NULL
    couponSettings: Anything = NULL
    referralSettings: Anything = NULL
    limits: list[LimitObject] | None = None
    campaignGroups: Anything = NULL
    type: Name | None = None
    linkedStoreIds: Anything = NULL
    updated: Label | None = None
    created: Label | None = None
    couponRedemptionCount: Checked = NULL
    referralRedemptionCount: Checked = NULL
    discountCount: Checked = NULL
    discountEffectCount: Checked = NULL
    couponCreationCount: Checked = NULL
    customEffectCount: Checked = NULL
    referralCreationCount: Checked = NULL
    addFreeItemEffectCount: Checked = NULL
    awardedGiveawaysCount: Checked = NULL
    createdLoyaltyPointsCount: Checked = NULL
    createdLoyaltyPointsEffectCount: Checked = NULL
    redeemedLoyaltyPointsCount: Checked = NULL
    redeemedLoyaltyPointsEffectCount: Checked = NULL
    callApiEffectCount: Checked = NULL
    applicationId: Ignored = NOT_GIVEN
    userId: Ignored = NOT_GIVEN
    lastActivity: Ignored = NOT_GIVEN
    createdBy: Ignored = NOT_GIVEN
    updatedBy: Ignored = NOT_GIVEN
    templateId: Ignored = NOT_GIVEN
    budgets: Ignored = NOT_GIVEN
    frontendState: Ignored = NOT_GIVEN
    storesImported: Ignored = NOT_GIVEN
    valueMapsIds: Ignored = NOT_GIVEN


COMPARED: Final = (
    "name",
    "description",
    "startTime",
    "endTime",
    "attributes",
    "state",
    "activeRulesetId",
    "tags",
    "features",
    "couponSettings",
    "referralSettings",
    "limits",
    "campaignGroups",
    "type",
    "linkedStoreIds",
)
"""The fields whose changes are told: all that somebody edits; neither totals nor who edited it, and when."""

GAUGES: Final = {
    "couponRedemptionCount": "coupons_redeemed",
    "couponCreationCount": "coupons_created",
    "referralRedemptionCount": "referrals_redeemed",
    "referralCreationCount": "referrals_created",
    "discountCount": "discounts",
    "discountEffectCount": "discount_effects",
    "customEffectCount": "custom_effects",
    "addFreeItemEffectCount": "free_item_effects",
    "awardedGiveawaysCount": "giveaways_awarded",
    "createdLoyaltyPointsCount": "points_created",
    "createdLoyaltyPointsEffectCount": "points_created_effects",
    "redeemedLoyaltyPointsCount": "points_redeemed",
    "redeemedLoyaltyPointsEffectCount": "points_redeemed_effects",
    "callApiEffectCount": "api_calls",
}
_LIMITED: Final = {
    "redeemCoupon": "couponRedemptionCount",
    "createCoupon": "couponCreationCount",
    "redeemReferral": "referralRedemptionCount",
    "createReferral": "referralCreationCount",
    "setDiscount": "discountCount",
    "setDiscountEffect": "discountEffectCount",
    "customEffect": "customEffectCount",
    "addFreeItemEffect": "addFreeItemEffectCount",
    "awardGiveaway": "awardedGiveawaysCount",
    "createLoyaltyPoints": "createdLoyaltyPointsCount",
    "createLoyaltyPointsEffect": "createdLoyaltyPointsEffectCount",
    "redeemLoyaltyPoints": "redeemedLoyaltyPointsCount",
    "redeemLoyaltyPointsEffect": "redeemedLoyaltyPointsEffectCount",
    "callApi": "callApiEffectCount",
}
"""Which total a limited action counts in; an action that is not named here has none."""
_OF_THE_WHOLE: Final = {"createCoupon": frozenset({"Coupon"}), "createReferral": frozenset({"Referral"})}
"""What an action may be limited by and still be the whole campaign's: what it makes. Else each has its own limit."""


def document_of(campaign: Campaign) -> CampaignDocument:
    """Return what a campaign's object says; raise NotCleanError or Problem likewise."""
    state = given_word(campaign.state)
    starts_at_ms = given_instant(campaign.startTime, "campaign.startTime")
    expires_at_ms = given_instant(campaign.endTime, "campaign.endTime")
    switched = {"enabled": True, "disabled": False}.get(state or "enabled")
    gauges = {key: stated_total(getattr(campaign, key)) for key in GAUGES}
    return CampaignDocument(
        name=label(campaign.name) or None,
        vendor_state=state,
        archived=state == "archived",
        schedule=None if switched is None else CampaignSchedule(switched, starts_at_ms, expires_at_ms),
        ruleset_id=ruleset_id_of(campaign.activeRulesetId),
        gauges=tuple(Gauge(GAUGES[key], value) for key, value in gauges.items() if value is not None),
        limits=tuple(_limit(limit, gauges) for limit in campaign.limits or ()),
    )


def differences(before: Campaign, after: Campaign) -> tuple[str, ...]:
    """Return the names of the fields that somebody edited."""
    return changed_fields(before, after, COMPARED)


def ruleset_id_of(value: int | str | None) -> str | None:
    """Return a ruleset's id; the vendor writes 0 where there is none."""
    ruleset_id = identifier(value)
    return None if ruleset_id == "0" else ruleset_id


def _limit(limit: LimitObject, gauges: dict[str, Decimal | None]) -> Limit:
    action = required_word(limit.action)
    entities = {required_word(entity) for entity in limit.entities or ()}
    whole = entities <= _OF_THE_WHOLE.get(action, frozenset())
    used = gauges.get(_LIMITED.get(action, "")) if whole else None
    return Limit(action, amount(limit.limit), given_word(limit.period), used)
