"""Profiles, segments, consents, referrals and messages: what is told of customers beside points and vouchers."""

from typing import TYPE_CHECKING, Final

from loyalty_stream.simulate.iso import iso_text
from loyalty_stream.simulate.voucherify.customers import Customer, Voucher
from loyalty_stream.simulate.voucherify.objects import campaign_object, customer_object, voucher_object
from loyalty_stream.simulate.voucherify.stage import Activity, Maker, Stage

if TYPE_CHECKING:
    from loyalty_stream.simulate.voucherify.world import Json

CHANNELS: Final = (
    "sms",
    "email",
    "activecampaign",
    "braze",
    "mailchimp",
    "intercom",
    "shopify",
    "klaviyo",
    "batch",
)
OUTCOMES: Final = ("sent", "failed", "recovered")


def create_profile(stage: Stage, customer: Customer) -> Activity | None:
    """Create a customer's profile, once."""
    if customer.is_created:
        return None
    customer.is_created = True
    at_ms = stage.time(customer)
    stage.answer.state(stage.answer.profiles, (customer.key,), at_ms)
    return stage.activity(customer, "customer.created", {"customer": customer_object(customer)}, at_ms)


def update_profile(stage: Stage, customer: Customer) -> Activity:
    """Change or confirm a profile, of which nothing is kept."""
    data: Json = {"customer": customer_object(customer)}
    name = "customer.updated"
    if stage.draw.chance(0.3):
        name = "customer.confirmed"
        data["unconfirmed_customer"] = {"id": f"ucust_{stage.draw.hex(8)}"}
    activity = stage.activity(customer, name, data, stage.time(customer))
    activity.may_lose_time = True
    return activity


def refer(stage: Stage, customer: Customer) -> Activity:
    """Tell who referred a customer."""
    campaign = stage.draw.pick(customer.project.coupons)
    code = stage.draw.hex(10).upper()
    voucher = Voucher(f"v_{stage.draw.hex(16)}", f"FRIEND-{code}", "coupon", campaign, discount=campaign.discount)
    data: Json = {
        "customer": customer_object(customer),
        "referrer": customer_object(stage.population.choose_beside(customer)),
        "campaign": campaign_object(campaign),
        "voucher": voucher_object(voucher, None),
        "custom_event": None,
        "redemption": None,
    }
    return stage.activity(customer, "customer.referred", data, stage.time(customer))


def change_segment(stage: Stage, customer: Customer) -> Activity:
    """Let a customer enter a segment or leave it; to be told again what is known changes nothing."""
    segment_id = stage.draw.pick(customer.project.segment_ids)
    is_in = stage.draw.chance(0.6)
    stage.answer.state(stage.answer.segments, (customer.key, segment_id), is_in)
    segment = {"id": segment_id, "name": f"Segment {segment_id[-1]}", "object": "segment"}
    data: Json = {"customer": customer_object(customer), "segment": segment}
    name = f"customer.segment.{'entered' if is_in else 'left'}"
    return stage.activity(customer, name, data, stage.time(customer))


def change_consents(stage: Stage, customer: Customer) -> Activity:
    """Let a customer give or revoke consents, one or several."""
    draw, ids = stage.draw, list(customer.project.consent_ids)
    chosen = [draw.take(ids) for _ in range(draw.between(1, len(ids)))]
    is_given = draw.chance(0.6)
    for consent_id in chosen:
        stage.answer.state(stage.answer.consents, (customer.key, consent_id), is_given)
    told = [
        {"id": consent_id, "name": f"Consent {consent_id[-1]}", "category": "Email", "object": "consent"}
        for consent_id in chosen
    ]
    data: Json = {"customer": customer_object(customer)}
    data |= {"consent": told[0]} if len(told) == 1 else {"consents": told}
    name = f"customer.consents.{'given' if is_given else 'revoked'}"
    return stage.activity(customer, name, data, stage.time(customer))


def send_message(stage: Stage, customer: Customer) -> Activity:
    """Tell of a message to a customer, which is counted by its channel and outcome."""
    channel, outcome = stage.draw.pick(CHANNELS), stage.draw.pick(OUTCOMES)
    stage.count(stage.answer.messages, (customer.key, channel, outcome))
    distribution = {"id": f"dist_{stage.draw.hex(8)}", "name": "Spring news", "channel": {"type": channel}}
    data: Json = {
        "customer": customer_object(customer),
        "distribution": distribution,
        f"{outcome}_at": iso_text(stage.now_ms),
    }
    activity = stage.activity(customer, f"customer.{channel}.{outcome}", data, stage.time(customer))
    activity.may_lose_time = True
    return activity


MAKERS: Final[tuple[tuple[int, Maker], ...]] = (
    (30, create_profile),
    (25, update_profile),
    (12, refer),
    (30, change_segment),
    (16, change_consents),
    (70, send_message),
)
