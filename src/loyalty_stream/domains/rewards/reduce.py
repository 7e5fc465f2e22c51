"""Reduce reward events to the catalogue and to what customers were given.

An update may name only what changed, so what it leaves out stays. Of two statements the later one by the vendor's own
time holds; one that comes late fills in what is not known. A reward that is issued moves no points: the debit is an
event of its own (DESIGN rule 7).
Source: rewardCreated, rewardUpdated, rewardIssued, issueRewardFailure and rewardExpiryReminder in
https://docs.capillarytech.com/docs/event-schema-payload.
"""

from collections.abc import Callable
from typing import Final, Never

from loyalty_stream.domains.rewards import derived as out
from loyalty_stream.domains.rewards.events import (
    RewardCreated,
    RewardExpiryAnnounced,
    RewardIssued,
    RewardIssueFailed,
    RewardUpdated,
    Terms,
)
from loyalty_stream.domains.rewards.state import Grant, Offer, RewardsState
from loyalty_stream.model.events import CanonicalEvent, EventBody
from loyalty_stream.model.outcome import Applied, Outcome


def created(state: RewardsState, event: CanonicalEvent, body: RewardCreated) -> Outcome[RewardsState]:
    """Put the reward into the catalogue; what a later update said of it, if it came first, stays."""
    return _offered(state, event.occurred_at, body, "created")


def updated(state: RewardsState, event: CanonicalEvent, body: RewardUpdated) -> Outcome[RewardsState]:
    """Change the reward's terms, known before or not."""
    return _offered(state, event.occurred_at, body, "updated")


def expiry_announced(state: RewardsState, _event: CanonicalEvent, body: RewardExpiryAnnounced) -> Outcome[RewardsState]:
    """Pass the reminder on; it changes no terms."""
    return Applied(state, (out.RewardExpiringSoon(body.reward_id, body.ends_on, basis="vendor"),))


def issued(state: RewardsState, event: CanonicalEvent, body: RewardIssued) -> Outcome[RewardsState]:
    """Count the grant and keep its details; a customer may be given one reward many times."""
    known = state.grants.get(body.reward_id)
    grant = Grant(
        times=1 if known is None else known.times + 1,
        issued_at=event.occurred_at,
        points_price=body.points_price,
        coupon_code_hash=body.coupon_code_hash,
        code_expires_at=body.code_expires_at,
    )
    told = out.RewardIssued(body.reward_id, body.points_price, body.coupon_code_hash, body.code_expires_at)
    return Applied(state.with_grant(body.reward_id, grant), (told,))


def issue_failed(state: RewardsState, _event: CanonicalEvent, body: RewardIssueFailed) -> Outcome[RewardsState]:
    """Tell of each reward that was not given; nothing was held, so nothing is released."""
    failures = (
        out.RewardIssueFailed(reward.reward_id, body.total_points, reward.error_code, reward.error_reason)
        for reward in body.rewards
    )
    return Applied(state, tuple(failures))


REDUCERS: Final[dict[type[EventBody], Callable[[RewardsState, CanonicalEvent, Never], Outcome[RewardsState]]]] = {
    RewardCreated: created,
    RewardUpdated: updated,
    RewardExpiryAnnounced: expiry_announced,
    RewardIssued: issued,
    RewardIssueFailed: issue_failed,
}


def _offered(
    state: RewardsState, stated_at: int, body: RewardCreated | RewardUpdated, change: out.Change
) -> Outcome[RewardsState]:
    known = state.offer
    given = _offer(stated_at, body.terms)
    if known is None:
        offer = given
    elif stated_at >= known.changed_at:
        offer = _filled(given, known)
    else:
        offer = _filled(known, given)
    told = out.RewardCatalogChanged(
        body.reward_id,
        change,
        offer.price,
        offer.reward_type,
        offer.enabled,
        offer.valid_from,
        offer.valid_to,
        offer.priority,
    )
    return Applied(RewardsState(offer, state.grants), (told,))


def _offer(stated_at: int, terms: Terms) -> Offer:
    return Offer(
        stated_at,
        terms.price,
        terms.reward_type,
        terms.enabled,
        terms.valid_from,
        terms.valid_to,
        terms.priority,
    )


def _filled(newer: Offer, older: Offer) -> Offer:
    """Return the newer terms, and the older ones where the newer say nothing."""
    return Offer(
        newer.changed_at,
        older.price if newer.price is None else newer.price,
        older.reward_type if newer.reward_type is None else newer.reward_type,
        older.enabled if newer.enabled is None else newer.enabled,
        older.valid_from if newer.valid_from is None else newer.valid_from,
        older.valid_to if newer.valid_to is None else newer.valid_to,
        older.priority if newer.priority is None else newer.priority,
    )
