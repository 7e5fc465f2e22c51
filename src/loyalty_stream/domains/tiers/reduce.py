"""Reduce tier events to memberships.

Tier numbers have no order that an event states, so a change goes up or down as the vendor names it. The vendor decides
on tiers: its new tier is always adopted, and where it started from another tier than ours, that is reported first.
Only what is older than a merge that decided on the tier comes too late to change it. Where the programme is a campaign
with rules for how long a tier lasts, each of its events asks there, and the answer is compared with the vendor's date.
Source: tierUpgraded, tierRenewed, tierDowngraded and tierDowngradeReminder in Capillary's event schema,
https://docs.capillarytech.com/docs/event-schema-payload.
"""

from collections.abc import Callable
from datetime import date
from typing import Final, Literal, Never

from msgspec.structs import replace

from loyalty_stream.domains.tiers import derived as out
from loyalty_stream.domains.tiers.due import last_day
from loyalty_stream.domains.tiers.events import (
    TierDowngraded,
    TierDowngradeScheduled,
    TierExpiryNeared,
    TierRenewed,
    TierUpgraded,
)
from loyalty_stream.domains.tiers.state import Membership, TiersState
from loyalty_stream.model.due import NOTHING_DUE
from loyalty_stream.model.events import CanonicalEvent, EventBody, about
from loyalty_stream.model.outcome import Applied, Outcome
from loyalty_stream.model.tier_terms import TierTermAsked, TierTermComputed, campaign_entity

_UNKNOWN: Final = Membership(tier=None)


def upgraded(state: TiersState, event: CanonicalEvent, body: TierUpgraded) -> Outcome[TiersState]:
    """Move to the higher tier; without any tier before, the customer joined."""
    membership = state.programs.get(body.program_id, _UNKNOWN)
    joined = membership.tier is None and body.previous_tier is None
    return _changed(state, event, body, "joined" if joined else "up")


def downgraded(state: TiersState, event: CanonicalEvent, body: TierDowngraded) -> Outcome[TiersState]:
    """Move to the lower tier; without any tier after, the customer left."""
    return _changed(state, event, body, "left" if body.tier is None else "down")


def renewed(state: TiersState, event: CanonicalEvent, body: TierRenewed) -> Outcome[TiersState]:
    """Adopt the renewed tier and its end date, reporting where ours was another tier."""
    membership = state.programs.get(body.program_id, _UNKNOWN)
    if event.occurred_at < membership.merged_at:
        return Applied(state)
    drift = drift_between(body.program_id, membership.tier, body.tier)
    renewal = out.TierRenewed(body.program_id, body.tier, body.expires_on)
    return Applied(
        state.with_membership(body.program_id, _told(membership, event, body.tier, body.expires_on)),
        (*drift, renewal),
        _asked(event, body, body.tier),
    )


def term_computed(state: TiersState, event: CanonicalEvent, body: TierTermComputed) -> Outcome[TiersState]:
    """Keep the last day that the campaign's rules give the tier still held, reporting where the vendor's is another."""
    membership = state.programs.get(body.program_id)
    if membership is None or membership.tier != body.tier or event.occurred_at < membership.changed_at:
        return Applied(state)
    after = state.with_membership(body.program_id, replace(membership, computed_expires_on=body.expires_on))
    ours, theirs = body.expires_on, membership.expires_on
    if ours is None or theirs is None or ours == theirs:
        return Applied(after)
    drift = out.TierDriftDetected(body.program_id, ours.isoformat(), theirs.isoformat(), "expires_on")
    return Applied(after, (drift,))


def downgrade_scheduled(state: TiersState, _event: CanonicalEvent, body: TierDowngradeScheduled) -> Outcome[TiersState]:
    """Pass the reminder on; it changes no tier, and a difference is reported once however often it is reminded."""
    membership = state.programs.get(body.program_id, _UNKNOWN)
    expiring = out.TierExpiringSoon(body.program_id, body.tier, body.scheduled_on, basis="vendor")
    drift = drift_between(body.program_id, membership.tier, body.tier)
    theirs = body.tier if drift else None
    if theirs == membership.reported_tier:
        return Applied(state, (expiring,))
    reported = replace(membership, reported_tier=theirs)
    return Applied(state.with_membership(body.program_id, reported), (*drift, expiring))


