"""Capillary's coupon events. Source: DOMAIN 3.3. A bulk issue holds coupons of many customers, each on its own."""

from collections.abc import Sequence
from typing import Final

from loyalty_stream.domains.coupons.events import CouponIssued, CouponRedeemed
from loyalty_stream.model.problem import Problem, RepairKind, Repairs
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.model.secrets import code_hash
from loyalty_stream.sources.capillary.envelope import Header
from loyalty_stream.sources.capillary.spec import VENDOR, CustomerData, CustomerIdentifiers, Part, Spec, customer_of
from loyalty_stream.sources.wire import (
    NO_MOMENT,
    NOT_GIVEN,
    NULL,
    Amount,
    GivenMoment,
    Identifier,
    Ignored,
    Label,
    TextIdentifier,
    Wire,
    given_amount,
    given_moment,
    identifier,
    label,
    required_identifier,
    required_text_identifier,
)


class SeriesInfo(Wire):
    """The series that coupons belong to."""

    id: Identifier | None = None
    discount_type: Label | None = None
    discount_value: Amount = NULL
    valid_till: GivenMoment | None = None
    description: Ignored = NOT_GIVEN
    seriesType: Ignored = NOT_GIVEN
    clientHandlingType: Ignored = NOT_GIVEN
    discount_code: Ignored = NOT_GIVEN


class IssuedCoupon(Wire):
    """One coupon of an issue, with its own customer."""

    id: Identifier
    code: TextIdentifier
    customerIdentifiers: CustomerIdentifiers
    valid_till: GivenMoment | None = None
    issued_on: GivenMoment | None = None


class CouponIssueData(Wire):
    """The data of `CouponIssue`, single and bulk."""

    coupons: list[IssuedCoupon]
    series_info: SeriesInfo | None = None
    addedAt: Ignored = NOT_GIVEN
    addedBy: Ignored = NOT_GIVEN
    issualType: Ignored = NOT_GIVEN


def issued(data: CouponIssueData, header: Header, repairs: Repairs) -> Sequence[Part]:
    """Make one CouponIssued for each coupon, each for the customer that it was issued to."""
    if not data.coupons:
        raise Problem(DeadLetterReason.MISSING_FIELD, "data.coupons is empty")
    series = data.series_info or SeriesInfo()
    if any(_outlives(coupon, series) for coupon in data.coupons):
        repairs.append(RepairKind.COUPON_VALIDITY)
    series_id, value = identifier(series.id), given_amount(series.discount_value)
    return [
        Part(
            required_identifier(coupon.customerIdentifiers.customerId),
            CouponIssued(
                required_identifier(coupon.id),
                code_hash(VENDOR, header.org_id, required_text_identifier(coupon.code)),
                series_id,
                label(series.discount_type),
                value,
                given_moment(coupon.valid_till if coupon.valid_till is not None else series.valid_till),
                given_moment(coupon.issued_on),
            ),
            suffix=required_identifier(coupon.id),
        )
        for coupon in data.coupons
    ]


class RedeemedCoupon(Wire):
    """The coupon of a redemption."""

    id: Identifier
    code: TextIdentifier
    redemptionId: Identifier | None = None
    redemptionDate: GivenMoment | None = None
    series_info: SeriesInfo | None = None
    valid_till: GivenMoment | None = None
    issued_on: Ignored = NOT_GIVEN


class Transaction(Wire):
    """The bill that a coupon was used on; 0 is none."""

    bill_id: Identifier | None = None
    number: Ignored = NOT_GIVEN


class CouponRedeemData(CustomerData):
    """The data of `CouponRedeem`."""

    coupon: RedeemedCoupon
    transaction: Transaction | None = None
    addedAt: Ignored = NOT_GIVEN
    addedBy: Ignored = NOT_GIVEN


def redeemed(data: CouponRedeemData, header: Header, repairs: Repairs) -> Sequence[Part]:
    """Make CouponRedeemed."""
    coupon = data.coupon
    series = coupon.series_info or SeriesInfo()
    if _outlives(coupon, series):
        repairs.append(RepairKind.COUPON_VALIDITY)
    bill = identifier(data.transaction.bill_id) if data.transaction is not None else None
    body = CouponRedeemed(
        required_identifier(coupon.id),
        code_hash(VENDOR, header.org_id, required_text_identifier(coupon.code)),
        identifier(coupon.redemptionId),
        given_moment(coupon.redemptionDate),
        identifier(series.id),
        label(series.discount_type),
        given_amount(series.discount_value),
        given_moment(coupon.valid_till if coupon.valid_till is not None else series.valid_till),
        None if bill == "0" else bill,
    )
    return (Part(customer_of(data), body),)


def _outlives(coupon: IssuedCoupon | RedeemedCoupon, series: SeriesInfo) -> bool:
    """Return whether a coupon ends later than its series, where both have an end."""
    own_end, series_end = coupon.valid_till, series.valid_till
    return own_end is not None and series_end is not None and own_end > series_end != NO_MOMENT


SPECS: Final = (
    Spec("CouponIssue", CouponIssueData, issued, makes=(CouponIssued,)),
    Spec(
        "CouponRedeem",
        CouponRedeemData,
        redeemed,
        lambda data: str(data.coupon.redemptionId or ""),
        makes=(CouponRedeemed,),
    ),
)
