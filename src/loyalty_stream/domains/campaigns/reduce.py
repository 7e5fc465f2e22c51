"""Reduce campaign events to the state of each campaign, and of each application.

The newest word counts: a document with an older time of the vendor's changes nothing. One whose time is not usable is
taken as it comes, and does not make later ones old. A campaign that is deleted stays so, though later events name it.
A state that the vendor names is adopted. Else it is computed from the schedule at the time of the document: always
where the document is all that the vendor sends, and for want of a state where it tells of moves by events of their own.
Sources: Talon.One's campaign notifications; Voucherify's campaign object.
"""

from collections.abc import Callable
from typing import Final, Never, cast

from msgspec.structs import replace

from loyalty_stream.domains.campaigns import derived as out
from loyalty_stream.domains.campaigns import events
from loyalty_stream.domains.campaigns.activity import activity_at
from loyalty_stream.domains.campaigns.budget import near_limits
from loyalty_stream.domains.campaigns.document import CampaignDocument, StateWord
from loyalty_stream.domains.campaigns.state import Application, Campaign, CampaignsState
from loyalty_stream.domains.campaigns.tier_expiry import tier_term
from loyalty_stream.model.events import CanonicalEvent, DerivedBody, EventBody, about
from loyalty_stream.model.outcome import Applied, Outcome, Rejected
from loyalty_stream.model.tier_terms import TierTermAsked, TierTermComputed
from loyalty_stream.model.zones import ZoneError

CampaignOutcome = Outcome[CampaignsState]


def created(state: CampaignsState, event: CanonicalEvent, body: events.CampaignCreated) -> CampaignOutcome:
    """Keep the new campaign and tell its first state."""
    if _is_late(state.campaign, event):
        return Applied(state)
    campaign = replace(
        state.campaign,
        ruleset_id=body.ruleset_id or state.campaign.ruleset_id,
        priority_set=body.priority_set,
        priority_position=body.priority_position,
    )
    word = body.state or state.campaign.state
    return _adopted(event, body.campaign_id, campaign, body.document, (word, body.vendor_state))


def state_moved(state: CampaignsState, event: CanonicalEvent, body: events.CampaignStateMoved) -> CampaignOutcome:
    """Adopt the state that the vendor names, and the document; tell where it is another state."""
    if _is_late(state.campaign, event):
        return Applied(state)
    before = state.campaign.state or body.previous_state
    campaign = replace(state.campaign, state=before)
    return _adopted(event, body.campaign_id, campaign, body.document, (body.state, body.vendor_state))


def rules_replaced(state: CampaignsState, event: CanonicalEvent, body: events.CampaignRulesReplaced) -> CampaignOutcome:
    """Keep the id of the new rules and the document, and tell that the rules changed."""
    if _is_late(state.campaign, event):
        return Applied(state)
    campaign = replace(state.campaign, ruleset_id=body.ruleset_id or state.campaign.ruleset_id)
    changed = (out.CampaignDefinitionChanged(body.campaign_id, ("ruleset",)),)
    return _adopted(event, body.campaign_id, campaign, body.document, _known(campaign, body.document), changed)


def edited(state: CampaignsState, event: CanonicalEvent, body: events.CampaignEdited) -> CampaignOutcome:
    """Adopt the document, and tell the names of the fields that the vendor's two versions differ in."""
    if _is_late(state.campaign, event):
        return Applied(state)
    changed = (out.CampaignDefinitionChanged(body.campaign_id, body.changed),) if body.changed else ()
    return _adopted(
        event, body.campaign_id, state.campaign, body.document, _known(state.campaign, body.document), changed
    )


def version_stated(state: CampaignsState, event: CanonicalEvent, body: events.CampaignVersionStated) -> CampaignOutcome:
    """Adopt the document, compute the state from it, and tell what differs from the version before."""
    if _is_late(state.campaign, event):
        return Applied(state)
    names = _differences(state.campaign.document, body.document)
    changed = (out.CampaignDefinitionChanged(body.campaign_id, names),) if names else ()
    return _adopted(event, body.campaign_id, state.campaign, body.document, (None, None), changed)


def removed(state: CampaignsState, event: CanonicalEvent, body: events.CampaignRemoved) -> CampaignOutcome:
    """Mark the campaign as deleted for good, whatever else was heard of it, and tell so once."""
    campaign = state.campaign
    if campaign.deleted_at is not None:
        return Applied(state)
    newest = max(campaign.version_at, _version_at(campaign, event))
    gone = Campaign(campaign.state, campaign.vendor_state, newest, deleted_at=event.occurred_at)
    told = out.CampaignDeleted(body.campaign_id, campaign.state, event.occurred_at)
    return Applied(CampaignsState(gone, state.application), (told,))