def near_expiry(state: TiersState, _event: CanonicalEvent, body: TierExpiryNeared) -> Outcome[TiersState]:
    """Remind of the last day of the tier that is held; it changes no tier."""
    membership = state.programs.get(body.program_id, _UNKNOWN)
    if membership.tier is None or last_day(membership) != body.expires_on:
        return NOTHING_DUE
    basis: Literal["own", "computed"] = "computed" if membership.expires_on is None else "own"
    return Applied(state, (out.TierExpiringSoon(body.program_id, membership.tier, body.expires_on, basis),))


REDUCERS: Final[dict[type[EventBody], Callable[[TiersState, CanonicalEvent, Never], Outcome[TiersState]]]] = {
    TierUpgraded: upgraded,
    TierDowngraded: downgraded,
    TierRenewed: renewed,
    TierDowngradeScheduled: downgrade_scheduled,
    TierTermComputed: term_computed,
    TierExpiryNeared: near_expiry,
}


def drift_between(program_id: str, ours: str | None, theirs: str | None) -> tuple[out.TierDriftDetected, ...]:
    """Return the difference where both tiers are known and differ."""
    if ours is None or theirs is None or ours == theirs:
        return ()
    return (out.TierDriftDetected(program_id, ours, theirs),)


def _changed(
    state: TiersState, event: CanonicalEvent, body: TierUpgraded | TierDowngraded, direction: out.Direction
) -> Outcome[TiersState]:
    """Adopt the event's tier; from_tier is ours where known, else the one that the event names."""
    program_id = body.program_id
    known = state.programs.get(program_id)
    membership = _UNKNOWN if known is None else known
    if event.occurred_at < membership.merged_at:
        return Applied(state)
    ours = membership.tier
    drift = drift_between(program_id, ours, body.previous_tier)
    if known is not None and ours == body.tier:
        return _unchanged(state, event, body, drift)
    from_tier = body.previous_tier if ours is None else ours
    change = out.TierChanged(program_id, direction, from_tier, body.tier, body.expires_on)
    return Applied(
        state.with_membership(program_id, _told(membership, event, body.tier, body.expires_on)),
        (*drift, change),
        _asked(event, body, body.tier),
    )


def _unchanged(
    state: TiersState,
    event: CanonicalEvent,
    body: TierUpgraded | TierDowngraded,
    drift: tuple[out.TierDriftDetected, ...],
) -> Outcome[TiersState]:
    """Take a change to the tier already held as no change; an end date that moved with it is a renewal."""
    membership = state.programs[body.program_id]
    expires_on = membership.expires_on if body.expires_on is None else body.expires_on
    held = state.with_membership(body.program_id, _told(membership, event, membership.tier, expires_on))
    asked = _asked(event, body, membership.tier)
    if membership.tier is None or expires_on == membership.expires_on:
        return Applied(held, drift, asked)
    return Applied(held, (*drift, out.TierRenewed(body.program_id, membership.tier, expires_on)), asked)


def _told(membership: Membership, event: CanonicalEvent, tier: str | None, expires_on: date | None) -> Membership:
    """Return the membership with the tier that an event tells; one told again is as new as its newest event."""
    changed_at = max(membership.changed_at, event.occurred_at) if tier == membership.tier else event.occurred_at
    return Membership(tier, expires_on, changed_at=changed_at, merged_at=membership.merged_at)


def _asked(
    event: CanonicalEvent, body: TierUpgraded | TierDowngraded | TierRenewed, tier: str | None
) -> tuple[CanonicalEvent, ...]:
    """Return the question for the term of the tier on its way to the campaign, if there is any to ask."""
    if body.term_time_zone is None or tier is None:
        return ()
    question = TierTermAsked(body.program_id, tier, event.occurred_at, body.term_time_zone, event.entity_id)
    asked = about(event, campaign_entity(body.program_id), question, customer=False)
    # Many customers ask there: the vendor's event id, which may be the same, does not tell them apart.
    return (replace(asked, source_key=f"{event.source_key}|{event.entity_id}"),)
