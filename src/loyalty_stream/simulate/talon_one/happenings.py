"""What happens to a campaign, or to the order of an application's campaigns, and the notification that tells it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from loyalty_stream.simulate.iso import iso_text
from loyalty_stream.simulate.talon_one.desk import Desk
from loyalty_stream.simulate.talon_one.documents import STATES, age, edit
from loyalty_stream.simulate.talon_one.notification import Notification
from loyalty_stream.simulate.talon_one.telling import Order, Word
from loyalty_stream.simulate.talon_one.world import SETS, Application, Campaign, Json, State

Maker = Callable[[Desk, Campaign], Notification | None]
"""Makes what tells of something that happens to a campaign, or returns None where it cannot happen."""

_MOVES: Final[dict[State, tuple[State, ...]]] = {
    "draft": ("scheduled", "running", "disabled"),
    "scheduled": ("running", "disabled", "archived"),
    "running": ("disabled", "expired", "expired", "archived"),
    "disabled": ("running", "scheduled", "archived"),
    "expired": ("running", "archived"),
    "archived": ("disabled",),
}


def created(desk: Desk, campaign: Campaign, priority: tuple[str, int]) -> Notification:
    """Tell of a new campaign: by its object, or by the bare word for its state."""
    draw, key = desk.draw, campaign.key
    ruleset_id = draw.between(100, 999)
    body: Json = {"ruleset": _ruleset(desk, campaign, ruleset_id)}
    if draw.chance(0.5):
        body |= {"campaign": campaign.state, "priority": {"set": priority[0], "position": priority[1]}}
        word = Word(
            kind="campaign_created", key=key, state=STATES[campaign.state], vendor_state=campaign.state,
            ruleset_id=ruleset_id, priority=priority,
        )  # fmt: skip
        return Notification("campaign_created", campaign.application, campaign, body, word, None, None)
    at_ms = desk.at(campaign.clock)
    campaign.document = campaign.document | {"created": iso_text(at_ms)}
    body["campaign"] = campaign.document
    named = draw.chance(0.3)
    if not named:
        body["priority"] = {"set": priority[0], "position": priority[1]}
    word = Word(
        kind="campaign_created", key=key, ruleset_id=ruleset_id, document=campaign.document,
        priority=(None, None) if named else priority,
    )  # fmt: skip
    return Notification("campaign_created", campaign.application, campaign, body, word, at_ms, "created", named)


def state_changed(desk: Desk, campaign: Campaign) -> Notification:
    """Tell that a campaign is in another state."""
    before = campaign.state
    campaign.state = desk.draw.pick(_MOVES[before])
    body: Json = {"campaign": None, "oldState": before, "newState": campaign.state}
    if desk.draw.chance(0.3):
        body["ruleset"] = _ruleset(desk, campaign, campaign.ruleset_id)
    word = Word(
        kind="campaign_state_changed", key=campaign.key, state=STATES[campaign.state], vendor_state=campaign.state
    )
    return _documented(desk, campaign, body, word)


def rules_changed(desk: Desk, campaign: Campaign) -> Notification:
    """Tell that a campaign has other rules; sometimes only they name the campaign, as the vendor prints it."""
    draw = desk.draw
    old = _ruleset(desk, campaign, campaign.ruleset_id)
    campaign.ruleset_id = draw.between(100, 999)
    body: Json = {"campaign": None, "oldRuleset": old, "ruleset": _ruleset(desk, campaign, campaign.ruleset_id)}
    if draw.chance(0.7):
        campaign.document = campaign.document | {"activeRulesetId": campaign.ruleset_id}
    word = Word(kind="campaign_rules_changed", key=campaign.key, ruleset_id=campaign.ruleset_id)
    told = _documented(desk, campaign, body, word)
    if draw.chance(0.2):
        told.body["campaign"] = told.body["campaign"] | {"id": 0}
    return told


def edited(desk: Desk, campaign: Campaign) -> Notification:
    """Tell that somebody edited a campaign, or that its totals have grown since."""
    body: Json = {"campaign": None, "oldCampaign": campaign.document}
    if desk.draw.chance(0.8):
        edit(desk.draw, campaign, desk.now_ms)
    if desk.draw.chance(0.3):
        body["ruleset"] = _ruleset(desk, campaign, campaign.ruleset_id)
    return _documented(desk, campaign, body, Word(kind="campaign_edited", key=campaign.key))


def deleted(desk: Desk, campaign: Campaign) -> Notification | None:
    """Tell that a campaign is deleted; a notification on its way may still name it later."""
    if campaign.deleted:
        return None
    campaign.deleted = True
    application = campaign.application
    for ids in application.sets.values():
        if campaign.id in ids:
            ids.remove(campaign.id)
    if desk.draw.chance(0.7) and campaign in application.campaigns:
        application.campaigns.remove(campaign)
    at_ms = desk.at(campaign.clock)
    body = {"campaign": campaign.document, "deletedAt": iso_text(at_ms)}
    word = Word(kind="campaign_deleted", key=campaign.key)
    return Notification("campaign_deleted", application, campaign, body, word, at_ms, "deletedAt")


def gone(desk: Desk, campaign: Campaign) -> Notification | None:
    """Let a deleted campaign be heard of for the last time."""
    if not campaign.deleted:
        return None
    if campaign in campaign.application.campaigns:
        campaign.application.campaigns.remove(campaign)
    return edited(desk, campaign)


def prioritise(desk: Desk, application: Application) -> Notification:
    """Tell the order of an application's campaigns: as positions, or as the campaigns of each set in their order."""
    draw = desk.draw
    before = {name: list(ids) for name, ids in application.sets.items()}
    ids = application.sets[draw.pick(SETS)]
    if len(ids) > 1:
        ids.append(ids.pop(draw.between(0, len(ids) - 2)))
    for program in application.programs:
        if draw.chance(0.2):
            tiers = [tier | {"minPoints": tier["minPoints"] + draw.amount(1, 40)} for tier in program["tiers"]]
            application.programs = [program | {"tiers": tiers}]
    at_ms = desk.at(application.clock)
    after = {name: list(ids) for name, ids in application.sets.items()}
    body: Json = {"application": _application(application, at_ms), "oldPriorities": before, "priorities": after}
    if draw.chance(0.7):
        body |= {"oldPrioritiesPositions": _listed(before), "prioritiesPositions": _listed(after)}
    positions = tuple((each["set"], each["position"], str(each["campaignId"])) for each in _listed(after))
    order = Order(key=application.key, positions=positions, programs=application.programs)
    return Notification("campaign_priorities_changed", application, None, body, order, at_ms, "modified")


