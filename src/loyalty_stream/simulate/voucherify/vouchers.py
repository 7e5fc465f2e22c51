"""Vouchers that customers are given: coupons, gift cards, loyalty cards; credits added to gift cards or taken."""

from decimal import Decimal
from functools import partial
from typing import Final

from loyalty_stream.simulate.iso import iso_text
from loyalty_stream.simulate.voucherify.customers import Customer, Voucher
from loyalty_stream.simulate.voucherify.objects import (
    campaign_object,
    credits_balance,
    customer_object,
    transaction_object,
    voucher_object,
)
from loyalty_stream.simulate.voucherify.redemptions import redeem_voucher, state_terms
from loyalty_stream.simulate.voucherify.stage import Activity, Maker, Stage
from loyalty_stream.simulate.voucherify.world import Json

_EARLY_SHARE: Final = 0.06
_GIFT_AGAIN_SHARE: Final = 0.1
_GIFT_AGAIN_RECORDS_MAX: Final = 8
_PUBLISHED: Final = "customer.publication.succeeded"
_VOUCHERS_KEPT: Final = 12


def publish_coupon(stage: Stage, customer: Customer) -> Activity | None:
    """Give a customer a coupon; some are used before that is told."""
    campaign = stage.draw.pick(customer.project.coupons)
    discount = campaign.discount
    if discount is not None and "percent_off" in discount and stage.draw.chance(0.5):
        discount = discount | {"percent_off": Decimal("12.5")}
    voucher = Voucher(
        f"v_{stage.draw.hex(16)}",
        f"SAVE-{stage.draw.hex(10).upper()}",
        "coupon",
        campaign,
        discount=discount,
        expiration_date=_end(stage),
    )
    _keep(customer, voucher)
    if stage.draw.chance(_EARLY_SHARE):
        stage.soon(20, partial(_publish_later, stage, customer, voucher))
        return redeem_voucher(stage, customer, voucher)
    return publish(stage, customer, voucher)


def publish_gift(stage: Stage, customer: Customer) -> Activity:
    """Give a customer a gift card, of a campaign or alone, full or partly used."""
    amount = 100 * stage.draw.between(10, 300)
    balance = amount if stage.draw.chance(0.8) else amount // 2
    campaign = None if stage.draw.chance(0.2) else stage.draw.pick(customer.project.gifts)
    voucher = Voucher(
        f"v_{stage.draw.hex(16)}",
        f"GIFT-{stage.draw.hex(10).upper()}",
        "gift",
        campaign,
        amount=amount,
        balance=balance,
        expiration_date=_end(stage),
    )
    _keep(customer, voucher)
    return publish(stage, customer, voucher)


def publish_card(stage: Stage, customer: Customer) -> Activity:
    """Give a customer their loyalty card, which opens empty: nothing is kept of it."""
    card = stage.draw.pick(customer.cards)
    activity = _publication(stage, customer, card.voucher, stage.time(customer))
    activity.effect = "ignored"
    return activity


def publish_again(stage: Stage, customer: Customer) -> Activity | None:
    """Give a customer a coupon that they have: its details are told anew."""
    coupons = [voucher for voucher in customer.vouchers if voucher.kind == "coupon" and voucher.is_published]
    return _publication(stage, customer, stage.draw.pick(coupons), stage.time(customer)) if coupons else None


def publish(stage: Stage, customer: Customer, voucher: Voucher) -> Activity:
    """Return the first publication of a coupon or gift card, and book what it opens with."""
    voucher.is_published = True
    stage.coupon(customer, voucher)
    if voucher.kind == "gift":
        stage.book_credits(customer, voucher, voucher.balance, are_new=True)
        if stage.draw.chance(_GIFT_AGAIN_SHARE):
            stage.soon(_GIFT_AGAIN_RECORDS_MAX, partial(_gift_again, stage, customer, voucher))
    activity = _publication(stage, customer, voucher, stage.time(customer))
    activity.may_lose_time = True
    return activity


def _publish_later(stage: Stage, customer: Customer, voucher: Voucher) -> Activity | None:
    return None if customer.erased else publish(stage, customer, voucher)


