"""What activities say of campaigns and vouchers, of which coupons, gift cards and loyalty cards are three types."""

from decimal import Decimal
from typing import Final, NamedTuple

from loyalty_stream.model.problem import Problem
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.model.secrets import code_hash
from loyalty_stream.sources.instants import instant
from loyalty_stream.sources.voucherify.envelope import Header
from loyalty_stream.sources.voucherify.spec import VENDOR
from loyalty_stream.sources.wire import (
    NOT_GIVEN,
    NULL,
    Amount,
    Ignored,
    Instant,
    Name,
    TextIdentifier,
    Wire,
    given_amount,
    given_word,
    text_identifier,
)

POINTS: Final = "points"
GIFT: Final = "gift"  # the currency of gift cards, in minor units
GIFT_VOUCHER: Final = "GIFT_VOUCHER"
LOYALTY_CARD: Final = "LOYALTY_CARD"
DISCOUNT_VOUCHER: Final = "DISCOUNT_VOUCHER"


class Campaign(Wire):
    """A campaign: the programme of its loyalty cards, the series of its coupons."""

    id: TextIdentifier | None = None
    name: Ignored = NOT_GIVEN
    campaign_type: Ignored = NOT_GIVEN
    type: Ignored = NOT_GIVEN
    is_referral_code: Ignored = NOT_GIVEN
    voucher: Ignored = NOT_GIVEN
    lucky_draw: Ignored = NOT_GIVEN
    referral_program: Ignored = NOT_GIVEN
    auto_join: Ignored = NOT_GIVEN
    join_once: Ignored = NOT_GIVEN
    active: Ignored = NOT_GIVEN
    category_id: Ignored = NOT_GIVEN
    category: Ignored = NOT_GIVEN
    categories: Ignored = NOT_GIVEN
    metadata: Ignored = NOT_GIVEN
    start_date: Ignored = NOT_GIVEN
    expiration_date: Ignored = NOT_GIVEN
    description: Ignored = NOT_GIVEN
    created_at: Ignored = NOT_GIVEN
    updated_at: Ignored = NOT_GIVEN
    object: Ignored = NOT_GIVEN


class Discount(Wire):
    """What a coupon is worth: a percentage, an amount in minor units, a number of units or a fixed price."""

    type: Name | None = None
    percent_off: Amount = NULL
    amount_off: Amount = NULL
    unit_off: Amount = NULL
    fixed_amount: Amount = NULL
    percent_off_formula: Ignored = NOT_GIVEN
    amount_off_formula: Ignored = NOT_GIVEN
    unit_off_formula: Ignored = NOT_GIVEN
    fixed_amount_formula: Ignored = NOT_GIVEN
    aggregated_amount_limit: Ignored = NOT_GIVEN
    amount_limit: Ignored = NOT_GIVEN
    effect: Ignored = NOT_GIVEN
    is_dynamic: Ignored = NOT_GIVEN
    unit_type: Ignored = NOT_GIVEN
    product: Ignored = NOT_GIVEN
    sku: Ignored = NOT_GIVEN
    units: Ignored = NOT_GIVEN


class Gift(Wire):
    """A gift card's credits in minor units: all that it ever had, and what is left."""

    amount: Amount = NULL
    balance: Amount = NULL
    subtracted_amount: Ignored = NOT_GIVEN
    effect: Ignored = NOT_GIVEN


class LoyaltyCard(Wire):
    """A loyalty card's points as of some moment: printed samples have them older than the activity, so none is read."""

    points: Ignored = NOT_GIVEN
    balance: Ignored = NOT_GIVEN
    next_expiration_date: Ignored = NOT_GIVEN
    next_expiration_points: Ignored = NOT_GIVEN
    pending_points: Ignored = NOT_GIVEN
    expired_points: Ignored = NOT_GIVEN
    subtracted_points: Ignored = NOT_GIVEN
    expiration_rules: Ignored = NOT_GIVEN


