"""Reduce partner programme events to memberships.

Links, updates and delinkings may be lost or late: an update links a membership that is not linked, and an event older
than the newest one of its membership only fills in what is still unknown of it.
Source: partnerProgramLinked, partnerProgramUpdated, partnerProgramDelinked and supplementaryMembershipExpiryReminder in
Capillary's event schema, https://docs.capillarytech.com/docs/event-schema-payload.
"""

from collections.abc import Callable
from datetime import date
from typing import Final, Never

from msgspec.structs import replace

from loyalty_stream.domains.partners.derived import PartnerMembershipChanged, PartnerMembershipExpiringSoon
from loyalty_stream.domains.partners.events import (
    PartnerProgramDelinked,
    PartnerProgramLinked,
    PartnerProgramUpdated,
    SupplementaryMembershipExpiryAnnounced,
)
from loyalty_stream.domains.partners.state import Membership, PartnersState
from loyalty_stream.model.events import CanonicalEvent, EventBody
from loyalty_stream.model.outcome import Applied, Outcome

NEVER_FROM_YEAR: Final = 2100  # vendors write a day a century ahead for `never`


def linked(
    state: PartnersState, event: CanonicalEvent, body: PartnerProgramLinked | PartnerProgramUpdated
) -> Outcome[PartnersState]:
    """Link the membership, or patch one that is linked already."""
    known = state.memberships.get(body.partner_program_id)
    if known is None or (known.state == "delinked" and not _late(event, known)):
        return _changed(state, body.partner_program_id, known, _opened(event, body, known))
    if known.state == "delinked":
        return Applied(state)
    if _late(event, known):
        return _changed(state, body.partner_program_id, known, _filled(known, body))
    return _changed(state, body.partner_program_id, known, _patched(event, body, known))


def delinked(state: PartnersState, event: CanonicalEvent, body: PartnerProgramDelinked) -> Outcome[PartnersState]:
    """End the membership, known or not; one that a newer event linked again stays."""
    known = state.memberships.get(body.partner_program_id)
    if known is not None and _late(event, known):
        return Applied(state)
    ended = Membership("delinked", event.occurred_at, _kind(body, known))
    if known is not None and known.state == "delinked":
        return Applied(state.with_membership(body.partner_program_id, ended))
    return _changed(state, body.partner_program_id, known, ended)


def expiry_announced(
    state: PartnersState, _event: CanonicalEvent, body: SupplementaryMembershipExpiryAnnounced
) -> Outcome[PartnersState]:
    """Pass the reminder on; it changes no membership."""
    expiring = PartnerMembershipExpiringSoon(body.partner_program_id, _until(body.scheduled_on), basis="vendor")
    return Applied(state, (expiring,))


REDUCERS: Final[dict[type[EventBody], Callable[[PartnersState, CanonicalEvent, Never], Outcome[PartnersState]]]] = {
    PartnerProgramLinked: linked,
    PartnerProgramUpdated: linked,
    PartnerProgramDelinked: delinked,
    SupplementaryMembershipExpiryAnnounced: expiry_announced,
}


def _changed(
    state: PartnersState, partner_program_id: str, known: Membership | None, after: Membership
) -> Outcome[PartnersState]:
    """Keep the membership; tell of it where more than the time of its newest event differs."""
    outcome = state.with_membership(partner_program_id, after)
    if known is not None and replace(known, changed_at=after.changed_at) == after:
        return Applied(outcome)
    change = PartnerMembershipChanged(
        partner_program_id,
        after.kind,
        None if known is None else known.state,
        after.state,
        after.expires_on,
        after.partner_tier,
        after.partner_tier_expires_on,
    )
    return Applied(outcome, (change,))


def _opened(
    event: CanonicalEvent, body: PartnerProgramLinked | PartnerProgramUpdated, known: Membership | None
) -> Membership:
    """Return a membership that begins, or begins anew; nothing of an earlier one but its kind is taken over."""
    return Membership(
        "linked",
        event.occurred_at,
        _kind(body, known),
        _until(body.expires_on),
        body.partner_tier,
        _until(body.partner_tier_expires_on),
    )


def _patched(
    event: CanonicalEvent, body: PartnerProgramLinked | PartnerProgramUpdated, known: Membership
) -> Membership:
    """Return the membership with what the event states."""
    return Membership(
        "linked",
        event.occurred_at,
        _kind(body, known),
        known.expires_on if body.expires_on is None else _until(body.expires_on),
        known.partner_tier if body.partner_tier is None else body.partner_tier,
        known.partner_tier_expires_on if body.partner_tier_expires_on is None else _until(body.partner_tier_expires_on),
    )


def _filled(known: Membership, body: PartnerProgramLinked | PartnerProgramUpdated) -> Membership:
    """Return the membership with what a late event states and no newer one did."""
    return replace(
        known,
        kind=body.kind if known.kind is None else known.kind,
        expires_on=_until(body.expires_on) if known.expires_on is None else known.expires_on,
        partner_tier=body.partner_tier if known.partner_tier is None else known.partner_tier,
        partner_tier_expires_on=_until(body.partner_tier_expires_on)
        if known.partner_tier_expires_on is None
        else known.partner_tier_expires_on,
    )


def _late(event: CanonicalEvent, known: Membership) -> bool:
    return event.occurred_at < known.changed_at


def _kind(
    body: PartnerProgramLinked | PartnerProgramUpdated | PartnerProgramDelinked, known: Membership | None
) -> str | None:
    return known.kind if body.kind is None and known is not None else body.kind


def _until(day: date | None) -> date | None:
    """Return the day, or None where it is so far ahead that it stands for `never`."""
    return None if day is None or day.year >= NEVER_FROM_YEAR else day
