"""Reduce canonical events to state, a package per domain. Pure; the table of domains is explicit."""

from typing import Any, Final

from loyalty_stream.domains import (
    campaigns,
    cards,
    clearing,
    coupons,
    customers,
    executions,
    partners,
    points,
    promotions,
    requests,
    rewards,
    streaks,
    tiers,
)
from loyalty_stream.model.domain import Domain

# A domain's state type is its own business: the table holds domains of every state.
DOMAINS: Final[tuple[Domain[Any], ...]] = (
    points.DOMAIN,
    tiers.DOMAIN,
    coupons.DOMAIN,
    streaks.DOMAIN,
    promotions.DOMAIN,
    customers.DOMAIN,
    partners.DOMAIN,
    rewards.DOMAIN,
    cards.DOMAIN,
    requests.DOMAIN,
    clearing.DOMAIN,
    campaigns.DOMAIN,
    executions.DOMAIN,
)