class Voucher(Wire):
    """A voucher; its code opens it, so only the code's hash is used."""

    id: TextIdentifier | None = None
    code: TextIdentifier | None = None
    type: Name | None = None
    campaign_id: TextIdentifier | None = None
    discount: Discount | None = None
    gift: Gift | None = None
    loyalty_card: LoyaltyCard | None = None
    expiration_date: Instant | None = None
    campaign: Ignored = NOT_GIVEN
    is_referral_code: Ignored = NOT_GIVEN
    holder_id: Ignored = NOT_GIVEN
    holder: Ignored = NOT_GIVEN
    referrer_id: Ignored = NOT_GIVEN
    category_id: Ignored = NOT_GIVEN
    category: Ignored = NOT_GIVEN
    categories: Ignored = NOT_GIVEN
    active: Ignored = NOT_GIVEN
    additional_info: Ignored = NOT_GIVEN
    assets: Ignored = NOT_GIVEN
    created_at: Ignored = NOT_GIVEN
    updated_at: Ignored = NOT_GIVEN
    redemption: Ignored = NOT_GIVEN
    publish: Ignored = NOT_GIVEN
    start_date: Ignored = NOT_GIVEN
    validity_timeframe: Ignored = NOT_GIVEN
    validity_day_of_week: Ignored = NOT_GIVEN
    validity_hours: Ignored = NOT_GIVEN
    validation_rules_assignments: Ignored = NOT_GIVEN
    metadata: Ignored = NOT_GIVEN
    object: Ignored = NOT_GIVEN


class Coupon(NamedTuple):
    """A voucher as the coupons domain knows it; one that the vendor gives no id is known by its code's hash."""

    coupon_id: str
    code_hash: str
    series_id: str | None
    discount_type: str | None
    discount_value: Decimal | None
    valid_till: int | None


def type_of(voucher: Voucher) -> str:
    """Return a voucher's type; older records show it only by what the voucher holds."""
    word = given_word(voucher.type)
    if word is not None:
        return word.upper()
    if voucher.gift is not None:
        return GIFT_VOUCHER
    return DISCOUNT_VOUCHER if voucher.loyalty_card is None else LOYALTY_CARD


def coupon_of(voucher: Voucher, campaign: Campaign | None, header: Header) -> Coupon:
    """Return what a voucher is as a coupon; raise Problem where it has no code."""
    code = text_identifier(voucher.code)
    if code is None:
        raise Problem(DeadLetterReason.MISSING_FIELD, "the voucher's code is missing")
    hashed = code_hash(VENDOR, header.org_id, code)
    kind, value = _worth(voucher)
    return Coupon(
        text_identifier(voucher.id) or hashed,
        hashed,
        campaign_id_of(campaign, voucher),
        kind,
        value,
        instant(voucher.expiration_date),
    )


def campaign_id_of(campaign: Campaign | None, voucher: Voucher | None) -> str | None:
    """Return the id of the campaign, as itself or as its voucher names it."""
    own = None if campaign is None else text_identifier(campaign.id)
    return text_identifier(voucher.campaign_id) if own is None and voucher is not None else own


def program_of(campaign: Campaign | None, voucher: Voucher | None, stated: str | None = None) -> str:
    """Return the programme of an account: what is stated, else the campaign, else the id of a voucher without one.

    Raises Problem where there is none.
    """
    program_id = stated or campaign_id_of(campaign, voucher)
    if program_id is None and voucher is not None:
        program_id = text_identifier(voucher.id)
    if program_id is None:
        raise Problem(DeadLetterReason.MISSING_FIELD, "neither a campaign's nor a voucher's id is there")
    return program_id


def _worth(voucher: Voucher) -> tuple[str | None, Decimal | None]:
    """Return what a coupon is worth: the vendor's word for the kind of it, and the number."""
    discount = voucher.discount
    if discount is None:
        return (GIFT.upper(), given_amount(voucher.gift.amount)) if voucher.gift is not None else (None, None)
    numbers = (discount.percent_off, discount.amount_off, discount.unit_off, discount.fixed_amount)
    given = [value for raw in numbers if (value := given_amount(raw)) is not None]
    return given_word(discount.type), given[0] if given else None
