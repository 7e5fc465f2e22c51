"""What travels between a customer who reached a tier and the campaign whose rules say how long a tier lasts."""

from datetime import date

from loyalty_stream.model.events import EventBody


class TierTermAsked(EventBody, frozen=True, gc=False, tag=True):
    """A customer reached a tier of a campaign: how long it lasts there is asked; `time_zone` is the project's."""

    program_id: str
    tier: str
    reached_at: int
    time_zone: str
    customer_id: str


class TierTermComputed(EventBody, frozen=True, gc=False, tag=True):
    """A campaign's rules give a tier's term; `expires_on` is its last day, None where it has no date."""

    program_id: str
    tier: str
    starts_at: int
    expires_on: date | None


def campaign_entity(campaign_id: str) -> str:
    """Return the entity at which a campaign's state and rules are kept."""
    return f"campaign/{campaign_id}"


def application_entity(application_id: str) -> str:
    """Return the entity at which what campaigns of one application share is kept."""
    return f"application/{application_id}"
