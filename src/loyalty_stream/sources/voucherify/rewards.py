"""Voucherify's activity of a reward that a customer was given. Source: DOMAIN section 4.

A reward that is paid with points names the redemption that paid it, an activity of its own that takes them.
"""

from collections.abc import Sequence
from typing import Final

from loyalty_stream.domains.rewards.events import RewardIssued
from loyalty_stream.model.problem import Problem
from loyalty_stream.model.reasons import DeadLetterReason
from loyalty_stream.model.secrets import code_hash
from loyalty_stream.sources.instants import instant
from loyalty_stream.sources.voucherify.envelope import Header
from loyalty_stream.sources.voucherify.people import Customer, CustomerData, first_customer, id_of
from loyalty_stream.sources.voucherify.redemptions import Redemption
from loyalty_stream.sources.voucherify.spec import VENDOR, Fact, Spec
from loyalty_stream.sources.voucherify.vouchers import LOYALTY_CARD, Voucher, type_of
from loyalty_stream.sources.wire import (
    NOT_GIVEN,
    Ignored,
    TextIdentifier,
    Wire,
    given_number,
    text_identifier,
)


class Reward(Wire):
    """A reward; where it is a coupon, with its voucher."""

    id: TextIdentifier | None = None
    voucher: Voucher | None = None
    assignment_id: Ignored = NOT_GIVEN
    customer: Ignored = NOT_GIVEN
    product: Ignored = NOT_GIVEN
    sku: Ignored = NOT_GIVEN
    loyalty_tier_id: Ignored = NOT_GIVEN
    name: Ignored = NOT_GIVEN
    type: Ignored = NOT_GIVEN
    parameters: Ignored = NOT_GIVEN
    metadata: Ignored = NOT_GIVEN
    created_at: Ignored = NOT_GIVEN
    updated_at: Ignored = NOT_GIVEN
    object: Ignored = NOT_GIVEN


class RewardedData(CustomerData):
    """The data of `customer.rewarded`."""

    holder: Customer | None = None
    reward: Reward | None = None
    redemption: Redemption | None = None
    voucher: Voucher | None = None
    campaign: Ignored = NOT_GIVEN
    referral_tier: Ignored = NOT_GIVEN
    balance: Ignored = NOT_GIVEN
    custom_event: Ignored = NOT_GIVEN
    customer_event: Ignored = NOT_GIVEN


def rewarded(data: RewardedData, header: Header) -> Sequence[Fact]:
    """Make RewardIssued; its price is what a loyalty card paid for it, and it takes no points."""
    reward_id = None if data.reward is None else text_identifier(data.reward.id)
    if data.reward is None or reward_id is None:
        raise Problem(DeadLetterReason.MISSING_FIELD, "reward.id is missing")
    given = data.reward.voucher or Voucher()
    code = text_identifier(given.code)
    paid = data.redemption if data.voucher is not None and type_of(data.voucher) == LOYALTY_CARD else None
    price = None if paid is None else given_number(paid.amount)
    body = RewardIssued(
        reward_id,
        None if price is None else abs(price),
        None if code is None else code_hash(VENDOR, header.org_id, code),
        instant(given.expiration_date),
    )
    return (Fact(first_customer(id_of(data.customer), id_of(data.holder)), body),)


SPECS: Final = (Spec("customer.rewarded", RewardedData, rewarded, makes=(RewardIssued,)),)
