"""Tiers: up, kept, down, and a reminder that changes nothing."""

from typing import Final

from loyalty_stream.simulate.capillary.customers import Customer
from loyalty_stream.simulate.capillary.stage import Maker, Stage, VendorEvent, activity, entity
from loyalty_stream.simulate.capillary.world import Json, Program

_SHARED_ID_SHARE: Final = 0.3


def upgrade_tier(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Move a customer one tier up, sometimes two."""
    program = stage.draw.pick(customer.programs)
    tier = customer.tiers.get(program.id, 1)
    if tier >= program.tier_count:
        return None
    new = min(program.tier_count, tier + (2 if stage.draw.chance(0.1) else 1))
    fields: Json = {
        "previousTierNumber": tier,
        "upgradedTierNumber": new,
        "upgradeType": stage.draw.pick(("LIFETIME_POINTS", "CURRENT_POINTS", "PURCHASE")),
    }
    _set(stage, customer, program, new)
    return _event(stage, customer, program, "tierUpgraded", fields)


def renew_tier(stage: Stage, customer: Customer) -> VendorEvent:
    """Keep a customer's tier for another period; of some customers this is the first that we hear."""
    program = stage.draw.pick(customer.programs)
    tier = customer.tiers.get(program.id, 1)
    _set(stage, customer, program, tier)
    fields: Json = {"currentTierNumber": tier, "renewType": "RENEWAL_CONDITION"}
    return _event(stage, customer, program, "tierRenewed", fields)


def downgrade_tier(stage: Stage, customer: Customer) -> VendorEvent | None:
    """Move a customer one tier down, else up."""
    program = stage.draw.pick(customer.programs)
    tier = customer.tiers.get(program.id, 1)
    if tier <= 1:
        return upgrade_tier(stage, customer)
    _set(stage, customer, program, tier - 1)
    fields: Json = {"previousTierNumber": tier, "downgradedTierNumber": tier - 1}
    return _event(stage, customer, program, "tierDowngraded", fields)


def remind_of_downgrade(stage: Stage, customer: Customer) -> VendorEvent:
    """Announce a downgrade of a customer whose tier we know, which changes nothing; else renew it."""
    program = stage.draw.pick(customer.programs)
    tier = customer.tiers.get(program.id)
    if tier is None:
        return renew_tier(stage, customer)
    fields: Json = {"currentTierNumber": tier, "scheduledDowngradeDate": stage.day(stage.draw.between(1, 30))}
    return _event(stage, customer, program, "tierDowngradeReminder", fields)


def _set(stage: Stage, customer: Customer, program: Program, tier: int) -> None:
    customer.tiers[program.id] = tier
    stage.answer.state(stage.answer.tiers, (customer.key, str(program.id)), tier)


def _event(stage: Stage, customer: Customer, program: Program, name: str, fields: Json) -> VendorEvent:
    """Return a tier event; it may share its id with the customer's last one, if that has another name."""
    draw = stage.draw
    details = program.details | {"tiers": None} if draw.chance(0.1) else program.details
    data: Json = {
        "customerIdentifiers": customer.identifiers,
        "entityInformation": entity(customer),
        "loyaltyProgramDetails": details,
        "loyaltyProgramId": program.id,
        "notes": "",
        **fields,
        "triggeringActivity": activity(stage, "TierEvaluation", ("strategyId", str(draw.between(100, 999)))),
    }
    if name != "tierDowngradeReminder":
        data["tierExpiryDate"] = None if draw.chance(0.05) else stage.day(draw.between(90, 400))
    shared, customer.shared_tier_event = customer.shared_tier_event, None
    if shared is not None and shared[0] != name and draw.chance(_SHARED_ID_SHARE):
        return stage.event(customer, name, data, "flat", event_id=shared[1])
    event = stage.event(customer, name, data, "flat")
    if event.event_id is not None:
        customer.shared_tier_event = (name, event.event_id)
    return event


MAKERS: Final[tuple[tuple[int, Maker], ...]] = (
    (40, upgrade_tier),
    (20, renew_tier),
    (20, downgrade_tier),
    (15, remind_of_downgrade),
)
