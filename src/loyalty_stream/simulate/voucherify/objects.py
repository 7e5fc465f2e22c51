"""The objects that activities are made of, with the fields that the vendor writes."""

from loyalty_stream.simulate.account import Totals
from loyalty_stream.simulate.iso import iso_text
from loyalty_stream.simulate.voucherify.customers import Customer, Voucher
from loyalty_stream.simulate.voucherify.stage import Stage
from loyalty_stream.simulate.voucherify.world import Campaign, Json, Reward

_TYPES = {"coupon": "DISCOUNT_VOUCHER", "gift": "GIFT_VOUCHER", "card": "LOYALTY_CARD"}
_BEGUN = "2024-01-02T09:00:00.000Z"


def customer_object(customer: Customer) -> Json:
    """Return a customer in short."""
    number = customer.index + 1
    return {
        "id": customer.id,
        "name": f"Member {number}",
        "email": f"member{number}@example.com",
        "phone": customer.phone,
        "source_id": f"crm-{number:07d}",
        "metadata": {"lang": "en"},
        "object": "customer",
    }


def campaign_object(campaign: Campaign | None) -> Json | None:
    """Return a campaign as activities show it; its own object says more."""
    if campaign is None:
        return None
    document = campaign.document
    return {
        "id": campaign.id,
        "name": document["name"],
        "campaign_type": campaign.kind,
        "type": document["type"],
        "is_referral_code": False,
        "voucher": document["voucher"],
        "referral_program": None,
        "auto_join": document["auto_join"],
        "join_once": document["join_once"],
        "active": document["active"],
        "category_id": None,
        "category": None,
        "categories": [],
        "metadata": {},
        "start_date": document["start_date"],
        "expiration_date": document["expiration_date"],
        "description": document["description"],
        "created_at": document["created_at"],
        "updated_at": document["updated_at"],
        "object": "campaign",
    }


def voucher_object(voucher: Voucher, holder: Customer | None) -> Json:
    """Return a voucher; the points of a loyalty card are of some moment before."""
    campaign = voucher.campaign
    card = {"points": 0, "balance": 0, "next_expiration_date": None, "next_expiration_points": None}
    return {
        "id": voucher.id,
        "code": voucher.code,
        "gift": gift_object(voucher) if voucher.kind == "gift" else None,
        "discount": voucher.discount,
        "loyalty_card": card if voucher.kind == "card" else None,
        "type": _TYPES[voucher.kind],
        "campaign": None if campaign is None else campaign.document["name"],
        "campaign_id": None if campaign is None else campaign.id,
        "redemption": {"quantity": None, "redeemed_quantity": voucher.redeemed},
        "expiration_date": voucher.expiration_date,
        "is_referral_code": False,
        "holder_id": None if holder is None else holder.id,
        "referrer_id": None,
        "category_id": None,
        "categories": [],
        "active": True,
        "created_at": _BEGUN,
        "updated_at": None,
        "start_date": None,
        "metadata": {},
        "object": "voucher",
    }


def gift_object(voucher: Voucher) -> Json:
    """Return what a gift card holds, in minor units."""
    return {"amount": voucher.amount, "balance": voucher.balance, "effect": "APPLY_TO_ORDER"}


def points_balance(voucher: Voucher, points: int, totals: Totals, *, is_manual: bool = True) -> Json:
    """Return the points moved, below zero for points taken, and those of the vendor's totals after it that it tells."""
    balance: Json = {
        "type": "loyalty_card",
        "object": "balance",
        "points": points,
        "operation_type": "MANUAL" if is_manual else "AUTOMATIC",
        "related_object": {"id": voucher.id, "type": "voucher"},
    }
    if totals.lifetime is not None:
        balance["total"] = int(totals.lifetime)
    if totals.current is not None:
        balance["balance"] = int(totals.current)
    return balance


def credits_balance(voucher: Voucher, credits_: int) -> Json:
    """Return the credits added to a gift card, below zero for credits taken, and what it holds after that."""
    return {
        "type": "gift_voucher",
        "object": "balance",
        "amount": credits_,
        "total": voucher.amount,
        "balance": voucher.balance,
        "operation_type": "MANUAL",
        "related_object": {"id": voucher.id, "type": "voucher"},
    }


def transaction_object(stage: Stage, voucher: Voucher, kind: str, balance: Json, at_ms: int) -> Json:
    """Return the booking on a card."""
    return {
        "id": f"vtx_{stage.draw.hex(20)}",
        "source_id": None,
        "voucher_id": voucher.id,
        "campaign_id": None if voucher.campaign is None else voucher.campaign.id,
        "source": "voucherify-web-ui",
        "reason": None,
        "type": kind,
        "details": {"balance": balance, "order": None},
        "related_transaction_id": None,
        "created_at": iso_text(at_ms),
    }


def order_object(stage: Stage, customer: Customer) -> Json:
    """Return an order."""
    amount = 100 * stage.draw.between(5, 900)
    return {
        "id": f"ord_{stage.draw.hex(16)}",
        "source_id": f"bill-{stage.draw.between(10_000, 99_999)}",
        "status": "PAID",
        "customer_id": customer.id,
        "referrer_id": None,
        "amount": amount,
        "discount_amount": 0,
        "total_amount": amount,
        "items": [{"object": "order_item", "product_id": "prod_1", "quantity": 2, "amount": amount}],
        "metadata": {},
        "object": "order",
    }


def reward_object(reward: Reward, voucher: Voucher | None, campaign: Campaign) -> Json:
    """Return a reward, with its voucher where it is a coupon."""
    return {
        "assignment_id": f"rewa_{reward.id}",
        "voucher": None if voucher is None else voucher_object(voucher, None),
        "product": None,
        "sku": None,
        "loyalty_tier_id": None,
        "id": reward.id,
        "object": "reward",
        "name": reward.name,
        "created_at": _BEGUN,
        "updated_at": None,
        "parameters": {"campaign": {"id": campaign.id, "balance": None, "type": campaign.kind}},
        "metadata": {},
        "type": "MATERIAL" if voucher is None else "CAMPAIGN",
    }
