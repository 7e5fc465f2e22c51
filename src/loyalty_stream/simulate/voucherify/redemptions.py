"""What is done with vouchers: redemptions of coupons, gift cards and loyalty cards, and their rollbacks."""

from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from loyalty_stream.simulate.account import Move
from loyalty_stream.simulate.answer import CouponTerms
from loyalty_stream.simulate.iso import iso_text
from loyalty_stream.simulate.voucherify.customers import Card, Customer, Redemption, Voucher
from loyalty_stream.simulate.voucherify.objects import (
    campaign_object,
    customer_object,
    order_object,
    voucher_object,
)
from loyalty_stream.simulate.voucherify.stage import Activity, Maker, Stage
from loyalty_stream.simulate.voucherify.times import milliseconds
from loyalty_stream.simulate.voucherify.world import Json

_SUCCEEDED: Final = "customer.redemption.succeeded"
_ROLLED_BACK: Final = "customer.redemption.rollback.succeeded"
_REDEMPTIONS_KEPT: Final = 8
_OTHERS_SHARE: Final = 0.1
_STACKED_SHARE: Final = 0.1


def redeem(stage: Stage, customer: Customer) -> Activity | None:
    """Redeem a coupon or a gift card."""
    if not customer.vouchers:
        return None
    return redeem_voucher(stage, customer, stage.draw.pick(customer.vouchers))


def redeem_voucher(stage: Stage, customer: Customer, voucher: Voucher) -> Activity | None:
    """Redeem a voucher: a coupon counts one use, a gift card one use and loses credits."""
    amount = None
    if voucher.kind == "gift":
        if not voucher.balance:
            return None
        amount = stage.draw.between(1, voucher.balance)
        voucher.balance -= amount
        stage.book_credits(customer, voucher, -amount, are_new=False)
    coupon = stage.coupon(customer, voucher)
    coupon.state, coupon.uses = "redeemed", coupon.uses + 1
    return _redeemed(stage, customer, voucher, amount)


def spend_points(stage: Stage, customer: Customer) -> Activity | None:
    """Pay with the points of a loyalty card; the redemption tells no balance."""
    card = stage.draw.pick(customer.cards)
    if card.account.active < 1:
        return None
    return spend(stage, customer, card, stage.draw.between(1, min(500, int(card.account.active))))


def spend(stage: Stage, customer: Customer, card: Card, points: int, reward: Json | None = None) -> Activity:
    """Pay with so many points of a card, for a reward perhaps."""
    stage.book(customer, card, Move(active=Decimal(-points)), carries="none")
    return _redeemed(stage, customer, card.voucher, points, reward)


def _redeemed(
    stage: Stage, customer: Customer, voucher: Voucher, amount: int | None, reward: Json | None = None
) -> Activity:
    """Return the activity of a redemption; a card is its holder's, whoever redeems it."""
    draw, at_ms = stage.draw, stage.time(customer)
    voucher.redeemed += 1
    if voucher.kind != "card":
        state_terms(stage, customer, voucher, redeemed_on=at_ms)
    is_others = reward is None and draw.chance(_OTHERS_SHARE)
    redeemer = stage.population.choose_beside(customer) if is_others else customer
    fields = _redemption_object(stage, redeemer, voucher_object(voucher, customer), at_ms) | {"reward": reward}
    if amount is not None:
        fields["amount"] = amount
    if draw.chance(_STACKED_SHARE):
        fields["parent_redemption_id"] = f"r_{draw.hex(16)}"
        fields["related_redemptions"] = {"redemptions": [{"id": fields["id"], "date": fields["date"]}]}
    customer.redemptions.append(Redemption(fields["id"], voucher, amount or 0, fields))
    if len(customer.redemptions) > _REDEMPTIONS_KEPT:
        del customer.redemptions[0]
    data = _data(stage, redeemer, customer, voucher) | {"redemption": fields}
    return stage.activity(customer, _SUCCEEDED, data, stage.told(at_ms))


def state_terms(
    stage: Stage, customer: Customer, voucher: Voucher, *, issued_on: int | None = None, redeemed_on: int | None = None
) -> None:
    """State what a publication or a redemption says of a coupon or gift card; what a publication said goes before."""
    table, key = stage.answer.coupon_terms, (customer.key, voucher.id)
    known = table.get(key)
    if known is None or issued_on is not None:
        kind, value = voucher.worth()
        said = CouponTerms(
            None if voucher.campaign is None else voucher.campaign.id,
            kind,
            value,
            None if voucher.expiration_date is None else milliseconds(voucher.expiration_date),
            issued_on,
            redeemed_on if known is None else known.redeemed_on,
        )
    else:
        said = replace(known, redeemed_on=redeemed_on)
    stage.answer.state(table, key, said)


