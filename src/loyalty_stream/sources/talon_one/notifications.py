"""What each of Talon.One's six campaign notifications says. Source: DOMAIN section 5.

A campaign's id is `campaign.id`. Where that is missing or 0, as printed, it is the `campaignId` of the rules, unless
that is 0 too: the vendor counts from 1. Only where nothing else names the campaign, 0 is taken as it stands.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from loyalty_stream.domains.campaigns import events
from loyalty_stream.domains.campaigns.document import StateWord
from loyalty_stream.model.events import EventBody
from loyalty_stream.model.problem import Problem
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.model.tier_terms import application_entity, campaign_entity
from loyalty_stream.sources.instants import vendor_time
from loyalty_stream.sources.talon_one.application import positions_of, programs_of
from loyalty_stream.sources.talon_one.campaign import STATES, Campaign, differences, document_of, ruleset_id_of
from loyalty_stream.sources.talon_one.envelope import Notification, campaign_of, ruleset_of
from loyalty_stream.sources.wire import given_word, identifier, required_identifier


class Fact(NamedTuple):
    """What one notification says: of which entity, what, and when, None where its time is not usable.

    `timed` is false where the vendor's body has no field for the time at all.
    """

    entity_id: str
    body: EventBody
    at_ms: int | None
    timed: bool = True


def created(notification: Notification) -> Fact:
    """Make CampaignCreated from an object, or from the bare word for the state."""
    campaign = campaign_of(notification)
    campaign_id = _campaign_id(notification, campaign)
    ruleset = ruleset_of(notification)
    ruleset_id = None if ruleset is None else ruleset_id_of(ruleset.id)
    priority = notification.priority
    place = (None, None) if priority is None else (given_word(priority.set_name), priority.position)
    if isinstance(campaign, Campaign):
        document = document_of(campaign)
        body = events.CampaignCreated(campaign_id, None, None, ruleset_id, *place, document)
        return Fact(campaign_entity(campaign_id), body, vendor_time(campaign.updated or campaign.created))
    state = _state(campaign, "campaign")
    return Fact(
        campaign_entity(campaign_id),
        events.CampaignCreated(campaign_id, state, campaign, ruleset_id, *place),
        None,
        timed=False,
    )


def state_changed(notification: Notification) -> Fact:
    """Make CampaignStateMoved; an old state that is no word of the vendor's states nothing."""
    campaign = _campaign(notification)
    campaign_id = _campaign_id(notification, campaign)
    word = given_word(notification.newState)
    previous = STATES.get(given_word(notification.oldState) or "")
    body = events.CampaignStateMoved(campaign_id, previous, _state(word, "newState"), word or "", document_of(campaign))
    return _stated(campaign_id, body, campaign)


def rules_changed(notification: Notification) -> Fact:
    """Make CampaignRulesReplaced."""
    campaign = _campaign(notification)
    campaign_id = _campaign_id(notification, campaign)
    ruleset = ruleset_of(notification)
    ruleset_id = None if ruleset is None else ruleset_id_of(ruleset.id)
    return _stated(campaign_id, events.CampaignRulesReplaced(campaign_id, ruleset_id, document_of(campaign)), campaign)


def edited(notification: Notification) -> Fact:
    """Make CampaignEdited with the names of the fields that the two versions differ in."""
    campaign = _campaign(notification)
    campaign_id = _campaign_id(notification, campaign)
    before = notification.oldCampaign
    if before is None:
        raise Problem(DeadLetterReason.MISSING_FIELD, "oldCampaign is missing")
    body = events.CampaignEdited(campaign_id, differences(before, campaign), document_of(campaign))
    return _stated(campaign_id, body, campaign)


def deleted(notification: Notification) -> Fact:
    """Make CampaignRemoved."""
    campaign_id = _campaign_id(notification, _campaign(notification))
    body = events.CampaignRemoved(campaign_id)
    return Fact(campaign_entity(campaign_id), body, vendor_time(notification.deletedAt))


def priorities_changed(notification: Notification) -> Fact:
    """Make CampaignPrioritiesSet of an application; its programmes' tiers come along."""
    application = notification.application
    if application is None:
        raise Problem(DeadLetterReason.MISSING_FIELD, "application is missing")
    application_id = required_identifier(application.id)
    positions = positions_of(notification.prioritiesPositions, notification.priorities, "priorities")
    if positions is None:
        raise Problem(DeadLetterReason.MISSING_FIELD, "priorities is missing")
    previous = positions_of(notification.oldPrioritiesPositions, notification.oldPriorities, "oldPriorities")
    body = events.CampaignPrioritiesSet(application_id, positions, previous, programs_of(application))
    return Fact(application_entity(application_id), body, vendor_time(application.modified))


READERS: Final[dict[str, tuple[type[EventBody], Callable[[Notification], Fact]]]] = {
    "campaign_created": (events.CampaignCreated, created),
    "campaign_state_changed": (events.CampaignStateMoved, state_changed),
    "campaign_rules_changed": (events.CampaignRulesReplaced, rules_changed),
    "campaign_edited": (events.CampaignEdited, edited),
    "campaign_deleted": (events.CampaignRemoved, deleted),
    "campaign_priorities_changed": (events.CampaignPrioritiesSet, priorities_changed),
}
"""The six notifications by the name that we give them."""


def _stated(campaign_id: str, body: EventBody, campaign: Campaign) -> Fact:
    return Fact(campaign_entity(campaign_id), body, vendor_time(campaign.updated))


def _campaign(notification: Notification) -> Campaign:
    campaign = campaign_of(notification)
    if not isinstance(campaign, Campaign):
        raise Problem(DeadLetterReason.MISSING_FIELD, "campaign is missing, or is no object")
    return campaign


def _campaign_id(notification: Notification, campaign: Campaign | str | None) -> str:
    ruleset = ruleset_of(notification)
    ids = (
        identifier(campaign.id) if isinstance(campaign, Campaign) else None,
        None if ruleset is None else identifier(ruleset.campaignId),
    )
    given = [campaign_id for campaign_id in ids if campaign_id is not None]
    campaign_id = next((campaign_id for campaign_id in given if campaign_id != "0"), "0" if given else None)
    if campaign_id is None:
        raise Problem(DeadLetterReason.MISSING_FIELD, "neither campaign.id nor ruleset.campaignId is given")
    return campaign_id


def _state(word: str | None, path: str) -> StateWord:
    if word is None:
        raise Problem(DeadLetterReason.MISSING_FIELD, f"{path} is missing")
    state = STATES.get(word)
    if state is None:
        raise Problem(DeadLetterReason.WRONG_TYPE, f"{path} is no state of a campaign")
    return state
