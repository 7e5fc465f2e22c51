"""In which order an application's campaigns are taken, and the tiers of its loyalty programmes."""

from collections.abc import Iterable
from decimal import Decimal

from msgspec import Struct


class CampaignPosition(Struct, frozen=True, gc=False):
    """The place of one campaign in one set of priorities, 1 being the first, and the vendor's name of the set."""

    set_name: str
    position: int
    campaign_id: str


class TierStep(Struct, frozen=True, array_like=True, gc=False):
    """A tier of a loyalty programme, and the points from which on a customer holds it."""

    tier_id: str
    name: str | None
    points_min: Decimal


class ProgramTiers(Struct, frozen=True, array_like=True, gc=False):
    """The tiers of one loyalty programme."""

    program_id: str
    tiers: tuple[TierStep, ...] = ()


def tier_for(tiers: Iterable[TierStep], points: Decimal) -> TierStep | None:
    """Return the highest tier that so many points reach, whatever order the tiers stand in, or None below the lowest.

    Of two tiers with the same threshold it is the one that stands first.
    """
    reached = (tier for tier in tiers if tier.points_min <= points)
    return max(reached, key=lambda tier: tier.points_min, default=None)