MAKERS: Final[tuple[tuple[float, Maker], ...]] = (
    (0.25, state_changed),
    (0.15, rules_changed),
    (0.04, deleted),
    (0.10, gone),
    (1.0, edited),
)


def _documented(desk: Desk, campaign: Campaign, body: Json, word: Word) -> Notification:
    """Return a notification with the campaign's object as of now."""
    at_ms = desk.at(campaign.clock)
    age(desk.draw, campaign, at_ms)
    document = campaign.document
    word = replace(word, document=document)
    return Notification(
        word.kind, campaign.application, campaign, body | {"campaign": document}, word, at_ms, "updated"
    )


def _ruleset(desk: Desk, campaign: Campaign, ruleset_id: int) -> Json:
    return {
        "id": ruleset_id,
        "created": campaign.document["created"],
        "userId": 17,
        "rules": [
            {
                "title": "Double points",
                "condition": ["and", ["couponValid"]],
                "effects": ["catch", ["noop"], ["setDiscount", "10% off", ["*", [".", "Session", "Total"], 0.1]]],
            }
        ],
        "bindings": [],
        "rbVersion": "v2",
        "activate": True,
        "campaignId": campaign.id,
        "templateId": 6,
        "activatedAt": iso_text(desk.now_ms),
    }


def _application(application: Application, at_ms: int) -> Json:
    return {
        "id": application.id,
        "created": "2025-06-10T09:05:27.993483Z",
        "modified": iso_text(at_ms),
        "accountId": 990_417,
        "name": application.name,
        "description": "Simulated",
        "timezone": application.time_zone,
        "currency": "EUR",
        "caseSensitivity": "sensitive",
        "attributes": {},
        "limits": [],
        "campaignPriority": "universal",
        "exclusiveCampaignsStrategy": "listOrder",
        "defaultDiscountScope": "sessionTotal",
        "enableCascadingDiscounts": True,
        "enableFlattenedCartItems": True,
        "attributesSettings": {"mandatory": {"campaigns": ["channel"]}},
        "sandbox": True,
        "enablePartialDiscounts": False,
        "defaultDiscountAdditionalCostPerItemScope": "price",
        "loyaltyPrograms": application.programs,
    }


def _listed(sets: dict[str, list[int]]) -> list[Json]:
    return [
        {"set": name, "position": place, "campaignId": campaign_id}
        for name, ids in sets.items()
        for place, campaign_id in enumerate(ids, 1)
    ]