def roll_back(stage: Stage, customer: Customer) -> Activity | None:
    """Take a redemption back: a coupon has one use less, a card has its credits or points again."""
    if not customer.redemptions:
        return None
    draw = stage.draw
    redemption = customer.redemptions.pop(draw.between(0, len(customer.redemptions) - 1))
    voucher, amount = redemption.voucher, redemption.amount
    if voucher.kind == "card":
        card = next(each for each in customer.cards if each.voucher is voucher)
        stage.book(customer, card, Move(active=Decimal(amount)), carries="none")
    else:
        coupon = stage.coupon(customer, voucher)
        coupon.state, coupon.uses = "rolled_back", coupon.uses - 1
    if voucher.kind == "gift":
        voucher.balance += amount
        stage.book_credits(customer, voucher, amount, are_new=False)
    voucher.redeemed -= 1
    at_ms = stage.time(customer)
    rollback = _redemption_object(stage, customer, voucher_object(voucher, customer), at_ms)
    rollback |= {
        "id": f"rr_{draw.hex(16)}",
        "redemption": redemption.id,
        "reason": "Changed their mind",
        "object": "redemption_rollback",
    }
    if amount and draw.chance(0.8):  # else the redemption's amount is given back
        rollback["amount"] = -amount
    fields = {"redemption": redemption.fields, "redemption_rollback": rollback}
    data = _data(stage, customer, customer, voucher) | fields
    return stage.activity(customer, _ROLLED_BACK, data, stage.told(at_ms))


def fail(stage: Stage, customer: Customer) -> Activity | None:
    """Fail to redeem a voucher, or to take a redemption back; the voucher stays as it is."""
    if not customer.vouchers:
        return None
    draw, voucher, at_ms = stage.draw, stage.draw.pick(customer.vouchers), stage.time(customer)
    fields = _redemption_object(stage, customer, voucher_object(voucher, customer), at_ms)
    failed = {"result": "FAILURE", "status": "FAILED", "failure_code": "quantity_exceeded"}
    data = _data(stage, customer, customer, voucher) | {"redemption": fields | failed}
    name = "customer.redemption.failed"
    if draw.chance(0.4):
        name = "customer.redemption.rollback.failed"
        data |= {"redemption": fields, "redemption_rollback": fields | failed | {"id": f"rr_{draw.hex(16)}"}}
    return stage.activity(customer, name, data, stage.told(at_ms))


def redeem_nothing_kept(stage: Stage, customer: Customer) -> Activity:
    """Redeem a promotion tier, or state the parent of stacked redemptions: nothing is kept of either."""
    draw, at_ms = stage.draw, stage.time(customer)
    fields = _redemption_object(stage, customer, None, at_ms)
    data = _data(stage, customer, customer, None)
    if draw.chance(0.5):
        tier: Json = {"id": f"promo_{draw.hex(6)}", "name": "Spring", "banner": None, "metadata": {}}
        data |= {"promotion_tier": tier, "redemption": fields | {"promotion_tier": tier}}
    else:
        children = [{"id": f"r_{draw.hex(16)}", "date": iso_text(at_ms)} for _ in range(2)]
        related = {"related_redemptions": {"rollbacks": [], "redemptions": children}, "parent_redemption_id": None}
        coupon = Voucher(f"v_{draw.hex(16)}", f"SAVE-{draw.hex(10).upper()}", "coupon", None)
        data |= {"voucher": voucher_object(coupon, customer), "redemption": fields | related}
    activity = stage.activity(customer, _SUCCEEDED, data, stage.told(at_ms))
    activity.effect = "ignored"
    return activity


def _data(stage: Stage, redeemer: Customer, holder: Customer, voucher: Voucher | None) -> Json:
    return {
        "customer": customer_object(redeemer),
        "order": order_object(stage, redeemer),
        "campaign": None if voucher is None else campaign_object(voucher.campaign),
        "voucher": None if voucher is None else voucher_object(voucher, holder),
        "holder": None if voucher is None else customer_object(holder),
        "promotion_tier": None,
        "promotion_stack": None,
    }


def _redemption_object(stage: Stage, redeemer: Customer, voucher: Json | None, at_ms: int) -> Json:
    return {
        "id": f"r_{stage.draw.hex(16)}",
        "customer_id": redeemer.id,
        "tracking_id": f"crm-{redeemer.index + 1:07d}",
        "date": iso_text(at_ms),
        "order": order_object(stage, redeemer),
        "reward": None,
        "customer": customer_object(redeemer),
        "result": "SUCCESS",
        "status": "SUCCEEDED",
        "voucher": voucher,
        "promotion_tier": None,
        "redemption": None,
        "metadata": {},
        "failure_code": None,
        "failure_message": None,
        "reason": None,
        "channel": {"channel_id": "app-1", "channel_type": "API"},
        "object": "redemption",
    }


MAKERS: Final[tuple[tuple[int, Maker], ...]] = (
    (90, redeem),
    (70, spend_points),
    (45, roll_back),
    (20, fail),
    (12, redeem_nothing_kept),
)
