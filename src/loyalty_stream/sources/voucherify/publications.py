"""Voucherify's activities of vouchers that customers are given, and of credits added to gift cards.

A gift card is a coupon with a balance: an account of its campaign in the currency `gift`, in minor units. The account
has all gift cards of a campaign, the vendor's balances are of one card: they are not compared.
Source: DOMAIN section 4.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from loyalty_stream.domains.coupons.events import CouponFailed, CouponIssued
from loyalty_stream.domains.points.events import NO_TOTALS, AccountDebit, IssuedLot, PointsAdjusted, PointsIssued
from loyalty_stream.model.amounts import ZERO
from loyalty_stream.model.problem import Problem
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.instants import instant, instant_day
from loyalty_stream.sources.voucherify.envelope import Header
from loyalty_stream.sources.voucherify.people import Customer, CustomerData, first_customer, id_of
from loyalty_stream.sources.voucherify.points import CardData
from loyalty_stream.sources.voucherify.spec import Fact, Spec
from loyalty_stream.sources.voucherify.transactions import Booking
from loyalty_stream.sources.voucherify.vouchers import (
    GIFT,
    GIFT_VOUCHER,
    LOYALTY_CARD,
    Campaign,
    Voucher,
    coupon_of,
    program_of,
    type_of,
)
from loyalty_stream.sources.wire import (
    NOT_GIVEN,
    Ignored,
    Instant,
    TextIdentifier,
    Wire,
    given_amount,
    text_identifier,
)


class Publication(Wire):
    """A voucher on its way to a customer; without `voucher` only codes are listed, which name no voucher."""

    id: TextIdentifier | None = None
    voucher: Voucher | None = None
    customer_id: TextIdentifier | None = None
    customer: Customer | None = None
    created_at: Instant | None = None
    result: Ignored = NOT_GIVEN
    channel: Ignored = NOT_GIVEN
    vouchers: Ignored = NOT_GIVEN
    vouchers_id: Ignored = NOT_GIVEN
    tracking_id: Ignored = NOT_GIVEN
    source_id: Ignored = NOT_GIVEN
    failure_code: Ignored = NOT_GIVEN
    failure_message: Ignored = NOT_GIVEN
    metadata: Ignored = NOT_GIVEN
    object: Ignored = NOT_GIVEN


class PublicationData(CustomerData):
    """The data of `customer.publication.succeeded` and `.failed`."""

    publication: Publication | None = None
    campaign: Campaign | None = None
    voucher: Voucher | None = None


def succeeded(data: PublicationData, header: Header) -> Sequence[Fact]:
    """Make CouponIssued, and PointsIssued of a gift card's credits; nothing of a loyalty card, which opens empty."""
    voucher = _voucher(data)
    if voucher is None:
        raise Problem(DeadLetterReason.MISSING_FIELD, "publication.voucher is missing")
    if type_of(voucher) == LOYALTY_CARD:
        return ()
    owner, coupon = _owner(data), coupon_of(voucher, data.campaign, header)
    issued_on = None if data.publication is None else instant(data.publication.created_at)
    issued = CouponIssued(*coupon, issued_on)
    facts = [Fact(owner, issued, suffix="coupon")]
    if type_of(voucher) == GIFT_VOUCHER:
        gift = voucher.gift
        credits_ = None if gift is None else given_amount(gift.balance)
        if credits_ is None and gift is not None:
            credits_ = given_amount(gift.amount)
        opening = _credited(program_of(data.campaign, voucher), credits_ or ZERO, voucher)
        # By its coupon: one gift card that is published again does not have its credits again.
        facts.append(Fact(owner, opening, f"gift|{coupon.coupon_id}|opening"))
    return facts


def failed(data: PublicationData, header: Header) -> Sequence[Fact]:
    """Make CouponFailed; nothing where no voucher was chosen yet."""
    voucher = _voucher(data)
    if voucher is None:
        return ()
    coupon = coupon_of(voucher, data.campaign, header)
    return (Fact(_owner(data), CouponFailed(coupon.coupon_id, coupon.code_hash, coupon.series_id)),)


def balance_added(data: CardData, header: Header) -> Sequence[Fact]:
    """Make PointsIssued of gift credits, or PointsAdjusted of credits below zero."""
    booking = Booking(data.transaction, data.balance, header)
    program_id, credits_ = program_of(data.campaign, data.voucher, booking.campaign_id), booking.credits()
    owner = first_customer(id_of(data.customer))
    if credits_ < ZERO:
        taken = PointsAdjusted(GIFT, (AccountDebit(program_id, -credits_, NO_TOTALS),))
        return (Fact(owner, taken, booking.name, booking.at),)
    return (Fact(owner, _credited(program_id, credits_, data.voucher), booking.name, booking.at),)


def _credited(program_id: str, credits_: Decimal, voucher: Voucher | None) -> PointsIssued:
    """Return credits as a lot that ends with its voucher."""
    expires_on = None if voucher is None else instant_day(voucher.expiration_date)
    return PointsIssued(program_id, GIFT, (IssuedLot(credits_, expires_on, "regular"),), ZERO, NO_TOTALS)


def _voucher(data: PublicationData) -> Voucher | None:
    published = None if data.publication is None else data.publication.voucher
    return data.voucher if published is None else published


def _owner(data: PublicationData) -> str:
    publication = data.publication or Publication()
    return first_customer(id_of(data.customer), id_of(publication.customer), text_identifier(publication.customer_id))


SPECS: Final = (
    Spec("customer.publication.succeeded", PublicationData, succeeded, makes=(CouponIssued, PointsIssued)),
    Spec("customer.publication.failed", PublicationData, failed, makes=(CouponFailed,)),
    Spec("customer.voucher.gift.balance_added", CardData, balance_added, makes=(PointsIssued, PointsAdjusted)),
)
