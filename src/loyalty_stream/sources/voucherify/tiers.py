"""Voucherify's activities of loyalty tiers. Source: DOMAIN section 4. A tier is its id; its name is not read.

An end that is told as a date is that day; of one that is told as a moment, the day in the project's time zone is kept.
The campaign's own rules are asked for the term of each tier.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from loyalty_stream.domains.tiers.events import TierDowngraded, TierRenewed, TierUpgraded
from loyalty_stream.model.instants import local_day
from loyalty_stream.model.problem import Problem
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.model.zones import zone_named
from loyalty_stream.sources.instants import instant
from loyalty_stream.sources.voucherify.envelope import Header
from loyalty_stream.sources.voucherify.people import CustomerData, first_customer, id_of
from loyalty_stream.sources.voucherify.spec import Fact, Spec
from loyalty_stream.sources.voucherify.vouchers import Campaign, program_of
from loyalty_stream.sources.wire import (
    ISO_DAY_LENGTH,
    NOT_GIVEN,
    Ignored,
    Instant,
    TextIdentifier,
    Wire,
    text_identifier,
)


class Expiration(Wire):
    """When a customer's tier began and when it ends."""

    expiration_date: Instant | None = None
    customer_id: Ignored = NOT_GIVEN
    campaign_id: Ignored = NOT_GIVEN
    tier_id: Ignored = NOT_GIVEN
    start_date: Ignored = NOT_GIVEN
    created_at: Ignored = NOT_GIVEN
    updated_at: Ignored = NOT_GIVEN


class Tier(Wire):
    """A loyalty tier."""

    id: TextIdentifier | None = None
    campaign_id: TextIdentifier | None = None
    expiration: Expiration | None = None
    name: Ignored = NOT_GIVEN
    earning_rules: Ignored = NOT_GIVEN
    rewards: Ignored = NOT_GIVEN
    points: Ignored = NOT_GIVEN
    config: Ignored = NOT_GIVEN
    metadata: Ignored = NOT_GIVEN
    created_at: Ignored = NOT_GIVEN
    updated_at: Ignored = NOT_GIVEN
    object: Ignored = NOT_GIVEN


class TierData(CustomerData):
    """The data of an activity that names one tier."""

    campaign: Campaign | None = None
    loyalty_tier: Tier | None = None
    expiration_date: Instant | None = None


class MovedData(CustomerData):
    """The data of an activity that names two tiers."""

    campaign: Campaign | None = None
    loyalty_tier_from: Tier | None = None
    loyalty_tier_to: Tier | None = None


def joined(data: TierData, header: Header) -> Sequence[Fact]:
    """Make TierUpgraded from no tier."""
    program_id, tier = _program(data.campaign, data.loyalty_tier), _tier(data.loyalty_tier)
    body = TierUpgraded(program_id, None, tier, _end(data, header), header.time_zone)
    return (Fact(first_customer(id_of(data.customer)), body),)


def left(data: TierData, _header: Header) -> Sequence[Fact]:
    """Make TierDowngraded to no tier."""
    body = TierDowngraded(_program(data.campaign, data.loyalty_tier), _tier(data.loyalty_tier), None)
    return (Fact(first_customer(id_of(data.customer)), body),)


def kept(data: TierData, header: Header) -> Sequence[Fact]:
    """Make TierRenewed, of a tier that is prolonged or whose end has moved."""
    program_id, tier = _program(data.campaign, data.loyalty_tier), _tier(data.loyalty_tier)
    body = TierRenewed(program_id, tier, _end(data, header), header.time_zone)
    return (Fact(first_customer(id_of(data.customer)), body),)


def upgraded(data: MovedData, header: Header) -> Sequence[Fact]:
    """Make TierUpgraded."""
    body = TierUpgraded(*_move(data, header), header.time_zone)
    return (Fact(first_customer(id_of(data.customer)), body),)


def downgraded(data: MovedData, header: Header) -> Sequence[Fact]:
    """Make TierDowngraded."""
    body = TierDowngraded(*_move(data, header), header.time_zone)
    return (Fact(first_customer(id_of(data.customer)), body),)


def _move(data: MovedData, header: Header) -> tuple[str, str | None, str, date | None]:
    source, target = data.loyalty_tier_from, data.loyalty_tier_to
    previous = None if source is None else text_identifier(source.id)
    return _program(data.campaign, target), previous, _tier(target), _expires_on(target, header)


def _tier(tier: Tier | None) -> str:
    tier_id = None if tier is None else text_identifier(tier.id)
    if tier_id is None:
        raise Problem(DeadLetterReason.MISSING_FIELD, "the tier's id is missing")
    return tier_id


def _program(campaign: Campaign | None, tier: Tier | None) -> str:
    return program_of(campaign, None, None if tier is None else text_identifier(tier.campaign_id))


def _end(data: TierData, header: Header) -> date | None:
    own = _day(data.expiration_date, header)
    return _expires_on(data.loyalty_tier, header) if own is None else own


def _expires_on(tier: Tier | None, header: Header) -> date | None:
    return None if tier is None or tier.expiration is None else _day(tier.expiration.expiration_date, header)


def _day(text: str | None, header: Header) -> date | None:
    at = instant(text)
    if text is None or at is None:
        return None
    return date.fromisoformat(text) if len(text) == ISO_DAY_LENGTH else local_day(at, zone_named(header.time_zone))


_NAME: Final = "customer.loyalty.tier"
SPECS: Final = (
    Spec(f"{_NAME}.joined", TierData, joined, makes=(TierUpgraded,)),
    Spec(f"{_NAME}.left", TierData, left, makes=(TierDowngraded,)),
    Spec(f"{_NAME}.upgraded", MovedData, upgraded, makes=(TierUpgraded,)),
    Spec(f"{_NAME}.downgraded", MovedData, downgraded, makes=(TierDowngraded,)),
    Spec(f"{_NAME}.prolonged", TierData, kept, makes=(TierRenewed,)),
    Spec(f"{_NAME}.expiration.changed", TierData, kept, makes=(TierRenewed,)),
)
