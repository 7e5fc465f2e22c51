"""Voucherify's activities of a customer's profile, segments, consents and referrals. Source: DOMAIN section 4.

No activity says which fields of a profile changed, so that an update is one of `profile`. Consents are UNVERIFIED: the
vendor has taken them out of its pages; their ids are read from `consents` or `consent`.
"""

from collections.abc import Callable, Sequence
from typing import Final

from loyalty_stream.domains.customers.events import (
    ConsentChange,
    ConsentChanged,
    CustomerAdded,
    CustomerErasureApproved,
    CustomerReferred,
    CustomerSegmentChanged,
    CustomerUpdated,
    SegmentChange,
)
from loyalty_stream.model.problem import Problem
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.voucherify.envelope import Header
from loyalty_stream.sources.voucherify.people import Customer, CustomerData, first_customer, id_of
from loyalty_stream.sources.voucherify.spec import Fact, Spec
from loyalty_stream.sources.voucherify.vouchers import Campaign, campaign_id_of
from loyalty_stream.sources.wire import NOT_GIVEN, Ignored, TextIdentifier, Wire, text_identifier

PROFILE: Final = ("profile",)
CONFIRMED: Final = ("confirmed",)


class ProfileData(CustomerData):
    """The data of an activity about a profile."""

    unconfirmed_customer: Ignored = NOT_GIVEN


def created(data: ProfileData, _header: Header) -> Sequence[Fact]:
    """Make CustomerAdded."""
    return (Fact(_owner(data), CustomerAdded()),)


def updated(data: ProfileData, _header: Header) -> Sequence[Fact]:
    """Make CustomerUpdated."""
    return (Fact(_owner(data), CustomerUpdated(PROFILE)),)


def confirmed(data: ProfileData, _header: Header) -> Sequence[Fact]:
    """Make CustomerUpdated."""
    return (Fact(_owner(data), CustomerUpdated(CONFIRMED)),)


def deleted(data: ProfileData, _header: Header) -> Sequence[Fact]:
    """Make CustomerErasureApproved; whether the vendor may also delete softly is UNVERIFIED."""
    return (Fact(_owner(data), CustomerErasureApproved()),)


class ReferredData(CustomerData):
    """The data of `customer.referred`."""

    referrer: Customer | None = None
    campaign: Campaign | None = None
    voucher: Ignored = NOT_GIVEN
    custom_event: Ignored = NOT_GIVEN
    redemption: Ignored = NOT_GIVEN


def referred(data: ReferredData, _header: Header) -> Sequence[Fact]:
    """Make CustomerReferred, a fact about who was referred."""
    referrer_id = first_customer(id_of(data.referrer))
    return (Fact(_owner(data), CustomerReferred(referrer_id, campaign_id_of(data.campaign, None))),)


class Named(Wire):
    """A segment or a consent."""

    id: TextIdentifier | None = None
    name: Ignored = NOT_GIVEN
    type: Ignored = NOT_GIVEN
    category: Ignored = NOT_GIVEN
    description: Ignored = NOT_GIVEN
    object: Ignored = NOT_GIVEN


class SegmentData(CustomerData):
    """The data of `customer.segment.entered` and `.left`; what follows from it is told by activities of its own."""

    segment: Named | None = None
    campaign: Ignored = NOT_GIVEN
    voucher: Ignored = NOT_GIVEN
    publication: Ignored = NOT_GIVEN
    promotion_tier: Ignored = NOT_GIVEN


def segment(change: SegmentChange) -> Callable[[SegmentData, Header], Sequence[Fact]]:
    """Return the function that makes CustomerSegmentChanged of one change."""

    def changed(data: SegmentData, _header: Header) -> Sequence[Fact]:
        return (Fact(_owner(data), CustomerSegmentChanged(_id(data.segment), change)),)

    return changed


class ConsentData(CustomerData):
    """The data of `customer.consents.given` and `.revoked`."""

    consents: list[Named] | None = None
    consent: Named | None = None


def consents(change: ConsentChange) -> Callable[[ConsentData, Header], Sequence[Fact]]:
    """Return the function that makes ConsentChanged of one change."""

    def changed(data: ConsentData, _header: Header) -> Sequence[Fact]:
        ids = [_id(consent) for consent in data.consents or (data.consent,)]
        return (Fact(_owner(data), ConsentChanged(tuple(dict.fromkeys(ids)), change)),)

    return changed


def _owner(data: CustomerData) -> str:
    return first_customer(id_of(data.customer))


def _id(named: Named | None) -> str:
    given = None if named is None else text_identifier(named.id)
    if given is None:
        raise Problem(DeadLetterReason.MISSING_FIELD, "the id of the segment or consent is missing")
    return given


SPECS: Final = (
    Spec("customer.confirmed", ProfileData, confirmed, makes=(CustomerUpdated,)),
    Spec("customer.created", ProfileData, created, makes=(CustomerAdded,)),
    Spec("customer.updated", ProfileData, updated, makes=(CustomerUpdated,)),
    Spec("customer.deleted", ProfileData, deleted, makes=(CustomerErasureApproved,)),
    Spec("customer.referred", ReferredData, referred, makes=(CustomerReferred,)),
    Spec("customer.segment.entered", SegmentData, segment("entered"), makes=(CustomerSegmentChanged,)),
    Spec("customer.segment.left", SegmentData, segment("left"), makes=(CustomerSegmentChanged,)),
    Spec("customer.consents.given", ConsentData, consents("given"), makes=(ConsentChanged,)),
    Spec("customer.consents.revoked", ConsentData, consents("revoked"), makes=(ConsentChanged,)),
)
