"""The vendor's campaign object: how it begins, what somebody edits, and its totals, which only grow."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from loyalty_stream.simulate.draw import DAY_MS, Draw
from loyalty_stream.simulate.iso import iso_text
from loyalty_stream.simulate.talon_one.world import Application, Campaign, Json, State

ARCHIVED: Final = "archived"
SWITCHES: Final[dict[State, str]] = {
    "draft": "disabled",
    "scheduled": "enabled",
    "running": "enabled",
    "disabled": "disabled",
    "expired": "enabled",
    "archived": ARCHIVED,
}
"""The word of a campaign's object for each state that a notification names: another vocabulary."""
STATES: Final[dict[State, str]] = {
    "draft": "draft",
    "scheduled": "not_started",
    "running": "active",
    "disabled": "disabled",
    "expired": "expired",
    "archived": "archived",
}
"""What we call each state that a notification names."""
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
"""What we call each of the vendor's totals."""
_AMOUNTS: Final = frozenset({"discountCount", "createdLoyaltyPointsCount", "redeemedLoyaltyPointsCount"})
_FIELDS: Final = ("coupons", "referrals", "loyalty", "giveaways", "freeItems")
_NAMES: Final = ("Double points", "Welcome voucher", "Refer a friend", "Free coffee", "Weekend tenner", "Spring sale")
_LIMITS: Final[tuple[tuple[str, str | None, list[str], str | None], ...]] = (
    ("createCoupon", "yearly", ["Coupon"], "couponCreationCount"),
    ("createLoyaltyPoints", None, [], "createdLoyaltyPointsCount"),
    ("redeemCoupon", None, ["Profile"], None),  # one for each customer has no total
    ("redeemCoupon", "monthly", [], "couponRedemptionCount"),
    ("setDiscount", "daily", [], "discountCount"),
    ("callApi", None, [], "callApiEffectCount"),
    ("redeemReferral", None, ["Profile", "Identifier"], None),
    ("spendBudget", None, [], None),  # no total is known to count it
)
"""A limited action, its period, what it is limited by, and which total counts it."""
USED: Final = {(action, period, tuple(by)): total for action, period, by, total in _LIMITS}


def new_document(draw: Draw, application: Application, campaign_id: int, state: State, now_ms: int) -> Json:
    """Return a campaign as it is created; its dates are such that they fit its state."""
    starts_ms, ends_ms = _dates(draw, state, now_ms)
    return {
        "id": campaign_id,
        "created": iso_text(now_ms),
        "applicationId": application.id,
        "userId": draw.between(3, 40),
        "name": f"{draw.pick(_NAMES)} {campaign_id}",
        "description": draw.pick(("Made in the office", "For the app only", None)),
        "startTime": None if starts_ms is None else iso_text(starts_ms),
        "endTime": None if ends_ms is None else iso_text(ends_ms),
        "attributes": {"channel": draw.pick(("app", "web", "till")), "wave": draw.between(1, 9), "owner": None},
        "state": SWITCHES[state],
        "activeRulesetId": 0 if draw.chance(0.1) else draw.between(100, 999),
        "tags": ["simulated"],
        "features": ["coupons", "loyalty"],
        "couponSettings": {"validCharacters": ["X", "Y", "7"], "couponPattern": "FALL-####"},
        "referralSettings": {"validCharacters": ["X", "Y", "7"], "couponPattern": "REF-####"},
        "limits": _limits(draw, dict.fromkeys(GAUGES, Decimal(0))),
        "campaignGroups": [draw.between(1, 9)],
        **{field: Decimal(0) if field in _AMOUNTS else 0 for field in GAUGES},
        "lastActivity": None,
        "updated": None,
        "createdBy": "Erika Mustermann",
        "updatedBy": "max.muster@example.org",
        "templateId": draw.pick((6, None)),
    }


def age(draw: Draw, campaign: Campaign, at_ms: int) -> None:
    """Let a campaign have totals and a time of its own: no two of its documents are the same."""
    document = dict(campaign.document)
    document["couponRedemptionCount"] += draw.between(1, 9)
    for field in GAUGES:
        if field != "couponRedemptionCount" and draw.chance(0.3):
            document[field] += draw.amount(1, 90) if field in _AMOUNTS else draw.between(1, 20)
    document["updated"] = document["lastActivity"] = iso_text(at_ms)
    document["state"] = SWITCHES[campaign.state]
    campaign.document = document


def edit(draw: Draw, campaign: Campaign, now_ms: int) -> None:
    """Let somebody change one to three fields of a campaign."""
    document = dict(campaign.document)
    for _ in range(draw.between(1, 3)):
        field, change = draw.pick(_EDITS)
        document[field] = change(draw, document, now_ms)
    campaign.document = document


_EDITS: Final[tuple[tuple[str, Callable[[Draw, Json, int], object]], ...]] = (
    ("name", lambda draw, document, _: f"{draw.pick(_NAMES)} {document['id']}"),
    ("description", lambda draw, _document, _now: f"Wave {draw.between(1, 9)}"),
    ("endTime", lambda draw, _, now_ms: iso_text(now_ms + draw.between(10, 90) * DAY_MS)),
    ("attributes", lambda draw, document, _: document["attributes"] | {"wave": draw.between(1, 9)}),
    ("tags", lambda draw, _document, _now: ["simulated", f"t{draw.between(1, 5)}"]),
    ("features", lambda draw, _document, _now: ["loyalty", draw.pick(_FIELDS)]),
    ("couponSettings", lambda draw, _document, _now: {"couponPattern": f"C{draw.between(1, 9)}-####"}),
    ("referralSettings", lambda draw, _document, _now: {"couponPattern": f"R{draw.between(1, 9)}-####"}),
    ("campaignGroups", lambda draw, _document, _now: [draw.between(1, 9), draw.between(10, 19)]),
    ("limits", lambda draw, document, _: _limits(draw, document)),
)


def _limits(draw: Draw, totals: Json) -> list[Json]:
    """Return some limits, each action and period once; of those that are counted some are soon used up."""
    chosen = {draw.pick(_LIMITS)[:2] for _ in range(draw.between(0, 3))}
    limits: list[Json] = []
    for action, period, entities, total in _LIMITS:
        if (action, period) not in chosen:
            continue
        amount = Decimal(1 if total is None else int(totals[total]) + draw.between(1, 60))
        limit: Json = {"action": action, "limit": amount, "period": period, "entities": entities}
        if period is None:
            del limit["period"]
        limits.append(limit)
    return limits


def _dates(draw: Draw, state: State, now_ms: int) -> tuple[int | None, int | None]:
    if state == "scheduled":
        return now_ms + 5 * DAY_MS, now_ms + draw.between(10, 60) * DAY_MS
    if state == "expired":
        return now_ms - 60 * DAY_MS, now_ms - draw.between(1, 20) * DAY_MS
    starts_ms = None if draw.chance(0.2) else now_ms - draw.between(1, 20) * DAY_MS
    return starts_ms, None if draw.chance(0.2) else now_ms + draw.between(10, 60) * DAY_MS
