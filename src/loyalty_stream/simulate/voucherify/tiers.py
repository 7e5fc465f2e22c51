"""Tiers: customers join them, move up and down, stay in them for longer, and leave."""

from datetime import date, timedelta
from typing import Final

from loyalty_stream.simulate.answer import TierTerm
from loyalty_stream.simulate.iso import iso_text
from loyalty_stream.simulate.voucherify.customers import Card, Customer
from loyalty_stream.simulate.voucherify.objects import campaign_object, customer_object
from loyalty_stream.simulate.voucherify.stage import Activity, Maker, Stage
from loyalty_stream.simulate.voucherify.terms import last_day_of_tier
from loyalty_stream.simulate.voucherify.times import local_time, midnight_ms
from loyalty_stream.simulate.voucherify.world import Json, Tier

_NAME: Final = "customer.loyalty.tier"
_OTHER_DATE_SHARE: Final = 0.05
_AS_DATE_SHARE: Final = 0.6


def join_tier(stage: Stage, customer: Customer) -> Activity | None:
    """Let a customer reach their first tier, or one again."""
    card = stage.draw.pick(customer.cards)
    if card.tier is not None:
        return None
    card.tier = stage.draw.between(0, 1)
    return _one(stage, customer, card, "joined")


def change_tier(stage: Stage, customer: Customer) -> Activity | None:
    """Move a customer to another tier."""
    card = stage.draw.pick(customer.cards)
    if card.tier is None:
        return join_tier(stage, customer)
    tiers = card.campaign.tiers
    source = tiers[card.tier]
    others = [level for level in range(len(tiers)) if level != card.tier]
    word = "upgraded" if (level := stage.draw.pick(others)) > card.tier else "downgraded"
    card.tier, at_ms = level, stage.time(customer)
    end = _ends(stage, customer, card, at_ms)
    data: Json = {
        "customer": customer_object(customer),
        "campaign": campaign_object(card.campaign),
        "loyalty_tier_from": _tier_object(customer, card, source, None),
        "loyalty_tier_to": _tier_object(customer, card, tiers[level], _written(stage, customer, end), at_ms),
        "created_at": iso_text(at_ms),
    }
    return _held(stage, customer, card, (f"{_NAME}.{word}", data, end, at_ms))


def prolong_tier(stage: Stage, customer: Customer) -> Activity | None:
    """Let a customer stay in a tier that they no longer qualify for."""
    card = stage.draw.pick(customer.cards)
    return None if card.tier is None else _one(stage, customer, card, "prolonged")


def move_end(stage: Stage, customer: Customer) -> Activity | None:
    """Move the end of a tier."""
    card = stage.draw.pick(customer.cards)
    return None if card.tier is None else _one(stage, customer, card, "expiration.changed")


def leave_tier(stage: Stage, customer: Customer) -> Activity | None:
    """Let a customer hold no tier any more."""
    card = stage.draw.pick(customer.cards)
    if card.tier is None:
        return None
    at_ms, tier = stage.time(customer), card.campaign.tiers[card.tier]
    card.tier = None
    data: Json = {
        "customer": customer_object(customer),
        "campaign": campaign_object(card.campaign),
        "loyalty_tier": _tier_object(customer, card, tier, None),
        "created_at": iso_text(at_ms),
    }
    key = (customer.key, card.campaign.id)
    stage.answer.state(stage.answer.tiers, key, None)
    stage.answer.state(stage.answer.tier_terms, key, TierTerm())
    return stage.activity(customer, f"{_NAME}.left", data, at_ms)


def _one(stage: Stage, customer: Customer, card: Card, word: str) -> Activity:
    """Return an activity that names the tier now held."""
    at_ms = stage.time(customer)
    end = _ends(stage, customer, card, at_ms)
    written = _written(stage, customer, end)
    data: Json = {
        "customer": customer_object(customer),
        "campaign": campaign_object(card.campaign),
        "loyalty_tier": _tier_object(customer, card, _tier_of(card), written, at_ms),
        "created_at": iso_text(at_ms),
    }
    if word == "expiration.changed" and end is not None:  # the tier's own end may be that of before
        end += timedelta(days=stage.draw.between(0, 40))
        data["expiration_date"] = _written(stage, customer, end)
    return _held(stage, customer, card, (f"{_NAME}.{word}", data, end, at_ms))


def _held(stage: Stage, customer: Customer, card: Card, told: tuple[str, Json, date | None, int]) -> Activity:
    """Return an activity, and state the tier that it tells with its end and the end by the campaign's rules."""
    name, data, end, at_ms = told
    key = (customer.key, card.campaign.id)
    computed = None
    if stage.key(customer.project, f"campaign/{card.campaign.id}") in stage.answer.campaigns:
        computed = last_day_of_tier(card.campaign.rules, _today(customer, at_ms))
    stage.answer.state(stage.answer.tiers, key, _tier_of(card).id)
    stage.answer.state(stage.answer.tier_terms, key, TierTerm(_text(end), _text(computed)))
    return stage.activity(customer, name, data, at_ms)


def _ends(stage: Stage, customer: Customer, card: Card, at_ms: int) -> date | None:
    """Return the last day that the vendor gives a tier, which now and then is not what its rules give."""
    end = last_day_of_tier(card.campaign.rules, _today(customer, at_ms))
    if end is not None and stage.draw.chance(_OTHER_DATE_SHARE):
        end += timedelta(days=3)
    return end


def _today(customer: Customer, at_ms: int) -> date:
    return local_time(at_ms, customer.project.time_zone).date()


def _written(stage: Stage, customer: Customer, day: date | None) -> str | None:
    """Return a day as a date, or as the moment at which it begins in the project's time zone."""
    if day is None or stage.draw.chance(_AS_DATE_SHARE):
        return _text(day)
    return iso_text(midnight_ms(day, customer.project.time_zone))


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _tier_of(card: Card) -> Tier:
    return card.campaign.tiers[card.tier or 0]


def _tier_object(customer: Customer, card: Card, tier: Tier, end: str | None, at_ms: int | None = None) -> Json:
    """Return a tier; with the time at which a customer reached it, with what is said of its end too."""
    points = {"from": tier.points_from, "to": 3 * tier.points_from}
    told: Json = {
        "name": tier.name,
        "earning_rules": {},
        "rewards": {},
        "points": points,
        "id": tier.id,
        "campaign_id": card.campaign.id,
        "metadata": {},
        "created_at": "2024-01-02T09:00:00.000Z",
        "updated_at": None,
        "config": {"points": points},
        "object": "loyalty_tier",
    }
    if at_ms is not None:
        told["expiration"] = {
            "customer_id": customer.id,
            "campaign_id": card.campaign.id,
            "tier_id": tier.id,
            "start_date": iso_text(at_ms),
            "expiration_date": end,
            "created_at": iso_text(at_ms),
            "updated_at": None,
        }
    return told


MAKERS: Final[tuple[tuple[int, Maker], ...]] = (
    (25, join_tier),
    (35, change_tier),
    (12, prolong_tier),
    (10, move_end),
    (8, leave_tier),
)
