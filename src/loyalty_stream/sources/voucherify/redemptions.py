"""Voucherify's activities of redemptions and of their rollbacks. Source: DOMAIN section 4.

The type of the voucher decides: a coupon is used, a gift card is used and loses credits, a loyalty card loses points.
A card's credits and points are its holder's, whoever redeems. Of redemptions that are stacked only the children count:
the parent names no voucher, or lists its children. Redemptions of promotion tiers have no voucher either.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from loyalty_stream.domains.coupons.events import CouponFailed, CouponRedeemed, CouponRolledBack
from loyalty_stream.domains.points.events import (
    NO_TOTALS,
    AccountCredit,
    AccountDebit,
    PointsRedeemed,
    RedemptionReversed,
)
from loyalty_stream.model.problem import Problem
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.sources.instants import instant
from loyalty_stream.sources.voucherify.envelope import Header
from loyalty_stream.sources.voucherify.people import Customer, CustomerData, first_customer, id_of
from loyalty_stream.sources.voucherify.spec import Fact, Spec
from loyalty_stream.sources.voucherify.vouchers import (
    DISCOUNT_VOUCHER,
    GIFT,
    LOYALTY_CARD,
    POINTS,
    Campaign,
    Voucher,
    coupon_of,
    program_of,
    type_of,
)
from loyalty_stream.sources.wire import (
    NOT_GIVEN,
    NULL,
    Ignored,
    Instant,
    Number,
    TextIdentifier,
    Wire,
    given_number,
    text_identifier,
)


class Related(Wire):
    """A redemption that another one names."""

    id: TextIdentifier | None = None
    date: Ignored = NOT_GIVEN


class RelatedRedemptions(Wire):
    """What belongs to a redemption: its rollbacks, and its children where it is a parent."""

    redemptions: list[Related] | None = None
    rollbacks: Ignored = NOT_GIVEN


class Redemption(Wire):
    """A redemption, or its rollback, which has the redemption's id as `redemption` and its amount below zero."""

    id: TextIdentifier | None = None
    redemption: TextIdentifier | None = None
    parent_redemption_id: TextIdentifier | None = None
    related_redemptions: RelatedRedemptions | None = None
    customer_id: TextIdentifier | None = None
    customer: Customer | None = None
    date: Instant | None = None
    created_at: Instant | None = None
    amount: Number = NULL
    voucher: Voucher | None = None
    tracking_id: Ignored = NOT_GIVEN
    order: Ignored = NOT_GIVEN
    previous_order: Ignored = NOT_GIVEN
    reward: Ignored = NOT_GIVEN
    gift: Ignored = NOT_GIVEN
    loyalty_card: Ignored = NOT_GIVEN
    result: Ignored = NOT_GIVEN
    status: Ignored = NOT_GIVEN
    promotion_tier: Ignored = NOT_GIVEN
    metadata: Ignored = NOT_GIVEN
    failure_code: Ignored = NOT_GIVEN
    failure_message: Ignored = NOT_GIVEN
    reason: Ignored = NOT_GIVEN
    channel: Ignored = NOT_GIVEN
    channel_type: Ignored = NOT_GIVEN
    channel_id: Ignored = NOT_GIVEN
    related_object_type: Ignored = NOT_GIVEN
    related_object_id: Ignored = NOT_GIVEN
    related_object_parent_id: Ignored = NOT_GIVEN
    campaign_name: Ignored = NOT_GIVEN
    object: Ignored = NOT_GIVEN


class RedemptionData(CustomerData):
    """The data of every activity of a redemption."""

    redemption: Redemption | None = None
    redemption_rollback: Redemption | None = None
    campaign: Campaign | None = None
    voucher: Voucher | None = None
    holder: Customer | None = None
    order: Ignored = NOT_GIVEN
    promotion_tier: Ignored = NOT_GIVEN
    promotion_stack: Ignored = NOT_GIVEN


def succeeded(data: RedemptionData, header: Header) -> Sequence[Fact]:
    """Make CouponRedeemed of a coupon or gift card, PointsRedeemed of a gift card or loyalty card."""
    redemption, voucher = _told(data.redemption), _voucher(data)
    if voucher is None or _is_parent(redemption):
        return ()
    owner, redemption_id, at = _owner(data), _required(redemption.id, "redemption.id"), _at(redemption, header)
    name, kind, facts = f"redemption|{redemption_id}", type_of(voucher), []
    if kind != LOYALTY_CARD:
        coupon = coupon_of(voucher, data.campaign, header)
        used = CouponRedeemed(coupon.coupon_id, coupon.code_hash, redemption_id, at, *coupon[2:])
        facts.append(Fact(owner, used, f"{name}|coupon", at))
    if kind != DISCOUNT_VOUCHER:
        debit = AccountDebit(program_of(data.campaign, voucher), _amount(redemption), NO_TOTALS)
        spent = PointsRedeemed(_currency(kind), (debit,), (redemption_id,))
        facts.append(Fact(owner, spent, f"{name}|balance", at))
    return facts


