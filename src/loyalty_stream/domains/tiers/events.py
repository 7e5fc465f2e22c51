"""The facts about tiers, whichever vendor states them. A tier is the vendor's number or id of it, as text.

`term_time_zone` is the IANA name of the project's time zone where the programme is a campaign whose rules may say how
long its tiers last; they are asked then. It is None where no such rules exist.
"""

from datetime import date

from loyalty_stream.model.events import EventBody


class TierUpgraded(EventBody, frozen=True, gc=False, tag=True):
    """The customer reached a higher tier; `previous_tier` is None where the vendor names none."""

    program_id: str
    previous_tier: str | None
    tier: str
    expires_on: date | None = None
    term_time_zone: str | None = None


class TierDowngraded(EventBody, frozen=True, gc=False, tag=True):
    """The customer fell to a lower tier, or out of all tiers where `tier` is None."""

    program_id: str
    previous_tier: str | None
    tier: str | None
    expires_on: date | None = None
    term_time_zone: str | None = None


class TierRenewed(EventBody, frozen=True, gc=False, tag=True):
    """The customer keeps the tier for another term."""

    program_id: str
    tier: str
    expires_on: date | None = None
    term_time_zone: str | None = None


class TierExpiryNeared(EventBody, frozen=True, gc=False, tag=True):
    """By our own clock it is so many days until the last day of a tier; nothing has changed yet."""

    program_id: str
    expires_on: date
    days_ahead: int


class TierDowngradeScheduled(EventBody, frozen=True, gc=False, tag=True):
    """The vendor announced that the customer is about to lose the tier; nothing has changed yet."""

    program_id: str
    tier: str
    scheduled_on: date | None = None