def priorities_set(state: CampaignsState, event: CanonicalEvent, body: events.CampaignPrioritiesSet) -> CampaignOutcome:
    """Keep the order of an application's campaigns and its programmes' tiers; tell where the order is another."""
    known = state.application
    if known is not None and event.vendor_timed and event.occurred_at < known.version_at:
        return Applied(state)
    version_at = 0 if known is None else known.version_at
    application = Application(
        body.positions,
        {**({} if known is None else known.programs), **{each.program_id: each.tiers for each in body.programs}},
        event.occurred_at if event.vendor_timed else version_at,
    )
    after = CampaignsState(state.campaign, application)
    previous = (body.previous or ()) if known is None else known.positions
    if previous == body.positions:
        return Applied(after)
    return Applied(after, (out.CampaignPriorityChanged(body.application_id, body.positions, previous),))


def term_asked(state: CampaignsState, event: CanonicalEvent, body: TierTermAsked) -> CampaignOutcome:
    """Answer how long the customer's tier lasts by the campaign's rules; without such rules there is no answer."""
    document = state.campaign.document
    if document is None or document.tier_expiry is None:
        return Applied(state)
    try:
        term = tier_term(document.tier_expiry, body.reached_at, body.time_zone)
    except ZoneError as error:
        return Rejected(error.reason, f"the project's time zone: {error}")
    computed = TierTermComputed(body.program_id, body.tier, term.starts_at_ms, term.expires_on)
    answer = about(event, body.customer_id, computed, customer=True)
    # It meets the event that asked in one row: the suffix tells the two apart.
    return Applied(state, (), (replace(answer, source_key=f"{event.source_key}|term"),))


REDUCERS: Final[dict[type[EventBody], Callable[[CampaignsState, CanonicalEvent, Never], CampaignOutcome]]] = {
    events.CampaignCreated: created,
    events.CampaignStateMoved: state_moved,
    events.CampaignRulesReplaced: rules_replaced,
    events.CampaignEdited: edited,
    events.CampaignVersionStated: version_stated,
    events.CampaignRemoved: removed,
    events.CampaignPrioritiesSet: priorities_set,
    TierTermAsked: term_asked,
}


def _is_late(campaign: Campaign, event: CanonicalEvent) -> bool:
    older = event.vendor_timed and event.occurred_at < campaign.version_at
    return older or campaign.deleted_at is not None


def _version_at(campaign: Campaign, event: CanonicalEvent) -> int:
    return event.occurred_at if event.vendor_timed else campaign.version_at


def _known(campaign: Campaign, document: CampaignDocument) -> tuple[StateWord | None, str | None]:
    """Return the state that a campaign keeps while another event than its own tells of its document."""
    return ("archived", None) if document.archived else (campaign.state, campaign.vendor_state)


def _adopted(
    event: CanonicalEvent,
    campaign_id: str,
    campaign: Campaign,
    document: CampaignDocument | None,
    words: tuple[StateWord | None, str | None],
    changed: tuple[DerivedBody, ...] = (),
) -> CampaignOutcome:
    """Return the campaign with a new document and state; without a word for the state it is computed."""
    word, vendor_state = words
    try:
        word = _computed(document, event.occurred_at) if word is None else word
    except ZoneError as error:
        return Rejected(error.reason, f"the project's time zone: {error}")
    if vendor_state is None and document is not None:
        vendor_state = document.vendor_state
    near, crossed = near_limits(campaign_id, campaign.near, document)
    after = Campaign(
        campaign.state if word is None else word,
        vendor_state,
        _version_at(campaign, event),
        campaign.document if document is None else document,
        (None if document is None else document.ruleset_id) or campaign.ruleset_id,
        campaign.priority_set,
        campaign.priority_position,
        near,
    )
    moved: tuple[DerivedBody, ...] = ()
    if word is not None and word != campaign.state:
        moved = (out.CampaignStateChanged(campaign_id, campaign.state, word, vendor_state),)
    return Applied(CampaignsState(after), (*moved, *changed, *crossed))


def _computed(document: CampaignDocument | None, at_ms: int) -> StateWord | None:
    if document is None:
        return None
    if document.archived:
        return "archived"
    if document.schedule is None:
        return None
    return cast("StateWord", str(activity_at(document.schedule, at_ms, document.time_zone)))


def _differences(before: CampaignDocument | None, after: CampaignDocument) -> tuple[str, ...]:
    """Return the names of the fields whose digests differ, those that came or went included, in their order."""
    if before is None or before.digests is None or after.digests is None:
        return ()
    older = {field.name: field.digest for field in before.digests}
    newer = {field.name: field.digest for field in after.digests}
    return tuple(name for name in dict.fromkeys([*newer, *older]) if newer.get(name) != older.get(name))
