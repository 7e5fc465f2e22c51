"""What happens next: every maker of activities, each as often as its weight says."""

from bisect import bisect
from itertools import accumulate
from typing import Final

from loyalty_stream.simulate.voucherify import (
    pending,
    points,
    profiles,
    redemptions,
    rewards,
    tiers,
    vouchers,
)
from loyalty_stream.simulate.voucherify.campaigns import change_campaign
from loyalty_stream.simulate.voucherify.erasures import erase_customer
from loyalty_stream.simulate.voucherify.stage import Activity, Maker, Stage
from loyalty_stream.simulate.voucherify.transfers import transfer_points

MAKERS: Final = (
    *points.MAKERS,
    *pending.MAKERS,
    *vouchers.MAKERS,
    *redemptions.MAKERS,
    *rewards.MAKERS,
    *tiers.MAKERS,
    *profiles.MAKERS,
)
_WEIGHTS: Final = tuple(accumulate(weight for weight, _ in MAKERS))
_CAMPAIGN_SHARE: Final = 0.01


def make_activity(stage: Stage) -> Activity:
    """Draw what happens to whom; what cannot happen to them now becomes points that they earn."""
    customer = stage.population.choose()
    if stage.draw.chance(_CAMPAIGN_SHARE):
        return change_campaign(stage, customer.project)
    return _drawn(stage)(stage, customer) or points.earn_points(stage, customer)


def _drawn(stage: Stage) -> Maker:
    options = stage.options
    point = stage.draw.unit() - options.transfer_share
    if point < 0:
        return transfer_points
    if point < options.erasure_share:
        return erase_customer
    _, maker = MAKERS[bisect(_WEIGHTS, stage.draw.unit() * _WEIGHTS[-1])]
    return maker
