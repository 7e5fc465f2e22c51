"""Rewards: paid with the points of a card, or given for a referral; each payment is a redemption of its own."""

from decimal import Decimal
from functools import partial
from typing import Final

from loyalty_stream.simulate.answer import GrantTerms
from loyalty_stream.simulate.voucherify.customers import Card, Customer, Voucher
from loyalty_stream.simulate.voucherify.objects import (
    campaign_object,
    customer_object,
    reward_object,
    voucher_object,
)
from loyalty_stream.simulate.voucherify.redemptions import spend
from loyalty_stream.simulate.voucherify.reports import card_data
from loyalty_stream.simulate.voucherify.stage import Activity, Maker, Stage
from loyalty_stream.simulate.voucherify.world import Json, Reward

_REWARDED: Final = "customer.rewarded"
_RECORDS_MAX: Final = 6
_DELIVERY_STATES: Final = ("created", "pending", "completed", "rolledback")


def buy_reward(stage: Stage, customer: Customer) -> Activity | None:
    """Pay for a reward with points; that it was given is told soon after, and takes no points."""
    draw, card, reward = stage.draw, stage.draw.pick(customer.cards), stage.draw.pick(customer.project.rewards)
    if card.account.active < reward.price:
        return None
    coupon = _coupon(stage, customer) if draw.chance(0.5) else None
    told = reward_object(reward, coupon, card.campaign)
    paid = spend(stage, customer, card, reward.price, told)
    stage.soon(_RECORDS_MAX, partial(_given, stage, customer, card, (reward, told, paid.data["redemption"])))
    return paid


def _given(stage: Stage, customer: Customer, card: Card, given: tuple[Reward, Json, Json]) -> Activity | None:
    if customer.erased:
        return None
    reward, told, redemption = given
    data = card_data(customer, card) | {"redemption": redemption, "referral_tier": None}
    delivery = {"source": {"id": redemption["id"], "type": "redemption"}, "reward": told}
    stage.soon(_RECORDS_MAX, partial(_delivered, stage, customer, card, delivery))
    return _rewarded(stage, customer, reward, data | {"reward": told})


def give_reward(stage: Stage, customer: Customer) -> Activity:
    """Give a reward for a referral, which nobody paid for."""
    reward, coupon = stage.draw.pick(customer.project.rewards), _coupon(stage, customer)
    campaign = stage.draw.pick(customer.project.coupons)
    data: Json = {
        "customer": customer_object(customer),
        "campaign": campaign_object(campaign),
        "voucher": voucher_object(coupon, customer),
        "redemption": None,
        "reward": reward_object(reward, None, campaign),
        "referral_tier": {"amount": 1},
    }
    return _rewarded(stage, customer, reward, data)


def _rewarded(stage: Stage, customer: Customer, reward: Reward, data: Json) -> Activity:
    key, at_ms, is_paid = (customer.key, reward.id), stage.time(customer), data["redemption"] is not None
    stage.count(stage.answer.grants, key)
    stage.answer.state(stage.answer.grant_terms, key, GrantTerms(at_ms, Decimal(reward.price) if is_paid else None))
    holder = customer_object(customer) if is_paid else None
    fields: Json = {"holder": holder, "balance": None, "custom_event": None, "customer_event": None}
    return stage.activity(customer, _REWARDED, data | fields, at_ms)


def _delivered(stage: Stage, customer: Customer, card: Card, fields: Json) -> Activity:
    """Tell how the delivery of a reward goes, which is counted only."""
    state = stage.draw.pick(_DELIVERY_STATES)
    data = card_data(customer, card) | fields
    data |= {
        "holder": customer_object(customer),
        "reward_redemption": {"id": f"rewr_{stage.draw.hex(8)}", "state": state.upper()},
        "reward_assignment": None,
        "balance": None,
    }
    activity = stage.activity(customer, f"customer.reward_redemptions.{state}", data, stage.now_ms)
    activity.effect = "ignored"
    return activity


def _coupon(stage: Stage, customer: Customer) -> Voucher:
    """Return a coupon that a reward consists of; that it was published would be told by an activity of its own."""
    campaign = stage.draw.pick(customer.project.coupons)
    hexes = stage.draw.hex(16)
    return Voucher(f"v_{hexes}", f"GOOD-{hexes[:10].upper()}", "coupon", campaign, discount=campaign.discount)


MAKERS: Final[tuple[tuple[int, Maker], ...]] = ((35, buy_reward), (12, give_reward))
