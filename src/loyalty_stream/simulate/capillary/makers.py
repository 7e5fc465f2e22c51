"""What happens next: every maker of events, each as often as its weight says."""

from bisect import bisect
from itertools import accumulate
from typing import Final

from loyalty_stream.simulate.capillary import (
    adjustments,
    coupons,
    currencies,
    memberships,
    points,
    profiles,
    promotions,
    redemptions,
    requests,
    rewards,
    streaks,
    target_groups,
    targets,
    tiers,
)
from loyalty_stream.simulate.capillary.erasures import erase_customer
from loyalty_stream.simulate.capillary.merges import merge_customers
from loyalty_stream.simulate.capillary.stage import Maker, Stage, VendorEvent
from loyalty_stream.simulate.capillary.transfers import transfer_points

MAKERS: Final = (
    *points.MAKERS,
    *redemptions.MAKERS,
    *adjustments.MAKERS,
    *currencies.MAKERS,
    *tiers.MAKERS,
    *coupons.MAKERS,
    *streaks.MAKERS,
    *targets.MAKERS,
    *target_groups.MAKERS,
    *memberships.MAKERS,
    *promotions.MAKERS,
    *profiles.MAKERS,
    *rewards.MAKERS,
    *requests.MAKERS,
)
_WEIGHTS: Final = tuple(accumulate(weight for weight, _ in MAKERS))


def make_event(stage: Stage) -> VendorEvent:
    """Draw what happens to whom; what cannot happen to them now becomes an issue of points."""
    customer = stage.population.choose()
    return _drawn(stage)(stage, customer) or points.issue_points(stage, customer)


def _drawn(stage: Stage) -> Maker:
    options = stage.options
    point = stage.draw.unit() - options.transfer_share
    if point < 0:
        return transfer_points
    point -= options.merge_share
    if point < 0:
        return merge_customers
    point -= options.erasure_share
    if point < 0:
        return erase_customer
    _, maker = MAKERS[bisect(_WEIGHTS, stage.draw.unit() * _WEIGHTS[-1])]
    return maker