def rolled_back(data: RedemptionData, header: Header) -> Sequence[Fact]:
    """Make CouponRolledBack of a coupon or gift card, RedemptionReversed of a gift card or loyalty card."""
    rollback, voucher = _told(data.redemption_rollback), _voucher(data)
    source = data.redemption or Redemption()
    if voucher is None or _is_parent(source):
        return ()
    redemption_id = text_identifier(rollback.redemption) or _required(source.id, "redemption.id")
    owner, at = _owner(data), _at(rollback, header)
    name, kind, facts = f"rollback|{_required(rollback.id, 'redemption_rollback.id')}", type_of(voucher), []
    if kind != LOYALTY_CARD:
        coupon = coupon_of(voucher, data.campaign, header)
        back = CouponRolledBack(coupon.coupon_id, coupon.code_hash, redemption_id, coupon.series_id)
        facts.append(Fact(owner, back, f"{name}|coupon", at))
    if kind != DISCOUNT_VOUCHER:
        given = AccountCredit(program_of(data.campaign, voucher), _amount(rollback, source), NO_TOTALS)
        reversed_ = RedemptionReversed(_currency(kind), (given,), (redemption_id,))
        facts.append(Fact(owner, reversed_, f"{name}|balance", at))
    return facts


def failed(data: RedemptionData, header: Header) -> Sequence[Fact]:
    """Make CouponFailed, of a redemption or of a rollback; nothing where no voucher is named."""
    voucher = _voucher(data)
    if voucher is None:
        return ()
    coupon = coupon_of(voucher, data.campaign, header)
    return (Fact(_owner(data), CouponFailed(coupon.coupon_id, coupon.code_hash, coupon.series_id)),)


def _voucher(data: RedemptionData) -> Voucher | None:
    """Return the voucher; the redemption's own may be all that there is of it."""
    if data.voucher is not None:
        return data.voucher
    told = (data.redemption, data.redemption_rollback)
    return next((each.voucher for each in told if each is not None and each.voucher is not None), None)


def _is_parent(redemption: Redemption) -> bool:
    related = redemption.related_redemptions
    is_child = text_identifier(redemption.parent_redemption_id) is not None
    return not is_child and related is not None and bool(related.redemptions)


def _owner(data: RedemptionData) -> str:
    """Return the voucher's holder, else whoever redeemed it: a common code has no holder."""
    redemption = data.redemption or data.redemption_rollback or Redemption()
    return first_customer(
        id_of(data.holder),
        id_of(data.customer),
        id_of(redemption.customer),
        text_identifier(redemption.customer_id),
    )


def _amount(*stated: Redemption) -> Decimal:
    """Return the first amount that is there without its sign; raise Problem where none is."""
    for each in stated:
        amount = given_number(each.amount)
        if amount is not None:
            return abs(amount)
    raise Problem(DeadLetterReason.MISSING_FIELD, "the amount of a card's redemption is missing")


def _at(redemption: Redemption, header: Header) -> int | None:
    at = instant(redemption.date)
    at = instant(redemption.created_at) if at is None else at
    return header.created_at if at is None else at


def _currency(kind: str) -> str:
    return POINTS if kind == LOYALTY_CARD else GIFT


def _told(redemption: Redemption | None) -> Redemption:
    if redemption is None:
        raise Problem(DeadLetterReason.MISSING_FIELD, "the redemption or its rollback is missing")
    return redemption


def _required(given: int | str | None, path: str) -> str:
    text = text_identifier(given)
    if text is None:
        raise Problem(DeadLetterReason.MISSING_FIELD, f"{path} is missing")
    return text


_NAME: Final = "customer.redemption"
SPECS: Final = (
    Spec(f"{_NAME}.succeeded", RedemptionData, succeeded, makes=(CouponRedeemed, PointsRedeemed)),
    Spec(f"{_NAME}.failed", RedemptionData, failed, makes=(CouponFailed,)),
    Spec(f"{_NAME}.rollback.succeeded", RedemptionData, rolled_back, makes=(CouponRolledBack, RedemptionReversed)),
    Spec(f"{_NAME}.rollback.failed", RedemptionData, failed, makes=(CouponFailed,)),
)
