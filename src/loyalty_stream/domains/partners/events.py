"""The facts about a customer's partner programmes, whichever vendor states them.

What an event leaves as None it does not state. A day in the far future is how vendors write `never`; it is handed on as
written.
"""

from datetime import date

from loyalty_stream.model.events import EventBody


class PartnerProgramLinked(EventBody, frozen=True, gc=False, tag=True):
    """The customer became a member of a partner programme; `kind` is the vendor's kind of programme, in lower case."""

    program_id: str | None
    partner_program_id: str
    kind: str | None = None
    expires_on: date | None = None
    partner_tier: str | None = None
    partner_tier_expires_on: date | None = None


class PartnerProgramUpdated(EventBody, frozen=True, gc=False, tag=True):
    """Something about the membership changed; what is None stays as it is."""

    program_id: str | None
    partner_program_id: str
    kind: str | None = None
    expires_on: date | None = None
    partner_tier: str | None = None
    partner_tier_expires_on: date | None = None


class PartnerProgramDelinked(EventBody, frozen=True, gc=False, tag=True):
    """The customer is no longer a member of the partner programme."""

    program_id: str | None
    partner_program_id: str
    kind: str | None = None


class SupplementaryMembershipExpiryAnnounced(EventBody, frozen=True, gc=False, tag=True):
    """The vendor announced that the membership is about to expire; nothing has changed yet."""

    program_id: str | None
    partner_program_id: str
    scheduled_on: date | None = None
