"""What is published about tiers."""

from datetime import date
from typing import Literal

from loyalty_stream.model.events import DerivedBody

Direction = Literal["up", "down", "joined", "left"]


class TierChanged(DerivedBody, frozen=True, gc=False):
    """A customer moved to another tier, into the first one or out of all."""

    program_id: str
    direction: Direction
    from_tier: str | None
    to_tier: str | None
    expires_on: date | None


class TierRenewed(DerivedBody, frozen=True, gc=False):
    """A customer keeps the tier with a new end date."""

    program_id: str
    tier: str
    expires_on: date | None


class TierExpiringSoon(DerivedBody, frozen=True, gc=False):
    """A tier is about to be lost; `scheduled_on` is None where the vendor gave no usable date.

    `basis` is `vendor` where the vendor announces it. By our own clock it is `own` where the date is the end that the
    vendor gave the tier, and `computed` where the campaign's rules give it.
    """

    program_id: str
    tier: str
    scheduled_on: date | None
    basis: Literal["vendor", "own", "computed"]


class TierDriftDetected(DerivedBody, frozen=True, gc=False):
    """The vendor names another tier than the one that we hold, or another last day than its own rules give."""

    program_id: str
    ours: str
    theirs: str
    field: Literal["tier", "expires_on"] = "tier"
