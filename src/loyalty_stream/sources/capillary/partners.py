"""Capillary's partner programme events. Source: DOMAIN 3.5. A membership's number names a person and is not read."""

from collections.abc import Sequence
from datetime import date
from typing import Final, TypeVar

from loyalty_stream.domains.partners.events import (
    PartnerProgramDelinked,
    PartnerProgramLinked,
    PartnerProgramUpdated,
    SupplementaryMembershipExpiryAnnounced,
)
from loyalty_stream.model.problem import Repairs
from loyalty_stream.sources.capillary.envelope import Header
from loyalty_stream.sources.capillary.spec import CustomerData, Part, Spec, customer_of
from loyalty_stream.sources.wire import (
    NOT_GIVEN,
    Identifier,
    Ignored,
    Name,
    Wire,
    given_word,
    identifier,
    required_identifier,
)

Stated = TypeVar("Stated", PartnerProgramLinked, PartnerProgramUpdated)


class PartnerData(CustomerData, kw_only=True):
    """What every partner programme event's data holds."""

    partnerProgramId: Identifier
    loyaltyProgramId: Identifier | None = None
    partnerProgramType: Name | None = None
    partnerProgramName: Ignored = NOT_GIVEN
    triggeringActivity: Ignored = NOT_GIVEN


class Details(Wire):
    """What is said of a membership; a supplementary one has an end, one of another company's programme a tier."""

    membershipExpiryDate: date | None = None
    partnerTierNumber: Identifier | None = None
    partnerTierExpiryDate: date | None = None
    membershipNumber: Ignored = NOT_GIVEN


class LinkedData(PartnerData):
    """The data of `partnerProgramLinked`."""

    customerPartnerProgramDetails: Details | None = None


class UpdatedData(LinkedData):
    """The data of `partnerProgramUpdated`."""

    updateType: Ignored = NOT_GIVEN


class ReminderData(PartnerData):
    """The data of `supplementaryMembershipExpiryReminder`."""

    scheduledExpiryDate: date | None = None


def linked(data: LinkedData, _header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make PartnerProgramLinked."""
    return (Part(customer_of(data), _stated(PartnerProgramLinked, data)),)


def updated(data: UpdatedData, _header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make PartnerProgramUpdated."""
    return (Part(customer_of(data), _stated(PartnerProgramUpdated, data)),)


def delinked(data: PartnerData, _header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make PartnerProgramDelinked."""
    body = PartnerProgramDelinked(
        identifier(data.loyaltyProgramId), required_identifier(data.partnerProgramId), _kind(data)
    )
    return (Part(customer_of(data), body),)


def expiry_announced(data: ReminderData, _header: Header, _repairs: Repairs) -> Sequence[Part]:
    """Make SupplementaryMembershipExpiryAnnounced; a reminder changes no membership."""
    body = SupplementaryMembershipExpiryAnnounced(
        identifier(data.loyaltyProgramId), required_identifier(data.partnerProgramId), data.scheduledExpiryDate
    )
    return (Part(customer_of(data), body),)


def _stated(body: type[Stated], data: LinkedData) -> Stated:
    details = data.customerPartnerProgramDetails or Details()
    return body(
        identifier(data.loyaltyProgramId),
        required_identifier(data.partnerProgramId),
        _kind(data),
        details.membershipExpiryDate,
        identifier(details.partnerTierNumber),
        details.partnerTierExpiryDate,
    )


def _kind(data: PartnerData) -> str | None:
    kind = given_word(data.partnerProgramType)
    return None if kind is None else kind.lower()


def _program_id(data: PartnerData) -> str:
    return str(data.partnerProgramId)


SPECS: Final = (
    Spec("partnerProgramLinked", LinkedData, linked, _program_id, makes=(PartnerProgramLinked,)),
    Spec("partnerProgramUpdated", UpdatedData, updated, _program_id, makes=(PartnerProgramUpdated,)),
    Spec("partnerProgramDelinked", PartnerData, delinked, _program_id, makes=(PartnerProgramDelinked,)),
    Spec(
        "supplementaryMembershipExpiryReminder",
        ReminderData,
        expiry_announced,
        _program_id,
        makes=(SupplementaryMembershipExpiryAnnounced,),
    ),
)
