"""Capillary's tier events. Source: DOMAIN 3.4. A tier is its number; its name is only in the programme's details."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from loyalty_stream.domains.tiers.events import TierDowngraded, TierDowngradeScheduled, TierRenewed, TierUpgraded
from loyalty_stream.model.problem import RepairKind, Repairs
from loyalty_stream.sources.capillary.envelope import Header
from loyalty_stream.sources.capillary.spec import CustomerData, Part, Spec, customer_of
from loyalty_stream.sources.wire import NOT_GIVEN, Identifier, Ignored, identifier, required_identifier


class TierData(CustomerData, kw_only=True):
    """What every tier event's data holds."""

    loyaltyProgramId: Identifier
    triggeringActivity: Ignored = NOT_GIVEN
    notes: Ignored = NOT_GIVEN


class UpgradedData(TierData):
    """The data of `tierUpgraded`."""

    upgradedTierNumber: Identifier
    previousTierNumber: Identifier | None = None
    tierExpiryDate: date | None = None
    upgradeType: Ignored = NOT_GIVEN


class DowngradedData(TierData):
    """The data of `tierDowngraded`."""

    downgradedTierNumber: Identifier
    previousTierNumber: Identifier | None = None
    tierExpiryDate: date | None = None
    downgradeType: Ignored = NOT_GIVEN


class RenewedData(TierData):
    """The data of `tierRenewed`."""

    currentTierNumber: Identifier
    tierExpiryDate: date | None = None
    renewType: Ignored = NOT_GIVEN


class DowngradeReminderData(TierData):
    """The data of `tierDowngradeReminder`."""

    currentTierNumber: Identifier
    scheduledDowngradeDate: date | None = None


def upgraded(data: UpgradedData, _header: Header, repairs: Repairs) -> Sequence[Part]:
    """Make TierUpgraded."""
    body = TierUpgraded(
        required_identifier(data.loyaltyProgramId),
        identifier(data.previousTierNumber),
        required_identifier(data.upgradedTierNumber),
        data.tierExpiryDate,
    )
    _check(body, repairs)
    return (Part(customer_of(data), body),)


def downgraded(data: DowngradedData, _header: Header, repairs: Repairs) -> Sequence[Part]:
    """Make TierDowngraded."""
    body = TierDowngraded(
        required_identifier(data.loyaltyProgramId),
        identifier(data.previousTierNumber),
        required_identifier(data.downgradedTierNumber),
        data.tierExpiryDate,
    )
    _check(body, repairs)
    return (Part(customer_of(data), body),)


def renewed(data: RenewedData, _header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make TierRenewed."""
    body = TierRenewed(
        required_identifier(data.loyaltyProgramId), required_identifier(data.currentTierNumber), data.tierExpiryDate
    )
    return (Part(customer_of(data), body),)


def downgrade_scheduled(data: DowngradeReminderData, _header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make TierDowngradeScheduled; a reminder changes no tier."""
    body = TierDowngradeScheduled(
        required_identifier(data.loyaltyProgramId),
        required_identifier(data.currentTierNumber),
        data.scheduledDowngradeDate,
    )
    return (Part(customer_of(data), body),)


def _check(body: TierUpgraded | TierDowngraded, repairs: Repairs) -> None:
    if body.tier == body.previous_tier:
        repairs.append(RepairKind.SAME_TIER)


SPECS: Final = (
    Spec("tierUpgraded", UpgradedData, upgraded, makes=(TierUpgraded,)),
    Spec("tierRenewed", RenewedData, renewed, makes=(TierRenewed,)),
    Spec("tierDowngraded", DowngradedData, downgraded, makes=(TierDowngraded,)),
    Spec("tierDowngradeReminder", DowngradeReminderData, downgrade_scheduled, makes=(TierDowngradeScheduled,)),
)