def _gift_again(stage: Stage, customer: Customer, voucher: Voucher) -> Activity | None:
    """Give a customer a gift card that they have, while that is remembered: its credits must not come again."""
    if customer.erased:
        return None
    activity = _publication(stage, customer, voucher, stage.time(customer))
    activity.effect = "conflict"
    return activity


def _publication(stage: Stage, customer: Customer, voucher: Voucher, at_ms: int) -> Activity:
    """Return the activity of a publication; what it says of a coupon or gift card holds from now on."""
    if voucher.kind != "card":
        state_terms(stage, customer, voucher, issued_on=at_ms)
    data: Json = {
        "customer": customer_object(customer),
        "campaign": campaign_object(voucher.campaign),
        "publication": _publication_object(stage, customer, voucher, at_ms),
    }
    return stage.activity(customer, _PUBLISHED, data, at_ms)


def _publication_object(stage: Stage, customer: Customer, voucher: Voucher | None, at_ms: int) -> Json:
    return {
        "id": f"pub_{stage.draw.hex(16)}",
        "object": "publication",
        "result": "SUCCESS",
        "channel": "API",
        "voucher": None if voucher is None else voucher_object(voucher, customer),
        "customer": {"id": customer.id, "object": "customer"},
        "metadata": {},
        "vouchers": None,
        "source_id": None,
        "created_at": iso_text(at_ms),
        "customer_id": customer.id,
        "tracking_id": f"crm-{customer.index + 1:07d}",
        "vouchers_id": [] if voucher is None else [voucher.id],
        "failure_code": None,
        "failure_message": None,
    }


def fail_publication(stage: Stage, customer: Customer) -> Activity:
    """Fail to give a customer a voucher, which may not have been chosen yet; nothing is kept of it."""
    voucher = stage.draw.pick(customer.vouchers) if customer.vouchers and stage.draw.chance(0.6) else None
    campaign = stage.draw.pick(customer.project.coupons) if voucher is None else voucher.campaign
    at_ms = stage.time(customer)
    failed = {"result": "FAILURE", "failure_code": "quantity_exceeded", "failure_message": "No more vouchers"}
    data: Json = {
        "customer": customer_object(customer),
        "campaign": campaign_object(campaign),
        "publication": _publication_object(stage, customer, voucher, at_ms) | failed,
    }
    activity = stage.activity(customer, "customer.publication.failed", data, at_ms)
    activity.effect = "ignored" if voucher is None else "applied"
    return activity


def add_credits(stage: Stage, customer: Customer) -> Activity | None:
    """Add credits to a gift card, or take some."""
    gifts = [voucher for voucher in customer.vouchers if voucher.kind == "gift"]
    if not gifts:
        return None
    draw, voucher = stage.draw, stage.draw.pick(gifts)
    credits_ = 100 * draw.between(1, 80)
    if draw.chance(0.3) and voucher.balance:
        credits_ = -draw.between(1, voucher.balance)
    voucher.balance += credits_
    voucher.amount += max(credits_, 0)
    stage.book_credits(customer, voucher, credits_, are_new=credits_ > 0)
    at_ms = stage.time(customer)
    balance = credits_balance(voucher, credits_)
    kind = "CREDITS_ADDITION" if credits_ > 0 else "CREDITS_REMOVAL"
    data: Json = {
        "customer": customer_object(customer),
        "campaign": campaign_object(voucher.campaign),
        "voucher": voucher_object(voucher, customer),
        "balance": balance,
        "transaction": transaction_object(stage, voucher, kind, balance, at_ms),
    }
    return stage.activity(customer, "customer.voucher.gift.balance_added", data, stage.told(at_ms))


def _end(stage: Stage) -> str | None:
    return None if stage.draw.chance(0.2) else iso_text(stage.now_ms + 86_400_000 * stage.draw.between(20, 300))


def _keep(customer: Customer, voucher: Voucher) -> None:
    customer.vouchers.append(voucher)
    if len(customer.vouchers) > _VOUCHERS_KEPT:
        del customer.vouchers[0]


MAKERS: Final[tuple[tuple[int, Maker], ...]] = (
    (70, publish_coupon),
    (30, publish_gift),
    (10, publish_card),
    (8, publish_again),
    (12, fail_publication),
    (30, add_credits),
)
